import { spokenDay, spokenYear } from './spoken-number.ts';
import { months } from './vocabulary-words.ts';

export type SpokenDate = { readonly length: number; readonly written: string };

const monthName = (word: string | undefined): string | null => {
  const found = months.find((one) => one === word);
  return found === undefined ? null : found.charAt(0).toUpperCase() + found.slice(1);
};

/**
 * "March third twenty twenty five" is March 3, 2025; "third of March" and "March twenty twenty five" too are taken. "May" and "march"
 * are verbs as well: with them only an ordinal, or a year, makes a date. A month alone is its name, except those two.
 */
export function spokenDate(words: readonly string[], at: number): SpokenDate | null {
  const month = monthName(words[at]);
  if (month === null) return dayFirst(words, at);
  const isVerbToo = month === 'May' || month === 'March';
  const year = spokenYear(words, at + 1);
  if (year !== null) return { length: 1 + year.length, written: `${month} ${year.year}` };
  const day = spokenDay(words, at + 1);
  if (day !== null && (day.isOrdinal || !isVerbToo)) return withYear(words, at, 1 + day.length, `${month} ${day.day}`);
  return isVerbToo ? null : { length: 1, written: month };
}

function dayFirst(words: readonly string[], at: number): SpokenDate | null {
  const day = spokenDay(words, at);
  if (day === null || !day.isOrdinal) return null;
  const of = words[at + day.length] === 'of' ? 1 : 0;
  const month = monthName(words[at + day.length + of]);
  if (month === null || (of === 0 && (month === 'May' || month === 'March'))) return null;
  return withYear(words, at, day.length + of + 1, `${month} ${day.day}`);
}

function withYear(words: readonly string[], at: number, length: number, written: string): SpokenDate {
  const year = spokenYear(words, at + length);
  return year === null ? { length, written } : { length: length + year.length, written: `${written}, ${year.year}` };
}
