import type { ClaimResponse, Coverage as FhirCoverage } from '@medplum/fhirtypes';
import type { Authorization, Coverage } from '../../domain/billing/index.ts';
import { replacedCode } from './billing-correction.ts';
import { at, listAt, referenceId, textAt } from './read.ts';

/** What an order says for billing, and where its insurance stands. */
export type OrderBilling = {
  /** Every coding of the procedure: a site's own code often stands beside the one that payers take. */
  readonly procedureCodes: readonly string[];
  /** Of the order, and in place of what is wrong there or missing, what the site's desk supplied. */
  readonly diagnosisCodes: readonly string[];
  readonly coverageIds: readonly string[];
  /** ClaimResponses that answer a preauthorization. */
  readonly authorizationIds: readonly string[];
};

/** R4 ServiceRequest.insurance names coverages and preauthorizations (ClaimResponse) in one list. */
export function billingOfServiceRequest(request: unknown): OrderBilling {
  const references = listAt(request, 'insurance').map((one) => textAt(one, 'reference'));
  const idsOf = (type: string): string[] => [...new Set(references.flatMap((one) => referenceId(one, type) ?? []))];
  const codes = listAt(at(request, 'code'), 'coding').flatMap((one) => textAt(one, 'code') ?? []);
  const reasons = listAt(request, 'reasonCode').map((one) => ({
    codes: listAt(one, 'coding').flatMap((coding) => textAt(coding, 'code') ?? []),
    replaces: replacedCode(one),
  }));
  const replaced = new Set(reasons.map((one) => one.replaces));
  const diagnosisCodes = reasons.flatMap((one) => one.codes).filter((code) => !replaced.has(code));
  return {
    procedureCodes: codes,
    diagnosisCodes: [...new Set(diagnosisCodes)],
    coverageIds: idsOf('Coverage'),
    authorizationIds: idsOf('ClaimResponse'),
  };
}

/** A FHIR date or dateTime as a day; a partial one is its first day, or its last at the end of a span. */
function dayOf(text: string | null, end: boolean): string | null {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(text ?? '');
  if (parts === null) return null;
  const [, year = '', month, day] = parts;
  if (month === undefined) return `${year}${end ? '1231' : '0101'}`;
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return `${year}${month}${day ?? (end ? String(last).padStart(2, '0') : '01')}`;
}

/** R4 Coverage; null for anything else. */
export function coverageFromFhir(resource: unknown): Coverage | null {
  if (at(resource, 'resourceType') !== 'Coverage') return null;
  const payer = listAt(resource, 'payor')[0];
  return {
    payer: textAt(payer, 'display') ?? textAt(payer, 'reference') ?? 'payer not named',
    active: at(resource, 'status') === 'active',
    from: dayOf(textAt(resource, 'period', 'start'), false),
    until: dayOf(textAt(resource, 'period', 'end'), true),
  };
}

/** R4 ClaimResponse to a preauthorization that was granted and is in force; null for a refused or another one. */
export function authorizationFromFhir(resource: unknown): Authorization | null {
  if (at(resource, 'resourceType') !== 'ClaimResponse' || at(resource, 'use') !== 'preauthorization') return null;
  if (at(resource, 'status') !== 'active') return null;
  const outcome = at(resource, 'outcome');
  if (outcome !== 'complete' && outcome !== 'partial') return null;
  return {
    number: textAt(resource, 'preAuthRef'),
    from: dayOf(textAt(resource, 'preAuthPeriod', 'start'), false),
    until: dayOf(textAt(resource, 'preAuthPeriod', 'end'), true),
  };
}

const fhirDay = (day: string): string => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;
type Span = { readonly from: string | null; readonly until: string | null };
/** FHIR has no empty element: a span without an end on either side is left out. */
function periodOf<Name extends string>(name: Name, span: Span): { [Key in Name]?: { start?: string; end?: string } } {
  if (span.from === null && span.until === null) return {};
  const period = {
    ...(span.from === null ? {} : { start: fhirDay(span.from) }),
    ...(span.until === null ? {} : { end: fhirDay(span.until) }),
  };
  return { [name]: period } as { [Key in Name]?: typeof period };
}

export function coverageToFhir(id: string, patient: string, coverage: Coverage): FhirCoverage & { id: string } {
  return {
    resourceType: 'Coverage',
    id,
    status: coverage.active ? 'active' : 'cancelled',
    beneficiary: { reference: `Patient/${patient}` },
    payor: [{ display: coverage.payer }],
    ...periodOf('period', coverage),
  };
}

export function authorizationToFhir(
  id: string,
  patient: string,
  created: string,
  authorization: Authorization,
): ClaimResponse & { id: string } {
  return {
    resourceType: 'ClaimResponse',
    id,
    status: 'active',
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/claim-type', code: 'professional' }] },
    use: 'preauthorization',
    patient: { reference: `Patient/${patient}` },
    created,
    insurer: { display: 'payer' },
    outcome: 'complete',
    ...(authorization.number === null ? {} : { preAuthRef: authorization.number }),
    ...periodOf('preAuthPeriod', authorization),
  };
}
