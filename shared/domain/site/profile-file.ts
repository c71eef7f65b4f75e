import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts';
import { fromFhirInstant, type Instant, instant, minutes, toFhirInstant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { isZone } from '../../lib/zoned-time.ts';
import { type Channel, channels } from '../delivery/index.ts';
import type { Priority, Site } from '../order/index.ts';
import {
  type CalendarKind,
  calendars,
  type DueTimes,
  defaultContract,
  type OpenHours,
  pauseRules,
  startTypes,
  stopTypes,
  weekdays,
} from '../turnaround/index.ts';
import { readArrival } from './arrival-fields.ts';
import { readDelivery } from './delivery-fields.ts';
import { count, entries, type Field, fault, flag, items, members, oneOf, optional, words } from './read-fields.ts';
import {
  abroadRules,
  contactRoles,
  type DatedContract,
  defaultProfile,
  defectWeights,
  leastKeptDays,
  type SiteProfile,
} from './site-profile.ts';

export type BadProfile = { readonly code: 'bad-profile'; readonly faults: readonly string[] };

const priorities: readonly Priority[] = ['stat', 'asap', 'urgent', 'unknown', 'routine'];
/** Two years: longer is a slip of the pen, and a due time that never comes hides a study. */
const longestDue = 2 * 366 * 24 * 60;
const longestRetention = 200 * 366;
const longestDisplayDays = 366;

/** A profile as it stands in a file and in the record: due times in minutes, instants with their offset. */
export function profileToJson(profile: SiteProfile): JsonValue {
  return { ...profile, contracts: profile.contracts.map(contractToJson) };
}

function contractToJson(contract: DatedContract): JsonValue {
  const dueByModality = Object.entries(contract.dueByModality).map(([name, due]) => [name, dueToJson(due)]);
  const { critical, ...rest } = contract;
  return {
    ...rest,
    ...(critical === undefined
      ? {}
      : { critical: Object.fromEntries(Object.entries(critical).map(([level, limit]) => [level, limit / 60_000])) }),
    validFrom: toFhirInstant(contract.validFrom),
    due: dueToJson(contract.due),
    dueByModality: Object.fromEntries(dueByModality),
  };
}

function dueToJson(due: DueTimes): JsonValue {
  return Object.fromEntries(priorities.map((priority) => [priority, due[priority] / 60_000]));
}

/** Reads what somebody wrote; every fault is named with its place, so that one round of mending is enough. */
export function profileFromJson(value: unknown): Result<SiteProfile, BadProfile> {
  const faults: string[] = [];
  const found = members({ value, path: '', faults }, [
    'site',
    'hours',
    'contracts',
    'issue',
    'contacts',
    'delivery',
    'defects',
    'codes',
    'arrival',
    'displayCheckDays',
    'siteAliases',
    'retentionDays',
    'keptOnHostDays',
  ]);
  const site = readSite(found.site);
  const usual = defaultProfile(site);
  const hours = optional<OpenHours | null>(found.hours, null, readHours);
  const contracts = optional(found.contracts, [], (field) => readContracts(field, hours !== null));
  const profile: SiteProfile = {
    site,
    hours,
    contracts,
    issue: optional(found.issue, usual.issue, (field) => {
      const { preliminary, final, fromAbroad } = members(field, ['preliminary', 'final', 'fromAbroad']);
      return { preliminary: flag(preliminary), final: flag(final), fromAbroad: oneOf(fromAbroad, abroadRules) };
    }),
    contacts: optional(found.contacts, usual.contacts, (field) =>
      items(field).map((one) => {
        const { role, name, phone } = members(one, ['role', 'name', 'phone']);
        return { role: oneOf(role, contactRoles), name: words(name), phone: words(phone, 60) };
      }),
    ),
    delivery: optional(found.delivery, usual.delivery, readDelivery),
    defects: optional(found.defects, {}, (field) =>
      Object.fromEntries(
        entries(field).map(([code, one]) => {
          const { read, bill } = members(one, ['read', 'bill']);
          return [code, { read: oneOf(read, defectWeights), bill: oneOf(bill, defectWeights) }];
        }),
      ),
    ),
    codes: optional(found.codes, [], (field) =>
      items(field).map((one) => {
        const code = members(one, ['name', 'words']);
        return { name: words(code.name, 60), words: items(code.words).map((each) => words(each, 60)) };
      }),
    ),
    arrival: optional(found.arrival, usual.arrival, readArrival),
    displayCheckDays: optional(found.displayCheckDays, {}, (field) =>
      Object.fromEntries(
        entries(field).map(([modality, one]) => {
          // PS3.3 C.7.3.1.1.1: Modality is a CS of two letters or a few more.
          if (modality !== '*' && !/^[A-Z]{2,16}$/.test(modality))
            fault(one, 'must be named by a modality such as "MG", or "*".');
          return [modality, count(one, 1, longestDisplayDays)];
        }),
      ),
    ),
    siteAliases: optional(found.siteAliases, usual.siteAliases, readAliases),
    retentionDays: optional<number | null>(found.retentionDays, null, (field) => count(field, 1, longestRetention)),
    keptOnHostDays: optional<number | null>(found.keptOnHostDays, null, (field) =>
      count(field, leastKeptDays, longestRetention),
    ),
  };
  // A clock that waits for a word which is never said would run for good.
  const last = contracts.at(-1);
  if (profile.delivery.hl7Receipt === 'accepted' && last?.stop === 'filed' && last.by === 'hl7')
    fault(
      found.delivery,
      'says nothing of "hl7Receipt" ("filed" or "enhanced"), but the last contract stops the clock when the report is filed by HL7.',
    );
  return faults.length === 0 ? ok(profile) : err({ code: 'bad-profile', faults });
}

function readSite(field: Field): Site {
  const found = members(field, ['id', 'name', 'state', 'zone', 'phone', 'address']);
  const id = words(found.id, 48);
  // FHIR R4 id: the profile's own id is made of it.
  if (id !== '' && !/^[A-Za-z0-9\-.]+$/.test(id)) fault(found.id, 'may hold only letters, digits, "-" and ".".');
  const state = words(found.state, 2);
  if (state !== '' && !/^[A-Z]{2}$/.test(state)) fault(found.state, 'must be a state of two capital letters, like AZ.');
  const zone = words(found.zone, 60);
  if (zone !== '' && !isZone(zone)) fault(found.zone, `"${zone}" is no time zone; write one like America/Phoenix.`);
  const phone = optional<string | null>(found.phone, null, (one) => words(one, 60));
  const address = optional<string | undefined>(found.address, undefined, (one) => words(one, 200));
  return { id, name: words(found.name), state, zone, phone, ...(address === undefined ? {} : { address }) };
}

/** One issuer name alone is no alias of anything. */
function readAliases(field: Field): SiteProfile['siteAliases'] {
  const found = members(field, ['issuers', 'unidentified']);
  const names = (one: Field): readonly string[] =>
    optional(one, [], (list) => items(list).map((each) => words(each, 64)));
  const issuers = names(found.issuers);
  if (new Set(issuers.map((one) => one.toUpperCase())).size !== issuers.length)
    fault(found.issuers, 'names an issuer twice.');
  if (issuers.length === 1) fault(found.issuers, 'must name two or more: those that mean the same.');
  if (issuers.length > 50) fault(found.issuers, 'may name at most 50.');
  return { issuers, unidentified: names(found.unidentified) };
}

function readHours(field: Field): OpenHours {
  const found = members(field, ['spans', 'holidays']);
  const spans = items(found.spans).map((one) => {
    const { days, from, to } = members(one, ['days', 'from', 'to']);
    return { days: items(days).map((day) => oneOf(day, weekdays)), from: timeOfDay(from), to: timeOfDay(to) };
  });
  if (Array.isArray(found.spans.value) && !spans.some((one) => one.days.length > 0))
    fault(found.spans, 'must name at least one day on which the site opens.');
  const holidays = optional(found.holidays, [], (one) => items(one).map(calendarDay));
  return { spans, holidays };
}

function timeOfDay(field: Field): string {
  const text = typeof field.value === 'string' ? field.value : '';
  if (!/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(text)) fault(field, 'must be a time like 07:30 (00:00 to 24:00).');
  return text;
}

function calendarDay(field: Field): string {
  const text = typeof field.value === 'string' ? field.value : '';
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text)
    fault(field, 'must be a day like 2026-12-25.');
  return text;
}

