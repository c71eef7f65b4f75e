import type { Host, HostConfig } from '../config.ts';
import { type DeskRooms, openDeskRooms } from './desk-rooms.ts';
import { deviceOutboxIn } from './device-outbox.ts';
import { destroyKeys, type EndOfKeys, forgetEnd, readEnd, removeSealed, writeEnd } from './end-of-keys.ts';
import { createEndedHost } from './ended-host.ts';
import { createGroupLink } from './group-link.ts';

type Phase = Pick<Host, 'fetch' | 'close'>;

/**
 * A reader's desktop of a group, as long as it has keys and after: revoked, or away for too long, it destroys them, and what it was killed
 * in the middle of it finishes at its next start before it does anything else.
 */
export async function createDeskHost(config: HostConfig): Promise<Host> {
  const { settings, ports } = config;
  const directory = settings.dataDirectory;
  if (settings.group === undefined) throw new Error('a desk host needs a group host');
  const link = createGroupLink(settings.group, ports);
  const outbox = deviceOutboxIn(directory);
  let notices: readonly string[] = [];
  let ending: Promise<void> | null = null;
  let running: DeskRooms | null = null;

  const ended = (end: EndOfKeys): Phase => createEndedHost({ config, end, outbox, link, afresh });
  /** Keys first: nothing may open in the time that closing and removing the rest takes. */
  const destroy = async (end: EndOfKeys, rooms: DeskRooms | null): Promise<Phase> => {
    if (end.destroyedAt !== null) return ended(end);
    ports.log.warn('the keys of this computer are destroyed', { why: end.why });
    await writeEnd(directory, end);
    ports.step?.('device-decided');
    await destroyKeys(directory, ports);
    rooms?.endSessions();
    await rooms?.close();
    await removeSealed(directory, ports);
    const done = { ...end, destroyedAt: ports.now() };
    await writeEnd(directory, done);
    ports.step?.('device-done');
    return ended(done);
  };
  const open = async (): Promise<Phase> => {
    const before = await readEnd(directory);
    if (before !== null) return destroy(before, null);
    const rooms = await openDeskRooms(config, link, onEnd);
    if ('deviceId' in rooms) return destroy(rooms, null);
    notices = rooms.notices;
    running = rooms;
    return rooms;
  };
  const nothingNow: Phase = {
    fetch: async (request) => {
      await ending;
      return phase === nothingNow ? new Response('Overread is closing', { status: 503 }) : phase.fetch(request);
    },
    close: async () => undefined,
  };
  const onEnd = (end: EndOfKeys): void => {
    if (ending !== null) return;
    const rooms = running;
    running = null;
    phase = nothingNow;
    ending = destroy(end, rooms)
      .then((next) => {
        phase = next;
      })
      .catch(() => {
        // What is decided is finished at the next start.
        ports.log.error('the keys of this computer could not be destroyed in whole; the next start goes on with it');
      })
      .finally(() => {
        ending = null;
      });
  };
  const afresh = async (): Promise<void> => {
    const before = phase;
    await forgetEnd(directory);
    phase = await open();
    // It is the one that answers this very request.
    setImmediate(() => void before.close());
  };
  let phase: Phase = nothingNow;
  phase = await open().catch((reason) => {
    link.close();
    throw reason;
  });
  return {
    fetch: (request) => phase.fetch(request),
    notices,
    close: async () => {
      await ending;
      await phase.close();
      link.close();
    },
  };
}
