import type {
  Bundle,
  BundleEntry,
  DiagnosticReport,
  Endpoint,
  Organization,
  Patient,
  Practitioner,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';
import type { Code, Orderer } from '../../domain/order/index.ts';
import { ordererWords } from '../../domain/order/index.ts';
import { otherExams, type ReportContent } from '../../domain/report/index.ts';
import { toFhirInstant } from '../../lib/instant.ts';
import type { ReleasedState } from '../report-sections.ts';
import { dateText } from '../text/site-time.ts';
import { permittedText } from '../text/xhtml.ts';
import {
  imagesEndpoint,
  imagingStudyOf,
  imrProfiles,
  imrSystems,
  measurementsName,
  type Named,
  type NamedReference,
  observationOf,
  organizationOf,
  practitionerOf,
  readerNamed,
  studyName,
} from './imr-parts.ts';
import { patientToFhir } from './patient.ts';
import { ours, systems } from './systems.ts';

/** What a site's receiver of multimedia reports was set to when the version was signed. */
export type ImrTerms = {
  readonly patientSystem: string;
  readonly accessionSystem: string;
  /** DICOMweb address at which the receiver's people fetch images. */
  readonly images: string;
  /** Whether the PDF goes along. */
  readonly pdf: boolean;
};

export type ImrFacts = {
  readonly state: ReleasedState;
  readonly terms: ImrTerms;
  /** The version as the record gets it; its words and forms go as they are. */
  readonly report: DiagnosticReport;
  readonly site: { readonly id: string; readonly name: string };
  readonly study: {
    readonly studyDate: string | null;
    readonly modalities: readonly string[];
    readonly description: string;
  };
  readonly order: {
    readonly placerNumber: string | null;
    readonly procedure: Code | null;
    readonly reason: string;
    readonly orderedBy: Orderer | null;
  };
  /** SHA-256 in lower-case hex: names of entries follow from what they stand for. */
  readonly sha256: (text: string) => string;
};

/** Observation.status of a version's numbers; a report that is taken back has none. */
const observationStatus = {
  preliminary: 'preliminary',
  final: 'final',
  appended: 'amended',
  corrected: 'corrected',
} as const;

/** RFC 9562 5.8 (version 8), so that the same version names its entries the same. */
function urnOf(hex: string): string {
  const digits = `${hex.slice(0, 12)}8${hex.slice(13, 16)}a${hex.slice(17, 32)}`;
  return `urn:uuid:${digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
}

/** Query by which a resource of this name is found: FHIR R4 search.html#escaping, then as part of a URL. */
export function searchByName({ system, value }: Named): string {
  const escaped = value.replace(/[\\$,|]/g, (sign) => `\\${sign}`);
  return `identifier=${encodeURIComponent(`${system}|${escaped}`)}`;
}

/** A resource that is created where the receiver has none of this name: sent twice, it is there once (R4 http.html#ccreate). */
function created(fullUrl: string, resource: Resource, name: Named): BundleEntry {
  return {
    fullUrl,
    resource,
    request: { method: 'POST', url: resource.resourceType, ifNoneExist: searchByName(name) },
  };
}

export function reportName(reportId: string): Named {
  return { system: ours.report, value: reportId };
}

/** A resource that must be at the receiver before the report is (RAD.IMR 1:52.4.1.6). `fullUrl` stands for it in the Bundle's references. */
export type Beforehand = {
  readonly fullUrl: string;
  readonly name: Named;
  readonly resource: Patient | Organization | Practitioner | Endpoint;
};
export type ImrReport = { readonly bundle: Bundle; readonly beforehand: readonly Beforehand[] };

/**
 * A version as IHE RAD-141 stores it (RAD.IMR 1.1, 2:4.141.4.1.2): a transaction of the report, its order and its study, with its numbers as one
 * Observation of IMR; and what these refer to and the receiver has to know before. The forms are named by size and hash alone; `imrTransaction`
 * puts their bytes in. Null for a patient without a number: nobody could be found by it.
 */
export function reportToImr(content: ReportContent, facts: ImrFacts): ImrReport | null {
  const { terms, report, study, order } = facts;
  const { patient, signer, dictatedBy } = content;
  if (patient.id === null) return null;
  const issued = toFhirInstant(content.signedAt);
  const urn = (name: Named): string => urnOf(facts.sha256(`imr|${content.reportId}|${name.system}|${name.value}`));
  const referTo = (name: Named, display?: string): NamedReference => ({
    reference: urn(name),
    identifier: name,
    ...(display === undefined || display === '' ? {} : { display: permittedText(display) }),
  });
  const patientName: Named = { system: terms.patientSystem, value: patient.id };
  const siteName: Named = { system: imrSystems.site, value: facts.site.id };
  const signerName = readerNamed(signer.npi, signer.id);
  const writerName = dictatedBy === undefined ? null : readerNamed(dictatedBy.npi, dictatedBy.id);
  const accessionName: Named | null =
    content.accession === null ? null : { system: terms.accessionSystem, value: content.accession };
  const subject = referTo(patientName);
  const request = accessionName === null ? null : referTo(accessionName);
  const own = studyName(content.studyUid);
  const studyReference = (uid: string, display: string) =>
    uid === content.studyUid
      ? { type: 'ImagingStudy' as const, ...referTo(own) }
      : // Known by its UID alone: what nobody here can vouch for is not created elsewhere.
        { type: 'ImagingStudy' as const, identifier: studyName(uid), ...(display === '' ? {} : { display }) };
  const status = facts.state === 'entered-in-error' ? null : observationStatus[facts.state];
  const keyImages = content.keyImages ?? [];
  const measurements = measurementsName(content.reportId);
  const hasNumbers = status !== null && content.measurements.length + keyImages.length > 0;

  const { id: _id, subject: _subject, basedOn: _basedOn, identifier: _identifier, ...words } = report;
  const reportOfImr: DiagnosticReport = {
    ...words,
    meta: { profile: [imrProfiles.usCoreNote, imrProfiles.report] },
    extension: [
      ...(words.extension ?? []),
      ...content.comparisons.map((uid) => ({
        url: imrProfiles.associatedStudy,
        valueReference: studyReference(uid, 'Comparison'),
      })),
    ],
    identifier: [
      reportName(content.reportId),
      ...(accessionName === null
        ? []
        : [{ type: { coding: [{ system: systems.identifierType, code: 'ACSN' }] }, ...accessionName }]),
    ],
    ...(request === null ? {} : { basedOn: [request] }),
    subject,
    performer: [
      referTo(siteName, facts.site.name),
      ...(writerName === null ? [] : [referTo(writerName, dictatedBy?.name)]),
    ],
    resultsInterpreter: [referTo(signerName, signer.name)],
    imagingStudy: [
      studyReference(content.studyUid, ''),
      ...otherExams(content).map((exam) => studyReference(exam.studyUid, 'Read together')),
    ],
    ...(hasNumbers ? { result: [referTo(measurements)] } : {}),
    presentedForm: (words.presentedForm ?? [])
      .filter((form) => terms.pdf || form.contentType !== 'application/pdf')
      .map(({ data: _data, ...form }) => form),
  };
  const serviceRequest = (name: Named): ServiceRequest => ({
    resourceType: 'ServiceRequest',
    meta: { profile: [imrProfiles.request] },
    identifier: [
      { type: { coding: [{ system: systems.identifierType, code: 'ACSN' }] }, ...name },
      ...(order.placerNumber === null
        ? []
        : [{ type: { coding: [{ system: systems.identifierType, code: 'PLAC' }] }, value: order.placerNumber }]),
    ],
    // Whether more is to come of the order is the site's to say.
    status: 'unknown',
    intent: 'order',
    code: {
      ...(order.procedure === null || order.procedure.code === '' || order.procedure.system === ''
        ? {}
        : { coding: [{ system: order.procedure.system, code: order.procedure.code }] }),
      text: permittedText(content.exam.procedure === '' ? 'Imaging' : content.exam.procedure),
    },
    subject,
    ...(order.orderedBy === null || ordererWords(order.orderedBy) === ''
      ? {}
      : {
          requester: {
            type: 'Practitioner',
            display: permittedText(ordererWords(order.orderedBy)),
            ...(order.orderedBy.npi === null
              ? {}
              : { identifier: { system: systems.npi, value: order.orderedBy.npi } }),
          },
        }),
    ...(order.reason === '' ? {} : { reasonCode: [{ text: permittedText(order.reason) }] }),
  });
  const endpointName: Named = { system: imrSystems.images, value: content.studyUid };
  const modalities = study.modalities.length > 0 ? study.modalities : [content.exam.modality ?? 'OT'];
  const { id: _patientId, ...person } = patientToFhir('unnamed', patient);
  const knownAs: Patient = {
    ...person,
    identifier: (person.identifier ?? []).map((one) => ({ ...one, ...patientName })),
  };
  const bundle: Bundle = {
    resourceType: 'Bundle',
    meta: { profile: [imrProfiles.bundle] },
    type: 'transaction',
    timestamp: issued,
    entry: [
      created(urn(reportName(content.reportId)), reportOfImr, reportName(content.reportId)),
      ...(accessionName === null ? [] : [created(urn(accessionName), serviceRequest(accessionName), accessionName)]),
      created(
        urn(own),
        imagingStudyOf({
          uid: content.studyUid,
          modalities,
          started: study.studyDate === null ? null : dateText(study.studyDate),
          description: study.description,
          subject,
          request,
          endpoint: referTo(endpointName),
        }),
        own,
      ),
      ...(status === null || !hasNumbers
        ? []
        : [
            created(
              urn(measurements),
              observationOf(
                { measurements: content.measurements, keyImages },
                {
                  ...{ name: measurements, status, issued, subject, request },
                  performer: referTo(signerName, signer.name),
                  study: referTo(own),
                },
              ),
              measurements,
            ),
          ]),
    ],
  };
  const before = (name: Named, resource: Beforehand['resource']): Beforehand => ({
    fullUrl: urn(name),
    name,
    resource,
  });
  return {
    bundle,
    beforehand: [
      before(patientName, knownAs),
      before(siteName, organizationOf(siteName, facts.site.name)),
      before(signerName, practitionerOf(signerName, signer.name)),
      ...(writerName === null || dictatedBy === undefined || writerName.value === signerName.value
        ? []
        : [before(writerName, practitionerOf(writerName, dictatedBy.name))]),
      before(endpointName, imagesEndpoint(terms.images, content.studyUid)),
    ],
  };
}
