import type { Attachment, DiagnosticReport } from '@medplum/fhirtypes';
import {
  afterPreliminaryText,
  examHeading,
  otherExams,
  type ReleaseKind,
  type ReportContent,
  releaseKinds,
} from '../../domain/report/index.ts';
import type { JsonValue } from '../../lib/canonical-json.ts';
import { fromFhirInstant, type Instant, toFhirInstant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { diagnosticService, documentCode } from '../report-codes.ts';
import {
  conclusionOf,
  finalisationText,
  notForClinicalUse,
  type ReleasedState,
  stateTitle,
  titledSections,
} from '../report-sections.ts';
import { dateText } from '../text/site-time.ts';
import { permittedText } from '../text/xhtml.ts';
import { narrative, narrativeWords } from './narrative.ts';
import {
  at,
  codeIn,
  extensionOf,
  isFhirId,
  listAt,
  numberAt,
  oneOf,
  plainReference,
  referenceId,
  textAt,
} from './read.ts';
import { ours, systems } from './systems.ts';

/** One rendering of the report. `sha1` is base64 over the bytes, as R4 Attachment.hash says; `size` is in bytes. */
export type PresentedForm = { readonly data: string; readonly size: number; readonly sha1: string };

/** What the report's content does not say about its release. */
export type ReportFacts = {
  /** SHA-256, lower-case hex, of the signed content. */
  readonly digest: string;
  readonly state: ReleasedState;
  readonly issued: Instant;
  readonly html: PresentedForm;
  readonly pdf: PresentedForm | null;
  /** Logical id of the Patient; without it the subject is named by identifier. */
  readonly patientReference: string | null;
  /** Logical id of the Organization that made the exam. */
  readonly organizationReference: string | null;
};

/** DiagnosticReport.status of each released state. */
const statusOf = {
  preliminary: 'preliminary',
  final: 'final',
  appended: 'appended',
  corrected: 'corrected',
  'entered-in-error': 'entered-in-error',
} as const satisfies { readonly [State in ReleasedState]: DiagnosticReport['status'] };

const stateOf: { readonly [status: string]: ReleasedState | undefined } = { ...statusOf, amended: 'corrected' };
const kinds: readonly ReleaseKind[] = releaseKinds;

function attachment(contentType: string, title: string, form: PresentedForm): Attachment {
  return { contentType, data: form.data, size: form.size, hash: form.sha1, title };
}

/** The report version as a DiagnosticReport (spec/standards.md 4.1; R4, US Core note, structure of IHE IMR). */
export function reportToFhir(content: ReportContent, facts: ReportFacts): DiagnosticReport {
  const document = documentCode(content.exam.modality);
  const service = diagnosticService(content.exam.modality);
  const title = stateTitle(facts.state);
  // R4 has no zone of the site here; the instant is the same everywhere.
  const after = afterPreliminaryText(content);
  const final = finalisationText(content, 'UTC');
  const order = content.orderId === null ? null : `ServiceRequest/${content.orderId}`;
  const conclusion = permittedText(conclusionOf(content));
  const signer = { reference: `Practitioner/${content.signer.id}`, display: content.signer.name };
  const { dictatedBy } = content;
  // R4 DiagnosticReport: performer is responsible for issuing it, resultsInterpreter for its conclusions. Who wrote it for another stands with the first.
  const performers = [
    ...(facts.organizationReference === null ? [] : [{ reference: `Organization/${facts.organizationReference}` }]),
    ...(dictatedBy === undefined ? [] : [{ reference: `Practitioner/${dictatedBy.id}`, display: dictatedBy.name }]),
  ];
  const accession =
    content.accession === null
      ? null
      : { type: { coding: [{ system: systems.identifierType, code: 'ACSN' }] }, value: content.accession };
  return {
    resourceType: 'DiagnosticReport',
    id: content.reportId,
    text: narrative([
      ...(content.notForClinicalUse ? ([['Notice', notForClinicalUse]] as const) : []),
      ['Status', title],
      ...(final === null ? [] : ([['Final report', final]] as const)),
      ...(after === null ? [] : ([['Preliminary', after]] as const)),
      ...titledSections(content).map((section) => [section.title, section.text] as const),
      ...(content.dictatedBy === undefined ? [] : ([['Dictated by', content.dictatedBy.name]] as const)),
      ['Signed by', content.signer.name],
    ]),
    extension: [
      { url: ours.reportVersion, valueInteger: content.version },
      { url: ours.reportDigest, valueString: facts.digest },
      { url: ours.reportKind, valueCode: content.kind },
      ...(content.notForClinicalUse ? [{ url: ours.notForClinicalUse, valueBoolean: true }] : []),
    ],
    identifier: [{ system: ours.report, value: content.reportId }, ...(accession === null ? [] : [accession])],
    ...(order === null
      ? {}
      : { basedOn: [{ reference: order, ...(accession === null ? {} : { identifier: accession }) }] }),
    status: statusOf[facts.state],
    category: [
      { coding: [{ system: systems.loinc, code: 'LP29684-5', display: 'Radiology' }] },
      { coding: [{ system: systems.diagnosticService, code: service.code, display: service.display }] },
    ],
    code: {
      coding: [{ system: systems.loinc, code: document.code, display: document.meaning }],
      ...(content.exam.procedure === '' ? {} : { text: permittedText(content.exam.procedure) }),
    },
    subject: {
      ...(facts.patientReference === null ? {} : { reference: `Patient/${facts.patientReference}` }),
      ...(content.patient.id === null
        ? {}
        : {
            identifier: {
              value: content.patient.id,
              ...(content.patient.issuer === null ? {} : { assigner: { display: content.patient.issuer } }),
            },
          }),
    },
    ...(content.exam.studyDate === null ? {} : { effectiveDateTime: dateText(content.exam.studyDate) }),
    issued: toFhirInstant(facts.issued),
    ...(performers.length === 0 ? {} : { performer: performers }),
    resultsInterpreter: [signer],
    imagingStudy: [
      { uid: content.studyUid },
      ...otherExams(content).map((exam) => ({ uid: exam.studyUid, display: `Read together: ${examHeading(exam)}` })),
      ...content.comparisons.map((uid) => ({ uid, display: 'Comparison' })),
    ].map(({ uid, ...named }) => ({
      type: 'ImagingStudy',
      identifier: { system: systems.dicomUid, value: `urn:oid:${uid}` },
      ...named,
    })),
    ...(conclusion === '' ? {} : { conclusion }),
    presentedForm: [
      attachment('text/html', title, facts.html),
      ...(facts.pdf === null ? [] : [attachment('application/pdf', title, facts.pdf)]),
    ],
  };
}

export type ReportReadFailure = { readonly code: 'not-a-report' | 'not-ours'; readonly words: string };

/** What a DiagnosticReport of ours says about its version; another program's report has no digest and is `not-ours`. */
export function reportFromFhir(report: unknown): Result<
  {
    readonly reportId: string;
    readonly version: number;
    readonly digest: string;
    readonly kind: ReleaseKind;
    readonly state: ReleasedState;
    readonly issued: Instant | null;
    readonly orderId: string | null;
    readonly studyUid: string | null;
  },
  ReportReadFailure
> {
  const reportId = textAt(report, 'id');
  if (at(report, 'resourceType') !== 'DiagnosticReport' || reportId === null || !isFhirId(reportId))
    return err({ code: 'not-a-report', words: 'The record gave something else than a DiagnosticReport with an id.' });
  const version = numberAt(extensionOf(report, ours.reportVersion), 'valueInteger');
  const digest = textAt(extensionOf(report, ours.reportDigest), 'valueString');
  const kind = oneOf(kinds, at(extensionOf(report, ours.reportKind), 'valueCode'));
  const state = stateOf[textAt(report, 'status') ?? ''];
  if (version === null || digest === null || !/^[0-9a-f]{64}$/.test(digest) || kind === null || state === undefined)
    return err({ code: 'not-ours', words: `DiagnosticReport/${reportId} was not released by Overread.` });
  const issued = fromFhirInstant(textAt(report, 'issued') ?? '');
  return ok({
    reportId,
    version,
    digest,
    kind,
    state,
    issued: issued.ok ? issued.value : null,
    orderId: referenceId(textAt(report, 'basedOn', 0, 'reference'), 'ServiceRequest'),
    studyUid: textAt(report, 'imagingStudy', 0, 'identifier', 'value')?.replace(/^urn:oid:/, '') ?? null,
  });
}

/** Texts sorted, because a server may keep a list in another order. */
function sorted(texts: readonly string[]): readonly string[] {
  return [...texts].sort();
}

function vouchedReference(reference: unknown): string {
  const target = textAt(reference, 'reference');
  const value = textAt(reference, 'identifier', 'value') ?? '';
  return `${target === null ? '' : plainReference(target)}|${value}`;
}

/** Equal instants are equal, however the server writes them. */
function vouchedInstant(text: string | null): string | null {
  const read = fromFhirInstant(text ?? '');
  return read.ok ? toFhirInstant(read.value) : text;
}

/**
 * What we vouch for in a DiagnosticReport: status, words, hash of each presented form, references and the version. `meta`, what a
 * server adds, the order of lists, the form of references and of instants do not count. `presentedForm.data` may have become a URL;
 * its `hash` stays, and `presentedBytes` gives the bytes where they are still there.
 */
export function vouchedDigestInput(report: unknown): JsonValue {
  const references = (member: string): readonly string[] => sorted(listAt(report, member).map(vouchedReference));
  const codings = (concepts: readonly unknown[]): readonly string[] =>
    sorted(
      concepts.flatMap((concept) =>
        listAt(concept, 'coding').map((one) => `${textAt(one, 'system') ?? ''}|${textAt(one, 'code') ?? ''}`),
      ),
    );
  const words = textAt(report, 'text', 'div');
  return {
    id: textAt(report, 'id'),
    status: textAt(report, 'status'),
    version: numberAt(extensionOf(report, ours.reportVersion), 'valueInteger'),
    digest: textAt(extensionOf(report, ours.reportDigest), 'valueString'),
    kind: textAt(extensionOf(report, ours.reportKind), 'valueCode'),
    words: words === null ? null : narrativeWords(words),
    conclusion: textAt(report, 'conclusion'),
    code: codings([at(report, 'code')]),
    category: codings(listAt(report, 'category')),
    identifier: sorted(
      listAt(report, 'identifier').map(
        (one) => `${codeIn(at(one, 'type'), systems.identifierType) ?? ''}|${textAt(one, 'value') ?? ''}`,
      ),
    ),
    subject: vouchedReference(at(report, 'subject')),
    basedOn: references('basedOn'),
    performer: references('performer'),
    resultsInterpreter: references('resultsInterpreter'),
    imagingStudy: references('imagingStudy'),
    effective: textAt(report, 'effectiveDateTime'),
    issued: vouchedInstant(textAt(report, 'issued')),
    presentedForm: sorted(
      listAt(report, 'presentedForm').map(
        (one) => `${textAt(one, 'contentType') ?? ''}|${String(numberAt(one, 'size'))}|${textAt(one, 'hash') ?? ''}`,
      ),
    ),
  };
}

/** Base64 of each presented form that came along, with the hash that it claims, so that the host can count it again. */
export function presentedBytes(
  report: unknown,
): readonly { readonly contentType: string; readonly data: string; readonly sha1: string | null }[] {
  return listAt(report, 'presentedForm').flatMap((one) => {
    const data = textAt(one, 'data');
    return data === null ? [] : [{ contentType: textAt(one, 'contentType') ?? '', data, sha1: textAt(one, 'hash') }];
  });
}
