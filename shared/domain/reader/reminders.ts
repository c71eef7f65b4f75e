import type { Instant } from '../../lib/instant.ts';
import type { CalendarDay, Entitlement } from './credentials.ts';

/** Days before its end at which a credential is brought to mind. */
export const reminderDays = [90, 30, 7] as const;

export type ExpiryReminder = {
  /** "Licence for NV", "Privilege at site-larkspur (final)". */
  readonly what: string;
  readonly expires: CalendarDay;
  /** Whole days from today to its last day; negative when it is over. */
  readonly daysLeft: number;
  /** Which of the reminders is due: the nearest that was reached; `ended` when it is over. */
  readonly due: (typeof reminderDays)[number] | 'ended';
  /** Payer enrolment: a bill may be refused, reading goes on. */
  readonly billingOnly: boolean;
};

type Ending = { readonly what: string; readonly expires: CalendarDay | null; readonly billingOnly: boolean };

function endings(entitlement: Entitlement, siteName: (site: string) => string): readonly Ending[] {
  if (entitlement === 'unrestricted') return [];
  const { licences, privileges, modalities, mammography, malpractice, boards, payers } = entitlement;
  const ending = (what: string, expires: CalendarDay | null, billingOnly = false): Ending => ({
    what,
    expires,
    billingOnly,
  });
  return [
    ...licences.map((one) => ending(`Licence for ${one.state}`, one.expires)),
    ...(privileges ?? []).map((one) => ending(`Privilege at ${siteName(one.site)} (${one.level})`, one.expires)),
    ...(modalities ?? []).map((one) => ending(`Qualification for ${one.name}`, one.expires)),
    ...(mammography === null ? [] : [ending('Mammography qualification (MQSA)', mammography.expires)]),
    ...(malpractice ?? []).map((one) => ending(`Malpractice cover, ${one.carrier}`, one.expires)),
    ...boards.map((one) => ending(`Board certification, ${one.name}`, one.expires)),
    ...payers.map((one) => ending(`Enrolment with ${one.name} (billing only)`, one.expires, true)),
  ];
}

/** What ends within 90 days or has ended, soonest first. `today` is the reader's own day. */
export function expiryReminders(
  entitlement: Entitlement,
  today: CalendarDay,
  siteName: (site: string) => string = (site) => site,
): readonly ExpiryReminder[] {
  return endings(entitlement, siteName)
    .flatMap(({ what, expires, billingOnly }) => {
      if (expires === null) return [];
      const daysLeft = Math.round((Date.parse(expires) - Date.parse(today)) / 86_400_000);
      if (Number.isNaN(daysLeft)) return [];
      const reached = reminderDays.filter((days) => daysLeft <= days).at(-1);
      if (reached === undefined) return [];
      return [{ what, expires, daysLeft, due: daysLeft < 0 ? ('ended' as const) : reached, billingOnly }];
    })
    .sort((one, other) => one.daysLeft - other.daysLeft || (one.what < other.what ? -1 : 1));
}

/** The UTC day of an instant; reminders do not turn on hours. */
export function utcDay(at: Instant): CalendarDay {
  return new Date(at).toISOString().slice(0, 10);
}
