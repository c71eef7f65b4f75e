const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const negations = set('no not without absent absence negative none never denies nor neither cannot');
const sides = set(
  'left right bilateral bilaterally unilateral unilaterally leftward rightward ipsilateral contralateral',
);

/** A word that turns a finding into its absence. "Nonobstructing" is one, "nondisplaced" too; "normal" and "nodule" are none. */
export function isNegation(word: string): boolean {
  return negations.has(word) || /^non-?[a-z]{5,}$/.test(word);
}

export function isSide(word: string): boolean {
  return sides.has(word) || /^(?:left|right)-sided$/.test(word);
}

const acronyms = set(
  'ct mri mr pet cta mra mrcp mrv iv pe dvt acl pcl mcl lcl ivc svc tfcc copd picc cbd aaa suv flair dwi adc ap pa lad lca rca sma ima acr tb hiv ' +
    'bph bp er icu',
);

/** Words that have one spelling wherever they stand. */
const fixed: Readonly<Record<string, string>> = {
  'x-ray': 'x-ray',
  doppler: 'Doppler',
  foley: 'Foley',
  baker: 'Baker',
  "baker's": "Baker's",
  schmorl: 'Schmorl',
  "schmorl's": "Schmorl's",
  valsalva: 'Valsalva',
  fleischner: 'Fleischner',
  achilles: 'Achilles',
};

/** Its one spelling, or null for an ordinary word. */
export function fixedSpelling(word: string): string | null {
  if (acronyms.has(word)) return word.toUpperCase();
  return Object.hasOwn(fixed, word) ? (fixed[word] ?? null) : null;
}

/** "bi rads four" and its kin: the first word of each, before "rads". */
export const radsNames: Readonly<Record<string, string>> = {
  bi: 'BI-RADS',
  li: 'LI-RADS',
  lung: 'Lung-RADS',
  ti: 'TI-RADS',
  pi: 'PI-RADS',
  o: 'O-RADS',
};

/** A number after one of these is a name and stands in figures. */
export const labels = set(
  'series image images slice grade stage segment category type score zone view views phase station version rads class',
);

export const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
] as const;
