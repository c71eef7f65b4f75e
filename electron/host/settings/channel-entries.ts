import type { SetChannel } from '../../../shared/domain/delivery/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { sha256 } from '../digest.ts';
import { placeName } from './gateway-place.ts';
import type { ChannelToken, Gateway, GatewayPlace, Hl7Endpoint, ImrReceiver, SftpPlace } from './types.ts';

/** The channels that a host sends by for one site each, beside what is agreed with the site. */
export type HostChannel = Exclude<SetChannel, 'agreed'>;
export const hostChannels: readonly HostChannel[] = ['hl7', 'imr', 'fax', 'direct'];

/** One site's channel as it is set. */
export type ChannelSetting = Hl7Endpoint | ImrReceiver | Gateway;

/** One site's channel as it is written down: what stands in `hl7`, `imr` or `gateways` of settings.json. */
export type ChannelEntry = { readonly [key: string]: JsonValue };

/** Where sites' reports go beside record and archive. */
export type ChannelSet = {
  readonly hl7: readonly Hl7Endpoint[];
  readonly imr: readonly ImrReceiver[];
  readonly gateways: readonly Gateway[];
};

export const noChannels: ChannelSet = { hl7: [], imr: [], gateways: [] };

/** Who set it when, or took it away. Unix milliseconds on the record's clock. */
export type ChannelStamp = { readonly by: string; readonly at: number; readonly removed: boolean };

export type WrittenChannels = {
  readonly hl7: readonly ChannelEntry[];
  readonly imr: readonly ChannelEntry[];
  readonly gateways: readonly ChannelEntry[];
};

const tokenEntry = (token: ChannelToken): ChannelEntry =>
  token === null ? {} : typeof token === 'string' ? { token } : { sealedToken: token.sealed };

/** As it stands in settings.json under `sftp`. */
function sftpEntry({ host, port, user, folder, hostKey, secret }: SftpPlace): ChannelEntry {
  return {
    ...{ host, port, user, folder },
    ...(hostKey === null ? {} : { hostKey }),
    ...(secret.kind === 'password'
      ? { password: secret.password }
      : secret.kind === 'key'
        ? { privateKey: secret.privateKey }
        : { sealed: secret.sealed }),
  };
}

function placeEntry(to: GatewayPlace): ChannelEntry {
  switch (to.kind) {
    case 'folder':
      return { folder: to.folder };
    case 'http':
      return { url: to.url, ...tokenEntry(to.token) };
    case 'sftp':
      return { sftp: sftpEntry(to) };
    default:
      return assertNever(to);
  }
}

const gatewayEntry = ({ siteId, kind, to, recipients, before }: Gateway): ChannelEntry => ({
  siteId,
  kind,
  ...placeEntry(to),
  recipients: recipients.map(({ name, address, orderer, usual }) => ({
    ...{ name, address },
    ...(orderer === null ? {} : { orderer }),
    ...(usual ? { usual } : {}),
  })),
  ...(before === undefined ? {} : { before: before.map(({ to: was, movedAt }) => ({ ...placeEntry(was), movedAt })) }),
});

export const writtenChannels = ({ hl7, imr, gateways }: ChannelSet): WrittenChannels => ({
  hl7: hl7.map((one) => ({ ...one })),
  imr: imr.map(({ token, ...one }) => ({ ...one, ...tokenEntry(token) })),
  gateways: gateways.map(gatewayEntry),
});

/** Changes with everything that is set. */
export const printOf = (set: ChannelSet): string => {
  const { hl7, imr, gateways } = writtenChannels(set);
  return sha256(canonicalJson([hl7, imr, gateways])).slice(0, 32);
};

export function channelOf(set: ChannelSet, siteId: string, channel: HostChannel): ChannelSetting | null {
  switch (channel) {
    case 'hl7':
      return set.hl7.find((one) => one.siteId === siteId) ?? null;
    case 'imr':
      return set.imr.find((one) => one.siteId === siteId) ?? null;
    case 'fax':
    case 'direct':
      return set.gateways.find((one) => one.siteId === siteId && one.kind === channel) ?? null;
    default:
      return assertNever(channel);
  }
}

/** Every site's channel that is set. */
export function namedChannels(set: ChannelSet): readonly { readonly siteId: string; readonly channel: HostChannel }[] {
  return [
    ...set.hl7.map(({ siteId }) => ({ siteId, channel: 'hl7' as const })),
    ...set.imr.map(({ siteId }) => ({ siteId, channel: 'imr' as const })),
    ...set.gateways.map(({ siteId, kind }) => ({ siteId, channel: kind })),
  ];
}

/** Who changed it when, and at which places jobs are under way. */
export type ChannelChange = { readonly by: string; readonly now: number; isUsed(place: string): boolean };

/** Where a gateway was before this change, each place once, the latest first. */
function formerPlaces(before: Gateway | null, to: GatewayPlace, { now, isUsed }: ChannelChange) {
  const was = before === null ? [] : [{ to: before.to, movedAt: now }, ...(before.before ?? [])];
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

/** With one site's channel set, changed or, by null, taken away. */
export function withChannel(
  set: ChannelSet,
  { siteId, channel }: { readonly siteId: string; readonly channel: HostChannel },
  setting: ChannelSetting | null,
  change: ChannelChange,
): ChannelSet {
  const others = <One extends ChannelSetting>(list: readonly One[]): readonly One[] =>
    list.filter((one) => one.siteId !== siteId);
  switch (channel) {
    case 'hl7':
      return { ...set, hl7: [...others(set.hl7), ...(setting === null ? [] : [setting as Hl7Endpoint])] };
    case 'imr':
      return { ...set, imr: [...others(set.imr), ...(setting === null ? [] : [setting as ImrReceiver])] };
    case 'fax':
    case 'direct': {
      const before = channelOf(set, siteId, channel) as Gateway | null;
      const kept = setting as Gateway | null;
      return {
        ...set,
        gateways: [
          ...set.gateways.filter((one) => one.siteId !== siteId || one.kind !== channel),
          ...(kept === null ? [] : [{ ...kept, ...formerPlaces(before, kept.to, change) }]),
        ],
      };
    }
    default:
      return assertNever(channel);
  }
}
