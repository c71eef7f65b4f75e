import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { createWorklistChanges } from './worklist-changes.ts';

type Row = Parameters<ReturnType<typeof createWorklistChanges>['take']>[0][number];

/** Only what numbering reads: whose row it is, and that it differs. */
const row = (name: number, procedure: string): Row => ({ taskId: `task-${name}`, procedure }) as unknown as Row;

describe('the numbered changes of the list', () => {
  it('tell a page exactly what it has not seen, whatever changed and whenever it asked', () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('put' as const),
        rows: fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom('a', 'b')), { maxLength: 5 }),
      }),
      fc.record({
        do: fc.constant('remove' as const),
        names: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 3 }),
      }),
      fc.record({ do: fc.constant('ask' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const changes = createWorklistChanges(1_000);
        const model = new Map<string, string>();
        const page = new Map<string, string>();
        let seen: number | null = null;
        for (const one of steps) {
          if (one.do === 'put') {
            const rows = [...new Map(one.rows)].map(([name, words]) => row(name, words));
            for (const each of rows) model.set(each.taskId, each.procedure);
            changes.take(rows, []);
          } else if (one.do === 'remove') {
            const ids = one.names.map((name) => `task-${name}`);
            for (const id of ids) model.delete(id);
            changes.take([], ids);
          } else {
            const delta = changes.since(seen);
            if (delta.full) page.clear();
            for (const id of delta.removed) page.delete(id);
            for (const each of delta.rows) page.set(each.taskId, each.procedure);
            seen = delta.version;
            expect(page).toEqual(model);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('give the whole list to a page of an earlier run, and to one that nobody remembers', () => {
    const changes = createWorklistChanges(1_000);
    changes.take([row(1, 'a')], []);
    expect(changes.since(999).full).toBe(true);
    expect(changes.since(5_000).full).toBe(true);
    expect(changes.since(1_000)).toMatchObject({ full: false, rows: [{ taskId: 'task-1' }] });
    for (let turn = 0; turn < 25_000; turn += 1) {
      changes.take([row(100 + turn, 'x')], []);
      changes.take([], [`task-${100 + turn}`]);
    }
    // The notes of fifty thousand changes are not kept for one row: who was away so long takes the list anew.
    expect(changes.since(1_001)).toMatchObject({ full: true, rows: [{ taskId: 'task-1' as TaskId }], removed: [] });
  });

  it('say nothing where nothing differs', () => {
    const changes = createWorklistChanges(1_000);
    const version = changes.take([row(1, 'a')], []);
    expect(changes.take([row(1, 'a')], ['task-9'])).toBeNull();
    expect(changes.since(version)).toEqual({ version, full: false, rows: [], removed: [] });
  });
});
