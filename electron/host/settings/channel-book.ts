import { err, ok, type Result } from '../../../shared/lib/result.ts';
import {
  type ChannelChange,
  type ChannelEntry,
  type ChannelSet,
  type ChannelSetting,
  channelOf,
  type HostChannel,
  printOf,
  withChannel,
} from './channel-entries.ts';
import { gatewayFolderFault } from './gateway-folders.ts';
import { readGateways } from './gateway-setting.ts';
import { readHl7 } from './hl7-setting.ts';
import { readImr } from './imr-setting.ts';
import type { Gateway, Hl7Endpoint, ImrReceiver, Settings } from './types.ts';

export type ChannelBookFailure = {
  readonly code: 'stale' | 'elsewhere' | 'bad-value' | 'not-saved';
  readonly message: string;
};

/** Where the channels are kept. */
export type ChannelStore = {
  now(): ChannelSet;
  /** In place of what `now` said when it was called; durable before it counts. */
  save(
    next: ChannelSet,
    changed: { readonly siteId: string; readonly channel: HostChannel } & ChannelChange,
  ): Promise<Result<void, ChannelBookFailure>>;
};

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
   * Durable before it counts. Null takes the channel away. A gateway that is moved stays known where it was, as long as `isUsed` says of a
   * place that jobs are under way there.
   */
  keep(
    version: string,
    siteId: string,
    channel: HostChannel,
    entry: ChannelEntry | null,
    change: ChannelChange,
  ): Promise<Result<void, ChannelBookFailure>>;
};

export const staleChannels: ChannelBookFailure = {
  code: 'stale',
  message: 'Somebody changed the channels since you saw them. Look at them again; yours was not kept.',
};

/** A reader's sentence about settings.json, for somebody who did not write that file. */
const plainly = (sentence: string): string =>
  sentence
    .replace(/^"(?:hl7|imr|gateways)" in settings\.json:? /, '')
    .replace(/^[a-z]/, (letter) => letter.toUpperCase());

export function createChannelBook(
  settings: Pick<Settings, 'dataDirectory' | 'hl7' | 'hl7From' | 'allowInsecure' | 'gatewayFolders'>,
  store: ChannelStore,
): ChannelBook {
  const ofEnvironment = settings.hl7From === 'environment';
  let writing: Promise<unknown> = Promise.resolve();

  const now = (): ChannelSet => (ofEnvironment ? { ...store.now(), hl7: settings.hl7 } : store.now());
  const version = (): string => printOf(now());
  const fixed = (channel: HostChannel): string | null =>
    channel === 'hl7' && ofEnvironment
      ? 'This host takes its HL7 channels from the environment (OVERREAD_HL7). They are changed there.'
      : null;

  /** A lead names only folders that whoever runs the host has laid open for it; one that is set already may stay. */
  const folderFault = (gateway: Gateway, folder: string): string | null => {
    const set = channelOf(now(), gateway.siteId, gateway.kind) as Gateway | null;
    const isSet = set?.to.kind === 'folder' && set.to.folder === folder;
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

  const keep: ChannelBook['keep'] = async (named, siteId, channel, entry, change) => {
    if (named !== version()) return err(staleChannels);
    const why = fixed(channel);
    if (why !== null) return err({ code: 'elsewhere', message: why });
    const checked = entry === null ? null : check(siteId, channel, entry);
    if (checked?.ok === false) return checked;
    const next = withChannel(store.now(), { siteId, channel }, checked?.value ?? null, change);
    return store.save(next, { siteId, channel, ...change });
  };

  return {
    hl7: () => now().hl7,
    imr: () => now().imr,
    gateways: () => now().gateways,
    of: (siteId, channel) => channelOf(now(), siteId, channel),
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
