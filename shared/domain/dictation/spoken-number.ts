const units: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
};
const teens: Readonly<Record<string, number>> = {
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
};
const tens: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};

/** A number in words: how many words it took, and its figures as written. A string, since 3.0 is said for a reason and is not 3. */
export type SpokenNumber = { readonly length: number; readonly figures: string; readonly isDecimal: boolean };

const digitOf = (word: string | undefined): number | undefined =>
  word === undefined ? undefined : word === 'oh' ? 0 : Object.hasOwn(units, word) ? units[word] : undefined;
const own = (table: Readonly<Record<string, number>>, word: string | undefined): number | undefined =>
  word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;

/** Zero to ninety-nine. */
function belowHundred(
  words: readonly string[],
  at: number,
): { readonly length: number; readonly value: number } | null {
  const teen = own(teens, words[at]);
  if (teen !== undefined) return { length: 1, value: teen };
  const ten = own(tens, words[at]);
  if (ten !== undefined) {
    const unit = own(units, words[at + 1]);
    return unit === undefined || unit === 0 ? { length: 1, value: ten } : { length: 2, value: ten + unit };
  }
  const unit = own(units, words[at]);
  return unit === undefined ? null : { length: 1, value: unit };
}

/** Up to 999,999, without a fraction. */
function whole(words: readonly string[], at: number): { readonly length: number; readonly value: number } | null {
  const hundreds = (from: number): { length: number; value: number } | null => {
    const first = belowHundred(words, from);
    if (first === null) return null;
    if (words[from + first.length] !== 'hundred' || first.value === 0) return first;
    const and = words[from + first.length + 1] === 'and' ? 1 : 0;
    const rest = belowHundred(words, from + first.length + 1 + and);
    const withRest = rest !== null && rest.value > 0;
    return {
      length: first.length + 1 + (withRest ? and + rest.length : 0),
      value: first.value * 100 + (withRest ? rest.value : 0),
    };
  };
  const first = hundreds(at);
  if (first === null || first.value === 0 || words[at + first.length] !== 'thousand') return first;
  const rest = hundreds(at + first.length + 1);
  const withRest = rest !== null && rest.value > 0;
  return {
    length: first.length + 1 + (withRest ? rest.length : 0),
    value: first.value * 1_000 + (withRest ? rest.value : 0),
  };
}

/**
 * The number that begins at `at`: "three point five", "point five", "one hundred and twenty", "12". Null where none begins there.
 * Figures of a fraction are said one by one, or as one number below a hundred ("two point twenty five").
 */
export function spokenNumber(words: readonly string[], at: number): SpokenNumber | null {
  const written = /^\d+(?:\.\d+)?$/.exec(words[at] ?? '');
  const integer = written === null ? whole(words, at) : { length: 1, value: words[at] };
  if (written?.[0].includes('.')) return { length: 1, figures: written[0], isDecimal: true };
  const start = at + (integer?.length ?? 0);
  const isPoint = words[start] === 'point' || words[start] === 'decimal';
  const fraction = isPoint ? fractionOf(words, start + 1) : null;
  if (fraction === null)
    return integer === null ? null : { length: integer.length, figures: String(integer.value), isDecimal: false };
  // "at that point five were seen" has no number before its "point"; a fraction alone is taken only where the caller sees its unit.
  return {
    length: (integer?.length ?? 0) + 1 + fraction.length,
    figures: `${integer?.value ?? 0}.${fraction.figures}`,
    isDecimal: true,
  };
}

function fractionOf(
  words: readonly string[],
  at: number,
): { readonly length: number; readonly figures: string } | null {
  let figures = '';
  let length = 0;
  for (;;) {
    const word = words[at + length];
    const digit = digitOf(word) ?? (/^\d$/.test(word ?? '') ? Number(word) : undefined);
    if (digit === undefined) break;
    figures += String(digit);
    length += 1;
  }
  if (length > 0) return { length, figures };
  const two = belowHundred(words, at);
  return two === null ? null : { length: two.length, figures: String(two.value) };
}

/** A year as it is said: "twenty twenty five", "nineteen ninety eight", "two thousand twenty five", "2025". */
export function spokenYear(
  words: readonly string[],
  at: number,
): { readonly length: number; readonly year: number } | null {
  if (/^(?:19|20)\d\d$/.test(words[at] ?? '')) return { length: 1, year: Number(words[at]) };
  const century = words[at] === 'nineteen' ? 1_900 : words[at] === 'twenty' ? 2_000 : null;
  if (century !== null) {
    if (digitOf(words[at + 1]) === 0) {
      const digit = own(units, words[at + 2]);
      return digit === undefined || digit === 0 ? null : { length: 3, year: century + digit };
    }
    const rest = belowHundred(words, at + 1);
    return rest === null || rest.value < 10 ? null : { length: 1 + rest.length, year: century + rest.value };
  }
  const said = whole(words, at);
  return said !== null && said.value >= 2_000 && said.value <= 2_099 ? { length: said.length, year: said.value } : null;
}

const ordinals = [
  ...['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh'],
  ...['twelfth', 'thirteenth', 'fourteenth', 'fifteenth', 'sixteenth', 'seventeenth', 'eighteenth', 'nineteenth'],
  'twentieth',
];

/** A day of a month, first to thirty-first. */
export function spokenDay(
  words: readonly string[],
  at: number,
): { readonly length: number; readonly day: number; readonly isOrdinal: boolean } | null {
  const word = words[at] ?? '';
  const place = ordinals.indexOf(word);
  if (place >= 0) return { length: 1, day: place + 1, isOrdinal: true };
  if (word === 'thirtieth') return { length: 1, day: 30, isOrdinal: true };
  const after = ordinals.indexOf(words[at + 1] ?? '');
  if ((word === 'twenty' || word === 'thirty') && after >= 0 && after < 9) {
    const day = (word === 'twenty' ? 20 : 30) + after + 1;
    return day <= 31 ? { length: 2, day, isOrdinal: true } : null;
  }
  const number = belowHundred(words, at) ?? (/^\d{1,2}$/.test(word) ? { length: 1, value: Number(word) } : null);
  return number !== null && number.value >= 1 && number.value <= 31
    ? { length: number.length, day: number.value, isOrdinal: false }
    : null;
}
