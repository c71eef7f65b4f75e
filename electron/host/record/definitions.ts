import { readFileSync } from 'node:fs';
import { getSearchParameters, indexSearchParameter, indexStructureDefinitionBundle } from '@medplum/core';
import type { ResourceType, SearchParameter, StructureDefinition } from '@medplum/fhirtypes';

/** What the embedded record keeps; any other type is refused. */
export const keptTypes = [
  'Patient',
  'ServiceRequest',
  'Task',
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'ImagingStudy',
  'DiagnosticReport',
  'Composition',
  'Provenance',
  'AuditEvent',
  'Communication',
  'CommunicationRequest',
  'Basic',
  'Observation',
  'Coverage',
  'ClaimResponse',
] as const satisfies readonly ResourceType[];

const kept: ReadonlySet<string> = new Set(keptTypes);

export function isKeptType(type: string): boolean {
  return kept.has(type);
}

/** Loads what validation and search need. It must come first: without it every search is empty without a word. */
export function loadDefinitions(folder: string): void {
  const json = (file: string): unknown => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
  indexStructureDefinitionBundle(json('structures.json') as StructureDefinition[]);
  for (const parameter of json('search-parameters.json') as SearchParameter[]) indexSearchParameter(parameter);
}

/** Kinds of parameter that can be found by equality of a keyed hash; strings and quantities would need readable indexes. */
const hashedKinds: ReadonlySet<string> = new Set(['token', 'reference', 'uri']);

/** `_source` and the like are the router's own; `_compartment`, `_project` are Medplum's and mean nothing here. */
const foreign: ReadonlySet<string> = new Set(['_id', '_lastUpdated', '_compartment', '_project']);

/** The parameters of a type that are indexed by keyed hash (`_id` and `_lastUpdated` are columns of their own). */
export function hashedParameters(type: string): SearchParameter[] {
  return Object.values(getSearchParameters(type) ?? {}).filter(
    (one) =>
      hashedKinds.has(one.type ?? '') && one.code !== undefined && !foreign.has(one.code) && !one.code.includes(':'),
  );
}

export function searchableCodes(type: string): string[] {
  return [
    '_id',
    '_lastUpdated',
    ...hashedParameters(type).flatMap((one) => (one.code === undefined ? [] : [one.code])),
  ];
}
