import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WorklistRow } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { generatedRow } from '../app/testing/generated-host.ts';
import { openMirror } from './mirror.ts';
import { createSealer } from './sealing.ts';
import type { Mirror, WorklistDelta } from './types.ts';

const key = btoa('0123456789abcdef0123456789abcdef');
const otherKey = btoa('fedcba9876543210fedcba9876543210');

type Store = { readonly indexedDB: IDBFactory; readonly IDBKeyRange: typeof IDBKeyRange };
const freshStore = (): Store => ({ indexedDB: new IDBFactory(), IDBKeyRange });

function rowOf(index: number, more: Partial<WorklistRow> = {}): WorklistRow {
  return { ...generatedRow(index % 40, 1_000_000), taskId: `task-${index}` as TaskId, ...more };
}

function full(rows: readonly WorklistRow[], version = 1): WorklistDelta {
  return { version, full: true, asOf: version * 1_000, rows, removed: [] };
}

function draftOf(findings: string, more: Partial<Draft> = {}): Draft {
  return {
    taskId: 'task-1',
    studyUid: '1.2.3',
    readerId: 'reader-1',
    kind: 'report',
    baseVersion: 0,
    revision: 1,
    sections: { '55752-0': '', '55111-9': '', '18834-2': '', '59776-5': findings, '19005-8': '' },
    addendum: '',
    reason: '',
    measurements: [],
    savedAt: instant(1_000),
    ...more,
  };
}

async function value<Value>(outcome: Promise<{ ok: boolean; value?: Value; error?: unknown }>): Promise<Value> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(JSON.stringify(settled.error));
  return settled.value as Value;
}

/** The raw store as somebody with the disk sees it. */
async function rawRows(
  store: Store,
  table: string,
): Promise<{ name: string; rows: { key: string; version: number; sealed: Uint8Array }[] }> {
  const [{ name = '' } = {}] = await store.indexedDB.databases();
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = store.indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const rows = await new Promise<{ key: string; version: number; sealed: Uint8Array }[]>((resolve) => {
    const reading = database.transaction(table).objectStore(table).getAll();
    reading.onsuccess = () => resolve(reading.result);
  });
  database.close();
  return { name, rows };
}

async function putRaw(
  store: Store,
  table: string,
  rows: readonly object[],
  deleted: readonly string[] = [],
): Promise<void> {
  const [{ name = '' } = {}] = await store.indexedDB.databases();
  const database = await new Promise<IDBDatabase>((resolve) => {
    const opening = store.indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
  });
  await new Promise<void>((resolve, reject) => {
    const writing = database.transaction(table, 'readwrite');
    for (const one of deleted) writing.objectStore(table).delete(one);
    for (const row of rows) writing.objectStore(table).put(row);
    writing.oncomplete = () => resolve();
    writing.onerror = () => reject(writing.error);
  });
  database.close();
}

async function withMirror<Value>(
  store: Store,
  work: (mirror: Mirror) => Promise<Value>,
  more: { user?: string; key?: string } = {},
): Promise<Value> {
  const mirror = await openMirror({ user: 'reader-1', key, indexedDb: store, now: () => 5_000, ...more });
  try {
    return await work(mirror);
  } finally {
    mirror.close();
  }
}

