import type { WorklistRow } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import type { SecondLook } from '../../../shared/domain/reading/index.ts';

/** What a reader may arrange about one study now; the host decides again. */
export type StudyMoves = {
  /** Her own live or lapsed claim on it: the token that fences what she does. Null where she has none. */
  readonly token: number | null;
  readonly pass: boolean;
  readonly hold: boolean;
  readonly resume: boolean;
  readonly release: boolean;
  readonly reassign: boolean;
  readonly askLook: boolean;
  /** Questions of colleagues that wait for her. */
  readonly toAnswer: readonly SecondLook[];
  /** Her own questions that wait for a colleague. */
  readonly asked: readonly SecondLook[];
  /** What colleagues answered on a study that is hers. */
  readonly answers: readonly SecondLook[];
};

/** A row without a desk has nothing arranged about it. */
export function studyMoves(row: WorklistRow, reader: Pick<Reader, 'id' | 'role'>, now: number): StudyMoves {
  const reads = reader.role === 'radiologist' || reader.role === 'lead';
  const open = row.state !== 'completed' && row.state !== 'cancelled';
  const mine = row.reader?.id === reader.id;
  const token = reads && open && mine ? (row.fencingToken ?? null) : null;
  const live = row.leaseUntil !== null && row.leaseUntil > now;
  const withOther = row.reader !== null && !mine && (live || row.state === 'held');
  const looks = row.desk?.looks ?? [];
  const lead = reader.role === 'lead';
  return {
    token,
    pass: reads && open && !withOther,
    hold: token !== null && row.state !== 'held',
    resume: reads && row.state === 'held' && (mine || lead || !live),
    release: token !== null,
    reassign: reads && open && (token !== null || lead),
    askLook: token !== null,
    toAnswer:
      reads && row.state !== 'cancelled' ? looks.filter((one) => one.to === reader.id && one.answer === null) : [],
    asked: open ? looks.filter((one) => one.by === reader.id && one.answer === null) : [],
    answers: looks.filter((one) => one.by === reader.id && one.answer !== null),
  };
}
