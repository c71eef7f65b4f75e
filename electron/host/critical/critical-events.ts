import {
  type CriticalResult,
  caregiverWords,
  type Escalation,
  levelWords,
  limitWords,
  rungWords,
  wayWords,
} from '../../../shared/domain/critical/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { caseEvent, type EventCase } from '../intake/case-events.ts';

const clock = { source: 'record', skew: null, confidence: 'high' } as const;

/** The first event of a critical result: what follows names it as its cause. */
function identifiedEvent(facts: EventCase, result: CriticalResult): ReadingEvent {
  return caseEvent(facts, 'crit.identified', result.identifiedAt, {
    actor: { kind: 'person', ...result.identifiedBy },
    part: result.id,
    detail: `${levelWords[result.level].title.toLowerCase()}, within ${limitWords(result.limit)}`,
    clock,
  });
}

/**
 * The events of a critical result, derived from the record alone: whichever host sees it writes the same ones, so that none is lost with
 * the host that was asked. What somebody typed may name a patient and stays out.
 */
export function criticalEvents(facts: EventCase, result: CriticalResult): readonly ReadingEvent[] {
  const { ending } = result;
  const identified = identifiedEvent(facts, result);
  const about = (id: string) => ({ part: `${result.id}|${id}`, cause: identified.id, clock });
  const attempts = result.attempts.map((one) =>
    caseEvent(facts, 'crit.attempted', one.at, {
      ...about(one.id),
      actor: { kind: 'person', ...one.by },
      detail: [wayWords[one.way], one.rung === null ? '' : rungWords[one.rung]]
        .filter((part) => part !== '')
        .join(', '),
    }),
  );
  const handed = result.handOvers.map((one) =>
    caseEvent(facts, 'crit.escalated', one.at, {
      ...about(one.id),
      actor: { kind: 'person', ...one.by },
      detail: `taken over by ${one.to.name}`,
    }),
  );
  if (ending === null) return [identified, ...attempts, ...handed];
  const detail =
    ending.kind === 'closed'
      ? `read back ${wayWords[ending.readBack.way]}, ${caregiverWords[ending.readBack.role]}`
      : ending.kind === 'delegated'
        ? 'handed to follow-up by a named person'
        : 'begun by mistake, nobody was called';
  const type = ending.kind === 'delegated' ? 'crit.delegated' : 'crit.closed';
  const ended = caseEvent(facts, type, ending.at, {
    ...about(ending.id),
    actor: { kind: 'person', ...ending.by },
    detail,
  });
  return [identified, ...attempts, ...handed, ended];
}

/** That time has taken it to the next rung. `names`: the persons on duty where it has come to them. */
export function escalationEvent(
  facts: EventCase,
  result: CriticalResult,
  { at, rung, part }: Escalation,
  names: readonly string[],
): ReadingEvent {
  const duty = names.length === 0 ? 'nobody of the group is known' : names.join(', ');
  const detail =
    rung === null ? `overdue: told ${duty}` : rung.role === 'duty' ? `on duty: told ${duty}` : rungWords[rung.role];
  return caseEvent(facts, 'crit.escalated', at, {
    part: `${result.id}|${part}`,
    cause: identifiedEvent(facts, result).id,
    detail,
    clock,
  });
}
