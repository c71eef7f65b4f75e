import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateDemoDay } from '../../electron/host/demo/index.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import type { WorklistRow } from '../../shared/api/index.ts';
import type { Party } from '../../shared/domain/message/index.ts';
import { orderToResources } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { startFaultProxy } from '../servers/fault-proxy/index.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { startTestHost, testPorts } from '../servers/overread-host/start-host.ts';
import { eventually, rowWhere, type TestHost, type TestReader } from './case-driver.ts';
import { addPeople, testPassword } from './people.ts';

const larkspur = 'site-larkspur';
const hostile = '<img src=x onerror=alert(1)>\n=cmd|’calc’!A1\u202e\u0007 {{7*7}}';
const send = (who: TestReader, taskId: string, to: Party, words: string, commandId = crypto.randomUUID()) =>
  who.call('sendMessage', { params: { taskId }, input: { commandId, to, words } });
const sendFromDesk = (desk: TestReader, taskId: string, to: Party, words: string, commandId = crypto.randomUUID()) =>
  desk.call('siteMessage', { params: { taskId }, input: { commandId, to, words } });
const wordsOf = async (who: TestReader, taskId: string) => {
  const found = await who.call('caseMessages', { params: { taskId } });
  return found.ok ? found.value.messages.map((one) => one.words) : found.error;
};

describe('messages of a case, between reader, lead and site', () => {
  let host: TestHost;
  let reader: TestReader;
  let lead: TestReader;
  let desk: TestReader;
  let row: WorklistRow;
  beforeAll(async () => {
    host = await startDrawnDay();
    [reader, lead, desk] = await Promise.all([host.signIn(), host.signIn('lead'), host.signIn('site')]);
    row = await rowWhere(
      reader,
      'a study of the site of which nobody has written',
      (one) => one.site?.id === larkspur && one.reader === null && one.matters?.messages === undefined,
    );
  });
  afterAll(async () => {
    await host?.stop();
  });

  it('come once however often the answer gets lost, wait on the other side’s page, and say who saw them first', async () => {
    const { taskId } = row;
    const commandId = crypto.randomUUID();
    const first = await send(reader, taskId, 'site', 'Please hold her in the scanner room.', commandId);
    const again = await send(reader, taskId, 'site', 'Please hold her in the scanner room.', commandId);
    expect([first, again].map((one) => one.ok && one.value.messages.length)).toEqual([1, 1]);
    const shown = await desk.call('siteDesk');
    const [message] = shown.ok ? shown.value.messages.filter((one) => one.taskId === taskId) : [];
    expect(message).toMatchObject({ from: 'reader', to: 'site', seen: null, sender: { name: reader.name } });

    const seen = await desk.call('siteMessagesSeen', { params: { taskId }, input: { ids: [message?.id ?? ''] } });
    expect(seen.ok && seen.value.messages.find((one) => one.id === message?.id)?.seen?.by.name).toBe(desk.name);
    const back = await sendFromDesk(desk, taskId, 'reader', hostile);
    expect(back.ok ? null : back.error).toBe(null);
    const listed = await rowWhere(
      reader,
      'the message on the list',
      (one) => one.taskId === taskId && one.matters?.messages?.forReader === 1,
    );
    expect(listed.matters?.messages).toEqual({ count: 2, seen: 1, forReader: 1, forLead: 0 });
    const thread = await reader.call('caseMessages', { params: { taskId } });
    // Kept as typed, but for what would turn it around or ring on screen.
    expect(thread.ok && thread.value.messages[1]?.words).toBe('<img src=x onerror=alert(1)>\n=cmd|’calc’!A1 {{7*7}}');
    expect(thread.ok && thread.value.waiting).toEqual([thread.ok ? thread.value.messages[1]?.id : '']);
    // The lead sees the thread; it does not wait for the lead, so that her look marks nothing as seen.
    await lead.call('messagesSeen', { params: { taskId }, input: { ids: thread.ok ? thread.value.waiting : [] } });
    const still = await lead.call('caseMessages', { params: { taskId } });
    expect(still.ok && [still.value.waiting, still.value.messages[1]?.seen]).toEqual([[], null]);
    const looked = await reader.call('messagesSeen', {
      params: { taskId },
      input: { ids: thread.ok ? thread.value.waiting : [] },
    });
    expect(looked.ok && [looked.value.waiting, looked.value.messages[1]?.seen?.by.name]).toEqual([[], reader.name]);
  });

  it('stand on the timeline and in the dispute file by who and when, and not by what was written', async () => {
    const { taskId } = row;
    const told = await eventually('the messages on the timeline', async () => {
      const timeline = await reader.call('timeline', { params: { taskId } });
      const found = timeline.ok ? timeline.value.events.filter((one) => one.type === 'case.message') : [];
      return found.length === 4 ? found : null;
    });
    expect(told.map((one) => one.detail)).toEqual([
      'reader to site',
      'seen: reader to site',
      'site to reader',
      'seen: site to reader',
    ]);
    expect(JSON.stringify(told)).not.toMatch(/scanner room|onerror/);
    const dispute = await lead.call('dispute', { params: { taskId } });
    expect(dispute.ok ? JSON.stringify(dispute.value) : '').toContain('site to reader');
  });

  it('between reader and lead are none of the site’s, and no reviewer’s', async () => {
    const { taskId } = row;
    expect((await send(reader, taskId, 'lead', 'I am not sure that this is ours.')).ok).toBe(true);
    await rowWhere(
      lead,
      'it on the lead’s list',
      (one) => one.taskId === taskId && one.matters?.messages?.forLead === 1,
    );
    const shown = await desk.call('siteDesk');
    expect(shown.ok && JSON.stringify(shown.value)).not.toContain('not sure that this is ours');
    const qa = await host.signIn('qa');
    expect(await wordsOf(qa, taskId)).toMatchObject({ code: 'forbidden' });
    expect(await send(qa, taskId, 'reader', 'x')).toMatchObject({ error: { code: 'forbidden' } });
  });

  it('go to nobody whom the sender may not write to, are never empty or too long, and are not about another site’s study', async () => {
    const { taskId } = row;
    expect(await send(reader, taskId, 'reader', 'to myself')).toMatchObject({ error: { code: 'forbidden' } });
    expect(await send(reader, taskId, 'site', '  \n ')).toMatchObject({ error: { code: 'bad-request' } });
    expect(await send(reader, taskId, 'site', 'x'.repeat(2_001))).toMatchObject({ error: { code: 'bad-request' } });
    const foreign = await rowWhere(reader, 'another site’s', (one) => one.site !== null && one.site.id !== larkspur);
    const refused = await sendFromDesk(desk, foreign.taskId, 'reader', 'hello');
    expect(refused).toEqual(await sendFromDesk(desk, 'task-none', 'reader', 'hello'));
    expect(await wordsOf(reader, foreign.taskId)).toEqual([]);
  });
});

