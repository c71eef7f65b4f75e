import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { sha256 } from '../digest.ts';

/** The reading task of an order, and of a study that no order explains: derived, so that two hosts make the same task. */
export function taskIdOfOrder(orderId: string): TaskId {
  return deriveId('rt', ['order', orderId], sha256) as TaskId;
}

export function taskIdOfStudy(studyUid: string): TaskId {
  return deriveId('rt', ['study', studyUid], sha256) as TaskId;
}
