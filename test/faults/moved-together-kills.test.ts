import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorklistRow } from '../../shared/api/index.ts';
import { eventually, openForReading } from '../host/case-driver.ts';
import { copyDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { signIn, type TestReader } from '../servers/overread-host/start-host.ts';
import { startChildHost } from './child-host.ts';

/** After the note, after the first exam, after the last and before its events are all written. */
const kills = [
  { name: 'move.noted', nth: 1 },
  { name: 'move.one', nth: 1 },
  { name: 'move.one', nth: 2 },
] as const;

async function pairOf(reader: TestReader): Promise<readonly [WorklistRow, WorklistRow] | null> {
  const list = await reader.call('worklist', { input: {} });
  const [one, other] = (list.ok ? list.value.rows : []).filter(
    (row) => row.patient.name.startsWith('Hazelbourne') && row.images.present >= (row.images.expected ?? 1),
  );
  return one === undefined || other === undefined ? null : [one, other];
}

describe('a host that is killed between two writes of a pass of two exams that go together', () => {
  it.each(kills)(
    'finishes it at the next start: both are free, each was told once ($name $nth)',
    async (kill) => {
      const directory = await mkdtemp(join(tmpdir(), 'overread-move-kill-'));
      try {
        await copyDrawnDay(directory);
        const first = await startChildHost({ directory, settings: {}, killAt: null, killAtStep: kill });
        let reader = await signIn(first.url, 'reader', 'demo');
        const [row, other] = await eventually('the pair', () => pairOf(reader));
        const detail = await openForReading(reader, row.taskId);
        const token = detail.claim?.fencingToken ?? 0;
        const claimed = await reader.call('claimLinked', {
          params: { taskId: row.taskId },
          input: { fencingToken: token },
        });
        expect(claimed.ok && claimed.value.exams.map((one) => one.standing)).toEqual(['yours']);
        const input = { fencingToken: token, reason: 'wrong-subspecialty', words: 'paediatric' } as const;
        await Promise.race([
          reader.call('passStudy', { params: { taskId: row.taskId }, input }).catch(() => null),
          first.ended,
        ]);
        expect(await first.ended).toBe('SIGKILL');

        const second = await startChildHost({ directory, settings: {}, killAt: null });
        reader = await signIn(second.url, 'reader', 'demo');
        for (const { taskId } of [row, other]) {
          await eventually('the exam to be free', async () => {
            const list = await reader.call('worklist', { input: {} });
            const now = list.ok ? list.value.rows.find((one) => one.taskId === taskId) : undefined;
            return now?.state === 'queued' && now.reader === null ? true : null;
          });
          const told = await eventually('its event', async () => {
            const times = await reader.call('timeline', { params: { taskId } });
            const all = times.ok ? times.value.events.filter((one) => one.type === 'task.released') : [];
            return all.length > 0 ? all : null;
          });
          expect(told).toHaveLength(1);
          expect(told[0]?.detail).toContain('passed on, wrong subspecialty: paediatric');
        }
        await second.stop();
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    420_000,
  );
});
