import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { along, cross, unit, type Vector } from '../../../shared/domain/volume/index.ts';
import { cleanDicomJson } from '../../../shared/interop/dicom-json/index.ts';
import { readMeasurements, type SpacePoint, type SpatialGraphics } from '../../../shared/interop/dicom-sr/index.ts';
import type { FrameReference, SeriesImages } from '../../imaging/index.ts';
import { placeInSpace } from './place-in-space.ts';

type Stack = {
  row?: Vector;
  column?: Vector;
  origin?: Vector;
  gap?: number;
  frames?: number;
  size?: { row: number; column: number };
};

function stack(seriesUid: string, change: Stack = {}, frameOfReferenceUid = '9.9'): SeriesImages {
  const { row = [1, 0, 0], column = [0, 1, 0], origin = [-100, -50, 10], gap = 5, frames = 20 } = change;
  const size = change.size ?? { row: 0.5, column: 0.5 };
  const all = Array.from({ length: frames }, (_unused, at) => ({
    instanceUid: `${seriesUid}.${at + 1}`,
    frame: 1,
    orientation: { kind: 'cosines', row, column },
    position: along(origin, [at * gap, cross(row, column)]),
    pixelSize: { kind: 'patient', ...size },
    description: { rows: 256, columns: 512 },
  }));
  return {
    studyUid: '1.2',
    seriesUid,
    frameOfReferenceUid,
    frames: all as unknown as FrameReference[],
  } as unknown as SeriesImages;
}
const space = (points: readonly SpacePoint[], type = 'POLYLINE'): SpatialGraphics => ({
  frameOfReferenceUid: '9.9',
  graphics: [{ type, points }],
});

describe('a measurement that names a place in the patient alone', () => {
  test('lies on the slice of its plane, at the pixels of its points', () => {
    // Slice 4 lies at z = 25; the middle of its first pixel at x = -100, y = -50.
    const found = placeInSpace(
      'length',
      space([
        [-100, -50, 25],
        [-80, -40, 25],
      ]),
      [stack('1.2.3')],
    );
    expect(found).toEqual({
      place: { studyUid: '1.2', seriesUid: '1.2.3', instanceUid: '1.2.3.4', frame: 1, frameOfReferenceUid: '9.9' },
      points: [
        [0.5, 0.5],
        [40.5, 20.5],
      ],
    });
  });
  test('is drawn nowhere on images of another frame of reference, between far slices, across slices, beyond the edges, or on images without a place', () => {
    const line = space([
      [0, 0, 25],
      [10, 0, 25],
    ]);
    expect(placeInSpace('length', line, [stack('1.2.3', {}, '8.8')])).toBeNull();
    expect(placeInSpace('length', line, [stack('1.2.3', { gap: 40 })])).toBeNull();
    expect(
      placeInSpace(
        'length',
        space([
          [0, 0, 25],
          [10, 0, 40],
        ]),
        [stack('1.2.3')],
      ),
    ).toBeNull();
    expect(
      placeInSpace(
        'length',
        space([
          [0, 0, 25],
          [180, 0, 25],
        ]),
        [stack('1.2.3')],
      ),
    ).toBeNull();
    const placeless = stack('1.2.3');
    const nowhere = { ...placeless, frames: placeless.frames.map((one) => ({ ...one, position: null })) };
    expect(placeInSpace('length', line, [nowhere])).toBeNull();
    const computed = { ...stack('1.2.3'), computed: {} } as unknown as SeriesImages;
    expect(placeInSpace('length', line, [computed])).toBeNull();
  });
  test('of two series that hold it lies on the one whose plane is nearer', () => {
    const series = [stack('1.2.3', { origin: [-100, -50, 11] }), stack('1.2.4')];
    expect(
      placeInSpace(
        'length',
        space([
          [0, 0, 25.2],
          [10, 0, 25.2],
        ]),
        series,
      )?.place.seriesUid,
    ).toBe('1.2.4');
  });
  test('comes back from any plane to the pixels that it was made on', () => {
    const axis = fc.tuple(
      ...([0, 1, 2].map(() => fc.double({ min: -1, max: 1, noNaN: true })) as [never, never, never]),
    );
    const pixel = fc.tuple(fc.double({ min: 1, max: 511, noNaN: true }), fc.double({ min: 1, max: 255, noNaN: true }));
    fc.assert(
      fc.property(axis, axis, fc.nat(19), pixel, pixel, (one, other, slice, from, to) => {
        const row = unit(one as Vector);
        const across = cross(row, other as Vector);
        fc.pre(Math.hypot(...(one as Vector)) > 0.05 && Math.hypot(...across) > 0.05);
        const column = unit(cross(unit(across), row));
        const size = { row: 0.7, column: 0.4 };
        const series = stack('1.2.3', { row, column, size });
        const corner = along([-100, -50, 10], [slice * 5, cross(row, column)]);
        const inPatient = ([x, y]: readonly [number, number]): SpacePoint =>
          along(corner, [(x - 0.5) * size.column, row], [(y - 0.5) * size.row, column]);
        const found = placeInSpace('length', space([inPatient(from), inPatient(to)]), [series]);
        expect(found?.place.instanceUid).toBe(`1.2.3.${slice + 1}`);
        for (const [at, wanted] of [from, to].entries())
          for (const axis of [0, 1] as const) expect(found?.points[at]?.[axis]).toBeCloseTo(wanted[axis], 6);
      }),
    );
  });
});

describe('an SR with coordinates in space (SCOORD3D)', () => {
  const code = (value: string, scheme: string) => ({
    vr: 'SQ',
    Value: [{ '00080100': { vr: 'SH', Value: [value] }, '00080102': { vr: 'SH', Value: [scheme] } }],
  });
  const read = (graphic: { type: string; data: readonly number[]; frame?: string }) => {
    const group = {
      '0040A040': { vr: 'CS', Value: ['CONTAINER'] },
      '0040A043': code('125007', 'DCM'),
      '0040A730': {
        vr: 'SQ',
        Value: [
          {
            '0040A040': { vr: 'CS', Value: ['UIDREF'] },
            '0040A043': code('112040', 'DCM'),
            '0040A124': { vr: 'UI', Value: ['2.25.1'] },
          },
          {
            '0040A040': { vr: 'CS', Value: ['SCOORD3D'] },
            '0040A043': code('111030', 'DCM'),
            '00700022': { vr: 'FL', Value: graphic.data },
            '00700023': { vr: 'CS', Value: [graphic.type] },
            '30060024': { vr: 'UI', Value: [graphic.frame ?? '9.9'] },
          },
        ],
      },
    };
    const clean = cleanDicomJson({
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.88.34'] },
      '0040A730': { vr: 'SQ', Value: [group] },
    });
    if (!clean.ok) throw new Error('not clean');
    return readMeasurements(clean.value)?.measurements[0];
  };
  test('says where its region lies in the patient, and which kind it is', () => {
    const square = [0, 0, 25, 10, 0, 25, 10, 10, 25, 0, 10, 25, 0, 0, 25];
    const found = read({ type: 'POLYGON', data: square });
    expect(found).toMatchObject({ kind: 'freehand', image: null, points: [], space: { frameOfReferenceUid: '9.9' } });
    if (found?.space == null) throw new Error('no place');
    expect(placeInSpace(found.kind, found.space, [stack('1.2.3')])?.points).toHaveLength(4);
  });
  test('whose numbers are none says no place', () => {
    expect(read({ type: 'POINT', data: [1, 2] })?.space).toBeNull();
    expect(read({ type: 'POINT', data: [1, 2, 3], frame: '' })?.space).toBeNull();
  });
});