describe('the mirrored worklist', () => {
  test('comes back after the window is gone, with its changes, withdrawals and age', async () => {
    const store = freshStore();
    await withMirror(store, async (mirror) => {
      expect(await value(mirror.readWorklist())).toBeNull();
      await value(mirror.applyWorklist(full([rowOf(1), rowOf(2), rowOf(3)])));
      await value(
        mirror.applyWorklist({
          version: 2,
          full: false,
          asOf: 2_000,
          rows: [rowOf(2, { procedure: 'changed' }), rowOf(4)],
          removed: ['task-3' as TaskId],
        }),
      );
    });
    await withMirror(store, async (mirror) => {
      const list = await value(mirror.readWorklist());
      expect([...(list?.rows.keys() ?? [])].sort()).toEqual(['task-1', 'task-2', 'task-4']);
      expect(list?.rows.get('task-2' as TaskId)?.procedure).toBe('changed');
      expect([list?.version, list?.asOf]).toEqual([2, 2_000]);
      await value(mirror.fold());
      expect([...((await value(mirror.readWorklist()))?.rows.keys() ?? [])].sort()).toEqual([
        'task-1',
        'task-2',
        'task-4',
      ]);
    });
    // Folded: the log is gone, and what was withdrawn lies nowhere any more.
    expect((await rawRows(store, 'changes')).rows).toEqual([]);
  });

  test('is the same list whatever changes, folds and new windows come in whatever order', async () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('put' as const),
        tasks: fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 6 }),
      }),
      fc.record({
        do: fc.constant('remove' as const),
        tasks: fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 6 }),
      }),
      fc.record({
        do: fc.constant('full' as const),
        tasks: fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 300 }),
      }),
      fc.record({ do: fc.constant('fold' as const) }),
      fc.record({ do: fc.constant('top' as const) }),
      fc.record({ do: fc.constant('reopen' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const store = freshStore();
        const model = new Map<string, string>();
        let version = 1;
        let mirror = await openMirror({ user: 'reader-1', key, indexedDb: store });
        await value(mirror.applyWorklist(full([])));
        for (const one of steps) {
          version += 1;
          const words = `at ${version}`;
          if (one.do === 'fold') await value(mirror.fold());
          else if (one.do === 'top') {
            const rows = [...((await value(mirror.readWorklist()))?.rows.values() ?? [])];
            await value(mirror.keepTop(rows.slice(0, 5), rows.length));
          } else if (one.do === 'reopen') {
            mirror.close();
            mirror = await openMirror({ user: 'reader-1', key, indexedDb: store });
          } else {
            const rows =
              one.do === 'remove' ? [] : [...new Set(one.tasks)].map((task) => rowOf(task, { procedure: words }));
            const removed = one.do === 'remove' ? one.tasks.map((task) => `task-${task}` as TaskId) : [];
            if (one.do === 'full') model.clear();
            for (const id of removed) model.delete(id);
            for (const row of rows) model.set(row.taskId, words);
            await value(mirror.applyWorklist({ version, full: one.do === 'full', asOf: version, rows, removed }));
          }
          const list = await value(mirror.readWorklist());
          expect(new Map([...(list?.rows.values() ?? [])].map((row) => [row.taskId as string, row.procedure]))).toEqual(
            model,
          );
          // The top holds nothing that was withdrawn, and nothing as it was before.
          for (const row of (await value(mirror.readTop()))?.rows ?? [])
            expect(model.get(row.taskId)).toBe(row.procedure);
        }
        expect(await value(mirror.quarantined())).toEqual([]);
        mirror.close();
      }),
      { numRuns: 25 },
    );
  });

  test('gives its top before the rest, as it stands after later changes; a new list has none until it is kept again', async () => {
    const store = freshStore();
    const top = [rowOf(3), rowOf(1), rowOf(2)];
    await withMirror(store, async (mirror) => {
      await value(mirror.keepTop(top, 3));
      expect(await value(mirror.readTop())).toBeNull();
      await value(mirror.applyWorklist(full([rowOf(1), rowOf(2), rowOf(3), rowOf(4)])));
      await value(mirror.keepTop(top, 4));
      const changed = rowOf(1, { procedure: 'changed' });
      const removed = ['task-2' as TaskId];
      await value(mirror.applyWorklist({ version: 2, full: false, asOf: 2_000, rows: [changed, rowOf(5)], removed }));
    });
    await withMirror(store, async (mirror) => {
      const kept = { rows: [rowOf(3), rowOf(1, { procedure: 'changed' })], total: 4, asOf: 2_000 };
      expect(await value(mirror.readTop())).toEqual(kept);
      await value(mirror.fold());
      expect(await value(mirror.readTop())).toEqual(kept);
      expect((await value(mirror.readWorklist()))?.rows.size).toBe(4);
      await value(mirror.applyWorklist(full([rowOf(9)], 3)));
      expect(await value(mirror.readTop())).toBeNull();
    });
  });

  test('a list of thousands lies in pages, not in rows', async () => {
    const store = freshStore();
    await withMirror(store, async (mirror) => {
      await value(mirror.applyWorklist(full(Array.from({ length: 3_000 }, (_unused, index) => rowOf(index)))));
      expect((await value(mirror.readWorklist()))?.rows.size).toBe(3_000);
    });
    expect((await rawRows(store, 'pages')).rows.length).toBeLessThanOrEqual(16);
  });
});

