import type { CaseDetail } from '../../shared/api/index.ts';
import { caseVocabulary } from '../../shared/domain/dictation/index.ts';
import { type Draft, placesIn, textAt } from '../../shared/domain/report/index.ts';

/**
 * Words that a speech engine may prefer while this case is open: of its order, of the draft (with the template that is in it) and of the
 * reports of its priors. Made anew at each start of dictation, from this case alone.
 */
export function caseWords(
  detail: Pick<CaseDetail, 'order' | 'study' | 'priors'>,
  draft: Draft | null,
): readonly string[] {
  const { order, study, priors } = detail;
  return caseVocabulary([
    ...(order === null ? [] : [order.procedure.display, order.reason, ...order.reasonCodes.map((one) => one.display)]),
    study?.description ?? '',
    ...(draft === null ? [] : placesIn(draft).map((place) => textAt(draft, place))),
    ...priors.flatMap(({ report }) => report?.sections.map(({ text }) => text) ?? []),
  ]);
}
