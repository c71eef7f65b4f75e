import type { ClaimResponse, Coverage, ServiceRequest } from '@medplum/fhirtypes';
import type { Order } from '../../../shared/domain/order/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { authorizationToFhir, coverageToFhir } from '../../../shared/interop/fhir/index.ts';
import { sha256 } from '../digest.ts';
import { hash32 } from './random.ts';

const dayLength = 86_400_000;
const payers = ['Larkfield Mutual', 'Harbour State Plan', 'Northquay Health'] as const;
const day = (at: number): string => new Date(at).toISOString().slice(0, 10).replaceAll('-', '');

type Resource = (Coverage | ClaimResponse) & { id: string };

/**
 * What billing finds with an order of the demo day: a coverage, an authorization and a billing code. Some lack one, as they do: by the
 * number of the case, so that the same case lacks the same at every launch. The code has the shape of a HCPCS code and stands for nothing.
 */
export function withDemoBilling(
  order: Order,
  patient: string,
  request: ServiceRequest,
  launchedAt: number,
): { readonly request: ServiceRequest; readonly resources: readonly Resource[] } {
  const number = Number((order.accession ?? '').slice(-2)) || 0;
  const coverageId = deriveId('coverage', [patient, order.patient.issuer], sha256);
  const coverage = coverageToFhir(coverageId, patient, {
    payer: payers[hash32(coverageId) % payers.length] ?? payers[0],
    active: number % 13 !== 6,
    from: day(launchedAt - 300 * dayLength),
    until: null,
  });
  const authorizationId = deriveId('authorization', [order.id], sha256);
  const expired = number % 9 === 4;
  const authorization = authorizationToFhir(authorizationId, patient, new Date(launchedAt).toISOString().slice(0, 10), {
    number: `PA${hash32(order.id) % 1_000_000}`,
    from: day(launchedAt - 40 * dayLength),
    until: day(launchedAt + (expired ? -5 : 30) * dayLength),
  });
  const authorized = number % 9 !== 1;
  const coded = number % 11 !== 5;
  const billing = {
    system: 'https://demo.overread.example/billing',
    code: `V9${String(hash32(order.procedure.code) % 1000).padStart(3, '0')}`,
  };
  return {
    request: {
      ...request,
      ...(coded ? { code: { ...request.code, coding: [...(request.code?.coding ?? []), billing] } } : {}),
      insurance: [
        { reference: `Coverage/${coverageId}` },
        ...(authorized ? [{ reference: `ClaimResponse/${authorizationId}` }] : []),
      ],
    },
    resources: authorized ? [coverage, authorization] : [coverage],
  };
}
