import type { Basic } from '@medplum/fhirtypes';
import { type DutyLease, type SoleDuty, soleDuties } from '../../domain/duty/index.ts';
import { fromFhirInstant, toFhirInstant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { extensionOf, listAt, numberAt, oneOf, textAt } from './read.ts';
import { ours } from './systems.ts';

/** What R4 has no resource for stands in Basic (FHIR R4 basic.html: "resources that don't fit in the pattern of others"). */
const system = 'urn:overread:basic';
const dutyCode = 'duty-lease';
const dutyHolder = 'urn:overread:duty-holder';
const dutyName = 'urn:overread:duty';

export function dutyLeaseId(duty: SoleDuty): string {
  return `overread-duty-${duty}`;
}

export function dutyToFhir(lease: DutyLease): Basic & { readonly id: string } {
  return {
    resourceType: 'Basic',
    id: dutyLeaseId(lease.duty),
    identifier: [{ system: dutyName, value: lease.duty }],
    code: { coding: [{ system, code: dutyCode }] },
    extension: [
      ...(lease.holder === null ? [] : [{ url: dutyHolder, valueString: lease.holder }]),
      { url: ours.fencingToken, valueInteger: lease.fencingToken },
      { url: ours.leaseUntil, valueInstant: toFhirInstant(lease.until) },
    ],
  };
}

export function dutyFromFhir(resource: unknown): Result<DutyLease, 'not-a-lease'> {
  const duty = oneOf(soleDuties, textAt(listAt(resource, 'identifier')[0], 'value'));
  const fencingToken = numberAt(extensionOf(resource, ours.fencingToken), 'valueInteger');
  const until = fromFhirInstant(textAt(extensionOf(resource, ours.leaseUntil), 'valueInstant') ?? '');
  if (duty === null || fencingToken === null || fencingToken < 0 || !until.ok) return err('not-a-lease');
  return ok({
    duty,
    holder: textAt(extensionOf(resource, dutyHolder), 'valueString'),
    fencingToken,
    until: until.value,
  });
}