describe('drafts and commands', () => {
  test('the words of a draft come back whole, in each of its kinds', async () => {
    await withMirror(freshStore(), async (mirror) => {
      await value(mirror.saveDraft(draftOf('No effusion.')));
      await value(mirror.saveDraft(draftOf('', { kind: 'addendum', baseVersion: 2, addendum: 'Seen again.' })));
      expect(
        (await value(mirror.readDraft({ taskId: 'task-1', kind: 'report', baseVersion: 0 })))?.sections['59776-5'],
      ).toBe('No effusion.');
      expect((await value(mirror.listDrafts())).length).toBe(2);
      await value(mirror.forgetDraft({ taskId: 'task-1', kind: 'report', baseVersion: 0 }));
      expect(await value(mirror.readDraft({ taskId: 'task-1', kind: 'report', baseVersion: 0 }))).toBeNull();
      expect(await value(mirror.quarantined())).toEqual([]);
    });
  });

  test('an older window cannot take words back', async () => {
    await withMirror(freshStore(), async (mirror) => {
      await value(mirror.saveDraft(draftOf('newer', { revision: 5 })));
      expect(await mirror.saveDraft(draftOf('older', { revision: 4 }))).toMatchObject({
        ok: false,
        error: { code: 'refused' },
      });
      expect((await value(mirror.readDraft(draftOf(''))))?.sections['59776-5']).toBe('newer');
    });
  });

  test('commands come back oldest first and are forgotten when acknowledged', async () => {
    const store = freshStore();
    await withMirror(store, async (mirror) => {
      await value(
        mirror.queueCommand({ id: 'b', name: 'sign', taskId: 'task-1', body: { words: 'two' }, queuedAt: 2 }),
      );
      await value(
        mirror.queueCommand({ id: 'a', name: 'sign', taskId: 'task-2', body: { words: 'one' }, queuedAt: 1 }),
      );
    });
    await withMirror(store, async (mirror) => {
      expect((await value(mirror.listCommands())).map((command) => command.id)).toEqual(['a', 'b']);
      await value(mirror.forgetCommand('a'));
      expect((await value(mirror.listCommands())).map((command) => command.id)).toEqual(['b']);
    });
  });

  test('two windows that write at once lose no draft', async () => {
    const store = freshStore();
    const first = await openMirror({ user: 'reader-1', key, indexedDb: store });
    const second = await openMirror({ user: 'reader-1', key, indexedDb: store });
    const heard: string[] = [];
    second.subscribe((change) => heard.push(change.kind));
    await Promise.all(
      Array.from({ length: 12 }, (_unused, index) =>
        value((index % 2 === 0 ? first : second).saveDraft(draftOf(`words ${index}`, { taskId: `task-${index}` }))),
      ),
    );
    expect((await value(first.listDrafts())).length).toBe(12);
    expect(await value(first.quarantined())).toEqual([]);
    expect(heard).toContain('draft');
    first.close();
    second.close();
  });
});

