import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '@medplum/fhirtypes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { sealerFromKey } from '../keys/index.ts';
import type { RecordClient } from '../record/types.ts';
import { createChannelBook } from '../settings/channel-book.ts';
import type { ChannelEntry, HostChannel } from '../settings/channel-entries.ts';
import { createChannelFile } from '../settings/channel-file.ts';
import { readSettings } from '../settings/index.ts';
import { createSharedChannels, sharedChannelsId } from './shared-channels.ts';
import { createSharedItems } from './shared-items.ts';

const ris = { host: 'ris.example', port: 2575, receivingApplication: 'RIS', receivingFacility: 'LARKSPUR' };
const fax = {
  url: 'https://gateway.example/jobs',
  token: 'hush-hush',
  recipients: [{ name: 'Desk', address: '+12065550100' }],
};
const sftp = { host: 'sftp.example', port: 22, user: 'overread', folder: '/fax', hostKey: `SHA256:${'A'.repeat(43)}` };
const groupKey = new Uint8Array(32).fill(3);
const at = instant(Date.UTC(2026, 10, 30, 2));

/** A group's record: what is written goes by the version that it follows; `loseAnswers` keeps what it does not answer. */
function groupRecord() {
  const kept = new Map<string, { resource: Resource & { id?: string }; version: string }>();
  const state = { down: false, loseAnswers: false };
  const silent = err({ code: 'unreachable', asked: '', cameBack: '', message: 'no answer' } as const);
  const failed = (code: 'not-found' | 'version-conflict') =>
    err({ code, asked: '', cameBack: '', message: code } as const);
  const record = {
    read: async (_type: string, id: string) => {
      if (state.down) return silent;
      const found = kept.get(id);
      return found === undefined ? failed('not-found') : ok({ ...found, lastUpdated: null });
    },
    put: async (resource: Resource & { id?: string }, options: { readonly ifMatch?: string } = {}) => {
      if (state.down) return silent;
      const id = resource.id ?? '';
      const before = kept.get(id);
      if (options.ifMatch !== undefined && options.ifMatch !== before?.version) return failed('version-conflict');
      const version = String(Number(before?.version ?? 0) + 1);
      kept.set(id, { resource: JSON.parse(JSON.stringify(resource)), version });
      return state.loseAnswers ? silent : ok({ resource, version, lastUpdated: null });
    },
  } as unknown as RecordClient;
  return { record, state, text: () => JSON.stringify(kept.get(sharedChannelsId)?.resource ?? null) };
}