describe('two hosts over one record', () => {
  it('have a message once: its answer was lost, it is sent again at the other host, and both show one that is seen once', async () => {
    const router = await startFhirRouter();
    const proxy = await startFaultProxy({ target: router.url });
    const folders = await Promise.all([0, 1].map(() => mkdtemp(join(tmpdir(), 'overread-messages-'))));
    const hosts: TestHost[] = [];
    try {
      const record = createRecordClient({
        name: 'router',
        baseUrl: router.url,
        credentials: { kind: 'none' },
        fetch: (request) => fetch(request),
        ports: testPorts(),
      });
      const order = generateDemoDay({ now: instant(Date.now()), seed: 7 }).orders.find(
        (one) => one.site?.id === larkspur,
      );
      if (order === undefined) throw new Error('no order of the site');
      for (const resource of Object.values(orderToResources({ ...order, patientReference: 'patient-one' })))
        if (resource !== null && 'resourceType' in resource) await record.put(resource as never);
      for (const [place, folder] of folders.entries()) {
        await addPeople(folder, { ann: 'radiologist', bea: 'site' });
        hosts.push(
          await startTestHost({
            directory: folder,
            settings: {
              demo: false,
              record: { kind: 'remote', url: place === 0 ? proxy.url : router.url, credentials: { kind: 'none' } },
            },
          }),
        );
      }
      const [here, there] = hosts as [TestHost, TestHost];
      const ann = await here.signIn('ann', testPassword);
      const desk = await there.signIn('bea', testPassword);
      const { taskId } = await rowWhere(ann, 'the order here', (one) => one.accession === order.accession);
      await rowWhere(await there.signIn('ann', testPassword), 'the order there', (one) => one.taskId === taskId);

      // The record takes it, and its answer does not come back.
      const commandId = crypto.randomUUID();
      proxy.setRules([{ path: 'Communication/', method: 'PUT', times: 4, fault: { kind: 'drop-after' } }]);
      const lost = await send(ann, taskId, 'site', 'Said once.', commandId);
      expect(lost.ok).toBe(false);
      proxy.clear();
      const again = await send(ann, taskId, 'site', 'Said once.', commandId);
      expect(again.ok ? null : again.error).toBe(null);
      const seenThere = await eventually('the message at the other host', async () => {
        const shown = await desk.call('siteDesk');
        return shown.ok && shown.value.messages.length > 0 ? shown.value.messages : null;
      });
      expect(seenThere.map((one) => one.words)).toEqual(['Said once.']);
      const ids = seenThere.map((one) => one.id);
      await Promise.all([
        desk.call('siteMessagesSeen', { params: { taskId }, input: { ids } }),
        desk.call('siteMessagesSeen', { params: { taskId }, input: { ids } }),
      ]);
      const known = await eventually('the look at the first host', async () => {
        const thread = await ann.call('caseMessages', { params: { taskId } });
        return thread.ok && thread.value.messages[0]?.seen != null ? thread.value.messages : null;
      });
      expect(known.map((one) => [one.words, one.seen?.by.name])).toEqual([['Said once.', desk.name]]);
      const events = await eventually('one event for each step', async () => {
        const timeline = await ann.call('timeline', { params: { taskId } });
        const found = timeline.ok ? timeline.value.events.filter((one) => one.type === 'case.message') : [];
        return found.length >= 2 ? found : null;
      });
      expect(events.map((one) => one.detail)).toEqual(['reader to site', 'seen: reader to site']);
    } finally {
      for (const host of hosts) await host.stop();
      await proxy.stop();
      await router.close();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
