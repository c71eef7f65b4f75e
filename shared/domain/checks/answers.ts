import type { CheckFinding, CheckId } from './check.ts';

/** One of a short list: what a reader says of words that a rule asks about. No word of the report is among them. */
export type CheckReason = { readonly code: string; readonly words: string };

const reason = (code: string, words: string): CheckReason => ({ code, words });
const right = reason('right', 'The words are right');

/** Reasons by rule, in the order of their keys; a rule that asks without any of its own has the general one. */
const reasons: Partial<Readonly<Record<CheckId, readonly CheckReason[]>>> = {
  'side-of-exam': [
    reason('other-side-meant', 'The other side is meant'),
    reason('order-wrong', 'Order or images have the wrong side'),
  ],
  'side-between-sections': [reason('both-right', 'Both are right'), reason('both-sides', 'It is on both sides')],
  sex: [
    reason('true-of-patient', 'True of this patient'),
    reason('sex-on-record', 'The sex on record is wrong'),
    reason('not-patient', 'Said of somebody else'),
  ],
  'other-patient': [reason('not-a-name', 'No name of a patient'), reason('on-purpose', 'Named on purpose')],
  'body-part': [reason('shown', 'These images show it'), reason('on-purpose', 'Mentioned on purpose')],
  'critical-words': [
    reason('told', 'Told already'),
    reason('known', 'Known before'),
    reason('not-critical', 'Not critical here'),
  ],
};

export function reasonsOf(rule: CheckId): readonly CheckReason[] {
  return reasons[rule] ?? [right];
}

/** What became of a finding at the signature: it was told, or asked and confirmed with a reason, or asked and nobody answered. */
export const checkOutcomes = ['told', 'confirmed', 'unanswered'] as const;
export type CheckOutcome = {
  readonly rule: CheckId;
  readonly outcome: (typeof checkOutcomes)[number];
  readonly reason: string | null;
};

/** Outcomes of one signature that are kept. */
export const mostCheckOutcomes = 60;

/** The same for the same finding, wherever in its section its words have moved to: an answer outlives a dialog, and not other words. */
export function findingKey({ at, rule, words }: CheckFinding): string {
  return [rule, at?.section ?? '', at?.exam ?? '', words.toLowerCase()].join('|');
}

/** As an event keeps it, for people and to be counted: "critical-words confirmed (told), measurement-unit told". */
export function outcomeWords(outcomes: readonly CheckOutcome[]): string {
  return outcomes.map((one) => `${one.rule} ${one.outcome}${one.reason === null ? '' : ` (${one.reason})`}`).join(', ');
}

const written = /([a-z-]+) (told|confirmed|unanswered)(?: \(([a-z-]{1,40})\))?/g;

/** The counterpart of `outcomeWords`; what is no rule of ours is left out. */
export function readOutcomes(words: string, known: ReadonlySet<string>): readonly CheckOutcome[] {
  return [...words.matchAll(written)].flatMap(([, rule = '', outcome, reason]): CheckOutcome[] =>
    known.has(rule)
      ? [{ rule: rule as CheckId, outcome: outcome as CheckOutcome['outcome'], reason: reason ?? null }]
      : [],
  );
}

export type CheckCount = { readonly fired: number; readonly overridden: number };

/** How often each rule fired and was overridden, by signature. */
export function countOutcomes(all: readonly (readonly CheckOutcome[])[]): ReadonlyMap<CheckId, CheckCount> {
  const counts = new Map<CheckId, CheckCount>();
  for (const outcomes of all)
    for (const rule of new Set(outcomes.map((one) => one.rule))) {
      const before = counts.get(rule) ?? { fired: 0, overridden: 0 };
      const overridden = outcomes.some((one) => one.rule === rule && one.outcome === 'confirmed');
      counts.set(rule, { fired: before.fired + 1, overridden: before.overridden + (overridden ? 1 : 0) });
    }
  return counts;
}

/** Why each rule was overridden, the commonest reason first, by signature. */
export function countReasons(
  all: readonly (readonly CheckOutcome[])[],
): ReadonlyMap<CheckId, readonly { readonly code: string; readonly count: number }[]> {
  const counts = new Map<CheckId, Map<string, number>>();
  for (const outcomes of all)
    for (const one of new Set(outcomes.flatMap(({ rule, reason }) => (reason === null ? [] : [`${rule} ${reason}`])))) {
      const [rule, code = ''] = one.split(' ') as [CheckId, string?];
      const ofRule = counts.get(rule) ?? new Map<string, number>();
      counts.set(rule, ofRule.set(code, (ofRule.get(code) ?? 0) + 1));
    }
  return new Map(
    [...counts].map(([rule, codes]) => [
      rule,
      [...codes]
        .map(([code, count]) => ({ code, count }))
        .toSorted((left, right) => right.count - left.count || left.code.localeCompare(right.code)),
    ]),
  );
}
