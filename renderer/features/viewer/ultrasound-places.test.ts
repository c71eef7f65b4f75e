import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameNames } from '../../imaging/objects/frame-names.ts';
import { ultrasoundRegions } from '../../imaging/objects/ultrasound-regions.ts';
import { spacingAt } from './ultrasound-places.ts';

const element = (...Value: readonly unknown[]) => ({ vr: 'XX', Value });
const region = (
  format: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
  x: readonly [number, number],
  y: readonly [number, number],
) => ({
  '00186012': element(format),
  '00186018': element(left),
  '0018601A': element(top),
  '0018601C': element(right),
  '0018601E': element(bottom),
  '00186024': element(x[0]),
  '0018602C': element(x[1]),
  '00186026': element(y[0]),
  '0018602E': element(y[1]),
});
/** A 2D picture above, 0.05 cm a pixel; a Doppler trace below, 5 ms and 0.5 cm/s a pixel. */
const data = {
  '00280010': element(480),
  '00280011': element(640),
  '00186011': element(
    region(1, 0, 0, 639, 239, [3, 0.05], [3, 0.05]),
    region(3, 0, 260, 639, 479, [4, 0.005], [7, -0.5]),
  ),
};
const reference = {
  pixelSize: { kind: 'unknown' } as const,
  aspect: [1, 1] as const,
  regions: ultrasoundRegions(data).regions,
};

describe('an ultrasound image is measured', () => {
  it('in millimetres within its 2D region', () => {
    expect(
      spacingAt(reference, 'length', [
        [10, 10],
        [110, 10],
      ]),
    ).toEqual({ spacing: { source: 'region', row: 0.5, column: 0.5 } });
  });
  it('not from one region into another, nor out of one', () => {
    const across = { refused: 'not measured: it leaves its region' };
    expect(
      spacingAt(reference, 'length', [
        [10, 200],
        [10, 300],
      ]),
    ).toEqual(across);
    expect(
      spacingAt(reference, 'length', [
        [10, 200],
        [10, 250],
      ]),
    ).toEqual(across);
  });
  it('in seconds and cm/s in a Doppler trace, read off and not kept as a length', () => {
    expect(
      spacingAt(reference, 'length', [
        [10, 300],
        [210, 400],
      ]),
    ).toEqual({
      refused: '1.00 s · 50.0 cm/s (spectral, read off and not kept)',
    });
  });
  it('in pixels outside all regions', () => {
    expect(
      spacingAt(reference, 'length', [
        [10, 245],
        [20, 255],
      ]),
    ).toEqual({ spacing: { source: 'none', aspect: 1 } });
  });
  it('by no region that was made for another size of it', () => {
    expect(ultrasoundRegions({ ...data, '00280011': element(320) })).toEqual({ regions: [], fits: false });
  });
  it('whatever its regions say', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('00186018', '0018601A', '0018601C', '0018601E', '00186024', '0018602C'),
          fc.jsonValue(),
        ),
        (item) => {
          const found = ultrasoundRegions({ ...data, '00186011': element(item) });
          for (const one of found.regions) expect(one.right > one.left && one.bottom > one.top).toBe(true);
        },
      ),
    );
  });
});

describe('frames of nuclear medicine', () => {
  it('are named by detector, energy window and phase', () => {
    const image = {
      '00080060': element('NM'),
      '00540010': element(1, 1, 2, 2),
      '00540020': element(1, 2, 1, 2),
      '00540012': element({ '00540018': element('Tc-99m') }, { '00540018': element('scatter') }),
    };
    const name = frameNames(image, 4);
    expect(name(0)).toEqual(['energy window 1 Tc-99m, detector 1']);
    expect(name(3)).toEqual(['energy window 2 scatter, detector 2']);
    // Three values for four frames would name one of them wrong.
    expect(frameNames({ ...image, '00540020': element(1, 2, 1) }, 4)(0)).toEqual(['energy window 1 Tc-99m']);
    expect(frameNames({ '00080060': element('CT') }, 4)(0)).toEqual([]);
  });
});
