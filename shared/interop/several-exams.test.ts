import { describe, expect, it } from 'vitest';
import { aDigest, aSignedReport } from '../../test/builders/signed-report.ts';
import { contentText, type ReportContent, type ReportExam } from '../domain/report/index.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { instant } from '../lib/instant.ts';
import { items, tags, text } from './dicom-json/index.ts';
import { reportToSr, type SrFacts, srContentTree, srVouchedValue } from './dicom-sr/index.ts';
import { reportToFhir } from './fhir/index.ts';
import { buildOru } from './hl7v2/index.ts';
import { reportHtml } from './report-document/index.ts';
import { conclusionOf } from './report-sections.ts';

const exam = (change: Partial<ReportExam>): ReportExam => ({
  taskId: 'task-head',
  orderId: 'order-head',
  archive: 'main',
  studyUid: '1.2.1',
  accession: 'CHI-1',
  exam: 'CT head',
  studyDate: '20261122',
  reportId: 'report-head',
  version: 1,
  instances: ['1.2.1.1'],
  ...change,
});
const exams = [
  exam({}),
  exam({
    taskId: 'task-chest',
    orderId: 'order-chest',
    studyUid: '1.2.2',
    accession: 'CHI-2',
    exam: 'CT chest',
    reportId: 'report-chest',
    instances: ['1.2.2.1'],
  }),
];
const sections: ReportContent['sections'] = [
  { code: '55752-0', title: 'Clinical information', text: 'Fall.' },
  { code: '59776-5', title: 'Findings', text: 'No bleed.', exam: '1.2.1' },
  { code: '19005-8', title: 'Impression', text: 'Normal head.', exam: '1.2.1' },
  { code: '59776-5', title: 'Findings', text: 'No fracture.', exam: '1.2.2' },
  { code: '19005-8', title: 'Impression', text: 'Normal chest.', exam: '1.2.2' },
];
const report = (own: ReportExam): ReportContent =>
  aSignedReport({
    reportId: own.reportId,
    taskId: own.taskId,
    orderId: own.orderId,
    studyUid: own.studyUid,
    accession: own.accession,
    notForClinicalUse: false,
    sections,
    comparisons: ['1.9'],
    together: { id: 'together-1', signed: exams.map((one) => one.taskId), exams },
  });
const [head, chest] = exams.map(report) as [ReportContent, ReportContent];
/** Every word of the report stands behind the heading of its own exam and before the next heading. */
const inOrder = ['accession CHI-1', 'No bleed.', 'Normal head.', 'accession CHI-2', 'No fracture.', 'Normal chest.'];
function expectOrder(words: string): void {
  let from = 0;
  for (const part of inOrder) {
    const at = words.indexOf(part, from);
    expect(at, `${part} after ${from}`).toBeGreaterThanOrEqual(from);
    from = at;
  }
}
const released = { state: 'final', digest: aDigest, releasedAt: instant(1), zone: 'UTC' } as const;

