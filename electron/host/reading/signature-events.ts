import type { PendingSignature, ReadingTask } from '../../../shared/domain/reading/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { caseEvent, type EventCase } from '../intake/case-events.ts';

/** That a report waits for a signature, as its Task says it: the same event from whoever tells it. */
export function givenEvent(facts: EventCase, pending: PendingSignature): ReadingEvent {
  return caseEvent(facts, 'report.givenToSign', pending.at, {
    actor: { kind: 'person', id: pending.reader, name: pending.readerName },
    part: pending.digest,
  });
}

/** That it went back to its writer; null where it did not. */
export function sentBackEvent(facts: EventCase & { readonly task: ReadingTask }): ReadingEvent | null {
  const { sentBack, assigned } = facts.task.desk;
  if (sentBack === undefined) return null;
  const to = assigned?.reader === sentBack.to ? ` to ${assigned.readerName}` : '';
  return caseEvent(facts, 'report.sentBack', sentBack.at, {
    actor: { kind: 'person', id: sentBack.by, name: sentBack.byName },
    part: `${sentBack.digest}|${sentBack.at}`,
    detail: `sent back${to}: ${sentBack.words}`,
  });
}
