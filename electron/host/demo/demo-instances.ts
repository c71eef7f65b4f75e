import { objectAttributes } from './object-attributes.ts';
import { writePixelObject } from './part10-writer.ts';
import { encodeFrames } from './pixel-codecs.ts';
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
      const pixels = await encodeFrames(render(instance), study.transferSyntax, series.modality === 'US' ? 8 : 12);
      yield writePixelObject(objectAttributes(study, series, instance), pixels, study.transferSyntax);
    }
  }
}
