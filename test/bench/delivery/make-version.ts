import { createHash } from 'node:crypto';
import { writePart10 } from '../../../electron/host/archive/part10/index.ts';
import { srUids } from '../../../electron/host/delivery/forms.ts';
import { reportPdfObjects } from '../../../electron/host/delivery/report-pdf-objects.ts';
import type { SignedVersion } from '../../../electron/host/delivery/signed-store.ts';
import { sha256 } from '../../../electron/host/digest.ts';
import { deriveId, stateAfter } from '../../../shared/domain/report/index.ts';
import { reportToSr, srVouchedValue } from '../../../shared/interop/dicom-sr/index.ts';
import {
  provenanceToFhir,
  reportToComposition,
  reportToFhir,
  reportToImr,
} from '../../../shared/interop/fhir/index.ts';
import { buildOru } from '../../../shared/interop/hl7v2/index.ts';
import { reportHtml } from '../../../shared/interop/report-document/index.ts';
import type { ReleasedState } from '../../../shared/interop/report-sections.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import type { Life, LifeVersion } from './lives.ts';
import { smallPdf } from './small-pdf.ts';

const zone = 'America/Los_Angeles';

/** What is agreed with the FHIR server of the run. */
export const imrTerms = {
  patientSystem: 'urn:bench:patient',
  accessionSystem: 'urn:bench:accession',
  images: 'https://pacs.bench.example/dicom-web',
  pdf: false,
};

/** Another document for every version. */
export function pdfOf({ content, digest }: Pick<LifeVersion, 'content' | 'digest'>): Uint8Array {
  return smallPdf(`Version ${content.version} of ${content.accession}, ${digest}`);
}

/**
 * A signed version by the product's own codecs, as `makeForms` puts it together, but with a PDF of one line (ten thousand of its own would measure
 * the typesetting) and with a signature that only has to come back unchanged.
 */
export function makeVersion(
  life: Life,
  { content, digest, controlId, srInstanceUid }: LifeVersion,
  siteId: string,
): SignedVersion {
  const state = stateAfter(content.kind) as ReleasedState;
  const releasedAt = content.signedAt;
  const html = new TextEncoder().encode(reportHtml(content, { state, digest, releasedAt, zone }));
  const { seriesUid } = srUids(digest, content.reportId);
  const pdf = pdfOf({ content, digest });
  const study = {
    studyDate: content.exam.studyDate,
    studyTime: '011500',
    studyId: null,
    description: content.exam.procedure,
    referringPhysician: life.orderedBy.name,
  };
  const sr = reportToSr(content, {
    sopInstanceUid: srInstanceUid,
    seriesUid,
    digest,
    state,
    predecessor: content.parentDigest === null ? null : srUids(content.parentDigest, content.reportId),
    releasedAt,
    zone,
    organization: 'Bench Imaging',
    softwareVersion: 'bench',
    evidence: [],
    study,
    request: { placerNumber: life.orderId, fillerNumber: content.accession, procedure: null },
  });
  const diagnosticReport = reportToFhir(content, {
    digest,
    state,
    issued: releasedAt,
    html: {
      data: Buffer.from(html).toString('base64'),
      size: html.length,
      sha1: createHash('sha1').update(html).digest('base64'),
    },
    pdf: null,
    patientReference: life.patientReference,
    organizationReference: 'bench-imaging',
  });
  const imr = reportToImr(content, {
    ...{ state, terms: imrTerms, report: diagnosticReport, site: { id: siteId, name: 'Bench Imaging' } },
    study: { studyDate: content.exam.studyDate, modalities: ['CT'], description: content.exam.procedure },
    order: { placerNumber: life.orderId, procedure: null, reason: '', orderedBy: life.orderedBy },
    sha256,
  });
  const jws = `bench.${digest}`;
  return {
    content,
    digest,
    jws,
    diagnosticReport,
    imr: { siteId, report: imr },
    composition: reportToComposition(content, {
      id: deriveId('composition', [content.reportId], sha256),
      digest,
      state,
      patientReference: life.patientReference,
      organizationReference: 'bench-imaging',
    }),
    provenance: provenanceToFhir(
      content,
      digest,
      jws,
      `DiagnosticReport/${content.reportId}`,
      deriveId('provenance', [content.reportId, digest], sha256),
    ),
    srInstanceUid,
    srSeriesUid: seriesUid,
    sr: Buffer.from(writePart10(sr)).toString('base64'),
    reportPdf: reportPdfObjects(content, { digest, state, releasedAt, zone, softwareVersion: 'bench', study }, pdf, {
      predecessor: content.parentDigest,
      withdrawn:
        content.kind === 'withdrawal' ? life.versions.slice(0, content.version - 1).map((one) => one.digest) : [],
    }),
    srDigest: sha256(canonicalJson(srVouchedValue(sr))),
    oru: {
      text: buildOru(content, {
        controlId,
        sender: { application: 'OVERREAD', facility: 'BENCH' },
        receiver: { application: 'RIS', facility: 'BENCH' },
        processing: 'T',
        state,
        releasedAt,
        zone,
        order: {
          placerNumber: life.orderId,
          fillerNumber: content.accession,
          procedure: null,
          reason: '',
          orderedBy: life.orderedBy,
          patientClass: null,
        },
        exam: { studyDate: content.exam.studyDate, studyTime: '011500' },
        withdrawn: content.kind === 'withdrawal' ? (life.versions[content.version - 2]?.content ?? null) : null,
      }),
      controlId,
      siteId,
    },
    fencingToken: content.fencingToken,
  };
}
