import type { Patient } from '@medplum/fhirtypes';
import type { OtherNumber, Person } from '../../../shared/domain/prior/index.ts';
import { identityFromPatient, othersFromPatient } from '../../../shared/interop/fhir/index.ts';
import { type PriorReport, priorReportFromFhir } from '../../../shared/interop/fhir/prior-report.ts';
import { SetsByKey } from '../../../shared/lib/sets-by-key.ts';
import type { RecordSync } from '../record/index.ts';

/** Who the record knows, by what they can be found by, and the reports about them. Follows what the record changes. */
export type PersonIndex = {
  /** The Patient with every number and name of those whom the site merged with it (ADT^A40); null where the record has none. */
  person(patientId: string): Person | null;
  /** Patients merged with this one, itself among them. */
  family(patientId: string): ReadonlySet<string>;
  /** Patients with one of these numbers, whoever issued it, or this birth date, YYYYMMDD. At most `most`; `cut` where there are more. */
  find(
    numbers: readonly string[],
    birthDate: string | null,
    most: number,
  ): { readonly ids: ReadonlySet<string>; readonly cut: boolean };
  /** Released reports about a patient. */
  reportsOf(patientId: string): readonly PriorReport[];
  /** Released reports that name a study, whoever they say it is of. */
  reportsOfStudy(studyUid: string): readonly PriorReport[];
  /** Ids of the DiagnosticReports that were written for an order. */
  reportIdsOfOrder(orderId: string): readonly string[];
};

/** A chain or a heap of merges beyond this is no patient's. */
const mostMerged = 50;

function numberKey(value: string): string {
  return value.normalize('NFKC').replace(/\s+/g, ' ').trim().toUpperCase();
}

function replacedBy(patient: Patient): string | null {
  const reference = patient.link?.find((link) => link.type === 'replaced-by')?.other?.reference ?? '';
  return reference.startsWith('Patient/') ? reference.slice('Patient/'.length) : null;
}

type Keys = { readonly numbers: readonly string[]; readonly birthDate: string | null; readonly into: string | null };
type ReportKeys = {
  readonly patient: string | null;
  readonly studies: readonly string[];
  readonly orders: readonly string[];
};
/** Reports kept as they were last read from their resource. */
const mostParsed = 2_000;

