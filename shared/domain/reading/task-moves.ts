import { after, type Instant, minutes } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { ReaderId } from '../reader/index.ts';
import { shortestSentBack, withPending } from './pending-signature.ts';
import type { Claim, ReadingTask, ReleasedReport, TaskState } from './reading-task.ts';
import { type HoldReason, mostLooks, type PassReason, type SecondLook, withPass } from './task-desk.ts';

/** How long a claim holds without renewal, on the record's clock. */
export const leaseDuration = minutes(10);
/** How often the page renews: two renewals may fail before the lease lapses. */
export const renewEvery = minutes(4);

/** What the holder of a claim proves. */
type Holder = { readonly reader: ReaderId; readonly fencingToken: number };

export type TaskMove =
  /** Grants a lease; by the holder of a live one it only renews, so that a second window does not cut off the first. */
  | { readonly kind: 'claim'; readonly reader: ReaderId; readonly readerName: string }
  | ({ readonly kind: 'renew' } & Holder)
  /** Images and report are on the holder's screen. */
  | ({ readonly kind: 'open' } & Holder)
  /** The holder gives it back. */
  | ({ readonly kind: 'release' } & Holder)
  /** The lease ran out; anybody may say so. */
  | { readonly kind: 'lapse' }
  | ({ readonly kind: 'hold'; readonly reason: HoldReason; readonly words: string } & Holder)
  /** Back to its holder while the lease stands, else to the queue. */
  | { readonly kind: 'resume' }
  /** The report that the task asks for is released. */
  | ({ readonly kind: 'complete'; readonly released: ReleasedReport } & Holder)
  /** A preliminary goes out on a task that asks for a final: the task stays open. */
  | ({ readonly kind: 'releasePreliminary'; readonly released: ReleasedReport } & Holder)
  /** An addendum or a correction after the end: the state stays, the latest version is recorded. */
  | { readonly kind: 'append'; readonly released: ReleasedReport }
  /**
   * The report is taken back as entered in error. It ends the task for good: the exam is read again under a new one, so that no version
   * of this report is ever followed by another.
   */
  | { readonly kind: 'withdraw'; readonly released: ReleasedReport }
  | { readonly kind: 'cancel' }
  /** Given to others with a reason. One who has not claimed it has no token; it is then only no longer offered to her. */
  | {
      readonly kind: 'pass';
      readonly reader: ReaderId;
      readonly fencingToken: number | null;
      readonly reason: PassReason;
    }
  /** Set aside for another reader, by whoever holds it or, with `holder` null, by a lead. Its claim ends. */
  | {
      readonly kind: 'reassign';
      readonly holder: Holder | null;
      readonly byName: string;
      readonly to: { readonly reader: ReaderId; readonly readerName: string };
    }
  /** A colleague is asked; the claim stays where it is. */
  | ({ readonly kind: 'askLook'; readonly look: Omit<SecondLook, 'by' | 'askedAt' | 'answer'> } & Holder)
  | { readonly kind: 'answerLook'; readonly reader: ReaderId; readonly lookId: string; readonly words: string }
  /** The holder gives her report to somebody who may sign it: it waits in the queue, and her claim ends. */
  | ({
      readonly kind: 'giveToSign';
      readonly readerName: string;
      readonly digest: string;
      readonly press: string;
      /** Tasks of all exams of a report over several. */
      readonly together?: readonly string[];
      /** A press over several exams that a host left half done is finished after her claim ran out too, while nobody has taken the exam. */
      readonly late?: boolean;
    } & Holder)
  /** Its writer takes it back before anybody has opened it, and has the study again. */
  | { readonly kind: 'takeBack'; readonly reader: ReaderId; readonly readerName: string }
  /**
   * Back to its writer with a reason, by whoever holds it or, with `holder` null, by a lead. `onlyFree`: an exam of a report over several
   * that she has not claimed goes back with the others unless somebody else has it.
   */
  | {
      readonly kind: 'sendBack';
      readonly holder: Holder | null;
      readonly onlyFree?: boolean;
      readonly by: ReaderId;
      readonly byName: string;
      readonly words: string;
    };

