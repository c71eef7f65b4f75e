import type { Task } from '@medplum/fhirtypes';
import type { Failure } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import {
  type Claim,
  type ReadingTask,
  stepTask,
  type TaskId,
  type TaskMove,
  type TaskRefusal,
} from '../../../shared/domain/reading/index.ts';
import { taskFromFhir, taskToFhir } from '../../../shared/interop/fhir/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { RecordClient, RecordFailure, Versioned } from '../record/types.ts';
import { failure } from '../routes/mount.ts';

/** Every change of a reading task: read, step by the rule, write with `If-Match`, and after a lost race read again. */
export type Claims = {
  claim(taskId: TaskId, reader: Reader): Promise<Result<ReadingTask, Failure>>;
  renew(taskId: TaskId, reader: Reader, fencingToken: number): Promise<Result<Claim, Failure>>;
  release(taskId: TaskId, reader: Reader, fencingToken: number): Promise<Result<ReadingTask, Failure>>;
  /** Any other move by the rule, such as `open` or `lapse`. */
  move(taskId: TaskId, move: TaskMove): Promise<Result<ReadingTask, Failure>>;
  /** A change that is no move of the state machine, such as joining a study to its order's task. */
  change(
    taskId: TaskId,
    step: (task: ReadingTask, recordNow: Instant) => Result<ReadingTask, TaskRefusal>,
  ): Promise<Result<ReadingTask, Failure>>;
};

/** Lost races in a row after which we say so instead of going on. */
const mostRaces = 6;

export function recordFailure(found: RecordFailure): { ok: false; error: Failure } {
  if (found.code === 'unreachable' || found.code === 'timeout') return failure('upstream-unreachable', found.message);
  if (found.code === 'not-found') return failure('not-found', found.message);
  return failure('upstream-refused', found.message);
}

function refusalFailure(refusal: TaskRefusal): { ok: false; error: Failure } {
  return failure(refusal.code, refusal.words, refusal.heldBy === null ? {} : { heldBy: refusal.heldBy });
}

/** `onLearnt` hears of every task as the record holds it, after a write and after a refusal. */
export function createClaims(record: RecordClient, onLearnt: (task: Versioned<Task>) => void): Claims {
  const change: Claims['change'] = async (taskId, step) => {
    for (let race = 0; race < mostRaces; race += 1) {
      const read = await record.read('Task', taskId);
      if (!read.ok) return recordFailure(read.error);
      const parsed = taskFromFhir(read.value.resource);
      if (!parsed.ok) return failure('upstream-refused', 'The record’s reading task cannot be understood.');
      const stepped = step(parsed.value.task, record.recordNow());
      if (!stepped.ok) {
        // Refused by what the record holds now: the list must not go on showing what it held before.
        onLearnt(read.value);
        return refusalFailure(stepped.error);
      }
      const written = await record.put(taskToFhir(stepped.value, parsed.value.names), { ifMatch: read.value.version });
      if (written.ok) {
        onLearnt(written.value);
        return stepped;
      }
      // A conflict, or an answer that was lost and may have been a success: the next reading shows our own values if we won.
      const lost = written.error.code === 'timeout' || written.error.code === 'unreachable';
      if (!lost && written.error.code !== 'version-conflict') return recordFailure(written.error);
      const again = await record.read('Task', taskId);
      if (!again.ok) return recordFailure(written.error);
      const now = taskFromFhir(again.value.resource);
      if (now.ok && JSON.stringify(now.value.task) === JSON.stringify(stepped.value)) {
        onLearnt(again.value);
        return stepped;
      }
    }
    return failure('upstream-refused', 'The record changed under us again and again. Try once more.');
  };
  const move: Claims['move'] = (taskId, wanted) =>
    change(taskId, (task, recordNow) => stepTask(task, wanted, recordNow));
  return {
    change,
    move,
    claim: (taskId, reader) => move(taskId, { kind: 'claim', reader: reader.id, readerName: reader.name }),
    renew: async (taskId, reader, fencingToken) => {
      const done = await move(taskId, { kind: 'renew', reader: reader.id, fencingToken });
      if (!done.ok) return done;
      return done.value.claim === null
        ? failure('lease-lapsed', 'Your claim lapsed. Read it again to claim it.')
        : ok(done.value.claim);
    },
    release: (taskId, reader, fencingToken) => move(taskId, { kind: 'release', reader: reader.id, fencingToken }),
  };
}
