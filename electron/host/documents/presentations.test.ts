import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presentationState } from '../../../renderer/imaging/objects/presentation-state.ts';
import {
  type ImageMeasurement,
  type MeasurementKind,
  measure,
  measurementKinds,
  type Point,
  pointsOf,
} from '../../../shared/domain/measurement/index.ts';
import type { DicomJson } from '../../../shared/interop/dicom-json/index.ts';
import { type MarkedImage, markedImage, marksToPresentation } from '../../../shared/interop/dicom-pr/index.ts';
import type { MarksDocument } from '../../../shared/interop/dicom-sr/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { ok } from '../../../shared/lib/result.ts';
import { writePart10 } from '../archive/part10/index.ts';
import { presentationsOf } from './presentations.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const facts: MarksDocument = {
  sopInstanceUid: '2.25.100',
  seriesUid: '2.25.101',
  studyUid: '1.2.3',
  patient: {
    id: 'P1',
    issuer: 'SITE',
    name: 'QUILLFEATHER^Ottoline',
    birthDate: '19520309',
    sex: 'F',
  } as MarksDocument['patient'],
  accession: 'A1',
  observer: 'TANDEWRIGHT^S',
  savedAt: instant(Date.UTC(2026, 10, 29, 10, 30)),
  zone: 'America/Los_Angeles',
  softwareVersion: '0.1.0',
  evidence: [],
  study: { studyDate: '20261128', studyTime: '221500', description: 'CT ABDOMEN', referringPhysician: 'ORDERER^O' },
  notForClinicalUse: true,
};
const image = (slice: number, frames = 1): MarkedImage => ({
  instanceUid: `1.2.3.4.${slice}`,
  seriesUid: '1.2.3.4',
  sopClassUid: ct,
  frames,
  rows: 512,
  columns: 512,
  rescale: { slope: 1, intercept: -1024, type: 'HU' },
  window: { center: 40, width: 400, function: null },
  inverse: false,
  spacing: [0.7, 0.7],
});
function aMark(kind: MeasurementKind, points: readonly Point[], label: string, slice: number): ImageMeasurement {
  const spacing = { source: 'patient', row: 0.7, column: 0.7 } as const;
  return {
    id: `mark-${slice}`,
    number: slice,
    kind,
    place: {
      studyUid: '1.2.3',
      seriesUid: '1.2.3.4',
      instanceUid: `1.2.3.4.${slice}`,
      frame: 1,
      frameOfReferenceUid: null,
    },
    points,
    label,
    trackingUid: '2.25.7',
    spacing,
    quantities: measure(kind, points, spacing, { rows: 512, columns: 512, unit: "[hnsf'U]", valueAt: () => 10 }),
  };
}
const corners: readonly Point[] = [
  [100, 100],
  [200, 150],
  [180, 220],
  [90, 240],
];
const one = (kind: MeasurementKind, label: string, slice: number) =>
  aMark(kind, kind === 'freehand' ? corners : corners.slice(0, pointsOf[kind]), label, slice);