function readContracts(field: Field, withHours: boolean): readonly DatedContract[] {
  const read = items(field).map((one) => readContract(one, withHours));
  const sorted = [...read].sort((left, right) => left.validFrom - right.validFrom);
  if (sorted.some((one, at) => one.validFrom === sorted[at + 1]?.validFrom))
    fault(field, 'has two contracts that begin at the same instant.');
  return sorted;
}

function readContract(field: Field, withHours: boolean): DatedContract {
  const found = members(field, [
    ...([
      'validFrom',
      'name',
      'start',
      'stop',
      'by',
      'pauses',
      'due',
      'dueByModality',
      'calendar',
      'critical',
    ] as const),
  ]);
  const { value: from } = found.validFrom;
  const validFrom = fromFhirInstant(typeof from === 'string' ? from : '');
  if (!validFrom.ok) fault(found.validFrom, 'must be an instant with its offset, like 2026-01-01T00:00:00-07:00.');
  const start = items(found.start).map((one) => oneOf(one, startTypes));
  if (Array.isArray(found.start.value) && start.length === 0) fault(found.start, 'must name what starts the clock.');
  const due = readDue(found.due);
  const by = optional<Channel | null>(found.by, null, (one) => oneOf(one, channels));
  if (by !== null && !isWord(found.stop.value))
    fault(found.by, 'names a channel, but the clock stops with no receiver’s word (accepted, filed or opened).');
  const calendar = optional(found.calendar, defaultContract.calendar, (one) => {
    const each = members(one, priorities);
    return byPriority((priority) => oneOf(each[priority], calendars));
  }) satisfies Readonly<Record<Priority, CalendarKind>>;
  const critical = optional<DatedContract['critical']>(found.critical, undefined, readCritical);
  if (!withHours && priorities.some((priority) => calendar[priority] === 'hours'))
    fault(found.calendar, 'counts in open hours, but the site has no hours.');
  return {
    validFrom: validFrom.ok ? validFrom.value : instant(0),
    name: words(found.name),
    start,
    stop: oneOf(found.stop, stopTypes),
    ...(by === null ? {} : { by }),
    pauses: optional(found.pauses, [], (one) => items(one).map((each) => oneOf(each, pauseRules))),
    due,
    dueByModality: optional(found.dueByModality, {}, (one) =>
      Object.fromEntries(entries(one).map(([modality, times]) => [modality, readDue(times)])),
    ),
    calendar,
    ...(critical === undefined ? {} : { critical }),
  };
}

