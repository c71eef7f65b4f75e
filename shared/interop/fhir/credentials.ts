import type { Extension, Practitioner, PractitionerQualification, PractitionerRole } from '@medplum/fhirtypes';
import {
  type Credentials,
  type Entitlement,
  type EntitlementSet,
  type Named,
  privilegeLevels,
  type Shift,
  weekdays,
} from '../../domain/reader/index.ts';
import { fromFhirInstant, type Instant, toFhirInstant } from '../../lib/instant.ts';
import { at, codeIn, extensionOf, listAt, oneOf, referenceId, textAt } from './read.ts';
import { ours, systems, timezoneExtension } from './systems.ts';

/**
 * Credentials on FHIR R4: what a person has everywhere is Practitioner.qualification, what she has at one facility and when she works
 * is PractitionerRole. All parts of one setting carry its moment; a role of another setting does not count, so that a half-written
 * set gives nothing that was not meant.
 */

/** Lists that may be kept or not: a mark tells an empty list from one that nobody keeps. */
const keptLists = ['privileges', 'modalities', 'malpractice'] as const;

function period(expires: string | null): { period?: { end: string } } {
  return expires === null ? {} : { period: { end: expires } };
}

function endOf(holder: unknown): string | null {
  return textAt(holder, 'period', 'end')?.slice(0, 10) ?? null;
}

function ourQualification(kind: string, text: string, expires: string | null): PractitionerQualification {
  return { code: { coding: [{ system: ours.qualification, code: kind }], text }, ...period(expires) };
}

/** The qualifications of one person, licences first. */
function qualificationsToFhir(entitlement: Entitlement): readonly PractitionerQualification[] {
  if (entitlement === 'unrestricted') return [];
  const { licences, modalities, mammography, malpractice, boards, payers } = entitlement;
  return [
    ...licences.map((one) => ({
      ...(one.number === '' ? {} : { identifier: [{ value: one.number }] }),
      code: { coding: [{ system: systems.state, code: one.state }], text: 'Licence' },
      ...period(one.expires),
    })),
    ...(modalities ?? []).map((one) => ({
      code: { coding: [{ system: systems.dicom, code: one.name }], text: 'Modality' },
      ...period(one.expires),
    })),
    ...(mammography === null ? [] : [ourQualification('mammography', 'Mammography (MQSA)', mammography.expires)]),
    ...boards.map((one) => ourQualification('board', one.name, one.expires)),
    ...payers.map((one) => ourQualification('payer', one.name, one.expires)),
    ...(malpractice ?? []).map((one) => ({
      extension: (one.states === 'all' ? ['all'] : one.states).map((state) => ({
        url: ours.coverState,
        valueCode: state,
      })),
      ...ourQualification('malpractice', one.carrier, one.expires),
    })),
  ];
}

/** What a Practitioner says of the setting itself. */
function entitlementMarks(set: EntitlementSet): readonly Extension[] {
  const { entitlement } = set;
  return [
    { url: ours.credentialsSetAt, valueInstant: toFhirInstant(set.setAt) },
    ...(entitlement === 'unrestricted'
      ? []
      : keptLists.flatMap((list) =>
          entitlement[list] === null ? [] : [{ url: ours.credentialsKept, valueCode: list }],
        )),
  ];
}

/** The roles of one person. `idOf` derives an id from a part's name, so that the same part is the same resource at each setting. */
export function rolesToFhir(
  readerId: string,
  set: EntitlementSet,
  idOf: (part: string) => string,
): readonly (PractitionerRole & { id: string })[] {
  if (set.entitlement === 'unrestricted') return [];
  const { privileges, shifts, subspecialties, phone } = set.entitlement;
  const common = {
    resourceType: 'PractitionerRole' as const,
    extension: [{ url: ours.credentialsSetAt, valueInstant: toFhirInstant(set.setAt) }],
    active: true,
    practitioner: { reference: `Practitioner/${readerId}` },
  };
  const zones = [...new Set(shifts.map((one) => one.zone))];
  return [
    ...(privileges ?? []).map((one) => ({
      ...common,
      id: idOf(`privilege|${one.site}|${one.level}|${one.expires ?? ''}`),
      organization: { reference: `Organization/${one.site}` },
      code: [{ coding: [{ system: ours.privilege, code: one.level }] }],
      ...period(one.expires),
    })),
    ...zones.map((zone) => ({
      ...common,
      id: idOf(`shifts|${zone}`),
      extension: [...common.extension, { url: timezoneExtension, valueCode: zone }],
      code: [{ coding: [{ system: ours.privilege, code: 'shifts' }] }],
      ...(phone === undefined ? {} : { telecom: [{ system: 'phone' as const, value: phone }] }),
      availableTime: shifts
        .filter((one) => one.zone === zone)
        .map((one) => ({
          daysOfWeek: [...one.days],
          availableStartTime: `${one.from}:00`,
          availableEndTime: `${one.to}:00`,
        })),
    })),
    ...(subspecialties.length === 0
      ? []
      : [
          {
            ...common,
            id: idOf('subspecialties'),
            code: [{ coding: [{ system: ours.privilege, code: 'subspecialties' }] }],
            specialty: subspecialties.map((text) => ({ text })),
          },
        ]),
  ];
}

function setAtOf(resource: unknown): Instant | null {
  const read = fromFhirInstant(textAt(extensionOf(resource, ours.credentialsSetAt), 'valueInstant') ?? '');
  return read.ok ? read.value : null;
}

