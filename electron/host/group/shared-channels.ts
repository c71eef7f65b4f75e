import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';
import { firstOf } from '../reading/loop.ts';
import { type ChannelBookFailure, type ChannelStore, staleChannels } from '../settings/channel-book.ts';
import {
  type ChannelSet,
  type ChannelSetting,
  type ChannelStamp,
  channelOf,
  type HostChannel,
  namedChannels,
  noChannels,
  type WrittenChannels,
  withChannel,
  writtenChannels,
} from '../settings/channel-entries.ts';
import { readGateways } from '../settings/gateway-setting.ts';
import { readHl7 } from '../settings/hl7-setting.ts';
import { readImr } from '../settings/imr-setting.ts';
import type { SharedItem, SharedItems } from './shared-items.ts';

/** Milliseconds in which the record has to tell what is new, before it goes on by what is known. */
const lookFor = 1_500;

export const sharedChannelsId = 'overread-channels';
const kind = 'channels';

/** Sites' channels as all hosts of a group have them, in the record, sealed whole with the group's key: receivers and secrets alike. */
export type SharedChannels = ChannelStore & {
  /** Takes in what the record holds now; false where it did not tell. */
  refresh(): Promise<boolean>;
  /**
   * One step of bringing into the record what this host's own settings.json says and the group has never set, and of taking it out of that
   * file once it was seen there; true once nothing is left to do.
   */
  settle(): Promise<boolean>;
};

type Stamps = { readonly [name: string]: ChannelStamp };
/** `stamps`: by channel and site; one that was taken away stays known as such, so that no old file brings it back. */
type Body = WrittenChannels & { readonly schema: 'overread-channels-1'; readonly stamps: Stamps };
/** `version` null: the record holds nothing yet. */
type Known = { readonly set: ChannelSet; readonly stamps: Stamps; readonly version: string | null };

const nameOf = (siteId: string, channel: HostChannel): string => `${channel}|${siteId}`;
const printed = (value: unknown): string => canonicalJson((value ?? null) as JsonValue);
const nothing: Known = { set: noChannels, stamps: {}, version: null };

function knownFrom({ body, version }: Pick<SharedItem, 'body' | 'version'>): Known | null {
  const { schema, hl7, imr, gateways, stamps } = (body ?? {}) as Partial<Body>;
  if (schema !== 'overread-channels-1' || typeof stamps !== 'object' || stamps === null) return null;
  // Whether this host may send in clear text is its own matter: it still has to know that the channel is there.
  const read = { hl7: readHl7({}, hl7), imr: readImr(imr, true), gateways: readGateways(gateways, true) };
  if (!read.hl7.ok || !read.imr.ok || !read.gateways.ok) return null;
  return { set: { hl7: read.hl7.value, imr: read.imr.value, gateways: read.gateways.value }, stamps, version };
}

