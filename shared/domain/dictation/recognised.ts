/** A word as a speech engine gave it. */
export type RecognisedWord = {
  readonly word: string;
  /** How sure the engine is, 0 to 1; null where it does not say. */
  readonly confidence: number | null;
};

/** Below this a negation, side, number, unit or level is shown again before it is signed. */
export const doubtBelow = 0.7;

/** Without a confidence nothing is known about the word: where it turns the meaning it then counts as doubtful. */
export function isDoubtful(words: readonly RecognisedWord[], turnsMeaning: boolean): boolean {
  return words.some(({ confidence }) => (confidence === null ? turnsMeaning : confidence < doubtBelow));
}

/** As engines spell a word, so as rules compare it: lower case, typographic apostrophes and trailing dots gone. */
export function plainWord(word: string): string {
  return word.toLowerCase().replaceAll('’', "'").replace(/\.+$/, '').trim();
}
