import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { madeFacts } from '../../../test/builders/check-facts.ts';
import {
  type CheckOutcome,
  countOutcomes,
  countReasons,
  findingKey,
  outcomeWords,
  readOutcomes,
  reasonsOf,
} from './answers.ts';
import { checkIds } from './check.ts';
import { checkReport, checkRules } from './check-report.ts';

const known = new Set<string>(checkIds);

test('every rule that asks has reasons of its own, each with a word for the record', () => {
  for (const { id } of checkRules.filter((one) => one.severity === 'ask')) {
    expect(reasonsOf(id).length).toBeGreaterThan(1);
    for (const { code } of reasonsOf(id)) expect(code).toMatch(/^[a-z-]{1,40}$/);
  }
});

describe('what became of the findings', () => {
  const outcome = fc.constantFrom(...checkIds).chain(
    (rule): fc.Arbitrary<CheckOutcome> =>
      fc.oneof(
        fc.constant({ rule, outcome: 'told' as const, reason: null }),
        fc.constant({ rule, outcome: 'unanswered' as const, reason: null }),
        fc.constantFrom(...reasonsOf(rule)).map(({ code }) => ({ rule, outcome: 'confirmed' as const, reason: code })),
      ),
  );

  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 8 }), (all) => {
        expect(readOutcomes(outcomeWords(all), known)).toEqual(all);
      }),
    );
  });

  test('is counted once a signature and rule', () => {
    const told: CheckOutcome = { rule: 'critical-words', outcome: 'told', reason: null };
    const confirmed: CheckOutcome = { rule: 'critical-words', outcome: 'confirmed', reason: 'told' };
    const counts = countOutcomes([[told, confirmed], [told, told], []]);
    expect(counts.get('critical-words')).toEqual({ fired: 2, overridden: 1 });
    expect(counts.get('sex')).toBeUndefined();
    const known: CheckOutcome = { ...confirmed, reason: 'known' };
    const reasons = countReasons([[confirmed, confirmed], [known], [known, told]]);
    expect(reasons.get('critical-words')).toEqual([
      { code: 'known', count: 2 },
      { code: 'told', count: 1 },
    ]);
  });
});

test('an answer holds for the same words wherever they move to, and not for others', () => {
  const keyOf = (impression: string): string | undefined => {
    return checkReport(madeFacts({ impression })).map(findingKey)[0];
  };
  expect(keyOf('Large pneumothorax.')).toBe(keyOf('As described above:\n\nLarge PNEUMOTHORAX.'));
  expect(keyOf('Large pneumothorax.')).not.toBe(keyOf('Free air.'));
});
