import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ImageMeasurement,
  isAnnotation,
  type MeasurementKind,
  measure,
  measurementKinds,
  type PixelValues,
  type Point,
  pointsOf,
  type Spacing,
} from '../../../shared/domain/measurement/index.ts';
import { cleanDicomJson, type DicomJson } from '../../../shared/interop/dicom-json/index.ts';
import {
  keyImagesToKos,
  type MarksDocument,
  measurementsToSr,
  readKeyImages,
  readMeasurements,
} from '../../../shared/interop/dicom-sr/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { writePart10 } from '../archive/part10/index.ts';

const shared = join(import.meta.dirname, '../../../../shared/data/dicom/studies');
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
  evidence: [
    { instanceUid: '1.2.3.4.1', seriesUid: '1.2.3.4', sopClassUid: ct, frames: 1 },
    { instanceUid: '1.2.3.4.2', seriesUid: '1.2.3.4', sopClassUid: '1.2.840.10008.5.1.4.1.1.2.1', frames: 20 },
  ],
  study: { studyDate: '20261128', studyTime: '221500', description: 'CT ABDOMEN', referringPhysician: 'ORDERER^O' },
  notForClinicalUse: true,
};
const pixels: PixelValues = {
  rows: 512,
  columns: 512,
  unit: "[hnsf'U]",
  valueAt: (column, row) => column - row / 3,
};

const single = fc.double({ min: 1, max: 500, noNaN: true }).map(Math.fround);
const spacings: fc.Arbitrary<Spacing> = fc.oneof(
  fc.record({
    source: fc.constantFrom('patient' as const, 'detector' as const, 'region' as const),
    row: fc.double({ min: 0.1, max: 2, noNaN: true }),
    column: fc.double({ min: 0.1, max: 2, noNaN: true }),
  }),
  fc.constant<Spacing>({ source: 'none', aspect: 1 }),
  fc.constant<Spacing>({ source: 'calibrated', row: 0.14, column: 0.14, by: 'FIDUCIAL' }),
);
/** Names as readers write them; white space at the ends is padding in DICOM. */
const labels = fc
  .oneof(
    fc.constant(''),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('Segment VI', 'Läsion 1', 'a\\b'),
  )
  .map((label) =>
    [...label]
      .filter((letter) => letter >= ' ' && letter !== '\u007f')
      .join('')
      .trim(),
  )
  .filter((label) => !/^\{.*\}$/.test(label) && !label.includes('\ufffd'));

