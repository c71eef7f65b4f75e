import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import { patientKey, type TaskId } from '../../../shared/domain/reading/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { generatedRow } from '../../app/testing/generated-host.ts';
import { horizonAt } from './horizon.tsx';
import {
  countHeldChanges,
  createRankFor,
  createSorter,
  type Filter,
  isOpen,
  nextBest,
  openFilter,
  passes,
  type RankFor,
  type Sort,
  sortByUrgency,
  sortColumns,
} from './order-rows.ts';
import { heldByAnother, standingOf, statusOf } from './row-words.ts';

const rank = createRankFor({ subspecialties: [], justRead: new Set() });
// One sorter for all: what it remembers of one list must change no other.
const sorter = createSorter();
const sortRows = (
  rows: ReadonlyMap<TaskId, WorklistRow>,
  before: readonly WorklistRow[],
  sort: Sort,
  at: number,
  by: RankFor,
) => {
  const urgent = sortByUrgency(rows, before, at, by);
  const places = sorter.byColumn(urgent, sort, at, by);
  return places === null ? urgent : Array.from(places, (place) => urgent[place] as WorklistRow);
};
const filterRows = (sorted: readonly WorklistRow[], filter: Filter, reader: ReaderId, at: number) =>
  sorted.filter((row) => passes(row, filter, reader, at)).map((row) => row.taskId);
const me = 'reader-1' as ReaderId;
const now = 1_800_000_000_000;
const list = Array.from({ length: 40 }, (_unused, index) => generatedRow(index, now));
const asMap = (rows: readonly WorklistRow[]) => new Map(rows.map((row) => [row.taskId, row]));
const byUrgency: Sort = { column: 'urgency', descending: false };
const ids = (rows: readonly WorklistRow[]) => rows.map((row) => row.taskId);
const task = (name: string) => name as TaskId;

describe('the order of the list', () => {
  test('is one order, whatever order the rows came in and whatever stood before', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(list, { minLength: list.length }),
        fc.shuffledSubarray(list),
        fc.constantFrom(...sortColumns),
        fc.boolean(),
        (shuffled, before, column, descending) => {
          const sort = { column, descending };
          expect(ids(sortRows(asMap(shuffled), before, sort, now, rank))).toEqual(
            ids(sortRows(asMap(list), [], sort, now, rank)),
          );
        },
      ),
    );
  });

  test('is the order that comparing two rows tells', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(list),
        fc.constantFrom(...sortColumns),
        fc.boolean(),
        (some, column, descending) => {
          const sort = { column, descending };
          const compared = [...some].sort(createSorter().compare(sort, now, rank));
          expect(ids(sortRows(asMap(some), [], sort, now, rank))).toEqual(ids(compared));
        },
      ),
    );
  });

  test('puts STAT above what is late and finished work last', () => {
    const order = ids(sortRows(asMap(list), [], byUrgency, now, rank));
    const priorities = order.slice(0, -2).map((id) => asMap(list).get(id)?.priority);
    expect(priorities.lastIndexOf('stat')).toBe(priorities.filter((one) => one === 'stat').length - 1);
    expect(priorities).toContain('routine');
    expect(order.slice(-2).sort()).toEqual(['task-22', 'task-23']);
  });

  test('a filter takes rows away and moves none', () => {
    const sorted = sortRows(asMap(list), [], byUrgency, now, rank);
    const shown = filterRows(sorted, { ...openFilter, text: 'larkspur ct' }, me, now);
    expect(shown.length).toBeGreaterThan(2);
    expect(shown).toEqual(ids(sorted).filter((id) => shown.includes(id)));
    for (const id of shown) expect(asMap(list).get(id)?.modality).toBe('CT');
  });

  test('the whole list is the whole list again when the words of a filter are taken back', () => {
    expect([openFilter, { ...openFilter, text: '' }, { ...openFilter, marks: new Set<never>() }].every(isOpen)).toBe(
      true,
    );
    expect(isOpen({ ...openFilter, text: 'ct' })).toBe(false);
    expect(isOpen({ ...openFilter, greyed: false })).toBe(false);
    expect(isOpen({ ...openFilter, modalities: new Set(['CT']) })).toBe(false);
  });

  test('what may not be read can be hidden, and is never the next best', () => {
    const sorted = sortRows(asMap(list), [], byUrgency, now, rank);
    const shown = filterRows(sorted, { ...openFilter, greyed: false }, me, now);
    expect(shown.some((id) => asMap(list).get(id)?.mayRead.allowed === false)).toBe(false);
    for (let cut = 0; cut < sorted.length; cut += 1) {
      const left = new Set(sorted.slice(cut));
      const best = nextBest(sorted, (row) => left.has(row), me, now);
      const row = best === null ? null : asMap(list).get(best);
      if (row != null) {
        expect(left.has(row)).toBe(true);
        expect([row.mayRead.allowed, heldByAnother(row, me, now), row.link === 'order-without-images']).toEqual([
          true,
          false,
          false,
        ]);
      } else
        expect(
          [...left].every(
            (one) => !['open', 'mine'].includes(standingOf(one, me, now)) || one.link === 'order-without-images',
          ),
        ).toBe(true);
    }
  });
});

