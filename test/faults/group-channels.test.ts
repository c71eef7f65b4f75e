import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../electron/host/settings/index.ts';
import { type ChannelValues, usualValues } from '../../shared/domain/delivery/index.ts';
import type { Order } from '../../shared/domain/order/index.ts';
import { eventually, rowWhere } from '../host/case-driver.ts';
import { addPeople, testPassword } from '../host/people.ts';
import { controlIdOf } from '../servers/hl7-receiver.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { quickPace } from '../servers/overread-host/quick-pace.ts';
import { signIn, startTestHost, type TestHost, type TestReader } from '../servers/overread-host/start-host.ts';
import { type ChildHost, startChildHost } from './child-host.ts';
import type { ChildQuestion } from './host-child.ts';
import { openOrder, signFinal, untilDelivered, untilState } from './rig.ts';
import { type OtherSite, startOtherSite } from './site.ts';

/** North is a process of its own that can be killed; south is one that its operator has laid open no folder on. */
describe.skipIf(orthancMissing !== null)('where sites’ reports go, over two hosts of one group', () => {
  let site: OtherSite;
  let place: string;
  let north: ChildHost;
  let south: TestHost;

  const settings = (more: Partial<Settings> = {}): Partial<Settings> =>
    site.settings({
      hl7: [],
      listen: {
        ...{ address: '127.0.0.1', port: 0, tls: null, origins: [] },
        groupKey: 'a key that both hosts have, long enough',
      },
      ...more,
    });
  const startNorth = async (killAtStep?: ChildQuestion['killAtStep']): Promise<ChildHost> =>
    startChildHost({
      ...{ directory: join(place, 'north'), settings: settings({ gatewayFolders: [place] }), killAt: null },
      ...(killAtStep === undefined ? {} : { killAtStep }),
    });
  beforeAll(async () => {
    site = await startOtherSite(2);
    place = await mkdtemp(join(tmpdir(), 'overread-group-channels-'));
    await mkdir(join(place, 'fax'));
    await addPeople(join(place, 'north'), { ann: 'radiologist', lea: 'lead' });
    // It dies in the moment in which the first message is about to go.
    north = await startNorth({ name: 'oru-send', nth: 1 });
    await rowWhere(await at(north, 'ann'), 'the first order in the north', (one) => one.link === 'order-and-images');
    south = await startTestHost({
      ...{ directory: join(place, 'south'), settings: settings(), ports: { pace: quickPace() } },
    });
  }, 240_000);
  afterAll(async () => {
    await north?.stop();
    await south?.stop();
    await site?.stop();
    await rm(place, { recursive: true, force: true });
  });

  /** The accounts of the group come to each host by the record. */
  const at = (host: { readonly url: string }, who: 'ann' | 'lea'): Promise<TestReader> =>
    eventually(`${who} at the host`, () => signIn(host.url, who, testPassword).catch(() => null));
  const order = (which: number): Order => {
    const found = site.orders[which];
    if (found === undefined) throw new Error('no order left');
    return found;
  };
  const siteId = (which: number): string => order(which).site?.id ?? '';
  const seen = async (lead: TestReader) => {
    const answered = await lead.call('siteChannels');
    if (!answered.ok) throw new Error(answered.error.message);
    return answered.value;
  };
  const siteIn = async (lead: TestReader, id: string) => (await seen(lead)).sites.find((one) => one.id === id);
  const ris = (): ChannelValues => ({
    ...{ ...usualValues('hl7'), host: '127.0.0.1', port: String(site.receiver.port), pdf: 'no' },
    ...{ receivingApplication: 'RIS', receivingFacility: 'SITE' },
  });
  const keepHl7 = async (lead: TestReader, id: string, version: string, values = ris()) =>
    lead.call('keepChannel', { input: { ...{ siteId: id, channel: 'hl7', values, recipients: [] }, version } });

  it('a channel that a lead sets at one host is sent by at the other, once, when the first one is killed before it has sent', async () => {
    const [lead, other] = [await at(north, 'lea'), await at(south, 'lea')];
    await eventually('the site', async () => (await siteIn(lead, siteId(0))) ?? null);
    expect((await keepHl7(lead, siteId(0), (await seen(lead)).version)).ok).toBe(true);
    expect((await seen(other)).group).toBe(true);
    const there = (await siteIn(other, siteId(0)))?.channels.find(({ channel }) => channel === 'hl7');
    expect(there).toMatchObject({ values: ris(), changed: { by: 'Dr lea' }, hindrance: null });
    const files = await Promise.all(
      ['north', 'south'].map((name) => readFile(join(place, name, 'settings.json'), 'utf8').catch(() => '')),
    );
    expect(files.join()).not.toContain('RIS');

    const opened = await openOrder(await at(north, 'ann'), order(0), 'Words of the north.');
    await signFinal(await at(north, 'ann'), opened).catch(() => null);
    expect(await north.ended).toBe('SIGKILL');
    const ann = await at(south, 'ann');
    await untilState(ann, opened.taskId, 'final');
    await untilDelivered(ann, opened.taskId);
    const messages = site.receiver.messages.filter((one) => one.includes(order(0).accession ?? ''));
    expect(messages.map(controlIdOf)).toHaveLength(1);
  }, 240_000);

  it('a change over what another lead has changed at the other host is refused, and what one takes away is gone at both', async () => {
    north = await startNorth();
    const [lead, other] = [await at(north, 'lea'), await at(south, 'lea')];
    await eventually('the site', async () => (await siteIn(lead, siteId(0))) ?? null);
    const [before, beforeThere] = [(await seen(lead)).version, (await seen(other)).version];
    expect(beforeThere).toBe(before);
    expect((await keepHl7(lead, siteId(0), before, { ...ris(), text: 'formatted' })).ok).toBe(true);
    expect(await keepHl7(other, siteId(0), beforeThere, { ...ris(), text: 'repetitions' })).toMatchObject({
      ok: false,
      error: { code: 'not-a-legal-move', message: expect.stringMatching(/Somebody changed the channels/) },
    });
    const now = await siteIn(other, siteId(0));
    expect(now?.channels.find(({ channel }) => channel === 'hl7')?.values.text).toBe('formatted');
    const gone = await other.call('removeChannel', {
      input: { siteId: siteId(0), channel: 'hl7', version: (await seen(other)).version },
    });
    expect(gone.ok).toBe(true);
    const left = await siteIn(lead, siteId(0));
    expect(left?.channels.some(({ channel }) => channel === 'hl7')).toBe(false);
    expect(left?.removed).toMatchObject([{ channel: 'hl7', by: 'Dr lea' }]);
  }, 120_000);

  it('what the host that delivers cannot send waits for the one that can, which is given the duty, and goes out once', async () => {
    const [lead, other] = [await at(north, 'lea'), await at(south, 'lea')];
    await eventually('the site', async () => (await siteIn(lead, siteId(1))) ?? null);
    const kept = await lead.call('keepChannel', {
      input: {
        ...{ siteId: siteId(1), channel: 'fax', values: { to: 'folder', folder: join(place, 'fax') } },
        recipients: [{ name: 'Reports desk', address: '+12065550142', orderer: null, usual: true }],
        version: (await seen(lead)).version,
      },
    });
    expect(kept.ok ? null : kept.error).toBe(null);
    const there = (await siteIn(other, siteId(1)))?.channels.find(({ channel }) => channel === 'fax');
    expect(there?.hindrance).toMatch(/This host cannot send by it: .* waits for a host of the group that can\./);
    const here = (await siteIn(lead, siteId(1)))?.channels.find(({ channel }) => channel === 'fax');
    expect(here?.hindrance).toBe(null);

    const ann = await at(south, 'ann');
    const opened = await openOrder(ann, order(1), 'Words of the south.', 3);
    expect((await signFinal(ann, opened)).ok).toBe(true);
    const faxOf = async () => {
      const found = await ann.call('deliveries', { params: { taskId: opened.taskId } });
      return found.ok ? found.value.deliveries.find(({ channel }) => channel === 'fax') : undefined;
    };
    await eventually('the south to say that it cannot', async () => {
      const fax = await faxOf();
      return fax?.proof.startsWith('Not sent by this host: ') === true ? fax : null;
    });
    const jobs = async () => readdir(join(place, 'fax', 'jobs')).catch(() => []);
    const [job = 'none'] = await eventually('the job in the north', async () => {
      expect((await faxOf())?.state).not.toBe('refused');
      const found = await jobs();
      return found.length > 0 ? found : null;
    });
    await mkdir(join(place, 'fax', 'status'), { recursive: true });
    await writeFile(join(place, 'fax', 'status', `${job}.json`), JSON.stringify({ job, status: 'delivered' }));
    const filed = await eventually('the fax to be filed, as the south tells it', async () => {
      const fax = await faxOf();
      return fax?.state === 'filed' ? fax : null;
    });
    expect(filed.proof).toMatch(/status from the destination/);
    expect(await jobs()).toEqual([job]);
  }, 240_000);
});
