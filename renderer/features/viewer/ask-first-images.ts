import { hang } from '../../../shared/domain/hanging/index.ts';
import type { CaseImages, StudyImages } from '../../imaging/index.ts';
import { hangingCase, hungOfSlot } from './hang-slots.ts';
import type { CaseStudy } from './hung.ts';
import type { RuleKeeper } from './rules/rule-keeper.ts';
import { rulesOf } from './rules/use-rules.tsx';
import { shippedRules } from './shipped-rules.ts';

const nothingBefore = { window: () => null, slice: () => null };

/**
 * Asks for the images that a study's rule will hang first, while the screen that shows them is still being built. A guess: what a prior or
 * the reader's own view changes is asked for when it hangs, and what was asked for in vain is one image of the same case.
 */
export function askFirstImages(
  images: CaseImages,
  study: StudyImages,
  parts: {
    readonly rules: Pick<RuleKeeper, 'state'>;
    readonly siteId: string | null;
    /** Bytes of pixels that may be asked for; what would go beyond is left. */
    readonly most?: number;
  },
): void {
  let left = parts.most ?? Number.POSITIVE_INFINITY;
  const current: CaseStudy = { images: study, prior: null };
  const rules = rulesOf(parts.rules.state.getState(), parts.siteId, shippedRules());
  const [stage] = hang(rules, hangingCase(current, [], [], 1)).stages;
  for (const slot of stage?.slots ?? []) {
    const hung = slot.of === 'nobody' ? null : hungOfSlot(slot, images, [current], nothingBefore);
    const reference = hung?.series.frames[hung.index];
    if (hung === null || reference === undefined) continue;
    const { rows, columns, samplesPerPixel } = reference.description;
    // Colour is four bytes a pixel once it is decoded, grey at most two.
    left -= rows * columns * (samplesPerPixel > 1 ? 4 : 2);
    if (left >= 0) void images.want(hung.series, reference);
  }
}