describe('a study whose images are still arriving', () => {
  const arriving = list.find((row) => row.arrival?.kind === 'arriving');
  const only = (row: WorklistRow, at: number) => nextBest([row], () => true, me, at);
  test('is marked with how many are here, and is not the next one until it is quiet', () => {
    if (arriving?.arrival?.kind !== 'arriving') throw new Error('none is arriving');
    expect(statusOf(arriving, 'open', now)).toMatchObject({
      words: 'Arriving 212/260',
      shape: 'diamond',
      tone: 'signal',
    });
    expect(statusOf(arriving, 'open', now).whole).toMatch(/^Arriving: 212 of 260; the last came \d\d:\d\d /);
    expect(only(arriving, now)).toBeNull();
    expect(only(arriving, arriving.arrival.quietAt)).toBe(arriving.taskId);
    expect(only({ ...arriving, reader: { id: me, name: 'me' }, state: 'reading' }, now)).toBe(arriving.taskId);
  });

  test('is the next one at once where it is STAT or sounds a code', () => {
    if (arriving === undefined) throw new Error('none is arriving');
    expect(only({ ...arriving, priority: 'stat' }, now)).toBe(arriving.taskId);
    expect(only({ ...arriving, codeStudy: 'Stroke' }, now)).toBe(arriving.taskId);
  });

  test('that fell quiet short of the announced number is the next one, and stays marked', () => {
    if (arriving === undefined) throw new Error('none is arriving');
    const words = '212 of 260 images, quiet 5 min';
    const quiet: WorklistRow = { ...arriving, arrival: { kind: 'complete', at: instant(now), words, short: true } };
    expect(only(quiet, now)).toBe(quiet.taskId);
    expect(statusOf(quiet, 'open', now)).toMatchObject({ words: 'Quiet 212/260', tone: 'signal' });
    expect(statusOf(quiet, 'open', now).whole).toContain(words);
  });
});

describe('the fit of one reader', () => {
  const justRead = list.find((row) => row.state === 'queued' && row.mayRead.allowed) ?? list[0];
  test('moves nothing past another priority or nearer due time, and brings the same patient first among equals', () => {
    if (justRead === undefined) throw new Error('no rows');
    const other: WorklistRow = { ...justRead, taskId: task('other'), patient: { ...justRead.patient, id: 'another' } };
    const same: WorklistRow = { ...justRead, taskId: task('same'), accession: 'ZZZ' as never };
    const rows = new Map([...asMap(list), ['other', other], ['same', same]] as [TaskId, WorklistRow][]);
    const mine = createRankFor({ subspecialties: [], justRead: new Set([patientKey(justRead.patient) ?? '']) });
    const sorted = sortRows(rows, [], byUrgency, now, mine);
    const open = sorted.filter((row) => row.state !== 'completed' && row.state !== 'cancelled');
    const priorities = open.map((row) => (row.priority === 'unknown' ? 'urgent' : row.priority));
    expect([...new Set(priorities)].length).toBe(
      priorities.filter((one, index) => one !== priorities[index - 1]).length,
    );
    const place = (id: string) => sorted.findIndex((row) => row.taskId === id);
    expect(place('same')).toBeLessThan(place('other'));
  });
});

