/** A calendar day as FHIR `date` writes it: "2026-11-30". No zone: it is a day at the place of the exam. */
export type Day = string;

export const intervalUnits = ['day', 'week', 'month', 'year'] as const;
export type IntervalUnit = (typeof intervalUnits)[number];

/** "6 months". */
export type Span = { readonly count: number; readonly unit: IntervalUnit };

/** When the exam is to be made, from the day of the exam that recommends it. `earliest` null: any time from then on, as in "within a week". */
export type Interval = { readonly earliest: Span | null; readonly latest: Span };

/** From when until when, both days included. */
export type Window = { readonly earliest: Day; readonly latest: Day };

/** Longer recommendations nobody makes; a number that was misheard would be one. */
export const longestCount = 400;

const dayInMilliseconds = 86_400_000;

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const parsed = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().slice(0, 10) === text;
}

const utc = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
const dayOf = (milliseconds: number): Day => new Date(milliseconds).toISOString().slice(0, 10);

export function addDays(day: Day, count: number): Day {
  return dayOf(utc(day) + count * dayInMilliseconds);
}

/** Whole days from one day to the other; negative when the second is earlier. */
export function daysFromTo(from: Day, to: Day): number {
  return Math.round((utc(to) - utc(from)) / dayInMilliseconds);
}

/** By the calendar: six months after 31 August is the last day of February. */
export function addSpan(day: Day, { count, unit }: Span): Day {
  if (unit === 'day') return addDays(day, count);
  if (unit === 'week') return addDays(day, count * 7);
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const months = year * 12 + (month - 1) + count * (unit === 'year' ? 12 : 1);
  const last = new Date(Date.UTC(Math.floor(months / 12), (months % 12) + 1, 0)).getUTCDate();
  return dayOf(Date.UTC(Math.floor(months / 12), months % 12, Math.min(date, last)));
}

/** Whether the first of it does not come after its last, counted from any day. */
export function isSoundInterval({ earliest, latest }: Interval): boolean {
  const sound = ({ count }: Span): boolean => Number.isInteger(count) && count >= 1 && count <= longestCount;
  if (!sound(latest)) return false;
  return earliest === null || (sound(earliest) && roughDays(earliest) <= roughDays(latest));
}

const daysIn: Readonly<Record<IntervalUnit, number>> = { day: 1, week: 7, month: 30.4, year: 365 };
function roughDays({ count, unit }: Span): number {
  return count * daysIn[unit];
}

export function windowOf(countedFrom: Day, { earliest, latest }: Interval): Window {
  const last = addSpan(countedFrom, latest);
  const first = earliest === null ? countedFrom : addSpan(countedFrom, earliest);
  // Thirty days and a month are not one length in each month.
  return { earliest: first < last ? first : last, latest: last };
}

function spanWords({ count, unit }: Span): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** "in 6 months", "in 3 to 6 months", "within 1 week". */
export function intervalWords({ earliest, latest }: Interval): string {
  if (earliest === null) return `within ${spanWords(latest)}`;
  if (earliest.unit !== latest.unit) return `in ${spanWords(earliest)} to ${spanWords(latest)}`;
  return earliest.count === latest.count ? `in ${spanWords(latest)}` : `in ${earliest.count} to ${spanWords(latest)}`;
}

/** "by 2027-05-30", "2027-02-28 to 2027-05-30". */
export function windowWords({ earliest, latest }: Window): string {
  return earliest === latest ? `about ${latest}` : `${earliest} to ${latest}`;
}
