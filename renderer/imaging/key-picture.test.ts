import { describe, expect, it } from 'vitest';
import { framePicture, picturePlace } from './key-picture.ts';
import type { DecodedFrame, FrameReference, SeriesImages } from './types.ts';

const frame = {
  rows: 1,
  columns: 3,
  colour: false,
  pixels: Int16Array.of(-1000, 40, 1000),
  min: -1000,
  max: 1000,
  slope: 1,
  intercept: 0,
  modalityApplied: false,
  lossy: false,
  voiTables: [],
} satisfies DecodedFrame;
const reference = {
  slope: 1,
  intercept: 0,
  window: null,
  windowFunction: 'linear',
  inverse: false,
  padding: null,
  pixelSize: { kind: 'patient', row: 2, column: 1 },
  aspect: [1, 1],
  orientation: { kind: 'cosines', row: [1, 0, 0], column: [0, 1, 0] },
} as unknown as FrameReference;
const series = { modality: 'CT' } as SeriesImages;
const greys = (look: Parameters<typeof framePicture>[1], of: DecodedFrame = frame): readonly (number | undefined)[] => {
  const { rgba } = framePicture({ frame: of, reference, series }, look);
  return [rgba[0], rgba[4], rgba[8]];
};

describe('the picture of a key image', () => {
  it('has the greys of the window under which it was marked, black and white turned round where they were', () => {
    expect(greys(undefined)).toEqual([0, 128, 255]);
    const lung = { window: { center: -600, width: 1500 }, invert: false };
    expect(greys(lung)).toEqual([60, 236, 255]);
    expect(greys({ ...lung, invert: true })).toEqual([195, 19, 0]);
  });

  it('has its colours', () => {
    const colour = { ...frame, columns: 1, colour: true, pixels: Uint8Array.of(10, 20, 30, 255), min: 10, max: 30 };
    expect([...framePicture({ frame: colour, reference, series }, undefined).rgba]).toEqual([10, 20, 30, 255]);
  });

  it('is as high as the body is, and has its sides named', () => {
    const place = picturePlace(reference, { rows: 100, columns: 100 }, undefined, 800);
    expect([place.width, place.height]).toEqual([400, 800]);
    expect(place.toCanvas([100, 50])).toEqual([400, 400]);
    expect(place.letters).toEqual({ top: 'A', right: 'L', bottom: 'P', left: 'R' });
  });

  it.each([
    ['flipped', [-1, 0], [0, 1], [400, 800], [400, 0], { left: 'L', right: 'R' }],
    ['turned by 90 degrees', [0, 1], [-1, 0], [800, 400], [800, 0], { left: 'P', right: 'A' }],
    ['upside down', [-1, 0], [0, -1], [400, 800], [400, 800], { left: 'L', right: 'R' }],
  ] as const)(
    '%s lies as it was seen, and its letters with it',
    (_what, alongRow, alongColumn, size, origin, sides) => {
      const place = picturePlace(reference, { rows: 100, columns: 100 }, { alongRow, alongColumn }, 800);
      expect([place.width, place.height]).toEqual(size);
      expect(place.toCanvas([0, 0]).map(Math.round)).toEqual(origin);
      expect({ left: place.letters.left, right: place.letters.right }).toEqual(sides);
    },
  );
});
