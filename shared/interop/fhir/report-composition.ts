import type { Composition } from '@medplum/fhirtypes';
import type { ReportContent } from '../../domain/report/index.ts';
import type { JsonValue } from '../../lib/canonical-json.ts';
import { toFhirInstant } from '../../lib/instant.ts';
import { documentCode } from '../report-codes.ts';
import { notForClinicalUse, type ReleasedState, stateTitle, titledSections } from '../report-sections.ts';
import { narrative, narrativeWords } from './narrative.ts';
import { at, extensionOf, listAt, numberAt, textAt } from './read.ts';
import { ours, systems } from './systems.ts';

/** FHIR R4 Composition.status (composition-status): it knows no addendum of its own. */
const statusOf = {
  preliminary: 'preliminary',
  final: 'final',
  appended: 'amended',
  corrected: 'amended',
  'entered-in-error': 'entered-in-error',
} as const satisfies { readonly [State in ReleasedState]: Composition['status'] };

/**
 * The same version with its sections under their codes (CID 7001), for whoever wants the impression alone: a DiagnosticReport of R4 has one
 * narrative for all. One logical id a report, as the DiagnosticReport: a later version takes its place.
 */
export function reportToComposition(
  content: ReportContent,
  facts: {
    readonly id: string;
    readonly digest: string;
    readonly state: ReleasedState;
    readonly patientReference: string | null;
    readonly organizationReference: string | null;
  },
): Composition {
  const document = documentCode(content.together === undefined ? content.exam.modality : null);
  const signedAt = toFhirInstant(content.signedAt);
  const signer = { reference: `Practitioner/${content.signer.id}`, display: content.signer.name };
  const { patient, dictatedBy } = content;
  const author =
    dictatedBy === undefined ? signer : { reference: `Practitioner/${dictatedBy.id}`, display: dictatedBy.name };
  return {
    resourceType: 'Composition',
    id: facts.id,
    extension: [
      { url: ours.reportVersion, valueInteger: content.version },
      { url: ours.reportDigest, valueString: facts.digest },
      ...(content.notForClinicalUse ? [{ url: ours.notForClinicalUse, valueBoolean: true }] : []),
    ],
    identifier: { system: ours.report, value: content.reportId },
    status: statusOf[facts.state],
    type: { coding: [{ system: systems.loinc, code: document.code, display: document.meaning }] },
    category: [{ coding: [{ system: systems.loinc, code: 'LP29684-5', display: 'Radiology' }] }],
    subject: {
      ...(facts.patientReference === null ? {} : { reference: `Patient/${facts.patientReference}` }),
      ...(patient.id === null
        ? {}
        : {
            identifier: {
              value: patient.id,
              ...(patient.issuer === null ? {} : { assigner: { display: patient.issuer } }),
            },
          }),
    },
    date: signedAt,
    // Who wrote it; the attester below is who signed it.
    author: [author],
    title: `${stateTitle(facts.state)}${content.notForClinicalUse ? ` - ${notForClinicalUse}` : ''}`,
    attester: [{ mode: 'legal', time: signedAt, party: signer }],
    ...(facts.organizationReference === null
      ? {}
      : { custodian: { reference: `Organization/${facts.organizationReference}` } }),
    event: [{ detail: [{ reference: `DiagnosticReport/${content.reportId}` }] }],
    section: titledSections(content).map((section) => ({
      title: section.title,
      code: { coding: [{ system: systems.loinc, code: section.code }] },
      text: narrative([[section.title, section.text]]),
    })),
  };
}

/** Version of a Composition of ours; null for any other. */
export function compositionVersion(composition: unknown): { readonly version: number; readonly digest: string } | null {
  const version = numberAt(extensionOf(composition, ours.reportVersion), 'valueInteger');
  const digest = textAt(extensionOf(composition, ours.reportDigest), 'valueString');
  return at(composition, 'resourceType') !== 'Composition' || version === null || digest === null
    ? null
    : { version, digest };
}

/** What we vouch for in it: which version, its status, whose it is, and every section's words. */
export function vouchedComposition(composition: unknown): JsonValue {
  return {
    ...compositionVersion(composition),
    status: textAt(composition, 'status'),
    subject: textAt(composition, 'subject', 'identifier', 'value'),
    section: listAt(composition, 'section').map((section) => ({
      code: textAt(section, 'code', 'coding', 0, 'code'),
      words: narrativeWords(textAt(section, 'text', 'div') ?? ''),
    })),
  };
}
