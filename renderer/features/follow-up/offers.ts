import { checkedSections } from '../../../shared/domain/checks/index.ts';
import {
  type FollowUp,
  type FollowUpReading,
  type Recommendation,
  recommendationsIn,
  saysQuote,
} from '../../../shared/domain/follow-up/index.ts';
import type { Draft, ReportVersion } from '../../../shared/domain/report/index.ts';

/** The sections that are read for recommendations: of the draft while one is written, else of what stands signed. */
export function wordsOf(
  draft: Draft | null,
  versions: readonly ReportVersion[],
): readonly { readonly code: string; readonly text: string; readonly exam?: string | undefined }[] {
  const out = versions.filter((one) => one.returned === null).sort((one, other) => one.version - other.version);
  if (out.at(-1)?.kind === 'withdrawal') return [];
  const whole = out.findLastIndex((one) => one.kind !== 'addendum');
  const signed = out.slice(Math.max(0, whole)).flatMap((one) => one.content.sections);
  if (draft === null) return signed;
  const written = checkedSections(draft.kind === 'addendum' ? 'addendum' : 'final', draft).map(
    ({ code, text, exam }) => ({ code, text, ...(exam === null ? {} : { exam }) }),
  );
  return draft.kind === 'addendum' ? [...signed, ...written] : written;
}

/** What is found and nobody has taken up or put aside. */
export function offersOf(
  sections: ReturnType<typeof wordsOf>,
  tracked: readonly FollowUp[],
  putAside: ReadonlySet<string>,
): readonly Recommendation[] {
  const seen = new Set<string>();
  return recommendationsIn(sections).filter(({ quote }) => {
    if (seen.has(quote) || putAside.has(quote)) return false;
    seen.add(quote);
    return !tracked.some((one) => one.ending?.kind !== 'not-said' && saysQuote([{ text: one.quote }], quote));
  });
}

/** The exam in words as a recommendation names it: "CT or MR abdomen". Empty where it names none. */
export function examWords({ modalities, bodyPart }: Pick<FollowUpReading, 'modalities' | 'bodyPart'>): string {
  if (modalities.length === 0) return '';
  return [modalities.join(' or '), bodyPart ?? ''].filter((one) => one !== '').join(' ');
}

/** What was found as a reading; the exam in words is for her to say where the report does not. */
export function readingFrom(found: Recommendation): FollowUpReading {
  const { modalities, bodyPart, interval, condition } = found;
  return { modalities, bodyPart, interval, condition, exam: examWords(found) };
}
