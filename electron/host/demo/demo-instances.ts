import { objectAttributes } from './object-attributes.ts';
import { type Attributes, type PixelData, writePixelObject } from './part10-writer.ts';
import { encodeFrames, type Frame } from './pixel-codecs.ts';
import { seriesRenderer } from './render-series.ts';
import type { DemoStudy } from './types.ts';

/**
 * Part 10 bytes of a study's instances, one after another, in the study's order (series by number, instances by number), from `from`
 * (0-based) up to, not with, `to`. Nothing is made before it is asked for.
 */
export async function* demoInstances(
  study: DemoStudy,
  range: { readonly from?: number; readonly to?: number } = {},
): AsyncGenerator<Uint8Array> {
  const { from = 0, to = study.instanceCount } = range;
  let place = 0;
  for (const series of study.series) {
    const render = seriesRenderer(study, series);
    for (const instance of series.instances) {
      const wanted = place >= from && place < to;
      place++;
      if (!wanted) continue;
      const frames = render(instance);
      const pixels = await encodeFrames(frames, study.transferSyntax, series.modality === 'US' ? 8 : 12);
      const attributes = { ...objectAttributes(study, series, instance), ...lossyAttributes(frames, pixels, study) };
      yield writePixelObject(attributes, pixels, study.transferSyntax);
    }
  }
}

/** Ratio and method of a lossy compression (PS3.3 C.7.6.1.1.5), as it came out. */
function lossyAttributes(frames: readonly Frame[], pixels: PixelData, study: DemoStudy): Attributes {
  if (study.transferSyntax !== 'jpeg-baseline' || pixels.kind !== 'encapsulated') return {};
  const sum = (parts: readonly Uint8Array[]): number => parts.reduce((total, part) => total + part.length, 0);
  const ratio = sum(frames.map((frame) => frame.bytes)) / Math.max(1, sum(pixels.frames));
  return { '00282112': ['DS', Math.round(ratio * 100) / 100], '00282114': ['CS', 'ISO_10918_1'] };
}