describe('what somebody with the disk can do', () => {
  test('no word of a patient is readable in any row', async () => {
    const store = freshStore();
    await withMirror(store, async (mirror) => {
      await value(mirror.applyWorklist(full([rowOf(0)])));
      await value(mirror.applyWorklist({ version: 2, full: false, asOf: 2, rows: [rowOf(1)], removed: [] }));
      await value(mirror.saveDraft(draftOf('Quillfeather has a mass')));
      await value(mirror.queueCommand({ id: 'c', name: 'sign', taskId: 'task-1', body: 'Quillfeather', queuedAt: 1 }));
    });
    for (const table of ['pages', 'changes', 'manifests', 'drafts', 'commands']) {
      const { name, rows } = await rawRows(store, table);
      expect(rows.length).toBeGreaterThan(0);
      const text = rows.map((row) => `${row.key} ${new TextDecoder('latin1').decode(row.sealed)}`).join('\n') + name;
      expect(text).not.toMatch(/Quillfeather|Ottoline|LAR-|task-1|reader-1|mass/);
    }
  });

  test('each single byte that is changed in a draft puts it into quarantine, and it is not shown', async () => {
    const store = freshStore();
    await withMirror(store, (mirror) => value(mirror.saveDraft(draftOf('No effusion.'))));
    const { rows } = await rawRows(store, 'drafts');
    const [whole] = rows;
    if (whole === undefined) throw new Error('no row');
    for (let index = 0; index < whole.sealed.length; index += 1) {
      const altered = whole.sealed.slice();
      altered[index] = (altered[index] ?? 0) ^ 0x01;
      await putRaw(store, 'drafts', [{ ...whole, sealed: altered }]);
      await withMirror(store, async (mirror) => {
        expect(await value(mirror.readDraft(draftOf('')))).toBeNull();
        expect((await value(mirror.quarantined())).at(-1)).toMatchObject({ table: 'drafts', key: whole.key });
      });
    }
    // Nothing was thrown away: every altered row is kept for whoever looks into it.
    const kept = await rawRows(store, 'quarantine');
    expect(kept.rows.length).toBe(whole.sealed.length);
  });

  test('rows that are swapped, of another version, of another user or put back from before do not open', async () => {
    const store = freshStore();
    await withMirror(store, async (mirror) => {
      await value(mirror.saveDraft(draftOf('of task 1')));
      await value(mirror.saveDraft(draftOf('of task 2', { taskId: 'task-2' })));
    });
    const before = (await rawRows(store, 'drafts')).rows;
    const [one, two] = before;
    if (one === undefined || two === undefined) throw new Error('no rows');
    // Swapped.
    await putRaw(store, 'drafts', [
      { ...one, sealed: two.sealed },
      { ...two, sealed: one.sealed },
    ]);
    await withMirror(store, async (mirror) => {
      expect(await value(mirror.listDrafts())).toEqual([]);
      expect((await value(mirror.quarantined())).length).toBe(2);
      // Rolled back: a newer draft is written, then the old row is put in its place.
      await value(mirror.saveDraft(draftOf('newer', { revision: 2 })));
    });
    const newer = (await rawRows(store, 'drafts')).rows[0];
    expect(newer?.key === one.key || newer?.key === two.key).toBe(true);
    await putRaw(store, 'drafts', [newer?.key === one.key ? one : two]);
    await withMirror(store, async (mirror) => {
      expect(await value(mirror.readDraft(draftOf('')))).toBeNull();
      expect((await value(mirror.quarantined())).length).toBe(3);
    });
    // Another version number on a good row.
    await withMirror(store, (mirror) => value(mirror.saveDraft(draftOf('again', { revision: 3 }))));
    const again = (await rawRows(store, 'drafts')).rows[0];
    await putRaw(store, 'drafts', [{ ...again, version: (again?.version ?? 0) + 1 }]);
    await withMirror(store, async (mirror) => expect(await value(mirror.readDraft(draftOf('')))).toBeNull());
  });

  test('a page that is altered or taken away is missed, the rest of the list is shown', async () => {
    const store = freshStore();
    await withMirror(store, (mirror) =>
      value(mirror.applyWorklist(full(Array.from({ length: 700 }, (_unused, index) => rowOf(index))))),
    );
    const pages = (await rawRows(store, 'pages')).rows;
    expect(pages.length).toBe(4);
    const [first, second] = pages;
    if (first === undefined || second === undefined) throw new Error('no pages');
    const altered = first.sealed.slice();
    altered[40] = (altered[40] ?? 0) ^ 0xff;
    await putRaw(store, 'pages', [{ ...first, sealed: altered }], [second.key]);
    await withMirror(store, async (mirror) => {
      const list = await value(mirror.readWorklist());
      expect(list?.rows.size).toBeGreaterThan(200);
      expect(list?.rows.size).toBeLessThan(700);
      expect((await value(mirror.quarantined())).map((one) => one.key).sort()).toEqual([first.key, second.key].sort());
      // The host's next whole list mends it.
      await value(
        mirror.applyWorklist(
          full(
            Array.from({ length: 700 }, (_unused, index) => rowOf(index)),
            2,
          ),
        ),
      );
      expect((await value(mirror.readWorklist()))?.rows.size).toBe(700);
    });
  });

  test('a lost manifest costs no draft', async () => {
    const store = freshStore();
    await withMirror(store, (mirror) => value(mirror.saveDraft(draftOf('No effusion.'))));
    await putRaw(store, 'manifests', [], ['drafts']);
    await withMirror(store, async (mirror) => {
      expect((await value(mirror.readDraft(draftOf(''))))?.sections['59776-5']).toBe('No effusion.');
    });
  });

  test('another user, or another key, finds an empty mirror and leaves this one as it is', async () => {
    const store = freshStore();
    await withMirror(store, (mirror) => value(mirror.saveDraft(draftOf('mine'))));
    for (const more of [{ user: 'reader-2' }, { key: otherKey }]) {
      await withMirror(store, async (mirror) => expect(await value(mirror.listDrafts())).toEqual([]), more);
    }
    await withMirror(store, async (mirror) => {
      expect((await value(mirror.listDrafts())).length).toBe(1);
      expect(await value(mirror.quarantined())).toEqual([]);
    });
  });

  test('the same content is never sealed to the same bytes, and the key is not to be had', async () => {
    const sealer = await createSealer('reader-1', key);
    const place = { table: 'drafts', key: 'k', version: 1 };
    const [one, two] = [await sealer.seal(place, 'words'), await sealer.seal(place, 'words')];
    expect(one).not.toEqual(two);
    expect(await sealer.open(place, one)).toBe('words');
    expect(JSON.stringify(sealer)).toBe('{}');
  });
});