/** The words that a receiver says; the others are the reader's own. */
function isWord(stop: unknown): boolean {
  return stop === 'accepted' || stop === 'filed' || stop === 'opened';
}

/** Minutes by level, like { "1": 30, "2": 240, "3": 2880 }: each at least as long as the one before. */
function readCritical(field: Field): NonNullable<DatedContract['critical']> {
  const found = members(field, ['1', '2', '3']);
  const [one, two, three] = [found['1'], found['2'], found['3']].map((each) => count(each, 1, longestDue));
  if ((one ?? 0) > (two ?? 0) || (two ?? 0) > (three ?? 0))
    fault(field, 'must give level 1 the shortest time and 3 the longest.');
  return { 1: minutes(one ?? 0), 2: minutes(two ?? 0), 3: minutes(three ?? 0) };
}

function readDue(field: Field): DueTimes {
  const each = members(field, priorities);
  return byPriority((priority) => minutes(count(each[priority], 1, longestDue)));
}

function byPriority<Value>(read: (priority: Priority) => Value): Readonly<Record<Priority, Value>> {
  return {
    stat: read('stat'),
    asap: read('asap'),
    urgent: read('urgent'),
    unknown: read('unknown'),
    routine: read('routine'),
  };
}

/**
 * Why `after` may not take the place of `before`: a contract that has begun is never changed or taken away, and none is slipped in with
 * a beginning that has passed. What was agreed on the night of a study stays what it was.
 */
export function brokenContracts(before: SiteProfile, after: SiteProfile, now: Instant): readonly string[] {
  const begun = (profile: SiteProfile): ReadonlyMap<string, DatedContract> =>
    new Map(profile.contracts.filter((one) => one.validFrom <= now).map((one) => [canonicalJson(one), one]));
  const [old, wanted] = [begun(before), begun(after)];
  const from = (one: DatedContract): string => `"${one.name}" from ${toFhirInstant(one.validFrom)}`;
  const lost = [...old].filter(([text]) => !wanted.has(text));
  const slipped = [...wanted].filter(([text]) => !old.has(text));
  return [
    ...lost.map(
      ([, one]) => `The contract ${from(one)} has begun and must stay as it is; add a new one that begins later.`,
    ),
    ...slipped.map(([, one]) => `The contract ${from(one)} is new and would begin in the past; let it begin later.`),
  ];
}