describe('changes held while the hand is in the list', () => {
  test.each([
    ['nothing changed', ['a', 'b', 'c'], ['a', 'b', 'c'], 0],
    ['one came', ['a', 'b'], ['a', 'x', 'b'], 1],
    ['one went', ['a', 'b', 'c'], ['a', 'c'], 1],
    ['one moved up past all others', ['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c'], 1],
    ['two changed places', ['a', 'b', 'c'], ['a', 'c', 'b'], 1],
    ['all turned round', ['a', 'b', 'c', 'd'], ['d', 'c', 'b', 'a'], 3],
    ['one came, one went, one moved', ['a', 'b', 'c', 'd'], ['d', 'a', 'c', 'x'], 3],
  ])('%s', (_words, shown, next, count) => {
    expect(countHeldChanges(shown.map(task), next.map(task))).toBe(count);
  });

  test('are never fewer than what came and went, and none only where the orders are equal', () => {
    const names = fc.uniqueArray(fc.constantFrom(...'abcdefghij').map(task));
    fc.assert(
      fc.property(names, names, (shown, next) => {
        const count = countHeldChanges(shown, next);
        const came = next.filter((id) => !shown.includes(id)).length;
        const went = shown.filter((id) => !next.includes(id)).length;
        expect(count).toBeGreaterThanOrEqual(came + went);
        expect(count === 0).toBe(JSON.stringify(shown) === JSON.stringify(next));
      }),
    );
  });
});

describe('how a row stands', () => {
  const row = generatedRow(1, now);
  test('a claim holds others off until it lapses', () => {
    expect(standingOf(row, me, now)).toBe('held');
    expect(standingOf(row, me, now + 3_600_000)).toBe('open');
    expect(standingOf({ ...row, reader: { id: me, name: 'me' } }, me, now)).toBe('mine');
  });

  test('an identity clash is said before anything else of an open study', () => {
    expect(statusOf({ ...generatedRow(8, now), link: 'images-without-order' }, 'open', now).words).toBe(
      'Identity clash',
    );
  });

  test('orders without images and images without an order are marked', () => {
    expect(statusOf(generatedRow(9, now), 'open', now)).toMatchObject({ words: 'No images yet', shape: 'diamond' });
    expect(statusOf(generatedRow(11, now), 'open', now)).toMatchObject({ words: 'No order', shape: 'diamond' });
  });
});

test('the horizon is one axis: later is never left of earlier, and late is left of now', () => {
  fc.assert(
    fc.property(fc.integer({ min: -600, max: 3_000 }), fc.integer({ min: 0, max: 3_000 }), (minute, more) => {
      const first = horizonAt(instant(now + minute * 60_000), now);
      const second = horizonAt(instant(now + (minute + more) * 60_000), now);
      expect(second).toBeGreaterThanOrEqual(first);
      expect(first < 14).toBe(minute < 0);
      expect(first).toBeGreaterThan(0);
      expect(first).toBeLessThan(100);
    }),
  );
});

test('after one change a long list is put in order in one pass, not sorted from the start', () => {
  let looks = 0;
  const count = 20_000;
  const many = new Map<TaskId, WorklistRow>();
  for (let place = 0; place < count; place += 1) {
    // Not in their order: 7,919 is prime to 20,000.
    const index = (place * 7_919) % count;
    const { state, ...rest } = { ...generatedRow(index % 977, now), taskId: `task-${index}` as TaskId };
    const row = Object.defineProperty(rest, 'state', {
      get: () => {
        looks += 1;
        return state;
      },
    }) as WorklistRow;
    many.set(row.taskId, row);
  }
  const sorted = sortRows(many, [], byUrgency, now, rank);
  const first = looks;
  many.set(task('task-5'), { ...generatedRow(5, now), priority: 'stat' });
  looks = 0;
  const again = sortRows(many, sorted, byUrgency, now, rank);
  // Several looks at `state` a comparison, one comparison a row and a few more for the one that moved.
  expect(looks).toBeLessThan(count * 20);
  expect(looks).toBeLessThan(first / 4);
  expect(ids(again)).toEqual(ids(sortRows(many, [], byUrgency, now, rank)));
});
