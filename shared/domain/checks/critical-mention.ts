import type { CheckedSection, CheckPlace } from './check.ts';
import { criticalLevelAt } from './rules/critical-words.ts';

/** What the words that asked for a critical result say: their whole sentence, and how soon it has to be told. */
export function criticalMention(
  sections: readonly CheckedSection[],
  at: CheckPlace,
): { readonly level: 1 | 2; readonly words: string } | null {
  const text = sections.find(({ code, exam }) => code === at.section && exam === at.exam)?.text;
  if (text === undefined) return null;
  const before = text.slice(0, at.from);
  // A full stop between figures ends no sentence.
  const from = Math.max(before.lastIndexOf('\n') + 1, lastEnd(before));
  const end = /[.!?](?=\s|$)|\n/.exec(text.slice(at.to));
  const to = end === null ? text.length : at.to + end.index + (end[0] === '\n' ? 0 : 1);
  return { level: criticalLevelAt(text, at.from), words: text.slice(from, to).trim() };
}

function lastEnd(text: string): number {
  const ends = [...text.matchAll(/[.!?]\s/g)];
  return (ends.at(-1)?.index ?? -1) + 1;
}
