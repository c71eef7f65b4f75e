import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CaseFollowUps as Known } from '../../../shared/api/index.ts';
import {
  type FollowUpOrigin,
  type FollowUpReading,
  intervalWords,
  type Recommendation,
  readingOf,
  windowOf,
  windowWords,
} from '../../../shared/domain/follow-up/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { Draft, ReportVersion } from '../../../shared/domain/report/index.ts';
import { type CaseStore, useAskedOfCase } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, useCommands } from '../../ui/index.ts';
import { ChooseForm } from './choose-form.tsx';
import type { FollowUpOutbox, FollowUpPress } from './follow-up-outbox.ts';
import { examWords, offersOf, readingFrom, wordsOf } from './offers.ts';
import { ReadingForm } from './reading-form.tsx';
import { TrackedLine } from './tracked-line.tsx';
import './follow-up.css';

/**
 * The exams that the report recommends: found in its words as they stand and offered, never taken by themselves; confirmed or corrected by
 * the reader, before or after signing; and those that are tracked. It works while nobody answers, as critical results do.
 */
export function CaseFollowUps(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'onEvent' | 'signalOf'>;
  readonly outbox: FollowUpOutbox;
  readonly epoch: number;
  readonly taskId: TaskId;
  /** What is being written; null where nobody writes. */
  readonly draft: Draft | null;
  readonly versions: readonly ReportVersion[];
}) {
  const { host, caseStore, outbox, epoch, taskId } = props;
  const [putAside, setPutAside] = useState<ReadonlySet<string>>(new Set());
  const [form, setForm] = useState<Recommendation | 'choose' | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const first = useRef<HTMLButtonElement>(null);
  const every = useStore(outbox.state);
  const unsent = useMemo(() => every.filter((one) => one.taskId === taskId), [every, taskId]);
  const waiting = unsent.length;

  const question = useCallback(
    (signal: AbortSignal) => host.call('caseFollowUps', { params: { taskId }, signal }),
    [host, taskId],
  );
  // One that was sent says that there is something new to ask for.
  const { known, trouble, ask } = useAskedOfCase<Known>({ caseStore, epoch, question, stamp: waiting });

  // Typing goes first; what is offered may come a moment later.
  const draft = useDeferredValue(props.draft);
  const sections = useMemo(() => wordsOf(draft, props.versions), [draft, props.versions]);
  const lines = known?.lines ?? [];
  const begun = useMemo(
    () => new Set(unsent.flatMap(({ press }) => (press.name === 'startFollowUp' ? [press.start.quote] : []))),
    [unsent],
  );
  const offers = useMemo(
    () =>
      offersOf(
        sections,
        (known?.lines ?? []).map((one) => one.followUp),
        putAside,
      ).filter(({ quote }) => !begun.has(quote)),
    [sections, known, putAside, begun],
  );

  const send = async (press: FollowUpPress): Promise<string | null> => {
    const sent = await outbox.send(taskId, press);
    if (sent.kind === 'refused' || sent.kind === 'not-kept') return sent.why;
    ask();
    return null;
  };
  const start = async (
    section: string,
    quote: string,
    reading: FollowUpReading,
    origin: FollowUpOrigin,
  ): Promise<string | null> => {
    const id = `follow-up-${crypto.randomUUID()}`;
    return send({ name: 'startFollowUp', followUpId: id, start: { id, section, quote, origin, reading } });
  };
  const confirm = async (offer: Recommendation): Promise<void> => {
    const reading = readingFrom(offer);
    // What the words do not say is asked for, never filled in.
    if (reading.exam === '') setForm(offer);
    else setRefused(await start(offer.section, offer.quote, reading, 'recognised'));
  };
  const correct = async (offer: Recommendation, reading: FollowUpReading): Promise<string | null> => {
    const same = JSON.stringify(reading) === JSON.stringify(readingFrom(offer));
    const why = await start(offer.section, offer.quote, reading, same ? 'recognised' : 'corrected');
    if (why === null) setForm(null);
    return why;
  };
  useCommands([
    {
      id: 'case.follow-up',
      title: 'Go to the recommended exam that the words name',
      group: 'Report',
      keys: 'Shift+F8',
      run: () => first.current?.focus(),
      enabled: () => offers.length > 0,
    },
    {
      id: 'case.follow-up-choose',
      title: 'Track a recommended exam: choose the words',
      group: 'Report',
      keys: null,
      run: () => setForm('choose'),
      enabled: () => sections.some(({ text }) => text.trim() !== ''),
    },
  ]);
  const due = (offer: Recommendation): string =>
    offer.interval === null
      ? 'no time said'
      : `${intervalWords(offer.interval)}${known === null ? '' : `: ${windowWords(windowOf(known.countedFrom, offer.interval))}`}`;
  const tracked = lines.filter(({ followUp }) => followUp.ending?.kind !== 'mistaken');
  return (
    <section className="report-block follow-up-case" aria-label="Recommended exams">
      <div className="report-block-head">
        <h3>Recommended exams</h3>
        <span className="dim">
          {offers.length === 0 && tracked.length === 0
            ? 'none'
            : [
                offers.length === 0 ? '' : `${offers.length} in the words`,
                tracked.length === 0 ? '' : `${tracked.length} tracked`,
              ]
                .filter((one) => one !== '')
                .join(', ')}
        </span>
        <span className="grow" />
        <Button kind="quiet" onClick={() => setForm('choose')}>
          Choose words…
        </Button>
      </div>
      {offers.length === 0 ? null : (
        <ul className="follow-up-list" aria-label="Found in the words">
          {offers.map((offer, place) => (
            <li key={`${offer.section}${offer.exam ?? ''}${offer.quote}`} className="follow-up-line">
              <p className="follow-up-head">
                <span className="signal">
                  <Mark shape="diamond" />
                </span>
                <b>
                  {[examWords(offer) === '' ? 'exam not said' : examWords(offer), due(offer), offer.condition]
                    .filter((one) => one !== '')
                    .join(', ')}
                </b>
              </p>
              <p className="follow-up-note">
                <q>{offer.quote}</q> <span className="dim">{offer.doubts.join(' ')}</span>
              </p>
              {form === offer ? (
                <ReadingForm
                  name="Recommended exam"
                  go="Track it"
                  reading={readingFrom(offer)}
                  onKeep={(reading) => correct(offer, reading)}
                  onCancel={() => setForm(null)}
                />
              ) : (
                <div className="follow-up-actions">
                  <Button
                    ref={place === 0 ? first : null}
                    {...(place === 0 ? { keys: 'Shift+F8' } : {})}
                    label={`Track it: ${offer.quote}`}
                    onClick={() => void confirm(offer)}
                  >
                    Track it
                  </Button>
                  <Button kind="quiet" label={`Correct… ${offer.quote}`} onClick={() => setForm(offer)}>
                    Correct…
                  </Button>
                  <Button
                    kind="quiet"
                    label={`Not one: ${offer.quote}`}
                    onClick={() => setPutAside((before) => new Set([...before, offer.quote]))}
                  >
                    Not one
                  </Button>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {refused === null ? null : (
        <p className="report-line signal" role="alert">
          Not tracked: {refused}
        </p>
      )}
      {form === 'choose' ? (
        <ChooseForm
          sections={sections}
          onKeep={async (section, quote, reading) => {
            const why = await start(section, quote, reading, 'chosen');
            if (why === null) setForm(null);
            return why;
          }}
          onCancel={() => setForm(null)}
        />
      ) : null}
      {waiting === 0 ? null : (
        <ul className="follow-up-list" aria-label="Recommended exams not sent yet">
          {unsent.map((one) => (
            <li key={one.id} className="follow-up-note signal">
              {one.press.name === 'startFollowUp'
                ? `Not sent yet: ${one.press.start.reading.exam}, “${one.press.start.quote}”.`
                : 'Not sent yet: what you recorded.'}{' '}
              {one.refused
                ? `Not taken: ${one.why}`
                : 'Kept on this machine with its time, and sent when the host answers.'}
              {one.refused ? (
                <Button kind="quiet" onClick={() => void outbox.discard(one.id)}>
                  Take back
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {trouble === null ? null : (
        <p className="report-line signal" role="status">
          What is known here may be older: {trouble}{' '}
          <Button kind="quiet" onClick={ask}>
            Ask again
          </Button>
        </p>
      )}
      {tracked.length === 0 ? null : (
        <ul className="follow-up-list" aria-label="Tracked">
          {tracked.map((line) => (
            <TrackedLine
              key={`${line.followUp.id}${readingOf(line.followUp).exam}`}
              line={line}
              mayCorrect
              onMove={(move) => send({ name: 'moveFollowUp', followUpId: line.followUp.id, move })}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
