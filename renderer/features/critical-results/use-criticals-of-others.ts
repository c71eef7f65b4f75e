import { useEffect, useMemo, useState } from 'react';
import type { CaseCritical } from '../../../shared/api/index.ts';
import type { CriticalResult, Rung } from '../../../shared/domain/critical/index.ts';
import type { Person } from '../../../shared/domain/question/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { HostClient } from '../../host/index.ts';
import type { UnsentPress } from './critical-outbox.ts';
import { withUnsent } from './with-unsent.ts';

/** Milliseconds between two questions about exams whose news is not told to this screen. */
const askEvery = 10_000;

type Known = { readonly [taskId: string]: CaseCritical };

/**
 * The critical results of the other exams that one report is over, with what this machine has not sent of them. Null until the host has
 * told of each: half of them would look like all.
 */
export function useCriticalsOfOthers(options: {
  readonly host: Pick<HostClient, 'call'>;
  readonly together: readonly string[];
  /** Another value says that there is something new to ask for. */
  readonly stamp: unknown;
  readonly every: readonly UnsentPress[];
  readonly me: Person;
  readonly ladder: readonly Rung[];
}): readonly CriticalResult[] | null {
  const { host, stamp, every, me, ladder } = options;
  const names = options.together.join(' ');
  const [known, setKnown] = useState<Known>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says that something changed.
  useEffect(() => {
    let gone = false;
    const taskIds = names === '' ? [] : names.split(' ');
    const ask = (): void => {
      for (const taskId of taskIds)
        void host.call('caseCriticals', { params: { taskId: taskId as TaskId } }).then((answered) => {
          if (!gone && answered.ok) setKnown((before) => ({ ...before, [taskId]: answered.value }));
        });
    };
    ask();
    // The news of a case that is not on screen does not come here by itself.
    const timer = taskIds.length === 0 ? undefined : setInterval(ask, askEvery);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [host, names, stamp]);
  return useMemo(() => {
    const results: CriticalResult[] = [];
    for (const taskId of names === '' ? [] : names.split(' ')) {
      const told = known[taskId];
      if (told === undefined) return null;
      const unsent = every.filter((one) => one.taskId === taskId);
      results.push(...withUnsent(told, unsent, me, ladder));
    }
    return results;
  }, [names, known, every, me, ladder]);
}
