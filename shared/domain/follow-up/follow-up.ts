import { assertNever } from '../../lib/assert-never.ts';
import { type Instant, instant, type Millis } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { plainWords } from '../message/index.ts';
import type { ModalityGroup } from '../order/index.ts';
import { isPhone, type Person } from '../question/index.ts';
import type { BodyPart } from './body-part.ts';
import { type Day, type Interval, isSoundInterval, type Window, windowOf } from './interval.ts';

/** Where the recommendation came from: words that a rule found and a reader took as found, words that she read otherwise, or her choice. */
export const followUpOrigins = ['recognised', 'corrected', 'chosen'] as const;
export type FollowUpOrigin = (typeof followUpOrigins)[number];

/** What is recommended, as a person has confirmed it: which exam, when, on what condition. */
export type FollowUpReading = {
  /** Any of these does it; empty where any imaging does. */
  readonly modalities: readonly ModalityGroup[];
  readonly bodyPart: BodyPart | null;
  /** For people: "CT chest without contrast". */
  readonly exam: string;
  /** Null where the words name no time: tracked, and never overdue. */
  readonly interval: Interval | null;
  /** "if symptoms persist"; empty where it is recommended outright. What hangs on a condition is never overdue. */
  readonly condition: string;
};

/** Who made a step and when. `id` is made by who pressed: a repeat is the same step. */
export type FollowUpStamp = {
  readonly id: string;
  readonly by: Person;
  readonly at: Instant;
  readonly recordedAt: Instant;
};

/** The signed version whose words it is. */
export type FollowUpBasis = {
  readonly reportId: string;
  readonly version: number;
  readonly digest: string;
  readonly signedAt: Instant;
  /** Who signed it, where it was somebody else who confirmed what is recommended: it is then followed by both. */
  readonly signer?: Person;
};

/** Whether a reader follows it by herself: she confirmed or corrected it, or signed the words that another confirmed. */
export function isFollowedBy({ readings, basis }: Pick<FollowUp, 'readings' | 'basis'>, reader: string): boolean {
  return basis?.signer?.id === reader || readings.some(({ by }) => by.id === reader);
}

/** Somebody holds it now: a named person or a role, and where she is reached. */
export type FollowUpHandOver = FollowUpStamp & {
  readonly to: { readonly name: string; readonly role: string; readonly phone: string };
  readonly words: string;
};

/** The exam that was made or ordered. */
export type MatchingExam = {
  readonly taskId: string;
  readonly orderId: string | null;
  readonly accession: string | null;
  readonly exam: string;
  /** The day on which it was made; null while it is only ordered. */
  readonly day: Day | null;
};

/** Why somebody ends one without an exam here. */
export const closingReasons = ['declined', 'elsewhere', 'not-needed'] as const;
export type ClosingReason = (typeof closingReasons)[number];
export const closingWords: Readonly<Record<ClosingReason, string>> = {
  declined: 'declined by the patient or the orderer',
  elsewhere: 'done elsewhere',
  'not-needed': 'no longer needed',
};

export type FollowUpEnding = FollowUpStamp &
  (
    | { readonly kind: 'done'; readonly how: 'exact-reference' | 'confirmed'; readonly exam: MatchingExam }
    | { readonly kind: 'closed'; readonly reason: ClosingReason; readonly words: string }
    /** A later version of the report says it no longer. */
    | { readonly kind: 'not-said'; readonly version: number }
    /** The report was withdrawn. */
    | { readonly kind: 'withdrawn'; readonly version: number }
    /** Confirmed by a slip of the hand. */
    | { readonly kind: 'mistaken'; readonly words: string }
  );

/** A recommended exam, from when a reader confirmed it until it is made, or somebody ends it with a reason. */
export type FollowUp = {
  readonly id: string;
  readonly taskId: string;
  readonly orderId: string | null;
  readonly siteId: string | null;
  readonly patientReference: string | null;
  /** Section code and sentence of the report, as they stand there: nothing is added to the report by it. */
  readonly section: string;
  readonly quote: string;
  readonly origin: FollowUpOrigin;
  /** The day of the exam that recommends it. */
  readonly countedFrom: Day;
  /** As first confirmed, and each correction; the last one holds. */
  readonly readings: readonly (FollowUpStamp & { readonly reading: FollowUpReading })[];
  /** Null while no signed version says it. */
  readonly basis: FollowUpBasis | null;
  /** Oldest first; the last one holds it. Nobody yet: whoever ordered the exam. */
  readonly handOvers: readonly FollowUpHandOver[];
  /** Exams that somebody has said are not it. */
  readonly notThese: readonly string[];
  readonly ending: FollowUpEnding | null;
  /** Endings that were taken back. */
  readonly reopened: readonly (FollowUpStamp & { readonly ending: FollowUpEnding; readonly words: string })[];
};

