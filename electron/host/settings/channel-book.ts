import { readFileSync } from 'node:fs';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SetChannel } from '../../../shared/domain/delivery/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import type { Sealer } from '../keys/index.ts';
import { gatewayFolderFault } from './gateway-folders.ts';
import { placeName } from './gateway-place.ts';
import { readGateways } from './gateway-setting.ts';
import { readHl7 } from './hl7-setting.ts';
import { openedGateway, sealedGateway, sftpEntry } from './sftp-secret.ts';
import type { Gateway, GatewayPlace, Hl7Endpoint, Settings } from './types.ts';

/** The channels that stand in settings.json. */
export type HostChannel = Exclude<SetChannel, 'agreed'>;

export type ChannelBookFailure = {
  readonly code: 'stale' | 'elsewhere' | 'bad-value' | 'not-saved';
  readonly message: string;
};

export type Moving = { readonly now: number; isUsed(place: string): boolean };
const notMoving: Moving = { now: 0, isUsed: () => false };

/** Where a gateway was before this change, each place once, the latest first. */
function formerPlaces(before: Gateway | undefined, to: GatewayPlace, { now, isUsed }: Moving): Pick<Gateway, 'before'> {
  const was = before === undefined ? [] : [{ to: before.to, movedAt: now }, ...(before.before ?? [])];
  const kept = was.filter((one, at) => {
    const name = placeName(one.to);
    // The last one always: a job may be on its way there in this moment.
    return (
      name !== placeName(to) &&
      (at === 0 || isUsed(name)) &&
      was.findIndex((other) => placeName(other.to) === name) === at
    );
  });
  return kept.length === 0 ? {} : { before: kept };
}

/** One site's channel as settings.json has it: what stands in `hl7` or `gateways`. */
export type ChannelEntry = { readonly [key: string]: JsonValue };

/** Where sites' reports go beside record and archive: what this host sends by, and the only way to change it while the host runs. */
export type ChannelBook = {
  hl7(): readonly Hl7Endpoint[];
  gateways(): readonly Gateway[];
  /** What a change must name, so that nobody's is lost. */
  version(): string;
  /** Why a channel cannot be changed here, in words; null where it can. */
  fixed(channel: HostChannel): string | null;
  /** Checks as the host does at its start, and changes nothing. */
  check(siteId: string, channel: HostChannel, entry: ChannelEntry): Result<Hl7Endpoint | Gateway, ChannelBookFailure>;
  /**
   * Durable in settings.json before it counts. Null takes the channel away. A gateway that is moved stays known where it was, as long as
   * `isUsed` says of a place that jobs are under way there.
   */
  keep(
    version: string,
    siteId: string,
    channel: HostChannel,
    entry: ChannelEntry | null,
    moving?: Moving,
  ): Promise<Result<void, ChannelBookFailure>>;
};

const stale: ChannelBookFailure = {
  code: 'stale',
  message: 'Somebody changed the channels since you saw them. Look at them again; yours was not kept.',
};

const entryOfEndpoint = (one: Hl7Endpoint): ChannelEntry => ({ ...one });
const entryOfPlace = (to: GatewayPlace): ChannelEntry => {
  switch (to.kind) {
    case 'folder':
      return { folder: to.folder };
    case 'http':
      return { url: to.url, ...(to.token === null ? {} : { token: to.token }) };
    case 'sftp':
      return { sftp: sftpEntry(to) };
    default:
      return assertNever(to);
  }
};
const entryOfGateway = ({ siteId, kind, to, recipients, before }: Gateway): ChannelEntry => ({
  siteId,
  kind,
  ...entryOfPlace(to),
  recipients: recipients.map(({ name, address, orderer, usual }) => ({
    ...{ name, address },
    ...(orderer === null ? {} : { orderer }),
    ...(usual ? { usual } : {}),
  })),
  ...(before === undefined
    ? {}
    : { before: before.map(({ to: was, movedAt }) => ({ ...entryOfPlace(was), movedAt })) }),
});

/** What the file says of channels, by which an edit made by hand while the host runs is seen. */
const listsOf = (found: { readonly [key: string]: unknown }): string =>
  canonicalJson([found.hl7 ?? null, found.gateways ?? null] as JsonValue);

