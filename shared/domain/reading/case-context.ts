import type { OrderId } from '../order/index.ts';
import type { AccessionNumber, StudyUid } from '../study/index.ts';
import type { TaskId } from './reading-task.ts';

/**
 * The one value that names the case on screen. Every request, viewport, cache key, draft and signature carries it;
 * an answer with another epoch is dropped, so that no late image or word lands in another patient's case.
 */
export type CaseContext = {
  readonly archive: string | null;
  readonly studyUid: StudyUid | null;
  readonly patientId: string | null;
  readonly issuer: string | null;
  readonly accession: AccessionNumber | null;
  readonly orderId: OrderId | null;
  readonly taskId: TaskId;
  /** Grows with each opening in a window; never reused. */
  readonly epoch: number;
};

/**
 * Whether a context that a page holds still names the case that the host has now. A case only ever gains what it lacked (an order is
 * joined to a study, images come for an order): words written before that still belong to it. Anything else is another case.
 * The epoch is the page's own and is not compared.
 */
export function stillNames(held: CaseContext, now: CaseContext): boolean {
  const gained = <Value>(before: Value | null, after: Value | null): boolean => before === null || before === after;
  return (
    held.taskId === now.taskId &&
    gained(held.archive, now.archive) &&
    gained(held.studyUid, now.studyUid) &&
    gained(held.patientId, now.patientId) &&
    gained(held.issuer, now.issuer) &&
    gained(held.accession, now.accession) &&
    gained(held.orderId, now.orderId)
  );
}
