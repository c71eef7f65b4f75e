import type { Identifier, Patient } from '@medplum/fhirtypes';
import { deriveId } from '../../../../shared/domain/report/index.ts';
import type { PatientIdentity } from '../../../../shared/domain/study/index.ts';
import { identityFromPatient, patientToFhir } from '../../../../shared/interop/fhir/index.ts';
import type { PatientGiven, PatientNumber } from '../../../../shared/interop/hl7v2/index.ts';
import { ok, type Result } from '../../../../shared/lib/result.ts';
import { sha256 } from '../../digest.ts';
import { findByIdentifier } from '../../record/index.ts';
import type { RecordClient, RecordFailure } from '../../record/types.ts';
import { readOrNull } from './record-writes.ts';

/** A patient's id in the record: from the site, who gave the number, and the number, so that every host comes to the same. */
export function patientIdOf(scope: string, number: PatientNumber): string {
  return deriveId('patient', [scope, number.issuer, number.value], sha256);
}

/** Merges lead from one to the next; a ring of them ends here. */
const mostLinks = 8;

export type FoundPatient = { readonly id: string; readonly resource: Patient };

/** The patient that a number names now: merges are followed to who stays. Null where the record knows none of the numbers. */
export async function findPatient(
  record: RecordClient,
  scope: string,
  numbers: readonly PatientNumber[],
): Promise<Result<FoundPatient | null, RecordFailure>> {
  for (const number of numbers) {
    const found = await followMerges(record, patientIdOf(scope, number));
    if (!found.ok || found.value !== null) return found;
  }
  return findByOrders(record, scope, numbers);
}

/**
 * A patient whom another door wrote under an id of its own: the one with this number and issuer who has an order at this site. A number
 * alone names nobody, since every hospital counts from one.
 */
async function findByOrders(
  record: RecordClient,
  scope: string,
  numbers: readonly PatientNumber[],
): Promise<Result<FoundPatient | null, RecordFailure>> {
  for (const { value, issuer } of numbers) {
    const found = await findByIdentifier(record, 'Patient', { system: null, value });
    if (!found.ok) return found;
    const own: string[] = [];
    for (const { resource } of found.value) {
      const issuers = (resource.identifier ?? [])
        .filter((one) => one.value === value)
        .map((one) => one.assigner?.display ?? '');
      if (resource.id === undefined || !issuers.some((one) => one === issuer || one === '' || issuer === '')) continue;
      const orders = await record.search('ServiceRequest', { subject: `Patient/${resource.id}` });
      if (!orders.ok) return orders;
      const here = orders.value.some((one) =>
        (one.resource.performer ?? []).some((place) => place.reference === `Organization/${scope}`),
      );
      if (here) own.push(resource.id);
    }
    const [only] = own;
    if (only !== undefined && own.length === 1) return followMerges(record, only);
  }
  return ok(null);
}

export async function followMerges(
  record: RecordClient,
  id: string,
): Promise<Result<FoundPatient | null, RecordFailure>> {
  let at = id;
  for (let step = 0; step < mostLinks; step += 1) {
    const found = await readOrNull(record, 'Patient', at);
    if (!found.ok) return found;
    if (found.value === null) return ok(null);
    const { resource } = found.value;
    const next = resource.link?.find((link) => link.type === 'replaced-by')?.other?.reference ?? null;
    if (next === null || !next.startsWith('Patient/')) return ok({ id: at, resource });
    at = next.slice('Patient/'.length);
  }
  return ok(null);
}

/** Who the message says the patient is; what it leaves open is taken from `known`. */
export function identityGiven(given: PatientGiven, known: PatientIdentity | null = null): PatientIdentity {
  const [number] = given.numbers;
  const pick = <Value>(said: Value | null | undefined, before: Value | null): Value | null =>
    said === undefined ? before : said;
  return {
    id: known?.id ?? number?.value ?? null,
    issuer: known === null ? number?.issuer || null : known.issuer,
    name: pick(given.name, known?.name ?? '') ?? '',
    birthDate: pick(given.birthDate, known?.birthDate ?? null),
    sex: pick(given.sex, known?.sex ?? null),
  };
}

/** Only what is not known yet: an order may complete a patient, never rewrite one. */
export function gapsFilled(given: PatientGiven, known: PatientIdentity): PatientIdentity {
  const said = identityGiven(given);
  return {
    ...known,
    name: known.name === '' ? said.name : known.name,
    birthDate: known.birthDate ?? said.birthDate,
    sex: known.sex ?? said.sex,
  };
}

/** Further numbers of the same patient; `secondary`, so that they are never taken for the one that images carry. */
function otherNumbers(numbers: readonly PatientNumber[], primary: string | null): Identifier[] {
  return numbers
    .filter((one) => one.value !== primary)
    .map((one) => ({
      use: 'secondary' as const,
      ...(one.type === ''
        ? {}
        : { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: one.type }] } }),
      value: one.value,
      ...(one.issuer === '' ? {} : { assigner: { display: one.issuer } }),
    }));
}

/** The Patient with this identity; everything else that the record holds of it stays. */
export function patientResource(
  id: string,
  identity: PatientIdentity,
  numbers: readonly PatientNumber[],
  existing: Patient | null,
): Patient {
  const made = patientToFhir(id, identity);
  const kept = (existing?.identifier ?? []).filter(
    (one) => !(made.identifier ?? []).some((own) => own.value === one.value),
  );
  const added = otherNumbers(numbers, identity.id).filter(
    (one) => !kept.some((other) => other.value === one.value && other.assigner?.display === one.assigner?.display),
  );
  const identifier = [...(made.identifier ?? []), ...kept, ...added];
  return {
    ...existing,
    ...made,
    ...(identifier.length === 0 ? {} : { identifier }),
    // Former names and names for other uses are none of the message's business.
    ...(existing?.name === undefined
      ? {}
      : {
          name: [
            ...(made.name ?? []),
            ...existing.name.filter((one) => ['old', 'maiden', 'temp', 'nickname'].includes(one.use ?? '')),
          ],
        }),
  };
}

/** What differs, in words without the values: these stand on the timeline, where no patient is named. */
export function changedParts(before: PatientIdentity, after: PatientIdentity): readonly string[] {
  return [
    ...(before.name === after.name ? [] : ['name']),
    ...(before.birthDate === after.birthDate ? [] : ['birth date']),
    ...(before.sex === after.sex ? [] : ['sex']),
    ...(before.id === after.id ? [] : ['patient ID']),
  ];
}

export function identityOf(patient: Patient): PatientIdentity {
  return identityFromPatient(patient);
}
