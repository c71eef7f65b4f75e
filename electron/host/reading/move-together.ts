import type { Failure } from '../../../shared/api/index.ts';
import {
  leaseDuration,
  type MoveShare,
  moveOfShare,
  type PendingMove,
  type ReadingTask,
  stepTask,
  type TaskId,
} from '../../../shared/domain/reading/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Claims } from './claims.ts';

type Moved = { readonly share: MoveShare; readonly before: ReadingTask; readonly after: ReadingTask };

/**
 * Moves the exams of one combined claim, all or none. A record has no writes of several resources at once, so the exam that was pressed
 * carries a note of the whole move and goes last: until then its claim stands, and what was moved before it is taken back where one cannot
 * be moved. Taken back means the same reader and the same arrangement under a new token (`onTakenBack`); where a colleague was faster that
 * is said. A host that dies in between leaves the note, by which the move is finished (`finishMove`); after success it still stands, for
 * the events, until `endMove`.
 */
export async function moveTogether(
  claims: Pick<Claims, 'change'>,
  pending: PendingMove,
  parts: {
    readonly nameOf: (taskId: TaskId) => string;
    readonly onTakenBack: (taskId: TaskId, fencingToken: number) => void;
    readonly step?: (name: string) => void;
  },
): Promise<Result<readonly ReadingTask[], Failure>> {
  const pressed = pending.shares.at(-1);
  const several = pending.shares.length > 1;
  if (several && pressed !== undefined) {
    // Only where the move itself would be legal: a note of what cannot be would be left for nothing.
    const noted = await claims.change(pressed.taskId, (task, recordNow) => {
      const legal = stepTask(task, moveOfShare(pending, pressed), recordNow);
      return legal.ok ? ok({ ...task, moving: pending }) : legal;
    });
    if (!noted.ok) return refused(pending, noted.error, parts.nameOf(pressed.taskId), []);
    parts.step?.('move.noted');
  }
  const moved: Moved[] = [];
  for (const share of pending.shares) {
    const seen: { task: ReadingTask | null } = { task: null };
    const done = await claims.change(share.taskId, (task, recordNow) => {
      seen.task = task;
      return stepTask(task, moveOfShare(pending, share), recordNow);
    });
    if (done.ok && seen.task !== null) {
      moved.push({ share, before: seen.task, after: done.value });
      parts.step?.('move.one');
      continue;
    }
    if (!several && !done.ok) return done;
    const lost: string[] = [];
    for (const one of [...moved].reverse())
      if (!(await takeBack(claims, one, parts.onTakenBack))) lost.push(parts.nameOf(one.share.taskId));
    await endMove(claims, pending);
    const failed = done.ok ? { code: 'not-a-legal-move' as const, message: 'It could not be read.' } : done.error;
    return refused(pending, failed, parts.nameOf(share.taskId), lost);
  }
  return ok(moved.map((one) => one.after));
}

function refused(pending: PendingMove, failed: Failure, name: string, lost: readonly string[]) {
  if (pending.shares.length === 1) return err(failed);
  const rest =
    lost.length === 0 ? 'Nothing was moved.' : `${lost.join(', ')} went already and could not be taken back.`;
  return err({ ...failed, message: `${name}: ${failed.message} ${rest}` });
}

/** Takes the note of this move off, if it still stands. */
export async function endMove(claims: Pick<Claims, 'change'>, pending: PendingMove): Promise<boolean> {
  const pressed = pending.shares.at(-1);
  if (pressed === undefined || pending.shares.length === 1) return true;
  const ended = await claims.change(pressed.taskId, (task) => {
    if (task.moving?.since !== pending.since || task.moving.by !== pending.by) return ok(task);
    const { moving: _ended, ...rest } = task;
    return ok(rest);
  });
  return ended.ok;
}

/** Moves one exam of a move that was broken off, if it still stands as it did. False where the record could not be asked. */
export async function moveRest(
  claims: Pick<Claims, 'change'>,
  pending: PendingMove,
  share: MoveShare,
): Promise<boolean> {
  const done = await claims.change(share.taskId, (task, recordNow) =>
    stepTask(task, moveOfShare(pending, share, true), recordNow),
  );
  return done.ok || (done.error.code !== 'upstream-unreachable' && done.error.code !== 'upstream-refused');
}

async function takeBack(
  claims: Pick<Claims, 'change'>,
  { before, after }: Moved,
  onTakenBack: (taskId: TaskId, fencingToken: number) => void,
): Promise<boolean> {
  const back = await claims.change(before.id, (task, recordNow) => takenBack(task, before, after, recordNow));
  if (back.ok && back.value.claim !== null) onTakenBack(before.id, back.value.claim.fencingToken);
  return back.ok;
}

function takenBack(task: ReadingTask, before: ReadingTask, after: ReadingTask, recordNow: Instant) {
  const untouched =
    task.state === after.state &&
    task.claim?.fencingToken === after.claim?.fencingToken &&
    task.lastFencingToken === after.lastFencingToken;
  if (!untouched) return err({ code: 'held-by-another' as const, words: 'It was taken meanwhile.', heldBy: null });
  if (before.claim === null) return ok({ ...task, state: before.state, claim: null, desk: before.desk });
  const fencingToken = task.lastFencingToken + 1;
  const leaseUntil = instant(Math.max(before.claim.leaseUntil, recordNow + leaseDuration));
  return ok({
    ...task,
    state: before.state,
    desk: before.desk,
    claim: { ...before.claim, fencingToken, leaseUntil },
    lastFencingToken: fencingToken,
  });
}
