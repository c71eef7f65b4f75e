import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Question } from '../../shared/domain/question/index.ts';
import { dutyFromFhir, dutyLeaseId, questionToFhir } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { eventually, rowWhere } from '../host/case-driver.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import type { TestReader } from '../servers/overread-host/start-host.ts';
import { type Rig, startRig } from './rig.ts';
import { type OtherSite, startOtherSite } from './site.ts';

describe.skipIf(orthancMissing !== null)('who calls people, of two hosts over one record', () => {
  let site: OtherSite;
  let here: Rig;
  let there: Rig;
  beforeAll(async () => {
    site = await startOtherSite(2);
    // Two seconds, so that the night does not take ten minutes.
    here = await startRig(site, { codeEscalationMinutes: 1 / 30 });
    await eventually('the first host to take the duty', holder);
    there = await startRig(site, { codeEscalationMinutes: 1 / 30 });
  }, 240_000);
  afterAll(async () => {
    await there?.stop();
    await here?.recordProxy.stop();
    await here?.archiveProxy.stop();
    if (here !== undefined) await rm(here.directory, { recursive: true, force: true });
    await site?.stop();
  });

  const holder = async (): Promise<string | null> => {
    const read = await site.record.read('Basic', dutyLeaseId('escalate'));
    const lease = read.ok ? dutyFromFhir(read.value.resource) : null;
    return lease?.ok === true ? lease.value.holder : null;
  };
  const eventsOf = async (reader: TestReader, taskId: string, type: string) => {
    const found = await reader.call('timeline', { params: { taskId } });
    return found.ok ? found.value.events.filter((event) => event.type === type) : [];
  };
  /** A question that the site has left alone since three hours ago. */
  const silentSince = async (id: string, taskId: string, siteId: string): Promise<void> => {
    const question: Question = {
      ...{ id, taskId, orderId: null, siteId, patientReference: null, kind: 'history', words: '' },
      ...{
        asker: { id: 'ann', name: 'Dr Ann' },
        askedAt: instant(Date.now() - 3 * 3_600_000),
        state: { kind: 'asked' },
      },
    };
    const written = await site.record.put(questionToFhir(question));
    if (!written.ok) throw new Error(written.error.message);
  };

  it('is one of them: it raises and escalates a code and notes a silent site once, and the other goes on when it ends', async () => {
    const [order, other] = site.orders;
    if (order === undefined || other === undefined) throw new Error('no orders');
    const asked = await site.record.read('ServiceRequest', order.id);
    if (!asked.ok) throw new Error(asked.error.message);
    await site.record.put(
      { ...asked.value.resource, priority: 'stat', reasonCode: [{ text: 'Code stroke, weakness since 01:20' }] },
      { ifMatch: asked.value.version },
    );
    const row = await rowWhere(
      here.ann,
      'the code',
      (one) => one.accession === order.accession && one.codeStudy !== undefined,
    );
    const later = await rowWhere(here.ann, 'the other', (one) => one.accession === other.accession);
    await silentSince('silent-one', row.taskId, order.site?.id ?? '');
    for (const reader of [here.ann, there.bob]) {
      await eventually('the code raised and escalated', async () =>
        (await eventsOf(reader, row.taskId, 'code.escalated')).length >= 1 ? true : null,
      );
      expect(await eventsOf(reader, row.taskId, 'code.raised')).toHaveLength(1);
      await eventually('the silent site noted', async () =>
        (await eventsOf(reader, row.taskId, 'order.query.escalated')).length === 1 ? true : null,
      );
    }
    // Both screens hear it, whichever host wrote it down.
    for (const reader of [here.ann, there.bob]) {
      const codes = await reader.call('codes');
      expect(codes.ok && codes.value.alerts.map((one) => one.taskId)).toEqual([row.taskId]);
    }

    const before = await holder();
    expect(before).not.toBeNull();
    // The first host has it and ends; what comes now is for the other.
    await here.host.stop({ keep: true });
    await silentSince('silent-two', later.taskId, other.site?.id ?? '');
    await eventually('the other host to note it', async () =>
      (await eventsOf(there.bob, later.taskId, 'order.query.escalated')).length === 1 ? true : null,
    );
    const after = await holder();
    expect(after).not.toBeNull();
    expect(after).not.toBe(before);
  }, 240_000);
});
