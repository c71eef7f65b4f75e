import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { dictatedByAfter, dictatedByOf, pendingFits, pendingReportOf, twoNamesText } from './pending-report.ts';
import type { ReportContent } from './report.ts';

const givenAt = instant(Date.UTC(2026, 10, 30, 2, 10));
const content: ReportContent = {
  schema: 'overread-report-1',
  reportId: 'rep-1',
  version: 1,
  kind: 'final',
  parentDigest: null,
  taskId: 'task-1',
  orderId: 'order-1',
  archive: 'main',
  studyUid: '1.2.3',
  accession: 'LK-1',
  patient: { id: 'M-1', issuer: 'LK', name: 'Ferris^Ada', birthDate: '19620304', sex: 'F' },
  exam: { procedure: 'CT head', modality: 'CT', bodyPart: 'HEAD', laterality: null, studyDate: null, site: null },
  sections: [{ code: '19005-8', title: 'Impression', text: 'Normal.' }],
  reason: null,
  measurements: [],
  instances: ['1.2.3.1'],
  comparisons: [],
  identityResolution: null,
  signer: { id: 'maplethorne', name: 'Dr C. Maplethorne', npi: null },
  signedAt: givenAt,
  fencingToken: 1,
  auditHead: '0:0',
  notForClinicalUse: true,
};
const report = pendingReportOf(content);
const now = {
  taskId: 'task-1',
  orderId: 'order-1',
  archive: 'main',
  studyUid: '1.2.3',
  accession: 'LK-1',
} as const;

describe('words that wait for a signature', () => {
  it('are of a schema and a kind of their own, so that nothing takes them for a version', () => {
    expect([report.schema, report.kind]).toEqual(['overread-pending-1', 'pending']);
    expect({ ...report, schema: 'overread-report-1', kind: 'final' }).toEqual(content);
  });

  it('name their writer on what is signed over them, and whether a word was changed', () => {
    const pending = { report, digest: 'd'.repeat(64) };
    const same = dictatedByOf(pending, [{ code: '19005-8', title: 'Impression', text: 'Normal. \n' }]);
    expect(same).toEqual({ ...content.signer, givenAt, digest: 'd'.repeat(64), changed: false });
    expect(dictatedByOf(pending, [{ code: '19005-8', title: 'Impression', text: 'No bleed.' }]).changed).toBe(true);
    const signer = { id: 'tandewright', name: 'Dr M. Tandewright', npi: null };
    expect(twoNamesText({ dictatedBy: same, signer })).toBe(
      'dictated by Dr C. Maplethorne, signed by Dr M. Tandewright',
    );
    expect(twoNamesText({ signer })).toBeNull();
  });

  it('keep their writer’s name while her words stand, and give it up with them', () => {
    const dictatedBy = dictatedByOf({ report, digest: 'd'.repeat(64) }, content.sections);
    expect(dictatedByAfter('addendum', { dictatedBy })).toEqual(dictatedBy);
    expect(dictatedByAfter('correction', { dictatedBy })).toEqual({ ...dictatedBy, changed: true });
    expect(dictatedByAfter('withdrawal', { dictatedBy })).toBeNull();
    expect(dictatedByAfter('addendum', {})).toBeNull();
  });

  it.each([
    ['the same case', {}, {}, 'fits'],
    ['another study', { studyUid: '1.2.4' }, {}, 'another-case'],
    ['another accession', { accession: 'LK-2' }, {}, 'another-case'],
    ['another order', { orderId: 'order-2' }, {}, 'another-case'],
    ['no order any more', { orderId: null }, {}, 'another-case'],
    ['another patient', {}, { id: 'M-2', name: 'Stone^Eve', birthDate: '19900101' }, 'patient-changed'],
    ['another birth date', {}, { birthDate: '19620305' }, 'patient-changed'],
    ['the name spelt otherwise', {}, { name: 'FERRIS^ADA' }, 'fits'],
  ])('are of %s: %#', (_what, place, person, answer) => {
    const fits = pendingFits(report, { ...now, ...place }, { ...content.patient, ...person });
    expect(fits.ok ? 'fits' : fits.error.code).toBe(answer);
    if (!fits.ok) expect(fits.error.words).toMatch(/\.$/);
  });

  it('still belong to a study that has got its order since', () => {
    const before = { ...report, orderId: null, accession: null };
    expect(pendingFits(before, now, content.patient).ok).toBe(true);
  });
});
