/** Why somebody looks at a study outside her own list; it goes into the access log (45 CFR 164.312(b), audit controls). */
export const lookReasons = {
  consult: 'Consult: a colleague or the site asked',
  teaching: 'Teaching',
  comparison: 'Comparison with a study of mine',
  quality: 'Quality or technical question',
  other: 'Another reason',
} as const;
export type LookReason = keyof typeof lookReasons;

/** Words that are wanted with "Another reason": less says nothing. */
export const fewestReasonLetters = 4;

/** What still lacks of a reason, in words; null when it is whole. */
export function lackOfLookReason(kind: LookReason | null, words: string): string | null {
  if (kind === null) return 'Choose why you look.';
  return kind === 'other' && words.trim().length < fewestReasonLetters ? 'Say the reason in a few words.' : null;
}
