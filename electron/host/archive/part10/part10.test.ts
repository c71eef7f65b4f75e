import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dcmjs from 'dcmjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReleaseKind } from '../../../../shared/domain/report/index.ts';
import { type DicomJson, tags, text } from '../../../../shared/interop/dicom-json/index.ts';
import {
  reportToSr,
  type SrFacts,
  srContentTree,
  srVouchedValue,
  uidFromDigest,
} from '../../../../shared/interop/dicom-sr/index.ts';
import { printedSections } from '../../../../shared/interop/report-sections.ts';
import { canonicalJson } from '../../../../shared/lib/canonical-json.ts';
import { instant } from '../../../../shared/lib/instant.ts';
import { aDigest, aSignedReport } from '../../../../test/builders/signed-report.ts';
import { readSrDataset, writePart10 } from './index.ts';

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
  evidence: [
    { instanceUid: '1.2.3.1', seriesUid: '1.2.3', sopClassUid: '1.2.840.10008.5.1.4.1.1.2' },
    { instanceUid: '1.2.3.2', seriesUid: '1.2.3', sopClassUid: '1.2.840.10008.5.1.4.1.1.2' },
  ],
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
const installed = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-part10-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileOf = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, `${name}.dcm`);
  writeFileSync(path, bytes);
  return path;
};
const versions: readonly (readonly [ReleaseKind, SrFacts])[] = [
  ['preliminary', { ...facts, state: 'preliminary' }],
  ['final', facts],
  ['addendum', { ...facts, state: 'appended', predecessor: { sopInstanceUid: '2.25.1', seriesUid: '2.25.2' } }],
  [
    'correction',
    {
      ...facts,
      state: 'corrected',
      evidence: [],
      predecessor: { sopInstanceUid: '2.25.1', seriesUid: '2.25.2' },
      request: { placerNumber: null, fillerNumber: null, procedure: null },
      study: { studyDate: null, studyTime: null, studyId: null, description: null, referringPhysician: null },
    },
  ],
];
const documentOf = (kind: ReleaseKind, given: SrFacts): DicomJson =>
  reportToSr(aSignedReport({ kind, reason: 'Späte Voraufnahme' }), given);

describe('Part 10', () => {
  it('has a zeroed preamble, and the same bytes each time', () => {
    const bytes = writePart10(documentOf('final', facts));
    expect(bytes.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    expect(Buffer.from(bytes.subarray(128, 132)).toString()).toBe('DICM');
    expect(Buffer.compare(bytes, writePart10(documentOf('final', facts)))).toBe(0);
    expect(bytes.length % 2).toBe(0);
  });

  it.each(versions)('gives an SR (%s) back as it was written', (kind, given) => {
    const document = documentOf(kind, given);
    const back = readSrDataset(writePart10(document));
    expect(canonicalJson(srVouchedValue(back))).toBe(canonicalJson(srVouchedValue(document)));
    expect(srContentTree(back)).toEqual(srContentTree(document));
    expect(text(back, '00991001')).toBe(aDigest);
  });

  it('is read by dcmjs (top-level texts; it garbles those in sequences)', () => {
    const bytes = writePart10(documentOf('final', facts));
    const copy = new Uint8Array(bytes).buffer;
    const read = dcmjs.data.DicomMessage.readFile(copy) as unknown as { dict: DicomJson };
    expect(text(read.dict, tags.SOPInstanceUID)).toBe(facts.sopInstanceUid);
    expect(JSON.stringify(read.dict[tags.PatientName]?.Value)).toContain('MÜLLER^Žofie');
  });

  it.skipIf(!installed('dciodvfy')).each(versions)('passes dciodvfy (%s)', (kind, given) => {
    const found = spawnSync('dciodvfy', [fileOf(`iod-${kind}`, writePart10(documentOf(kind, given)))], {
      encoding: 'utf8',
    });
    const said = `${found.stdout}${found.stderr}`;
    expect(said).toContain('EnhancedSR');
    expect(said.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
  });

  it.skipIf(!installed('dsrdump')).each(versions)('is shown in full by dsrdump (%s)', (kind, given) => {
    const found = spawnSync('dsrdump', ['+Pl', fileOf(`dump-${kind}`, writePart10(documentOf(kind, given)))], {
      encoding: 'utf8',
    });
    expect(found.status).toBe(0);
    const folded = found.stdout.replace(/\r\n/g, '\n');
    for (const section of printedSections(aSignedReport({ kind, reason: 'Späte Voraufnahme' })))
      for (const line of section.text.split('\n')) expect(folded).toContain(line);
    expect(found.stdout).toContain('NOT FOR CLINICAL USE');
    expect(`${found.stdout}${found.stderr}`).not.toMatch(/^[EF]: /m);
  });

  it
    .skipIf(!installed('dcmdump'))
    .each(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.5'])(
    'writes pixels that dcmtk reads in %s',
    (transferSyntax) => {
      const document: DicomJson = {
        [tags.SOPClassUID]: { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
        [tags.SOPInstanceUID]: { vr: 'UI', Value: ['2.25.9'] },
        [tags.PatientName]: { vr: 'PN', Value: [{ Alphabetic: 'Łoś^A', Phonetic: 'wosh' }] },
        '00280010': { vr: 'US', Value: [2] },
        '00280011': { vr: 'US', Value: [2] },
        '00280030': { vr: 'DS', Value: [0.5, 0.5] },
        '7FE00010': {
          vr: transferSyntax === '1.2.840.10008.1.2.5' ? 'OB' : 'OW',
          Value: [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
        },
      };
      const found = spawnSync('dcmdump', ['+L', fileOf(transferSyntax, writePart10(document, { transferSyntax }))], {
        encoding: 'utf8',
      });
      expect(`${found.stderr}`).toBe('');
      expect(found.stdout).toContain('Łoś^A==wosh');
      expect(found.stdout).toMatch(/0201\\0403\\0605\\0807|01\\02\\03\\04\\05\\06\\07\\08/);
    },
  );

  it('refuses a value that its VR cannot hold, rather than cutting it', () => {
    expect(() => writePart10({ [tags.PatientID]: { vr: 'LO', Value: ['x'.repeat(70_000)] } })).toThrow(
      /more than VR LO can/,
    );
  });
});
