import type { OrderId } from '../../../shared/domain/order/index.ts';
import type { ReadingTask, TaskId } from '../../../shared/domain/reading/index.ts';
import { deriveId, type ReportContent } from '../../../shared/domain/report/index.ts';
import {
  arrivalOf,
  examTime,
  examTimeWords,
  type ImagesSoFar,
  type StudyUid,
} from '../../../shared/domain/study/index.ts';
import type { EventType, ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { type Instant, type Millis, millis } from '../../../shared/lib/instant.ts';
import { sha256 } from '../digest.ts';
import type { CaseFacts } from '../reading/case-book.ts';

/** What an event says of its case. */
export type EventCase = {
  readonly task: Pick<ReadingTask, 'id' | 'orderId' | 'studyUid'>;
  readonly order: { readonly accession: string | null; readonly site: { readonly id: string } | null } | null;
  readonly seen: { readonly study: { readonly accession: string | null } } | null;
};

/** A case as a signed version tells it: used while the record has not told it yet, after a start, so that no event goes unwritten. */
export function factsOfContent(content: ReportContent): EventCase {
  return {
    task: {
      id: content.taskId as TaskId,
      orderId: content.orderId as OrderId | null,
      studyUid: content.studyUid as StudyUid,
    },
    order: { accession: content.accession, site: null },
    seen: null,
  };
}

/** An event about a case whose id follows from what it says, so that a replay and another host write the same one. */
export function caseEvent(
  facts: EventCase,
  type: EventType,
  occurredAt: Instant,
  more: Partial<Pick<ReadingEvent, 'detail' | 'clock' | 'actor' | 'channel' | 'cause' | 'questionKind'>> & {
    readonly part?: string;
    readonly report?: ReadingEvent['subject']['report'];
  } = {},
): ReadingEvent {
  const { task, order, seen } = facts;
  return {
    id: deriveId('ev', [task.id, type, more.part ?? ''], sha256),
    type,
    occurredAt,
    recordedAt: null,
    clock: more.clock ?? { source: 'host', skew: null, confidence: 'high' },
    actor: more.actor ?? { kind: 'device', name: 'Overread' },
    subject: {
      taskId: task.id,
      orderId: task.orderId,
      accession: order?.accession ?? seen?.study.accession ?? null,
      studyUid: task.studyUid,
      report: more.report ?? null,
    },
    site: order?.site?.id ?? null,
    detail: more.detail ?? '',
    cause: more.cause ?? null,
    channel: more.channel ?? null,
    ...(more.questionKind === undefined ? {} : { questionKind: more.questionKind }),
  };
}

/** Events that follow from what record and archive show and that no one has written yet. */
export function caseEvents(
  facts: CaseFacts,
  history: readonly ReadingEvent[],
  images: ImagesSoFar | null,
  now: Instant,
  skew: Millis | null = null,
): ReadingEvent[] {
  const { task, order, seen } = facts;
  const has = (type: EventType): boolean => history.some((event) => event.type === type);
  const found: ReadingEvent[] = [];
  // When images came is known on this host's clock alone.
  const clock = { source: 'host', skew: skew === null ? null : millis(Math.round(skew)), confidence: 'high' } as const;
  if (order?.authoredOn !== null && order !== null && order.authoredOn !== null && !has('order.placed')) {
    found.push(
      caseEvent(facts, 'order.placed', order.authoredOn, {
        clock: { source: 'placer', skew: null, confidence: 'high' },
      }),
    );
  }
  if (!has('task.queued'))
    found.push(
      caseEvent(facts, 'task.queued', task.authoredOn, { clock: { source: 'record', skew: null, confidence: 'high' } }),
    );
  if (seen !== null) {
    const ended = order?.site ? examTime(seen.study, order.site.zone) : null;
    if (ended !== null && !has('exam.completed')) {
      const modality = { source: 'modality', skew: null, confidence: 'low' } as const;
      found.push(caseEvent(facts, 'exam.completed', ended.at, { clock: modality, detail: examTimeWords(ended) }));
    }
    if (!has('images.first')) found.push(caseEvent(facts, 'images.first', seen.firstSeen, { clock }));
    const arrival = images === null ? null : arrivalOf(images, now);
    // More images after "complete" are told by an event of their own, until a report is sent: then our own SR is what is new.
    if (images !== null && arrival?.kind === 'complete') {
      const part = arrival.again ? { part: `more-${images.have}` } : {};
      found.push(caseEvent(facts, 'images.complete', arrival.at, { detail: arrival.words, clock, ...part }));
    }
  }
  if (task.state === 'cancelled' && !has('task.cancelled')) found.push(caseEvent(facts, 'task.cancelled', now));
  return found;
}
