import type { CaseCritical } from '../../../shared/api/index.ts';
import {
  type CriticalMove,
  type CriticalResult,
  type Rung,
  stepCritical,
  usualLimits,
} from '../../../shared/domain/critical/index.ts';
import type { Person } from '../../../shared/domain/question/index.ts';
import { instant, millis } from '../../../shared/lib/instant.ts';
import type { UnsentPress } from './critical-outbox.ts';

/** The critical results of a case as they stand with what this machine has not sent yet: nothing that was pressed is out of sight. */
export function withUnsent(
  known: Pick<CaseCritical, 'results' | 'limits' | 'agreedBy'> | null,
  unsent: readonly UnsentPress[],
  me: Person,
  ladder: readonly Rung[],
): readonly CriticalResult[] {
  const results = new Map((known?.results ?? []).map((one) => [one.id, one as CriticalResult]));
  for (const { press, taskId, queuedAt } of unsent) {
    const before = results.get(press.resultId);
    if (press.name === 'startCritical') {
      if (before !== undefined) continue;
      const { id, level, finding, origin } = press.start;
      results.set(id, {
        ...{ id, taskId, level, finding, origin, ladder },
        ...{ orderId: null, siteId: null, patientReference: null },
        identifiedBy: me,
        identifiedAt: instant(queuedAt),
        limit: (known?.limits ?? usualLimits)[level],
        agreedBy: known?.agreedBy ?? '',
        ...{ attempts: [], handOvers: [], ending: null },
      });
    } else if (before !== undefined) {
      const { before: ago, ...move } = press.move;
      const stepped = stepCritical(before, { ...move, by: me, ago: millis(ago) } as CriticalMove, instant(queuedAt));
      if (stepped.ok) results.set(press.resultId, stepped.value);
    }
  }
  return [...results.values()];
}
