type Mark = {
  readonly text: string;
  readonly kind: 'punctuation' | 'break';
  readonly joins: 'none' | 'left' | 'right' | 'both';
};
const marks: readonly (readonly [spoken: string, mark: Mark])[] = [
  ['new paragraph', { text: '\n\n', kind: 'break', joins: 'both' }],
  ['next paragraph', { text: '\n\n', kind: 'break', joins: 'both' }],
  ['new line', { text: '\n', kind: 'break', joins: 'both' }],
  ['next line', { text: '\n', kind: 'break', joins: 'both' }],
  ['full stop', { text: '.', kind: 'punctuation', joins: 'left' }],
  ['period', { text: '.', kind: 'punctuation', joins: 'left' }],
  ['comma', { text: ',', kind: 'punctuation', joins: 'left' }],
  ['colon', { text: ':', kind: 'punctuation', joins: 'left' }],
  ['semicolon', { text: ';', kind: 'punctuation', joins: 'left' }],
  ['question mark', { text: '?', kind: 'punctuation', joins: 'left' }],
  ['exclamation mark', { text: '!', kind: 'punctuation', joins: 'left' }],
  ['open parenthesis', { text: '(', kind: 'punctuation', joins: 'right' }],
  ['close parenthesis', { text: ')', kind: 'punctuation', joins: 'left' }],
  ['hyphen', { text: '-', kind: 'punctuation', joins: 'both' }],
  ['slash', { text: '/', kind: 'punctuation', joins: 'both' }],
  ['dash', { text: '-', kind: 'punctuation', joins: 'none' }],
];

/** "For a period of three weeks" and "the menstrual period": a word, since what goes before it begins a phrase that it ends. */
const beforePeriodOfTime: ReadonlySet<string> = new Set(
  'a an the this that same long short brief time menstrual last gestational postpartum over each every any interval waiting rest'.split(
    ' ',
  ),
);
/** The organ is said far more often than the mark: "colon" is the mark only after what heads a list or a section. */
const beforeColon: ReadonlySet<string> = new Set(
  'findings impression technique comparison indication history follows following measurements note addendum recommendation'.split(
    ' ',
  ),
);

/** The punctuation mark or line break that is said at `at`; null for ordinary words. */
export function punctuationAt(words: readonly string[], at: number): (Mark & { readonly length: number }) | null {
  const found = marks.find(([spoken]) => spoken.split(' ').every((word, index) => words[at + index] === word));
  if (found === undefined) return null;
  const [spoken, mark] = found;
  const before = words[at - 1] ?? '';
  if (spoken === 'period' && beforePeriodOfTime.has(before)) return null;
  if (spoken === 'colon' && !beforeColon.has(before)) return null;
  return { ...mark, length: spoken.split(' ').length };
}