function shiftsOf(role: unknown): readonly Shift[] {
  const zone = textAt(extensionOf(role, timezoneExtension), 'valueCode');
  if (zone === null) return [];
  return listAt(role, 'availableTime').flatMap((one) => {
    const from = textAt(one, 'availableStartTime')?.slice(0, 5) ?? '';
    const to = textAt(one, 'availableEndTime')?.slice(0, 5) ?? '';
    const days = listAt(one, 'daysOfWeek').flatMap((day) => oneOf(weekdays, day) ?? []);
    return from === '' || to === '' || days.length === 0 ? [] : [{ days, from, to, zone }];
  });
}

/**
 * The credentials that a Practitioner and its roles carry; null where none were ever set. What cannot be read entitles to nothing:
 * a licence that is no licence is left out, a list that was kept stays kept.
 */
export function credentialsFromFhir(practitioner: unknown, roles: readonly unknown[]): EntitlementSet | null {
  const setAt = setAtOf(practitioner);
  if (setAt === null) return null;
  if (at(extensionOf(practitioner, ours.unrestrictedStates), 'valueBoolean') === true)
    return { setAt, entitlement: 'unrestricted' };
  const kept = new Set(
    listAt(practitioner, 'extension').flatMap((one) =>
      at(one, 'url') === ours.credentialsKept ? (oneOf(keptLists, at(one, 'valueCode')) ?? []) : [],
    ),
  );
  const all = listAt(practitioner, 'qualification');
  const codedIn = (system: string): Named[] =>
    all.flatMap((one) => {
      const name = codeIn(at(one, 'code'), system);
      return name === null ? [] : [{ name, expires: endOf(one) }];
    });
  const ofKind = (kind: string): readonly unknown[] =>
    all.filter((one) => codeIn(at(one, 'code'), ours.qualification) === kind);
  const named = (kind: string): Named[] =>
    ofKind(kind).map((one) => ({ name: textAt(one, 'code', 'text') ?? '', expires: endOf(one) }));
  const mammography = ofKind('mammography')[0];
  const own = roles.filter((role) => at(role, 'active') !== false && setAtOf(role) === setAt);
  const phone =
    own
      .map((role) =>
        textAt(
          listAt(role, 'telecom').find((one) => at(one, 'system') === 'phone'),
          'value',
        ),
      )
      .find((value) => value !== null) ?? undefined;
  const credentials: Credentials = {
    licences: all.flatMap((one) => {
      const state = codeIn(at(one, 'code'), systems.state);
      return state === null
        ? []
        : [{ state, number: textAt(one, 'identifier', 0, 'value') ?? '', expires: endOf(one) }];
    }),
    privileges: !kept.has('privileges')
      ? null
      : own.flatMap((role) => {
          const site = referenceId(textAt(role, 'organization', 'reference'), 'Organization');
          const level = oneOf(privilegeLevels, codeIn(at(role, 'code', 0), ours.privilege));
          return site === null || level === null ? [] : [{ site, level, expires: endOf(role) }];
        }),
    modalities: kept.has('modalities') ? codedIn(systems.dicom) : null,
    mammography: mammography === undefined ? null : { expires: endOf(mammography) },
    malpractice: !kept.has('malpractice')
      ? null
      : ofKind('malpractice').map((one) => {
          const states = listAt(one, 'extension').flatMap((each) =>
            at(each, 'url') === ours.coverState ? (textAt(each, 'valueCode') ?? []) : [],
          );
          return {
            carrier: textAt(one, 'code', 'text') ?? '',
            states: states.includes('all') ? ('all' as const) : states,
            expires: endOf(one),
          };
        }),
    subspecialties: own.flatMap((role) => listAt(role, 'specialty').flatMap((one) => textAt(one, 'text') ?? [])),
    boards: named('board'),
    payers: named('payer'),
    shifts: own.flatMap(shiftsOf),
    ...(phone === undefined ? {} : { phone }),
  };
  return { setAt, entitlement: credentials };
}

/** Whose role it is; null for a role of nobody that we know. */
export function readerOfRole(role: unknown): string | null {
  return referenceId(textAt(role, 'practitioner', 'reference'), 'Practitioner');
}

/** A role that no longer belongs to its person's setting is put out of use, never deleted. */
export function retiredRole(role: PractitionerRole): PractitionerRole {
  return { ...role, active: false };
}

const settingMarks: readonly string[] = [ours.credentialsSetAt, ours.credentialsKept, ours.unrestrictedStates];

/** The Practitioner with the credentials of the one that it replaces, where any were set there. */
export function keepingCredentials(
  made: Practitioner & { id: string },
  before: Practitioner,
): Practitioner & { id: string } {
  if (setAtOf(before) === null) return made;
  const { qualification: _states, ...rest } = made;
  return {
    ...rest,
    extension: [
      ...(made.extension ?? []).filter((one) => !settingMarks.includes(one.url ?? '')),
      ...(before.extension ?? []).filter((one) => settingMarks.includes(one.url ?? '')),
    ],
    ...(before.qualification === undefined ? {} : { qualification: before.qualification }),
  };
}

/** The Practitioner with the setting in it; keys and identifiers stay as they are. */
export function withCredentials(practitioner: Practitioner, set: EntitlementSet): Practitioner {
  const { qualification: _before, ...rest } = practitioner;
  const qualification = qualificationsToFhir(set.entitlement);
  return {
    ...rest,
    extension: [
      ...(practitioner.extension ?? []).filter((one) => !settingMarks.includes(one.url ?? '')),
      ...(set.entitlement === 'unrestricted' ? [{ url: ours.unrestrictedStates, valueBoolean: true }] : []),
      ...entitlementMarks(set),
    ],
    ...(qualification.length === 0 ? {} : { qualification: [...qualification] }),
  };
}
