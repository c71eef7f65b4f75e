import type { Instant } from '../../lib/instant.ts';
import { isZone } from '../../lib/zoned-time.ts';

/** An instant on a site's wall clock. `date` YYYYMMDD, `time` HHMMSS, `offset` +HHMM or -HHMM as (0008,0201) wants it. */
export type SiteTime = { readonly date: string; readonly time: string; readonly offset: string };

/** Wall clock of a zone; an unknown zone reads as UTC, and its offset says so. */
export function siteTime(at: Instant, zone: string): SiteTime {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: isZone(zone) ? zone : 'UTC',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '00';
  const year = part('year').padStart(4, '0');
  const wall = Date.UTC(
    Number(year),
    Number(part('month')) - 1,
    Number(part('day')),
    Number(part('hour')),
    Number(part('minute')),
    Number(part('second')),
  );
  const offset = Math.round((wall - Math.floor(at / 1000) * 1000) / 60_000);
  const size = Math.abs(offset);
  const digits = (count: number): string => String(count).padStart(2, '0');
  return {
    date: `${year}${part('month')}${part('day')}`,
    time: `${part('hour')}${part('minute')}${part('second')}`,
    offset: `${offset < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}${digits(size % 60)}`,
  };
}

/** For people: `2026-03-09 14:05:12 -0700 (America/Los_Angeles)`. */
export function siteTimeText(at: Instant, zone: string): string {
  const { date, time, offset } = siteTime(at, zone);
  const clock = `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6)}`;
  return `${dateText(date)} ${clock} ${offset} (${isZone(zone) ? zone : 'UTC'})`;
}

/** YYYY, YYYYMM or YYYYMMDD with dashes, as FHIR `date` and people read it; anything else is passed on as it is. */
export function dateText(date: string): string {
  return /^\d{4}(\d{2}(\d{2})?)?$/.test(date) ? date.replace(/^(\d{4})(\d{2})?(\d{2})?$/, dashed) : date;
}

function dashed(_all: string, year: string, month: string | undefined, day: string | undefined): string {
  return [year, month, day].filter((part) => part !== undefined && part !== '').join('-');
}
