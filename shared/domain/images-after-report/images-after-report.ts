import { assertNever } from '../../lib/assert-never.ts';
import { after, type Instant, type Millis, millis } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { plainWords } from '../message/index.ts';
import type { Person } from '../question/index.ts';
import { countWords, type ImageDifference, totals } from './image-difference.ts';

/** A released version of a report, as it is known for good. */
export type SignedReport = { readonly id: string; readonly version: number; readonly digest: string };

/** As what somebody was told: it is her report, she is on shift and may read it, or nobody else is there. */
export const tellingRoles = ['signer', 'reader', 'lead'] as const;
export type TellingRole = (typeof tellingRoles)[number];
export type Telling = { readonly to: Person; readonly as: TellingRole; readonly at: Instant };

/** Why the report stands although its images are other ones now. `other` is said in words. */
export const noChangeReasons = [
  'same-again',
  'nothing-to-report',
  'confirms',
  'withdrawn-not-used',
  'as-signed-again',
  'other',
] as const;
export type NoChangeReason = (typeof noChangeReasons)[number];

export const noChangeWords: Readonly<Record<NoChangeReason, string>> = {
  'same-again': 'The same images, sent again',
  'nothing-to-report': 'Nothing to report on them: scout, dose page, screen copy',
  confirms: 'Looked at; they confirm the report as it stands',
  'withdrawn-not-used': 'What was withdrawn was not what the report rests on',
  'as-signed-again': 'The archive holds again what was signed',
  other: 'Another reason, in words',
};

/** Characters of the words that come with a reason. */
export const longestReason = 500;

export type Ending =
  | {
      readonly kind: 'no-change';
      readonly by: Person;
      readonly at: Instant;
      readonly reason: NoChangeReason;
      readonly words: string;
    }
  /** A later version whose signature covers the images that are there now. */
  | { readonly kind: 'report'; readonly by: Person; readonly at: Instant; readonly report: SignedReport };

/**
 * Images that came, changed or went after the report was signed, from when that was noticed until somebody has ended it. One case has at
 * most one that is open: what comes meanwhile is taken up into it.
 */
export type ImagesAfterReport = {
  readonly id: string;
  readonly taskId: string;
  readonly orderId: string | null;
  readonly siteId: string | null;
  readonly patientReference: string | null;
  readonly studyUid: string;
  /** The version that the difference is to: the newest that is released and does not cover it. */
  readonly report: SignedReport;
  readonly signer: Person;
  /** When it was noticed: its own clock starts here, and the report's clock does not know of it. */
  readonly since: Instant;
  readonly due: Instant;
  /** Of whom the time was agreed: the contract's name. */
  readonly dueBy: string;
  readonly difference: ImageDifference;
  /** When the difference last became another one. */
  readonly changedAt: Instant;
  /** Oldest first. */
  readonly told: readonly Telling[];
  readonly ending: Ending | null;
};

export type AfterReportStage = 'raised' | 'told' | 'ended';

export function stageOf({ told, ending }: Pick<ImagesAfterReport, 'told' | 'ending'>): AfterReportStage {
  return ending !== null ? 'ended' : told.length > 0 ? 'told' : 'raised';
}

export type AfterReportMove =
  /** The archive holds something else than before, compared with the version that stands now. */
  | { readonly kind: 'update'; readonly difference: ImageDifference; readonly report: SignedReport }
  | { readonly kind: 'tell'; readonly tellings: readonly Omit<Telling, 'at'>[] }
  /** `seen`: the digest of the difference that was on her screen. Nobody ends what she has not been shown. */
  | {
      readonly kind: 'no-change';
      readonly seen: string;
      readonly by: Person;
      readonly reason: NoChangeReason;
      readonly words: string;
    }
  | { readonly kind: 'report'; readonly by: Person; readonly report: SignedReport };

export type AfterReportRefusal = {
  readonly code: 'ended-already' | 'more-came' | 'no-reason' | 'too-long' | 'older-report';
  readonly words: string;
};

