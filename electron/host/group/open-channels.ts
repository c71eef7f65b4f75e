import { hostname } from 'node:os';
import type { Sealer } from '../keys/types.ts';
import type { Ports } from '../ports.ts';
import { firstOf, startLoop } from '../reading/loop.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';
import { type ChannelBook, createChannelBook } from '../settings/channel-book.ts';
import { createChannelFile } from '../settings/channel-file.ts';
import type { Settings } from '../settings/types.ts';
import type { Group } from './open-group.ts';
import { createSharedChannels, sharedChannelsId } from './shared-channels.ts';

/** Milliseconds between two looks at the group's channels: while something is to be brought there, and otherwise, besides what sync tells. */
const channelsEvery = { settling: 2_000, settled: 30_000 };
/** How long the start waits for the first. */
const channelsWait = 5_000;

/** Where sites' reports go: of a group's host what the group has in the record, of any other what stands in its settings.json. */
export async function openChannels(parts: {
  readonly settings: Settings;
  readonly sealer: Sealer;
  readonly group: Pick<Group, 'items'> | null;
  readonly record: Pick<RecordClient, 'recordNow'>;
  readonly sync: Pick<RecordSync, 'onChange'>;
  readonly ports: Ports;
}): Promise<{ readonly channelBook: ChannelBook; stop(): Promise<void> }> {
  const { settings, group, ports } = parts;
  const file = createChannelFile(settings, parts.sealer);
  if (!(await file.sealPlain()))
    ports.log.warn('a secret of a site’s channel still lies in plain in settings.json: it could not be written');
  if (group === null) return { channelBook: createChannelBook(settings, file), stop: async () => undefined };
  const shared = createSharedChannels({
    items: group.items,
    file,
    fileName: `settings.json of ${hostname()}`,
    stays: (set) => settings.gatewayFolders === undefined && 'to' in set && set.to.kind === 'folder',
    recordNow: parts.record.recordNow,
    ports,
  });
  await firstOf(shared.refresh(), channelsWait);
  let isSettled = false;
  const loop = startLoop(
    'channels',
    () => (isSettled ? channelsEvery.settled : channelsEvery.settling),
    async () => {
      isSettled = await shared.settle();
    },
    ports,
  );
  const unhear = parts.sync.onChange(({ type, items }) => {
    if (type === 'Basic' && items.some(({ resource }) => resource.id === sharedChannelsId)) loop.nudge();
  });
  return {
    channelBook: createChannelBook(settings, shared),
    stop: async () => {
      unhear();
      await loop.stop();
    },
  };
}
