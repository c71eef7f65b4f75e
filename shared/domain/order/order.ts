import type { Brand } from '../../lib/brand.ts';
import type { Instant } from '../../lib/instant.ts';
import type { AccessionNumber, Laterality, PatientIdentity } from '../study/index.ts';
import type { Orderer } from './orderer.ts';

/** Logical id of the ServiceRequest in the record. */
export type OrderId = Brand<string, 'OrderId'>;

/** FHIR R4 request-priority; `unknown` is shown as unknown and ranks as urgent until a person or rule sets it. */
export type Priority = 'stat' | 'asap' | 'urgent' | 'routine' | 'unknown';

/** A place where exams are made. Its zone is an IANA name; its state a US postal code. */
export type Site = {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly zone: string;
  /** Who to phone; shown when a result cannot be released. Null when nobody told us. */
  readonly phone: string | null;
  /** City, state, ZIP code and telephone as a report names the facility (21 CFR 900.12(c)(1)); absent where nobody told us. */
  readonly address?: string | undefined;
};

/** A code with the words that came with it. */
export type Code = { readonly system: string; readonly code: string; readonly display: string };

/** FHIR R4 ServiceRequest.status. */
export type OrderStatus = 'draft' | 'active' | 'on-hold' | 'revoked' | 'completed' | 'entered-in-error' | 'unknown';

/** An imaging order (FHIR R4 ServiceRequest) in our own words. */
export type Order = {
  readonly id: OrderId;
  readonly status: OrderStatus;
  readonly patient: PatientIdentity;
  /** Logical id of the Patient resource, so that the report can name it. */
  readonly patientReference: string | null;
  readonly accession: AccessionNumber | null;
  readonly placerNumber: string | null;
  /** The placer's own group of orders (HL7 v2 ORC-4, FHIR ServiceRequest.requisition); absent where it made none. */
  readonly placerGroup?: string;
  readonly procedure: Code;
  readonly modality: string | null;
  readonly bodyPart: string | null;
  readonly laterality: Laterality | null;
  /** The reason for exam in the orderer's words; empty when none was given. */
  readonly reason: string;
  readonly reasonCodes: readonly Code[];
  readonly priority: Priority;
  readonly site: Site | null;
  readonly orderedBy: Orderer | null;
  readonly authoredOn: Instant | null;
  /** How many images the site said it would send; null when it did not say. */
  readonly expectedInstances: number | null;
  /** Which report the order asks the reader for. */
  readonly requestedReport: 'preliminary' | 'final';
};
