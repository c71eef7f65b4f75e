import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallInput } from '../../shared/api/index.ts';
import { draftOf, eventually, openForReading, readyRow, signCommand } from '../host/case-driver.ts';
import { copyDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { startTestHost, type TestHost, type TestReader } from '../servers/overread-host/start-host.ts';

const journalThread = new URL('../../electron/host/journal/slow-disk.fixture.ts', import.meta.url);

describe('a signature on a disk that hangs', () => {
  let directory: string;
  let host: TestHost;
  let reader: TestReader;
  /** What befalls the disk the moment the next signature is written. */
  let next: 'slow' | 'dies' | null = null;
  const mark = (how: 'slow' | 'dies'): string => join(directory, 'journal', `journal.sqlite.${how}`);
  const heal = (): void => {
    next = null;
    for (const how of ['slow', 'dies'] as const) rmSync(mark(how), { force: true });
  };
  const start = async (): Promise<void> => {
    host = await startTestHost({
      directory,
      journalThread,
      ports: {
        step: (name) => {
          if (name === 'before-journal' && next !== null) writeFileSync(mark(next), 'signed');
        },
      },
    });
    reader = await host.signIn();
  };
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-slow-disk-'));
    await copyDrawnDay(directory);
    await start();
  }, 120_000);
  afterEach(async () => {
    heal();
    await host.stop({ keep: true });
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  async function readyToSign(): Promise<CallInput<'sign'>> {
    const row = await readyRow(reader);
    const detail = await openForReading(reader, row.taskId);
    const draft = draftOf(detail, reader, 'Words that must not be lost.', 'Normal.');
    const saved = await reader.call('saveDraft', {
      params: { taskId: row.taskId },
      input: { context: detail.context, draft: draft as never },
    });
    if (!saved.ok) throw new Error(saved.error.message);
    return signCommand(detail, draft, 'final', 'demo');
  }
  const sign = async (input: CallInput<'sign'>): Promise<string> => {
    const answered = await reader.call('sign', { params: { taskId: input.draft.taskId }, input });
    return answered.ok ? 'signed' : `${answered.error.code}: ${answered.error.message}`;
  };
  /** The one version that there is to be, once it is out. */
  const expectOneFinal = async (taskId: string): Promise<void> => {
    const view = await eventually('the final report', async () => {
      const found = await reader.call('report', { params: { taskId } });
      return found.ok && found.value.report.state === 'final' ? found.value.report : null;
    });
    expect(view.versions.map((one) => [one.version, one.state, one.returned])).toEqual([[1, 'final', null]]);
    const timeline = await reader.call('timeline', { params: { taskId } });
    const types = timeline.ok ? timeline.value.events.map((event) => event.type) : [];
    expect(types.filter((type) => type === 'report.signed' || type === 'report.final')).toEqual([
      'report.signed',
      'report.final',
    ]);
  };

  it('is told as not known yet, to every press, until the disk has told; then the same press has signed once', async () => {
    const press = await readyToSign();
    next = 'slow';
    expect(await sign(press)).toMatch(/^not-known: .*not known yet whether the signature was saved/);
    next = null;
    expect(await sign(press)).toMatch(/^not-known/);
    const another = { ...press, commandId: crypto.randomUUID() };
    expect(await sign(another)).toMatch(/^not-known/);
    heal();
    expect(await sign(press)).toBe('signed');
    expect(await sign(another)).toMatch(/^not-a-legal-move/);
    expect(await sign(press)).toBe('signed');
    await expectOneFinal(press.draft.taskId);
  }, 120_000);

  it('that was saved after all is found by the same press after a restart', async () => {
    const press = await readyToSign();
    next = 'slow';
    expect(await sign(press)).toMatch(/^not-known/);
    heal();
    await host.stop({ keep: true });
    await start();
    expect(await sign(press)).toBe('signed');
    await expectOneFinal(press.draft.taskId);
  }, 180_000);

  it('that was not saved, since the host died in the write, is made by the same press after a restart, once', async () => {
    const press = await readyToSign();
    next = 'dies';
    expect(await sign(press)).toMatch(/^not-known/);
    expect(await sign(press)).toMatch(/^not-known/);
    heal();
    await host.stop({ keep: true });
    await start();
    await eventually('the case to be there again', async () => {
      const row = await reader.call('worklist', { input: {} });
      return row.ok && row.value.rows.some((one) => one.taskId === press.draft.taskId) ? true : null;
    });
    const words = await reader.call('readDraft', { params: { taskId: press.draft.taskId } });
    expect(words.ok && words.value.draft?.sections['59776-5']).toBe('Words that must not be lost.');
    expect(await sign(press)).toBe('signed');
    expect(await sign(press)).toBe('signed');
    await expectOneFinal(press.draft.taskId);
  }, 180_000);
});