describe('sites’ channels of a group', () => {
  let place: string;
  let group: ReturnType<typeof groupRecord>;
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'overread-shared-channels-'));
    group = groupRecord();
  });
  afterEach(() => rm(place, { recursive: true, force: true }));

  /** A host of the group that starts now over its data folder; its file's secrets are sealed with a key of its own. */
  const start = async (name: string, argv: readonly string[] = [], key = groupKey) => {
    const directory = join(place, name);
    const read = readSettings({
      argv: ['--data', directory, ...argv],
      env: {},
      readFile: (path) => {
        try {
          return readFileSync(path, 'utf8');
        } catch {
          return null;
        }
      },
    });
    if (!read.ok) throw new Error(read.error.message);
    const settings = read.value;
    const file = createChannelFile(settings, sealerFromKey(new Uint8Array(32).fill(name.length)));
    const shared = createSharedChannels({
      items: createSharedItems(group.record, sealerFromKey(key), testPorts()),
      file,
      fileName: `settings.json of ${name}`,
      stays: (set) => settings.gatewayFolders === undefined && 'to' in set && set.to.kind === 'folder',
      recordNow: () => at,
      ports: testPorts(),
    });
    const book = createChannelBook(settings, shared);
    const keep = (
      siteId: string,
      channel: HostChannel,
      entry: ChannelEntry | null,
      by = 'Dr Lea',
      seen = book.version(),
    ) => book.keep(seen, siteId, channel, entry, { by, now: at, isUsed: () => false });
    const settled = async () => {
      for (let round = 0; round < 10; round += 1) if (await shared.settle()) return;
      throw new Error('never settled');
    };
    return { ...book, book, keep, shared, settled };
  };
  const writeFileOf = async (name: string, lists: object) => {
    await mkdir(join(place, name), { recursive: true });
    await writeFile(join(place, name, 'settings.json'), JSON.stringify({ port: 4999, ...lists }));
  };
  const fileOf = async (name: string) =>
    JSON.parse(await readFile(join(place, name, 'settings.json'), 'utf8')) as { readonly [key: string]: unknown };
  const two = async () => {
    const [north, south] = [await start('north'), await start('south')];
    await north.settled();
    await south.settled();
    return { north, south };
  };

  it('are set at one host and there at the other, with who and when, secrets and all, and nothing of it is to be read in the record', async () => {
    const { north, south } = await two();
    expect(await north.keep('larkspur', 'hl7', ris)).toMatchObject({ ok: true });
    expect(await north.keep('larkspur', 'fax', fax)).toMatchObject({ ok: true });
    expect(
      await north.keep('cedar', 'direct', { sftp: { ...sftp, password: 'hush-word' }, recipients: [] }),
    ).toMatchObject({ ok: true });
    expect(await south.ready()).toBe(null);
    expect(south.hl7()).toEqual([{ ...ris, siteId: 'larkspur' }]);
    expect(south.of('larkspur', 'fax')).toMatchObject({ to: { kind: 'http', url: fax.url, token: 'hush-hush' } });
    expect(south.of('cedar', 'direct')).toMatchObject({ to: { secret: { kind: 'password', password: 'hush-word' } } });
    expect(south.version()).toBe(north.version());
    expect(south.stampOf('larkspur', 'hl7')).toEqual({ by: 'Dr Lea', at, removed: false });
    for (const plain of ['hush', 'example', 'larkspur', '+12065550100', 'Lea', 'RIS'])
      expect(group.text()).not.toContain(plain);
    // And the other way round: a host that starts later has them too, and can change them.
    const west = await start('west');
    await west.ready();
    expect(await west.keep('larkspur', 'hl7', { ...ris, port: 2576 }, 'Dr Wu')).toMatchObject({ ok: true });
    await north.ready();
    expect(north.hl7()[0]?.port).toBe(2576);
    expect(north.stampOf('larkspur', 'hl7')?.by).toBe('Dr Wu');
  });

  it('of two leads at two hosts who change them at once, the second is told to look again, and finds the first one’s', async () => {
    const { north, south } = await two();
    const seen = [north.version(), south.version()] as const;
    expect(await north.keep('larkspur', 'hl7', ris, 'Dr Lea', seen[0])).toMatchObject({ ok: true });
    const late = await south.keep('larkspur', 'hl7', { ...ris, port: 1 }, 'Dr Wu', seen[1]);
    expect(late).toMatchObject({ ok: false, error: { code: 'stale' } });
    expect(south.hl7()[0]?.port).toBe(2575);
    expect(await south.keep('larkspur', 'hl7', { ...ris, port: 1 }, 'Dr Wu')).toMatchObject({ ok: true });
  });

  it('that are taken away at one host are gone at the other, which knows who took them away', async () => {
    const { north, south } = await two();
    await north.keep('larkspur', 'hl7', ris);
    await south.ready();
    expect(await south.keep('larkspur', 'hl7', null, 'Dr Wu')).toMatchObject({ ok: true });
    await north.ready();
    expect(north.hl7()).toEqual([]);
    expect(north.stampOf('larkspur', 'hl7')).toEqual({ by: 'Dr Wu', at, removed: true });
  });

  it('are kept though the record’s answer was lost, and not where it did not answer at all', async () => {
    const { north, south } = await two();
    group.state.loseAnswers = true;
    expect(await north.keep('larkspur', 'hl7', ris)).toMatchObject({ ok: true });
    group.state.loseAnswers = false;
    await south.ready();
    expect(south.hl7()).toHaveLength(1);
    group.state.down = true;
    expect(await south.keep('larkspur', 'hl7', null)).toMatchObject({ ok: false, error: { code: 'not-saved' } });
    // What is known stays known while the record is silent.
    expect(await south.ready()).toBe(null);
    expect(south.hl7()).toHaveLength(1);
  });

  it('are not known at a host that has never read them, nor at one with another group key, which says why', async () => {
    const { north } = await two();
    await north.keep('larkspur', 'fax', fax);
    const stranger = await start('stranger', [], new Uint8Array(32).fill(4));
    expect(await stranger.ready()).toMatch(/do not open with the group key of this host/);
    expect(stranger.gateways()).toEqual([]);
    expect(await stranger.keep('larkspur', 'fax', null)).toMatchObject({ ok: false });
    expect(await stranger.shared.settle()).toBe(false);
    await north.ready();
    expect(north.gateways()).toHaveLength(1);
    group.state.down = true;
    expect(await (await start('east')).ready()).toMatch(/still being read/);
  });

  describe('that settings.json of a host named before', () => {
    it('are brought to the group once, secrets too, and then taken out of the file; until then nothing is signed by halves', async () => {
      await writeFileOf('north', {
        hl7: [{ ...ris, siteId: 'larkspur' }],
        gateways: [{ ...fax, siteId: 'cedar', kind: 'fax' }],
      });
      const north = await start('north');
      expect(await north.ready()).toMatch(/are being brought to the group/);
      await north.settled();
      expect(await north.ready()).toBe(null);
      const south = await start('south');
      await south.ready();
      expect([south.hl7(), south.gateways()]).toMatchObject([
        [{ siteId: 'larkspur' }],
        [{ to: { token: 'hush-hush' } }],
      ]);
      expect(south.stampOf('larkspur', 'hl7')?.by).toBe('settings.json of north');
      expect(await fileOf('north')).toEqual({ port: 4999, hl7: [], gateways: [] });
      expect([north.overruled(), (await start('north')).gateways()]).toEqual([[], []]);
    });

    it('and name otherwise than the group have no say: they stay in the file, and it is told which', async () => {
      const { north } = await two();
      await north.keep('larkspur', 'hl7', ris, 'Dr Lea');
      const other = { ...ris, siteId: 'larkspur', port: 9 };
      await writeFileOf('west', { hl7: [other, { ...ris, siteId: 'cedar' }] });
      const west = await start('west');
      await west.settled();
      expect(west.hl7().map(({ siteId, port }) => [siteId, port])).toEqual([
        ['larkspur', 2575],
        ['cedar', 2575],
      ]);
      expect(west.overruled()).toEqual([{ siteId: 'larkspur', channel: 'hl7' }]);
      expect((await fileOf('west')).hl7).toEqual([other]);
    });

    it('do not come back by an old file once they were taken away', async () => {
      const { north } = await two();
      await north.keep('larkspur', 'hl7', ris);
      await north.keep('larkspur', 'hl7', null);
      await writeFileOf('west', { hl7: [{ ...ris, siteId: 'larkspur' }] });
      const west = await start('west');
      await west.settled();
      expect(west.hl7()).toEqual([]);
      expect(west.overruled()).toEqual([{ siteId: 'larkspur', channel: 'hl7' }]);
    });

    it('with a secret that nobody can open any more are known to all as such, and whole again once it is given at any host', async () => {
      await writeFileOf('north', {
        gateways: [{ ...fax, token: undefined, sealedToken: 'AAAA', siteId: 'cedar', kind: 'fax' }],
      });
      const north = await start('north');
      await north.settled();
      const south = await start('south');
      await south.ready();
      expect(south.of('cedar', 'fax')).toMatchObject({ to: { token: { sealed: 'AAAA' } } });
      expect(await south.keep('cedar', 'fax', fax)).toMatchObject({ ok: true });
      await north.ready();
      expect(north.of('cedar', 'fax')).toMatchObject({ to: { token: 'hush-hush' } });
    });

    it('and a folder that it alone lays open on that machine stay there, and other hosts say that they cannot use it', async () => {
      const folder = join(place, 'fax');
      await writeFileOf('north', { gateways: [{ siteId: 'cedar', kind: 'fax', folder, recipients: [] }] });
      const north = await start('north');
      await north.settled();
      const south = await start('south');
      await south.ready();
      for (const again of [north, await start('north')]) {
        await again.ready();
        expect(again.hindrance('cedar', 'fax')).toBe(null);
      }
      expect(south.hindrance('cedar', 'fax')).toBe(
        `${folder} is no folder that whoever runs this host has laid open for gateways (--gateway-folders).`,
      );
      const west = await start('west', ['--gateway-folders', place]);
      await west.ready();
      expect(west.hindrance('cedar', 'fax')).toBe(null);
      // Moved to where all can send: what was put into the folder before is still asked for by who can look there.
      expect(await north.keep('cedar', 'fax', fax)).toMatchObject({ ok: true });
      await south.ready();
      expect(south.hindrance('cedar', 'fax')).toBe(null);
      expect(south.hindrance('cedar', 'fax', fax.url)).toBe(null);
      expect(south.hindrance('cedar', 'fax', folder)).toMatch(/is no folder that whoever runs this host/);
      expect(north.hindrance('cedar', 'fax', folder)).toBe(null);
    });
  });

  it('in clear text are used by the host that was told so, and no other', async () => {
    const north = await start('north', ['--allow-insecure']);
    await north.settled();
    expect(await north.keep('cedar', 'fax', { ...fax, url: 'http://gateway.example/jobs' })).toMatchObject({
      ok: true,
    });
    const south = await start('south');
    await south.ready();
    expect(north.hindrance('cedar', 'fax')).toBe(null);
    expect(south.hindrance('cedar', 'fax')).toMatch(
      /in clear text, and this host was started without --allow-insecure/,
    );
  });
});
