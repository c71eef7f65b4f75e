import type { OrderId } from '../../../shared/domain/order/index.ts';
import type { ReadingTask, TaskRefusal } from '../../../shared/domain/reading/index.ts';
import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';

/**
 * Joins an order and a study in one reading task. It only ever fills what was empty: a task that names a study or an order never comes
 * to name another, so that words already written stay with the images they were written about.
 */
export function joinStudy(
  orderId: OrderId | null,
  archive: string,
  studyUid: StudyUid | null,
): (task: ReadingTask) => Result<ReadingTask, TaskRefusal> {
  return (task) => {
    const otherOrder = task.orderId !== null && orderId !== null && task.orderId !== orderId;
    const otherStudy = task.studyUid !== null && studyUid !== null && task.studyUid !== studyUid;
    if (otherOrder || otherStudy || task.state === 'completed' || task.state === 'cancelled') {
      return err({
        code: 'not-a-legal-move',
        words: 'This reading task belongs to another order or study already.',
        heldBy: null,
      });
    }
    return ok({
      ...task,
      orderId: task.orderId ?? orderId,
      studyUid: task.studyUid ?? studyUid,
      archive: task.studyUid === null && studyUid !== null ? archive : task.archive,
    });
  };
}
