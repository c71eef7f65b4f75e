import { useState } from 'react';
import { type Draft, examHeading, isTogether } from '../../../shared/domain/report/index.ts';
import { displayDate } from '../../../shared/domain/study/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, unbroken, useCommands } from '../../ui/index.ts';
import './linked-exams.css';
import { blockFor, examsWithWords } from './together-words.ts';
import type { LinkedExamsInUse } from './use-linked-exams.ts';

/**
 * The same patient's exams that go with the open one: which, why, who has them, and one press that claims them all. Those under the same
 * patient id that do not go with it are named with the reason, so that nobody has to guess why they are missing.
 */
export function LinkedExamsList(props: {
  readonly linked: LinkedExamsInUse;
  readonly mayClaim: boolean;
  readonly host: Pick<HostClient, 'call'>;
  /** The report that is being written; null while none is, or not here. */
  readonly draft: Draft | null;
  readonly edit: (change: (draft: Draft) => Draft) => void;
}) {
  const { view, words, claiming, claim } = props.linked;
  const mayClaimMore = props.mayClaim && !claiming && view?.exams.some((one) => one.standing !== 'yours') === true;
  useCommands([
    {
      id: 'report.claim-linked',
      title: 'Claim the exams that go with this one',
      group: 'Report',
      keys: null,
      run: claim,
      enabled: () => mayClaimMore,
    },
  ]);
  if (view === null || (view.exams.length === 0 && view.apart.length === 0)) return null;
  const free = view.exams.some((one) => one.standing !== 'yours');
  return (
    <section className="report-block linked-exams" aria-label="Linked exams">
      <div className="report-block-head">
        <h3>Linked exams</h3>
        <span className="grow" />
        {props.mayClaim && free ? (
          <Button disabled={claiming} onClick={claim}>
            {claiming ? 'Claiming…' : view.exams.length === 1 ? 'Claim it too' : 'Claim them too'}
          </Button>
        ) : null}
        {props.mayClaim && !free && view.exams.length > 0 ? <OneReport {...props} /> : null}
      </div>
      <ul>
        {view.exams.map((one) => (
          <li key={one.context.taskId}>
            <span className={one.standing === 'refused' ? 'mute' : 'signal'}>
              <Mark shape={one.standing === 'yours' ? 'disc' : one.standing === 'free' ? 'ring' : 'padlock'} />
            </span>{' '}
            {one.exam}, <span className="mono unbroken">{one.context.accession ?? 'no accession'}</span>
            <small>
              {unbroken(
                `${displayDate(one.studyDate ?? '')} · ${one.atMost === true ? 'at most ' : ''}${one.images} ${one.images === 1 ? 'image' : 'images'} · ${one.why} · ${one.words}`,
              )}
            </small>
          </li>
        ))}
        {view.apart.map((one) => (
          <li key={`${one.accession}${one.exam}`} className="mute">
            <Mark shape="cross" /> Not with this one: {one.exam},{' '}
            <span className="mono unbroken">{one.accession ?? 'no accession'}</span>
            <small>{unbroken(one.why)}</small>
          </li>
        ))}
      </ul>
      {words === null ? null : (
        <p className="report-line" role="status">
          {words}
        </p>
      )}
    </section>
  );
}

/** Takes the linked exams into this report, or out of it; no word of theirs is dropped by a press. */
function OneReport(props: {
  readonly linked: LinkedExamsInUse;
  readonly host: Pick<HostClient, 'call'>;
  readonly draft: Draft | null;
  readonly edit: (change: (draft: Draft) => Draft) => void;
}) {
  const { draft, edit, host } = props;
  const exams = props.linked.view?.exams ?? [];
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const open = draft !== null && draft.kind === 'report' && !busy;
  useCommands([
    {
      id: 'report.one-for-all',
      title: 'One report over this exam and those that go with it',
      group: 'Report',
      keys: null,
      run: () => void take(),
      enabled: () => open && !isTogether(draft),
    },
  ]);
  const take = async (): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    const drafts = await Promise.all(
      exams.map((exam) => host.call('readDraft', { params: { taskId: exam.context.taskId } })),
    );
    setBusy(false);
    // Words that she has begun for another exam must be in the one report, or in sight: without them it is not begun.
    const failed = drafts.find((one) => !one.ok);
    if (failed !== undefined && !failed.ok) return setTrouble(failed.error.message);
    const blocks = exams.map((exam, place) => {
      const read = drafts[place];
      return blockFor(exam, read?.ok === true && read.value.draft?.kind === 'report' ? read.value.draft : null);
    });
    edit((before) => ({ ...before, together: blocks }));
  };
  if (draft === null || draft.kind !== 'report') return null;
  if (isTogether(draft)) {
    const written = examsWithWords(draft).map(examHeading).join('; ');
    return (
      <Button
        kind="quiet"
        disabled={written !== ''}
        title={written === '' ? undefined : `Words of ${written} stand in this report: take them out first.`}
        onClick={() => edit((before) => ({ ...before, together: [] }))}
      >
        Report one by one
      </Button>
    );
  }
  return (
    <>
      {trouble === null ? null : (
        <span className="signal small" role="status">
          Not begun: {trouble}
        </span>
      )}
      <Button disabled={busy} onClick={() => void take()}>
        {exams.length === 1 ? 'One report for both' : 'One report for all'}
      </Button>
    </>
  );
}
