/** A word of a text as it is checked; UTF-16 offsets. */
export type TextWord = { readonly from: number; readonly to: number; readonly word: string };

/** Letters with apostrophes between them, and what stands directly before and behind tells whether it is a word at all. */
const letters = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;
/** What is glued to a figure, a path, an address or a code is none: "L4", "3mm", "C5-6", "a@b.c", "mg/dL". */
const glued = /[\p{N}_@#\\]/u;
const titles: ReadonlySet<string> = new Set([
  'dr',
  'mr',
  'mrs',
  'ms',
  'prof',
  'pa',
  'np',
  'rn',
  'md',
  'nurse',
  'doctor',
]);
/** What stands behind a figure, or in a rate: "5 cc", "20 mL/kg". */
const units: ReadonlySet<string> = new Set(
  (
    'mm cm dm km nm um ml dl cl cc mg mcg kg kbq mbq gbq mci uci msv mgy gy hz khz mhz ghz ms sec secs min mins hr hrs yr yrs mo mos wk wks ' +
    'kvp kv mas ma hu suv bpm mmhg ppm iu meq mmol umol pg ng fl lb lbs ft'
  ).split(' '),
);

/**
 * The words of a text that a spelling check looks at. Left alone: words in capitals or with a capital inside ("CT", "mSv"), single
 * letters, units, what is glued to figures, signs of codes and addresses, and the name behind a title ("Dr. Okoye").
 */
export function wordsIn(text: string): readonly TextWord[] {
  const found: TextWord[] = [];
  let afterTitle = false;
  for (const match of text.matchAll(letters)) {
    const word = match[0];
    const from = match.index;
    const to = from + word.length;
    const isName: boolean = afterTitle && /^\p{Lu}/u.test(word);
    // A first name and a last name may stand behind one title.
    afterTitle = titles.has(word.toLowerCase()) || (isName && /^ \p{Lu}/u.test(text.slice(to, to + 2)));
    if (isName || leftAlone(text, word, from, to)) continue;
    found.push({ from, to, word });
  }
  return found;
}

function leftAlone(text: string, word: string, from: number, to: number): boolean {
  if (word.length < 2) return true;
  if (/\p{Lu}/u.test(word.slice(1).replace(/['’]s$/i, ''))) return true;
  if (glued.test(text.charAt(from - 1)) || glued.test(text.charAt(to))) return true;
  // A file, an address or a decimal: "report.pdf", "www.example".
  if (/\.[\p{L}\p{N}]/u.test(text.slice(to, to + 2)) || /[\p{L}\p{N}]\./u.test(text.slice(from - 2, from))) return true;
  return units.has(word.toLowerCase());
}
