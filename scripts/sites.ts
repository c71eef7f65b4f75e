import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clockFaultsOf } from '../electron/host/delivery/clock-faults.ts';
import type { ChannelBook } from '../electron/host/settings/channel-book.ts';
import { readSettings, type Settings } from '../electron/host/settings/index.ts';
import { openUpstreams } from '../electron/host/upstreams.ts';
import { brokenContracts, contractAt, profileFromJson, type SiteProfile } from '../shared/domain/site/index.ts';
import { siteProfileFromFhir, siteProfileId, siteProfileToFhir, siteToFhir } from '../shared/interop/fhir/index.ts';
import { dataFolder, openFolder, runScript, ScriptEnd, scriptPorts } from './data-folder.ts';

const usage = `npm run sites -- set FILE.json [--data DIR] [--key-file]
npm run sites -- list [--data DIR]

A file holds one site or a list of them: where it is, its hours, contracts, who may issue what, contacts, its own rules. It is written to
the record that the data folder's settings name. A contract that has begun is never changed: add one that begins later.`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { data: { type: 'string' }, 'key-file': { type: 'boolean' }, help: { type: 'boolean' } },
    });
  } catch (reason) {
    throw new ScriptEnd(`${reason instanceof Error ? reason.message : 'The arguments are wrong.'}\n\n${usage}`);
  }
}