export function createSharedChannels(parts: {
  readonly items: Pick<SharedItems, 'read' | 'put'>;
  /** What settings.json of this host says. */
  readonly file: Pick<ChannelStore, 'now' | 'save'>;
  /** Who set it, where that file did: "settings.json of NAME". */
  readonly fileName: string;
  /** What stays in that file though the group has it: its folder is laid open on this machine by that file alone. */
  readonly stays: (setting: ChannelSetting) => boolean;
  readonly recordNow: () => number;
  readonly ports: Pick<Ports, 'log'>;
}): SharedChannels {
  const { items, file, ports } = parts;
  let known: Known | null = null;
  let why = 'The channels of the group are still being read from the record. Ask again in a moment.';
  /** How often the record was seen to hold all that the file says, before it is taken out there. */
  let seen = 0;
  let isWarned = false;

  const refresh = async (): Promise<boolean> => {
    const found = await items.read(sharedChannelsId);
    if (!found.ok) {
      if (found.error === 'not-ours')
        why =
          'The channels of the group do not open with the group key of this host. Give it the key that the group has (--group-key).';
      return false;
    }
    const read = found.value === null ? nothing : knownFrom(found.value);
    if (read === null) {
      why =
        'What the record holds as channels of the group cannot be understood by this host’s version of the program.';
      ports.log.error('the channels of the group in the record cannot be understood; those known before stay');
      return false;
    }
    known = read;
    return true;
  };

  const put = async (now: Known, set: ChannelSet, stamps: Stamps): Promise<Result<void, ChannelBookFailure>> => {
    const body: Body = { schema: 'overread-channels-1', ...writtenChannels(set), stamps };
    const written = await items.put({ id: sharedChannelsId, kind, names: [kind], body }, now.version);
    if (written.ok) {
      // As any other host reads it.
      known = knownFrom({ body: JSON.parse(JSON.stringify(body)), version: written.value }) ?? known;
      return ok(undefined);
    }
    await refresh();
    // The answer may have been lost on its way, and the change be there.
    const isThere =
      known !== null && printed([writtenChannels(known.set), known.stamps]) === printed([writtenChannels(set), stamps]);
    if (isThere) return ok(undefined);
    return written.error === 'conflict'
      ? err(staleChannels)
      : err({
          code: 'not-saved',
          message: 'The record did not take the change. Look at the channels again in a moment before you repeat it.',
        });
  };

  const isSame = (one: ChannelSet, other: ChannelSet, siteId: string, channel: HostChannel): boolean =>
    printed(channelOf(one, siteId, channel)) === printed(channelOf(other, siteId, channel));

  /** What the file says and the group has never set. */
  const newIn = ({ stamps }: Known) =>
    namedChannels(file.now()).filter(({ siteId, channel }) => stamps[nameOf(siteId, channel)] === undefined);
  const unread = (): string | null =>
    known === null
      ? why
      : newIn(known).length > 0
        ? 'The channels that settings.json of this host names are being brought to the group. Ask again in a moment.'
        : null;

  const settle: SharedChannels['settle'] = async () => {
    if (!(await refresh()) || known === null) return false;
    const now = known;
    if (now.version === null) {
      // Empty first, and filled in a later round: where two hosts make it at once, the later one takes nothing away.
      await put(now, noChannels, {});
      return false;
    }
    const ofFile = namedChannels(file.now());
    if (ofFile.length === 0) return true;
    const change = { by: parts.fileName, now: parts.recordNow(), isUsed: () => true };
    const fresh = newIn(now);
    if (fresh.length > 0) {
      seen = 0;
      let { set } = now;
      const stamps: Record<string, ChannelStamp> = { ...now.stamps };
      for (const { siteId, channel } of fresh) {
        set = withChannel(set, { siteId, channel }, channelOf(file.now(), siteId, channel), change);
        stamps[nameOf(siteId, channel)] = { by: change.by, at: change.now, removed: false };
      }
      await put(now, set, stamps);
      return false;
    }
    seen += 1;
    if (seen < 2) return false;
    const taken = ofFile.filter(({ siteId, channel }) => {
      const setting = channelOf(file.now(), siteId, channel);
      return setting !== null && !parts.stays(setting) && isSame(now.set, file.now(), siteId, channel);
    });
    const [first] = taken;
    if (first === undefined) return true;
    const left = taken.reduce((all, one) => withChannel(all, one, null, change), file.now());
    const saved = await file.save(left, { ...first, ...change });
    if (!saved.ok && !isWarned) {
      isWarned = true;
      ports.log.warn(
        'what settings.json says of sites’ channels is the group’s now, and could not be taken out of it',
        { why: saved.error.code },
      );
    }
    return true;
  };

  /** One after another, so that what was read before a write does not come after it. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };

  return {
    isOfGroup: true,
    now: () => known?.set ?? noChannels,
    unread,
    ready: async () => {
      await firstOf(inTurn(refresh), lookFor);
      return unread();
    },
    refresh: () => inTurn(refresh),
    settle: () => inTurn(settle),
    overruled: () => {
      const now = known;
      return now === null
        ? []
        : namedChannels(file.now()).filter(
            ({ siteId, channel }) =>
              now.stamps[nameOf(siteId, channel)] !== undefined && !isSame(now.set, file.now(), siteId, channel),
          );
    },
    stampOf: (siteId, channel) => known?.stamps[nameOf(siteId, channel)] ?? null,
    save: (next, { siteId, channel, by }) => {
      const now = known;
      return inTurn(async () => {
        if (now === null) return err({ code: 'not-saved', message: why });
        if (now.version === null)
          return err({
            code: 'not-saved',
            message: 'The record is being made ready for channels. Try again in a moment.',
          });
        const removed = channelOf(next, siteId, channel) === null;
        return put(now, next, {
          ...now.stamps,
          [nameOf(siteId, channel)]: { by, at: parts.recordNow(), removed },
        });
      });
    },
  };
}
