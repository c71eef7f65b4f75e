import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  along,
  computedUid,
  cross,
  directionsOf,
  leaned,
  linkOf,
  nearestSlice,
  nextMode,
  type Plane,
  partnerOf,
  pixelOnPlane,
  planeWords,
  referenceLine,
  type SliceFacts,
  type StackPlaces,
  slabOffsets,
  slabThicknesses,
  thicker,
  thinSlab,
  type Vector,
  volumeGrid,
} from './index.ts';

const axial = directionsOf('axial');
const slice = (z: number, change: Partial<SliceFacts> = {}): SliceFacts => ({
  rows: 4,
  columns: 4,
  position: [0, 0, z],
  directions: axial,
  spacing: { row: 1, column: 1 },
  ...change,
});

describe('which series make a volume', () => {
  test.each([
    ['too-few', [slice(0), slice(5)]],
    ['no-place', [slice(0), slice(5), slice(10, { position: null })]],
    ['no-place', [slice(0), slice(5), slice(10, { directions: null })]],
    ['no-size', [slice(0), slice(5), slice(10, { spacing: null })]],
    ['different-shapes', [slice(0), slice(5), slice(10, { rows: 5 })]],
    ['different-shapes', [slice(0), slice(5), slice(10, { spacing: { row: 1, column: 1.1 } })]],
    ['different-directions', [slice(0), slice(5), slice(10, { directions: leaned(axial, 'row', 2) })]],
    ['same-place', [slice(0), slice(5), slice(5), slice(10)]],
    ['uneven', [slice(0), slice(5), slice(10), slice(20)]],
    ['uneven', [slice(0), slice(5), slice(11), slice(15)]],
    ['uneven', [slice(0), slice(5, { position: [3, 0, 5] }), slice(10)]],
    ['leaning', [slice(0), slice(5, { position: [0, 6, 5] }), slice(10, { position: [0, 12, 10] })]],
  ] as const)('%s is refused with its reason', (code, slices) => {
    const grid = volumeGrid(slices);
    expect(grid).toMatchObject({ ok: false, error: { code } });
    if (!grid.ok) expect(grid.error.words).toMatch(/^\S.{20,}[.)]$/);
  });
  test('the words of uneven slices name their distances', () => {
    const grid = volumeGrid([slice(0), slice(5), slice(10), slice(20)]);
    expect(grid.ok ? '' : grid.error.words).toContain('5.0 to 10.0 mm apart');
  });
  test('a tilted gantry makes a leaning volume, and its lean is told', () => {
    const tan = Math.tan((12 * Math.PI) / 180);
    const grid = volumeGrid([0, 5, 10, 15].map((z) => slice(z, { position: [0, -z * tan, z] })));
    expect(grid.ok && grid.value.lean).toBeCloseTo(12, 6);
  });
  test('what writers round is no unevenness, and the order of the slices does not matter', () => {
    const grid = volumeGrid([slice(10.04), slice(0), slice(5.01)]);
    expect(grid.ok && grid.value.order).toEqual([1, 2, 0]);
    expect(grid.ok && grid.value.sliceStep[2]).toBeCloseTo(5.02, 6);
  });
});

describe('reference lines', () => {
  const plane = (origin: Vector, directions: { row: Vector; column: Vector }): Plane => ({
    origin,
    ...directions,
    spacing: { row: 1, column: 1 },
    rows: 100,
    columns: 100,
  });
  test('an axial slice cuts a coronal one across its whole width at its own height', () => {
    const coronal = plane([-50, 0, 50], directionsOf('coronal'));
    const line = referenceLine(coronal, plane([-50, -50, 10], axial));
    expect(line?.map((end) => end[2])).toEqual([10, 10]);
    expect(line?.map((end) => pixelOnPlane(coronal, end).pixel[1])).toEqual([40.5, 40.5]);
    expect(line?.map((end) => end[0]).sort((one, other) => one - other)).toEqual([-50.5, 49.5]);
  });
  test('parallel ones have none, nor those that meet elsewhere', () => {
    expect(referenceLine(plane([0, 0, 0], axial), plane([0, 0, 5], axial))).toBeNull();
    expect(referenceLine(plane([-50, 0, 50], directionsOf('coronal')), plane([-50, -50, 500], axial))).toBeNull();
  });
  test('its ends lie in both pictures, whatever the two lean', () => {
    const degrees = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(degrees, degrees, degrees, degrees, (a, b, c, d) => {
        const one = plane([-50, -50, 0], leaned(leaned(axial, 'row', a), 'column', b));
        const other = plane([-40, -30, 10], leaned(leaned(axial, 'row', c), 'column', d));
        for (const end of referenceLine(one, other) ?? []) {
          for (const picture of [one, other]) {
            const { pixel, away } = pixelOnPlane(picture, end);
            expect(Math.abs(away)).toBeLessThan(1e-6);
            for (const at of pixel) expect(at > -1e-6 && at < 100 + 1e-6).toBe(true);
          }
        }
      }),
    );
  });
});

