import type { Bundle, Resource } from '@medplum/fhirtypes';
import { type FormsQuestion, makeForms } from '../../electron/host/delivery/forms.ts';
import type { Measurement } from '../../shared/domain/report/index.ts';
import { imrReport, imrTransaction } from '../../shared/interop/fhir/index.ts';
import { digestOf, type GoldenKind, goldenQuestion, releaseKindOf } from './versions.ts';

const receiver = {
  siteId: 'larkspur',
  patientSystem: 'urn:oid:2.16.840.1.113883.3.9999.1',
  accessionSystem: 'https://larkspur.example/accession',
  images: 'https://pacs.larkspur.example/dicom-web',
  pdf: true,
};

function numbersOf(kind: GoldenKind, { content }: FormsQuestion): readonly Measurement[] {
  const at = {
    studyUid: content.studyUid,
    seriesUid: `${content.studyUid}.3`,
    instanceUid: content.instances[1] ?? '',
  };
  const appendix: Measurement = { ...at, id: 'm-1', frame: 1, tool: 'length', text: '12.0 mm', value: 12, unit: 'mm' };
  const fluid: Measurement = {
    ...at,
    ...{ id: 'm-2', frame: 1, tool: 'ellipse', text: 'mean 14 HU (SD 6, 2 to 31)', value: 14.2, unit: "[hnsf'U]" },
  };
  if (kind === 'withdrawal') return [];
  // A correction says the first anew and has the second no more.
  return kind === 'correction' ? [{ ...appendix, text: '11.0 mm', value: 11 }] : [appendix, fluid];
}

/** The version as it is signed for a site that takes reports by IHE RAD-141, with two numbers and, where it has one, its key image. */
export function imrQuestion(kind: GoldenKind, terms: Partial<typeof receiver> = {}): FormsQuestion {
  const question = goldenQuestion(kind);
  const content = { ...question.content, measurements: numbersOf(kind, question) };
  const study = { ...question.study, modalities: ['CT'] };
  return { ...question, content, study, digest: digestOf(content), receiver: { ...receiver, ...terms } };
}

async function made(kind: GoldenKind) {
  const { imr, diagnosticReport } = await makeForms(imrQuestion(kind));
  if (imr?.report == null) throw new Error('no transaction');
  return { ...imr.report, diagnosticReport };
}

/** What a first version needs there, the patient too, as it would be created. */
export async function goldenBeforehand(): Promise<readonly Resource[]> {
  return (await made('dictated-final')).beforehand.map(({ resource }) => resource);
}

/** The transaction as it leaves the host: a first version creates, a later one replaces what stands at the server. */
export async function goldenTransaction(kind: GoldenKind): Promise<Bundle> {
  const { bundle, beforehand, diagnosticReport } = await made(kind);
  const known = new Map(beforehand.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/of-the-site`]));
  const before: GoldenKind | null =
    kind === 'final'
      ? 'preliminary'
      : ['addendum', 'correction', 'withdrawal'].includes(releaseKindOf(kind))
        ? 'final'
        : null;
  if (before === null) return imrTransaction(bundle, diagnosticReport, { known, there: null });
  const report = imrReport((await made(before)).bundle);
  return imrTransaction(bundle, diagnosticReport, {
    known,
    there: { id: 'as-the-site-has-it', version: '4', report },
  });
}
