import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordClient } from '../../electron/host/record/index.ts';
import type { RecordClient } from '../../electron/host/record/types.ts';
import { anOrder } from '../builders/hl7-messages.ts';
import { type FhirRouterServer, startFhirRouter } from '../servers/fhir-router/server.ts';
import { freePort } from '../servers/free-port.ts';
import { connectMllp, type MllpSender } from '../servers/mllp-sender.ts';
import { startTestHost, type TestHost, type TestReader, testPorts } from '../servers/overread-host/start-host.ts';
import { eventually } from './case-driver.ts';
import { addPeople, testPassword } from './people.ts';

describe('two hosts of one group that both listen for a site’s messages', { timeout: 120_000 }, () => {
  let router: FhirRouterServer;
  let record: RecordClient;
  const hosts: TestHost[] = [];
  const folders: string[] = [];
  const senders: MllpSender[] = [];
  const readers: TestReader[] = [];
  beforeAll(async () => {
    router = await startFhirRouter();
    record = createRecordClient({
      name: 'router',
      baseUrl: router.url,
      credentials: { kind: 'none' },
      fetch: (request) => fetch(request),
      ports: testPorts(),
    });
    for (const _ of ['north', 'south']) {
      const directory = await mkdtemp(join(tmpdir(), 'overread-listener-'));
      folders.push(directory);
      await addPeople(directory, { ann: 'radiologist' });
      const port = await freePort();
      const host = await startTestHost({
        directory,
        settings: {
          demo: false,
          record: { kind: 'remote', url: router.url, credentials: { kind: 'none' } },
          hl7Listen: [
            {
              host: '127.0.0.1',
              port,
              siteId: 'larkspur',
              zone: 'America/Denver',
              characterSet: null,
              accession: 'auto',
            },
          ],
        },
      });
      hosts.push(host);
      readers.push(await host.signIn('ann', testPassword));
      senders.push(await connectMllp(port));
    }
  }, 120_000);
  afterAll(async () => {
    for (const sender of senders) sender.close();
    for (const host of hosts) await host.stop();
    await router?.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  const orderOf = async (accession: string) => {
    const all = await record.search('ServiceRequest', {});
    if (!all.ok) throw new Error(all.error.message);
    return all.value.filter(({ resource }) => resource.identifier?.some((one) => one.value === accession));
  };
  const only = async (accession: string) => {
    const found = await orderOf(accession);
    expect(found).toHaveLength(1);
    return found[0] as (typeof found)[number];
  };
  const changesTold = (reader: TestReader, accession: string) =>
    eventually('the change on the timeline', async () => {
      const list = await reader.call('worklist', { input: {} });
      const row = list.ok ? list.value.rows.find((one) => one.accession === accession) : undefined;
      if (row === undefined) return null;
      const found = await reader.call('timeline', { params: { taskId: row.taskId } });
      const changes = found.ok ? found.value.events.filter((event) => event.type === 'order.changed') : [];
      return changes.length > 0 ? changes : null;
    });
  const both = (text: string) => Promise.all(senders.map((sender) => sender.send(text)));
  const [north, south] = [() => senders[0] as MllpSender, () => senders[1] as MllpSender];

  it('make one order of one message that came to both at once, and of one that was repeated to the other', async () => {
    const answers = await both(anOrder({ controlId: 'T1', number: 'P1', accession: 'LK1' }));
    expect(answers.map((one) => one.code)).toEqual(['AA', 'AA']);
    await only('LK1');

    await north().send(anOrder({ controlId: 'T2', number: 'P2', accession: 'LK2' }));
    const before = await only('LK2');
    const repeat = await south().send(anOrder({ controlId: 'T2', number: 'P2', accession: 'LK2' }));
    expect(repeat).toMatchObject({ code: 'AA', controlId: 'T2' });
    expect((await only('LK2')).version).toBe(before.version);
  });

  it('are not set back by a repeat to the other host with a new time of sending, and tell a change once', async () => {
    const at = (minute: number) => `202603080${200 + minute}00-0700`;
    const made = { number: 'P3', accession: 'LK3' };
    await north().send(anOrder({ ...made, controlId: 'T3', at: at(10) }));
    const change = { ...made, controlId: 'T4', control: 'XO', priority: 'R' };
    await both(anOrder({ ...change, at: at(20) }));
    const changed = await only('LK3');
    expect(changed.resource.priority).toBe('routine');
    // The acknowledgement of the first was lost, and its sender comes to the other host with it, later.
    const repeat = await south().send(anOrder({ ...made, controlId: 'T3', at: at(30) }));
    expect(repeat.code).toBe('AA');
    expect(await only('LK3')).toMatchObject({ version: changed.version });
    for (const reader of readers) {
      const told = await changesTold(reader, 'LK3');
      expect(told.map((event) => event.detail)).toEqual([expect.stringContaining('changed by ORM^O01 T4')]);
    }
  });

  it('tell a change that came to the one before it had heard of the order from the other', async () => {
    const made = { number: 'P4', accession: 'LK4' };
    expect((await north().send(anOrder({ ...made, controlId: 'T5', at: '20260308021000-0700' }))).code).toBe('AA');
    // To the other host alone, at once: the exam is on no list of its own yet.
    const change = { ...made, controlId: 'T6', control: 'XO', priority: 'R', at: '20260308022000-0700' };
    expect((await south().send(anOrder(change))).code).toBe('AA');
    for (const reader of readers) {
      const told = await changesTold(reader, 'LK4');
      expect(told.map((event) => event.detail)).toEqual([expect.stringContaining('changed by ORM^O01 T6')]);
    }
  });
});
