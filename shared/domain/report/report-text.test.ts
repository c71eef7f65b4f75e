import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import {
  contentText,
  deriveId,
  draftFrom,
  emptySections,
  insertMeasurement,
  nextSections,
  reportIdFor,
  signedSections,
  textLines,
} from './index.ts';
import { type ReportContent, reportSections } from './report.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const now = instant(Date.UTC(2026, 10, 22, 9));

const content: ReportContent = {
  schema: 'overread-report-1',
  reportId: 'report-1',
  version: 1,
  kind: 'final',
  parentDigest: null,
  taskId: 'task-1',
  orderId: null,
  archive: 'main',
  studyUid: '1.2.3',
  accession: 'LK-1001',
  patient: { id: '1', issuer: null, name: 'QUILLFEATHER^OTTOLINE', birthDate: null, sex: null },
  exam: { procedure: 'CT chest', modality: 'CT', bodyPart: null, laterality: null, studyDate: null, site: null },
  sections: [
    { code: '59776-5', title: 'Findings', text: 'Nodule 8 mm.\r\n\r\nNo effusion.  \n' },
    { code: '19005-8', title: 'Impression', text: 'Follow up.' },
  ],
  reason: null,
  measurements: [],
  instances: ['1.2.3.4'],
  comparisons: [],
  identityResolution: null,
  signer: { id: 'r', name: 'Dr M. Tandewright', npi: '1234567893' },
  signedAt: now,
  fencingToken: 1,
  auditHead: '0'.repeat(64),
  notForClinicalUse: true,
};

describe('the words of a report', () => {
  it('are the same plain lines for every channel', () => {
    expect(contentText(content)).toEqual([
      'NOT FOR CLINICAL USE',
      '',
      'FINAL REPORT',
      '',
      'Findings',
      'Nodule 8 mm.',
      '',
      'No effusion.',
      '',
      'Impression',
      'Follow up.',
      '',
      'Electronically signed by Dr M. Tandewright, NPI 1234567893, 2026-11-22T09:00:00.000Z',
    ]);
  });

  it('give the reason of a correction and how identity was resolved', () => {
    const lines = contentText({
      ...content,
      kind: 'correction',
      reason: 'Wrong side',
      notForClinicalUse: false,
      identityResolution: {
        reason: 'Site called',
        by: 'Dr M. Tandewright',
        at: now,
        differences: ['birth date: order 1952-03-09, images 1953-03-09'],
      },
    });
    expect(lines.slice(0, 2)).toEqual(['CORRECTED REPORT', 'Reason: Wrong side']);
    expect(lines).toContain('birth date: order 1952-03-09, images 1953-03-09');
    expect(lines).toContain('Resolved by Dr M. Tandewright: Site called');
    expect(lines).not.toContain('NOT FOR CLINICAL USE');
  });

  it('lose nothing but white space, and never hold a line break within a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\u2028', 'é') }), (text) => {
        const lines = textLines(text);
        for (const line of lines) expect(line).not.toMatch(/[\r\n\u2028]/);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        expect(textLines(lines.join('\n'))).toEqual(lines);
      }),
    );
  });
});

describe('a draft', () => {
  const facts = { taskId: 'task-1', studyUid: '1.2.3', readerId: 'r', now };

  it('starts with what order and images say, and with no findings', () => {
    const draft = draftFrom({ clinicalInformation: 'Cough', technique: 'CT', comparison: 'None' }, facts);
    expect(draft).toMatchObject({ revision: 0, kind: 'report', baseVersion: 0, savedAt: now });
    expect(draft.sections).toEqual({ ...emptySections(), '55752-0': 'Cough', '55111-9': 'CT', '18834-2': 'None' });
    expect(Object.keys(emptySections()).sort()).toEqual(reportSections.map(({ code }) => code).sort());
  });

  it('is signed section by section in reading order, empty ones left out; an addendum alone', () => {
    const draft = draftFrom({ clinicalInformation: 'Cough ', technique: ' \n', comparison: '' }, facts);
    expect(signedSections(draft)).toEqual([{ code: '55752-0', title: 'Clinical information', text: 'Cough' }]);
    expect(signedSections({ ...draft, kind: 'addendum', addendum: 'Left, not right.\n' })).toEqual([
      { code: '55107-7', title: 'Addendum', text: 'Left, not right.' },
    ]);
  });
});

