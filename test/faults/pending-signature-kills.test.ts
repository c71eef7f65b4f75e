import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallInput } from '../../shared/api/index.ts';
import { draftOf, eventually, openForReading, readyForFinal, rowWhere, signCommand } from '../host/case-driver.ts';
import { copyDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { signIn } from '../servers/overread-host/start-host.ts';
import { startChildHost } from './child-host.ts';

/** Between the two writes of the record, and between the second and what is told of it. */
const killsAt = ['pending-kept', 'pending-given'] as const;

describe('a host that is killed while a report is given to be signed', () => {
  for (const name of killsAt)
    it(`has given it once after the same press, with every word: killed at ${name}`, async () => {
      const directory = await mkdtemp(join(tmpdir(), 'overread-pending-kill-'));
      try {
        await copyDrawnDay(directory);
        const killAtStep = { name, nth: 1 };
        const first = await startChildHost({ directory, settings: {}, killAt: null, killAtStep });
        let resident = await signIn(first.url, 'resident', 'demo');
        const { taskId } = await readyForFinal(resident);
        const params = { taskId };
        const detail = await openForReading(resident, taskId);
        const draft = draftOf(detail, resident, 'Words that must not be lost.', 'One report.');
        const input = { context: detail.context, draft: draft as never };
        expect((await resident.call('saveDraft', { params, input })).ok).toBe(true);
        const command: CallInput<'giveToSign'> = signCommand(detail, draft, 'final', 'demo');
        await Promise.race([resident.call('giveToSign', { params, input: command }).catch(() => null), first.ended]);
        expect(await first.ended).toBe('SIGKILL');

        const second = await startChildHost({ directory, settings: {}, killAt: null });
        resident = await signIn(second.url, 'resident', 'demo');
        const row = await rowWhere(resident, 'the study after the restart', (one) => one.taskId === taskId);
        const given = row.desk?.pending !== undefined;
        expect(given).toBe(name === 'pending-given');
        const again = given ? command : await reopened(resident, taskId, command);
        const answered = await resident.call('giveToSign', { params, input: again });
        expect(answered.ok ? null : answered.error).toBeNull();
        const reader = await signIn(second.url, 'reader', 'demo');
        const opened = await openForReading(reader, taskId, 2);
        const words = opened.pending?.report?.sections.find((one) => one.code === '59776-5')?.text;
        expect(words).toBe('Words that must not be lost.');
        const types = await eventually('what was told of it', async () => {
          const found = await resident.call('timeline', { params });
          const all = found.ok ? found.value.events.filter((event) => event.type === 'report.givenToSign') : [];
          return all.length > 0 ? all : null;
        });
        expect(types).toHaveLength(1);
        await second.stop();
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    }, 180_000);
});

/** The claim outlived the host, and the draft with it. */
async function reopened(
  resident: Awaited<ReturnType<typeof signIn>>,
  taskId: string,
  command: CallInput<'giveToSign'>,
): Promise<CallInput<'giveToSign'>> {
  const again = await openForReading(resident, taskId, 3);
  expect(again.draft?.sections['59776-5']).toBe('Words that must not be lost.');
  return { ...command, context: again.context, fencingToken: again.claim?.fencingToken ?? null };
}
