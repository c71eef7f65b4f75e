import type { ReportContent } from '../../shared/domain/report/index.ts';
import { instant } from '../../shared/lib/instant.ts';

export const aDigest = '9f2c41d07b5a4e6688f0c1d2e3a4b5c697886756453423120f1e2d3c4b5a6978';

/** A final CT report with diacritics, delimiters of every format and several lines. Nobody in it is real. */
export function aSignedReport(changes: Partial<ReportContent> = {}): ReportContent {
  return {
    schema: 'overread-report-1',
    reportId: 'rep-7f3a',
    version: 1,
    kind: 'final',
    parentDigest: null,
    taskId: 'task-1',
    orderId: 'order-1',
    archive: 'main',
    studyUid: '1.2.826.0.1.3680043.8.498.1',
    accession: 'LK-4471',
    patient: { id: 'MRN-88', issuer: 'LARKSPUR', name: 'MÜLLER^Žofie^^Dr', birthDate: '19520309', sex: 'F' },
    exam: {
      procedure: 'CT abdomen & pelvis <contrast>',
      modality: 'CT',
      bodyPart: 'ABDOMEN',
      laterality: null,
      studyDate: '20260308',
      site: 'Larkspur Imaging',
    },
    sections: [
      { code: '55752-0', title: 'Clinical information', text: 'Pain, right lower quadrant; "rule out" appendicitis' },
      { code: '55111-9', title: 'Technique', text: '' },
      {
        code: '59776-5',
        title: 'Findings',
        text: 'Appendix 12 mm | fat stranding ^ & ~ \\ here.\n\n  Łódź, naïve, Ελληνικά, Кириллица.',
      },
      {
        code: '19005-8',
        title: 'Impression',
        text: '1. Acute appendicitis.\n2. No abscess <script>alert(1)</script>.',
      },
    ],
    reason: null,
    measurements: [],
    instances: ['1.2.3.1', '1.2.3.2'],
    comparisons: ['1.2.9'],
    identityResolution: null,
    signer: { id: 'reader-1', name: 'Dr M. Tandewright', npi: '1234567893' },
    signedAt: instant(Date.UTC(2026, 2, 8, 9, 59, 30)),
    fencingToken: 3,
    auditHead: '0'.repeat(64),
    notForClinicalUse: true,
    ...changes,
  };
}
