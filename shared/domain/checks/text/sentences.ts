/** One word, number or mark of a text, in lower case, with where it stands (UTF-16). */
export type Token = { readonly text: string; readonly from: number; readonly to: number };

/** A sentence as tokens. Lists in lines are a sentence a line. */
export type Sentence = { readonly tokens: readonly Token[]; readonly from: number; readonly to: number };

/** Longer sections are read to here: no text can take the page's time. */
const longest = 60_000;

const token = /\d+(?:[.,]\d+)*|\p{L}+(?:['’]\p{L}+)*|[^\s\p{L}\d]/gu;
/** A point behind these ends no sentence. */
const shortened = /^(dr|mr|mrs|ms|prof|st|vs|approx|e|i|g)$/;

/**
 * The sentences of a section. A sentence ends at a point, a semicolon or the end of a line. What is written in capitals and what is not
 * says the same: dictation gives either.
 */
export function sentencesOf(text: string): readonly Sentence[] {
  const found: Sentence[] = [];
  let tokens: Token[] = [];
  const end = (): void => {
    const [first] = tokens;
    const last = tokens.at(-1);
    if (first !== undefined && last !== undefined) found.push({ tokens, from: first.from, to: last.to });
    tokens = [];
  };
  let behind = 0;
  const read = text.slice(0, longest);
  for (const match of read.matchAll(token)) {
    if (/[\n\r\u2028\u2029]/.test(read.slice(behind, match.index))) end();
    behind = match.index + match[0].length;
    const word = match[0].toLowerCase().replaceAll('’', "'");
    const before = tokens.at(-1)?.text ?? '';
    if (/^[.!?;]$/.test(word) && !(word === '.' && shortened.test(before))) end();
    else tokens.push({ text: word, from: match.index, to: behind });
  }
  end();
  return found;
}

/** Where a row of words stands in a sentence; -1 where it does not. */
export function indexOfWords(tokens: readonly Token[], words: readonly string[], start = 0): number {
  for (let at = start; at + words.length <= tokens.length; at += 1)
    if (words.every((word, step) => tokens[at + step]?.text === word)) return at;
  return -1;
}

export function hasWords(tokens: readonly Token[], ...rows: readonly string[]): boolean {
  return rows.some((row) => indexOfWords(tokens, row.split(' ')) >= 0);
}

export function isWord(text: string): boolean {
  return /^\p{L}/u.test(text);
}
