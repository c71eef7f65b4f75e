/** A date as words name it: every day or month that they may mean ("3/4/2026" is one of two), as YYYYMMDD or YYYYMM. */
export type NamedDate = { readonly day: readonly string[]; readonly from: number; readonly to: number };

const months = 'january|february|march|april|may|june|july|august|september|october|november|december';
const short = 'jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec';
const month = `(${months}|${short})\\.?`;
const patterns: readonly RegExp[] = [
  /\b(\d{4})-(\d{2})-(\d{2})\b/gu,
  /\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})\b/gu,
  new RegExp(`\\b${month}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})\\b`, 'giu'),
  new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+${month},?\\s+(\\d{4})\\b`, 'giu'),
  new RegExp(`\\b${month},?\\s+(\\d{4})\\b`, 'giu'),
];

const two = (text: string | number): string => String(text).padStart(2, '0');

function monthOf(name: string): string {
  return two(months.split('|').findIndex((one) => one.startsWith(name.toLowerCase().slice(0, 3))) + 1);
}

function dayOf(year: string, monthNumber: string, day: string): readonly string[] {
  const inYear = Number(monthNumber) >= 1 && Number(monthNumber) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  return inYear ? [`${year}${two(monthNumber)}${two(day)}`] : [];
}

function fullYear(year: string): string {
  return year.length === 4 ? year : `${Number(year) > 60 ? '19' : '20'}${year}`;
}

function meant(pattern: number, match: RegExpMatchArray): readonly string[] {
  const [, a = '', b = '', c = '', d = ''] = match;
  switch (pattern) {
    case 0:
      return dayOf(a, b, c);
    case 1:
      return [...new Set([...dayOf(fullYear(d), a, c), ...dayOf(fullYear(d), c, a)])];
    case 2:
      return dayOf(c, monthOf(a), b);
    case 3:
      return dayOf(c, monthOf(b), a);
    default:
      return [`${b}${monthOf(a)}`];
  }
}

/** The dates that a text names, in the ways that reports write them. */
export function datesIn(text: string): readonly NamedDate[] {
  const found: NamedDate[] = [];
  for (const [place, pattern] of patterns.entries())
    for (const match of text.matchAll(pattern)) {
      const from = match.index;
      const to = from + match[0].length;
      const day = meant(place, match);
      if (day.length > 0 && !found.some((one) => one.from < to && from < one.to)) found.push({ day, from, to });
    }
  return found.sort((left, right) => left.from - right.from);
}

/** Whether a date (YYYYMMDD) is one of those that were named. */
export function isDay(date: string, day: readonly string[]): boolean {
  return day.some((one) => date.startsWith(one));
}
