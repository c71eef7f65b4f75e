import { assertNever } from '../../../shared/lib/assert-never.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import {
  type ChannelChange,
  type ChannelEntry,
  type ChannelSet,
  type ChannelSetting,
  type ChannelStamp,
  channelOf,
  type HostChannel,
  printOf,
  withChannel,
} from './channel-entries.ts';
import { gatewayFolderFault } from './gateway-folders.ts';
import { placeName } from './gateway-place.ts';
import { readGateways } from './gateway-setting.ts';
import { readHl7 } from './hl7-setting.ts';
import { readImr } from './imr-setting.ts';
import type { Gateway, Hl7Endpoint, ImrReceiver, Settings } from './types.ts';
import { isLoopback } from './upstream-setting.ts';

export type ChannelBookFailure = {
  readonly code: 'stale' | 'elsewhere' | 'bad-value' | 'not-saved';
  readonly message: string;
};

/** Where the channels are kept. */
export type ChannelStore = {
  /** In the record, for every host of the group; else in the settings of this host. */
  readonly isOfGroup: boolean;
  now(): ChannelSet;
  /** Why nothing can be said of them yet, in words; null once they are known. */
  unread(): string | null;
  /** Looks once more, so that nothing goes by what another host has changed; then as `unread`. */
  ready(): Promise<string | null>;
  /** The last change of a site's channel, where it is kept beside the channel; null where it never was set. */
  stampOf(siteId: string, channel: HostChannel): ChannelStamp | null;
  /** What settings.json of this host says otherwise than the group: it has no say. */
  overruled(): readonly { readonly siteId: string; readonly channel: HostChannel }[];
  /** In place of what `now` said when it was called; durable before it counts. */
  save(
    next: ChannelSet,
    changed: { readonly siteId: string; readonly channel: HostChannel } & ChannelChange,
  ): Promise<Result<void, ChannelBookFailure>>;
};

/** Where sites' reports go beside record and archive: what this host sends by, and the only way to change it while the host runs. */
export type ChannelBook = Pick<ChannelStore, 'isOfGroup' | 'unread' | 'ready' | 'stampOf' | 'overruled'> & {
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
   * Why this host itself cannot send by it, in words, though another host of the group may; null where it can, or nothing is set. `place`:
   * where a gateway's job was put and is asked for, which may be where the gateway was before.
   */
  hindrance(siteId: string, channel: HostChannel, place?: string): string | null;
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

const mayCarry = ({ protocol, hostname }: URL, insecure: boolean): boolean =>
  protocol !== 'http:' || insecure || isLoopback(hostname);

export function createChannelBook(
  settings: Pick<Settings, 'dataDirectory' | 'hl7' | 'gateways' | 'hl7From' | 'allowInsecure' | 'gatewayFolders'>,
  store: ChannelStore,
): ChannelBook {
  const ofEnvironment = settings.hl7From === 'environment';
  let writing: Promise<unknown> = Promise.resolve();

  const now = (): ChannelSet => (ofEnvironment ? { ...store.now(), hl7: settings.hl7 } : store.now());
  const version = (): string => printOf(now());
  const fixed = (channel: HostChannel): string | null =>
    channel === 'hl7' && ofEnvironment
      ? `This host takes its HL7 channels from the environment (OVERREAD_HL7). They are changed there${store.isOfGroup ? ', and other hosts of the group know nothing of them' : ''}.`
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

  /** Who wrote settings.json of this host has laid it open here. */
  const isNamedByFile = (folder: string): boolean =>
    (settings.gateways ?? []).some(({ to, before = [] }) =>
      [to, ...before.map((one) => one.to)].some((one) => one.kind === 'folder' && one.folder === folder),
    );
  const hindrance: ChannelBook['hindrance'] = (siteId, channel, place) => {
    const set = channelOf(now(), siteId, channel);
    if (set === null || !('to' in set || 'patientSystem' in set)) return null;
    if ('patientSystem' in set) return clearText(set.url);
    const to = [set.to, ...(set.before ?? []).map((one) => one.to)].find((one) => placeName(one) === place) ?? set.to;
    switch (to.kind) {
      case 'folder':
        return settings.gatewayFolders !== undefined || !store.isOfGroup || isNamedByFile(to.folder)
          ? gatewayFolderFault(to.folder, settings)
          : `${to.folder} is no folder that whoever runs this host has laid open for gateways (--gateway-folders).`;
      case 'http':
        return clearText(to.url);
      case 'sftp':
        return null;
      default:
        return assertNever(to);
    }
  };
  const clearText = (url: string): string | null =>
    mayCarry(new URL(url), settings.allowInsecure === true)
      ? null
      : `${url} would carry patient data over the network in clear text, and this host was started without --allow-insecure.`;

  return {
    isOfGroup: store.isOfGroup,
    unread: store.unread,
    ready: store.ready,
    stampOf: store.stampOf,
    overruled: store.overruled,
    hindrance,
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
