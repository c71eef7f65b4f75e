import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { generatedRow } from '../../app/testing/generated-host.ts';
import { createListModel, type ListAsk } from './list-model.ts';
import { createRankFor, openFilter, sortColumns } from './order-rows.ts';
import { replaceInOrder } from './replace-in-order.ts';

const rank = createRankFor({ subspecialties: [], justRead: new Set() });
const me = 'reader-1' as ReaderId;
const now = 1_800_000_000_000;
const byUrgency = { column: 'urgency', descending: false } as const;
const task = (number: number) => `task-${number}` as TaskId;

/** A list that changes in place, and what changed since when. */
function changingList(count: number) {
  const rows = new Map<TaskId, WorklistRow>();
  for (let number = 0; number < count; number += 1) rows.set(task(number), generatedRow(number, now));
  const changes: TaskId[] = [];
  return {
    rows,
    version: () => changes.length,
    put: (number: number, like: number, more: Partial<WorklistRow> = {}) => {
      rows.set(task(number), { ...generatedRow(like, now), taskId: task(number), ...more });
      changes.push(task(number));
    },
    remove: (number: number) => {
      rows.delete(task(number));
      changes.push(task(number));
    },
    changedSince: (version: number) => new Set(changes.slice(version)),
  };
}

type Step =
  | { readonly kind: 'put'; readonly number: number; readonly like: number }
  | { readonly kind: 'remove'; readonly number: number }
  | { readonly kind: 'sort'; readonly column: (typeof sortColumns)[number]; readonly descending: boolean }
  | { readonly kind: 'filter'; readonly text: string; readonly modality: string | null; readonly greyed: boolean }
  | { readonly kind: 'minutes'; readonly minutes: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('put' as const), number: fc.nat(60), like: fc.nat(200) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), number: fc.nat(60) }) },
  fc.record({ kind: fc.constant('sort' as const), column: fc.constantFrom(...sortColumns), descending: fc.boolean() }),
  fc.record({
    kind: fc.constant('filter' as const),
    text: fc.constantFrom('', 'ct', 'larkspur', 'nobody'),
    modality: fc.constantFrom(null, 'CT', 'MR'),
    greyed: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('minutes' as const), minutes: fc.nat(90) }),
);

describe('the list after changes', () => {
  test('is the list that is made anew from the same rows', () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 12 }), (looks) => {
        const list = changingList(40);
        const model = createListModel();
        const { rows, changedSince } = list;
        let ask: ListAsk = { rows, version: 0, changedSince, sort: byUrgency, rank, filter: openFilter, me, now };
        for (const steps of looks) {
          for (const one of steps) {
            if (one.kind === 'put') list.put(one.number, one.like);
            else if (one.kind === 'remove') list.remove(one.number);
            else if (one.kind === 'sort') ask = { ...ask, sort: { column: one.column, descending: one.descending } };
            else if (one.kind === 'minutes') ask = { ...ask, now: ask.now + one.minutes * 60_000 };
            else {
              const modalities = new Set(one.modality === null ? [] : [one.modality]);
              ask = { ...ask, filter: { ...openFilter, text: one.text, greyed: one.greyed, modalities } };
            }
          }
          ask = { ...ask, version: list.version() };
          const fresh = createListModel()({ ...ask, rows: new Map(rows) });
          expect(model(ask)).toEqual(fresh);
        }
      }),
    );
  });

  test('keeps the very same order where a row changed and moved none', () => {
    const list = changingList(40);
    const model = createListModel();
    const ask = { ...list, sort: byUrgency, rank, filter: openFilter, me, now };
    const before = model({ ...ask, version: 0 });
    list.put(7, 7, { procedure: 'Another name of the same exam' });
    const after = model({ ...ask, version: 1 });
    expect(after.order).toBe(before.order);
    expect(model({ ...ask, version: 1 })).toBe(after);
  });

  test('is read whole where what changed is not known any more', () => {
    const list = changingList(40);
    const model = createListModel();
    const ask = { ...list, sort: byUrgency, rank, filter: openFilter, me, now };
    model({ ...ask, version: 0 });
    list.remove(3);
    const after = model({ ...ask, version: 1, changedSince: () => null });
    expect(after.order).toHaveLength(39);
    expect(after.tally.rows).toBe(39);
  });

  test('looks at few of many rows for one change', () => {
    const list = changingList(20_000);
    let looks = 0;
    for (const [id, row] of list.rows) {
      const { state, ...rest } = row;
      const counted = Object.defineProperty({ ...rest, taskId: id }, 'state', {
        get: () => {
          looks += 1;
          return state;
        },
      });
      list.rows.set(id, counted as WorklistRow);
    }
    const model = createListModel();
    const ask = { ...list, sort: byUrgency, rank, filter: openFilter, me, now };
    model({ ...ask, version: 0 });
    looks = 0;
    list.put(5, 5, { priority: 'stat' });
    model({ ...ask, version: 1 });
    expect(looks).toBeLessThan(1_000);
  });
});

test('a sorted row of numbers stays sorted through what goes and comes; one sorted otherwise is refused', () => {
  const compare = (left: number, right: number): number => left - right;
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 200 }));
  fc.assert(
    fc.property(numbers, numbers, fc.array(fc.boolean()), (all, more, choice) => {
      const sorted = [...all].sort(compare);
      const went = sorted.filter((_one, place) => choice[place] === true);
      const came = more.filter((one) => !sorted.includes(one) || went.includes(one));
      const outcome = [...sorted.filter((one) => !went.includes(one)), ...came].sort(compare);
      const replaced = replaceInOrder(sorted, went, came, compare, Object.is);
      expect(replaced?.rows).toEqual(outcome);
      expect(replaced?.samePlaces).toBe(JSON.stringify(outcome) === JSON.stringify(sorted));
    }),
  );
  expect(replaceInOrder([1, 2, 3, 9, 4], [4], [], compare, Object.is)).toBeNull();
});
