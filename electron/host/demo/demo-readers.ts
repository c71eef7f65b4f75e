import type { Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import type {
  Credentials,
  EntitlementSet,
  PrivilegeLevel,
  Reader,
  ReaderId,
  Shift,
  WeekdayName,
} from '../../../shared/domain/reader/index.ts';
import { utcDay } from '../../../shared/domain/reader/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { practitionerToFhir, rolesToFhir, withCredentials } from '../../../shared/interop/fhir/index.ts';
import { after, type Instant, millis } from '../../../shared/lib/instant.ts';
import { sha256 } from '../digest.ts';
import type { Accounts } from '../identity/index.ts';
import { demoSites, npi, type SiteKey } from './cast.ts';

const oneDay = 86_400_000;
const allSites = Object.keys(demoSites) as readonly SiteKey[];
const weekdays: readonly WeekdayName[] = ['mon', 'tue', 'wed', 'thu', 'fri'];
const weekend: readonly WeekdayName[] = ['sat', 'sun'];
const everyNight: readonly WeekdayName[] = [...weekdays, ...weekend];

type Sketch = {
  readonly name: string;
  readonly states: readonly string[];
  readonly sites: readonly SiteKey[];
  readonly level?: PrivilegeLevel;
  readonly modalities?: readonly string[];
  readonly mammography?: true;
  readonly subspecialties: readonly string[];
  readonly shift: Shift;
  /** Days from the launch to the end of the first licence. */
  readonly firstLicenceEnds?: number;
};

const shift = (days: readonly WeekdayName[], from: string, to: string, zone: string): Shift => ({
  days,
  from,
  to,
  zone,
});

/** Invented colleagues, so that lists of readers have something true to show; nobody of them has an account. */
const colleagues: readonly Sketch[] = [
  {
    name: 'Dr A. Brackwater',
    states: ['WA', 'UT'],
    sites: ['larkspur', 'saltflat'],
    subspecialties: ['neuroradiology'],
    shift: shift(everyNight, '19:00', '03:00', 'America/Los_Angeles'),
  },
  {
    name: 'Dr N. Ferrowdale',
    states: ['OH', 'ME'],
    sites: ['cedar', 'pinemark'],
    mammography: true,
    subspecialties: ['breast'],
    shift: shift(weekdays, '08:00', '17:00', 'America/New_York'),
  },
  {
    name: 'Dr I. Osmundbury',
    states: ['OH'],
    sites: ['quillback'],
    modalities: ['CR', 'DX', 'MR'],
    subspecialties: ['musculoskeletal'],
    shift: shift(weekdays, '07:00', '15:30', 'America/New_York'),
  },
  {
    name: 'Dr K. Wrenfield',
    states: ['WA', 'UT', 'OH', 'ME'],
    sites: allSites,
    mammography: true,
    subspecialties: ['breast', 'chest'],
    shift: shift(weekend, '06:00', '18:00', 'America/Denver'),
  },
  {
    name: 'Dr T. Halloway-Suri',
    states: ['UT'],
    sites: ['saltflat'],
    subspecialties: ['abdominal'],
    shift: shift(weekdays, '16:00', '00:00', 'America/Denver'),
    firstLicenceEnds: 84,
  },
  {
    name: 'Dr B. Lindenquist',
    states: ['WA', 'OH'],
    sites: ['larkspur', 'cedar'],
    level: 'preliminary',
    subspecialties: ['emergency'],
    shift: shift(everyNight, '22:00', '06:00', 'Australia/Perth'),
  },
  {
    name: 'Dr E. Quarrington',
    states: ['ME'],
    sites: ['pinemark'],
    mammography: true,
    modalities: ['US'],
    subspecialties: ['breast'],
    shift: shift(weekdays, '09:00', '13:00', 'America/New_York'),
  },
  {
    name: 'Dr F. Sablewood',
    states: ['WA', 'UT', 'OH'],
    sites: ['larkspur', 'saltflat', 'cedar'],
    level: 'draft',
    subspecialties: [],
    shift: shift(weekdays, '08:00', '18:00', 'America/Los_Angeles'),
  },
  {
    name: 'Dr G. Tollivane',
    states: ['OH'],
    sites: ['cedar', 'quillback'],
    subspecialties: ['cardiac'],
    shift: shift(weekend, '18:00', '06:00', 'America/New_York'),
    firstLicenceEnds: 5,
  },
  {
    name: 'Dr H. Umberleigh',
    states: ['UT', 'WA'],
    sites: ['saltflat'],
    subspecialties: ['neuroradiology'],
    shift: shift(everyNight, '00:00', '08:00', 'America/Denver'),
  },
  {
    name: 'Dr J. Vantongeren',
    states: ['WA'],
    sites: ['larkspur'],
    level: 'look',
    subspecialties: ['nuclear'],
    shift: shift(weekdays, '10:00', '14:00', 'America/Los_Angeles'),
  },
  {
    name: 'Dr L. Yarrowby',
    states: ['OH', 'UT'],
    sites: ['cedar', 'saltflat'],
    subspecialties: ['chest'],
    shift: shift(weekdays, '17:00', '01:00', 'America/New_York'),
    firstLicenceEnds: -12,
  },
];

function credentialsOf(sketch: Sketch, now: Instant): Credentials {
  const inDays = (days: number): string => utcDay(after(now, millis(days * oneDay)));
  return {
    licences: sketch.states.map((state, index) => ({
      state,
      number: `DEMO-${state}-${1_000 + colleagues.indexOf(sketch) * 17 + index}`,
      expires: inDays(index === 0 ? (sketch.firstLicenceEnds ?? 400) : 400 + 90 * index),
    })),
    privileges: sketch.sites.map((key) => ({
      site: demoSites[key].id,
      level: sketch.level ?? 'final',
      expires: inDays(300),
    })),
    modalities: sketch.modalities?.map((name) => ({ name, expires: null })) ?? null,
    mammography: sketch.mammography === true ? { expires: inDays(500) } : null,
    malpractice: [{ carrier: 'Demo Mutual', states: 'all', expires: inDays(200) }],
    subspecialties: sketch.subspecialties,
    boards: [{ name: 'Demo Board of Radiology', expires: null }],
    payers: [],
    shifts: [sketch.shift],
    phone: `+1-303-555-01${String(20 + colleagues.indexOf(sketch)).padStart(2, '0')}`,
  };
}

/** The demo account `reader`: all of the demo's states and sites, one licence that ends soon, and no mammography. */
const ownSketch: Sketch = {
  name: 'reader',
  states: ['OH', 'WA', 'UT', 'ME'],
  sites: allSites,
  subspecialties: [],
  shift: shift(everyNight, '18:00', '06:00', 'America/Denver'),
  firstLicenceEnds: 26,
};

/** The demo account `resident`: a reader in training, everywhere to draft only. */
const trainingSketch: Sketch = {
  ...ownSketch,
  name: 'resident',
  level: 'draft',
  firstLicenceEnds: 400,
};

/** Holds the demo accounts `reader` and `resident` to credentials; what somebody has set stays. */
export async function setDemoCredentials(accounts: Accounts, now: Instant): Promise<void> {
  const people = await accounts.list();
  const held = await accounts.credentials();
  for (const sketch of [ownSketch, trainingSketch]) {
    const reader = people.find((one) => one.userName === sketch.name);
    if (reader === undefined || held.has(reader.id)) continue;
    await accounts.setCredentials(sketch.name, credentialsOf(sketch, now), now);
  }
}

/** Logical id of an invented colleague. */
export function demoReaderId(name: string): ReaderId {
  return deriveId('demo-reader', [name], sha256) as ReaderId;
}

/** The colleagues as they stand in the record: roles first, as with any setting. */
export function demoColleagues(
  now: Instant,
): readonly ((Practitioner & { id: string }) | (PractitionerRole & { id: string }))[] {
  return colleagues.flatMap((sketch, index) => {
    const set: EntitlementSet = { setAt: now, entitlement: credentialsOf(sketch, now) };
    const reader: Reader = {
      id: demoReaderId(sketch.name),
      userName: `demo-${index + 1}`,
      name: sketch.name,
      role: 'radiologist',
      npi: npi(`2999100${String(index + 10)}`),
      states: [],
    };
    return [
      ...rolesToFhir(reader.id, set, (part) => deriveId('role', [reader.id, part], sha256)),
      { ...withCredentials(practitionerToFhir(reader, []), set), id: reader.id },
    ];
  });
}