export function createPersonIndex(sync: Pick<RecordSync, 'get' | 'onChange'>): PersonIndex {
  const byNumber = new SetsByKey();
  const byBirth = new SetsByKey();
  const mergedInto = new SetsByKey();
  const reportsByPatient = new SetsByKey();
  const reportsByStudy = new SetsByKey();
  const keysOf = new Map<string, Keys>();
  const keysOfReport = new Map<string, ReportKeys>();
  const reportsByOrder = new SetsByKey();
  const parsed = new Map<string, PriorReport | null>();

  const forget = (id: string): void => {
    const keys = keysOf.get(id);
    if (keys === undefined) return;
    for (const number of keys.numbers) byNumber.remove(number, id);
    if (keys.birthDate !== null) byBirth.remove(keys.birthDate, id);
    if (keys.into !== null) mergedInto.remove(keys.into, id);
    keysOf.delete(id);
  };
  const learn = (id: string): void => {
    forget(id);
    const patient = sync.get('Patient', id)?.resource;
    if (patient === undefined) return;
    const own = identityFromPatient(patient);
    const numbers = [
      ...(own.id === null ? [] : [own.id]),
      ...othersFromPatient(patient).numbers.map((one) => one.value),
    ];
    const keys = { numbers: numbers.map(numberKey), birthDate: own.birthDate, into: replacedBy(patient) };
    keysOf.set(id, keys);
    for (const number of keys.numbers) byNumber.add(number, id);
    if (keys.birthDate !== null) byBirth.add(keys.birthDate, id);
    if (keys.into !== null) mergedInto.add(keys.into, id);
  };
  const reportOf = (id: string): PriorReport | null => {
    const known = parsed.get(id);
    if (known !== undefined) return known;
    const resource = sync.get('DiagnosticReport', id)?.resource;
    if (resource === undefined) return null;
    const found = priorReportFromFhir(resource);
    if (parsed.size >= mostParsed) parsed.clear();
    parsed.set(id, found);
    return found;
  };
  const learnReport = (id: string): void => {
    const before = keysOfReport.get(id);
    if (before?.patient != null) reportsByPatient.remove(before.patient, id);
    for (const uid of before?.studies ?? []) reportsByStudy.remove(uid, id);
    for (const order of before?.orders ?? []) reportsByOrder.remove(order, id);
    keysOfReport.delete(id);
    parsed.delete(id);
    const resource = sync.get('DiagnosticReport', id)?.resource;
    if (resource === undefined) return;
    const reference = resource.subject?.reference ?? '';
    const patient = reference.startsWith('Patient/') ? reference.slice('Patient/'.length) : null;
    const studies = (resource.imagingStudy ?? []).flatMap(
      (one) => one.identifier?.value?.replace(/^urn:oid:/, '') ?? [],
    );
    const orders = (resource.basedOn ?? []).flatMap(({ reference }) =>
      reference?.startsWith('ServiceRequest/') === true ? reference.slice('ServiceRequest/'.length) : [],
    );
    keysOfReport.set(id, { patient, studies, orders });
    for (const order of orders) reportsByOrder.add(order, id);
    if (patient !== null) reportsByPatient.add(patient, id);
    for (const uid of studies) reportsByStudy.add(uid, id);
  };
  sync.onChange(({ type, items, gone }) => {
    if (type !== 'Patient' && type !== 'DiagnosticReport') return;
    for (const id of [...items.map((item) => item.resource.id ?? ''), ...gone])
      if (type === 'Patient') learn(id);
      else learnReport(id);
  });

  const family = (patientId: string): ReadonlySet<string> => {
    let root = patientId;
    const way = new Set([root]);
    for (;;) {
      const next = keysOf.get(root)?.into ?? null;
      if (next === null || way.has(next) || way.size >= mostMerged) break;
      way.add(next);
      root = next;
    }
    const found = new Set([root]);
    for (const id of found) for (const gone of mergedInto.of(id)) if (found.size < mostMerged) found.add(gone);
    return found.add(patientId);
  };

  return {
    family,
    person: (patientId) => {
      const patient = sync.get('Patient', patientId)?.resource;
      if (patient === undefined) return null;
      const others = othersFromPatient(patient);
      const merged = [...family(patientId)]
        .filter((id) => id !== patientId)
        .flatMap((id) => sync.get('Patient', id)?.resource ?? []);
      return {
        ...identityFromPatient(patient),
        otherNames: [
          ...others.names,
          ...merged.flatMap((one) => [identityFromPatient(one).name, ...othersFromPatient(one).names]),
        ].filter((name) => name !== ''),
        otherIds: [
          ...others.numbers.map((one) => ({ ...one, from: 'record' as const })),
          ...merged.flatMap((one): OtherNumber[] => {
            const { id, issuer } = identityFromPatient(one);
            const numbers = [...(id === null ? [] : [{ value: id, issuer }]), ...othersFromPatient(one).numbers];
            return numbers.map((number) => ({ ...number, from: 'merge' }));
          }),
        ],
      };
    },
    find: (numbers, birthDate, most) => {
      const ids = new Set<string>();
      const sources = [
        ...numbers.map((number) => byNumber.of(numberKey(number))),
        ...(birthDate === null ? [] : [byBirth.of(birthDate)]),
      ];
      // Read one by one: a date that stands for "not known" may be that of everybody.
      for (const source of sources)
        for (const id of source) {
          if (ids.has(id)) continue;
          if (ids.size >= most) return { ids, cut: true };
          ids.add(id);
        }
      return { ids, cut: false };
    },
    reportIdsOfOrder: (orderId) => [...reportsByOrder.of(orderId)],
    reportsOf: (patientId) => [...reportsByPatient.of(patientId)].flatMap((id) => reportOf(id) ?? []),
    reportsOfStudy: (studyUid) =>
      [...reportsByStudy.of(studyUid)]
        .flatMap((id) => reportOf(id) ?? [])
        // A comparison that a report names is not what it is about.
        .filter((report) => report.studyUid === studyUid || report.togetherUids.includes(studyUid)),
  };
}
