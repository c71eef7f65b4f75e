import { describe, expect, it } from 'vitest';
import { channelsOf } from './channels-of.ts';

const larkspur = { id: 'larkspur', name: 'Larkspur' };
const fax = { siteId: 'larkspur', kind: 'fax' } as const;
const oru = { text: '', controlId: '', siteId: 'larkspur' };
const names = (...asked: Parameters<typeof channelsOf>): readonly string[] =>
  channelsOf(...asked).map(({ name }) => name);

describe('where a version goes', () => {
  it('is record and archive, and what is set for its own site', () => {
    const others = [{ siteId: 'tallow', kind: 'direct' } as const];
    expect(names({ oru, content: { kind: 'final' } }, larkspur, [fax, ...others], [])).toEqual([
      'Patient record, FHIR',
      'Archive, DICOM SR',
      'HL7 results, Larkspur',
      'Fax, Larkspur',
    ]);
    expect(names({ oru: null, content: { kind: 'final' } }, null, [fax], [])).toEqual([
      'Patient record, FHIR',
      'Archive, DICOM SR',
    ]);
  });

  it('is the archive a second time, as PDF, where the version was made for it', () => {
    const reportPdf = { object: { bytes: '', seriesUid: '', instanceUid: '', digest: '' } };
    expect(names({ oru: null, reportPdf, content: { kind: 'final' } }, larkspur, [], [])).toEqual([
      'Patient record, FHIR',
      'Archive, DICOM SR',
      'Archive, DICOM PDF',
    ]);
  });

  it('is the site’s FHIR server, where the version was made for it', () => {
    const imr = { siteId: 'larkspur', report: null };
    expect(names({ oru: null, imr, content: { kind: 'final' } }, larkspur, [], [])).toContain('FHIR results, Larkspur');
  });

  it('is for a withdrawal also every place where a version went, once, whatever is set now', () => {
    const before = channelsOf({ oru, content: { kind: 'preliminary' } }, larkspur, [fax], []);
    const twice = [...before, ...before];
    expect(names({ oru: null, content: { kind: 'withdrawal' } }, larkspur, [], twice).toSorted()).toEqual(
      before.map(({ name }) => name).toSorted(),
    );
    expect(names({ oru: null, content: { kind: 'correction' } }, larkspur, [], twice)).toHaveLength(2);
  });
});
