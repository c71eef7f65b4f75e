import { useEffect, useRef, useState } from 'react';
import type { Failure, FoundStudy } from '../../../shared/api/index.ts';
import { can, type Reader } from '../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { displayDate, findQuery } from '../../../shared/domain/study/index.ts';
import type { Result } from '../../../shared/lib/result.ts';
import { shownName } from '../../case/index.ts';
import { Dialog, FindList, KeyPlate, useFind } from '../../ui/index.ts';
import './find-any-study.css';

type Answer = { readonly found: readonly FoundStudy[]; readonly more: number };
/** What Enter does with one. */
type Step =
  | { readonly does: 'read' | 'look'; readonly taskId: TaskId; readonly words: string }
  | { readonly does: null; readonly words: string };

/** Milliseconds without a key before the host is asked: each question is an entry in the access log. */
const pause = 250;

function stepFor(study: FoundStudy, reader: Reader): Step {
  const { task } = study;
  if (task === null) {
    return study.opensWith === null
      ? { does: null, words: 'Earlier exam; it opens beside a case of this patient, and there is none now' }
      : { does: 'look', taskId: study.opensWith, words: 'Earlier exam: look at the case that it opens beside' };
  }
  if (!can(reader.role, 'read')) return { does: 'look', taskId: task.id, words: 'Look' };
  if (!task.mayRead.allowed) return { does: 'look', taskId: task.id, words: `Look only: ${task.mayRead.reason}` };
  return task.state === 'cancelled'
    ? { does: 'look', taskId: task.id, words: 'Look; the order was cancelled' }
    : { does: 'read', taskId: task.id, words: task.state === 'completed' ? 'Open the report' : 'Read' };
}

/** Any patient or accession at once, over all that the host knows; it says of each whether she may read it or look. */
export function FindAnyStudy(props: {
  readonly reader: Reader;
  readonly find: (text: string, signal: AbortSignal) => Promise<Result<Answer, Failure>>;
  readonly onRead: (taskId: TaskId) => void;
  readonly onLook: (taskId: TaskId) => void;
  readonly onClose: () => void;
}) {
  const { reader, onClose } = props;
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const found = answer?.found ?? [];
  const list = useFind(() => found);
  const { text } = list;
  const find = useRef(props.find);
  find.current = props.find;
  const enough = findQuery(text) !== null;

  useEffect(() => {
    setAnswer(null);
    setRefused(null);
    setBusy(findQuery(text) !== null);
    if (findQuery(text) === null) return;
    const left = new AbortController();
    const timer = setTimeout(() => {
      void find.current(text, left.signal).then((answered) => {
        if (left.signal.aborted) return;
        setBusy(false);
        if (answered.ok) setAnswer(answered.value);
        else setRefused(answered.error.message);
      });
    }, pause);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [text]);

  const run = (study: FoundStudy | undefined, lookOnly: boolean): void => {
    const step = study === undefined ? null : stepFor(study, reader);
    if (step === null || step.does === null) return;
    onClose();
    (step.does === 'read' && !lookOnly ? props.onRead : props.onLook)(step.taskId);
  };
  return (
    <Dialog title="Find any study" bare className="palette find-any" onClose={onClose}>
      <FindList
        find={list}
        label="Find any study"
        placeholder="Patient name, patient id or accession"
        listName="Studies found"
        id="found"
        press="takes"
        maxLength={100}
        onTake={run}
        line={(study) => {
          const step = stepFor(study, reader);
          return {
            key: study.key,
            grey: step.does !== 'read',
            disabled: step.does === null,
            shown: (
              <>
                <span className="found-who">
                  <b>{shownName(study.patient.name).whole}</b>
                  <span className="mute">
                    {displayDate(study.patient.birthDate)} {study.patient.sex ?? ''}
                  </span>
                </span>
                <span className="found-what">
                  <span className="mono">{study.accession ?? 'no accession'}</span> {study.exam}
                  <span className="mute">
                    {' '}
                    {displayDate(study.studyDate)} {study.site?.name ?? ''}
                  </span>
                </span>
                <span className="found-step">{step.words}</span>
              </>
            ),
          };
        }}
        told={
          refused ??
          (!enough
            ? 'At least two letters or digits.'
            : busy
              ? 'Looking…'
              : found.length === 0
                ? 'No study of this patient or number is known here.'
                : (answer?.more ?? 0) > 0
                  ? `${answer?.more} more; type more of the name or number.`
                  : `${found.length} found`)
        }
      />
      <p className="find-keys mute small">
        <KeyPlate keys="Enter" /> read, or look where you may not <KeyPlate keys="Shift+Enter" /> look{' '}
        <KeyPlate keys="Esc" /> close
      </p>
    </Dialog>
  );
}
