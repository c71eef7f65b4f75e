import { withWords, wordsAt } from './draft-place.ts';
import type { Draft, SectionCode } from './report.ts';
import type { SourcedWords } from './report-field.ts';
import { textLines } from './report-text.ts';
import { wordsBehind } from './words-behind.ts';

/** An earlier report of the same patient, as it is told. */
export type LastReport = {
  /** The exam in words: "CT chest". */
  readonly exam: string;
  /** Its date as shown: "2026-08-18". */
  readonly date: string;
  readonly sections: readonly { readonly title: string; readonly text: string }[];
};

const said = /^unchanged since \d{4}-\d{2}-\d{2}: /i;

/** The lines of findings of an earlier report; of one that has none under that heading, of its impression. */
function findingsOf(last: LastReport): readonly string[] {
  const text = (title: string): string =>
    last.sections
      .filter((one) => one.title.toLowerCase().includes(title))
      .map((one) => one.text)
      .join('\n');
  const lines = textLines(text('findings').trim() === '' ? text('impression') : text('findings'));
  return lines.map((line) => line.trim().replace(said, '')).filter((line) => line !== '');
}

const placeOf = (code: SectionCode) => ({ kind: 'section', code, exam: null }) as const;

/**
 * A draft with the comparison and the findings of an earlier report, each line of them said to be unchanged and marked until the reader
 * touches it. Null where that report holds no findings, where its lines stand in the draft already, and for an addendum or a correction.
 */
export function sameAsLastTime(draft: Draft, last: LastReport): Draft | null {
  const lines = findingsOf(last).map((line) => `Unchanged since ${last.date}: ${line}`);
  const now = wordsAt(draft, placeOf('59776-5'));
  const fresh = lines.filter((line) => !now.text.split('\n').includes(line));
  if (draft.kind !== 'report' || fresh.length === 0) return null;
  const stem = `last-${last.date}`;
  const taken = new Set((draft.sourced ?? []).map((one) => one.key));
  const keyOf = (at: number): string => {
    let key = `${stem}-${at}`;
    for (let more = 1; taken.has(key); more += 1) key = `${stem}-${at}-${more}`;
    taken.add(key);
    return key;
  };
  const mark =
    (section: SectionCode) =>
    (value: string, at: number): SourcedWords => ({
      key: keyOf(section === '59776-5' ? at + 1 : 0),
      section,
      from: 0,
      to: 0,
      source: 'prior-report',
      words: `from the report of ${last.date}`,
      value,
    });
  const next = withWords(draft, placeOf('59776-5'), wordsBehind(now, fresh, mark('59776-5')));
  const comparison = wordsAt(next, placeOf('18834-2'));
  // What stands there already names that exam, or is the reader's own.
  if (comparison.text.trim() !== '') return next;
  const line = `${last.exam}, ${last.date}.`;
  const empty = { ...comparison, text: '' };
  return withWords(next, placeOf('18834-2'), wordsBehind(empty, [line], mark('18834-2')));
}
