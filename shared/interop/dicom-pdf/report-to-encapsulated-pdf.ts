import type { ReportContent } from '../../domain/report/index.ts';
import type { JsonValue } from '../../lib/canonical-json.ts';
import { type DicomJson, items, number, tags, text, wholeText } from '../dicom-json/index.ts';
import { codeItem, loinc } from '../dicom-sr/content-item.ts';
import { integer, line, sequence, strings } from '../dicom-sr/element.ts';
import { headVouchedValue, type ReportObjectFacts, reportHead } from '../dicom-sr/report-head.ts';
import { evidenceOf } from '../dicom-sr/report-to-sr.ts';
import { documentCode } from '../report-codes.ts';
import { notForClinicalUse, type ReleasedState, stateTitle } from '../report-sections.ts';

/** Encapsulated PDF Storage (PS3.4 B.5). */
export const encapsulatedPdfClass = '1.2.840.10008.5.1.4.1.1.104.1';

type DocumentUids = Pick<ReportObjectFacts, 'sopInstanceUid' | 'seriesUid'>;

/** What the object says beside the document. */
export type EncapsulatedPdfFacts = ReportObjectFacts & {
  /** SHA-256, lower-case hex, of the signed content; kept in a private element. */
  readonly digest: string;
  readonly state: ReleasedState;
  /** The version before, where it was stored in this way too. */
  readonly predecessor: DocumentUids | null;
  /** The document, base64, and its length in bytes. */
  readonly pdf: { readonly data: string; readonly size: number };
};

/** The signed PDF as a DICOM object beside the images (PS3.3 A.45.1, C.24), as DICOM JSON. Patient and study are the report's own. */
export function reportToEncapsulatedPdf(content: ReportContent, facts: EncapsulatedPdfFacts): DicomJson {
  const root = documentCode(content.together === undefined ? content.exam.modality : null);
  const title = `${stateTitle(facts.state)}${content.notForClinicalUse ? ` - ${notForClinicalUse}` : ''}`;
  const { predecessor } = facts;
  return {
    ...reportHead(content, facts, {
      sopClassUid: encapsulatedPdfClass,
      modality: 'DOC',
      // A viewer's strip shows the series' words before it opens the document: what is no final report is not to look like one there.
      seriesDescription: `PDF: ${title}`,
      seriesNumber: 9005,
    }),
    // Acquisition DateTime, type 2: the document was signed and not acquired.
    '0008002A': { vr: 'DT' },
    // Conversion Type (C.8.6.1): workstation.
    '00080064': strings('CS', 'WSD'),
    // Burned In Annotation: it names the patient on every page.
    '00280301': strings('CS', 'YES'),
    [tags.ConceptNameCodeSequence]: sequence(codeItem(loinc(root.code, root.meaning))),
    ...(predecessor === null
      ? {}
      : {
          [tags.PredecessorDocumentsSequence]: sequence(
            evidenceOf(content.studyUid, [
              {
                instanceUid: predecessor.sopInstanceUid,
                seriesUid: predecessor.seriesUid,
                sopClassUid: encapsulatedPdfClass,
              },
            ]),
          ),
        }),
    // C.24.2.2: whoever signed has verified it.
    [tags.VerificationFlag]: strings('CS', 'VERIFIED'),
    [tags.DocumentTitle]: strings('ST', line(title, 1024)),
    [tags.EncapsulatedDocument]: { vr: 'OB', InlineBinary: facts.pdf.data },
    [tags.MIMETypeOfEncapsulatedDocument]: strings('LO', 'application/pdf'),
    [tags.EncapsulatedDocumentLength]: { vr: 'UL', Value: [facts.pdf.size] },
    // PS3.5 7.8.1: private creator, then our elements of its block.
    '00990010': strings('LO', 'OVERREAD'),
    '00991001': strings('LO', line(facts.digest, 64)),
    '00991002': integer(content.version),
  };
}

/**
 * What we vouch for in a stored PDF: whose it is, its UIDs, what it calls itself, what it follows, and the document by its hash. Archives merge
 * attributes of their own into the rest. `documentHash` is SHA-256 over the document without its padding.
 */
export function encapsulatedPdfVouchedValue(document: DicomJson, documentHash: string): JsonValue {
  return {
    ...headVouchedValue(document),
    title: wholeText(document, tags.DocumentTitle)?.trim() ?? null,
    concept: items(document, tags.ConceptNameCodeSequence).map((one) => text(one, tags.CodeValue)),
    verification: text(document, tags.VerificationFlag),
    type: text(document, tags.MIMETypeOfEncapsulatedDocument),
    length: number(document, tags.EncapsulatedDocumentLength),
    predecessors: items(document, tags.PredecessorDocumentsSequence).flatMap((study) =>
      items(study, tags.ReferencedSeriesSequence).flatMap((series) =>
        items(series, tags.ReferencedSOPSequence).map((sop) => text(sop, tags.ReferencedSOPInstanceUID)),
      ),
    ),
    document: documentHash,
  };
}
