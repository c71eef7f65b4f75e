import { type CheckedSection, type CheckRule, type Found, placeOf, quoted } from '../check.ts';
import { findingTerms, type Mention, termFinder } from '../text/terms.ts';

const finder = termFinder(findingTerms);

function byTerm(mentions: readonly Mention[]): ReadonlyMap<string, readonly Mention[]> {
  const map = new Map<string, Mention[]>();
  for (const one of mentions) map.set(one.term.id, [...(map.get(one.term.id) ?? []), one]);
  return map;
}

const all = (mentions: readonly Mention[], assertion: Mention['assertion']): boolean =>
  mentions.every((one) => one.assertion === assertion);

function between(findings: CheckedSection, impression: CheckedSection): Found[] {
  const seen = byTerm(finder(findings.text));
  return [...byTerm(finder(impression.text))].flatMap(([id, meant]): Found[] => {
    const before = seen.get(id) ?? [];
    const first = meant[0];
    if (before.length === 0 || first === undefined) return [];
    const at = placeOf(impression, first.from, first.to);
    const name = quoted(impression.text, first.from, first.to);
    const there = meant.find(({ assertion }) => assertion === 'affirmed');
    if (there !== undefined && all(before, 'negated'))
      return [
        {
          words: `The Impression has ${quoted(impression.text, there.from, there.to)}; Findings deny it.`,
          at: placeOf(impression, there.from, there.to),
        },
      ];
    if (all(meant, 'negated') && all(before, 'affirmed'))
      return [{ words: `The Impression denies ${name}; Findings have it.`, at }];
    return [];
  });
}

/** The findings that an impression is drawn from: of the same exam. */
export function pairsOf(
  sections: readonly CheckedSection[],
): readonly { readonly findings: CheckedSection; readonly impression: CheckedSection }[] {
  return sections
    .filter(({ code }) => code === '19005-8')
    .flatMap((impression) => {
      const findings = sections.find(({ code, exam }) => code === '59776-5' && exam === impression.exam);
      return findings === undefined ? [] : [{ findings, impression }];
    });
}

export const contradictionRule: CheckRule = {
  id: 'contradiction',
  title: 'Impression and Findings do not deny each other',
  severity: 'tell',
  why: 'A lost or added “no” is the commonest error of speech recognition that changes what is done.',
  find: ({ sections }) => pairsOf(sections).flatMap(({ findings, impression }) => between(findings, impression)),
};
