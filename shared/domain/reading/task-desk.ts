import type { Instant } from '../../lib/instant.ts';
import type { ReaderId } from '../reader/index.ts';
import type { PendingSignature, SentBack } from './pending-signature.ts';

/** Why a reader gives a study to others. */
export const passReasons = [
  'wrong-subspecialty',
  'conflict-of-interest',
  'prior-needed',
  'technically-inadequate',
  'other',
] as const;
export type PassReason = (typeof passReasons)[number];

/** Why the work on a study pauses. */
export const holdReasons = [
  'question-to-site',
  'prior-needed',
  'images-missing',
  'technically-inadequate',
  'called-away',
  'other',
] as const;
export type HoldReason = (typeof holdReasons)[number];

export const passWords: Readonly<Record<PassReason, string>> = {
  'wrong-subspecialty': 'Wrong subspecialty',
  'conflict-of-interest': 'Conflict of interest',
  'prior-needed': 'Prior needed',
  'technically-inadequate': 'Technically inadequate',
  other: 'Other reason',
};

export const holdWords: Readonly<Record<HoldReason, string>> = {
  'question-to-site': 'Question to the site',
  'prior-needed': 'Prior needed',
  'images-missing': 'Images missing',
  'technically-inadequate': 'Technically inadequate',
  'called-away': 'Called away',
  other: 'Other reason',
};

/** "Other" says nothing by itself, so it needs words; the typed reasons may have some. */
export function reasonIsEnough(reason: PassReason | HoldReason, words: string): boolean {
  return reason !== 'other' || words.trim().length >= 3;
}

/** A colleague was asked to look, without the claim being given up. */
export type SecondLook = {
  readonly id: string;
  readonly by: ReaderId;
  readonly byName: string;
  readonly to: ReaderId;
  readonly toName: string;
  readonly question: string;
  readonly askedAt: Instant;
  readonly answer: { readonly words: string; readonly at: Instant } | null;
};

/** What readers arranged among themselves about a task, beside who has claimed it. */
export type TaskDesk = {
  /** Why it is held; null unless it is. */
  readonly hold: { readonly reason: HoldReason; readonly words: string } | null;
  /** For whom it was set aside; anybody may still take it when she must. */
  readonly assigned: { readonly reader: ReaderId; readonly readerName: string; readonly byName: string } | null;
  /** Who passed it on, and why: it is not offered to them again. One entry for each reader, the latest. */
  readonly passes: readonly { readonly reader: ReaderId; readonly reason: PassReason }[];
  readonly looks: readonly SecondLook[];
  /** A report that waits here for somebody who may sign it; absent nearly always. */
  readonly pending?: PendingSignature;
  /** The report that was given last came back to its writer; absent nearly always. */
  readonly sentBack?: SentBack;
};

export const emptyDesk: TaskDesk = { hold: null, assigned: null, passes: [], looks: [] };

/** More than these on one study are a quarrel, not a consultation; the record's Task stays small. */
export const mostLooks = 20;

export function withPass(desk: TaskDesk, reader: ReaderId, reason: PassReason): TaskDesk {
  return {
    ...desk,
    hold: null,
    // Who passes what was set aside for her gives that up too.
    assigned: desk.assigned?.reader === reader ? null : desk.assigned,
    passes: [...desk.passes.filter((one) => one.reader !== reader), { reader, reason }],
  };
}

/** Whether the task is not to be offered to this reader unasked: she passed it, gave it to be signed, or it was set aside for somebody else. */
export function notOfferedTo(desk: Pick<TaskDesk, 'assigned' | 'passes' | 'pending'>, reader: ReaderId): boolean {
  if (desk.pending?.reader === reader) return true;
  if (desk.assigned !== null) return desk.assigned.reader !== reader;
  return desk.passes.some((one) => one.reader === reader);
}
