import { fromFhirInstant, type Instant } from '../../lib/instant.ts';
import { at, codeIn, listAt, textAt } from './read.ts';
import { systems } from './systems.ts';

/** What a reader wants of an earlier report, whoever wrote it. */
export type PriorReport = {
  readonly id: string;
  readonly studyUid: string | null;
  /** Studies that were read together with it, where the report is one of ours. */
  readonly togetherUids: readonly string[];
  readonly orderId: string | null;
  /** Logical id of the Patient; null where the subject is named by nothing that can be followed. */
  readonly patientId: string | null;
  /** The exam in the report's own words. */
  readonly exam: string;
  /** Day or moment of the exam (FHIR dateTime), as written; null where it is not told. */
  readonly examAt: string | null;
  readonly accession: string | null;
  readonly modality: string | null;
  readonly sections: readonly { readonly title: string; readonly text: string }[];
  readonly issued: Instant | null;
  /** It has a PDF too: `pdfOfReport`. */
  readonly hasPdf: boolean;
};

/** Statuses of a DiagnosticReport that has words for a physician. */
const released = ['preliminary', 'final', 'amended', 'corrected', 'appended'];

/**
 * Reads any DiagnosticReport (FHIR R4) as a prior: its plain texts, else its conclusion. HTML of a foreign report is never shown;
 * markup is left out and its text kept.
 */
export function priorReportFromFhir(report: unknown): PriorReport | null {
  if (at(report, 'resourceType') !== 'DiagnosticReport' || !released.includes(textAt(report, 'status') ?? ''))
    return null;
  const study = listAt(report, 'imagingStudy')
    .map((one) =>
      textAt(one, 'identifier', 'system') === systems.dicomUid ? textAt(one, 'identifier', 'value') : null,
    )
    .find((value) => value !== null);
  const together = listAt(report, 'imagingStudy')
    .filter((one) => textAt(one, 'display')?.startsWith('Read together: ') === true)
    .map((one) => textAt(one, 'identifier', 'value')?.replace(/^urn:oid:/, ''))
    .filter((uid) => uid !== undefined);
  const order = textAt(report, 'basedOn', 0, 'reference');
  const subject = textAt(report, 'subject', 'reference');
  const accession = listAt(report, 'identifier').find(
    (one) => codeIn(at(one, 'type'), systems.identifierType) === 'ACSN',
  );
  const exam = textAt(report, 'code', 'text') ?? textAt(report, 'code', 'coding', 0, 'display') ?? '';
  // A narrative of one part is headed by the title that it gets here anyway.
  const narrative = plainText(textAt(report, 'text', 'div') ?? '').replace(/^Report\s*\n/, '');
  const conclusion = textAt(report, 'conclusion') ?? '';
  const sections = [
    ...(narrative === '' ? [] : [{ title: 'Report', text: narrative }]),
    ...(conclusion === '' || narrative.includes(conclusion.trim()) ? [] : [{ title: 'Impression', text: conclusion }]),
  ];
  const issued = fromFhirInstant(textAt(report, 'issued') ?? '');
  return {
    id: textAt(report, 'id') ?? '',
    hasPdf: pdfOfReport(report) !== null,
    studyUid: study?.replace(/^urn:oid:/, '') ?? null,
    togetherUids: together,
    patientId: subject?.startsWith('Patient/') === true ? subject.slice('Patient/'.length) : null,
    exam,
    examAt: textAt(report, 'effectiveDateTime') ?? textAt(report, 'effectivePeriod', 'start'),
    accession: textAt(accession, 'value'),
    modality: /^(CT|MR|MRI|US|CR|DX|XR|MG|NM|PT|PET)\b/i.exec(exam)?.[1]?.toUpperCase() ?? null,
    orderId: order?.startsWith('ServiceRequest/') === true ? order.slice('ServiceRequest/'.length) : null,
    sections,
    issued: issued.ok ? issued.value : null,
  };
}

/** The PDF of a DiagnosticReport in Base64, where it stands in the resource itself; null where it has none. */
export function pdfOfReport(report: unknown): string | null {
  const form = listAt(report, 'presentedForm').find((one) => textAt(one, 'contentType') === 'application/pdf');
  return textAt(form, 'data');
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&nbsp;': ' ',
  '&amp;': '&',
};

/** The words of an XHTML narrative: block elements end a line, every tag goes. */
function plainText(xhtml: string): string {
  return xhtml
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<\/?(?:p|div|li|h\d|tr|br|dt|dd|section|table|ul|ol)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:lt|gt|quot|#39|apos|nbsp|amp);/g, (entity) => entities[entity] ?? entity)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
