import { describe, expect, test } from 'vitest';
import type { FrameReference, SeriesImages } from '../../imaging/index.ts';
import { firstWindow, offeredWindows, uptakeWords, windowOn } from './window-presets.ts';

const frame = (more: Partial<FrameReference> = {}): FrameReference =>
  ({ uptake: 0.0005, windowFunction: 'linear', window: { center: 9_000, width: 18_000 }, ...more }) as FrameReference;
const series = (modality: string, reference: FrameReference): SeriesImages =>
  ({ modality, frames: [reference], description: '', hanging: { bodyPart: '' } }) as unknown as SeriesImages;

describe('the window in which a series is first seen', () => {
  test('PET whose SUV is known is seen from 0 to 7, whatever spread its scanner wrote', () => {
    const window = firstWindow(series('PT', frame()));
    expect(window).toEqual({ center: 7_000.5, width: 14_001 });
    expect(window === null ? '' : uptakeWords(window, 'linear', 0.0005)).toBe('SUV 0–7');
  });

  test('PET without SUV, MR, CR and CT are seen as they ask', () => {
    expect(firstWindow(series('PT', frame({ uptake: null })))).toBeNull();
    for (const modality of ['MR', 'CR', 'DX', 'CT', 'MG'])
      expect(firstWindow(series(modality, frame({ uptake: null })))).toBeNull();
  });

  test('PET that is in SUV already is exact to the ends', () => {
    const window = firstWindow(series('PT', frame({ uptake: 1 })));
    expect(window === null ? '' : uptakeWords(window, 'linear', 1)).toBe('SUV 0–7');
    const exact = firstWindow(series('PT', frame({ uptake: 1, windowFunction: 'linear-exact' })));
    expect(exact).toEqual({ center: 3.5, width: 7 });
  });
});

describe('the keys of windows', () => {
  test('name Hounsfield units in CT, SUV in PET, and nothing elsewhere', () => {
    expect(windowOn('lung', 'CT', frame({ uptake: null }))).toEqual({ center: -600, width: 1500 });
    const pet = windowOn('lung', 'PT', frame());
    expect(pet == null ? '' : uptakeWords(pet, 'linear', 0.0005)).toBe('SUV 0–5');
    expect(windowOn('brain', 'PT', frame())).toBeUndefined();
    expect(windowOn('lung', 'MR', frame({ uptake: null }))).toBeUndefined();
    expect(windowOn('lung', 'PT', frame({ uptake: null }))).toBeUndefined();
  });

  test('“as the image asks” is the scanner’s own window, also in PET', () => {
    expect(windowOn('default', 'PT', frame())).toEqual({ center: 9_000, width: 18_000 });
    expect(windowOn('default', 'CT', frame({ uptake: null }))).toBeNull();
  });

  test('buttons offer what the keys mean on this series', () => {
    expect(offeredWindows(series('PT', frame())).map(([, label]) => label)).toEqual([
      'SUV 0–7',
      'SUV 0–5',
      'SUV 0–15',
      'All values',
    ]);
    expect(offeredWindows(series('PT', frame({ uptake: null }))).map(([, label]) => label)).toEqual(['All values']);
  });
});