/**
 * The legal moves. Each may come twice (a lost answer, two hosts, a killed one) and is then harmless: what is already so is answered as
 * it is.
 */
export function stepAfterReport(
  item: ImagesAfterReport,
  move: AfterReportMove,
  now: Instant,
): Result<ImagesAfterReport, AfterReportRefusal> {
  // No step is older than what it follows, whichever host's clock it is read from.
  const at = now > item.since ? now : item.since;
  if (item.ending !== null) return isSameEnding(item.ending, move) ? ok(item) : err(endedAlready(item.ending));
  switch (move.kind) {
    case 'update': {
      const { difference, report } = move;
      if (report.version < item.report.version) return err(olderReport);
      const same = difference.digest === item.difference.digest && report.digest === item.report.digest;
      return ok(same ? item : { ...item, difference, report, changedAt: at });
    }
    case 'tell': {
      const fresh = move.tellings.filter((one) => !item.told.some((known) => known.to.id === one.to.id));
      return ok(fresh.length === 0 ? item : { ...item, told: [...item.told, ...fresh.map((one) => ({ ...one, at }))] });
    }
    case 'no-change': {
      if (move.seen !== item.difference.digest)
        return err({
          code: 'more-came',
          words: `The images changed again since you looked: ${countWords(totals(item.difference.series))} now. Look at them, then end it.`,
        });
      const words = plainWords(move.words);
      if (move.reason === 'other' && words === '')
        return err({ code: 'no-reason', words: 'Say why the report stands.' });
      if (words.length > longestReason)
        return err({ code: 'too-long', words: `A reason has at most ${longestReason} characters.` });
      return ok({ ...item, ending: { kind: 'no-change', by: move.by, at, reason: move.reason, words } });
    }
    case 'report':
      if (move.report.version <= item.report.version) return err(olderReport);
      return ok({ ...item, ending: { kind: 'report', by: move.by, at, report: move.report } });
    default:
      return assertNever(move);
  }
}

const olderReport: AfterReportRefusal = {
  code: 'older-report',
  words: 'That version was signed before these images were noticed.',
};

function isSameEnding(ending: Ending, move: AfterReportMove): boolean {
  if (ending.kind === 'no-change')
    return (
      move.kind === 'no-change' &&
      move.by.id === ending.by.id &&
      move.reason === ending.reason &&
      plainWords(move.words) === ending.words
    );
  return move.kind === 'report' && move.report.digest === ending.report.digest;
}

function endedAlready(ending: Ending): AfterReportRefusal {
  const how =
    ending.kind === 'no-change'
      ? `as “no change”: ${noChangeWords[ending.reason]}`
      : `by version ${ending.report.version} of the report`;
  return { code: 'ended-already', words: `${ending.by.name} has ended it already, ${how}.` };
}

/** Whether a difference to this very version was judged before: then it is not raised again. */
export function isJudged(
  difference: ImageDifference,
  report: Pick<SignedReport, 'digest'>,
  items: readonly ImagesAfterReport[],
): boolean {
  return items.some(
    (one) => one.ending !== null && one.difference.digest === difference.digest && one.report.digest === report.digest,
  );
}

/** How long it has been open, or was until it was ended. */
export function openFor(item: Pick<ImagesAfterReport, 'since' | 'ending'>, now: Instant): Millis {
  return millis(Math.max(0, (item.ending?.at ?? now) - item.since));
}

export function isOverdue(item: Pick<ImagesAfterReport, 'due' | 'ending'>, now: Instant): boolean {
  return item.ending === null && now >= item.due;
}

/**
 * When it has to be ended: what the contract allows for a report of that priority and modality, counted anew from when it was noticed.
 * Without a contract these are the group's own times. Day and night: images that contradict a report do not wait for office hours.
 */
export function dueAfterReport(since: Instant, terms: { readonly allowance: Millis }): Instant {
  return after(since, terms.allowance);
}