function aMark(
  kind: MeasurementKind,
  points: readonly Point[],
  spacing: Spacing,
  label: string,
  number: number,
): ImageMeasurement {
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    number,
    kind,
    place: {
      studyUid: '1.2.3',
      seriesUid: '1.2.3.4',
      instanceUid: `1.2.3.4.${1 + (number % 2)}`,
      frame: number % 2 === 0 ? 1 : 1 + (number % 20),
      frameOfReferenceUid: null,
    },
    points,
    label,
    trackingUid: `2.25.${1000 + number}`,
    spacing,
    quantities: measure(kind, points, spacing, pixels),
  };
}
const marks = fc
  .array(
    fc.tuple(
      fc.constantFrom(...measurementKinds),
      fc.array(fc.tuple(single, single), { minLength: 4, maxLength: 12 }),
      spacings,
      labels,
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((list) =>
    list.map(([kind, points, spacing, label], at) => {
      const used = kind === 'freehand' ? points : points.slice(0, pointsOf[kind]);
      return aMark(kind, used, spacing, label, at + 1);
    }),
  )
  .filter((list) => list.every((one) => one.quantities.length > 0 || isAnnotation(one.kind)));

const procedure = { system: 'http://loinc.org', code: '24627-2', display: 'CT abdomen' };
const sorted = (points: readonly Point[]) =>
  [...points].sort((left, right) => left[0] - right[0] || left[1] - right[1]);

function expectSame(list: readonly ImageMeasurement[], document: DicomJson): void {
  const read = readMeasurements(document);
  expect(read).not.toBeNull();
  expect(read?.measurements).toHaveLength(list.length);
  for (const [at, one] of list.entries()) {
    const back = read?.measurements[at];
    expect(back).toMatchObject({ kind: one.kind, trackingUid: one.trackingUid, label: one.label });
    expect(back?.image).toEqual({
      instanceUid: one.place.instanceUid,
      frame: one.number % 2 === 0 ? 1 : one.place.frame,
    });
    expect(back?.quantities.map(({ name, unit }) => [name, unit])).toEqual(
      one.quantities.map(({ name, unit }) => [name, unit]),
    );
    for (const [place, quantity] of one.quantities.entries()) {
      const found = back?.quantities[place]?.value ?? Number.NaN;
      // DS holds 16 characters.
      expect(Math.abs(found - quantity.value)).toBeLessThanOrEqual(Math.abs(quantity.value) * 1e-9 + 1e-9);
    }
    if (one.kind === 'freehand') expect(back?.points).toEqual(one.points);
    else if (one.kind === 'ellipse' || one.kind === 'rectangle')
      expect(back?.points.length === 2 || one.points[0]?.[0] === one.points[1]?.[0]).toBe(true);
    else expect(sorted(back?.points ?? [])).toEqual(sorted(one.points));
  }
}

const tool = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-marks-documents-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, document: DicomJson): string {
  const path = join(folder, name);
  writeFileSync(path, writePart10(document));
  return path;
}
/** A file as the archive's JSON gives it, by another's reader (dcmtk). */
function jsonOf(path: string): DicomJson {
  const read = cleanDicomJson(JSON.parse(spawnSync('dcm2json', [path], { encoding: 'utf8', maxBuffer: 1e8 }).stdout));
  if (!read.ok) throw new Error(read.error.words);
  return read.value;
}

/** One of every kind, for the checks by dcmtk and dicom3tools. */
const everyKind = measurementKinds.map((kind, at) => {
  const points: readonly Point[] = [
    [100, 100],
    [200, 120],
    [160, 80],
    [150, 220],
  ];
  const used = kind === 'freehand' ? points : points.slice(0, pointsOf[kind]);
  return aMark(
    kind,
    used,
    at % 3 === 0 ? { source: 'detector', row: 0.14, column: 0.14 } : { source: 'patient', row: 0.7, column: 0.7 },
    at % 2 === 0 ? 'Läsion Ω' : '',
    at + 1,
  );
});
const keyImages = [
  {
    id: 'a',
    place: { studyUid: '1.2.3', seriesUid: '1.2.3.4', instanceUid: '1.2.3.4.1', frame: 1, frameOfReferenceUid: null },
  },
  {
    id: 'b',
    place: { studyUid: '1.2.3', seriesUid: '1.2.3.4', instanceUid: '1.2.3.4.2', frame: 7, frameOfReferenceUid: null },
  },
];

describe('measurements as SR, TID 1500', () => {
  it('are read back as they were written: kind, tracking UID, name, image, points and values', () => {
    fc.assert(
      fc.property(marks, (list) => expectSame(list, measurementsToSr(list, { ...facts, procedure }))),
      { numRuns: 60 },
    );
  });

  it.skipIf(!tool('dcm2json'))('come through a Part 10 file and another’s reader', () => {
    expectSame(everyKind, jsonOf(fileOf('round.dcm', measurementsToSr(everyKind, { ...facts, procedure }))));
  });

  it.skipIf(!tool('dciodvfy'))('pass dciodvfy', () => {
    const found = spawnSync('dciodvfy', [fileOf('iod.dcm', measurementsToSr(everyKind, { ...facts, procedure }))], {
      encoding: 'utf8',
    });
    const said = `${found.stdout}${found.stderr}`;
    expect(said).toContain('ComprehensiveSR');
    expect(said.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
  });

  it.skipIf(!tool('dsrdump'))('are understood by dsrdump', () => {
    const found = spawnSync(
      'dsrdump',
      ['+Pl', fileOf('dump.dcm', measurementsToSr(everyKind, { ...facts, procedure }))],
      {
        encoding: 'utf8',
      },
    );
    expect(found.status).toBe(0);
    expect(found.stderr).not.toMatch(/^(?:E:|W: (?!The VR checker|Check for template))/m);
    expect(found.stdout.match(/Measurement Group/g)).toHaveLength(everyKind.length);
    expect(found.stdout).toContain('Size of pixels: at the detector.');
  });

  it('of others are read without harm, whatever they hold', () => {
    const nesting = fc.createDepthIdentifier();
    const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      item: fc.dictionary(
        fc.constantFrom(
          '0040A730',
          '0040A040',
          '0040A043',
          '0040A300',
          '0040A168',
          '00080100',
          '00080102',
          '00700022',
          '0040A124',
          '00081199',
          '0040A30A',
          '00080016',
        ),
        fc.record({
          vr: fc.constantFrom('SQ', 'CS', 'FL', 'UI', 'SH', 'DS'),
          Value: fc.array(
            fc.oneof(
              { depthIdentifier: nesting, maxDepth: 5 },
              fc.constantFrom('125007', 'DCM', 'NUM', 'SCOORD', '1.2.840.10008.5.1.4.1.1.88.33', 1e308, null),
              tie('item'),
            ),
            { maxLength: 3 },
          ),
        }),
        { maxKeys: 4 },
      ),
    })).item;
    fc.assert(
      fc.property(value, (hostile) => {
        const clean = cleanDicomJson(hostile);
        if (!clean.ok) return;
        readMeasurements(clean.value);
        readKeyImages(clean.value);
      }),
    );
  });
});