export type TaskMoveKind = TaskMove['kind'];

export type TaskRefusal = {
  readonly code: 'not-a-legal-move' | 'held-by-another' | 'lease-lapsed' | 'rival-final';
  /** For people: what was refused and why. */
  readonly words: string;
  /** Who has it, for `held-by-another`; null for others, and where the claim has been given up since. */
  readonly heldBy: { readonly name: string; readonly leaseUntil: Instant } | null;
};

/**
 * From which states a move is legal and to which it leads (DESIGN 4); `same` keeps the state. Completed and cancelled are ends.
 * A claim on a claimed or read task is legal by its holder, or by anybody once the lease has lapsed.
 */
export const legalTaskMoves = {
  claim: { from: ['queued', 'claimed', 'reading'], to: ['claimed', 'same'] },
  renew: { from: ['claimed', 'reading', 'held'], to: ['same'] },
  open: { from: ['claimed', 'reading'], to: ['reading'] },
  release: { from: ['claimed', 'reading', 'held'], to: ['queued'] },
  lapse: { from: ['claimed', 'reading'], to: ['queued'] },
  hold: { from: ['claimed', 'reading'], to: ['held'] },
  resume: { from: ['held'], to: ['reading', 'queued'] },
  complete: { from: ['claimed', 'reading'], to: ['completed'] },
  releasePreliminary: { from: ['claimed', 'reading'], to: ['reading'] },
  append: { from: ['completed'], to: ['same'] },
  withdraw: { from: ['queued', 'claimed', 'reading', 'held', 'completed', 'cancelled'], to: ['same', 'cancelled'] },
  cancel: { from: ['queued', 'claimed', 'reading', 'held'], to: ['cancelled'] },
  pass: { from: ['queued', 'claimed', 'reading', 'held'], to: ['queued'] },
  reassign: { from: ['queued', 'claimed', 'reading', 'held'], to: ['queued'] },
  askLook: { from: ['claimed', 'reading', 'held'], to: ['same'] },
  answerLook: { from: ['queued', 'claimed', 'reading', 'held', 'completed'], to: ['same'] },
  giveToSign: { from: ['claimed', 'reading'], to: ['queued'] },
  takeBack: { from: ['queued'], to: ['claimed'] },
  sendBack: { from: ['queued', 'claimed', 'reading', 'held'], to: ['queued'] },
} as const satisfies Record<
  TaskMoveKind,
  { readonly from: readonly TaskState[]; readonly to: readonly (TaskState | 'same')[] }
>;

type Stepped = Result<ReadingTask, TaskRefusal>;

