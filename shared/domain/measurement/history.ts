import { type CaseMarks, noMarks } from './measurement.ts';

/** Marks with what they were and what was taken back, newest step last. */
export type MarkHistory = {
  readonly past: readonly CaseMarks[];
  readonly present: CaseMarks;
  readonly future: readonly CaseMarks[];
};

/** More steps than a reader remembers; each is a few references. */
const mostSteps = 200;

export const freshHistory: MarkHistory = { past: [], present: noMarks, future: [] };

/** A new state of the marks; what had been taken back is gone with it. The same value is no step. */
export function changed(history: MarkHistory, next: CaseMarks): MarkHistory {
  if (next === history.present) return history;
  return { past: [...history.past, history.present].slice(-mostSteps), present: next, future: [] };
}

/** One step back; the same history where there is none. */
export function undone(history: MarkHistory): MarkHistory {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), present: before, future: [...history.future, history.present] };
}

/** One step forward again; the same history where nothing was taken back. */
export function redone(history: MarkHistory): MarkHistory {
  const after = history.future.at(-1);
  if (after === undefined) return history;
  return { past: [...history.past, history.present], present: after, future: history.future.slice(0, -1) };
}
