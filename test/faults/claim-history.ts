import type { ReadingTask } from '../../shared/domain/reading/index.ts';

/** One write of a Task that the record took, as it was seen at the record's own door. */
export type TaskWrite = {
  readonly taskId: string;
  /** Id of the reader whose program wrote; null for the one that made the task. */
  readonly by: string | null;
  /** The version that `If-Match` named; null where the task was made. */
  readonly from: string | null;
  readonly version: string;
  /** The record's time, milliseconds since 1970. */
  readonly at: number;
  readonly task: ReadingTask;
};

/** What a reader asked for and what she was told. `unknown`: no answer came, so it may or may not have been done. */
export type Asked = {
  readonly by: string;
  readonly kind: 'claim' | 'renew' | 'release' | 'hold' | 'resume' | 'complete';
  readonly taskId: string;
  readonly told: 'done' | 'refused' | 'unknown';
  /** The fencing token that she was told with a claim. */
  readonly token: number | null;
  /** Whom the refusal named as the holder. */
  readonly heldBy: string | null;
  /** Of the report that she released with `complete`. */
  readonly digest: string | null;
};

export type ClaimHistory = {
  readonly made: readonly string[];
  readonly writes: readonly TaskWrite[];
  readonly asked: readonly Asked[];
  /** What the record holds at the end. */
  readonly end: ReadonlyMap<string, ReadingTask>;
};

/** Between the reading of the record's time and the write, milliseconds; `Date` is cut to whole seconds (RFC 9110, 6.6.1). */
const slack = 3_000;

/**
 * Everything in this history that must never be: two writes over one version, a study taken from a living claim, a fencing token given
 * twice, a final without a living claim or after another final, an answer that the record does not bear out, and a study that is lost at
 * the end. Empty where all is well; each sentence names the task.
 */
export function violations(history: ClaimHistory): readonly string[] {
  const found: string[] = [];
  const byTask = new Map<string, TaskWrite[]>();
  for (const write of history.writes) byTask.set(write.taskId, [...(byTask.get(write.taskId) ?? []), write]);
  const chains = new Map<string, readonly TaskWrite[]>();
  for (const [taskId, writes] of byTask) {
    const chain = chainOf(writes);
    chains.set(taskId, chain);
    if (chain.length !== writes.length) found.push(`${taskId}: the record took two writes over one version.`);
    for (let at = 1; at < chain.length; at += 1) {
      const before = chain[at - 1];
      const after = chain[at];
      if (before !== undefined && after !== undefined)
        found.push(...wrongStep(before, after).map((words) => `${taskId}: ${words}`));
    }
    found.push(...sharedTokens(chain).map((words) => `${taskId}: ${words}`));
  }
  for (const asked of history.asked)
    found.push(...wrongAnswer(asked, chains.get(asked.taskId) ?? []).map((words) => `${asked.taskId}: ${words}`));
  for (const taskId of history.made) {
    const last = history.end.get(taskId);
    if (last === undefined) found.push(`${taskId}: lost, the record has it no more.`);
    else if (last.state !== 'completed')
      found.push(`${taskId}: lost, it ended ${last.state} and nobody could read it.`);
    else if (last.released?.digest !== chains.get(taskId)?.at(-1)?.task.released?.digest)
      found.push(`${taskId}: the record ends with another report than was written last.`);
  }
  return found;
}

/** In the order in which each write followed the one that it named; what follows a version that has been followed already is left out. */
function chainOf(writes: readonly TaskWrite[]): readonly TaskWrite[] {
  const next = new Map<string | null, TaskWrite>();
  for (const write of writes) if (!next.has(write.from)) next.set(write.from, write);
  const chain: TaskWrite[] = [];
  for (let write = next.get(null); write !== undefined && chain.length < writes.length; write = next.get(write.version))
    chain.push(write);
  return chain;
}

function wrongStep(before: TaskWrite, after: TaskWrite): readonly string[] {
  const found: string[] = [];
  const [was, is] = [before.task, after.task];
  const living = was.claim !== null && was.claim.leaseUntil - slack > after.at ? was.claim : null;
  if (is.lastFencingToken < was.lastFencingToken) found.push('a fencing token went back.');
  if (was.state === 'completed') {
    if (is.state !== 'completed' || is.released?.digest !== was.released?.digest)
      found.push('a second final, or a change after the end.');
    return found;
  }
  const granted = is.claim !== null && is.claim.fencingToken !== was.claim?.fencingToken ? is.claim : null;
  if (granted !== null && granted.fencingToken !== was.lastFencingToken + 1)
    found.push('a claim was granted with a token that is not the next.');
  if (granted !== null && living !== null)
    found.push(`${granted.reader} was given a study that ${living.reader} held.`);
  if (is.state === 'completed') {
    const holder = was.claim;
    if (holder === null || holder.reader !== after.by) found.push('a final by a reader who had no claim.');
    else if (holder.leaseUntil + slack < after.at) found.push('a final under a claim that had lapsed.');
    return found;
  }
  if (granted === null && is.claim === null && living !== null && living.reader !== after.by)
    found.push(`the living claim of ${living.reader} was ended by somebody else.`);
  return found;
}

function sharedTokens(chain: readonly TaskWrite[]): readonly string[] {
  const holders = new Map<number, string>();
  const found: string[] = [];
  for (const { task } of chain) {
    if (task.claim === null) continue;
    const holder = holders.get(task.claim.fencingToken);
    if (holder !== undefined && holder !== task.claim.reader)
      found.push(`token ${task.claim.fencingToken} was given to two readers.`);
    holders.set(task.claim.fencingToken, task.claim.reader);
  }
  return found;
}

function wrongAnswer(asked: Asked, chain: readonly TaskWrite[]): readonly string[] {
  if (asked.kind === 'claim' && asked.told === 'refused' && asked.heldBy === asked.by)
    return ['a reader was refused her own study.'];
  if (asked.told !== 'done') return [];
  if (asked.kind === 'claim') {
    const there = chain.some(({ task }) => task.claim?.reader === asked.by && task.claim.fencingToken === asked.token);
    return there ? [] : [`${asked.by} was told that she has it, and the record does not know it.`];
  }
  if (asked.kind === 'complete') {
    const there = chain.some(({ task }) => task.state === 'completed' && task.released?.digest === asked.digest);
    return there ? [] : [`${asked.by} was told that her report is final, and the record does not know it.`];
  }
  return [];
}
