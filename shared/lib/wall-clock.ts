import { type Instant, instant } from './instant.ts';

/**
 * The clock on the wall of a zone. A reading of it is written as the milliseconds that UTC would have at that reading, so that it can be
 * reckoned with; it names no instant.
 */
export type WallClock = {
  /** What it shows at an instant. */
  shown(at: Instant): number;
  /**
   * When it shows that. A reading that comes twice (clocks set back) has two instants; one that is leapt over (clocks set forward) is read
   * as later by what was leapt, and has one.
   */
  at(reading: number): { readonly first: Instant; readonly last: Instant };
};

const day = 86_400_000;

/** An unknown zone is read as UTC, like everywhere else. */
export function wallClock(zone: string): WallClock {
  const format = formatterOf(zone);
  const shown = (at: Instant): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
    const { year = 0, month = 1, day: date = 1, hour = 0, minute = 0, second = 0 } = part;
    const whole = new Date(Date.UTC(2000, month - 1, date, hour, minute, second));
    // Date.UTC reads years below 100 as of the twentieth century.
    whole.setUTCFullYear(year, month - 1, date);
    return whole.getTime() + (((at % 1_000) + 1_000) % 1_000);
  };
  const offset = (at: number): number => shown(instant(at)) - at;
  return {
    shown,
    at: (reading) => {
      const [before, since] = [offset(reading - day), offset(reading + day)];
      const found = [reading - before, reading - since].filter((one) => shown(instant(one)) === reading);
      const [first = reading - before, second = first] = found;
      return { first: instant(Math.min(first, second)), last: instant(Math.max(first, second)) };
    },
  };
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  };
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
}
