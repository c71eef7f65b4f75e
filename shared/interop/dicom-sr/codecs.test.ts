import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDigest, aSignedReport } from '../../../test/builders/signed-report.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { instant } from '../../lib/instant.ts';
import { cleanDicomJson, type DicomJson, items, tags, text } from '../dicom-json/index.ts';
import { printedSections } from '../report-sections.ts';
import { reportToSr, type SrFacts, srContentTree, srVouchedValue, uidFromDigest } from './index.ts';

const facts: SrFacts = {
  sopInstanceUid: uidFromDigest(aDigest),
  seriesUid: '2.25.7',
  digest: aDigest,
  state: 'final',
  predecessor: null,
  releasedAt: instant(Date.UTC(2026, 2, 8, 10, 30)),
  zone: 'America/Los_Angeles',
  organization: 'Night Reading Group',
  softwareVersion: '0.1.0',
  evidence: [{ instanceUid: '1.2.3.1', seriesUid: '1.2.3', sopClassUid: '1.2.840.10008.5.1.4.1.1.2' }],
  study: {
    studyDate: '20260308',
    studyTime: '011500',
    studyId: '1',
    description: 'CT ABDOMEN',
    referringPhysician: 'ORDERER^O',
  },
  request: {
    placerNumber: 'P1',
    fillerNumber: 'F1',
    procedure: { system: 'http://loinc.org', code: '24627-2', display: 'CT abdomen' },
  },
};
const throughMetadata = (document: DicomJson): DicomJson => {
  const cleaned = cleanDicomJson(JSON.parse(JSON.stringify(document)));
  if (!cleaned.ok) throw new Error(cleaned.error.words);
  return cleaned.value;
};

describe('DICOM SR', () => {
  it('keeps every section text through DICOM JSON, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.constantFrom('\n', '\\', '^', '=', ' ', 'é', '漢', '😀'),
            fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
          ),
        }),
        (words) => {
          const content = aSignedReport({
            notForClinicalUse: false,
            sections: [{ code: '59776-5', title: 'Findings', text: `x${words}` }],
          });
          const tree = srContentTree(throughMetadata(reportToSr(content, facts)));
          expect(tree).toEqual({
            root: 'LN:18747-6',
            sections: [{ code: '59776-5', title: 'Findings', text: `x${words}`.replace(/\r\n|\r/g, '\n').trimEnd() }],
          });
        },
      ),
    );
  });

  it.each([
    ['preliminary', 'preliminary', 'PRELIMINARY'],
    ['final', 'final', 'FINAL'],
    ['appended', 'addendum', 'FINAL'],
    ['corrected', 'correction', 'FINAL'],
  ] as const)('%s is COMPLETE and VERIFIED, with its observer', (state, kind, flag) => {
    const predecessor =
      kind === 'addendum' || kind === 'correction' ? { sopInstanceUid: '2.25.1', seriesUid: '2.25.2' } : null;
    const document = reportToSr(aSignedReport({ kind, reason: 'r' }), { ...facts, state, predecessor });
    expect([
      text(document, tags.CompletionFlag),
      text(document, tags.VerificationFlag),
      text(document, tags.PreliminaryFlag),
    ]).toEqual(['COMPLETE', 'VERIFIED', flag]);
    expect(items(document, tags.VerifyingObserverSequence)).toHaveLength(1);
    expect(items(document, tags.PredecessorDocumentsSequence)).toHaveLength(predecessor === null ? 0 : 1);
    expect(srContentTree(document).sections.some((section) => section.code === '55107-7')).toBe(predecessor !== null);
  });

  it('says NOT FOR CLINICAL USE in demo documents, and times on the clock of the site with its offset', () => {
    const document = reportToSr(aSignedReport(), facts);
    expect(srContentTree(document).sections[0]).toEqual({
      code: '55112-7',
      title: 'Summary',
      text: 'NOT FOR CLINICAL USE',
    });
    expect([
      text(document, tags.ContentDate),
      text(document, tags.ContentTime),
      text(document, tags.TimezoneOffsetFromUTC),
    ]).toEqual(['20260308', '033000', '-0700']);
    expect(text(items(document, tags.VerifyingObserverSequence)[0] ?? {}, tags.VerificationDateTime)).toBe(
      '20260308015930-0800',
    );
    expect(
      srContentTree(document)
        .sections.slice(1)
        .map((section) => section.text),
    ).toEqual(printedSections(aSignedReport()).map((section) => section.text));
  });

  it('vouches for identity, flags and words, and not for what an archive adds', () => {
    const document = throughMetadata(reportToSr(aSignedReport(), facts));
    const mine = canonicalJson(srVouchedValue(document));
    const added = {
      ...document,
      '00080056': { vr: 'CS', Value: ['ONLINE'] },
      '00081190': { vr: 'UR', Value: ['http://x'] },
    };
    expect(canonicalJson(srVouchedValue(added))).toBe(mine);
    const others: DicomJson[] = [
      { ...document, [tags.PatientID]: { vr: 'LO', Value: ['MRN-89'] } },
      { ...document, [tags.PatientName]: { vr: 'PN', Value: [{ Alphabetic: 'MUELLER^Zofie' }] } },
      { ...document, [tags.VerificationFlag]: { vr: 'CS', Value: ['UNVERIFIED'] } },
      { ...document, [tags.ContentSequence]: { vr: 'SQ', Value: items(document, tags.ContentSequence).slice(0, -1) } },
      throughMetadata(
        reportToSr(
          aSignedReport({ sections: [{ code: '19005-8', title: 'Impression', text: 'No appendicitis.' }] }),
          facts,
        ),
      ),
    ];
    for (const other of others) expect(canonicalJson(srVouchedValue(other))).not.toBe(mine);
  });

  it('names the key images of every exam that the report is over, and none that is no evidence', () => {
    const image = (instanceUid: string) => ({
      instanceUid,
      seriesUid: '1.2.9',
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    });
    const other = {
      studyUid: '1.2.8',
      request: facts.request,
      evidence: [image('1.2.8.1')],
      document: { sopInstanceUid: '1.2.8.2', seriesUid: '1.2.8.3' },
    };
    const keyImages = ['1.2.8.1', '1.2.7.7'].map((uid) => ({ ...image(uid), frame: null }));
    const written = JSON.stringify(reportToSr(aSignedReport(), { ...facts, others: [other], keyImages }));
    const content = written.slice(written.indexOf('Best illustration of finding'));
    expect(content).toContain('1.2.8.1');
    expect(written).not.toContain('1.2.7.7');
  });

  it('reads a text with backslashes as Orthanc gives it back: cut into values, spaces stripped', () => {
    const words = 'left \\ right\n  lower';
    const content = aSignedReport({ sections: [{ code: '59776-5', title: 'Findings', text: words }] });
    const document = reportToSr(content, facts);
    const cut = JSON.parse(JSON.stringify(document), (key, value) =>
      key === tags.TextValue
        ? {
            ...value,
            Value: String(value.Value?.[0] ?? '')
              .split('\\')
              .map((part) => part.trim()),
          }
        : value,
    );
    expect(canonicalJson(srVouchedValue(throughMetadata(cut)))).toBe(canonicalJson(srVouchedValue(document)));
    expect(srContentTree(document).sections.at(-1)?.text).toBe(words);
  });

  it('derives one valid UID from one digest', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (digest) => {
        expect(uidFromDigest(digest)).toMatch(/^2\.25\.(0|[1-9]\d*)$/);
        expect(uidFromDigest(digest).length).toBeLessThanOrEqual(64);
      }),
    );
  });
});
