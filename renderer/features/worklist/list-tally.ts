import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import { hasMark, type Mark, marks, modalityGroup } from './order-rows.ts';

/** What is counted over all rows, whatever the filter shows: what each button of the filter would show, and the longest accession. */
export type Tally = {
  readonly rows: number;
  /** Rows that this reader may not read. */
  readonly greyed: number;
  readonly byModality: ReadonlyMap<string, number>;
  readonly byMark: ReadonlyMap<Mark, number>;
  /** How many accessions have so many letters. */
  readonly byAccessionLength: ReadonlyMap<number, number>;
};

export const emptyTally: Tally = {
  rows: 0,
  greyed: 0,
  byModality: new Map(),
  byMark: new Map(),
  byAccessionLength: new Map(),
};

function add<Key>(counts: Map<Key, number>, key: Key, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

/** The tally after some rows came and some went; what a row counts for is asked of it at the same `now` both times. */
export function tallied(
  before: Tally,
  came: Iterable<WorklistRow>,
  went: Iterable<WorklistRow>,
  me: ReaderId,
  now: number,
): Tally {
  let { rows, greyed } = before;
  const byModality = new Map(before.byModality);
  const byMark = new Map(before.byMark);
  const byAccessionLength = new Map(before.byAccessionLength);
  const count = (row: WorklistRow, by: 1 | -1): void => {
    rows += by;
    if (!row.mayRead.allowed) greyed += by;
    const group = modalityGroup(row.modality);
    if (group !== '') add(byModality, group, by);
    for (const mark of marks) if (hasMark(row, mark, me, now)) add(byMark, mark, by);
    add(byAccessionLength, row.accession?.length ?? 0, by);
  };
  for (const row of came) count(row, 1);
  for (const row of went) count(row, -1);
  return { rows, greyed, byModality, byMark, byAccessionLength };
}
