import type { Instant } from './instant.ts';

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'timeZoneName';

/** Parts of an instant on the wall clock of an IANA zone; an unknown zone is read as UTC, and the name in the answer says so. */
function partsInZone(instant: Instant, zone: string): Readonly<Record<Part, string>> {
  const parts: Record<Part, string> = {
    year: '',
    month: '',
    day: '',
    hour: '',
    minute: '',
    second: '',
    timeZoneName: '',
  };
  for (const part of formatterFor(zone).formatToParts(instant)) {
    if (part.type in parts) parts[part.type as Part] = part.value;
  }
  return parts;
}

function formatterFor(zone: string): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  };
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
  } catch {
    // Zones come from orders and settings; a wrong one must cost the zone, not the timeline.
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
}

/** "2026-11-22 01:31:07 PST". An unknown zone falls back to UTC, which the text then names. */
export function formatInZone(instant: Instant, zone: string): string {
  const part = partsInZone(instant, zone);
  const day = `${part.year.padStart(4, '0')}-${part.month}-${part.day}`;
  return `${day} ${part.hour}:${part.minute}:${part.second} ${part.timeZoneName}`;
}

/** The calendar day in that zone as DICOM writes a date (DA): "20261122". */
export function dateInZone(instant: Instant, zone: string): string {
  const part = partsInZone(instant, zone);
  return `${part.year.padStart(4, '0')}${part.month}${part.day}`;
}

/** Zones that were asked about: each order names one, and asking the runtime costs as much as reading the rest of the order. */
const asked = new Map<string, boolean>();
/** More names than there are zones come from a stranger; they are answered and not kept. */
const mostAsked = 1_000;

/** True for an IANA zone that this runtime knows. */
export function isZone(zone: string): boolean {
  const before = asked.get(zone);
  if (before !== undefined) return before;
  const known = runtimeKnows(zone);
  if (asked.size < mostAsked && zone.length < 64) asked.set(zone, known);
  return known;
}

function runtimeKnows(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * "02:14 CST"; with the date before it, "2026-11-21 23:50 CST", where `now` is another day in that zone, so that last night's time is
 * never taken for tonight's. An unknown zone falls back to UTC, which the text then names.
 */
export function timeInZone(instant: Instant, zone: string, now: Instant): string {
  const part = partsInZone(instant, zone);
  const time = `${part.hour}:${part.minute} ${part.timeZoneName}`;
  if (dateInZone(instant, zone) === dateInZone(now, zone)) return time;
  return `${part.year.padStart(4, '0')}-${part.month}-${part.day} ${time}`;
}
