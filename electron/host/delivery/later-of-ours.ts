import type { Attempt } from './outbox.ts';
import type { HeldVersion, SignedStore } from './signed-store.ts';

/** A digest as people compare it. */
export const short = (digest: string): string => `${digest.slice(0, 4)}…${digest.slice(-2)}`;

/**
 * A later version of the same report, signed here, in the place of this one; null where what stands there is anything else. The host may have
 * died between the answer and its note of it, or a second attempt runs while the later version goes out.
 */
export function laterOfOurs(
  signed: Pick<SignedStore, 'byDigest'>,
  there: { readonly version: number; readonly digest: string } | null,
  { signed: { content } }: HeldVersion,
): Attempt | null {
  if (there === null || there.version <= content.version) return null;
  const later = signed.byDigest(there.digest);
  return later?.signed.content.reportId === content.reportId && later.standing.kind !== 'returned'
    ? {
        kind: 'superseded',
        proof: `version ${there.version}, which follows it, stands there: ${short(there.digest)}`,
      }
    : null;
}