describe('marks as a presentation state', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'overread-presentation-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const checked = (dataset: DicomJson, name: string): { readonly state: string; readonly iod: string } => {
    const file = join(folder, name);
    writeFileSync(file, writePart10(dataset));
    const checker = spawnSync('dcmpschk', ['-v', file], { encoding: 'utf8' });
    const validator = spawnSync('dciodvfy', [file], { encoding: 'utf8' });
    return { state: `${checker.stdout}${checker.stderr}`, iod: `${validator.stdout}${validator.stderr}` };
  };

  it.skipIf(!existsSync('/usr/bin/dcmpschk'))('of every kind passes dcmtk’s dcmpschk and dicom3tools’ dciodvfy', () => {
    const marks = measurementKinds.map((kind, at) => one(kind, kind === 'text' ? 'see arrow' : 'L1', at + 1));
    const dataset = marksToPresentation(
      marks,
      marks.map((_, at) => image(at + 1)),
      facts,
    );
    const said = checked(dataset, 'all.dcm');
    expect(said.state).toMatch(/Test passed|no errors/i);
    expect(said.state).not.toMatch(/^[EF]:/m);
    expect(said.iod.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
    expect(said.iod).toContain('GrayscaleSoftcopyPresentationState');
  });

  it.skipIf(!existsSync('/usr/bin/dciodvfy'))('keeps the words of the reader’s own language', () => {
    const said = checked(marksToPresentation([one('text', 'Läsion, siehe Pfeil', 1)], [image(1)], facts), 'words.dcm');
    expect(said.iod.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
    const dump = spawnSync('dcmdump', ['+P', '0070,0006', join(folder, 'words.dcm')], { encoding: 'utf8' });
    expect(dump.stdout).toContain('Läsion, siehe Pfeil');
  });

  it('is read back by our own reader: lines, words, window and images as they were marked', () => {
    const drawn = fc.tuple(
      fc.constantFrom(...measurementKinds),
      fc.array(fc.tuple(fc.double({ min: 1, max: 500, noNaN: true }), fc.double({ min: 1, max: 500, noNaN: true })), {
        minLength: 4,
        maxLength: 12,
      }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
    );
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 6 }), (list) => {
        const marks = list.map(([kind, points, label], at) =>
          aMark(kind, kind === 'freehand' ? points : points.slice(0, pointsOf[kind]), label, at + 1),
        );
        const images = marks.map((_, at) => image(at + 1));
        const state = presentationState(marksToPresentation(marks, images, facts));
        expect(state?.images.size).toBe(images.length);
        expect(state?.notApplied).toEqual([]);
        expect(state?.rescale).toEqual({ slope: 1, intercept: -1024 });
        expect(state?.voi.every(({ by }) => by?.kind === 'window' && by.window.center === 40)).toBe(true);
        for (const [at, mark] of marks.entries()) {
          const here = state?.annotations.filter(({ images: named }) => named?.has(`1.2.3.4.${at + 1}`) === true) ?? [];
          const shapes = here.flatMap((found) => found.shapes);
          if (mark.kind === 'length') {
            expect(shapes[0]?.points).toEqual(mark.points.map(([x, y]) => [Math.fround(x), Math.fround(y)]));
          }
          if (mark.kind === 'text' || mark.kind === 'spine') expect(shapes).toEqual([]);
        }
      }),
    );
  });

  it('is one for each rescale and polarity, and none for colour, which is said', async () => {
    const metadata = (slice: number, more: DicomJson): DicomJson => ({
      '00080016': { vr: 'UI', Value: [ct] },
      '00080018': { vr: 'UI', Value: [`1.2.3.4.${slice}`] },
      '0020000E': { vr: 'UI', Value: ['1.2.3.4'] },
      '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
      '00280010': { vr: 'US', Value: [512] },
      '00280011': { vr: 'US', Value: [512] },
      ...more,
    });
    const all = [
      metadata(1, {}),
      metadata(2, { '00281052': { vr: 'DS', Value: [-1024] }, '00281053': { vr: 'DS', Value: [1] } }),
      metadata(3, { '00280004': { vr: 'CS', Value: ['MONOCHROME1'] } }),
      metadata(4, { '00280004': { vr: 'CS', Value: ['RGB'] } }),
    ];
    const archive = {
      instanceMetadata: async (_study: string, _series: string, instance: string) =>
        ok(all[Number(instance.split('.').at(-1)) - 1] ?? {}),
    };
    const marks = [1, 2, 3, 4].map((slice) => one('arrow', 'here', slice));
    const found = await presentationsOf(
      archive as unknown as Parameters<typeof presentationsOf>[0],
      '1.2.3' as Parameters<typeof presentationsOf>[1],
      marks,
      marks.map(({ place }) => ({ instanceUid: place.instanceUid, seriesUid: place.seriesUid, frames: 1 })),
    );
    if (!found.ok) throw new Error(found.error);
    expect(found.value.states.map((state) => state.images.map((marked) => marked.instanceUid))).toEqual([
      ['1.2.3.4.1'],
      ['1.2.3.4.2'],
      ['1.2.3.4.3'],
    ]);
    expect(found.value.states.map((state) => state.images[0]?.inverse)).toEqual([false, false, true]);
    expect(found.value.left).toEqual([
      'presentation states are written for grey images only; the measurements are in the SR',
    ]);
    expect(markedImage({}, 1)).toBe('the archive does not describe those images');
  });
});
