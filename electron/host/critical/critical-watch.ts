import { type OnDuty, pastEscalations, personsOnDuty } from '../../../shared/domain/critical/index.ts';
import type { Duties } from '../duties/duties.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { RecordClient } from '../record/types.ts';
import type { CriticalBook } from './critical-book.ts';
import { escalationEvent } from './critical-events.ts';

/**
 * Writes down, once each, that time has taken a critical result to its next rung. By the host with the duty `escalate` alone; each moment
 * follows from the result itself, so that whichever host it is, and however late it looks, it writes the same event at the same second.
 */
export async function escalateCriticals(parts: {
  readonly results: Pick<CriticalBook, 'open'>;
  readonly book: Pick<CaseBook, 'facts'>;
  readonly events: Pick<EventBook, 'has' | 'write'>;
  readonly duties: Pick<Duties, 'holds'>;
  readonly record: Pick<RecordClient, 'recordNow'>;
  readonly people: () => Promise<readonly OnDuty[]>;
}): Promise<void> {
  const { results, book, events, duties, record } = parts;
  if (!duties.holds('escalate')) return;
  const now = record.recordNow();
  let names: readonly string[] | null = null;
  for (const result of results.open()) {
    const facts = book.facts(result.taskId);
    if (facts === null) continue;
    for (const step of pastEscalations(result, now)) {
      if (events.has(escalationEvent(facts, result, step, []))) continue;
      names ??= personsOnDuty(await parts.people()).map((one) => one.name);
      await events.write([escalationEvent(facts, result, step, names)]);
    }
  }
}
