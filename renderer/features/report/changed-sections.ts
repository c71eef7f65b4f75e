import { type ReportContent, sectionTitle } from '../../../shared/domain/report/index.ts';
import { type DiffPart, wordDiff } from '../../../shared/lib/word-diff.ts';

/** Only the sections that differ, those that went among them: words must not leave a report unseen. */
export function changedSections(
  before: Pick<ReportContent, 'sections' | 'together'>,
  after: ReportContent['sections'],
): readonly { readonly title: string; readonly parts: readonly DiffPart[] }[] {
  const rest = [...after];
  const pairs = before.sections.map((old) => {
    const at = rest.findIndex((one) => one.code === old.code && one.exam === old.exam);
    const now = at < 0 ? undefined : rest.splice(at, 1)[0];
    return { title: sectionTitle(before, old), from: old.text, to: now?.text ?? '' };
  });
  return [...pairs, ...rest.map((one) => ({ title: sectionTitle(before, one), from: '', to: one.text }))]
    .filter((pair) => pair.from !== pair.to)
    .map((pair) => ({ title: pair.title, parts: wordDiff(pair.from, pair.to) }));
}
