import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CallOutput, CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import { compareRank, stillToRead, type TaskId } from '../../shared/domain/reading/index.ts';
import { instant, millis } from '../../shared/lib/instant.ts';
import { shownExam, shownLeft } from '../case/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Message, useCommands } from '../ui/index.ts';
import { CodeLine } from './code-alarm.tsx';
import type { SignedIn } from './signed-in.ts';
import type { Codes } from './use-codes.ts';

/** STAT studies that she may read, that nobody has and whose images have begun to come. */
export function waitingStat(rows: Iterable<WorklistRow>, reading: TaskId, now: number): readonly WorklistRow[] {
  const found: WorklistRow[] = [];
  for (const row of rows) {
    if (row.taskId === reading || (row.priority !== 'stat' && row.codeStudy === undefined)) continue;
    const free = row.state === 'queued' || (row.leaseUntil !== null && row.leaseUntil <= now && row.state !== 'held');
    const open = row.state !== 'completed' && row.state !== 'cancelled';
    if (open && free && row.mayRead.allowed && row.link !== 'order-without-images') found.push(row);
  }
  return found.sort((left, right) => compareRank(left, right, instant(now)));
}

/**
 * The one STAT study to tell of: it came after this one was opened, or is a code; she has not put it off; and no alarm tells it already,
 * so that a code is one line.
 */
export function nextToTell(
  stat: readonly WorklistRow[],
  told: {
    readonly known: ReadonlySet<TaskId> | null;
    readonly later: ReadonlySet<TaskId>;
    readonly alarmed: ReadonlySet<string>;
  },
): WorklistRow | null {
  const isNew = (row: WorklistRow): boolean => row.codeStudy !== undefined || told.known?.has(row.taskId) === false;
  return stat.find((row) => isNew(row) && !told.later.has(row.taskId) && !told.alarmed.has(row.taskId)) ?? null;
}

/**
 * A quiet line when a STAT study appears while another is read, and one for each code: what it is, how long this one should still take,
 * and one key to switch. What was there already when she opened this one is not told again: she chose.
 */
export function StatBanner(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly signedIn: SignedIn;
  readonly detail: CaseDetail;
  readonly now: number;
  readonly codes: Codes;
  /** That this line tells the codes for as long as it is here. */
  readonly onTelling: (telling: boolean) => void;
  readonly onSwitch: (taskId: TaskId) => void;
}) {
  const { host, signedIn, detail, now, codes, onTelling } = props;
  const { taskId } = detail.context;
  const rows = useStore(signedIn.worklist.state, (state) => state.rows);
  const known = useRef<ReadonlySet<TaskId> | null>(null);
  const [openedAt] = useState(() => Date.now());
  const [pace, setPace] = useState<CallOutput<'pace'> | null>(null);
  const [later, setLater] = useState<ReadonlySet<TaskId>>(new Set());
  useEffect(() => {
    onTelling(true);
    return () => onTelling(false);
  }, [onTelling]);

  const stat = useMemo(() => waitingStat(rows.values(), taskId, now), [rows, taskId, now]);
  if (known.current === null && rows.size > 0) known.current = new Set(stat.map((row) => row.taskId));
  // A code that was told by its alarm is told: once acknowledged, by whatever key, it does not come again as a line of its own.
  const alarmed = useRef(new Set<string>());
  for (const one of codes.alerts) alarmed.current.add(one.taskId);
  const shown = nextToTell(stat, { known: known.current, later, alarmed: alarmed.current });
  const code = codes.alerts.find((one) => one.refusal === null && one.taskId !== taskId) ?? null;
  const target = code?.taskId ?? shown?.taskId ?? null;
  const asked = target !== null;
  useEffect(() => {
    if (!asked) return;
    let here = true;
    void host.call('pace', { params: { taskId } }).then((answered) => here && answered.ok && setPace(answered.value));
    return () => {
      here = false;
    };
  }, [host, taskId, asked]);

  useCommands([
    {
      id: 'case.switch-to-stat',
      title: 'Switch to the STAT study; this one comes back as it is',
      group: 'Study',
      keys: 'F6',
      run: () => target !== null && props.onSwitch(target),
      enabled: () => target !== null,
    },
  ]);
  const put = (id: TaskId): void => setLater((before) => new Set([...before, id]));
  const left =
    shown === null || shown.dueAt === null
      ? ''
      : shown.dueAt > now
        ? `, due in ${shownLeft(shown.dueAt - now)}`
        : ', late';
  const still =
    pace === null ? null : stillToRead({ ...pace, expected: millis(pace.expected) }, millis(now - openedAt));
  const keeps =
    still === null || pace === null
      ? 'Switching keeps this one as it is.'
      : `This one: ${still.words} (${pace.words}). Switching keeps it as it is.`;
  return (
    <>
      {shown === null ? null : (
        <Message
          tone="ask"
          title={`${shown.codeStudy === undefined ? 'STAT' : `Code ${shown.codeStudy}`}: ${shownExam(shown)}${shown.site === null ? '' : `, ${shown.site.name}`}${left}.`}
          action={
            <>
              <Button {...(target === shown.taskId ? { keys: 'F6' } : {})} onClick={() => props.onSwitch(shown.taskId)}>
                Switch
              </Button>
              <Button kind="quiet" onClick={() => put(shown.taskId)}>
                Finish this first
              </Button>
            </>
          }
        >
          {keeps}
        </Message>
      )}
      {codes.alerts.map((one, index) => (
        <CodeLine
          key={one.taskId}
          alert={one}
          codes={codes}
          first={index === 0}
          {...(one.refusal === null ? { more: keeps } : {})}
          go={
            one.refusal === null && one.taskId !== taskId ? (
              <Button
                kind="go"
                {...(target === one.taskId ? { keys: 'F6' } : {})}
                onClick={() => props.onSwitch(one.taskId)}
              >
                Switch
              </Button>
            ) : null
          }
        />
      ))}
    </>
  );
}
