import type { Brand } from '../../lib/brand.ts';
import type { Instant } from '../../lib/instant.ts';
import type { OrderId } from '../order/index.ts';
import type { ReaderId } from '../reader/index.ts';
import type { StudyUid } from '../study/index.ts';
import type { PendingMove } from './pending-move.ts';
import type { TaskDesk } from './task-desk.ts';

/** Logical id of the Task in the record. */
export type TaskId = Brand<string, 'TaskId'>;

/** States of a reading task (DESIGN 4). `held` is FHIR `on-hold`; `queued` requested, `claimed` accepted, `reading` in-progress. */
export type TaskState = 'queued' | 'claimed' | 'reading' | 'held' | 'completed' | 'cancelled';

/** A lease on a task. The token grows by one with each grant and is checked again at signing. */
export type Claim = {
  readonly reader: ReaderId;
  readonly readerName: string;
  readonly fencingToken: number;
  /** When it lapses, on the record's clock. */
  readonly leaseUntil: Instant;
};

/** What the deciding write of a release leaves on the task. */
export type ReleasedReport = {
  readonly reportId: string;
  /** 1-based number of the report's version. */
  readonly version: number;
  /** SHA-256, lower-case hex, over the canonical JSON of the signed content. */
  readonly digest: string;
  readonly kind: 'preliminary' | 'final' | 'addendum' | 'correction' | 'withdrawal';
};

/** One piece of reading work (FHIR R4 Task; DICOM 110005 Interpretation). */
export type ReadingTask = {
  readonly id: TaskId;
  readonly state: TaskState;
  readonly orderId: OrderId | null;
  readonly archive: string | null;
  readonly studyUid: StudyUid | null;
  readonly requestedReport: 'preliminary' | 'final';
  readonly claim: Claim | null;
  /** The last token ever granted; 0 before the first claim. */
  readonly lastFencingToken: number;
  readonly released: ReleasedReport | null;
  readonly authoredOn: Instant;
  readonly desk: TaskDesk;
  /** A move of this exam and others that has begun and is not told yet; absent nearly always. */
  readonly moving?: PendingMove;
};
