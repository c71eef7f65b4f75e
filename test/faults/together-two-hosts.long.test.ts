import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallInput } from '../../shared/api/index.ts';
import type { Order } from '../../shared/domain/order/index.ts';
import { dutyFromFhir, dutyLeaseId, taskFromFhir } from '../../shared/interop/fhir/index.ts';
import { draftOf, eventually, openForReading, rowWhere, signCommand } from '../host/case-driver.ts';
import { addPeople, testPassword } from '../host/people.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { signIn, type TestReader } from '../servers/overread-host/start-host.ts';
import { type ChildHost, startChildHost } from './child-host.ts';
import { type OtherSite, startOtherSite } from './site.ts';

/** Steps of releasing one report over two exams at which the host that releases it dies. */
const killsAt = [
  { name: 'task-written', nth: 1 },
  { name: 'exam-released', nth: 1 },
  { name: 'task-written', nth: 2 },
  { name: 'before-record', nth: 2 },
] as const;

describe.skipIf(orthancMissing !== null)('two hosts of a group and one report over two accessions', () => {
  let site: OtherSite;
  let folders: string;
  const pairs: (readonly [Order, Order])[] = [];
  beforeAll(async () => {
    site = await startOtherSite(0);
    folders = await mkdtemp(join(tmpdir(), 'overread-two-together-'));
    // Only the northern host is given the accounts: the southern one finds them in the record.
    await addPeople(join(folders, 'north'), { ann: 'radiologist' });
    for (const _kill of killsAt) pairs.push(await site.addLinkedPair());
  }, 240_000);
  afterAll(async () => {
    await site?.stop();
    await rm(folders, { recursive: true, force: true });
  });

  const start = (name: 'north' | 'south', killAtStep?: (typeof killsAt)[number]): Promise<ChildHost> =>
    startChildHost({
      directory: join(folders, name),
      settings: site.settings({
        listen: { address: '127.0.0.1', port: 0, tls: null, origins: [], groupKey: 'the key of this group' },
      }),
      killAt: null,
      ...(killAtStep === undefined ? {} : { killAtStep }),
    });
  const holder = async (): Promise<string | null> => {
    const read = await site.record.read('Basic', dutyLeaseId('deliver'));
    const lease = read.ok ? dutyFromFhir(read.value.resource) : null;
    return lease?.ok === true && lease.value.until > Date.now() ? lease.value.holder : null;
  };

  const commandOf = async (reader: TestReader, [one, other]: readonly [Order, Order]) => {
    const ready = (order: Order) =>
      rowWhere(
        reader,
        `${order.accession} with its images`,
        (row) => row.accession === order.accession && row.link === 'order-and-images' && row.linked !== undefined,
      );
    const [row] = [await ready(one), await ready(other)];
    const detail = await openForReading(reader, row.taskId, 1);
    const claimed = await reader.call('claimLinked', {
      params: { taskId: row.taskId },
      input: { fencingToken: detail.claim?.fencingToken ?? 0 },
    });
    const linked = claimed.ok ? claimed.value.exams[0] : undefined;
    if (linked === undefined) throw new Error(claimed.ok ? 'nothing goes with it' : claimed.error.message);
    const { taskId, studyUid, accession } = linked.context;
    const texts = { '55111-9': linked.technique, '59776-5': 'Words of the other exam.', '19005-8': 'Normal.' };
    const together = [
      { taskId, studyUid: studyUid ?? '', accession, exam: linked.exam, studyDate: linked.studyDate, texts },
    ];
    const draft = draftOf(detail, reader, 'Words that must not be lost.', 'Normal.', { together });
    await reader.call('saveDraft', {
      params: { taskId: row.taskId },
      input: { context: detail.context, draft: draft as never },
    });
    const input: CallInput<'sign'> = {
      ...signCommand(detail, draft, 'final', testPassword),
      together: [{ context: linked.context, exam: linked.exam, fencingToken: linked.fencingToken }],
    };
    return { input, tasks: [row.taskId, taskId as string] };
  };

  /** What stands outside of every host of ours about one accession. */
  async function outside(taskId: string, order: Order) {
    const task = await site.record.read('Task', taskId);
    const read = task.ok ? taskFromFhir(task.value.resource) : null;
    const released = read?.ok === true ? read.value.task.released : null;
    const reports = await site.record.search('DiagnosticReport', { 'based-on': `ServiceRequest/${order.id}` });
    const signatures = await site.record.search('Provenance', {
      target: `DiagnosticReport/${released?.reportId ?? 'none'}`,
    });
    return {
      released,
      reports: reports.ok ? reports.value.map((one) => [one.resource.id, one.resource.status]) : [],
      signatures: signatures.ok ? signatures.value.length : -1,
      messages: site.receiver.messages.filter((one) => one.includes(`|${order.accession}|`)),
    };
  }

  it.each(killsAt.map((kill, place) => ({ ...kill, place })))(
    'where the one that releases it is killed at $name $nth, the other ends it: each accession has one report, one signature, one message',
    async ({ place, name, nth }) => {
      const pair = pairs[place];
      if (pair === undefined) throw new Error('no pair');
      const north = await start('north', { name, nth } as (typeof killsAt)[number]);
      await eventually('the northern host to deliver', holder, 120_000);
      const south = await start('south');
      try {
        const ann = await signIn(north.url, 'ann', testPassword);
        const { input, tasks } = await commandOf(ann, pair);
        const press = { params: { taskId: tasks[0] ?? '' }, input };
        await Promise.race([ann.call('sign', press).catch(() => null), north.ended]);
        expect(await north.ended).toBe('SIGKILL');
        expect(north.steps.at(-1)).toBe(name);

        const there = await eventually('the account on the southern host', () =>
          signIn(south.url, 'ann', testPassword).catch(() => null),
        );
        // Her page did not hear what came of the press and sends it again.
        await eventually('an answer to the same press', async () => {
          const answered = await there.call('sign', press);
          return answered.ok ? true : null;
        });
        for (const [which, order] of pair.entries()) {
          const taskId = tasks[which] ?? '';
          const found = await eventually(
            `all of ${order.accession}`,
            async () => {
              const now = await outside(taskId, order);
              return now.released !== null && now.reports.length > 0 && now.signatures > 0 && now.messages.length > 0
                ? now
                : null;
            },
            150_000,
          );
          expect(found.released).toMatchObject({ version: 1, kind: 'final' });
          expect(found.reports).toEqual([[found.released?.reportId, 'final']]);
          expect(found.signatures).toBe(1);
          const report = await there.call('report', { params: { taskId } });
          expect(report.ok && report.value.report.versions.map((one) => [one.version, one.returned])).toEqual([
            [1, null],
          ]);
          const times = await there.call('timeline', { params: { taskId } });
          const types = times.ok ? times.value.events.map((event) => event.type) : [];
          for (const type of ['report.signed', 'report.final'] as const)
            expect([type, types.filter((one) => one === type).length]).toEqual([type, 1]);
        }
        // A moment for a second one to come, were there one.
        await new Promise((resolve) => setTimeout(resolve, 4_000));
        for (const [which, order] of pair.entries())
          expect((await outside(tasks[which] ?? '', order)).messages).toHaveLength(1);
      } finally {
        north.kill();
        await south.stop();
      }
    },
    400_000,
  );
});
