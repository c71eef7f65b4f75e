import { wordDiff } from '../../lib/word-diff.ts';
import type { ReportSection } from './report.ts';

/** How much of what a reader gave to be signed reads otherwise in the signed version. It counts words: what they weigh, no count can say. */
export const changesOfWords = ['unchanged', 'small', 'large'] as const;
export type ChangeOfWords = (typeof changesOfWords)[number];

/** At most this share of her words is a small change: one in ten. */
const smallChange = 0.1;

const countWords = (text: string): number => text.match(/\S+/gu)?.length ?? 0;

/**
 * From her sections to the signed ones, matched by code and exam. A word that was replaced counts once; a section that came or went counts
 * with all its words. White space is no word.
 */
export function changeOfWords(given: readonly ReportSection[], signed: readonly ReportSection[]): ChangeOfWords {
  const nameOf = ({ code, exam }: ReportSection): string => `${code}|${exam ?? ''}`;
  const textsOf = (sections: readonly ReportSection[]): ReadonlyMap<string, string> => {
    const texts = new Map<string, string>();
    for (const one of sections)
      texts.set(nameOf(one), [...(texts.has(nameOf(one)) ? [texts.get(nameOf(one))] : []), one.text].join('\n'));
    return texts;
  };
  const [before, after] = [textsOf(given), textsOf(signed)];
  const changed = [...new Set([...before.keys(), ...after.keys()])].reduce((sum, name) => {
    const parts = wordDiff(before.get(name) ?? '', after.get(name) ?? '');
    const wordsOf = (kind: 'gone' | 'new'): number =>
      parts.filter((one) => one.kind === kind).reduce((words, one) => words + countWords(one.text), 0);
    return sum + Math.max(wordsOf('gone'), wordsOf('new'));
  }, 0);
  if (changed === 0) return 'unchanged';
  const written = [...before.values()].reduce((sum, text) => sum + countWords(text), 0);
  return changed <= smallChange * written ? 'small' : 'large';
}

/** One report that she gave and another reader signed; a report over several exams is one. */
export type DictatedReport = {
  readonly modality: string;
  /** YYYY-MM of its signature. */
  readonly month: string;
  /** Null where what she gave cannot be read now. */
  readonly change: ChangeOfWords | null;
};

export type DictatedCount = { readonly signed: number; readonly unknown: number } & {
  readonly [Change in ChangeOfWords]: number;
};
export type NamedCount = DictatedCount & { readonly name: string };
export type DictatedFigures = {
  readonly all: DictatedCount;
  /** Most first. */
  readonly byModality: readonly NamedCount[];
  /** Newest first. */
  readonly byMonth: readonly NamedCount[];
};

function countOf(reports: readonly DictatedReport[]): DictatedCount {
  const countWith = (change: ChangeOfWords | null): number => reports.filter((one) => one.change === change).length;
  return {
    signed: reports.length,
    unchanged: countWith('unchanged'),
    small: countWith('small'),
    large: countWith('large'),
    unknown: countWith(null),
  };
}

/** What became of a reader's reports that others signed, in numbers: for herself. */
export function dictatedFigures(reports: readonly DictatedReport[]): DictatedFigures {
  const by = (nameOf: (report: DictatedReport) => string): readonly NamedCount[] =>
    [...Map.groupBy(reports, nameOf)].map(([name, those]) => ({ name, ...countOf(those) }));
  const alphabetical = (one: NamedCount, other: NamedCount): number => (one.name < other.name ? -1 : 1);
  return {
    all: countOf(reports),
    byModality: [...by(({ modality }) => modality)].sort(
      (one, other) => other.signed - one.signed || alphabetical(one, other),
    ),
    byMonth: [...by(({ month }) => month)].sort((one, other) => alphabetical(other, one)),
  };
}
