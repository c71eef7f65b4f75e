import { withWords, wordsAt } from './draft-place.ts';
import type { Draft, ReportSection, SectionCode } from './report.ts';
import type { SourcedWords } from './report-field.ts';
import { textLines } from './report-text.ts';
import { wordsBehind } from './words-behind.ts';

/** Words of a report that was withdrawn, offered in the exam that they belong to. */
export type OfferedWords = {
  /** Digest of the withdrawal: names the offer. */
  readonly id: string;
  /** Accession that they were filed under, or its exam. */
  readonly under: string;
  readonly sections: readonly Pick<ReportSection, 'code' | 'title' | 'text'>[];
};

/** What an image says, and what it means. The order's words, the priors' and the measurements are this exam's own and never the other's. */
const carriedSections: readonly SectionCode[] = ['59776-5', '19005-8'];

const placeOf = (code: SectionCode) => ({ kind: 'section', code, exam: null }) as const;

/** What of an offer can be carried, in reading order; empty where it holds no findings and no impression. */
export function wordsToCarry(
  offer: OfferedWords,
): readonly { readonly code: SectionCode; readonly lines: readonly string[] }[] {
  return carriedSections.flatMap((code) => {
    const lines = textLines(
      offer.sections
        .filter((section) => section.code === code)
        .map(({ text }) => text)
        .join('\n'),
    );
    return lines.length === 0 ? [] : [{ code, lines }];
  });
}

/**
 * A draft with the findings and the impression of a withdrawn report behind what stands there, every line marked as carried until the
 * reader touches it. Null for an addendum, where nothing can be carried, and where these words were put in already.
 */
export function carryWords(draft: Draft, offer: OfferedWords): Draft | null {
  const parts = wordsToCarry(offer);
  const stem = `carried-${offer.id.slice(0, 12)}`;
  const put = (draft.sourced ?? []).some((one) => one.key.startsWith(stem));
  const there = parts.every(({ code, lines }) => draft.sections[code].includes(lines.join('\n')));
  if (draft.kind === 'addendum' || parts.length === 0 || put || there) return null;
  return parts.reduce<Draft>((next, { code, lines }) => {
    const mark = (value: string, at: number): SourcedWords => ({
      key: `${stem}-${code}-${at}`,
      section: code,
      from: 0,
      to: 0,
      source: 'prior-report',
      words: `carried from the report withdrawn under ${offer.under}`.slice(0, 200),
      value,
    });
    return withWords(next, placeOf(code), wordsBehind(wordsAt(next, placeOf(code)), lines, mark));
  }, draft);
}
