import { getSearchParameter } from '@medplum/core';
import type { CapabilityStatement } from '@medplum/fhirtypes';
import { keptTypes, searchableCodes } from './definitions.ts';

/** What the embedded record says of itself at `/metadata` (FHIR R4 http.html#capabilities). */
export function capabilityStatement(base: string, now: number): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: new Date(now).toISOString(),
    kind: 'instance',
    software: { name: 'Overread embedded record' },
    implementation: { description: 'Embedded FHIR record of this computer', url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        resource: keptTypes.map((type) => ({
          type,
          versioning: 'versioned-update',
          readHistory: true,
          updateCreate: true,
          conditionalCreate: false,
          conditionalUpdate: false,
          conditionalDelete: 'not-supported',
          interaction: (['read', 'vread', 'update', 'create', 'history-instance', 'search-type'] as const).map(
            (code) => ({ code }),
          ),
          searchParam: searchableCodes(type).map((name) => ({
            name,
            type: getSearchParameter(type, name)?.type ?? 'token',
          })),
        })),
      },
    ],
  };
}