test('a store that hangs is told as late within its deadline', async () => {
  const store = freshStore();
  const mirror = await openMirror({ user: 'reader-1', key, indexedDb: store });
  // A transaction of somebody else that never ends holds the table.
  const [{ name = '' } = {}] = await store.indexedDB.databases();
  const database = await new Promise<IDBDatabase>((resolve) => {
    const opening = store.indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
  });
  let hold = true;
  const blocking = database.transaction('manifests', 'readwrite').objectStore('manifests');
  const again = (): void => {
    if (hold) blocking.get('x').onsuccess = again;
  };
  again();
  const saved = await mirror.saveDraft(draftOf('words'));
  // By the deadline's own word: the store holds on for as long as it is asked to.
  expect(saved).toMatchObject({ ok: false, error: { code: 'late' } });
  hold = false;
  database.close();
  mirror.close();
});

describe('migrations', () => {
  /** What each released version stored. A line here is never edited: a change of the tables is a new line and a new version. */
  const released = [[1, ['changes', 'commands', 'drafts', 'manifests', 'pages', 'quarantine']]] as const;

  test('the tables are those of the newest released version', async () => {
    const store = freshStore();
    await withMirror(store, async () => undefined);
    const [{ name = '', version = 0 } = {}] = await store.indexedDB.databases();
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = store.indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
    });
    const newest = released.at(-1);
    // Dexie counts in tenths.
    expect([version / 10, [...database.objectStoreNames].sort()]).toEqual([newest?.[0], newest?.[1]]);
    database.close();
  });

  test('an older program leaves a newer store as it is, and says that it cannot open it', async () => {
    const store = freshStore();
    await withMirror(store, (mirror) => value(mirror.saveDraft(draftOf('of a newer program'))));
    const [{ name = '' } = {}] = await store.indexedDB.databases();
    await new Promise<void>((resolve) => {
      const opening = store.indexedDB.open(name, 20);
      opening.onupgradeneeded = () => opening.result.createObjectStore('of-version-2');
      opening.onsuccess = () => {
        opening.result.close();
        resolve();
      };
    });
    await expect(openMirror({ user: 'reader-1', key, indexedDb: store })).rejects.toThrow();
    expect((await rawRows(store, 'drafts')).rows.length).toBe(1);
    expect((await store.indexedDB.databases())[0]?.version).toBe(20);
  });
});
