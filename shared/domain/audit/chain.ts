import { type Instant, instant } from '../../lib/instant.ts';
import type { AuditEntry } from './audit-entry.ts';

/** What an entry says, before it takes its place in the chain. */
export type AuditFacts = Omit<AuditEntry, 'sequence' | 'previousHash' | 'hash'>;
/** SHA-256 over UTF-8, as lower-case hex. */
export type Sha256 = (text: string) => string;

/** The head of the chain as it was written down elsewhere: in a signed report, in the record. */
export type AuditAnchor = { readonly sequence: number; readonly hash: string };

export type ChainVerdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** Sequence number at which the chain first fails. */
      readonly at: number;
      /**
       * edited: an entry is not what was hashed, or its successor names another. removed: a number is missing. swapped: entries
       * stand in another order, or twice. cut-tail: an anchor names a later entry than the last. rewritten: the chain agrees with
       * itself but not with an anchor.
       */
      readonly finding: 'edited' | 'removed' | 'swapped' | 'cut-tail' | 'rewritten';
    };

/** Hash before the first entry. */
export const firstPreviousHash = '0'.repeat(64);

export function sealEntry(previous: AuditEntry | null, facts: AuditFacts, sha256: Sha256): AuditEntry {
  const unsealed = {
    at: facts.at,
    user: facts.user,
    purpose: facts.purpose,
    patient: facts.patient,
    studyUid: facts.studyUid,
    detail: facts.detail,
    sequence: previous === null ? 1 : previous.sequence + 1,
    previousHash: previous === null ? firstPreviousHash : previous.hash,
  };
  return { ...unsealed, hash: hashOf(unsealed, sha256) };
}

function hashOf(entry: Omit<AuditEntry, 'hash'>, sha256: Sha256): string {
  // Member by member: whatever else a stored row carries must neither enter the hash nor break it. In the order of their names this is
  // canonical JSON already, at a quarter of its cost: a long log is verified in a second.
  return sha256(
    JSON.stringify({
      at: entry.at,
      detail: entry.detail,
      patient: entry.patient,
      previousHash: entry.previousHash,
      purpose: entry.purpose,
      sequence: entry.sequence,
      studyUid: entry.studyUid,
      user: entry.user,
    }),
  );
}

/**
 * Checks a whole chain from its first entry, and against what was anchored elsewhere. Entries after the last anchor can be cut
 * without trace; that is why the head is anchored in each signed report and every 15 minutes.
 */
export function verifyChain(
  entries: readonly AuditEntry[],
  anchors: readonly AuditAnchor[],
  sha256: Sha256,
): ChainVerdict {
  let previousHash = firstPreviousHash;
  for (const [index, entry] of entries.entries()) {
    const expected = index + 1;
    if (entry.sequence !== expected) {
      const elsewhere = entries.some((other) => other.sequence === expected);
      const twice = entry.sequence < expected;
      return { ok: false, at: expected, finding: elsewhere || twice ? 'swapped' : 'removed' };
    }
    if (hashOf(entry, sha256) !== entry.hash) return { ok: false, at: expected, finding: 'edited' };
    // This entry is as it was hashed but names another predecessor: the one before was changed and hashed anew.
    if (entry.previousHash !== previousHash) return { ok: false, at: Math.max(expected - 1, 1), finding: 'edited' };
    previousHash = entry.hash;
  }
  for (const anchor of [...anchors].sort((left, right) => left.sequence - right.sequence)) {
    const entry = entries[anchor.sequence - 1];
    // The head of an empty chain was anchored before anything was written.
    if (anchor.sequence === 0 && anchor.hash === firstPreviousHash) continue;
    if (entry === undefined) return { ok: false, at: entries.length + 1, finding: 'cut-tail' };
    if (entry.hash !== anchor.hash) return { ok: false, at: anchor.sequence, finding: 'rewritten' };
  }
  return { ok: true };
}

const spanLength = 15 * 60_000;

/** Key of the 15-minute span that holds an instant: its start, "2026-11-22T01:30Z". */
export function auditSpan(at: Instant): string {
  const start = instant(Math.floor(at / spanLength) * spanLength);
  return `${new Date(start).toISOString().slice(0, 16)}Z`;
}