function profilesIn(file: string): readonly SiteProfile[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ScriptEnd(`${file} cannot be read. Nothing was changed.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (reason) {
    throw new ScriptEnd(`${file} is no JSON: ${reason instanceof Error ? reason.message : ''}. Nothing was changed.`);
  }
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const read = all.map(profileFromJson);
  const faults = read.flatMap((one, at) =>
    one.ok ? [] : one.error.faults.map((words) => (all.length === 1 ? words : `Site ${at + 1}: ${words}`)),
  );
  if (faults.length > 0) throw new ScriptEnd(`${faults.join('\n')}\nNothing was changed.`);
  const profiles = read.flatMap((one) => (one.ok ? [one.value] : []));
  const twice = profiles.find((one, at) => profiles.findIndex((other) => other.site.id === one.site.id) !== at);
  if (twice !== undefined)
    throw new ScriptEnd(`${file} has the site ${twice.site.id} more than once. Nothing was changed.`);
  return profiles;
}

type ChannelsHere = Pick<ChannelBook, 'of' | 'unread'> | null;
type Rooms = Awaited<ReturnType<typeof openUpstreams>> & { readonly channels: ChannelsHere };

async function openRecord(directory: string, create: 'passphrase' | 'key-file' | null): Promise<Rooms> {
  const settings = readSettings({
    argv: ['--data', directory],
    env: process.env,
    readFile: (path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
  });
  if (!settings.ok) throw new ScriptEnd(settings.error.message);
  const keyRing = await openFolder(directory, create);
  const rooms = await openUpstreams(
    {
      settings: settings.value,
      secret: { kind: 'key-file' },
      shell: 'browser',
      version: '',
      pageDirectory: null,
      origins: () => [],
      ports: scriptPorts(),
    },
    keyRing,
  );
  return { ...rooms, channels: channelsHere(settings.value) };
}

/** As settings.json has them; null for a host of a group, which hears of the others' from its lead's page alone. */
function channelsHere({ listen, hl7, imr = [], gateways = [] }: Settings): ChannelsHere {
  if (listen !== undefined) return null;
  return {
    unread: () => null,
    of: (siteId, channel) =>
      [...(channel === 'hl7' ? hl7 : channel === 'imr' ? imr : gateways.filter(({ kind }) => kind === channel))].find(
        (one) => one.siteId === siteId,
      ) ?? null,
  };
}

/** Told and no more: a channel may be set after its contract. */
function tellClockFaults(profile: SiteProfile, channels: ChannelsHere): void {
  if (channels === null) return;
  for (const { words, next } of clockFaultsOf(profile, channels, scriptPorts().now()))
    console.error(`${profile.site.id}: ${words} ${next}`);
}

type Known = { readonly profile: SiteProfile; readonly version: string };

async function knownProfile({ record }: Rooms, siteId: string): Promise<Known | null> {
  const found = await record.read('Basic', siteProfileId(siteId));
  if (!found.ok) {
    if (found.error.code === 'not-found') return null;
    throw new ScriptEnd(`${found.error.message} Nothing was changed.`);
  }
  const profile = siteProfileFromFhir(found.value.resource);
  if (!profile.ok)
    throw new ScriptEnd(
      `The record holds something else, or a damaged profile, for ${siteId}: ${profile.error.faults.join(' ')} Nothing was changed.`,
    );
  return { profile: profile.value, version: found.value.version };
}

async function set(rooms: Rooms, file: string): Promise<number> {
  const now = scriptPorts().now();
  const wanted = profilesIn(file);
  const before = new Map<string, Known | null>();
  for (const { site } of wanted) before.set(site.id, await knownProfile(rooms, site.id));
  const broken = wanted.flatMap((profile) => {
    const known = before.get(profile.site.id) ?? null;
    const words = known === null ? [] : brokenContracts(known.profile, profile, now);
    return words.map((one) => `${profile.site.id}: ${one}`);
  });
  if (broken.length > 0) throw new ScriptEnd(`${broken.join('\n')}\nNothing was changed.`);
  for (const profile of wanted) {
    const known = before.get(profile.site.id) ?? null;
    const there = await rooms.record.read('Organization', profile.site.id);
    if (!there.ok && there.error.code !== 'not-found') throw new ScriptEnd(there.error.message);
    // An Organization that is there belongs to whoever keeps it: orders name it, and only the profile is ours.
    if (!there.ok) {
      const put = await rooms.record.put({ ...siteToFhir(profile.site), id: profile.site.id });
      if (!put.ok) throw new ScriptEnd(`${profile.site.id} was not written: ${put.error.message}`);
    }
    const written = await rooms.record.put(
      siteProfileToFhir(profile),
      known === null ? undefined : { ifMatch: known.version },
    );
    if (!written.ok) {
      const words = written.error.code === 'version-conflict' ? 'somebody else changed it just now.' : '';
      throw new ScriptEnd(`${profile.site.id} was not written: ${words || written.error.message}`);
    }
    console.log(`${profile.site.id} (${profile.site.name}) is ${known === null ? 'new' : 'changed'}.`);
    tellClockFaults(profile, rooms.channels);
  }
  return 0;
}

async function list({ record, channels }: Rooms): Promise<number> {
  const found = await record.changes('Basic', null);
  if (!found.ok) throw new ScriptEnd(found.error.message);
  const profiles = new Map<string, SiteProfile>();
  for (const { resource } of found.value.items) {
    const profile = siteProfileFromFhir(resource);
    if (profile.ok) profiles.set(profile.value.site.id, profile.value);
    else if (profile.error.code === 'bad-profile')
      console.error(`Basic/${resource.id ?? ''} could not be read: ${profile.error.faults.join(' ')}`);
  }
  const now = scriptPorts().now();
  for (const profile of profiles.values()) {
    const { site, contracts } = profile;
    const next = contracts.filter((one) => one.validFrom > now).length;
    const contract = `${contractAt(profile, now).name}${next === 0 ? '' : ` (${next} to come)`}`;
    console.log([site.id, site.name, site.state, site.zone, contract].join('\t'));
    tellClockFaults(profile, channels);
  }
  if (profiles.size === 0) console.log('Nothing was agreed with any site yet.');
  return 0;
}

await runScript(async () => {
  const { values, positionals } = readArguments();
  const [command, file, ...rest] = positionals;
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  const isSet = command === 'set' && file !== undefined;
  if ((!isSet && (command !== 'list' || file !== undefined)) || rest.length > 0) throw new ScriptEnd(usage);
  const directory = dataFolder(values.data);
  // What is wrong in the file is said before any secret is asked for.
  if (isSet) profilesIn(file);
  const create = values['key-file'] === true ? 'key-file' : 'passphrase';
  const rooms = await openRecord(directory, isSet ? create : null);
  try {
    return isSet ? await set(rooms, file) : await list(rooms);
  } finally {
    await rooms.close();
  }
});