export const longestQuote = 1_000;
export const longestFollowUpWords = 500;
export const longestExam = 120;
/** More than these nobody makes. */
export const mostSteps = 100;

type Said = {
  readonly id: string;
  readonly by: Person;
  /** How long before it reached the record it was so, by the clock of who pressed. */
  readonly ago: Millis;
};
/** What a person says of one. */
export type FollowUpMove = Said &
  (
    | { readonly kind: 'correct'; readonly reading: FollowUpReading }
    | { readonly kind: 'hand-over'; readonly to: FollowUpHandOver['to']; readonly words: string }
    | { readonly kind: 'done'; readonly how: 'exact-reference' | 'confirmed'; readonly exam: MatchingExam }
    | { readonly kind: 'not-this'; readonly taskId: string }
    | { readonly kind: 'close'; readonly reason: ClosingReason; readonly words: string }
    | { readonly kind: 'reopen'; readonly words: string }
    | { readonly kind: 'mistaken'; readonly words: string }
  );

/** What the report's versions say of it: told by the host, never typed. */
export type FollowUpOfReport =
  | { readonly kind: 'said'; readonly basis: FollowUpBasis }
  | { readonly kind: 'not-said'; readonly version: number }
  | { readonly kind: 'withdrawn'; readonly version: number };

export type FollowUpRefusal = {
  readonly code: 'ended-already' | 'lacking' | 'too-long' | 'not-now';
  readonly words: string;
};
const refuse = (code: FollowUpRefusal['code'], words: string) => err({ code, words } as const);

/** The reading that holds. */
export function readingOf({ readings }: Pick<FollowUp, 'readings'>): FollowUpReading {
  const last = readings.at(-1);
  if (last === undefined) throw new Error('A follow-up without a reading was made.');
  return last.reading;
}

/** From when until when; null where no time was said. */
export function windowOfFollowUp(followUp: Pick<FollowUp, 'readings' | 'countedFrom'>): Window | null {
  const { interval } = readingOf(followUp);
  return interval === null ? null : windowOf(followUp.countedFrom, interval);
}

/** Who holds it; null: whoever ordered the exam. */
export function holderOf({ handOvers }: Pick<FollowUp, 'handOvers'>): FollowUpHandOver | null {
  return handOvers.at(-1) ?? null;
}

/** A reading as it is kept, or what it lacks. */
export function checkReading(reading: FollowUpReading): Result<FollowUpReading, FollowUpRefusal> {
  const exam = plainWords(reading.exam);
  const condition = plainWords(reading.condition);
  if (exam === '') return refuse('lacking', 'Say which exam is recommended.');
  if (exam.length > longestExam) return refuse('too-long', `An exam has at most ${longestExam} characters here.`);
  if (condition.length > longestFollowUpWords)
    return refuse('too-long', `A condition has at most ${longestFollowUpWords} characters.`);
  if (reading.interval !== null && !isSoundInterval(reading.interval))
    return refuse('lacking', 'The time is not possible: its first must not come after its last.');
  return ok({ ...reading, exam, condition });
}

/** The words of the report as they are kept; or why it cannot be begun. */
export function checkQuote(quote: string): Result<string, FollowUpRefusal> {
  const words = quote.trim();
  if (words === '') return refuse('lacking', 'Choose the words of the report that recommend it.');
  if (words.length > longestQuote)
    return refuse('too-long', `A recommendation has at most ${longestQuote} characters.`);
  return ok(words);
}

/**
 * The legal moves of people. Each may come twice and is then harmless. What a person did while it was ended by another is refused with
 * what has ended it: nothing is tracked twice.
 */
