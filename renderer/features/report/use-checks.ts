import { useCallback, useEffect, useMemo, useState } from 'react';
import {
  type CheckFacts,
  type CheckFinding,
  type CheckId,
  type CheckOutcome,
  type CheckWeights,
  checkReport,
  findingKey,
} from '../../../shared/domain/checks/index.ts';
import { type CheckParts, checkFacts } from './checks-facts.ts';

/** Told before signing alone: while words are written they would say what the reader sees, or what is not finished. */
const notWhileWriting: ReadonlySet<CheckId> = new Set([
  'identity',
  'claim',
  'impression-empty',
  'section-empty',
  'comparison-not-opened',
  'series-not-shown',
  'not-full-fidelity',
]);

/** Milliseconds without a key before words are read: a rule never speaks of half a word. */
const afterTyping = 500;

/** What stands against the words as they are written; nothing while there are none, or nobody writes. */
export function useChecksWhileWriting(parts: CheckParts | null, weights: CheckWeights): readonly CheckFinding[] {
  const [findings, setFindings] = useState<readonly CheckFinding[]>([]);
  useEffect(() => {
    if (parts === null) {
      setFindings([]);
      return;
    }
    const timer = setTimeout(
      () => setFindings(checkReport(checkFacts(parts), weights).filter(({ rule }) => !notWhileWriting.has(rule))),
      afterTyping,
    );
    return () => clearTimeout(timer);
  }, [parts, weights]);
  return findings;
}

/** What a reader answered to what was asked: by finding, the code of a reason. It holds for the case, and for the same words. */
export type CheckAnswers = {
  readonly answers: ReadonlyMap<string, string>;
  readonly answer: (key: string, reason: string | null) => void;
};

export function useCheckAnswers(): CheckAnswers {
  const [answers, setAnswers] = useState<ReadonlyMap<string, string>>(new Map());
  const answer = useCallback((key: string, reason: string | null) => {
    setAnswers((before) => {
      const next = new Map(before);
      if (reason === null) next.delete(key);
      else next.set(key, reason);
      return next;
    });
  }, []);
  return useMemo(() => ({ answers, answer }), [answers, answer]);
}

/** A finding with the key under which it is answered. */
export type KeyedFinding = { readonly key: string; readonly finding: CheckFinding };

/** The findings at signing, each with its key: of two that are the same to the reader, the first. */
export function findingsAtSigning(facts: CheckFacts, weights: CheckWeights): readonly KeyedFinding[] {
  const seen = new Set<string>();
  return checkReport(facts, weights).flatMap((finding): KeyedFinding[] => {
    const key = findingKey(finding);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ key, finding }];
  });
}

/** What the signature says of them: no word of the report is in it. */
export function outcomesOf(
  findings: readonly KeyedFinding[],
  answers: ReadonlyMap<string, string>,
): readonly CheckOutcome[] {
  return findings.map(({ key, finding: { rule, severity } }): CheckOutcome => {
    if (severity !== 'ask') return { rule, outcome: 'told', reason: null };
    const reason = answers.get(key) ?? null;
    return { rule, outcome: reason === null ? 'unanswered' : 'confirmed', reason };
  });
}