function parsed(text: string): { readonly [key: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** A reader's sentence about settings.json, for somebody who did not write that file. */
const plainly = (sentence: string): string =>
  sentence.replace(/^"(?:hl7|gateways)" in settings\.json:? /, '').replace(/^[a-z]/, (letter) => letter.toUpperCase());

export function createChannelBook(
  settings: Pick<Settings, 'dataDirectory' | 'hl7' | 'gateways' | 'hl7From' | 'allowInsecure' | 'gatewayFolders'>,
  /** Seals what logs this host in at a gateway's server. */
  sealer: Sealer,
): ChannelBook {
  const file = join(settings.dataDirectory, 'settings.json');
  let hl7 = settings.hl7;
  let gateways = (settings.gateways ?? []).map((one) => openedGateway(one, sealer));
  let atStart: string | null;
  try {
    const found = parsed(readFileSync(file, 'utf8'));
    atStart = found === null ? null : listsOf(found);
  } catch {
    atStart = listsOf({});
  }
  let writing: Promise<unknown> = Promise.resolve();

  const version = (): string =>
    sha256(canonicalJson([hl7.map(entryOfEndpoint), gateways.map(entryOfGateway)])).slice(0, 32);
  const fixed = (channel: HostChannel): string | null =>
    channel === 'hl7' && settings.hl7From === 'environment'
      ? 'This host takes its HL7 channels from the environment (OVERREAD_HL7). They are changed there.'
      : null;

  const isOf = (siteId: string, channel: HostChannel) => (one: Hl7Endpoint | Gateway) =>
    one.siteId === siteId && (channel === 'hl7' || ('kind' in one && one.kind === channel));
  /** A lead names only folders that whoever runs the host has laid open for it; one that is set already may stay. */
  const folderFault = (gateway: Gateway, folder: string): string | null => {
    const set = gateways.find(isOf(gateway.siteId, gateway.kind))?.to;
    const isSet = set?.kind === 'folder' && set.folder === folder;
    if (settings.gatewayFolders === undefined && !isSet)
      return 'This host lets nobody name a folder here. Who runs it says in which folders gateways may lie: --gateway-folders DIR.';
    return gatewayFolderFault(folder, settings);
  };
  const check: ChannelBook['check'] = (siteId, channel, entry) => {
    const whole = { ...entry, siteId, ...(channel === 'hl7' ? {} : { kind: channel }) };
    const read = channel === 'hl7' ? readHl7({}, [whole]) : readGateways([whole], settings.allowInsecure === true);
    if (!read.ok) return err({ code: 'bad-value', message: plainly(read.error.message) });
    const [first] = read.value;
    if (first === undefined) return err({ code: 'bad-value', message: 'Nothing is set.' });
    const why = 'to' in first && first.to.kind === 'folder' ? folderFault(first, first.to.folder) : null;
    return why === null ? ok(first) : err({ code: 'bad-value', message: why });
  };

  const keep: ChannelBook['keep'] = async (named, siteId, channel, entry, moving = notMoving) => {
    if (named !== version()) return err(stale);
    const why = fixed(channel);
    if (why !== null) return err({ code: 'elsewhere', message: why });
    const checked = entry === null ? null : check(siteId, channel, entry);
    if (checked?.ok === false) return checked;
    const others = <One extends Hl7Endpoint | Gateway>(list: readonly One[]): readonly One[] =>
      list.filter((one) => !isOf(siteId, channel)(one));
    const gatewayNow = (kept: Gateway): Gateway => ({
      ...kept,
      ...formerPlaces(gateways.find(isOf(siteId, channel)), kept.to, moving),
    });
    const next = {
      hl7: channel === 'hl7' ? [...others(hl7), ...(checked === null ? [] : [checked.value as Hl7Endpoint])] : hl7,
      gateways:
        channel === 'hl7'
          ? gateways
          : [...others(gateways), ...(checked === null ? [] : [gatewayNow(checked.value as Gateway)])],
    };
    const text = await readFile(file, 'utf8').catch((reason: NodeJS.ErrnoException) =>
      reason.code === 'ENOENT' ? '{}' : null,
    );
    const found = text === null ? null : parsed(text);
    if (found === null) return err({ code: 'not-saved', message: 'settings.json in the data folder cannot be read.' });
    if (listsOf(found) !== atStart)
      return err({
        code: 'elsewhere',
        message:
          'settings.json was changed by hand since this host started. Start the host again so that it counts, then change it here.',
      });
    const written: { readonly [key: string]: unknown } = {
      ...found,
      ...(settings.hl7From === 'environment' ? {} : { hl7: next.hl7.map(entryOfEndpoint) }),
      gateways: next.gateways.map((one) => entryOfGateway(sealedGateway(one, sealer))),
    };
    try {
      await replaceFile(file, `${JSON.stringify(written, null, 2)}\n`);
    } catch (reason) {
      const code = (reason as NodeJS.ErrnoException).code ?? 'error';
      return err({
        code: 'not-saved',
        message: `settings.json in the data folder could not be written (${code}). Nothing was changed.`,
      });
    }
    atStart = listsOf(written);
    hl7 = next.hl7;
    gateways = next.gateways;
    return ok(undefined);
  };

  return {
    hl7: () => hl7,
    gateways: () => gateways,
    version,
    fixed,
    check,
    keep: (...change) => {
      const kept = writing.then(() => keep(...change));
      writing = kept.catch(() => undefined);
      return kept;
    },
  };
}

/** Whole or not at all, and for this account alone: it may hold a gateway's token. A file that is a link stays one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  );
  const making = `${target}.making`;
  try {
    await rm(making, { force: true });
    const file = await open(making, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(making, target);
  } catch (reason) {
    await rm(making, { force: true }).catch(() => undefined);
    throw reason;
  }
  // The new name is durable with its folder; where a system does not let a folder be opened, the rename stands by itself.
  const folder = await open(dirname(target), 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
