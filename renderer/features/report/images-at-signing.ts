import { type Draft, examHeading, type ReleaseKind } from '../../../shared/domain/report/index.ts';
import type { ImagesNow } from './may-issue.ts';

/** The images of the other exams of a report over several, by task, as they were at the press. */
export type ImagesOfOthers = { readonly [taskId: string]: ImagesNow };

/**
 * What is to be known of the images before a signature: that more are on their way, and that some came after the words were begun; of each
 * exam that the report is over. What comes after a final is nobody's surprise here: it stands above the list by itself.
 */
export function imagesLines(
  kind: ReleaseKind,
  draft: Pick<Draft, 'imagesAtStart' | 'together'>,
  images: ImagesNow,
  others: ImagesOfOthers = {},
): readonly string[] {
  if (kind === 'addendum' || kind === 'correction') return [];
  return [
    ...linesOf(draft.imagesAtStart, images),
    ...(draft.together ?? []).flatMap((exam) =>
      linesOf(exam.imagesAtStart, others[exam.taskId] ?? null).map((line) => `${examHeading(exam)}: ${line}`),
    ),
  ];
}

function linesOf(atStart: number | undefined, images: ImagesNow): readonly string[] {
  if (images === null) return [];
  const came = atStart === undefined || images.present <= atStart ? '' : cameWords(atStart, images);
  return [
    ...(images.arriving ? [`Images are still arriving: ${images.words} are here.`] : []),
    ...(came === '' ? [] : [came]),
  ];
}

function cameWords(atStart: number, { present, atMost }: NonNullable<ImagesNow>): string {
  const came = present - atStart;
  const since = `came after this draft was begun (${atStart} then,`;
  if (atMost === true) return `Images, or documents about them, ${since} at most ${present} now): look at them first.`;
  return came === 1
    ? `1 image ${since} ${present} now): look at it first.`
    : `${came} images ${since} ${present} now): look at them first.`;
}