export function stepFollowUp(followUp: FollowUp, move: FollowUpMove, now: Instant): Result<FollowUp, FollowUpRefusal> {
  if (isKnown(followUp, move.id)) return ok(followUp);
  const first = followUp.readings[0]?.at ?? instant(0);
  const recordedAt = instant(Math.max(now, first));
  const at = instant(Math.max(first, Math.min(recordedAt, now - Math.max(0, Math.trunc(move.ago)))));
  const stamp: FollowUpStamp = { id: move.id, by: move.by, at, recordedAt };
  const words = 'words' in move ? plainWords(move.words) : '';
  if (words.length > longestFollowUpWords)
    return refuse('too-long', `At most ${longestFollowUpWords} characters are kept.`);
  const steps =
    followUp.readings.length + followUp.handOvers.length + followUp.reopened.length + followUp.notThese.length;
  if (steps >= mostSteps) return refuse('too-long', 'No more steps are kept. Phone the lead.');
  if (followUp.ending !== null && move.kind !== 'reopen') return refuse('ended-already', endedWords(followUp.ending));
  switch (move.kind) {
    case 'correct': {
      const reading = checkReading(move.reading);
      if (!reading.ok) return reading;
      return ok({ ...followUp, readings: [...followUp.readings, { ...stamp, reading: reading.value }] });
    }
    case 'hand-over': {
      const to = { name: plainWords(move.to.name), role: plainWords(move.to.role), phone: move.to.phone.trim() };
      if (to.name === '' && to.role === '') return refuse('lacking', 'Say who takes it over: a person or a role.');
      if (to.name.length > longestExam || to.role.length > longestExam)
        return refuse('too-long', `A name has at most ${longestExam} characters.`);
      if (to.phone !== '' && !isPhone(to.phone))
        return refuse('lacking', 'Give a number under which they are reached, or none.');
      return ok({ ...followUp, handOvers: [...followUp.handOvers, { ...stamp, to, words }] });
    }
    case 'done': {
      if (move.exam.taskId === followUp.taskId)
        return refuse('not-now', 'That is the exam that recommends it, not the one recommended.');
      if (followUp.basis === null) return refuse('not-now', 'No signed version of the report says it yet.');
      return ok({ ...followUp, ending: { kind: 'done', ...stamp, how: move.how, exam: move.exam } });
    }
    case 'not-this':
      return ok(
        followUp.notThese.includes(move.taskId)
          ? followUp
          : { ...followUp, notThese: [...followUp.notThese, move.taskId] },
      );
    case 'close':
      if (words === '') return refuse('lacking', 'Say who said so, or what was found out.');
      return ok({ ...followUp, ending: { kind: 'closed', ...stamp, reason: move.reason, words } });
    case 'reopen': {
      const { ending } = followUp;
      if (ending === null) return ok(followUp);
      if (ending.kind === 'withdrawn' || ending.kind === 'not-said')
        return refuse('not-now', `${endedWords(ending)} Only words of a report are tracked.`);
      if (words === '') return refuse('lacking', 'Say why it is open again.');
      const reopened = [...followUp.reopened, { ...stamp, ending, words }];
      return ok({ ...followUp, ending: null, reopened });
    }
    case 'mistaken':
      if (words === '') return refuse('lacking', 'Say why it is no recommendation.');
      return ok({ ...followUp, ending: { kind: 'mistaken', ...stamp, words } });
    default:
      return assertNever(move);
  }
}

/**
 * What a released version does to it. The words that stand keep it open and name the newest version that says them; what a correction
 * leaves out, or a withdrawal takes back, ends it, also where it was ended by a person before: the record then says why nobody looks.
 * Null where nothing changes.
 */
export function followReport(followUp: FollowUp, told: FollowUpOfReport, stamp: FollowUpStamp): FollowUp | null {
  const { basis, ending } = followUp;
  switch (told.kind) {
    case 'said': {
      const same = basis?.digest === told.basis.digest;
      // A correction that left it out was itself corrected: the words stand again.
      const again = ending?.kind === 'not-said' && told.basis.version > ending.version;
      if (same && !again) return null;
      if (ending?.kind === 'withdrawn') return null;
      return { ...followUp, basis: told.basis, ...(again ? { ending: null } : {}) };
    }
    case 'not-said':
      if (basis === null || ending !== null) return null;
      return { ...followUp, ending: { kind: 'not-said', ...stamp, version: told.version } };
    case 'withdrawn':
      if (basis === null || ending !== null) return null;
      return { ...followUp, ending: { kind: 'withdrawn', ...stamp, version: told.version } };
    default:
      return assertNever(told);
  }
}

function isKnown(followUp: FollowUp, id: string): boolean {
  const stamped: readonly { readonly id: string }[] = [
    ...followUp.readings,
    ...followUp.handOvers,
    ...followUp.reopened,
    ...followUp.reopened.map((one) => one.ending),
    ...(followUp.ending === null ? [] : [followUp.ending]),
  ];
  return stamped.some((one) => one.id === id);
}

/** How it ended, in a sentence. */
export function endedWords(ending: FollowUpEnding): string {
  switch (ending.kind) {
    case 'done': {
      const { exam, day, accession } = ending.exam;
      const made = day === null ? 'ordered' : `made ${day}`;
      const how =
        ending.how === 'exact-reference' ? 'its order names this recommendation' : `confirmed by ${ending.by.name}`;
      return `Done: ${exam}${accession === null ? '' : `, ${accession}`}, ${made}, ${how}.`;
    }
    case 'closed':
      return `Closed by ${ending.by.name}, ${closingWords[ending.reason]}: ${ending.words}`;
    case 'not-said':
      return `Ended: version ${ending.version} of the report says it no longer.`;
    case 'withdrawn':
      return `Ended: the report was withdrawn by version ${ending.version}.`;
    case 'mistaken':
      return `Taken back by ${ending.by.name}: ${ending.words}`;
    default:
      return assertNever(ending);
  }
}
