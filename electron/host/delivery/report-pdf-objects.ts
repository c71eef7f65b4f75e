import type { ReportContent } from '../../../shared/domain/report/index.ts';
import { reportPdfSeries } from '../../../shared/domain/study/index.ts';
import type { DicomJson } from '../../../shared/interop/dicom-json/index.ts';
import {
  type EncapsulatedPdfFacts,
  encapsulatedPdfClass,
  encapsulatedPdfVouchedValue,
  reportToEncapsulatedPdf,
} from '../../../shared/interop/dicom-pdf/index.ts';
import { uidFromDigest, withdrawalNote } from '../../../shared/interop/dicom-sr/index.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import { sha256 } from '../digest.ts';
import { part10Of, type StoredObject } from './stored-object.ts';

/** A version's PDF as a DICOM object, with the hash by which it is known again. */
export type ReportPdfObjects = {
  readonly object: StoredObject & { readonly digest: string };
  /** Of a withdrawal: the note that takes the PDFs of earlier versions back (IHE IOCM). */
  readonly rejection?: StoredObject;
};

/** Which earlier versions went into the archive as PDF, by the digests of what was signed. */
export type EarlierPdfs = { readonly predecessor: string | null; readonly withdrawn: readonly string[] };

/** UIDs follow from the version's digest, so that a replay is the same object; its series follows from its own. */
export function reportPdfUids(digest: string): { readonly sopInstanceUid: string; readonly seriesUid: string } {
  const sopInstanceUid = uidFromDigest(sha256(`pdf|${digest}`));
  return { sopInstanceUid, seriesUid: reportPdfSeries(sopInstanceUid) };
}

/** SHA-256 over what we vouch for in a stored PDF, the document's own bytes with it. */
export function pdfDigest(json: DicomJson, document: Uint8Array): string {
  return sha256(canonicalJson(encapsulatedPdfVouchedValue(json, sha256(document))));
}

/** Both objects of a version, to the byte the same for the same version. */
export function reportPdfObjects(
  content: ReportContent,
  facts: Omit<EncapsulatedPdfFacts, 'sopInstanceUid' | 'seriesUid' | 'predecessor' | 'pdf'>,
  pdf: Uint8Array,
  earlier: EarlierPdfs,
): ReportPdfObjects {
  const dataset = reportToEncapsulatedPdf(content, {
    ...facts,
    ...reportPdfUids(facts.digest),
    predecessor: earlier.predecessor === null ? null : reportPdfUids(earlier.predecessor),
    pdf: { data: Buffer.from(pdf).toString('base64'), size: pdf.length },
  });
  const object = { ...part10Of(dataset), digest: pdfDigest(dataset, pdf) };
  if (earlier.withdrawn.length === 0) return { object };
  const note = withdrawalNote({
    sopInstanceUid: uidFromDigest(sha256(`pdf-rejection|${facts.digest}`)),
    seriesUid: uidFromDigest(sha256(`pdf-rejection-series|${content.reportId}`)),
    studyUid: content.studyUid,
    patient: content.patient,
    accession: content.accession,
    observer: content.signer.name,
    savedAt: content.signedAt,
    zone: facts.zone,
    softwareVersion: facts.softwareVersion,
    evidence: earlier.withdrawn.map((one) => {
      const { sopInstanceUid, seriesUid } = reportPdfUids(one);
      return { instanceUid: sopInstanceUid, seriesUid, sopClassUid: encapsulatedPdfClass, frames: 1 };
    }),
    study: facts.study,
    notForClinicalUse: content.notForClinicalUse,
  });
  return { object, rejection: part10Of(note) };
}
