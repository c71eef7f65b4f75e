import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '../../../shared/lib/instant.ts';
import { type OpenedJournal, openJournal } from '../journal/index.ts';
import { openKeyRing } from '../keys/index.ts';
import type { Ports } from '../ports.ts';
import { openSignedStore } from './signed-store.ts';

const ports: Ports = {
  now: () => instant(Date.now()),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  newId: () => crypto.randomUUID(),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
};

describe('the fate of a signed version, on a disk that hangs', () => {
  let directory: string;
  let journal: OpenedJournal;
  const mark = (): string => join(directory, 'journal', 'journal.sqlite.slow');
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-signed-'));
    const ring = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!ring.ok) throw new Error(ring.error.message);
    const thread = new URL('../journal/slow-disk.fixture.ts', import.meta.url);
    const opened = await openJournal({ directory, keyRing: ring.value, ports, thread, deadline: 300 });
    if (!opened.ok) throw new Error(opened.error.message);
    journal = opened.value;
  });
  afterEach(async () => {
    await rm(mark(), { force: true });
    await journal.close();
    await rm(directory, { recursive: true, force: true });
  });

  it.each(['released', 'returned'] as const)(
    'is %s once the disk has told, and nothing is decided before',
    async (fate) => {
      const late: string[] = [];
      const store = await openSignedStore(journal, (taskId) => late.push(taskId));
      const version = { digest: 'd1', content: { taskId: 'rt-1' } } as never;
      await journal.append([{ kind: 'signed', key: 'rt-1', body: { phase: 'signed', version } }]);
      store.took('rt-1', { phase: 'signed', version });
      await writeFile(mark(), 'signed');
      const told =
        fate === 'released'
          ? await store.release('rt-1', 'd1', instant(1))
          : await store.giveBack('rt-1', 'd1', 'The order was cancelled.', instant(1));
      expect([told, store.byDigest('d1')?.standing.kind, store.isSettled('d1'), late]).toEqual([
        false,
        'waiting',
        false,
        [],
      ]);
      await rm(mark());
      await expect.poll(() => store.isSettled('d1')).toBe(true);
      expect([store.byDigest('d1')?.standing.kind, late]).toEqual([fate, ['rt-1']]);
      // And it is what a restart reads.
      expect((await openSignedStore(journal)).byDigest('d1')?.standing.kind).toBe(fate);
    },
  );
});
