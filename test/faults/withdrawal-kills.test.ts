import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallInput } from '../../shared/api/index.ts';
import { draftOf, eventually, openForReading, readyForFinal, rowWhere, signCommand } from '../host/case-driver.ts';
import { copyDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { signIn, type TestReader } from '../servers/overread-host/start-host.ts';
import { startChildHost } from './child-host.ts';

/** The durable steps of a withdrawal before which the host dies; the second report that is put is the withdrawal's own. */
const killsAt = [
  { name: 'report-put', nth: 2 },
  { name: 'withdrawal-task', nth: 1 },
  { name: 'withdrawal-call', nth: 2 },
  { name: 'withdrawal-tell-lead', nth: 1 },
  { name: 'withdrawal-offer', nth: 1 },
] as const;

describe('a host that is killed between any two steps of a withdrawal', () => {
  async function withdrawOnce(killAtStep: (typeof killsAt)[number]): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), 'overread-withdrawal-kill-'));
    try {
      await copyDrawnDay(directory);
      const first = await startChildHost({ directory, settings: {}, killAt: null, killAtStep });
      let reader = await signIn(first.url, 'reader', 'demo');
      const row = await readyForFinal(reader);
      const right = await rowWhere(
        reader,
        'the right exam',
        (one) =>
          one.state === 'queued' &&
          one.desk?.pending === undefined &&
          one.patient.id !== row.patient.id &&
          one.studyUid !== null,
      );
      const params = { taskId: row.taskId };
      const detail = await openForReading(reader, row.taskId);
      const sign = signCommand(detail, draftOf(detail, reader, 'Of another patient.', 'Normal.'), 'final', 'demo');
      const signed = await reader.call('sign', { params, input: sign });
      expect(signed.ok ? signed.value.report.state : signed.error).toBe('final');
      const filed = async (who: TestReader, count: number): Promise<true | null> => {
        const found = await who.call('deliveries', { params });
        const all = found.ok ? found.value.deliveries : [];
        return all.length === count && all.every((one) => one.state === 'filed') ? true : null;
      };
      await eventually('the report at its receivers', () => filed(reader, 2));
      const command: CallInput<'withdrawReport'> = {
        commandId: crypto.randomUUID(),
        context: detail.context,
        shown: sign.shown,
        version: 1,
        why: 'wrong-patient',
        reason: 'Dictated into the wrong exam.',
        rightTaskId: right.taskId,
        password: 'demo',
      };
      await Promise.race([reader.call('withdrawReport', { params, input: command }).catch(() => null), first.ended]);
      await Promise.race([first.ended, new Promise((resolve) => setTimeout(resolve, 6_000))]);
      first.kill();
      await first.ended;
      expect(first.steps.filter((one) => one === killAtStep.name).length, 'it died at that step').toBe(killAtStep.nth);

      const second = await startChildHost({ directory, settings: {}, killAt: null });
      reader = await signIn(second.url, 'reader', 'demo');
      await rowWhere(reader, 'the exam after the restart', (one) => one.taskId === row.taskId);
      // The page asks again with the same id: it is one withdrawal, whether or not the first was taken.
      const again = { ...command, context: { ...command.context } };
      const answered = await reader.call('withdrawReport', { params, input: again });
      expect(answered.ok ? null : answered.error).toBe(null);
      const view = await eventually('the withdrawal at every receiver', async () => {
        const asked = await reader.call('caseWithdrawal', { params });
        return asked.ok && asked.value.withdrawal?.finished === true ? asked.value.withdrawal : null;
      });
      const report = await reader.call('report', { params });
      expect(report.ok && report.value.report.versions.map((one) => one.kind)).toEqual(['final', 'withdrawal']);
      const verified = await reader.call('verifyReport', { params });
      expect(verified.ok && verified.value.versions.map((one) => one.verdict)).toEqual(['verified', 'verified']);
      const list = await reader.call('worklist', { input: {} });
      const ofStudy = list.ok ? list.value.rows.filter((one) => one.studyUid === row.studyUid) : [];
      expect(ofStudy.map((one) => one.taskId).sort()).toEqual([row.taskId, view.againTaskId ?? ''].sort());
      const lead = await signIn(second.url, 'lead', 'demo');
      for (const taskId of [row.taskId, right.taskId]) {
        const thread = await lead.call('caseMessages', { params: { taskId } });
        expect(thread.ok && thread.value.messages.map((one) => one.to).sort()).toEqual(['lead', 'site']);
        const calls = await reader.call('caseCriticals', { params: { taskId } });
        expect(calls.ok && calls.value.results.map((one) => one.level)).toEqual([1]);
      }
      const offered = await reader.call('caseWithdrawal', { params: { taskId: right.taskId } });
      expect(offered.ok && offered.value.offered.length).toBe(1);
      const times = await reader.call('timeline', { params });
      const types = times.ok ? times.value.events.map((event) => event.type) : [];
      for (const type of ['report.withdrawn', 'report.withdrawal.finished'] as const)
        expect(types.filter((one) => one === type)).toHaveLength(1);
      await second.stop();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  for (const killAt of killsAt)
    it(`is finished at every receiver, told once and offered once: killed at ${killAt.name} ${killAt.nth}`, async () => {
      await withdrawOnce(killAt);
    }, 180_000);
});
