import { cleanLine } from '../../lib/clean-text.ts';
import type { Instant } from '../../lib/instant.ts';
import { formatInZone } from '../../lib/zoned-time.ts';
import type { Priority } from '../order/index.ts';
import { priorityRank } from '../order/index.ts';
import type { ContactRole, SiteContact } from '../site/index.ts';
import { displayDate, displayName } from '../study/index.ts';
import { formatTimeLeft } from '../turnaround/index.ts';

/** Where an open study stood when the sheet was made. */
export type SheetState = 'images-awaited' | 'waiting' | 'reading' | 'held' | 'preliminary';

/** An open study as the host knows it. */
export type SheetStudy = {
  readonly accession: string | null;
  readonly name: string;
  readonly patientId: string | null;
  readonly birthDate: string | null;
  readonly exam: string;
  readonly priority: Priority;
  readonly state: SheetState;
  readonly dueAt: Instant | null;
};

/** All words of one site's downtime page, for screen, paper and file alike. */
export type DowntimeSheet = {
  readonly site: string;
  /** Made when, on the site's clock, with its zone. */
  readonly madeAt: string;
  readonly zone: string;
  readonly notForClinicalUse: boolean;
  /** Who to call: number and what for. */
  readonly contacts: readonly { readonly role: string; readonly name: string; readonly phone: string }[];
  /** Readers who were on shift, with the end of the shift. */
  readonly onShift: readonly string[];
  readonly studies: readonly {
    readonly accession: string;
    readonly patient: string;
    readonly patientId: string;
    readonly born: string;
    readonly exam: string;
    readonly priority: string;
    readonly state: string;
    readonly due: string;
  }[];
  /** Open studies that did not fit. */
  readonly more: number;
  /** What a wet read has to say, to be written by hand; asked again when it is entered. */
  readonly form: readonly { readonly label: string; readonly long: boolean }[];
};

/** One page holds no more beside the form. */
export const mostSheetStudies = 30;

const roleWords: Readonly<Record<ContactRole, string>> = {
  lead: 'Lead of the reading group',
  'on-call': 'On call tonight',
  desk: 'Desk of the site',
  ordering: 'Ordering physician',
  covering: 'Covering physician',
  it: 'IT',
};
const roleOrder: readonly ContactRole[] = ['lead', 'on-call', 'it', 'covering', 'ordering', 'desk'];

const stateWords: Readonly<Record<SheetState, string>> = {
  'images-awaited': 'images awaited',
  waiting: 'not read',
  reading: 'being read',
  held: 'on hold',
  preliminary: 'preliminary sent, final due',
};

/** Fields of the blank form. Every time is asked with its zone: who types it in later must not guess. */
const form: DowntimeSheet['form'] = [
  { label: 'Accession', long: false },
  { label: 'Patient, born', long: false },
  { label: 'Read by (print name)', long: false },
  { label: 'Read at: date, time, ZONE', long: false },
  { label: 'Findings and impression, in words', long: true },
  { label: 'Phoned to (print name)', long: false },
  { label: 'Phoned at: date, time, ZONE', long: false },
  { label: 'Read back by the one who was phoned: yes / no', long: false },
];

/** What a site needs on paper while the host is down: whom to call, what is open, and a form for wet reads. Pressing studies first. */
export function downtimeSheet(facts: {
  readonly site: { readonly name: string; readonly zone: string };
  readonly contacts: readonly SiteContact[];
  readonly onShift: readonly string[];
  readonly studies: readonly SheetStudy[];
  /** Open studies beyond those that are given. */
  readonly more: number;
  readonly notForClinicalUse: boolean;
  readonly now: Instant;
}): DowntimeSheet {
  const { site, now } = facts;
  const { zone } = site;
  const sorted = facts.studies.toSorted(
    (one, other) =>
      Number(one.state === 'preliminary') - Number(other.state === 'preliminary') ||
      priorityRank(one.priority) - priorityRank(other.priority) ||
      (one.dueAt ?? Number.POSITIVE_INFINITY) - (other.dueAt ?? Number.POSITIVE_INFINITY),
  );
  const due = (at: Instant | null): string => {
    if (at === null) return 'no time agreed';
    // On paper the time left is old at once: the time itself stands first.
    const left = at - now;
    return `${withoutSeconds(formatInZone(at, zone))} (${left < 0 ? 'late by' : 'in'} ${formatTimeLeft(Math.abs(left))})`;
  };
  return {
    site: cleanLine(site.name),
    zone,
    madeAt: formatInZone(now, zone),
    notForClinicalUse: facts.notForClinicalUse,
    contacts: facts.contacts
      .toSorted((one, other) => roleOrder.indexOf(one.role) - roleOrder.indexOf(other.role))
      .map(({ role, name, phone }) => ({ role: roleWords[role], name: cleanLine(name), phone: cleanLine(phone) })),
    onShift: facts.onShift.map((one) => cleanLine(one)),
    studies: sorted.slice(0, mostSheetStudies).map((study) => ({
      accession: cleanLine(study.accession ?? 'none'),
      patient: displayName(study.name) || 'name not given',
      patientId: cleanLine(study.patientId ?? 'not given'),
      born: displayDate(study.birthDate) || 'not given',
      exam: cleanLine(study.exam),
      priority: study.priority.toUpperCase(),
      state: stateWords[study.state],
      due: due(study.dueAt),
    })),
    more: facts.more + Math.max(0, sorted.length - mostSheetStudies),
    form,
  };
}

/** "2026-11-22 01:31 PST". */
function withoutSeconds(text: string): string {
  return text.replace(/:\d{2} /, ' ');
}