/** `recordNow` is the record's time (`Date` of its answer), never the desktop's clock. */
export function stepTask(task: ReadingTask, move: TaskMove, recordNow: Instant): Stepped {
  if (move.kind === 'complete' && task.state === 'completed') return completeAgain(task, move.released);
  // A press that is sent again finds its own report waiting there, and has won.
  if (move.kind === 'giveToSign' && task.desk.pending?.press === move.press) return ok(task);
  const from: readonly TaskState[] = legalTaskMoves[move.kind].from;
  if (!from.includes(task.state))
    return refuse('not-a-legal-move', `A task that is ${task.state} cannot ${verbs[move.kind]}.`);
  switch (move.kind) {
    case 'claim':
      return claim(task, move.reader, move.readerName, recordNow);
    case 'lapse':
      return task.claim !== null && recordNow < task.claim.leaseUntil
        ? refuse('not-a-legal-move', `The lease of ${task.claim.readerName} has not run out.`)
        : ok({ ...task, state: 'queued', claim: null });
    case 'resume': {
      const alive = task.claim !== null && recordNow < task.claim.leaseUntil;
      const desk = { ...task.desk, hold: null };
      return ok(alive ? { ...task, state: 'reading', desk } : { ...task, state: 'queued', claim: null, desk });
    }
    case 'append':
      return append(task, move.released);
    case 'withdraw':
      return withdraw(task, move.released);
    case 'cancel':
      return ok({
        ...task,
        state: 'cancelled',
        claim: null,
        desk: withPending({ ...task.desk, hold: null }, null, null),
      });
    case 'takeBack':
      return takeBack(task, move, recordNow);
    case 'sendBack':
      return sendBack(task, move, recordNow);
    case 'release': {
      // A lapsed lease that nobody took may still be given back.
      const refusal = refuseHolder(task, move, recordNow);
      return refusal === null || refusal.code === 'lease-lapsed'
        ? ok({ ...task, state: 'queued', claim: null, desk: { ...task.desk, hold: null } })
        : err(refusal);
    }
    case 'pass':
      return pass(task, move, recordNow);
    case 'reassign':
      return reassign(task, move, recordNow);
    case 'answerLook':
      return answerLook(task, move, recordNow);
    case 'renew':
    case 'open':
    case 'hold':
    case 'askLook':
    case 'complete':
    case 'giveToSign':
    case 'releasePreliminary': {
      const refusal = refuseHolder(task, move, recordNow);
      const late =
        move.kind === 'giveToSign' &&
        move.late === true &&
        claimStanding(task, move.reader, move.fencingToken, recordNow) === 'lapsed';
      return refusal === null || late ? stepByHolder(task, move, recordNow) : err(refusal);
    }
  }
}

function stepByHolder(
  task: ReadingTask,
  move: Extract<
    TaskMove,
    { readonly kind: 'renew' | 'open' | 'hold' | 'askLook' | 'complete' | 'giveToSign' | 'releasePreliminary' }
  >,
  recordNow: Instant,
): Stepped {
  switch (move.kind) {
    case 'renew':
      return ok({ ...task, claim: task.claim === null ? null : renewed(task.claim, recordNow) });
    case 'open':
      return ok({ ...task, state: 'reading' });
    case 'hold':
      return ok({ ...task, state: 'held', desk: { ...task.desk, hold: { reason: move.reason, words: move.words } } });
    case 'askLook':
      return askLook(task, move, recordNow);
    case 'complete':
      return complete(task, move.released);
    case 'giveToSign':
      return giveToSign(task, move, recordNow);
    case 'releasePreliminary':
      return releasePreliminary(task, move.released);
  }
}

const verbs: Readonly<Record<TaskMoveKind, string>> = {
  claim: 'be claimed',
  renew: 'be kept by a renewed claim',
  open: 'be opened for reading',
  release: 'be given back',
  lapse: 'lapse',
  hold: 'be put on hold',
  resume: 'be resumed',
  complete: 'be completed',
  releasePreliminary: 'release a preliminary report',
  append: 'take an addendum or a correction',
  withdraw: 'have its report withdrawn',
  cancel: 'be cancelled',
  pass: 'be passed on',
  reassign: 'be given to another reader',
  askLook: 'be shown to a colleague',
  answerLook: 'take an answer',
  giveToSign: 'be given to be signed',
  takeBack: 'be taken back',
  sendBack: 'be sent back',
};

function refuse(
  code: TaskRefusal['code'],
  words: string,
  claim: Claim | null = null,
): { ok: false; error: TaskRefusal } {
  const heldBy = claim === null ? null : { name: claim.readerName, leaseUntil: claim.leaseUntil };
  return { ok: false, error: { code, words, heldBy } };
}

function renewed(claim: Claim, recordNow: Instant): Claim {
  const until = after(recordNow, leaseDuration);
  // The record's clock may step back; a lease once promised is not shortened by it.
  return until > claim.leaseUntil ? { ...claim, leaseUntil: until } : claim;
}

