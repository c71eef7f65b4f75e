import { assertNever } from '../../lib/assert-never.ts';
import { after, type Instant, instant, type Millis } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { plainWords } from '../message/index.ts';
import { isPhone, type Person } from '../question/index.ts';
import { type CaregiverRole, type ContactWay, closesLevel } from './acknowledgement.ts';
import type { Rung, RungRole } from './ladder.ts';
import type { CriticalLevel } from './level.ts';

/** What began it: a key, a spoken phrase, a check before signing, words on the wrong patient. */
export const criticalOrigins = ['key', 'phrase', 'check', 'wrong-patient'] as const;
export type CriticalOrigin = (typeof criticalOrigins)[number];

/** Somebody was tried to reach. Nothing of it closes anything. */
export type Attempt = {
  /** Made by who recorded it: a repeat is the same attempt. */
  readonly id: string;
  readonly by: Person;
  readonly at: Instant;
  /** When the record had it; later than `at` where it was typed offline. */
  readonly recordedAt: Instant;
  readonly rung: RungRole | null;
  /** Who was to be reached, as said. */
  readonly whom: string;
  readonly way: ContactWay;
  readonly words: string;
};

/** A person gave back what she was told: who, role, call-back number, how, when, words. */
export type ReadBack = {
  readonly who: string;
  readonly role: CaregiverRole;
  readonly callBack: string;
  readonly way: ContactWay;
  readonly canAct: boolean;
  /** What she said or typed. */
  readonly words: string;
};

export type CriticalEnding = {
  readonly id: string;
  readonly at: Instant;
  readonly recordedAt: Instant;
  /** Who recorded it; a physician on her page records it herself. */
  readonly by: Person;
} & (
  | { readonly kind: 'closed'; readonly readBack: ReadBack }
  /** Handed to tracked follow-up: another named person has taken it over. Level 3 alone. */
  | {
      readonly kind: 'delegated';
      readonly to: { readonly name: string; readonly role: string; readonly phone: string };
      readonly words: string;
    }
  /** Begun by a slip of the hand, before anybody was tried to reach. */
  | { readonly kind: 'mistaken'; readonly words: string }
);

/** Somebody else of the group has taken it over. The clock runs on. */
export type HandOver = { readonly id: string; readonly to: Person; readonly by: Person; readonly at: Instant };

/** A finding that somebody has to be told of, from when it was identified until a person who can act has read it back. */
export type CriticalResult = {
  readonly id: string;
  readonly taskId: string;
  readonly orderId: string | null;
  readonly siteId: string | null;
  readonly patientReference: string | null;
  readonly level: CriticalLevel;
  /** What is to be told, in the reader's words. */
  readonly finding: string;
  readonly origin: CriticalOrigin;
  readonly identifiedBy: Person;
  readonly identifiedAt: Instant;
  /** Within what time it has to be read back, as agreed when it was begun. */
  readonly limit: Millis;
  /** Of whom the time was agreed: the contract's name. */
  readonly agreedBy: string;
  /** As it stood when it was begun. */
  readonly ladder: readonly Rung[];
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  readonly handOvers: readonly HandOver[];
  readonly ending: CriticalEnding | null;
};

export const longestFinding = 1_000;
export const longestCriticalWords = 1_000;
export const longestName = 120;
/** More than these nobody makes; a program that loops would. */
export const mostAttempts = 200;

type Said = {
  /** Made once for each press. */
  readonly id: string;
  readonly by: Person;
  /** How long before it reached the record it was so, by the clock of who pressed: her clock's error does not matter. */
  readonly ago: Millis;
};
export type CriticalMove = Said &
  (
    | {
        readonly kind: 'attempt';
        readonly rung: RungRole | null;
        readonly whom: string;
        readonly way: ContactWay;
        readonly words: string;
      }
    | ({ readonly kind: 'read-back' } & ReadBack)
    | {
        readonly kind: 'delegate';
        readonly to: { readonly name: string; readonly role: string; readonly phone: string };
        readonly words: string;
      }
    | { readonly kind: 'hand-over'; readonly to: Person }
    | { readonly kind: 'mistaken'; readonly words: string }
  );

export type CriticalRefusal = {
  readonly code: 'ended-already' | 'does-not-close' | 'lacking' | 'too-long' | 'not-at-this-level' | 'not-now';
  readonly words: string;
};

const refuse = (code: CriticalRefusal['code'], words: string) => err({ code, words } as const);

/** Who has it now: who began it, or who took it over last. */
export function ownerOf({ identifiedBy, handOvers }: Pick<CriticalResult, 'identifiedBy' | 'handOvers'>): Person {
  return handOvers.at(-1)?.to ?? identifiedBy;
}

/** When it was identified or done, that many milliseconds ago; never in the future. */
export function momentAgo(now: Instant, ago: Millis): Instant {
  return instant(now - Math.max(0, Math.trunc(ago)));
}

/**
 * The legal moves. Each may come twice (a lost answer, two hosts, a killed one) and is then harmless: what is already so is answered as it
 * is. An attempt that was typed offline is taken also after somebody else has closed it: it was made, and nothing that was done is lost.
 */
