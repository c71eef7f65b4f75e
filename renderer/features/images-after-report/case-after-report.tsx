import { type FormEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import type { CaseAfterReport as CaseItems } from '../../../shared/api/index.ts';
import {
  type ImagesAfterReport,
  isOverdue,
  longestReason,
  type NoChangeReason,
  noChangeReasons,
  noChangeWords,
  seriesWords,
} from '../../../shared/domain/images-after-report/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { noteAgainstWords } from '../../../shared/domain/rejection/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, unbroken, useCommands, useNow } from '../../ui/index.ts';
import { clockWords, endingWords, instantOf, toldWords, whatWords } from './after-report-words.ts';
import './after-report.css';

/** Above the report: what is other than it was signed on, and the two ways to end that. Nothing while it never happened to this case. */
export function CaseAfterReport(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'onEvent' | 'signalOf'>;
  readonly epoch: number;
  readonly taskId: TaskId;
  readonly zone: string | null;
  /** Opens the addendum where this case can be written, or opens it so that it can. */
  readonly onAddendum: () => void;
}) {
  const { host, caseStore, epoch, taskId, zone } = props;
  const [items, setItems] = useState<CaseItems | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [ending, setEnding] = useState(false);
  const now = instantOf(useNow(10_000));
  const asked = useRef(0);

  const ask = useCallback(async (): Promise<void> => {
    asked.current += 1;
    const own = asked.current;
    const signal = caseStore.signalOf(epoch);
    const answered = await host.call('caseImagesAfterReport', { params: { taskId }, signal });
    if (own !== asked.current || signal.aborted) return;
    setTrouble(answered.ok ? null : `What is new of the images could not be asked: ${answered.error.message}`);
    if (answered.ok) setItems(answered.value);
  }, [host, caseStore, epoch, taskId]);
  useEffect(() => void ask(), [ask]);
  useEffect(
    () =>
      caseStore.onEvent((event) => {
        if (event.epoch === epoch && event.type === 'case-changed') void ask();
      }),
    [caseStore, epoch, ask],
  );

  const open = items?.open ?? null;
  const mayEnd = items?.mayEnd ?? null;
  useCommands([
    {
      id: 'case.images-no-change',
      title: 'Images after the report: no change…',
      group: 'Report',
      keys: null,
      run: () => setEnding(true),
      enabled: () => open !== null && mayEnd?.allowed === true,
    },
  ]);

  const end = async (item: ImagesAfterReport, reason: NoChangeReason, words: string): Promise<void> => {
    const seen = item.difference.digest;
    const answered = await host.call('endImagesAfterReport', {
      params: { taskId },
      input: { id: item.id, seen, reason, words },
    });
    if (answered.ok) {
      asked.current += 1;
      setItems(answered.value);
      setTrouble(null);
      setEnding(false);
      return;
    }
    setTrouble(
      answered.error.from === 'page'
        ? `Not sent: ${answered.error.message} This stays open. Press again when the host answers; twice does no harm.`
        : `Not ended: ${answered.error.message}`,
    );
    if (answered.error.from === 'host') void ask();
  };

  const troubled =
    trouble === null ? null : (
      <p className="report-line signal" role="alert">
        {trouble}{' '}
        <Button kind="quiet" onClick={() => void ask()}>
          Ask again
        </Button>
      </p>
    );
  if (items === null || (open === null && items.ended.length === 0)) return troubled;
  const late = open !== null && isOverdue(open, now);
  return (
    <section className="report-block after-report" aria-label="Since the signature">
      <div className="report-block-head">
        <h3>
          {open === null ? null : (
            <span className={late ? 'danger' : 'signal'}>
              <Mark shape={late ? 'octagon' : 'diamond'} />{' '}
            </span>
          )}
          Images after the report
        </h3>
      </div>
      {open === null ? null : (
        <>
          <p className="report-line">
            <b>{whatWords(open)}.</b>{' '}
            <span className={late ? 'danger' : ''}>{unbroken(clockWords(open, zone, now))}</span>
            <span className="dim">
              {' '}
              ({open.dueBy === '' ? 'the group’s own times' : open.dueBy}); {toldWords(open)}.
            </span>
          </p>
          {open.difference.series.length === 0 ? (
            <p className="report-line">The archive holds again what was signed. It is still yours to end.</p>
          ) : (
            <ul className="after-report-series" aria-label="What is new, by series">
              {open.difference.series.map((one) => (
                <li key={one.seriesUid ?? 'gone'}>{seriesWords(one)}</li>
              ))}
            </ul>
          )}
          {(open.difference.notes ?? []).length === 0 ? null : (
            <ul className="after-report-series" aria-label="Rejected since the signature">
              {(open.difference.notes ?? []).map((one) => (
                <li key={one.noteUid} className="danger">
                  {noteAgainstWords(one)}
                </li>
              ))}
            </ul>
          )}
          {ending && mayEnd?.allowed === true ? (
            <NoChangeForm
              onEnd={(reason, words) => end(open, reason, words)}
              onCancel={() => {
                setEnding(false);
                setTrouble(null);
              }}
            />
          ) : (
            <div className="after-report-actions">
              <Button
                disabled={mayEnd?.allowed !== true}
                title={mayEnd?.allowed === false ? mayEnd.reason : undefined}
                onClick={() => setEnding(true)}
              >
                No change…
              </Button>
              <Button onClick={props.onAddendum}>Write an addendum</Button>
            </div>
          )}
          {mayEnd?.allowed === false ? (
            <p className="report-line dim">
              {mayEnd.reason}:{' '}
              {(open.difference.notes ?? []).length > 0
                ? 'a lead ends it, or an addendum that is signed without them.'
                : 'somebody who may read this site’s studies has to end it.'}
            </p>
          ) : null}
        </>
      )}
      {troubled}
      {items.ended.map((one) => (
        <p key={one.id} className="report-line dim">
          {whatWords(one)}. {unbroken(endingWords(one, zone))}
        </p>
      ))}
    </section>
  );
}

/** Why the report stands. Nothing is chosen beforehand: a reason is given and not taken. */
function NoChangeForm(props: {
  readonly onEnd: (reason: NoChangeReason, words: string) => Promise<void>;
  readonly onCancel: () => void;
}) {
  const id = useId();
  const [reason, setReason] = useState<NoChangeReason | ''>('');
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLSelectElement>(null);
  useEffect(() => field.current?.focus(), []);
  const ready = reason !== '' && (reason !== 'other' || words.trim() !== '');
  const end = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || reason === '' || !ready) return;
    setBusy(true);
    await props.onEnd(reason, words);
    setBusy(false);
  };
  return (
    <form className="after-report-form" onSubmit={(event) => void end(event)} aria-label="No change">
      <div className="field">
        <label htmlFor={`${id}-reason`}>Why the report stands</label>
        <select
          id={`${id}-reason`}
          ref={field}
          value={reason}
          autoComplete="off"
          onChange={(event) => setReason(noChangeReasons.find((one) => one === event.target.value) ?? '')}
        >
          <option value="">Choose a reason</option>
          {noChangeReasons.map((one) => (
            <option key={one} value={one}>
              {noChangeWords[one]}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-words`}>In words{reason === 'other' ? '' : ' (if you like)'}</label>
        <textarea
          id={`${id}-words`}
          rows={2}
          value={words}
          maxLength={longestReason}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      <div className="after-report-actions">
        <Button type="submit" kind="go" disabled={busy || !ready}>
          End: the report stands
        </Button>
        <Button kind="quiet" onClick={props.onCancel}>
          Not now
        </Button>
      </div>
    </form>
  );
}
