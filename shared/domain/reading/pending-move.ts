import { type Instant, minutes } from '../../lib/instant.ts';
import type { ReaderId } from '../reader/index.ts';
import { withPending } from './pending-signature.ts';
import type { ReadingTask, TaskId } from './reading-task.ts';
import { type PassReason, passWords } from './task-desk.ts';
import type { TaskMove } from './task-moves.ts';

/** What is done to exams that go together. */
export type MoveTogether =
  | { readonly kind: 'pass'; readonly reason: PassReason; readonly words: string }
  | { readonly kind: 'reassign'; readonly reader: ReaderId; readonly readerName: string; readonly words: string }
  /** One report over them is given to be signed by one press. */
  | { readonly kind: 'giveToSign'; readonly press: string; readonly words: '' }
  /** What was given by that press is taken back, or sent back: `over` by a lead, whoever has claimed an exam of it. */
  | { readonly kind: 'takeBack'; readonly press: string; readonly words: '' }
  | { readonly kind: 'sendBack'; readonly press: string; readonly words: string; readonly over: boolean };

/**
 * One exam of those that move, with the token that was shown for it; null where nobody had claimed it. `digest`: of the words that are
 * given for it, or go back; absent where none do.
 */
export type MoveShare = { readonly taskId: TaskId; readonly fencingToken: number | null; readonly digest?: string };

/**
 * A move of several exams by one press, noted on the Task of the exam that was pressed before any of them moves and taken off after the
 * last: a record has no write of several resources, and a host can die between two.
 */
export type PendingMove = {
  readonly by: ReaderId;
  readonly byName: string;
  /** The host that makes it: its next start goes on with it at once, others only after `otherHostsWait`. */
  readonly host: string;
  /** On the record's clock. */
  readonly since: Instant;
  readonly how: MoveTogether;
  /** In the order of their writes; the exam that was pressed is the last. */
  readonly shares: readonly MoveShare[];
};

/** A host that is alive has finished long before: each write has a deadline of seconds. */
export const otherHostsWait = minutes(3);

export function moveOfShare(
  { by, byName, how, shares }: PendingMove,
  { fencingToken, digest }: MoveShare,
  late = false,
): TaskMove {
  switch (how.kind) {
    case 'pass':
      return { kind: 'pass', reader: by, fencingToken, reason: how.reason };
    case 'reassign':
      return {
        kind: 'reassign',
        holder: fencingToken === null ? null : { reader: by, fencingToken },
        byName,
        to: { reader: how.reader, readerName: how.readerName },
      };
    case 'giveToSign':
      return {
        kind: 'giveToSign',
        reader: by,
        readerName: byName,
        fencingToken: fencingToken ?? 0,
        digest: digest ?? '',
        press: how.press,
        together: shares.map((one) => one.taskId),
        ...(late ? { late } : {}),
      };
    case 'takeBack':
      return { kind: 'takeBack', reader: by, readerName: byName };
    case 'sendBack':
      return {
        kind: 'sendBack',
        holder: fencingToken === null ? null : { reader: by, fencingToken },
        onlyFree: fencingToken === null && !how.over,
        by,
        byName,
        words: how.words,
      };
  }
}

/**
 * The event of one exam's move: its words, and what makes it this one, so that a move that is finished later is told once. Null where the
 * Task itself says what is to be told, and whoever reads it tells it.
 */
export function toldOfShare(
  { by, since, how }: PendingMove,
  { fencingToken, digest }: MoveShare,
  lastFencingToken: number,
): {
  readonly type: 'task.released' | 'task.passed' | 'task.reassigned' | 'report.takenBack';
  readonly detail: string;
  readonly part: string;
} | null {
  const more = how.words.trim() === '' ? '' : `: ${how.words.trim()}`;
  switch (how.kind) {
    case 'pass':
      return {
        type: fencingToken === null ? 'task.passed' : 'task.released',
        detail: `passed on, ${passWords[how.reason].toLowerCase()}${more}`,
        part: String(fencingToken ?? `free-${lastFencingToken}-${by}`),
      };
    case 'reassign':
      return {
        type: 'task.reassigned',
        detail: `to ${how.readerName}${more}`,
        part: [fencingToken ?? 'free', how.reader, since].join('|'),
      };
    case 'takeBack':
      return { type: 'report.takenBack', detail: '', part: `${digest ?? ''}|${lastFencingToken}` };
    case 'giveToSign':
    case 'sendBack':
      return null;
  }
}