export function stepCritical(
  result: CriticalResult,
  move: CriticalMove,
  now: Instant,
): Result<CriticalResult, CriticalRefusal> {
  const recordedAt = now > result.identifiedAt ? now : result.identifiedAt;
  const said = momentAgo(now, move.ago);
  const at = instant(Math.max(said, result.identifiedAt));
  const stamp = { id: move.id, by: move.by, at, recordedAt };
  if (isKnown(result, move.id)) return ok(result);
  if (result.ending !== null && move.kind !== 'attempt' && move.kind !== 'read-back')
    return refuse('ended-already', endedWords(result.ending));
  const words = 'words' in move ? plainWords(move.words) : '';
  if (words.length > longestCriticalWords)
    return refuse('too-long', `At most ${longestCriticalWords} characters are kept.`);
  switch (move.kind) {
    case 'attempt': {
      if (result.attempts.length >= mostAttempts)
        return refuse('too-long', 'No more attempts are kept. Phone the lead.');
      const whom = plainWords(move.whom);
      if (whom === '') return refuse('lacking', 'Say whom you tried to reach.');
      if (whom.length > longestName) return refuse('too-long', `A name has at most ${longestName} characters.`);
      const attempt: Attempt = { ...stamp, rung: move.rung, whom, way: move.way, words };
      const attempts = [...result.attempts, attempt].sort((one, other) => one.at - other.at);
      return ok({ ...result, attempts });
    }
    case 'read-back': {
      const lacking = lackingOf(move);
      if (lacking !== null) return refuse('lacking', lacking);
      const verdict = closesLevel(result.level, move);
      if (!verdict.closes) return refuse('does-not-close', verdict.words);
      // It was closed by another while this one was on its way: a second conversation, and no word of it is lost.
      if (result.ending !== null)
        return stepCritical(result, { ...move, kind: 'attempt', rung: null, whom: move.who }, now);
      const { role, way, canAct } = move;
      const readBack = { who: plainWords(move.who), role, callBack: move.callBack.trim(), way, canAct, words };
      return ok({ ...result, ending: { kind: 'closed', ...stamp, readBack } });
    }
    case 'delegate': {
      if (result.level !== 3)
        return refuse('not-at-this-level', 'Only level 3 is handed to follow-up: reach somebody who can act.');
      const to = {
        name: plainWords(move.to.name),
        role: plainWords(move.to.role),
        phone: move.to.phone.trim(),
      };
      if (to.name === '' || to.name.length > longestName || to.role.length > longestName)
        return refuse('lacking', 'Name the person who takes it over.');
      if (!isPhone(to.phone)) return refuse('lacking', 'Give the number under which that person is reached.');
      if (words === '') return refuse('lacking', 'Say what was agreed.');
      return ok({ ...result, ending: { kind: 'delegated', ...stamp, to, words } });
    }
    case 'hand-over': {
      if (ownerOf(result).id === move.to.id) return ok(result);
      return ok({ ...result, handOvers: [...result.handOvers, { id: move.id, to: move.to, by: move.by, at }] });
    }
    case 'mistaken':
      if (result.attempts.length > 0 || result.origin === 'wrong-patient')
        return refuse('not-now', 'Somebody was tried to reach already, so it has to be closed by a read-back.');
      if (words === '') return refuse('lacking', 'Say why it was no critical result.');
      return ok({ ...result, ending: { kind: 'mistaken', ...stamp, words } });
    default:
      return assertNever(move);
  }
}

/** What a read-back lacks, in words; null where it has all that is asked for. */
export function lackingOf(given: Pick<ReadBack, 'who' | 'callBack' | 'words'>): string | null {
  const who = plainWords(given.who);
  if (who === '' || who.length > longestName) return 'Say who was reached, by name.';
  if (!isPhone(given.callBack)) return 'Give the call-back number, such as 555-0100.';
  return plainWords(given.words) === '' ? 'Write what was read back.' : null;
}

/** The move of a conversation: one that does not close is kept as the attempt that it was. */
export function conversationMove(
  said: Said,
  readBack: ReadBack,
  rung: RungRole | null,
  level: CriticalLevel,
): CriticalMove {
  if (closesLevel(level, readBack).closes) return { ...said, kind: 'read-back', ...readBack };
  const { who, way, words } = readBack;
  return { ...said, kind: 'attempt', rung, whom: who, way, words };
}

function isKnown(result: CriticalResult, id: string): boolean {
  return (
    result.attempts.some((one) => one.id === id) ||
    result.handOvers.some((one) => one.id === id) ||
    result.ending?.id === id
  );
}

function endedWords(ending: CriticalEnding): string {
  switch (ending.kind) {
    case 'closed':
      return `It is closed already: ${ending.readBack.who} has read it back.`;
    case 'delegated':
      return `It is with ${ending.to.name} for follow-up already.`;
    case 'mistaken':
      return `${ending.by.name} has taken it back already.`;
    default:
      return assertNever(ending);
  }
}

/** When it has to be read back. */
export function criticalDue({ identifiedAt, limit }: Pick<CriticalResult, 'identifiedAt' | 'limit'>): Instant {
  return after(identifiedAt, limit);
}

/** The words of a new one, as they are kept; or why it cannot be begun. */
export function checkFinding(finding: string): Result<string, CriticalRefusal> {
  const words = plainWords(finding);
  if (words === '') return refuse('lacking', 'Say what has to be told.');
  if (words.length > longestFinding)
    return refuse('too-long', `A finding has at most ${longestFinding} characters here.`);
  return ok(words);
}
