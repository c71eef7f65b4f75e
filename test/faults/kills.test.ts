import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallInput } from '../../shared/api/index.ts';
import type { Order } from '../../shared/domain/order/index.ts';
import { parseStudyUid } from '../../shared/domain/study/index.ts';
import { draftOf, eventually, openForReading, rowWhere, signCommand } from '../host/case-driver.ts';
import { controlIdOf } from '../servers/hl7-receiver.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { signIn, type TestReader } from '../servers/overread-host/start-host.ts';
import { startChildHost } from './child-host.ts';
import { type OtherSite, startOtherSite } from './site.ts';

/** 20 in the ordinary run; `SCALE=10` makes 200 (npm run test:long). */
const kills = 20 * Number(process.env.SCALE ?? '1');
const password = 'long enough 1';

async function firstReader(url: string): Promise<TestReader> {
  await fetch(`${url}/api/accounts/first`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userName: 'tester', name: 'Dr T. Ester', password, npi: null }),
  });
  return signIn(url, 'tester', password);
}

describe.skipIf(orthancMissing !== null)('a host that is killed between any two steps of signing and delivery', () => {
  let site: OtherSite;
  beforeAll(async () => {
    site = await startOtherSite(4);
  }, 180_000);
  afterAll(async () => {
    await site?.stop();
  });

  async function signOnce(order: Order, killAt: number): Promise<readonly string[]> {
    const directory = await mkdtemp(join(tmpdir(), 'overread-kill-'));
    const before = site.receiver.messages.length;
    try {
      const first = await startChildHost({ directory, settings: site.settings(), killAt });
      let reader = await firstReader(first.url);
      const row = await rowWhere(
        reader,
        'the order with its images',
        (one) => one.accession === order.accession && one.link === 'order-and-images',
      );
      const detail = await openForReading(reader, row.taskId);
      const draft = draftOf(detail, reader, 'Words that must not be lost.', 'One final version.');
      await reader.call('saveDraft', {
        params: { taskId: row.taskId },
        input: { context: detail.context, draft: draft as never },
      });
      const command: CallInput<'sign'> = signCommand(detail, draft, 'final', password);
      await Promise.race([
        reader.call('sign', { params: { taskId: row.taskId }, input: command }).catch(() => null),
        first.ended,
      ]);
      // The kill may come after the answer, while the outbox delivers.
      await Promise.race([first.ended, new Promise((resolve) => setTimeout(resolve, 6_000))]);
      first.kill();
      await first.ended;

      const second = await startChildHost({ directory, settings: site.settings(), killAt: null });
      reader = await signIn(second.url, 'tester', password);
      await rowWhere(reader, 'the case after the restart', (one) => one.taskId === row.taskId);
      const again = await openForReading(reader, row.taskId, 2);
      const signedAlready = again.report.versions.length > 0;
      // What was acknowledged came back: the draft if the signature was not in the journal yet.
      if (!signedAlready) expect(again.draft?.sections['59776-5']).toBe('Words that must not be lost.');
      const repeat = signedAlready
        ? command
        : { ...command, context: again.context, fencingToken: again.claim?.fencingToken ?? null };
      const answered = await reader.call('sign', { params: { taskId: row.taskId }, input: repeat });
      expect(answered.ok ? null : answered.error).toBe(null);
      await eventually('every channel', async () => {
        const found = await reader.call('deliveries', { params: { taskId: row.taskId } });
        const done =
          found.ok &&
          found.value.deliveries.length === 3 &&
          found.value.deliveries.every((one) => one.state === (one.channel === 'hl7' ? 'accepted' : 'filed'));
        return done ? true : null;
      });

      const report = await reader.call('report', { params: { taskId: row.taskId } });
      expect(report.ok && report.value.report.state).toBe('final');
      expect(report.ok && report.value.report.versions.length).toBe(1);
      const inRecord = await site.record.search('DiagnosticReport', { 'based-on': `ServiceRequest/${order.id}` });
      expect(inRecord.ok && inRecord.value.length).toBe(1);
      const study = parseStudyUid(row.studyUid ?? '');
      const instances = study.ok ? await site.archive.instances(study.value) : null;
      expect(instances?.ok === true && instances.value.filter((one) => one.modality === 'SR').length).toBe(1);
      const messages = site.receiver.messages.slice(before);
      expect(new Set(messages.map(controlIdOf)).size).toBe(1);
      expect(new Set(messages).size).toBe(1);
      const verified = await reader.call('verifyReport', { params: { taskId: row.taskId } });
      expect(verified.ok && verified.value.versions.map((one) => one.verdict)).toEqual(['verified']);
      await second.stop();
      return first.steps;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  it(`ends with one final version, one SR and one message after each of ${kills} kills`, async () => {
    const killedAfter = new Map<string, number>();
    for (let kill = 1; kill <= kills; kill += 1) {
      const order = site.orders[kill - 1] ?? (await site.add(1))[0];
      if (order === undefined) throw new Error('no order left');
      const steps = await signOnce(order, ((kill - 1) % 21) + 1);
      const last = steps.at(-1) ?? 'none';
      killedAfter.set(last, (killedAfter.get(last) ?? 0) + 1);
    }
    console.log(`kills after each step: ${JSON.stringify(Object.fromEntries(killedAfter))}`);
    expect(killedAfter.size).toBeGreaterThanOrEqual(Math.min(kills, 15));
  }, 3_600_000);
});
