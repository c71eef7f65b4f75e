import type { Draft, ReleaseKind } from '../../../shared/domain/report/index.ts';
import type { ImagesNow } from './may-issue.ts';

/**
 * What is to be known of the images before a signature: that more are on their way, and that some came after the words were begun. What
 * comes after a final is nobody's surprise here: it stands above the list by itself.
 */
export function imagesLines(
  kind: ReleaseKind,
  draft: Pick<Draft, 'imagesAtStart'>,
  images: ImagesNow,
): readonly string[] {
  if (images === null || kind === 'addendum' || kind === 'correction') return [];
  const came = draft.imagesAtStart === undefined ? 0 : images.present - draft.imagesAtStart;
  return [
    ...(images.arriving ? [`Images are still arriving: ${images.words} are here.`] : []),
    ...(came > 0
      ? [
          `${came} ${came === 1 ? 'image' : 'images'} came after this draft was begun (${draft.imagesAtStart} then, ${images.present} now): look at ${came === 1 ? 'it' : 'them'} first.`,
        ]
      : []),
  ];
}
