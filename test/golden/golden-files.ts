import { readSrDataset } from '../../electron/host/archive/part10/index.ts';
import { makeForms } from '../../electron/host/delivery/forms.ts';
import { sha256 } from '../../electron/host/digest.ts';
import { deriveId } from '../../shared/domain/report/index.ts';
import type { DeliveryRules } from '../../shared/domain/site/index.ts';
import type { DicomJson } from '../../shared/interop/dicom-json/index.ts';
import { provenanceToFhir } from '../../shared/interop/fhir/index.ts';
import { goldenBeforehand, goldenTransaction } from './imr.ts';
import { readableDicom, readableHl7, readableJson, readablePdf } from './readable.ts';
import { type GoldenKind, goldenKinds, goldenQuestion } from './versions.ts';

/** Messages as sites want them whose profile says more than nothing. */
export const agreedMessages = [
  { kind: 'final', name: 'oru-enhanced', rules: { hl7Receipt: 'enhanced' } },
  { kind: 'critical-final', name: 'oru-flagged', rules: { hl7Critical: true } },
  { kind: 'withdrawal', name: 'oru-deleted', rules: { hl7Withdrawal: 'D' } },
] as const satisfies readonly {
  readonly kind: GoldenKind;
  readonly name: string;
  readonly rules: Partial<DeliveryRules>;
}[];

/** A version on every channel, as it would leave the host. */
export async function goldenForms(kind: GoldenKind, rules: Partial<DeliveryRules> = {}) {
  const question = goldenQuestion(kind, rules);
  const { content, digest } = question;
  const forms = await makeForms(question);
  const provenance = provenanceToFhir(
    content,
    digest,
    'golden.signature',
    `DiagnosticReport/${content.reportId}`,
    deriveId('provenance', [content.reportId, digest], sha256),
  );
  const pdf = forms.diagnosticReport.presentedForm?.find((one) => one.contentType === 'application/pdf')?.data ?? '';
  const bytes = Buffer.from(pdf, 'base64');
  return {
    ...forms,
    provenance,
    pdf: new Uint8Array(bytes),
    sr: Buffer.from(forms.sr, 'base64'),
    notes: [forms.rejection, forms.reportPdf?.rejection].flatMap((one) =>
      one === undefined ? [] : [Buffer.from(one.bytes, 'base64')],
    ),
    encapsulated: Buffer.from(forms.reportPdf?.object.bytes ?? '', 'base64'),
  };
}

/** Every golden file by its path below `test/golden`. `npm run golden` writes them; the test holds the codecs to them. */
export async function goldenFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const kind of goldenKinds) {
    const forms = await goldenForms(kind);
    files.set(`${kind}/oru.hl7`, readableHl7(forms.oru?.text ?? ''));
    files.set(`${kind}/diagnostic-report.json`, readableJson(forms.diagnosticReport));
    files.set(`${kind}/composition.json`, readableJson(forms.composition));
    files.set(`${kind}/imr-transaction.json`, readableJson(await goldenTransaction(kind)));
    files.set(`${kind}/provenance.json`, readableJson(forms.provenance));
    files.set(`${kind}/sr.txt`, `${readableDicom(readSrDataset(forms.sr) as DicomJson)}\n`);
    const { '00420011': _document, ...said } = readSrDataset(forms.encapsulated) as DicomJson;
    files.set(`${kind}/encapsulated-pdf.txt`, `${readableDicom(said)}\n`);
    for (const [place, note] of forms.notes.entries())
      files.set(
        `${kind}/${place === 0 ? 'sr' : 'encapsulated-pdf'}-rejection.txt`,
        `${readableDicom(readSrDataset(note) as DicomJson)}\n`,
      );
    files.set(`${kind}/pdf.txt`, await readablePdf(forms.pdf));
  }
  files.set('dictated-final/imr-beforehand.json', readableJson(await goldenBeforehand()));
  for (const { name, kind, rules } of agreedMessages)
    files.set(`${kind}/${name}.hl7`, readableHl7((await goldenForms(kind, rules)).oru?.text ?? ''));
  return files;
}
