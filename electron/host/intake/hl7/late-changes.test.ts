import { describe, expect, it } from 'vitest';
import { instant } from '../../../../shared/lib/instant.ts';
import { type AppliedChange, createLateChanges, lateFor } from './late-changes.ts';

const changed = (orderId: string, at = 0): AppliedChange => ({
  change: { orderId, type: 'order.changed', words: `${orderId} was changed` },
  key: `message about ${orderId}`,
  at: instant(at),
});

function desk() {
  const known = new Set<string>();
  const told: string[] = [];
  const state = { now: 0, isFull: false };
  const late = createLateChanges({
    knows: (orderId) => known.has(orderId),
    tell: async (changes) => {
      if (!state.isFull) told.push(...changes.map(({ change }) => change.orderId));
      return !state.isFull;
    },
    now: () => instant(state.now),
  });
  return { late, known, told, state };
}

describe('a change of an order whose exam is on no list yet', () => {
  it('is told once, when the exam is there', async () => {
    const { late, known, told } = desk();
    late.add([changed('one'), changed('two')]);
    await late.work();
    expect([told, late.waiting()]).toEqual([[], 2]);
    known.add('two');
    await late.work();
    await late.work();
    expect([told, late.waiting()]).toEqual([['two'], 1]);
  });

  it('is told later where it could not be written', async () => {
    const { late, known, told, state } = desk();
    late.add([changed('one')]);
    known.add('one');
    state.isFull = true;
    await late.work();
    expect(late.waiting()).toBe(1);
    state.isFull = false;
    await late.work();
    expect([told, late.waiting()]).toEqual([['one'], 0]);
  });

  it('is not waited for without end: an order of no exam here is changed too', async () => {
    const { late, state } = desk();
    late.add([changed('one'), changed('two', 1)]);
    state.now = lateFor;
    await late.work();
    expect(late.waiting()).toBe(2);
    state.now = lateFor + 1;
    await late.work();
    expect(late.waiting()).toBe(1);
  });
});
