import type { Sessions } from './types.ts';

/** Answers that run for sessions: each ends when its session is locked or ends. */
export type RunningAnswers = {
  /** Ties a running answer to its session; the returned function unties it. */
  hold(token: string, aborter: AbortController): () => void;
  /** How many run for a session now. */
  count(token: string): number;
  stop(): void;
};

export function createRunningAnswers(sessions: Pick<Sessions, 'onChange'>): RunningAnswers {
  const running = new Map<string, Set<AbortController>>();
  const stopListening = sessions.onChange((token) => {
    for (const aborter of running.get(token) ?? []) aborter.abort();
    running.delete(token);
  });
  return {
    hold: (token, aborter) => {
      const set = running.get(token) ?? new Set<AbortController>();
      running.set(token, set);
      set.add(aborter);
      return () => {
        set.delete(aborter);
        if (set.size === 0 && running.get(token) === set) running.delete(token);
      };
    },
    count: (token) => running.get(token)?.size ?? 0,
    stop: () => {
      stopListening();
      for (const set of running.values()) for (const aborter of set) aborter.abort();
    },
  };
}
