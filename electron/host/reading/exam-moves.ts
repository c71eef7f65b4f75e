import type { Failure } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import {
  type MoveShare,
  type MoveTogether,
  moveOfShare,
  otherHostsWait,
  type PendingMove,
  type ReadingTask,
  restOfMove,
  standingOfShare,
  stepTask,
  type TaskId,
  toldOfShare,
  withoutGiven,
} from '../../../shared/domain/reading/index.ts';
import { after, type Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { caseEvent } from '../intake/case-events.ts';
import { failure } from '../routes/mount.ts';
import type { CaseBook } from './case-book.ts';
import { contextOf } from './case-context.ts';
import type { Claims } from './claims.ts';
import type { EventBook } from './event-book.ts';
import { nameOfExam } from './link-index.ts';
import type { LinkedDesk } from './linked-desk.ts';
import { endMove, moveRest, moveTogether } from './move-together.ts';
import { givenEvent, sentBackEvent } from './signature-events.ts';

export type ExamMovesParts = {
  readonly book: Pick<CaseBook, 'facts' | 'follow'>;
  readonly claims: Pick<Claims, 'change'>;
  readonly events: Pick<EventBook, 'write'>;
  readonly recordNow: () => Instant;
  readonly linked: Pick<LinkedDesk, 'partners' | 'forget' | 'retaken'>;
  /** Of this data folder: the next start of this host goes on with what it left. */
  readonly hostId: string;
  readonly step?: ((name: string) => void) | undefined;
};

/** Pass and give of the exams that go together: by one press, and what a host that died left of one. */
export type ExamMoves = {
  /** All or none, each with its event; `done` tells whether every event could be kept. */
  make(
    reader: Reader,
    taskId: TaskId,
    fencingToken: number | null,
    how: MoveTogether,
  ): Promise<Result<{ readonly kept: boolean }, Failure>>;
  /** The exams of one report over several, in the order of their writes, the pressed one last: all or none, and the tasks as they are then. */
  makeGiven(
    reader: Reader,
    shares: readonly MoveShare[],
    how: MoveTogether,
  ): Promise<Result<{ readonly tasks: readonly ReadingTask[]; readonly kept: boolean }, Failure>>;
  /** What an earlier press has left on this exam is over; else why it is not. */
  settled(taskId: TaskId): Promise<Result<void, Failure>>;
  /** Finishes what was broken off. */
  round(): Promise<void>;
};

export function createExamMoves(parts: ExamMovesParts): ExamMoves {
  const { book, claims, events, linked, hostId, recordNow } = parts;
  const takeChanges = book.follow();
  /** Pressed here and not over yet, by the exam that was pressed. */
  const underWay = new Set<string>();
  /** Tasks that carry a note. */
  const noted = new Set<string>();

  const nameOf = (taskId: TaskId): string => {
    const facts = book.facts(taskId);
    return facts === null ? 'This study' : `${nameOfExam(facts)}, ${contextOf(facts).accession ?? 'no accession'}`;
  };

  const tell = async (task: ReadingTask, pending: PendingMove): Promise<boolean> => {
    const share = pending.shares.find((one) => one.taskId === task.id);
    if (share === undefined) return true;
    const actor = { kind: 'person', id: pending.by, name: pending.byName } as const;
    // Just after a start the book may not have it yet.
    const facts = { ...(book.facts(task.id) ?? { order: null, seen: null }), task };
    const told = toldOfShare(pending, share, task.lastFencingToken);
    if (told === null) {
      // Told before the next move may begin: what is taken back at once was given all the same.
      const { how } = pending;
      const waits = task.desk.pending;
      const given = how.kind === 'giveToSign' && waits?.press === how.press ? givenEvent(facts, waits) : null;
      const event = how.kind === 'sendBack' ? sentBackEvent(facts) : given;
      return event === null || events.write([event]);
    }
    const { type, detail, part } = told;
    const words = share === pending.shares.at(-1) || detail === '' ? detail : `${detail}, with a linked exam`;
    return events.write([
      caseEvent(facts, type, recordNow(), { actor, part, ...(words === '' ? {} : { detail: words }) }),
    ]);
  };

  /** The tasks as the record holds them; null where it does not answer for one that it has. */
  const readAll = async (
    shares: readonly { readonly taskId: TaskId }[],
  ): Promise<ReadonlyMap<string, ReadingTask> | null> => {
    const tasks = new Map<string, ReadingTask>();
    for (const { taskId } of shares) {
      const read: { task: ReadingTask | null } = { task: null };
      const asked = await claims.change(taskId, (task) => {
        read.task = task;
        return { ok: false, error: { code: 'not-a-legal-move', words: 'only read', heldBy: null } };
      });
      if (read.task !== null) tasks.set(taskId, read.task);
      else if (!asked.ok && asked.error.code !== 'not-found') return null;
    }
    return tasks;
  };

  /** A report over several is given for all of its exams or for none. Null where the record could not be asked. */
  const undoHalf = async (
    pending: PendingMove,
    now: ReadonlyMap<string, ReadingTask>,
  ): Promise<'whole' | 'undone' | null> => {
    const { how } = pending;
    if (how.kind !== 'giveToSign') return 'whole';
    const standsAt = (share: MoveShare) => {
      const task = now.get(share.taskId);
      return task === undefined ? 'elsewhere' : standingOfShare(task, pending, share);
    };
    if (pending.shares.every((share) => standsAt(share) === 'moved')) return 'whole';
    for (const share of pending.shares) {
      if (now.get(share.taskId)?.desk.pending?.press !== how.press) continue;
      const undone = await claims.change(share.taskId, (task) => ok(withoutGiven(task, how.press)));
      if (!undone.ok) return null;
      if (undone.value.desk.pending?.press === how.press) continue;
      const facts = book.facts(share.taskId) ?? { task: undone.value, order: null, seen: null };
      const told = caseEvent(facts, 'report.takenBack', recordNow(), {
        actor: { kind: 'person', id: pending.by, name: pending.byName },
        part: `${share.digest ?? ''}|undone`,
        detail: 'another exam of the report could not be given',
      });
      if (!(await events.write([told]))) return null;
    }
    return 'undone';
  };

  /** False where the record could not be asked: it is tried again. */
  const finish = async (pending: PendingMove): Promise<boolean> => {
    const before = await readAll(pending.shares);
    if (before === null) return false;
    const rest = restOfMove(pending, before);
    if (rest.kind === 'leave') return endMove(claims, pending);
    for (const share of rest.moves) if (!(await moveRest(claims, pending, share))) return false;
    const now = await readAll(pending.shares);
    if (now === null) return false;
    const half = await undoHalf(pending, now);
    if (half === null) return false;
    for (const share of half === 'undone' ? [] : pending.shares) {
      const task = now.get(share.taskId);
      const moved = task !== undefined && standingOfShare(task, pending, share) === 'moved';
      if (moved && !(await tell(task, pending))) return false;
    }
    return endMove(claims, pending);
  };

  /** Those that are finished here at this moment, by the exam that was pressed. */
  const finishing = new Map<string, Promise<boolean>>();
  const finishOnce = (id: string, pending: PendingMove): Promise<boolean> => {
    const turn = finishing.get(id) ?? finish(pending).finally(() => finishing.delete(id));
    finishing.set(id, turn);
    return turn;
  };

  /** Two moves of one exam at once could each undo half of the other: what was left there is finished before another begins. */
  const settle = async (taskId: TaskId, pressed: TaskId | null): Promise<Result<void, Failure>> => {
    const silent = failure('upstream-unreachable', 'The record does not answer, so nothing was moved. Try again.');
    const read = await readAll([{ taskId }]);
    if (read === null) return silent;
    const left = read.get(taskId)?.moving;
    if (left === undefined) return ok(undefined);
    if (underWay.has(taskId) && taskId !== pressed) return failure('not-a-legal-move', 'It is being moved already.');
    if (left.host !== hostId && recordNow() < after(left.since, otherHostsWait)) {
      const tasks = await readAll(left.shares);
      if (tasks === null) return silent;
      const rest = restOfMove(left, tasks);
      // That host may be at it: it is not gone over. Where nothing is left but to tell, everybody tells the same.
      if (rest.kind === 'finish' && rest.moves.length > 0)
        return failure(
          'not-a-legal-move',
          'It is being moved already, by another host of the group. Try again in a few minutes.',
        );
    }
    return (await finishOnce(taskId, left)) ? ok(undefined) : silent;
  };

  const noteOf = (reader: Reader, how: MoveTogether, shares: readonly MoveShare[]): PendingMove => ({
    by: reader.id,
    byName: reader.name,
    host: hostId,
    since: recordNow(),
    how,
    shares,
  });

  const run = async (
    pending: PendingMove,
  ): Promise<Result<{ readonly tasks: readonly ReadingTask[]; readonly kept: boolean }, Failure>> => {
    const pressed = pending.shares.at(-1)?.taskId;
    if (pressed === undefined) return ok({ tasks: [], kept: true });
    if (underWay.has(pressed)) return failure('not-a-legal-move', 'It is being moved already.');
    underWay.add(pressed);
    try {
      const { step } = parts;
      for (const { taskId } of pending.shares) {
        const settled = await settle(taskId, pressed);
        if (!settled.ok) return settled;
      }
      const done = await moveTogether(claims, pending, {
        nameOf,
        onTakenBack: linked.retaken,
        ...(step === undefined ? {} : { step }),
      });
      if (!done.ok) return done;
      const kept: boolean[] = [];
      for (const task of done.value) {
        linked.forget(task.id);
        kept.push(await tell(task, pending));
      }
      // A note that could not be taken off now is taken off by a round: all that it asks for is done.
      const all = kept.every((one) => one);
      if (all) await endMove(claims, pending);
      return ok({ tasks: done.value, kept: all });
    } finally {
      underWay.delete(pressed);
    }
  };

  return {
    settled: (taskId) => settle(taskId, null),
    makeGiven: (reader, shares, how) => run(noteOf(reader, how, shares)),
    make: async (reader, taskId, fencingToken, how) => {
      const facts = book.facts(taskId);
      const alone = { taskId, fencingToken };
      // What is refused by what is known already moves nothing at all: the record is then asked for this one alone.
      const wouldMove =
        facts !== null && stepTask(facts.task, moveOfShare(noteOf(reader, how, [alone]), alone), recordNow()).ok;
      const partners = facts === null || !wouldMove ? [] : linked.partners(facts);
      const shares = [
        ...partners.map((one) => ({
          taskId: one.facts.task.id,
          fencingToken: fencingToken === null ? null : one.token,
        })),
        alone,
      ];
      return run(noteOf(reader, how, shares));
    },
    round: async () => {
      for (const id of takeChanges().tasks) {
        if (book.facts(id)?.task.moving === undefined) noted.delete(id);
        else noted.add(id);
      }
      for (const id of [...noted]) {
        const pending = book.facts(id)?.task.moving;
        if (pending === undefined) {
          noted.delete(id);
          continue;
        }
        const mine = pending.host === hostId;
        const waits = mine ? underWay.has(id) : recordNow() < after(pending.since, otherHostsWait);
        if (!waits && (await finishOnce(id, pending))) noted.delete(id);
      }
    },
  };
}
