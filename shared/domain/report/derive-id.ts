import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts';

/**
 * An id that a replay derives again from the same parts: "event-9f2c…". FHIR R4 id: [A-Za-z0-9-.]{1,64}.
 * `sha256` gives lower-case hex over UTF-8; 40 of its digits are kept, enough that two never meet.
 * Throws for a prefix or digest of the wrong form: that is a bug.
 */
export function deriveId(prefix: string, parts: readonly JsonValue[], sha256: (text: string) => string): string {
  if (!/^[A-Za-z0-9.-]{1,23}$/.test(prefix)) throw new Error(`Not a prefix of a FHIR id: ${prefix}`);
  // As JSON, so that ["a", "bc"] and ["ab", "c"] differ; the prefix too, so that report and event never share digits.
  const digest = sha256(canonicalJson([prefix, ...parts]));
  if (!/^[0-9a-f]{40,}$/.test(digest)) throw new Error('The digest is not lower-case hex');
  return `${prefix}-${digest.slice(0, 40)}`;
}

/** One report for each reading task, whoever makes it and however often. */
export function reportIdFor(taskId: string, sha256: (text: string) => string): string {
  return deriveId('report', [taskId], sha256);
}
