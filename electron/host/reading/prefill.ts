import type { CaseDetail, Prior, WorklistRow } from '../../../shared/api/index.ts';
import { displayDate, type Study } from '../../../shared/domain/study/index.ts';
import type { CaseFacts } from './case-book.ts';

/** `priors` is null while they are searched for. What order and images already say, for the first three sections. The reader sees where each came from and can change every word. */
export function prefillFor(
  facts: CaseFacts,
  /** Images that are here: what the study holds beside them - reports, notes, marks - is no image. */
  images: WorklistRow['images'],
  priors: readonly Prior[] | null,
): CaseDetail['prefill'] {
  const { order, seen } = facts;
  const study = seen?.study ?? null;
  const codes = (order?.reasonCodes ?? []).map((code) => `${code.display} (${code.code})`).join('; ');
  const reason = (order?.reason ?? '').trim();
  const stop = reason === '' || /[.?!:;]$/.test(reason) ? '' : '.';
  const clinicalInformation = [`${reason}${stop}`, codes].filter((one) => one !== '').join(' ');
  const technique =
    study === null ? '' : [examWords(study), countWords(images, study)].filter((one) => one !== '').join('; ');
  const newest = priors === null ? null : priors[0];
  const comparison =
    newest === null
      ? ''
      : newest === undefined
        ? 'None available.'
        : `${examWords(newest.study)}, ${displayDate(newest.study.studyDate ?? '')}.`;
  return { clinicalInformation, technique: technique === '' ? '' : `${technique}.`, comparison };
}

/** No number while documents among the images are not told apart: it would be signed. The series are counted where nothing else lies among them. */
function countWords({ present, atMost }: WorklistRow['images'], study: Study): string {
  if (atMost === true) return '';
  const images = present === 1 ? '1 image' : `${present} images`;
  return `${images}${present === study.instanceCount ? ` in ${study.seriesCount} series` : ''}`;
}

/** "CT chest": many descriptions begin with their modality already, and a report should not say it twice. */
function examWords({ modalities, description }: Study): string {
  const named = modalities.join(', ');
  return description.startsWith(named) ? description : [named, description].filter((one) => one !== '').join(' ');
}
