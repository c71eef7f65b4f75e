import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeriesImages, StudyImages, ViewportHandle, ViewportState } from '../../imaging/index.ts';
import type { CaseStudy } from './hung.ts';
import { applySlot, placeOf } from './view-memory.ts';

const study = (epoch: number, studyUid: string, instances: readonly string[]): StudyImages => {
  const frames = instances.map((instanceUid) => ({ instanceUid, frame: 1, imageId: `${epoch}/${instanceUid}/1` }));
  const series = { epoch, studyUid, seriesUid: `${studyUid}.1`, modality: 'CT', frames } as unknown as SeriesImages;
  return { epoch, studyUid, series: [series] } as unknown as StudyImages;
};
const asCase = (images: StudyImages): CaseStudy => ({ images, prior: null });

type Shown = {
  window: unknown;
  invert: boolean;
  h: boolean;
  v: boolean;
  rotation: number;
  zoom: number;
  at: [number, number];
};

/** A viewport by the same rules as the real one: turns clockwise by 90 degrees, flips asked for as seen and kept in the image's axes. */
function aViewport(shown: Shown): ViewportHandle {
  return {
    setWindow: (window: unknown) => {
      shown.window = window;
    },
    setInvert: (invert: boolean) => {
      shown.invert = invert;
    },
    rotate: () => {
      shown.rotation = (shown.rotation + 90) % 360;
    },
    flip: (axis: 'horizontal' | 'vertical') => {
      const own = shown.rotation % 180 === 0 ? axis : axis === 'horizontal' ? 'vertical' : 'horizontal';
      if (own === 'horizontal') shown.h = !shown.h;
      else shown.v = !shown.v;
    },
    zoomBy: (factor: number) => {
      shown.zoom *= factor;
    },
    // The image point (0, 0) stands at `at`; one image pixel is `zoom` screen pixels.
    toScreen: ([x, y]: readonly [number, number]) => [shown.at[0] + x * shown.zoom, shown.at[1] + y * shown.zoom],
    panBy: ([x, y]: readonly [number, number]) => {
      shown.at = [shown.at[0] + x, shown.at[1] + y];
    },
  } as unknown as ViewportHandle;
}

describe('a view that was suspended', () => {
  test('comes back as it was: window, invert, turns, flips, size and place', () => {
    const turn = fc.constantFrom(0, 90, 180, 270);
    const view = fc.record({ invert: fc.boolean(), h: fc.boolean(), v: fc.boolean(), rotation: turn });
    const middle = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }));
    fc.assert(
      fc.property(view, view, fc.integer({ min: 1, max: 40 }), middle, (was, fresh, zoom, place) => {
        const now: Shown = { ...fresh, window: null, zoom: 1, at: [0, 0] };
        const slot = {
          ...{ studyUid: '1', plane: 'stack' as const, seriesUid: '1.1', instanceUid: 'i1', frame: 1, index: 0 },
          ...{ window: { center: 40, width: 400 }, invert: was.invert, rotation: was.rotation, zoom: zoom / 10 },
          ...{ flippedHorizontally: was.h, flippedVertically: was.v, middle: place },
        };
        const state = {
          ...{ invert: now.invert, rotation: now.rotation, zoom: 1 },
          ...{ flippedHorizontally: now.h, flippedVertically: now.v },
        } as ViewportState;
        applySlot(slot, aViewport(now), state, [800, 600]);
        expect(now).toMatchObject({ ...was, window: { center: 40, width: 400 } });
        expect(now.zoom).toBeCloseTo(zoom / 10);
        expect(now.at[0] + place[0] * now.zoom).toBeCloseTo(400);
        expect(now.at[1] + place[1] * now.zoom).toBeCloseTo(300);
      }),
    );
  });

  const slot = {
    ...{
      studyUid: '1',
      plane: 'stack' as const,
      seriesUid: '1.1',
      instanceUid: 'b',
      frame: 1,
      index: 1,
      window: null,
      invert: false,
      zoom: null,
    },
    ...{ flippedHorizontally: false, flippedVertically: false, rotation: 0, middle: null },
  };

  test('hangs only in its own series of its own study, at its own instance though more have come before it', () => {
    expect(placeOf(slot, [asCase(study(7, '1', ['x', 'a', 'b']))])?.index).toBe(2);
    expect(placeOf(slot, [asCase(study(7, '1', ['x', 'a']))])?.index).toBe(1);
    expect(placeOf(slot, [asCase(study(7, '2', ['a', 'b']))])).toBeNull();
  });
});
