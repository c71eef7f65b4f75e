import { cleanLine } from '../../lib/clean-text.ts';

/** A date that may be partial: the digits that are known, "1952", "195203" or "19520309". */
export type PartialDate = { readonly digits: string };

/**
 * Reads DA (PS3.5 6.2), its old form with points, and FHIR's with hyphens. Zeros for month or day mean that they are not known.
 * Null for absent and for all zeros; 'unreadable' for anything that is no date.
 */
export function parsePartialDate(text: string | null): PartialDate | 'unreadable' | null {
  if (text === null) return null;
  const trimmed = text.trim();
  if (trimmed === '' || /^[0.-]+$/.test(trimmed)) return null;
  if (!/^\d{4}([-.]?\d{2}([-.]?\d{2})?)?$/.test(trimmed)) return 'unreadable';
  let digits = trimmed.replace(/[-.]/g, '');
  if (digits.endsWith('00') && digits.length > 4) digits = digits.slice(0, -2);
  if (digits.endsWith('00') && digits.length > 4) digits = digits.slice(0, -2);
  if (digits.length >= 6 && !between(digits.slice(4, 6), 1, 12)) return 'unreadable';
  if (digits.length === 8 && !between(digits.slice(6, 8), 1, daysInMonth(digits))) return 'unreadable';
  return { digits };
}

function between(digits: string, least: number, most: number): boolean {
  const value = Number(digits);
  return value >= least && value <= most;
}

function daysInMonth(digits: string): number {
  return new Date(Date.UTC(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), 0)).getUTCDate();
}

/** "1952-03-09", "1952-03" or "1952"; empty for absent; a text that is no date is shown as it came. */
export function displayDate(text: string | null): string {
  const date = parsePartialDate(text);
  if (date === null) return '';
  if (date === 'unreadable') return cleanLine(text ?? '', 40);
  const { digits } = date;
  return [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].filter((part) => part !== '').join('-');
}

/** Study Date and Study Time (TM, PS3.5 6.2) for people: "2026-11-22 01:31". */
export function displayExamTime(studyDate: string | null, studyTime: string | null): string {
  const date = displayDate(studyDate);
  const time = /^(\d{2}):?(\d{2})/.exec(studyTime ?? '');
  return date === '' || time === null ? date : `${date} ${time[1]}:${time[2]}`;
}

/** Text that sorts as the exams happened, on one site's clock; empty when the date is not known. */
export function examSortKey(studyDate: string | null, studyTime: string | null): string {
  const date = parsePartialDate(studyDate);
  if (date === null || date === 'unreadable') return '';
  const time = (studyTime ?? '').replace(/:/g, '');
  return `${date.digits.padEnd(8, '0')}${/^\d{2,6}/.exec(time)?.[0].padEnd(6, '0') ?? '000000'}`;
}

/** Whole days from one full date to another, both "YYYYMMDD"; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((dayNumber(to) - dayNumber(from)) / 86_400_000);
}

function dayNumber(digits: string): number {
  return Date.UTC(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)) - 1, Number(digits.slice(6, 8)));
}

/**
 * Age on a day ("YYYYMMDD" in the site's zone; `dateInZone` gives it): "74 y", "3 mo" below two years, "5 d" below one month.
 * A partial birth date says "about". Empty when either date is not known or the birth is later than the day.
 */
export function ageAt(birthDate: string | null, on: string): string {
  const birth = parsePartialDate(birthDate);
  const day = parsePartialDate(on);
  if (birth === null || birth === 'unreadable' || day === null || day === 'unreadable') return '';
  if (day.digits.length < 8) return '';
  const years = Number(day.digits.slice(0, 4)) - Number(birth.digits.slice(0, 4));
  if (birth.digits.length === 4) return years < 0 ? '' : `about ${years} y`;
  const months = years * 12 + Number(day.digits.slice(4, 6)) - Number(birth.digits.slice(4, 6));
  if (birth.digits.length === 6) return months < 0 ? '' : `about ${inYearsOrMonths(months)}`;
  const days = daysBetween(birth.digits, day.digits);
  if (days < 0) return '';
  const wholeMonths = Number(day.digits.slice(6, 8)) < Number(birth.digits.slice(6, 8)) ? months - 1 : months;
  return wholeMonths < 1 ? `${days} d` : inYearsOrMonths(wholeMonths);
}

function inYearsOrMonths(months: number): string {
  return months < 24 ? `${months} mo` : `${Math.floor(months / 12)} y`;
}
