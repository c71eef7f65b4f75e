import type { Failure } from '../../../shared/api/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { checkDowntimeRead, type DowntimeRead, downtimeReadWords } from '../../../shared/domain/turnaround/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { failure } from '../routes/mount.ts';

/** Enters a read of downtime as events at their true times, by whoever types it in. */
export async function enterDowntimeRead(
  parts: { readonly events: EventBook; readonly recordNow: () => Instant },
  facts: CaseFacts,
  by: { readonly id: string; readonly name: string },
  commandId: string,
  read: DowntimeRead,
): Promise<Result<Record<string, never>, Failure>> {
  const patient = facts.order?.patient ?? facts.seen?.study.patient ?? null;
  const checked = checkDowntimeRead(read, {
    orderedAt: facts.order?.authoredOn ?? null,
    familyName: (patient?.name ?? '').split(/[\^=]/)[0] ?? '',
    now: parts.recordNow(),
  });
  if (!checked.ok) return failure('bad-request', checked.error.join(' '));
  const words = downtimeReadWords(read);
  const actor = { kind: 'person', ...by } as const;
  const clock = { source: 'paper', skew: null, confidence: 'low' } as const;
  // From the command, so that the same press again writes the same events.
  const part = deriveId('paper', [commandId], sha256);
  const readEvent = caseEvent(facts, 'downtime.read', read.readAt, { actor, clock, detail: words.read, part });
  const written = await parts.events.write([
    readEvent,
    ...(read.phoned === null
      ? []
      : [
          caseEvent(facts, 'downtime.phoned', read.phoned.at, {
            actor,
            clock,
            detail: words.phoned,
            cause: readEvent.id,
            part,
          }),
        ]),
  ]);
  return written
    ? ok({})
    : failure('not-saved', 'Nobody knows yet whether it was saved. Press again: the same read is not entered twice.');
}