function claim(task: ReadingTask, reader: ReaderId, readerName: string, recordNow: Instant): Stepped {
  const { pending } = task.desk;
  // Two texts of one reader for one report: she says which counts before she writes on.
  if (pending?.reader === reader)
    return refuse('not-a-legal-move', 'You gave this report to be signed. Take it back to go on with it.');
  const live = task.claim !== null && recordNow < task.claim.leaseUntil ? task.claim : null;
  if (live !== null && live.reader === reader) return ok({ ...task, claim: renewed(live, recordNow) });
  if (live !== null) return refuse('held-by-another', `${live.readerName} has this study.`, live);
  const fencingToken = task.lastFencingToken + 1;
  const granted: Claim = { reader, readerName, fencingToken, leaseUntil: after(recordNow, leaseDuration) };
  // Whoever takes it has it: it is set aside for nobody any more.
  const free = task.desk.assigned === null ? task.desk : { ...task.desk, assigned: null };
  const desk =
    pending === undefined || pending.opened !== null
      ? free
      : withPending(free, { ...pending, opened: { reader, readerName, at: recordNow } }, free.sentBack ?? null);
  return ok({ ...task, state: 'claimed', claim: granted, lastFencingToken: fencingToken, desk });
}

function pass(task: ReadingTask, move: Extract<TaskMove, { kind: 'pass' }>, recordNow: Instant): Stepped {
  const passed: ReadingTask = {
    ...task,
    state: 'queued',
    claim: null,
    desk: withPass(task.desk, move.reader, move.reason),
  };
  const free = task.claim === null || (task.claim.reader !== move.reader && recordNow >= task.claim.leaseUntil);
  if (free && task.state !== 'held') return ok(passed);
  const refusal = refuseHolder(task, { reader: move.reader, fencingToken: move.fencingToken ?? 0 }, recordNow);
  return refusal === null || (refusal.code === 'lease-lapsed' && task.claim?.reader === move.reader)
    ? ok(passed)
    : err(refusal);
}

function reassign(task: ReadingTask, move: Extract<TaskMove, { kind: 'reassign' }>, recordNow: Instant): Stepped {
  const refusal = move.holder === null ? null : refuseHolder(task, move.holder, recordNow);
  if (refusal !== null) return err(refusal);
  if (task.claim !== null && task.claim.reader === move.to.reader && recordNow < task.claim.leaseUntil)
    return refuse('not-a-legal-move', `${task.claim.readerName} has this study already.`);
  if (task.desk.pending?.reader === move.to.reader)
    return refuse('not-a-legal-move', `${move.to.readerName} gave this report to be signed. Send it back instead.`);
  const passes = task.desk.passes.filter((one) => one.reader !== move.to.reader);
  const desk = { ...task.desk, hold: null, assigned: { ...move.to, byName: move.byName }, passes };
  return ok({ ...task, state: 'queued', claim: null, desk });
}

function askLook(task: ReadingTask, move: Extract<TaskMove, { kind: 'askLook' }>, recordNow: Instant): Stepped {
  if (move.look.to === move.reader) return refuse('not-a-legal-move', 'A second look is somebody else\u2019s.');
  // The same question sent twice is one question.
  if (task.desk.looks.some((one) => one.id === move.look.id)) return ok(task);
  if (task.desk.looks.length >= mostLooks)
    return refuse('not-a-legal-move', 'This study has been shown to many colleagues already. Phone the one you need.');
  const look: SecondLook = { ...move.look, by: move.reader, askedAt: recordNow, answer: null };
  return ok({ ...task, desk: { ...task.desk, looks: [...task.desk.looks, look] } });
}

