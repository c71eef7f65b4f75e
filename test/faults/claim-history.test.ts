import { describe, expect, it } from 'vitest';
import type { ReaderId } from '../../shared/domain/reader/index.ts';
import { type Claim, emptyDesk, type ReadingTask, type TaskId } from '../../shared/domain/reading/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { type Asked, type ClaimHistory, type TaskWrite, violations } from './claim-history.ts';

const minute = 60_000;
const claimOf = (reader: string, fencingToken: number, until: number): Claim => ({
  reader: reader as ReaderId,
  readerName: reader,
  fencingToken,
  leaseUntil: instant(until),
});
const queued: ReadingTask = {
  id: 'task-1' as TaskId,
  state: 'queued',
  orderId: null,
  archive: null,
  studyUid: null,
  requestedReport: 'final',
  claim: null,
  lastFencingToken: 0,
  released: null,
  authoredOn: instant(0),
  desk: emptyDesk,
};
const claimed = (reader: string, token: number, until: number): ReadingTask => ({
  ...queued,
  state: 'claimed',
  claim: claimOf(reader, token, until),
  lastFencingToken: token,
});
const completed = (digest: string, token: number): ReadingTask => ({
  ...queued,
  state: 'completed',
  lastFencingToken: token,
  released: { reportId: `report-${digest}`, version: 1, digest, kind: 'final' },
});
const write = (number: number, by: string | null, at: number, task: ReadingTask, from = number - 1): TaskWrite => ({
  taskId: 'task-1',
  by,
  from: from === 0 ? null : String(from),
  version: String(number),
  at,
  task,
});
const asked = (change: Partial<Asked>): Asked => ({
  by: 'ann',
  kind: 'claim',
  taskId: 'task-1',
  told: 'done',
  token: null,
  heldBy: null,
  digest: null,
  ...change,
});
const made = write(1, null, 0, queued);
const annHas = write(2, 'ann', minute, claimed('ann', 1, 11 * minute));
const annEnds = write(3, 'ann', 2 * minute, completed('a', 1));
function history(change: Partial<ClaimHistory>): ClaimHistory {
  const writes = change.writes ?? [made, annHas, annEnds];
  const last = writes.at(-1)?.task;
  return {
    made: ['task-1'],
    asked: [asked({ token: 1 }), asked({ kind: 'complete', digest: 'a' })],
    end: new Map(last === undefined ? [] : [['task-1', last]]),
    ...change,
    writes,
  };
}

describe('the check of a history of claims', () => {
  it('finds nothing in a study that is claimed, read and completed by one reader', () => {
    expect(violations(history({}))).toEqual([]);
  });

  it('finds nothing in a lapsed claim that another reader takes up, nor in one that is renewed', () => {
    const writes = [
      made,
      annHas,
      write(3, 'ann', 5 * minute, claimed('ann', 1, 15 * minute)),
      write(4, 'bob', 16 * minute, claimed('bob', 2, 26 * minute)),
      write(5, 'bob', 17 * minute, completed('b', 2)),
    ];
    expect(violations(history({ writes, asked: [] }))).toEqual([]);
  });

  it.each<[string, Partial<ClaimHistory>, RegExp]>([
    [
      'a second final over the first',
      { writes: [made, annHas, annEnds, write(4, 'bob', 3 * minute, completed('b', 2))] },
      /second final/,
    ],
    [
      'two writes over one version',
      { writes: [made, annHas, write(4, 'bob', minute, claimed('bob', 1, 11 * minute), 1), annEnds] },
      /two writes over one version/,
    ],
    [
      'a study taken from a living claim',
      { writes: [made, annHas, write(3, 'bob', 2 * minute, claimed('bob', 2, 12 * minute))] },
      /bob was given a study that ann held/,
    ],
    [
      'a living claim that is ended by somebody else',
      { writes: [made, annHas, write(3, 'bob', 2 * minute, { ...queued, lastFencingToken: 1 })] },
      /living claim of ann was ended/,
    ],
    [
      'one token for two readers',
      { writes: [made, annHas, write(3, 'bob', 20 * minute, claimed('bob', 1, 30 * minute))] },
      /token 1 was given to two readers/,
    ],
    [
      'a token that goes back',
      { writes: [made, annHas, write(3, 'ann', 2 * minute, { ...queued, lastFencingToken: 0 })] },
      /went back/,
    ],
    [
      'a final under a lapsed claim',
      { writes: [made, annHas, write(3, 'ann', 12 * minute, completed('a', 1))] },
      /claim that had lapsed/,
    ],
    [
      'a final by one who has no claim',
      { writes: [made, annHas, write(3, 'bob', 2 * minute, completed('a', 1))] },
      /no claim/,
    ],
    [
      'a claim that the record does not know',
      { asked: [asked({ by: 'bob', token: 2 })] },
      /bob was told that she has it/,
    ],
    [
      'a final that the record does not know',
      { asked: [asked({ kind: 'complete', digest: 'z' })] },
      /told that her report is final/,
    ],
    ['a reader who is refused her own study', { asked: [asked({ told: 'refused', heldBy: 'ann' })] }, /her own study/],
    ['a study that nobody reads any more', { writes: [made, annHas], asked: [] }, /lost, it ended claimed/],
    ['a study that is gone from the record', { end: new Map() }, /lost, the record has it no more/],
    [
      'a record that ends with another report',
      { end: new Map([['task-1', completed('other', 1)]]) },
      /ends with another report/,
    ],
  ])('finds %s', (_name, change, words) => {
    expect(violations(history(change)).join('\n')).toMatch(words);
  });
});
