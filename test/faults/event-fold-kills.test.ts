import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type EventTable, openEventTable } from '../../electron/host/events/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import type { FoldQuestion } from './event-fold-child.ts';
import { eventsUpTo, lastPage, pagesOfEvents, stampOf } from './folded-pages.ts';

const days = Array.from({ length: 30 }, (_day, at) => `2026-11-${String(at + 1).padStart(2, '0')}`);

async function foldAndDie(question: FoldQuestion): Promise<{ readonly pageBegun: boolean; readonly all: boolean }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./event-fold-child.ts', import.meta.url))], {
    env: { ...process.env, OVERREAD_FOLD: JSON.stringify(question) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (bytes: Buffer) => {
    printed += bytes.toString();
  });
  const signal = await new Promise((resolve) => child.once('exit', (_code, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  return { pageBegun: /^page/m.test(printed), all: /^all/m.test(printed) };
}

describe('the event table of a host that is killed while it folds what came from the record', () => {
  const openTable = async (directory: string, said: string[] = []): Promise<EventTable> => {
    const ring = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!ring.ok) throw new Error(ring.error.message);
    const say = (message: string): void => void said.push(message);
    const ports = testPorts({ log: { info: say, warn: say, error: say } });
    return openEventTable({ directory, keyRing: ring.value, ports, source: 'the record' });
  };

  it('has every event up to the stamp that it tells, goes on from there, and counts none twice', async () => {
    const whole = await mkdtemp(join(tmpdir(), 'overread-fold-'));
    const killed = await mkdtemp(join(tmpdir(), 'overread-fold-kill-'));
    try {
      const all = await openTable(whole);
      const folding = all.begin();
      for (const [number, page] of pagesOfEvents().entries()) await folding.fold(page, stampOf(number));
      const figures = await all.days(days);
      await all.close();

      let inTheMiddle = 0;
      // Early and late in a page, and page after page over one folder: what one kill left is what the next start goes on from.
      for (const [kill, afterMilliseconds] of [1, 3, 6, 10, 15, 22, 30, 45].entries()) {
        const { pageBegun, all: finished } = await foldAndDie({
          directory: killed,
          killIn: kill + 1,
          afterMilliseconds,
        });
        const said: string[] = [];
        const table = await openTable(killed, said);
        // A kill is no damage: nothing is made anew.
        expect(said).toEqual([]);
        const { reached } = table.begin();
        const page = reached === null ? -1 : pagesOfEvents().findIndex((_page, number) => stampOf(number) === reached);
        expect(reached === null || page >= 0).toBe(true);
        if (pageBegun && !finished && page < lastPage) inTheMiddle += 1;
        const here = eventsUpTo(page);
        // Of what it does not tell it has nothing: a page is there whole or not at all.
        for (const taskId of eventsUpTo(lastPage).keys()) expect(table.of(taskId)).toEqual(here.get(taskId) ?? []);
        await table.close();
      }
      expect(inTheMiddle).toBeGreaterThan(0);

      const last = await openTable(killed);
      const rest = last.begin();
      for (const [number, page] of pagesOfEvents().entries())
        if (rest.reached === null || stampOf(number) > rest.reached) await rest.fold(page, stampOf(number));
      for (const [taskId, events] of eventsUpTo(lastPage)) expect(last.of(taskId)).toEqual(events);
      expect(await last.days(days)).toEqual(figures);
      await last.close();
    } finally {
      await rm(whole, { recursive: true, force: true });
      await rm(killed, { recursive: true, force: true });
    }
  }, 180_000);
});