function answerLook(task: ReadingTask, move: Extract<TaskMove, { kind: 'answerLook' }>, recordNow: Instant): Stepped {
  const asked = task.desk.looks.find((one) => one.id === move.lookId);
  if (asked === undefined || asked.to !== move.reader)
    return refuse('not-a-legal-move', 'Nobody has asked you about this study.');
  if (asked.answer !== null) {
    return asked.answer.words === move.words
      ? ok(task)
      : refuse('not-a-legal-move', 'You have answered this question. Phone what you would add.');
  }
  const looks = task.desk.looks.map((one) =>
    one.id === move.lookId ? { ...one, answer: { words: move.words, at: recordNow } } : one,
  );
  return ok({ ...task, desk: { ...task.desk, looks } });
}

function giveToSign(task: ReadingTask, move: Extract<TaskMove, { kind: 'giveToSign' }>, recordNow: Instant): Stepped {
  const { reader, readerName, digest, press, together } = move;
  if (task.released !== null)
    return refuse('not-a-legal-move', 'A report of this study is out already; its final is for who may sign it.');
  if (task.desk.pending !== undefined)
    return refuse('not-a-legal-move', `The report of ${task.desk.pending.readerName} waits for a signature here.`);
  const several = together === undefined ? {} : { together };
  const pending = { reader, readerName, at: recordNow, digest, press, opened: null, ...several };
  // For whom it was set aside to be written says nothing of who signs it.
  const desk = withPending({ ...task.desk, hold: null, assigned: null }, pending, null);
  return ok({ ...task, state: 'queued', claim: null, desk });
}

function takeBack(task: ReadingTask, move: Extract<TaskMove, { kind: 'takeBack' }>, recordNow: Instant): Stepped {
  const { pending } = task.desk;
  if (pending === undefined || pending.reader !== move.reader)
    return refuse('not-a-legal-move', 'You gave nothing to be signed here.');
  if (pending.opened !== null)
    return refuse(
      'not-a-legal-move',
      `${pending.opened.readerName} has opened it already. Write to them, or ask for it to be sent back.`,
    );
  return claim({ ...task, desk: withPending(task.desk, null, null) }, move.reader, move.readerName, recordNow);
}

function sendBack(task: ReadingTask, move: Extract<TaskMove, { kind: 'sendBack' }>, recordNow: Instant): Stepped {
  const { pending } = task.desk;
  if (pending === undefined) return refuse('not-a-legal-move', 'Nothing waits for a signature here.');
  if (move.words.trim().length < shortestSentBack)
    return refuse('not-a-legal-move', 'Say in a few words why it goes back.');
  const refusal = move.holder === null ? null : refuseHolder(task, move.holder, recordNow);
  if (refusal !== null) return err(refusal);
  if (move.onlyFree === true && task.claim !== null && recordNow < task.claim.leaseUntil)
    return refuse('held-by-another', `${task.claim.readerName} has it.`, task.claim);
  const { reader: to, readerName, digest } = pending;
  const sentBack = { by: move.by, byName: move.byName, to, at: recordNow, words: move.words.trim(), digest };
  const passes = task.desk.passes.filter((one) => one.reader !== to);
  const assigned = { reader: to, readerName, byName: move.byName };
  const desk = withPending({ ...task.desk, hold: null, assigned, passes }, null, sentBack);
  return ok({ ...task, state: 'queued', claim: null, desk });
}

/** Whether this reader, with this token, holds the task now. */
export type ClaimStanding = 'held' | 'lapsed' | 'another' | 'none';

/**
 * `held`: she may sign. `lapsed`: hers, but the lease has run out, so she claims again first. `another`: somebody else holds it, or a
 * later token was granted. `none`: nobody holds it.
 */
export function claimStanding(
  task: ReadingTask,
  readerId: ReaderId,
  fencingToken: number | null,
  recordNow: Instant,
): ClaimStanding {
  if (task.claim === null || task.state === 'completed' || task.state === 'cancelled') return 'none';
  const live = recordNow < task.claim.leaseUntil;
  if (task.claim.reader !== readerId) return live ? 'another' : 'none';
  if (task.claim.fencingToken !== fencingToken) return 'another';
  return live ? 'held' : 'lapsed';
}

