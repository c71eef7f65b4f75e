import type { Failure } from '../../../shared/api/index.ts';
import {
  leaseDuration,
  type ReadingTask,
  stepTask,
  type TaskId,
  type TaskMove,
} from '../../../shared/domain/reading/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Claims } from './claims.ts';

/** One exam of those that move, and the move. */
export type Share = { readonly taskId: TaskId; readonly name: string; readonly move: TaskMove };

/**
 * Moves the exams of one combined claim, all or none. A record has no writes of several resources at once, so the exam that was pressed
 * goes last: until then its claim stands, and what was moved before it is taken back where one cannot be moved. Taken back means the
 * same reader and the same arrangement under a new token (`onTakenBack`); where a colleague was faster that is said.
 */
export async function moveTogether(
  claims: Pick<Claims, 'change'>,
  shares: readonly Share[],
  onTakenBack: (taskId: TaskId, fencingToken: number) => void,
): Promise<Result<readonly ReadingTask[], Failure>> {
  const moved: { readonly share: Share; readonly before: ReadingTask; readonly after: ReadingTask }[] = [];
  for (const share of shares) {
    const seen: { task: ReadingTask | null } = { task: null };
    const done = await claims.change(share.taskId, (task, recordNow) => {
      seen.task = task;
      return stepTask(task, share.move, recordNow);
    });
    if (done.ok && seen.task !== null) {
      moved.push({ share, before: seen.task, after: done.value });
      continue;
    }
    const why = done.ok ? 'It could not be read.' : done.error.message;
    const lost: string[] = [];
    for (const one of [...moved].reverse()) if (!(await takeBack(claims, one, onTakenBack))) lost.push(one.share.name);
    if (!done.ok && shares.length === 1) return done;
    const message =
      lost.length === 0
        ? `${share.name}: ${why} Nothing was moved.`
        : `${share.name}: ${why} ${lost.join(', ')} went already and could not be taken back.`;
    return { ok: false, error: { ...(done.ok ? { code: 'not-a-legal-move' as const } : done.error), message } };
  }
  return ok(moved.map((one) => one.after));
}

async function takeBack(
  claims: Pick<Claims, 'change'>,
  { before, after }: { readonly before: ReadingTask; readonly after: ReadingTask },
  onTakenBack: (taskId: TaskId, fencingToken: number) => void,
): Promise<boolean> {
  const back = await claims.change(before.id, (task, recordNow) => takenBack(task, before, after, recordNow));
  if (back.ok && back.value.claim !== null) onTakenBack(before.id, back.value.claim.fencingToken);
  return back.ok;
}

function takenBack(task: ReadingTask, before: ReadingTask, after: ReadingTask, recordNow: Instant) {
  const untouched =
    task.state === after.state && task.claim === null && task.lastFencingToken === after.lastFencingToken;
  if (!untouched) return err({ code: 'held-by-another' as const, words: 'It was taken meanwhile.', heldBy: null });
  if (before.claim === null) return ok({ ...task, state: before.state, desk: before.desk });
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
