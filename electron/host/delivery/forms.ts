import { createHash } from 'node:crypto';
import type { Composition, DiagnosticReport } from '@medplum/fhirtypes';
import type { Hl7Receipt } from '../../../shared/domain/delivery/index.ts';
import { type Order, ordererWords } from '../../../shared/domain/order/index.ts';
import { deriveId, type ReportContent, stateAfter } from '../../../shared/domain/report/index.ts';
import type { DeliveryRules } from '../../../shared/domain/site/index.ts';
import type { Study } from '../../../shared/domain/study/index.ts';
import {
  type EvidenceInstance,
  enhancedSrClass,
  type KeyImageReference,
  reportToSr,
  type SrOtherExam,
  srVouchedValue,
  uidFromDigest,
  withdrawalNote,
} from '../../../shared/interop/dicom-sr/index.ts';
import { type ImrTerms, reportToComposition, reportToFhir, reportToImr } from '../../../shared/interop/fhir/index.ts';
import { buildOru } from '../../../shared/interop/hl7v2/index.ts';
import { reportHtml } from '../../../shared/interop/report-document/index.ts';
import type { ReleasedState } from '../../../shared/interop/report-sections.ts';
import { nameGroup } from '../../../shared/interop/text/person-name.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import { writePart10 } from '../archive/part10/index.ts';
import { sha256 } from '../digest.ts';
import type { Hl7Endpoint } from '../settings/types.ts';
import type { SignedImr } from './imr/imr-sender.ts';
import { reportPdf } from './pdf/index.ts';
import { type EarlierPdfs, type ReportPdfObjects, reportPdfObjects } from './report-pdf-objects.ts';
import { part10Of, type StoredObject } from './stored-object.ts';

/** Everything that the forms of a version are made from; plain data, so that it crosses into a thread. */
export type FormsQuestion = {
  readonly content: ReportContent;
  readonly digest: string;
  readonly order: Order | null;
  readonly study: Study;
  readonly evidence: readonly EvidenceInstance[];
  /** The other exams of a report over several; empty for a report of one. */
  readonly others: readonly SrOtherExam[];
  /** Of a withdrawal: the version that it withdraws. */
  readonly withdrawn: ReportContent | null;
  /** Of a withdrawal: digests of all versions before it, whose documents no viewer is to show any more; empty for every other. */
  readonly earlier: readonly string[];
  /** Digest of the version before this one; its SR is the predecessor document. */
  readonly parentDigest: string | null;
  readonly endpoint: Hl7Endpoint | null;
  /** The site's FHIR server for reports (IHE RAD-141), without what logs this host in; null or absent where it has none. */
  readonly receiver?: (ImrTerms & { readonly siteId: string }) | null;
  /** In which forms the site wants its reports. */
  readonly rules: DeliveryRules;
  /** Images that the reader marked as key; absent where none is. */
  readonly keyImages?: readonly KeyImageReference[];
  /** Their pictures for the PDF by SHA-256, JPEG in base64; absent where none is shown. */
  readonly pictures?: Readonly<Record<string, string>>;
  /** Key images that the version before shows; absent where none. */
  readonly keyImagesBefore?: number;
  /** Which earlier versions are in the archive as PDF; null or absent where none is to go there. */
  readonly asPdf?: EarlierPdfs | null;
  readonly softwareVersion: string;
  readonly demo: boolean;
};

/** The message of a version, and what an application acknowledgement of it is worth, as it was agreed when it was signed; absent: accepted. */
export type SignedOru = {
  readonly text: string;
  readonly controlId: string;
  readonly siteId: string;
  readonly receipt?: Hl7Receipt;
};

export type Forms = {
  readonly diagnosticReport: DiagnosticReport;
  readonly composition: Composition;
  /** SHA-256 of HTML and PDF, which the signature covers beside the content. */
  readonly hashes: { readonly html: string; readonly pdf: string };
  readonly srInstanceUid: string;
  readonly srSeriesUid: string;
  readonly sr: string;
  /** Of a withdrawal: the note that takes the documents of earlier versions back (IHE IOCM). */
  readonly rejection?: StoredObject;
  /** The PDF as a DICOM object; absent where the site wants none in its archive. */
  readonly reportPdf?: ReportPdfObjects;
  /** SHA-256 over what we vouch for in the SR, to compare with what the archive gives back. */
  readonly srDigest: string;
  readonly oru: SignedOru | null;
  /** The transaction for the site's FHIR server; absent where none is set. */
  readonly imr?: SignedImr;
};

const fallbackZone = 'UTC';

/** As a DICOM person name: by its parts where the order has them, else as it came. */
function referringPhysician(order: Order | null): string | null {
  const orderedBy = order?.orderedBy ?? null;
  return orderedBy?.parts === undefined ? (orderedBy?.name ?? null) : nameGroup(orderedBy.parts);
}

/** The SR's UIDs follow from the version's digest, so that a replay is the same object and a new version is a new one. */
export function srUids(
  digest: string,
  reportId: string,
): { readonly sopInstanceUid: string; readonly seriesUid: string } {
  return {
    sopInstanceUid: uidFromDigest(sha256(`sr|${digest}`)),
    seriesUid: uidFromDigest(sha256(`sr-series|${reportId}`)),
  };
}

