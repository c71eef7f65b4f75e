import { type Interval, type IntervalUnit, isSoundInterval, type Span } from './interval.ts';

/** A time that some words name, and where they stand in the text that was read (UTF-16). */
export type NamedInterval = {
  readonly interval: Interval;
  readonly rule: 'range' | 'within' | 'in' | 'adjective' | 'every';
  readonly from: number;
  readonly to: number;
};

const numbers: { readonly [word: string]: number | undefined } = {
  ...{ a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10 },
  ...{ twelve: 12, fourteen: 14, eighteen: 18, 'twenty-four': 24, 'twenty four': 24 },
};
const units: { readonly [word: string]: IntervalUnit | 'hour' | undefined } = {
  ...{ hour: 'hour', hr: 'hour', h: 'hour', day: 'day', d: 'day', week: 'week', wk: 'week' },
  ...{ month: 'month', mo: 'month', mth: 'month', year: 'year', yr: 'year' },
};

const count = '(\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|eighteen|twenty[- ]four)';
const unit = '(hours?|hrs?|days?|weeks?|wks?|months?|mos?|mths?|years?|yrs?)';
const about = '(?:approximately |about |roughly |around |another |the next |the )?';
const till = ' ?(?:-|–|—|to|or) ?';

/** Each with what its groups are: the first that fits at a place decides. */
const patterns: readonly {
  readonly rule: NamedInterval['rule'];
  readonly pattern: RegExp;
  readonly read: (groups: readonly (string | undefined)[]) => Interval | null;
}[] = [
  {
    // "in 6 weeks to 3 months"
    rule: 'range',
    pattern: new RegExp(`\\b${count} ${unit}${till}${count} ${unit}\\b`, 'g'),
    read: ([from, fromUnit, to, toUnit]) => interval(span(from, fromUnit), span(to, toUnit)),
  },
  {
    // "in 3 to 6 months", "3-6 month follow-up"
    rule: 'range',
    pattern: new RegExp(`\\b${count}${till}${count}[- ]?${unit}\\b`, 'g'),
    read: ([from, to, both]) => interval(span(from, both), span(to, both)),
  },
  {
    // "within a week", "no later than 10 days"
    rule: 'within',
    pattern: new RegExp(`\\b(?:within|in less than|in under|no later than|by) ${about}${count}[- ]?${unit}\\b`, 'g'),
    read: ([to, only]) => interval(null, span(to, only)),
  },
  {
    // "in 6 months", "at 12 months"
    rule: 'in',
    pattern: new RegExp(`\\b(?:in|at|after) ${about}${count}[- ]?${unit}\\b(?! (?:of age|gestation))`, 'g'),
    read: ([when, only]) => exactly(span(when, only)),
  },
  {
    // "every 6 months": the first of them
    rule: 'every',
    pattern: new RegExp(`\\bevery ${count}[- ]?${unit}\\b`, 'g'),
    read: ([when, only]) => exactly(span(when, only)),
  },
  {
    // "6-month follow-up", "12 month surveillance CT"
    rule: 'adjective',
    pattern: new RegExp(
      `\\b${count}[- ]${unit} (?=(?:short[- ]term |interval )?(?:follow|surveillance|repeat|ct|mri?|ultrasound|radiograph|mammogra|chest|imaging))`,
      'g',
    ),
    read: ([when, only]) => exactly(span(when, only)),
  },
  {
    // "annual mammography", "yearly surveillance"
    rule: 'every',
    pattern: /\b(?:annual|annually|yearly)\b/g,
    read: () => exactly({ count: 1, unit: 'year' }),
  },
];

/** What is said of the past, or of how long something has been there: "6 months ago", "stable for 2 years", "over the last 3 weeks". */
const behindPast =
  /^ ?(?:ago|prior|earlier|previously|before|old|of (?:age|gestation|symptoms|pain)|postoperative|status post)\b/;
const beforePast =
  /\b(?:for|since|over|during|past|last|previous|prior|aged?|duration of|throughout|from)(?: the| at least| more than| about)* ?$/;

function span(counted: string | undefined, named: string | undefined): Span | null {
  const words = (counted ?? '').replace('-', ' ');
  const value = /^\d+$/.test(words) ? Number(words) : (numbers[words] ?? null);
  const name = units[(named ?? '').replace(/s$/, '')];
  if (value === null || name === undefined) return null;
  return name === 'hour' ? { count: Math.max(1, Math.ceil(value / 24)), unit: 'day' } : { count: value, unit: name };
}

function interval(earliest: Span | null, latest: Span | null): Interval | null {
  const read = latest === null ? null : { earliest, latest };
  return read !== null && isSoundInterval(read) ? read : null;
}
function exactly(when: Span | null): Interval | null {
  return interval(when, when);
}

/** The times that a text names for something to come, in its order. */
export function namedIntervals(text: string): readonly NamedInterval[] {
  const read = text.toLowerCase();
  const found: NamedInterval[] = [];
  for (const { rule, pattern, read: readGroups } of patterns)
    for (const match of read.matchAll(pattern)) {
      const [from, to] = [match.index, match.index + match[0].length];
      if (found.some((one) => from < one.to && one.from < to)) continue;
      if (behindPast.test(read.slice(to)) || beforePast.test(read.slice(0, from))) continue;
      const named = readGroups(match.slice(1));
      if (named === null) continue;
      // "within 3 to 6 months" sets no first day.
      const within =
        rule === 'range' && /\b(?:within|in the next|over the next)(?: the(?: next)?)? $/.test(read.slice(0, from));
      found.push({ interval: within ? { ...named, earliest: null } : named, rule: within ? 'within' : rule, from, to });
    }
  return found.sort((one, other) => one.from - other.from);
}
