import type { Coverage, Reference } from '@medplum/fhirtypes';
import { deriveId } from '../../../../shared/domain/report/index.ts';
import { authorizationToFhir, coverageToFhir } from '../../../../shared/interop/fhir/index.ts';
import type { CoverageGiven } from '../../../../shared/interop/hl7v2/index.ts';
import { toFhirInstant } from '../../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../../shared/lib/result.ts';
import { sha256 } from '../../digest.ts';
import type { RecordFailure } from '../../record/types.ts';
import type { ApplyContext } from './apply-context.ts';
import { writeOver } from './record-writes.ts';

const coverageClass = 'http://terminology.hl7.org/CodeSystem/coverage-class';

/**
 * The insurances of a message as Coverage and, where IN1-14 has a number, as the answer to a preauthorization: what fit to bill reads.
 * Ids follow from the patient, the payer and the numbers, so that a replay writes the same ones. Answers what an order refers to.
 */
export async function writeCoverages(
  context: ApplyContext,
  patientId: string,
  coverages: readonly CoverageGiven[],
): Promise<Result<readonly Reference[], RecordFailure>> {
  const references: Reference[] = [];
  for (const given of coverages) {
    const id = deriveId(
      'coverage',
      [context.siteId, patientId, given.payer, given.policy ?? '', given.group ?? ''],
      sha256,
    );
    const coverage: Coverage & { id: string } = {
      ...coverageToFhir(id, patientId, { payer: given.payer, active: true, from: given.from, until: given.until }),
      ...(given.policy === null ? {} : { subscriberId: given.policy }),
      ...(given.group === null
        ? {}
        : { class: [{ type: { coding: [{ system: coverageClass, code: 'group' }] }, value: given.group }] }),
    };
    const covered = await writeOver(context.record, 'Coverage', id, () => coverage, context.onWritten);
    if (!covered.ok) return covered;
    references.push({ reference: `Coverage/${id}` });
    if (given.authorization === null) continue;
    const number = given.authorization;
    const authorizationId = deriveId('authorization', [id, number], sha256);
    const day = toFhirInstant(context.sentAt ?? context.record.recordNow()).slice(0, 10);
    const authorized = await writeOver(
      context.record,
      'ClaimResponse',
      authorizationId,
      (existing) =>
        // The day on which it was first heard of stays: a replay writes the same resource.
        authorizationToFhir(authorizationId, patientId, existing?.created ?? day, { number, from: null, until: null }),
      context.onWritten,
    );
    if (!authorized.ok) return authorized;
    references.push({ reference: `ClaimResponse/${authorizationId}` });
  }
  return ok(references);
}