describe('a report over several exams, in every format', () => {
  it('says whose words are whose in plain text, HTML and the conclusion', () => {
    expectOrder(contentText(head).join('\n'));
    const html = reportHtml(head, released);
    expectOrder(html.slice(html.indexOf('</table>')));
    expect(html).toContain('CHI-1, CHI-2</title>');
    expect(conclusionOf(head)).toBe(
      'CT head, accession CHI-1, 2026-11-22:\nNormal head.\n\nCT chest, accession CHI-2, 2026-11-22:\nNormal chest.',
    );
  });

  it('FHIR: each accession has its own report under its own order, which names the study that is read with it', () => {
    const form = { data: '', size: 0, sha1: '' };
    const facts = {
      digest: aDigest,
      state: 'final',
      issued: instant(1),
      html: form,
      pdf: null,
      patientReference: null,
      organizationReference: null,
    } as const;
    const resources = [reportToFhir(head, facts), reportToFhir(chest, facts)];
    expect(resources.map((one) => one.basedOn?.map((order) => order.reference))).toEqual([
      ['ServiceRequest/order-head'],
      ['ServiceRequest/order-chest'],
    ]);
    expect(resources[1]?.imagingStudy?.map((study) => [study.identifier?.value, study.display])).toEqual([
      ['urn:oid:1.2.2', undefined],
      ['urn:oid:1.2.1', 'Read together: CT head, accession CHI-1, 2026-11-22'],
      ['urn:oid:1.9', 'Comparison'],
    ]);
    for (const resource of resources) expectOrder(resource.text?.div ?? '');
  });

  it('HL7 v2: each accession has its own message with all words', () => {
    const messages = [head, chest].map((content) =>
      buildOru(content, {
        controlId: 'OVR1',
        sender: { application: 'OVERREAD', facility: 'OVERREAD' },
        receiver: { application: 'RIS', facility: 'CEDAR' },
        processing: 'T',
        state: 'final',
        releasedAt: instant(1),
        zone: 'UTC',
        order: {
          placerNumber: null,
          fillerNumber: content.accession,
          procedure: null,
          reason: '',
          orderedBy: null,
          patientClass: null,
        },
        exam: { studyDate: null, studyTime: null },
      }),
    );
    expect(messages.map((message) => /\rOBR\|(?:[^|]*\|){17}([^|\r]*)/.exec(message)?.[1])).toEqual(['CHI-1', 'CHI-2']);
    for (const message of messages) expectOrder(message);
  });

  it('SR: one document, filed in each study, that names both orders and its other self', () => {
    const facts = (own: number): SrFacts => ({
      sopInstanceUid: `2.25.${own}`,
      seriesUid: `2.25.1${own}`,
      digest: aDigest,
      state: 'final',
      predecessor: null,
      releasedAt: instant(1),
      zone: 'UTC',
      organization: 'Group',
      softwareVersion: '0.1.0',
      evidence: [{ instanceUid: `1.2.${own}.1`, seriesUid: `1.2.${own}.9`, sopClassUid: '1.2.840.10008.5.1.4.1.1.2' }],
      study: { studyDate: null, studyTime: null, studyId: null, description: null, referringPhysician: null },
      request: { placerNumber: `P${own}`, fillerNumber: `CHI-${own}`, procedure: null },
      others: [
        {
          studyUid: `1.2.${3 - own}`,
          request: { placerNumber: `P${3 - own}`, fillerNumber: `CHI-${3 - own}`, procedure: null },
          evidence: [
            {
              instanceUid: `1.2.${3 - own}.1`,
              seriesUid: `1.2.${3 - own}.9`,
              sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
            },
          ],
          document: { sopInstanceUid: `2.25.${3 - own}`, seriesUid: `2.25.1${3 - own}` },
        },
      ],
    });
    const documents = [reportToSr(head, facts(1)), reportToSr(chest, facts(2))];
    for (const [place, document] of documents.entries()) {
      expect(text(document, tags.StudyInstanceUID)).toBe(exams[place]?.studyUid);
      expect(
        items(document, tags.ReferencedRequestSequence).map((one) => [
          text(one, tags.AccessionNumber),
          text(one, tags.PlacerOrderNumberImagingServiceRequest),
        ]),
      ).toEqual([
        ['CHI-1', 'P1'],
        ['CHI-2', 'P2'],
      ]);
      expect(text(items(document, tags.IdenticalDocumentsSequence)[0] ?? {}, tags.StudyInstanceUID)).toBe(
        exams[1 - place]?.studyUid,
      );
      expect(items(document, tags.CurrentRequestedProcedureEvidenceSequence)).toHaveLength(2);
      expectOrder(
        srContentTree(document)
          .sections.map((section) => section.text)
          .join('\n'),
      );
    }
    expect(canonicalJson(documents[0]?.[tags.ContentSequence] as never)).toBe(
      canonicalJson(documents[1]?.[tags.ContentSequence] as never),
    );
    const { [tags.IdenticalDocumentsSequence]: _cut, ...lone } = documents[0] ?? {};
    expect(canonicalJson(srVouchedValue(lone))).not.toBe(canonicalJson(srVouchedValue(documents[0] ?? {})));
  });
});