/** Every byte of a version but its signature. Pure of clock and chance: the same question gives the same bytes. */
export async function makeForms(question: FormsQuestion): Promise<Forms> {
  const { content, digest, order, study, endpoint, rules } = question;
  const state = stateAfter(content.kind) as ReleasedState;
  const zone = order?.site?.zone ?? fallbackZone;
  const orderedBy = order?.orderedBy == null ? '' : ordererWords(order.orderedBy);
  const facts = {
    state,
    digest,
    releasedAt: content.signedAt,
    zone,
    ...(orderedBy === '' ? {} : { orderedBy }),
  };
  const html = new TextEncoder().encode(reportHtml(content, facts));
  const pdf = await reportPdf(content, facts, {
    pictures: question.pictures ?? {},
    before: question.keyImagesBefore ?? 0,
  });
  const form = (bytes: Uint8Array) => ({
    data: Buffer.from(bytes).toString('base64'),
    size: bytes.length,
    // FHIR R4 Attachment.hash is SHA-1; what vouches for the bytes is the signature's SHA-256.
    sha1: createHash('sha1').update(bytes).digest('base64'),
  });
  const diagnosticReport = reportToFhir(content, {
    digest,
    state,
    issued: content.signedAt,
    html: form(html),
    pdf: form(pdf),
    patientReference: order?.patientReference ?? null,
    organizationReference: order?.site?.id ?? null,
  });
  const composition = reportToComposition(content, {
    id: deriveId('composition', [content.reportId], sha256),
    digest,
    state,
    patientReference: order?.patientReference ?? null,
    organizationReference: order?.site?.id ?? null,
  });
  const { sopInstanceUid, seriesUid } = srUids(digest, content.reportId);
  const studyFacts = {
    studyDate: study.studyDate,
    studyTime: study.studyTime,
    studyId: null,
    description: study.description,
    referringPhysician: referringPhysician(order),
  };
  const dataset = reportToSr(content, {
    sopInstanceUid,
    seriesUid,
    digest,
    state,
    predecessor: question.parentDigest === null ? null : srUids(question.parentDigest, content.reportId),
    releasedAt: content.signedAt,
    zone,
    organization: order?.site?.name ?? study.institution ?? 'not given',
    softwareVersion: question.softwareVersion,
    evidence: question.evidence,
    others: question.others,
    keyImages: question.keyImages ?? [],
    study: studyFacts,
    request: {
      placerNumber: order?.placerNumber ?? null,
      fillerNumber: content.accession,
      procedure: order?.procedure ?? null,
    },
  });
  const rejection =
    question.earlier.length === 0
      ? null
      : withdrawalNote({
          sopInstanceUid: uidFromDigest(sha256(`sr-rejection|${digest}`)),
          seriesUid: uidFromDigest(sha256(`sr-rejection-series|${content.reportId}`)),
          studyUid: content.studyUid,
          patient: content.patient,
          accession: content.accession,
          observer: content.signer.name,
          savedAt: content.signedAt,
          zone,
          softwareVersion: question.softwareVersion,
          evidence: question.earlier.map((one) => {
            const uids = srUids(one, content.reportId);
            return {
              instanceUid: uids.sopInstanceUid,
              seriesUid: uids.seriesUid,
              sopClassUid: enhancedSrClass,
              frames: 1,
            };
          }),
          study: {
            studyDate: study.studyDate,
            studyTime: study.studyTime,
            description: study.description,
            referringPhysician: order?.orderedBy?.name ?? null,
          },
          notForClinicalUse: content.notForClinicalUse,
        });
  const receiver = question.receiver ?? null;
  const report =
    receiver === null
      ? null
      : reportToImr(content, {
          state,
          terms: receiver,
          report: diagnosticReport,
          site: { id: receiver.siteId, name: order?.site?.name ?? receiver.siteId },
          study: { studyDate: study.studyDate, modalities: study.modalities, description: study.description },
          order: {
            placerNumber: order?.placerNumber ?? null,
            procedure: order?.procedure ?? null,
            reason: order?.reason ?? '',
            orderedBy: order?.orderedBy ?? null,
          },
          sha256,
        });
  const controlId = `OVR${sha256(`msh10|${digest}`).slice(0, 17).toUpperCase()}`;
  return {
    diagnosticReport,
    composition,
    hashes: { html: sha256(html), pdf: sha256(pdf) },
    srInstanceUid: sopInstanceUid,
    srSeriesUid: seriesUid,
    sr: Buffer.from(writePart10(dataset)).toString('base64'),
    ...(rejection === null ? {} : { rejection: part10Of(rejection) }),
    ...(question.asPdf == null
      ? {}
      : {
          reportPdf: reportPdfObjects(
            content,
            {
              digest,
              state,
              releasedAt: content.signedAt,
              zone,
              softwareVersion: question.softwareVersion,
              study: studyFacts,
            },
            pdf,
            question.asPdf,
          ),
        }),
    srDigest: sha256(canonicalJson(srVouchedValue(dataset))),
    ...(receiver === null ? {} : { imr: { siteId: receiver.siteId, report } }),
    oru:
      endpoint === null
        ? null
        : {
            text: buildOru(content, {
              controlId,
              sender: { application: 'OVERREAD', facility: 'OVERREAD' },
              receiver: { application: endpoint.receivingApplication, facility: endpoint.receivingFacility },
              processing: question.demo ? 'T' : 'P',
              state,
              releasedAt: content.signedAt,
              zone,
              order: {
                placerNumber: order?.placerNumber ?? null,
                fillerNumber: content.accession,
                procedure: order?.procedure ?? null,
                reason: order?.reason ?? '',
                orderedBy: order?.orderedBy ?? null,
                patientClass: null,
              },
              exam: { studyDate: study.studyDate, studyTime: study.studyTime },
              withdrawn: question.withdrawn,
              enhanced: rules.hl7Receipt === 'enhanced',
              withdrawnAs: rules.hl7Withdrawal,
              flagCritical: rules.hl7Critical,
              ...(endpoint.text === undefined ? {} : { textForm: endpoint.text }),
              pdf: endpoint.pdf === false ? null : Buffer.from(pdf).toString('base64'),
            }),
            controlId,
            siteId: endpoint.siteId,
            receipt: rules.hl7Receipt,
          },
  };
}
