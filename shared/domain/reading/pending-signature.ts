import type { Instant } from '../../lib/instant.ts';
import type { ReaderId } from '../reader/index.ts';

/**
 * A report that somebody wrote who may not issue it (privilege "to draft only"), and gave to be signed. It is released nowhere and stands in
 * no channel; its words are signed by her and named here by their digest.
 */
export type PendingSignature = {
  readonly reader: ReaderId;
  readonly readerName: string;
  readonly at: Instant;
  /** SHA-256, lower-case hex, over the canonical JSON of what she gave. */
  readonly digest: string;
  /** Made by the page for one press: sent twice it is given once. */
  readonly press: string;
  /** Who opened it first to sign it; null while nobody has, and then she may take it back. */
  readonly opened: { readonly reader: ReaderId; readonly readerName: string; readonly at: Instant } | null;
  /** Tasks of all exams of a report over several, this one among them: they were given by one press, and are signed or go back as one. Absent for a report of one. */
  readonly together?: readonly string[];
};

/** A report that came back to whoever gave it, and why. */
export type SentBack = {
  readonly by: ReaderId;
  readonly byName: string;
  readonly to: ReaderId;
  readonly at: Instant;
  readonly words: string;
  /** Of what she had given. */
  readonly digest: string;
};

/** Shortest reason with which a report is sent back: "no" teaches nobody. */
export const shortestSentBack = 3;

type Desk = { readonly pending?: PendingSignature; readonly sentBack?: SentBack };

/** The desk with these and no others; their order is always the same, so that equal desks are equal as JSON. */
export function withPending<Of extends Desk>(
  desk: Of,
  pending: PendingSignature | null,
  sentBack: SentBack | null,
): Omit<Of, 'pending' | 'sentBack'> & Desk {
  if (pending === null && sentBack === null && desk.pending === undefined && desk.sentBack === undefined) return desk;
  const { pending: _pending, sentBack: _sentBack, ...rest } = desk;
  return { ...rest, ...(pending === null ? {} : { pending }), ...(sentBack === null ? {} : { sentBack }) };
}

/** How a task's pending signature stands to one reader. */
export type PendingStanding =
  /** Nothing waits for a signature here. */
  | 'none'
  /** She gave it, and nobody has opened it: hers to take back. */
  | 'given'
  /** She gave it, and somebody has it open or had. */
  | 'given-opened'
  /** Somebody else's words wait here. */
  | 'to-sign'
  /** Hers came back with a reason. */
  | 'sent-back';

export function pendingStanding(desk: Desk | undefined, me: ReaderId): PendingStanding {
  const { pending, sentBack } = desk ?? {};
  if (pending !== undefined) {
    if (pending.reader !== me) return 'to-sign';
    return pending.opened === null ? 'given' : 'given-opened';
  }
  return sentBack?.to === me ? 'sent-back' : 'none';
}