const stack = (frame: string | null, from: number, step: number, count: number, directions = axial): StackPlaces => ({
  frameOfReferenceUid: frame,
  slices: Array.from({ length: count }, (_, at) => ({
    position: along([0, 0, 0], [from + at * step, cross(directions.row, directions.column)]),
    directions,
  })),
});

describe('viewports that scroll together', () => {
  test('by place in one frame of reference, whatever their spacing and order', () => {
    const [thin, thick] = [stack('1.2', 0, 1, 100), stack('1.2', 95, -5, 20)];
    const link = linkOf(thin, thick, null);
    expect(link).toMatchObject({ kind: 'by-place' });
    expect(partnerOf(link, thin, thick, 42)).toEqual({ index: 11, away: 2 });
    expect(partnerOf(link, thick, thin, 11)?.index).toBe(40);
  });
  test('of several phases of one place the one that is shown stays', () => {
    const [lead, once] = [stack('1.2', 0, 5, 10), stack('1.2', 0, 5, 10)];
    const phases: StackPlaces = { ...once, slices: [...once.slices, ...once.slices, ...once.slices] };
    const link = linkOf(lead, phases, null);
    expect([0, 14, 29].map((now) => partnerOf(link, lead, phases, 4, now)?.index)).toEqual([4, 14, 24]);
  });
  test('never by place across frames of reference, nor where planes cross', () => {
    expect(linkOf(stack('1.2', 0, 1, 9), stack('1.3', 0, 1, 9), null).kind).toBe('none');
    expect(linkOf(stack(null, 0, 1, 9), stack(null, 0, 1, 9), null).kind).toBe('none');
    const across = stack('1.2', 0, 1, 9, directionsOf('coronal'));
    expect(linkOf(stack('1.2', 0, 1, 9), across, null)).toEqual({ kind: 'none', why: '90° apart' });
  });
  test('by hand: by the way in millimetres from the matched level, and how good that is stands beside it', () => {
    const [now, prior] = [stack('1.2', 0, 2, 50), stack('1.3', 300, -5, 40)];
    const link = linkOf(now, prior, { one: 20, other: 10 });
    expect(link).toMatchObject({ kind: 'by-hand', words: 'matched by hand at 21 and 11 (good, true near that level)' });
    // 10 slices of 2 mm towards the head are 4 of 5 mm, and the prior counts towards the feet.
    expect(partnerOf(link, now, prior, 30)?.index).toBe(6);
    expect(partnerOf(link, now, prior, 0)?.index).toBe(18);
    expect(partnerOf(link, now, prior, 49)?.index).toBe(0);
    const aslant = stack('1.3', 0, 5, 40, leaned(axial, 'row', 11));
    expect(linkOf(now, aslant, { one: 0, other: 0 })).toMatchObject({
      words: expect.stringContaining('fair: 11° apart'),
    });
  });
  test('the nearest slice to a point is that of the smallest distance along the normal', () => {
    expect(nearestSlice(stack('1.2', 0, 5, 10), [99, -99, 23])).toEqual({ index: 5, away: -2 });
  });
});

describe('slabs in words and steps', () => {
  test('a slab is sampled at both ends and never coarser than a voxel', () => {
    expect(slabOffsets(thinSlab, 0.7)).toEqual([0]);
    fc.assert(
      fc.property(
        fc.constantFrom(...slabThicknesses.slice(1)),
        fc.double({ min: 0.3, max: 5, noNaN: true }),
        (thickness, step) => {
          const offsets = slabOffsets({ mode: 'max', thickness }, step);
          expect([offsets[0], offsets.at(-1)]).toEqual([-thickness / 2, thickness / 2]);
          for (const [at, offset] of offsets.entries())
            expect(at === 0 || offset - (offsets[at - 1] ?? 0) <= step + 1e-6).toBe(true);
        },
      ),
    );
  });
  test('what is computed says so, with its thickness', () => {
    expect(planeWords('coronal', 0.84, thinSlab)).toBe('MPR coronal, computed, 0.84 mm pixels');
    expect(planeWords('oblique', 2, { mode: 'max', thickness: 10 })).toBe(
      'MPR oblique, computed, 2.00 mm pixels, MIP 10 mm',
    );
    expect(nextMode(thinSlab)).toEqual({ mode: 'max', thickness: 10 });
    expect(nextMode({ mode: 'mean', thickness: 5 })).toEqual({ mode: 'max', thickness: 5 });
    expect([thicker(thinSlab, 1).thickness, thicker(thinSlab, -1).thickness]).toEqual([3, 0]);
    expect(thicker({ mode: 'max', thickness: 100 }, 1).thickness).toBe(100);
  });
  test('each computed picture has a UID of its own, the same each time', () => {
    expect(computedUid('a', 0)).toBe(computedUid('a', 0));
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(2_000), fc.nat(2_000), (one, other, at, next) => {
        const uid = computedUid(one, at);
        expect(uid).toMatch(/^2\.25\.[1-9]\d{20,38}$/);
        if (one !== other || at !== next) expect(uid).not.toBe(computedUid(other, next));
      }),
      { numRuns: 2_000 },
    );
  });
});