function refuseHolder(task: ReadingTask, holder: Holder, recordNow: Instant): TaskRefusal | null {
  const standing = claimStanding(task, holder.reader, holder.fencingToken, recordNow);
  switch (standing) {
    case 'held':
      return null;
    case 'lapsed':
      return refuse('lease-lapsed', 'Your claim has run out. Claim the study again.').error;
    case 'none':
      return refuse('lease-lapsed', 'Nobody holds this study now. Claim it again.').error;
    case 'another': {
      const { claim } = task;
      const words =
        claim?.reader === holder.reader ? 'You have claimed this study again since.' : `${claim?.readerName} has it.`;
      return refuse('held-by-another', words, claim).error;
    }
  }
}

/** Each released version follows the one before it in the same report, or it is a rival of it. */
function follows(task: ReadingTask, released: ReleasedReport): boolean {
  if (task.released === null) return released.version >= 1;
  return released.reportId === task.released.reportId && released.version > task.released.version;
}

function rival(task: ReadingTask): Stepped {
  const known = task.released === null ? '' : ` (version ${task.released.version}, ${task.released.kind})`;
  return refuse('rival-final', `A report of this study is released already${known}.`);
}

function complete(task: ReadingTask, released: ReleasedReport): Stepped {
  const enough =
    released.kind === 'final' || (released.kind === 'preliminary' && task.requestedReport === 'preliminary');
  if (!enough) {
    return refuse(
      'not-a-legal-move',
      `This study asks for a ${task.requestedReport} report; ${released.kind} does not complete it.`,
    );
  }
  if (!follows(task, released)) return rival(task);
  return ok({ ...task, state: 'completed', claim: null, released, desk: withPending(task.desk, null, null) });
}

/** A replay of the deciding write finds its own version there, and has won (DESIGN 2.2); any other final is a second one. */
function completeAgain(task: ReadingTask, released: ReleasedReport): Stepped {
  const mine =
    task.released?.reportId === released.reportId &&
    task.released.version === released.version &&
    task.released.digest === released.digest;
  return mine ? ok(task) : rival(task);
}

function releasePreliminary(task: ReadingTask, released: ReleasedReport): Stepped {
  if (task.requestedReport === 'preliminary' || released.kind !== 'preliminary') {
    return refuse('not-a-legal-move', 'This release completes the task; it does not leave it open.');
  }
  if (task.released !== null || !follows(task, released)) return rival(task);
  return ok({ ...task, state: 'reading', released });
}

function append(task: ReadingTask, released: ReleasedReport): Stepped {
  const afterFinal =
    task.released !== null && task.released.kind !== 'preliminary' && task.released.kind !== 'withdrawal';
  if (!afterFinal || (released.kind !== 'addendum' && released.kind !== 'correction')) {
    return refuse('not-a-legal-move', 'Only an addendum or a correction may follow a final report.');
  }
  return follows(task, released) ? ok({ ...task, released }) : rival(task);
}

/** A replay finds its own version there, and has won. A task whose preliminary waited for its final is open no more. */
function withdraw(task: ReadingTask, released: ReleasedReport): Stepped {
  if (released.kind !== 'withdrawal' || task.released === null)
    return refuse('not-a-legal-move', 'Nothing of this study’s report is released: there is nothing to withdraw.');
  if (task.released.kind === 'withdrawal')
    return task.released.digest === released.digest
      ? ok(task)
      : refuse('not-a-legal-move', 'This report is withdrawn already.');
  if (!follows(task, released)) return rival(task);
  const ended = task.state === 'completed' || task.state === 'cancelled';
  if (ended) return ok({ ...task, released });
  const desk = withPending({ ...task.desk, hold: null, assigned: null }, null, null);
  return ok({ ...task, state: 'cancelled', claim: null, released, desk });
}
