import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import { eventually, openForReading } from '../host/case-driver.ts';
import { type OpenPair, pairOfDay, writePair } from '../host/pair-driver.ts';
import { copyDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { signIn, type TestReader } from '../servers/overread-host/start-host.ts';
import { type ChildHost, startChildHost } from './child-host.ts';

type Step = Parameters<ChildHost['arm']>[0];

/** After the note of the move, between its two exams, and after the last of them. */
const moves: readonly Step[] = [
  { name: 'move.noted', nth: 1 },
  { name: 'move.one', nth: 1 },
  { name: 'move.one', nth: 2 },
];
const words = ['No haemorrhage.', 'No rib fracture.'];

describe('a host that is killed while one report over two exams is on its way to another reader’s signature', () => {
  let directory: string;
  let host: ChildHost;
  let resident: TestReader;
  let reader: TestReader;
  let head: WorklistRow;
  let chest: WorklistRow;
  let epoch: number;

  const start = async (): Promise<void> => {
    host = await startChildHost({ directory, settings: {}, killAt: null });
    [resident, reader] = await Promise.all([signIn(host.url, 'resident', 'demo'), signIn(host.url, 'reader', 'demo')]);
  };
  /** It dies in the middle of what is asked of it, and the next life begins. */
  const dies = async (step: Step, asked: () => Promise<unknown>): Promise<void> => {
    await host.arm(step);
    await Promise.race([asked().catch(() => null), host.ended]);
    expect(await host.ended, `${step.name} ${step.nth}`).toBe('SIGKILL');
    await start();
  };
  const done = async (asked: () => Promise<{ readonly ok: boolean; readonly error?: unknown }>): Promise<void> => {
    const answered = await asked();
    expect(answered.ok ? null : answered.error).toBeNull();
  };
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-given-kill-'));
    await copyDrawnDay(directory);
    await start();
    [head, chest] = await pairOfDay(resident);
    epoch = 0;
  }, 120_000);
  afterEach(async () => {
    await host?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const params = ({ taskId }: WorklistRow) => ({ taskId });
  const rows = async (): Promise<readonly WorklistRow[]> => {
    const list = await reader.call('worklist', { input: {} });
    const all = list.ok ? list.value.rows : [];
    return [head, chest].flatMap(({ taskId }) => all.find((row) => row.taskId === taskId) ?? []);
  };
  const both = (what: string, fits: (row: WorklistRow) => boolean): Promise<true> =>
    eventually(what, async () => {
      const found = await rows();
      return found.length === 2 && found.every(fits) ? true : null;
    });
  const isGiven = (row: WorklistRow): boolean => row.desk?.pending !== undefined;
  const isFree = (row: WorklistRow): boolean => row.desk?.pending === undefined;
  const openBoth = async (who: TestReader, row: WorklistRow): Promise<OpenPair> => {
    epoch += 1;
    return writePair(who, await openForReading(who, row.taskId, epoch), row === head);
  };
  /** Her words of both exams, as she wrote them first or as they came back. */
  const written = async (): Promise<OpenPair> => {
    const pair = await openBoth(resident, head);
    const input = { context: pair.detail.context, draft: pair.draft as never };
    const saved = await resident.call('saveDraft', { params: params(head), input });
    expect(saved.ok ? null : saved.error).toBeNull();
    return pair;
  };
  const wordsOfDraft = ({ draft }: CaseDetail): readonly unknown[] => [
    draft?.sections['59776-5'],
    draft?.together?.[0]?.texts['59776-5'],
  ];
  /** One press, as often as it is sent. */
  const pressOf = (pair: OpenPair) => {
    const input = pair.command();
    return () => resident.call('giveToSign', { params: params(head), input });
  };
  const given = async (): Promise<void> => {
    await done(pressOf(await written()));
  };
  /** One press over both, and whoever looks at either is shown the words of both. */
  const waitsWhole = async (): Promise<void> => {
    await both('it waits on both exams', isGiven);
    expect(new Set((await rows()).map((row) => row.desk?.pending?.press)).size).toBe(1);
    for (const row of [head, chest]) {
      epoch += 1;
      const looked = await reader.call('openCase', { params: params(row), input: { mode: 'look', epoch } });
      const pending = looked.ok ? looked.value.pending : undefined;
      const texts = pending?.report?.sections.map((one) => one.text).join(' ') ?? '';
      expect([pending?.trouble, words.filter((one) => texts.includes(one))]).toEqual([null, words]);
      await reader.call('closeCase', { params: params(row), input: { epoch } });
    }
  };
  const told = async (type: string, times: number): Promise<void> => {
    for (const row of [head, chest]) {
      const found = await eventually(`${times} of ${type}`, async () => {
        const timeline = await reader.call('timeline', { params: params(row) });
        const all = timeline.ok ? timeline.value.events.filter((event) => event.type === type) : [];
        return all.length >= times ? all : null;
      });
      expect(found).toHaveLength(times);
    }
  };

  it('has given both or neither, and taken back both or neither, with every word, at every step', async () => {
    await dies({ name: 'pending-kept', nth: 1 }, pressOf(await written()));
    expect((await rows()).map(isFree)).toEqual([true, true]);
    for (const step of moves) {
      const give = pressOf(await written());
      await dies(step, give);
      // Her computer sends it again at once, while the next life still finishes what was begun.
      await done(give);
      await waitsWhole();
      const takeBack = () => resident.call('takeBack', { params: params(chest) });
      await dies(step, takeBack);
      await done(takeBack);
      await both('both are hers again', (row) => isFree(row) && row.reader?.id === resident.id);
      epoch += 1;
      expect(wordsOfDraft(await openForReading(resident, head.taskId, epoch))).toEqual(words);
    }
    const last = pressOf(await written());
    await dies({ name: 'pending-given', nth: 1 }, last);
    await done(last);
    await waitsWhole();
    await told('report.givenToSign', 4);
    await told('report.takenBack', 3);
  }, 240_000);

  it('has sent back both or neither at every step, and each is told once', async () => {
    for (const step of moves) {
      await given();
      const opened = await openBoth(reader, chest);
      const input = { fencingToken: opened.detail.claim?.fencingToken ?? null, words: 'The rib again.' };
      const sendBack = () => reader.call('sendBack', { params: params(chest), input });
      await dies(step, sendBack);
      await done(sendBack);
      await both('both are back with their writer', (row) => isFree(row) && row.desk?.sentBack !== undefined);
      expect((await rows()).map((row) => [row.reader, row.desk?.assigned?.reader])).toEqual([
        [null, resident.id],
        [null, resident.id],
      ]);
      epoch += 1;
      const back = await openForReading(resident, head.taskId, epoch);
      expect(wordsOfDraft(back)).toEqual(words);
      expect(back.pending?.sentBack?.words).toBe('The rib again.');
    }
    await told('report.sentBack', 3);
  }, 240_000);

  it.each([
    // Signed in the journal of a host, and out for neither exam; then out for one of them.
    { name: 'journaled', nth: 1 },
    { name: 'task-written', nth: 1 },
    { name: 'exam-released', nth: 1 },
  ])(
    'has signed it for both exams, once: killed at $name',
    async (step) => {
      await given();
      const signs = await openBoth(reader, chest);
      const command = signs.command();
      const sign = () => reader.call('sign', { params: params(chest), input: command });
      await dies(step, sign);
      await done(sign);
      const digests = new Set<string>();
      for (const row of [head, chest]) {
        const versions = await eventually('its final', async () => {
          const found = await reader.call('report', { params: params(row) });
          return found.ok && found.value.report.state === 'final' ? found.value.report.versions : null;
        });
        expect(versions).toHaveLength(1);
        const content = versions[0]?.content;
        expect(content).toMatchObject({ taskId: row.taskId, dictatedBy: { id: resident.id, changed: false } });
        const texts = content?.sections.map((one) => one.text).join(' ') ?? '';
        expect(words.filter((one) => texts.includes(one))).toEqual(words);
        digests.add(content?.dictatedBy?.digest ?? '');
      }
      expect(digests.size).toBe(2);
      await both('nothing waits there any more', isFree);
      await told('report.final', 1);
    },
    120_000,
  );
});
