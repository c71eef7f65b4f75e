import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CallOutput, CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import { compareRank, stillToRead, type TaskId } from '../../shared/domain/reading/index.ts';
import { instant, millis } from '../../shared/lib/instant.ts';
import { shownExam, shownLeft } from '../case/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Message, useCommands } from '../ui/index.ts';
import type { SignedIn } from './signed-in.ts';

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
 * A quiet line when a STAT study appears while another is read: what it is, how long this one should still take, and one key to
 * switch. What was there already when she opened this one is not told again: she chose.
 */
export function StatBanner(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly signedIn: SignedIn;
  readonly detail: CaseDetail;
  readonly now: number;
  readonly onSwitch: (taskId: TaskId) => void;
}) {
  const { host, signedIn, detail, now } = props;
  const { taskId } = detail.context;
  const rows = useStore(signedIn.worklist.state, (state) => state.rows);
  const known = useRef<ReadonlySet<TaskId> | null>(null);
  const [openedAt] = useState(() => Date.now());
  const [pace, setPace] = useState<CallOutput<'pace'> | null>(null);
  const [later, setLater] = useState<ReadonlySet<TaskId>>(new Set());

  const stat = useMemo(() => waitingStat(rows.values(), taskId, now), [rows, taskId, now]);
  if (known.current === null && rows.size > 0) known.current = new Set(stat.map((row) => row.taskId));
  const isNew = (row: WorklistRow): boolean => row.codeStudy !== undefined || known.current?.has(row.taskId) === false;
  const shown = stat.find((row) => isNew(row) && !later.has(row.taskId)) ?? null;
  const asked = shown !== null;
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
      run: () => shown !== null && props.onSwitch(shown.taskId),
      enabled: () => shown !== null,
    },
  ]);
  if (shown === null) return null;
  const left = shown.dueAt === null ? '' : shown.dueAt > now ? `, due in ${shownLeft(shown.dueAt - now)}` : ', late';
  const still =
    pace === null ? null : stillToRead({ ...pace, expected: millis(pace.expected) }, millis(now - openedAt));
  return (
    <Message
      tone="ask"
      title={`${shown.codeStudy === undefined ? 'STAT' : `Code ${shown.codeStudy}`}: ${shownExam(shown)}${shown.site === null ? '' : `, ${shown.site.name}`}${left}.`}
      action={
        <>
          <Button keys="F6" onClick={() => props.onSwitch(shown.taskId)}>
            Switch
          </Button>
          <Button kind="quiet" onClick={() => setLater((before) => new Set([...before, shown.taskId]))}>
            Finish this first
          </Button>
        </>
      }
    >
      {still === null || pace === null
        ? 'Switching keeps this one as it is.'
        : `This one: ${still.words} (${pace.words}). Switching keeps it as it is.`}
    </Message>
  );
}
