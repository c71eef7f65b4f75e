/** Days as they are written in a site's profile. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** A span of the day on the site's own wall clock, "HH:MM" or "24:00"; one whose end is not after its start runs past midnight. */
export type OpenSpan = { readonly days: readonly Weekday[]; readonly from: string; readonly to: string };

/** When a site is open: on its wall clock, save on the days (YYYY-MM-DD) on which nothing opens. */
export type OpenHours = { readonly spans: readonly OpenSpan[]; readonly holidays: readonly string[] };
