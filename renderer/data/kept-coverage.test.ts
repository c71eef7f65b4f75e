import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { type KeptCoverage, noCoverage, notePainted, placesOf } from '../../shared/domain/coverage/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { openMirror } from './mirror.ts';

const draft: Draft = {
  taskId: 'task-1',
  studyUid: '1.2.3',
  readerId: 'reader-1',
  kind: 'report',
  baseVersion: 0,
  revision: 1,
  sections: { '55752-0': '', '55111-9': '', '18834-2': '', '59776-5': 'No effusion.', '19005-8': '' },
  addendum: '',
  reason: '',
  measurements: [],
  savedAt: instant(1_000),
};

function seen(taskId: string, place: number): KeptCoverage {
  const painted = { place, scale: 1, window: { center: 40, width: 400 } };
  const series = { '1.1': notePainted(noCoverage('1', '1.1', ['a#1', 'b#1', 'c#1']), painted) };
  return { taskId, readerId: 'reader-1', savedAt: instant(1), series };
}

async function value<Value>(outcome: Promise<{ ok: boolean; value?: Value; error?: unknown }>): Promise<Value> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(JSON.stringify(settled.error));
  return settled.value as Value;
}

test('what was on the screen is kept beside the draft, added to what was there, and is no draft', async () => {
  const store = { indexedDB: new IDBFactory(), IDBKeyRange };
  const key = btoa('0123456789abcdef0123456789abcdef');
  const mirror = await openMirror({ user: 'reader-1', key, indexedDb: store, now: () => 5_000 });
  try {
    await value(mirror.saveDraft(draft));
    await value(mirror.saveCoverage(seen('task-1', 0)));
    await value(mirror.saveCoverage(seen('task-1', 2)));
    await value(mirror.saveCoverage(seen('task-2', 1)));
    const kept = await value(mirror.readCoverage('task-1'));
    expect(placesOf(kept?.series['1.1']?.shown ?? [])).toEqual([0, 2]);
    expect((await value(mirror.listDrafts())).map((one) => one.sections['59776-5'])).toEqual(['No effusion.']);
    expect((await value(mirror.listCoverage())).map((one) => one.taskId).sort()).toEqual(['task-1', 'task-2']);
    await value(mirror.forgetCoverage('task-1'));
    expect(await value(mirror.readCoverage('task-1'))).toBeNull();
    expect((await value(mirror.listDrafts())).length).toBe(1);
    expect(await value(mirror.quarantined())).toEqual([]);
  } finally {
    mirror.close();
  }
});
