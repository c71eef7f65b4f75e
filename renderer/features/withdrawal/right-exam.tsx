import { useEffect, useId, useState } from 'react';
import type { FoundStudy } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { displayDate, findQuery } from '../../../shared/domain/study/index.ts';
import { shownName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, TextField, unbroken } from '../../ui/index.ts';

/** Milliseconds without a key before the host is asked: each question is an entry in the access log. */
const pause = 300;
const mostShown = 6;

export type RightExam = { readonly taskId: TaskId; readonly study: FoundStudy };

/** The exam that the words belong to, chosen by its order: patient, birth date, accession and exam are read before it is taken. */
export function RightExamField(props: {
  readonly host: Pick<HostClient, 'call'>;
  /** The exam that is withdrawn: never among those found. */
  readonly notTaskId: TaskId;
  readonly chosen: RightExam | null;
  readonly busy: boolean;
  readonly onChoose: (exam: RightExam | null) => void;
}) {
  const { host, notTaskId, chosen } = props;
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly FoundStudy[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const listId = useId();
  useEffect(() => {
    setFound(null);
    setTrouble(null);
    if (findQuery(text) === null) return;
    const left = new AbortController();
    const timer = setTimeout(() => {
      void host.call('findStudies', { input: { text }, signal: left.signal }).then((answered) => {
        if (left.signal.aborted) return;
        if (answered.ok) setFound(answered.value.found.filter((one) => one.task !== null && one.task.id !== notTaskId));
        else setTrouble(answered.error.message);
      });
    }, pause);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [text, host, notTaskId]);

  if (chosen !== null)
    return (
      <div className="withdraw-right">
        <p>
          <span className="mute">The words belong to</span> <b>{shownName(chosen.study.patient.name).whole}</b>, born{' '}
          {unbroken(displayDate(chosen.study.patient.birthDate))},{' '}
          <span className="mono unbroken">{chosen.study.accession ?? 'no accession'}</span>, {chosen.study.exam}
        </p>
        <Button kind="quiet" disabled={props.busy} onClick={() => props.onChoose(null)}>
          Another exam
        </Button>
      </div>
    );
  return (
    <div className="withdraw-right">
      <TextField
        label="Exam that the words belong to"
        hint="Accession, patient name or id. Leave it empty where it is not known."
        value={text}
        onChange={setText}
        maxLength={100}
      />
      {trouble === null ? null : <p className="signal">{trouble}</p>}
      {found === null ? null : found.length === 0 ? (
        <p className="mute">No other exam of this patient or number is on the list.</p>
      ) : (
        <ul className="withdraw-found" id={listId} aria-label="Exams found">
          {found.slice(0, mostShown).map((study) => (
            <li key={study.key}>
              <Button
                onClick={() => {
                  if (study.task !== null) props.onChoose({ taskId: study.task.id, study });
                }}
              >
                {shownName(study.patient.name).whole}, {unbroken(displayDate(study.patient.birthDate))},{' '}
                {study.accession ?? 'no accession'}, {study.exam}
              </Button>
            </li>
          ))}
          {found.length > mostShown ? (
            <li className="mute">{found.length - mostShown} more: type more of it.</li>
          ) : null}
        </ul>
      )}
    </div>
  );
}
