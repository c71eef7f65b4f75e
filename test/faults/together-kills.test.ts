import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallInput, WorklistRow } from '../../shared/api/index.ts';
import { draftOf, eventually, openForReading, signCommand } from '../host/case-driver.ts';
import { copyDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { signIn, type TestReader } from '../servers/overread-host/start-host.ts';
import { startChildHost } from './child-host.ts';

/** The n-th durable step of signing and delivering one report over two exams at which the host dies. */
const killsAt = [1, 2, 3, 5, 7, 8, 9, 11, 14];

async function pairOf(reader: TestReader): Promise<readonly [WorklistRow, WorklistRow] | null> {
  const list = await reader.call('worklist', { input: {} });
  const found = (list.ok ? list.value.rows : []).filter(
    (row) => row.patient.name.startsWith('Hazelbourne') && row.images.present >= (row.images.expected ?? 1),
  );
  const [one, other] = found;
  return one === undefined || other === undefined ? null : [one, other];
}

describe('a host that is killed between any two steps of one report over two exams', () => {
  const commandOf = async (reader: TestReader, row: WorklistRow, epoch: number): Promise<CallInput<'sign'>> => {
    const detail = await openForReading(reader, row.taskId, epoch);
    const claimed = await reader.call('claimLinked', {
      params: { taskId: row.taskId },
      input: { fencingToken: detail.claim?.fencingToken ?? 0 },
    });
    const other = claimed.ok ? claimed.value.exams[0] : undefined;
    if (other === undefined) throw new Error(claimed.ok ? 'nothing goes with it' : claimed.error.message);
    const { taskId, studyUid, accession } = other.context;
    const texts = { '55111-9': other.technique, '59776-5': 'Words of the other exam.', '19005-8': 'Normal.' };
    const together = [
      { taskId, studyUid: studyUid ?? '', accession, exam: other.exam, studyDate: other.studyDate, texts },
    ];
    const draft = draftOf(detail, reader, 'Words that must not be lost.', 'Normal.', { together });
    await reader.call('saveDraft', {
      params: { taskId: row.taskId },
      input: { context: detail.context, draft: draft as never },
    });
    return {
      ...signCommand(detail, draft, 'final', 'demo'),
      together: [{ context: other.context, exam: other.exam, fencingToken: other.fencingToken }],
    };
  };

  async function signOnce(killAt: number): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'overread-together-kill-'));
    try {
      await copyDrawnDay(directory);
      const first = await startChildHost({ directory, settings: {}, killAt });
      let reader = await signIn(first.url, 'reader', 'demo');
      const [row, other] = await eventually('the pair', () => pairOf(reader));
      const command = await commandOf(reader, row, 1);
      await Promise.race([
        reader.call('sign', { params: { taskId: row.taskId }, input: command }).catch(() => null),
        first.ended,
      ]);
      await Promise.race([first.ended, new Promise((resolve) => setTimeout(resolve, 6_000))]);
      first.kill();
      await first.ended;

      const second = await startChildHost({ directory, settings: {}, killAt: null });
      reader = await signIn(second.url, 'reader', 'demo');
      await eventually('the pair after the restart', () => pairOf(reader));
      const known = await reader.call('report', { params: { taskId: row.taskId } });
      const signedAlready = known.ok && known.value.report.versions.length > 0;
      if (!signedAlready) {
        const kept = await reader.call('readDraft', { params: { taskId: row.taskId } });
        expect(kept.ok && kept.value.draft?.together?.[0]?.texts['59776-5']).toBe('Words of the other exam.');
      }
      const repeat = signedAlready ? command : { ...(await commandOf(reader, row, 2)), commandId: command.commandId };
      const answered = await reader.call('sign', { params: { taskId: row.taskId }, input: repeat });
      expect(answered.ok ? null : answered.error).toBe(null);
      for (const { taskId } of [row, other]) {
        await eventually('every channel', async () => {
          const found = await reader.call('deliveries', { params: { taskId } });
          const done =
            found.ok &&
            found.value.deliveries.length === 2 &&
            found.value.deliveries.every((one) => one.state === 'filed');
          return done ? true : null;
        });
        const report = await reader.call('report', { params: { taskId } });
        expect(report.ok && report.value.report.state).toBe('final');
        expect(report.ok && report.value.report.versions.length).toBe(1);
        const content = report.ok ? report.value.report.versions[0]?.content : undefined;
        expect(content?.sections.map((section) => section.text)).toEqual(
          expect.arrayContaining(['Words that must not be lost.', 'Words of the other exam.']),
        );
        const verified = await reader.call('verifyReport', { params: { taskId } });
        expect(verified.ok && verified.value.versions.map((one) => one.verdict)).toEqual(['verified']);
        const times = await reader.call('timeline', { params: { taskId } });
        const types = times.ok ? times.value.events.map((event) => event.type) : [];
        for (const type of ['report.signed', 'report.final'] as const)
          expect(types.filter((one) => one === type)).toHaveLength(1);
      }
      await second.stop();
      return first.steps.at(-1) ?? 'none';
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  it(`ends with one final version under each accession after each of ${killsAt.length} kills`, async () => {
    const killedAfter: string[] = [];
    for (const killAt of killsAt) killedAfter.push(`${killAt} ${await signOnce(killAt)}`);
    console.log(`kills behind these steps: ${killedAfter.join(', ')}`);
  }, 900_000);
});
