import type { CodeableConcept, Coding, Extension, ServiceRequest } from '@medplum/fhirtypes';
import type { BillCorrection } from '../../domain/billing/index.ts';
import { type Instant, toFhirInstant } from '../../lib/instant.ts';
import { extensionOf, textAt } from './read.ts';
import { ours, systems } from './systems.ts';

/** ICD-10-CM (terminology.hl7.org). */
const diagnosisSystem = 'http://hl7.org/fhir/sid/icd-10-cm';
/** A code by its shape alone: which of the two it is decides a letter (terminology.hl7.org names of CPT and HCPCS level II). */
const procedureSystem = (code: string): string =>
  /^[A-Z]/.test(code) ? 'http://terminology.hl7.org/CodeSystem/HCPCS-all-codes' : 'http://www.ama-assn.org/go/cpt';

/** True for what a site's desk supplied for billing: the reading passes over it, so that no words of a report and no check hang on it. */
export function isForBilling(element: unknown): boolean {
  return extensionOf(element, ours.forBilling) !== undefined;
}

/** The order's code that a supplied diagnosis takes the place of for billing; null where it stands beside the others. */
export function replacedCode(concept: unknown): string | null {
  return textAt(extensionOf(concept, ours.forBilling), 'valueString');
}

const mark = (replaced: string | null): { extension: Extension[] } => ({
  extension: [
    replaced === null ? { url: ours.forBilling, valueBoolean: true } : { url: ours.forBilling, valueString: replaced },
  ],
});

function withInsurance(request: ServiceRequest, reference: string | null): ServiceRequest {
  const before = request.insurance ?? [];
  if (reference === null || before.some((one) => one.reference === reference)) return request;
  return { ...request, insurance: [...before, { reference }] };
}

/**
 * The order with what its site's desk supplied for billing, and a note of who and when. `reference` is the Coverage or ClaimResponse that
 * was written for it. Exam, side, reason and priority stay as they are.
 */
export function correctedForBilling(
  request: ServiceRequest,
  correction: BillCorrection,
  reference: string | null,
  note: { readonly by: { readonly id: string; readonly name: string }; readonly at: Instant; readonly text: string },
): ServiceRequest {
  const corrected = (): ServiceRequest => {
    switch (correction.kind) {
      case 'authorization':
      case 'coverage':
        return withInsurance(request, reference);
      case 'diagnosis': {
        const supplied: CodeableConcept = {
          ...mark(correction.instead),
          coding: [{ system: diagnosisSystem, code: correction.code }],
        };
        // A second correction of one code takes the place of the first.
        const kept = (request.reasonCode ?? []).filter(
          (one) => !isForBilling(one) || correction.instead === null || replacedCode(one) !== correction.instead,
        );
        return { ...request, reasonCode: [...kept, supplied] };
      }
      case 'procedure': {
        const supplied: Coding = {
          ...mark(null),
          system: procedureSystem(correction.code),
          code: correction.code,
        };
        const kept = (request.code?.coding ?? []).filter((one) => !isForBilling(one));
        return { ...request, code: { ...request.code, coding: [...kept, supplied] } };
      }
      case 'orderer-npi':
        return {
          ...request,
          requester: {
            ...request.requester,
            identifier: { ...mark(null), system: systems.npi, value: correction.npi },
          },
        };
    }
  };
  return {
    ...corrected(),
    note: [
      ...(request.note ?? []),
      {
        authorReference: { reference: `Practitioner/${note.by.id}`, display: note.by.name },
        time: toFhirInstant(note.at),
        text: note.text,
      },
    ],
  };
}

/** Ids of coverages and authorizations that a site's desk supplied begin so. */
export const suppliedPrefix = 'supplied';
