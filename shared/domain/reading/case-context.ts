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
