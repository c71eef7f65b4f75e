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
import { readImr } from './imr-setting.ts';
import { openedGateway, sealedGateway, sftpEntry } from './sftp-secret.ts';
import type { Gateway, GatewayPlace, Hl7Endpoint, ImrReceiver, Settings } from './types.ts';

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

/** One site's channel as it is set. */
export type ChannelSetting = Hl7Endpoint | ImrReceiver | Gateway;

/** One site's channel as settings.json has it: what stands in `hl7`, `imr` or `gateways`. */
export type ChannelEntry = { readonly [key: string]: JsonValue };

/** Where sites' reports go beside record and archive: what this host sends by, and the only way to change it while the host runs. */
export type ChannelBook = {
  hl7(): readonly Hl7Endpoint[];
  imr(): readonly ImrReceiver[];
  gateways(): readonly Gateway[];
  /** What a change must name, so that nobody's is lost. */
  version(): string;
  /** Why a channel cannot be changed here, in words; null where it can. */
  fixed(channel: HostChannel): string | null;
  /** Checks as the host does at its start, and changes nothing. */
  check(siteId: string, channel: HostChannel, entry: ChannelEntry): Result<ChannelSetting, ChannelBookFailure>;
  /** What is set for a site; null where nothing is. */
  of(siteId: string, channel: HostChannel): ChannelSetting | null;
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
const entryOfImr = ({ token, ...one }: ImrReceiver): ChannelEntry => ({ ...one, ...(token === null ? {} : { token }) });
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
  canonicalJson([found.hl7 ?? null, found.imr ?? null, found.gateways ?? null] as JsonValue);

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
  sentence
    .replace(/^"(?:hl7|imr|gateways)" in settings\.json:? /, '')
    .replace(/^[a-z]/, (letter) => letter.toUpperCase());

export function createChannelBook(
  settings: Pick<
    Settings,
    'dataDirectory' | 'hl7' | 'imr' | 'gateways' | 'hl7From' | 'allowInsecure' | 'gatewayFolders'
  >,
  /** Seals what logs this host in at a gateway's server. */
  sealer: Sealer,
): ChannelBook {
  const file = join(settings.dataDirectory, 'settings.json');
  let hl7 = settings.hl7;
  let imr = settings.imr ?? [];
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
    sha256(canonicalJson([hl7.map(entryOfEndpoint), imr.map(entryOfImr), gateways.map(entryOfGateway)])).slice(0, 32);
  const fixed = (channel: HostChannel): string | null =>
    channel === 'hl7' && settings.hl7From === 'environment'
      ? 'This host takes its HL7 channels from the environment (OVERREAD_HL7). They are changed there.'
      : null;

  const of: ChannelBook['of'] = (siteId, channel) => {
    switch (channel) {
      case 'hl7':
        return hl7.find((one) => one.siteId === siteId) ?? null;
      case 'imr':
        return imr.find((one) => one.siteId === siteId) ?? null;
      case 'fax':
      case 'direct':
        return gatewayOf(siteId, channel);
      default:
        return assertNever(channel);
    }
  };
  const gatewayOf = (siteId: string, kind: Gateway['kind']): Gateway | null =>
    gateways.find((one) => one.siteId === siteId && one.kind === kind) ?? null;
  /** A lead names only folders that whoever runs the host has laid open for it; one that is set already may stay. */
  const folderFault = (gateway: Gateway, folder: string): string | null => {
    const set = gatewayOf(gateway.siteId, gateway.kind)?.to;
    const isSet = set?.kind === 'folder' && set.folder === folder;
    if (settings.gatewayFolders === undefined && !isSet)
      return 'This host lets nobody name a folder here. Who runs it says in which folders gateways may lie: --gateway-folders DIR.';
    return gatewayFolderFault(folder, settings);
  };
  const check: ChannelBook['check'] = (siteId, channel, entry) => {
    const insecure = settings.allowInsecure === true;
    const read: Result<readonly ChannelSetting[], { readonly message: string }> =
      channel === 'hl7'
        ? readHl7({}, [{ ...entry, siteId }])
        : channel === 'imr'
          ? readImr([{ ...entry, siteId }], insecure)
          : readGateways([{ ...entry, siteId, kind: channel }], insecure);
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
    const set = checked === null ? [] : [checked.value];
    const others = <One extends ChannelSetting>(list: readonly One[]): readonly One[] =>
      list.filter((one) => one.siteId !== siteId);
    const gatewayNow = (kept: Gateway): Gateway => ({
      ...kept,
      ...formerPlaces(gatewayOf(siteId, kept.kind) ?? undefined, kept.to, moving),
    });
    const next = {
      hl7: channel === 'hl7' ? [...others(hl7), ...(set as readonly Hl7Endpoint[])] : hl7,
      imr: channel === 'imr' ? [...others(imr), ...(set as readonly ImrReceiver[])] : imr,
      gateways:
        channel === 'fax' || channel === 'direct'
          ? [
              ...gateways.filter((one) => one.siteId !== siteId || one.kind !== channel),
              ...(set as readonly Gateway[]).map(gatewayNow),
            ]
          : gateways,
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
      // A file that never spoke of them is not made to.
      ...(next.imr.length === 0 && found.imr === undefined ? {} : { imr: next.imr.map(entryOfImr) }),
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
    imr = next.imr;
    gateways = next.gateways;
    return ok(undefined);
  };

  return {
    hl7: () => hl7,
    imr: () => imr,
    gateways: () => gateways,
    of,
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