describe('a measurement put into Findings', () => {
  it.each([
    ['', undefined, '48.0 mm', 7],
    ['Mass', undefined, 'Mass 48.0 mm', 12],
    ['Mass of in the lobe.', 8, 'Mass of 48.0 mm in the lobe.', 16],
    ['Mass of in', 7, 'Mass of 48.0 mm in', 15],
    ['Mass .', 5, 'Mass 48.0 mm.', 12],
    ['Mass (', 6, 'Mass (48.0 mm', 13],
    ['Mass', 99, 'Mass 48.0 mm', 12],
    ['Mass', -1, '48.0 mm Mass', 8],
  ])('%j at %s gives %j', (text, caret, expected, after) => {
    expect(insertMeasurement(text, '48.0 mm', caret)).toEqual({ text: expected, caret: after });
  });

  it('keeps every word that was there, at any caret', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: -3, max: 60 }), (text, caret) => {
        const inserted = insertMeasurement(text, '48.0 mm', caret);
        expect(inserted.text.replace('48.0 mm', '').replace(/ /g, '')).toBe(text.replace(/ /g, ''));
        expect(inserted.text.slice(0, inserted.caret)).toMatch(/48\.0 mm ?$/);
        expect(inserted.text.isWellFormed()).toBe(text.isWellFormed());
      }),
    );
  });
});

describe('an id derived from its parts', () => {
  it('is a FHIR id, the same each time, another for other parts or another prefix', () => {
    expect(reportIdFor('task-1', sha256)).toBe(reportIdFor('task-1', sha256));
    expect(reportIdFor('task-1', sha256)).not.toBe(reportIdFor('task-2', sha256));
    expect(deriveId('event', ['a', 'bc'], sha256)).not.toBe(deriveId('event', ['ab', 'c'], sha256));
    expect(deriveId('event', ['a'], sha256).slice(6)).not.toBe(deriveId('delivery', ['a'], sha256).slice(9));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer())), (parts) => {
        expect(deriveId('event', parts, sha256)).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
      }),
    );
  });

  it('is not made with a prefix or digest of the wrong form', () => {
    expect(() => deriveId('a b', [], sha256)).toThrow('prefix');
    expect(() => deriveId('event', [], () => 'XYZ')).toThrow('hex');
  });
});

describe('the sections of the next version', () => {
  const sections = { ...emptySections(), '59776-5': 'Findings.', '19005-8': 'Impression.' };
  const signed = [
    { code: '59776-5', title: 'Findings', text: 'As signed.' },
    { code: '55107-7', title: 'Addendum', text: 'Compared with the prior.' },
  ];

  it('keep every signed word under an addendum and add to it', () => {
    const next = nextSections('addendum', { sections: emptySections(), addendum: 'A second one.' }, signed);
    expect(next.map((section) => section.text)).toEqual(['As signed.', 'Compared with the prior.', 'A second one.']);
  });

  it('replace the sections under a correction and keep the addenda', () => {
    const next = nextSections('correction', { sections, addendum: '' }, signed);
    expect(next.map((section) => section.text)).toEqual(['Findings.', 'Impression.', 'Compared with the prior.']);
  });

  it('are the draft’s own for a preliminary and a final', () => {
    expect(nextSections('final', { sections, addendum: '' }, signed).map((section) => section.text)).toEqual([
      'Findings.',
      'Impression.',
    ]);
    expect(nextSections('preliminary', { sections, addendum: '' }, null)).toHaveLength(2);
  });
});
