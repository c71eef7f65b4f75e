import { type Instant, instant } from '../../lib/instant.ts';
import { wallClock } from '../../lib/wall-clock.ts';
import { displayExamTime, parsePartialDate } from './calendar-date.ts';
import type { Study } from './study.ts';

/** When an exam was made, as its images tell. */
export type ExamTime = {
  readonly at: Instant;
  /** `images`: by their Timezone Offset From UTC (0008,0201). `site`: they have none, so it was read on the site's clock. */
  readonly zoneFrom: 'images' | 'site';
  /** The site's clock showed that time twice (set back; the first is taken) or never (set forward). */
  readonly doubt: 'none' | 'twice' | 'never';
};

const minute = 60_000;

/** Milliseconds of an offset `&ZZXX` (PS3.3 C.12.1.1.8: -1200 to +1400, never -0000); null for anything else. */
export function timezoneOffset(text: string | null): number | null {
  const parts = /^([+-])(\d{2})([0-5]\d)$/.exec(text?.trim() ?? '');
  if (parts === null || text?.trim() === '-0000') return null;
  const minutes = (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3]));
  return minutes < -720 || minutes > 840 ? null : minutes * minute;
}

/** The reading of a clock at Study Date (DA) and Study Time (TM, PS3.5 6.2), as UTC would show it; null where either is no whole one. */
function reading(date: string | null, time: string | null): number | null {
  const day = parsePartialDate(date);
  const parts = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.\d{1,6})?)?)?$/.exec(time?.trim() ?? '');
  if (day === null || day === 'unreadable' || day.digits.length !== 8 || parts === null) return null;
  const [hour, minutes, seconds] = parts.slice(1, 4).map((part) => Number(part ?? 0)) as [number, number, number];
  // A leap second is 60.
  if (hour > 23 || minutes > 59 || seconds > 60) return null;
  const { digits } = day;
  const whole = new Date(0);
  whole.setUTCFullYear(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)) - 1, Number(digits.slice(6, 8)));
  return whole.getTime() + ((hour * 60 + minutes) * 60 + Math.min(seconds, 59)) * 1_000;
}

/** The instant of a study's own date and time; null where it has none. */
export function examTime(
  study: Pick<Study, 'studyDate' | 'studyTime' | 'timezone'>,
  siteZone: string,
): ExamTime | null {
  const shown = reading(study.studyDate, study.studyTime);
  if (shown === null) return null;
  const offset = timezoneOffset(study.timezone ?? null);
  if (offset !== null) return { at: instant(shown - offset), zoneFrom: 'images', doubt: 'none' };
  const clock = wallClock(siteZone);
  const { first, last } = clock.at(shown);
  const doubt = first !== last ? 'twice' : clock.shown(first) === shown ? 'none' : 'never';
  return { at: first, zoneFrom: 'site', doubt };
}

/** What vouches for the time of an exam, in words for the timeline and the dispute file. */
export function examTimeWords({ zoneFrom, doubt }: ExamTime): string {
  if (zoneFrom === 'images') return 'from the study’s own date, time and offset';
  const mark = 'from the study’s own date and time, read in the site’s zone: the images name none (0008,0201)';
  if (doubt === 'twice') return `${mark}; the clock showed it twice that night, the first is taken`;
  return doubt === 'never' ? `${mark}; the clock leapt over it that night` : mark;
}

/** When an exam was made as a line shows it, with its zone: "2026-08-22 01:31 UTC-07:00"; a zone that nobody told is said to be missing. */
export function examWhen(study: Pick<Study, 'studyDate' | 'studyTime' | 'timezone'>, siteZone: string | null): string {
  const shown = displayExamTime(study.studyDate, study.studyTime);
  if (shown === '') return 'date not known';
  if (!shown.includes(' ')) return shown;
  const offset = study.timezone?.trim() ?? '';
  if (timezoneOffset(offset) !== null) return `${shown} UTC${offset.slice(0, 3)}:${offset.slice(3)}`;
  return siteZone === null ? `${shown}, zone not given` : `${shown} ${siteZone}`;
}