describe('key images as KOS', () => {
  it('are read back', () => {
    const read = readKeyImages(keyImagesToKos(keyImages, facts));
    expect(read?.title).toBe('DCM:113000');
    expect(read?.images).toEqual([
      { instanceUid: '1.2.3.4.1', frame: 1 },
      { instanceUid: '1.2.3.4.2', frame: 7 },
    ]);
  });
  it.skipIf(!tool('dciodvfy') || !tool('dsrdump'))('pass dciodvfy and dsrdump', () => {
    const path = fileOf('kos.dcm', keyImagesToKos(keyImages, facts));
    const checked = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
    const said = `${checked.stdout}${checked.stderr}`;
    expect(said).toContain('KeyObjectSelection');
    expect(said.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
    const dumped = spawnSync('dsrdump', ['+Pl', path], { encoding: 'utf8' });
    expect(dumped.status).toBe(0);
    expect(dumped.stderr).not.toMatch(/^(?:E:|W: (?!The VR checker|Check for template))/m);
    expect(dumped.stdout).toContain('Of Interest');
  });
});

describe.skipIf(!existsSync(shared) || !tool('dcm2json'))('what others wrote', () => {
  const read = (path: string) => readMeasurements(jsonOf(join(shared, path)));

  it('a TID 1500 report with an area in square centimetres', () => {
    expect(read('sr-tid1500-measurements/sr.dcm')?.measurements).toMatchObject([
      {
        kind: 'ellipse',
        label: 'Spinal cord, Cervico-thoracic spine',
        trackingUid: '1.2.826.0.1.3680043.8.498.95005499519195632686309166061552196996',
        quantities: [{ name: 'area', value: 170, unit: 'mm2' }],
      },
    ]);
  });
  it('rulers of dwv', () => {
    const found = read('sr-tid1500-dwv-ruler/sr.dcm');
    expect(found?.measurements).toHaveLength(3);
    for (const one of found?.measurements ?? []) {
      expect(one).toMatchObject({
        kind: 'length',
        quantities: [{ name: 'length', value: 4.025316455696, unit: 'mm' }],
      });
      expect(one.points).toHaveLength(2);
      expect(one.image).not.toBeNull();
    }
  });
  it('lesions of the prostate, points in space: named and tracked, on no image', () => {
    const found = read('mr-prostate-prostatex-0207/sr/0001.dcm');
    expect(found?.measurements).toMatchObject([
      { label: 'Lesion, Peripheral zone of the prostate', kind: 'probe', image: null, quantities: [] },
      { label: 'Lesion, Peripheral zone of the prostate', kind: 'probe', image: null, quantities: [] },
    ]);
    const places = found?.measurements.map((one) => one.space);
    expect(places?.map((one) => one?.frameOfReferenceUid)).toEqual(
      Array(2).fill('1.3.6.1.4.1.14519.5.2.1.7310.5101.229097146323464962872163836986'),
    );
    expect(places?.map((one) => one?.graphics[0]?.points[0]?.map((value) => Math.round(value * 10) / 10))).toEqual([
      [-0.8, 31, -29.1],
      [-4.6, 39.5, -42.6],
    ]);
  });
  it('reports without measurements are none, and a manifest names its images', () => {
    expect(read('sr-ihe-simple-report/sr.dcm')).toBeNull();
    const manifest = readKeyImages(jsonOf(join(shared, 'kos-manifest-drimbox/kos.dcm')));
    expect(manifest?.title).toBe('DCM:113030');
    expect(manifest?.images.length).toBeGreaterThan(10);
  });
});
