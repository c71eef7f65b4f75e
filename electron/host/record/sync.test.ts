import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';
import { createRecordSync, type SyncChange } from './sync.ts';
import type { ChangeCursor, RecordClient, RecordFailure, Versioned } from './types.ts';

function item(id: string, version: number, status: Task['status'] = 'requested'): Versioned<Task> {
  return {
    resource: { resourceType: 'Task', id, status, intent: 'order' },
    version: String(version),
    lastUpdated: instant(version * 1000),
  };
}

function failure(code: RecordFailure['code']): RecordFailure {
  return { code, asked: 'search Task', cameBack: code, message: code };
}

/** A record whose answers the test writes: what changed, what a search finds, what a read finds. */
function scripted() {
  const script = {
    now: instant(0) as Instant,
    trouble: null as RecordFailure | null,
    changes: [] as Versioned<Task>[],
    open: [] as Versioned<Task>[],
    stored: new Map<string, Versioned<Task>>(),
    searches: 0,
    cycles: 0,
  };
  const silent = () => undefined;
  const ports: Ports = {
    now: () => script.now,
    randomBytes: (count) => new Uint8Array(count),
    newId: () => 'id',
    log: { info: silent, warn: silent, error: silent },
  };
  const client = {
    name: 'scripted',
    changes: async () => {
      script.cycles += 1;
      if (script.trouble !== null) return err(script.trouble);
      const items = script.changes;
      script.changes = [];
      return ok({ items, cursor: { lastUpdated: '2026-03-01T08:00:00Z', seen: [] } });
    },
    search: async () => {
      script.searches += 1;
      return ok(script.open);
    },
    read: async (_type: string, id: string) => {
      const found = script.stored.get(id);
      return found === undefined ? err(failure('not-found')) : ok(found);
    },
  } as unknown as RecordClient;
  const troubles: (string | null)[] = [];
  const heard: SyncChange[] = [];
  const sync = createRecordSync(client, ['Task'], {
    ports,
    intervalMs: 60_000,
    nudgedMs: 5,
    openLists: [
      {
        type: 'Task',
        parameters: { status: 'requested' },
        isOpen: (resource) => resource.resourceType === 'Task' && resource.status === 'requested',
      },
    ],
    onTrouble: (trouble) => troubles.push(trouble?.code ?? null),
  });
  sync.onChange((change) => heard.push(change));
  return { script, sync, troubles, heard };
}

describe('the sync of the record', () => {
  it('tells of trouble once for each change of state, and when it is over', async () => {
    const { script, sync, troubles } = scripted();
    await sync.cycle();
    script.trouble = failure('unreachable');
    for (let times = 0; times < 5; times += 1) await sync.cycle();
    script.trouble = failure('unauthorised');
    await sync.cycle();
    expect(sync.trouble?.code).toBe('unauthorised');
    script.trouble = null;
    await sync.cycle();
    await sync.cycle();
    expect(troubles).toEqual(['unreachable', 'unauthorised', null]);
  });

  it('keeps what it knows while the record is away, and is complete only after a whole first reading', async () => {
    const { script, sync } = scripted();
    script.trouble = failure('unreachable');
    await sync.cycle();
    expect(sync.complete).toBe(false);
    script.trouble = null;
    script.changes = [item('a', 1)];
    await sync.cycle();
    script.trouble = failure('unreachable');
    await sync.cycle();
    expect(sync.complete).toBe(true);
    expect(sync.get('Task', 'a')?.version).toBe('1');
  });

  it('does not let an old version that is shown late replace a newer one', async () => {
    const { script, sync, heard } = scripted();
    sync.learn(item('a', 5, 'completed'));
    script.changes = [item('a', 4)];
    await sync.cycle();
    expect(sync.get('Task', 'a')?.resource.status).toBe('completed');
    expect(heard).toHaveLength(1);
  });

  it('finds once a day what no change ever showed, and drops what the record no longer has', async () => {
    const { script, sync, heard } = scripted();
    script.changes = [item('kept', 1), item('closed unseen', 1), item('removed by somebody', 1)];
    await sync.cycle();
    expect(script.searches).toBe(0);
    script.open = [item('kept', 1), item('never shown', 2)];
    script.stored.set('closed unseen', item('closed unseen', 3, 'completed'));
    script.now = instant(86_400_001);
    await sync.cycle();
    expect(script.searches).toBe(1);
    expect(
      sync
        .all('Task')
        .map((one) => `${one.resource.id} ${one.resource.status}`)
        .sort(),
    ).toEqual(['closed unseen completed', 'kept requested', 'never shown requested']);
    expect(heard.at(-1)?.gone).toEqual(['removed by somebody']);
    await sync.cycle();
    expect(script.searches).toBe(1);
  });

  it('looks again soon after a write of our own, then settles down, and stops when told', async () => {
    const { script, sync } = scripted();
    sync.start();
    await expect.poll(() => script.cycles).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(script.cycles).toBe(1);
    sync.nudge();
    await expect.poll(() => script.cycles).toBeGreaterThanOrEqual(5);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = script.cycles;
    expect(before).toBeLessThan(10);
    await sync.stop();
    sync.nudge();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(script.cycles).toBe(before);
  });

  it('goes on when a listener fails', async () => {
    const { script, sync, heard } = scripted();
    sync.onChange(() => {
      throw new Error('a bug');
    });
    script.changes = [item('a', 1)];
    expect((await sync.cycle()).ok).toBe(true);
    expect(heard).toHaveLength(1);
  });

  it('hands a type that is not kept on page by page, from the last page that was taken', async () => {
    const pages = [[item('a', 1)], [item('b', 2)], [item('c', 3)]];
    const taken: string[] = [];
    let reached: string | null = null;
    let refuses = true;
    const client = {
      changesByPage: async (
        _type: string,
        cursor: ChangeCursor | null,
        take: (items: readonly Versioned[], safe: ChangeCursor) => Promise<boolean>,
      ) => {
        const from = cursor === null ? 0 : Number(cursor.lastUpdated);
        for (const [index, page] of pages.entries())
          if (index >= from && !(await take(page, { lastUpdated: String(index + 1), seen: [] })))
            return ok({ whole: false });
        return ok({ whole: true, cursor: { lastUpdated: '3', seen: [] } });
      },
    } as unknown as RecordClient;
    const silent = () => undefined;
    const sync = createRecordSync(client, ['Task'], {
      ports: {
        now: () => instant(0),
        randomBytes: (count) => new Uint8Array(count),
        newId: () => 'id',
        log: { info: silent, warn: silent, error: silent },
      },
      streamed: [
        {
          type: 'Task',
          cursor: () => (reached === null ? null : { lastUpdated: reached, seen: [] }),
          take: async (items, safe) => {
            if (refuses && taken.length === 1) return false;
            taken.push(...items.map((one) => one.resource.id ?? ''));
            reached = safe?.lastUpdated ?? null;
            return true;
          },
          lost: () => false,
          reached: (cursor) => {
            reached = cursor?.lastUpdated ?? null;
          },
        },
      ],
    });
    await sync.cycle();
    expect([taken, sync.complete]).toEqual([['a'], false]);
    refuses = false;
    await sync.cycle();
    expect([taken, sync.complete]).toEqual([['a', 'b', 'c'], true]);
    expect(sync.all('Task')).toEqual([]);
  });
});
