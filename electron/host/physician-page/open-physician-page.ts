import type { HostConfig } from '../config.ts';
import type { Group } from '../group/open-group.ts';
import { createSharedItems } from '../group/shared-items.ts';
import type { KeyRing } from '../keys/types.ts';
import { physicianLinksEvery } from '../paces.ts';
import { startLoop } from '../reading/loop.ts';
import type { RecordClient } from '../record/types.ts';
import { createLinkStore } from './link-store.ts';
import { createPhysicianDoor, type PhysicianDoor } from './page-door.ts';
import { createPhysicianRoom, type PhysicianRoom } from './physician-room.ts';

export type PhysicianPage = {
  readonly room: PhysicianRoom;
  readonly door: PhysicianDoor;
  /** The whole link with this secret part; null while nobody knows where people reach the page. */
  address(token: string): string | null;
  stop(): Promise<void>;
};

/** Null where it is not offered: without a group host, or without a listener of its own. */
export function openPhysicianPage(
  parts: Omit<Parameters<typeof createPhysicianRoom>[0], 'links' | 'record' | 'ports'> & {
    readonly config: HostConfig;
    readonly group: Group | null;
    readonly keyRing: KeyRing;
    readonly record: RecordClient;
  },
): PhysicianPage | null {
  const { config, group, record } = parts;
  const { settings, ports } = config;
  if (settings.listen === undefined || settings.physicianPage === undefined) return null;
  // A host that stands alone over its record seals with its own key what several would with the group's.
  const items = group?.items ?? createSharedItems(record, parts.keyRing.sealer('physician links'), ports);
  const room = createPhysicianRoom({ ...parts, links: createLinkStore(items), ports });
  const origin = (): string | null => config.physicianOrigin?.() ?? settings.physicianPage?.origin ?? null;
  const loop = startLoop('physician-links', () => physicianLinksEvery, room.sweep, ports);
  return {
    room,
    door: createPhysicianDoor({ room, origin, ports }),
    address: (token) => {
      const at = origin();
      return at === null ? null : `${at}/r/${token}`;
    },
    stop: loop.stop,
  };
}
