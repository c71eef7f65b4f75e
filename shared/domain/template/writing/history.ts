import type { Written } from './written.ts';

/** What is written, and the way back and forth. */
export type WritingHistory = {
  readonly now: Written;
  readonly past: readonly Written[];
  readonly future: readonly Written[];
  /** What the last step changed, and when; a further change of it soon after is the same step. */
  readonly last: { readonly what: string; readonly at: number } | null;
};

/** Milliseconds of rest after which typing on is a step of its own. */
const rest = 1_000;
const mostSteps = 200;

export function beginWriting(written: Written): WritingHistory {
  return { now: written, past: [], future: [], last: null };
}

/** A change is a step of its own, but for typing on at the same place: `what` names the place, `at` is milliseconds of any clock. */
export function wrote(history: WritingHistory, next: Written, what: string, at: number): WritingHistory {
  if (next === history.now) return history;
  const { last } = history;
  const goesOn = last !== null && last.what === what && at - last.at < rest && history.past.length > 0;
  return {
    now: next,
    past: goesOn ? history.past : [...history.past, history.now].slice(-mostSteps),
    future: [],
    last: { what, at },
  };
}

/** The version that a save gave is no step: going back brings words back, never an older number. */
export function withNumber(history: WritingHistory, id: string, replaces: number | null): WritingHistory {
  const numbered = (one: Written): Written => ({ ...one, id, replaces });
  return {
    now: numbered(history.now),
    past: history.past.map(numbered),
    future: history.future.map(numbered),
    last: null,
  };
}

export function undoWriting(history: WritingHistory): WritingHistory {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { now: before, past: history.past.slice(0, -1), future: [history.now, ...history.future], last: null };
}

export function redoWriting(history: WritingHistory): WritingHistory {
  const [next, ...future] = history.future;
  return next === undefined ? history : { now: next, past: [...history.past, history.now], future, last: null };
}
