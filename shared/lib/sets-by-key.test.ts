import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SetsByKey } from './sets-by-key.ts';

const step = fc.record({
  what: fc.constantFrom('add' as const, 'remove' as const),
  key: fc.constantFrom('a', 'b', ''),
  id: fc.constantFrom('1', '2', '3', ''),
});

test('ids come and go under their key as in plain sets, whether a key has one or many', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const sets = new SetsByKey();
      const plain = new Map<string, Set<string>>();
      for (const { what, key, id } of steps) {
        sets[what](key, id);
        const set = plain.get(key) ?? new Set();
        plain.set(key, set);
        if (what === 'add') set.add(id);
        else set.delete(id);
        for (const one of ['a', 'b', '', 'never']) {
          expect(sets.of(one).size).toBe(plain.get(one)?.size ?? 0);
          expect([...sets.of(one)].sort()).toEqual([...(plain.get(one) ?? [])].sort());
        }
      }
    }),
  );
});