/**
 * How one exam stands to a move that was broken off. `waits`: as it was when the move began. `moved`: by this move, whoever took it since.
 * `kept`: the reader who moved it has it again under a later token. `elsewhere`: anything else; it is left alone.
 */
export type ShareStanding = 'waits' | 'moved' | 'kept' | 'elsewhere';

export function standingOfShare(task: ReadingTask, pending: PendingMove, share: MoveShare): ShareStanding {
  const { by, how } = pending;
  const { claim, desk } = task;
  if (how.kind === 'giveToSign' || how.kind === 'takeBack' || how.kind === 'sendBack')
    return standingOfGiven(task, { by, how, share });
  if (task.state === 'completed' || task.state === 'cancelled') return 'elsewhere';
  const token = share.fencingToken;
  if (token !== null && claim?.reader === by && claim.fencingToken === token) return 'waits';
  if (claim?.reader === by && claim.fencingToken > (token ?? 0)) return 'kept';
  const passed = how.kind === 'pass' && desk.passes.some((one) => one.reader === by && one.reason === how.reason);
  const given =
    how.kind === 'reassign' &&
    (desk.assigned?.reader === how.reader || (claim !== null && claim.reader === how.reader));
  if (passed || given) return 'moved';
  return token === null && claim === null ? 'waits' : 'elsewhere';
}

function standingOfGiven(
  { state, claim, desk, released }: ReadingTask,
  of: {
    readonly by: ReaderId;
    readonly how: Extract<MoveTogether, { readonly press: string }>;
    readonly share: MoveShare;
  },
): ShareStanding {
  const { by, how, share } = of;
  const waitsForSignature = desk.pending?.press === how.press;
  const ended = state === 'completed' || state === 'cancelled' || released !== null;
  switch (how.kind) {
    case 'giveToSign':
      // What is signed over it already was given before.
      if (waitsForSignature || ended) return 'moved';
      return claim?.reader === by && claim.fencingToken === share.fencingToken ? 'waits' : 'elsewhere';
    case 'takeBack':
      if (ended) return 'elsewhere';
      if (waitsForSignature) return 'waits';
      return claim?.reader === by && desk.pending === undefined ? 'moved' : 'elsewhere';
    case 'sendBack':
      if (ended) return 'elsewhere';
      if (waitsForSignature) return 'waits';
      return desk.sentBack?.digest === share.digest ? 'moved' : 'elsewhere';
  }
}

/**
 * An exam for which a report over several was given, while another of its exams could not be given: nothing waits there any more, unless
 * somebody has opened it, who then sends it back. The very same task where there is nothing to undo.
 */
export function withoutGiven(task: ReadingTask, press: string): ReadingTask {
  const { pending, sentBack } = task.desk;
  if (task.state !== 'queued' || pending?.press !== press || pending.opened !== null) return task;
  return { ...task, desk: withPending(task.desk, null, sentBack ?? null) };
}

/** What is still to be done of a move that was broken off. */
export type Rest =
  /** Those that wait are moved, in this order; then all that were moved are told. */
  | { readonly kind: 'finish'; readonly moves: readonly MoveShare[] }
  /** One was given back to her, or she took it again: nothing more is moved for her. */
  | { readonly kind: 'leave' };

/** `tasks` as the record holds them now; an exam that is not there is left alone. */
export function restOfMove(pending: PendingMove, tasks: ReadonlyMap<string, ReadingTask>): Rest {
  const standings = pending.shares.map((share) => {
    const task = tasks.get(share.taskId);
    return { share, standing: task === undefined ? ('elsewhere' as const) : standingOfShare(task, pending, share) };
  });
  if (standings.some((one) => one.standing === 'kept')) return { kind: 'leave' };
  return { kind: 'finish', moves: standings.filter((one) => one.standing === 'waits').map((one) => one.share) };
}
