import { Hono } from 'hono';
import { ok } from '../../../shared/lib/result.ts';
import type { Host, HostConfig } from '../config.ts';
import { createSessions } from '../identity/index.ts';
import { startLoop } from '../reading/loop.ts';
import { answerOwnPaths } from '../routes/front-door.ts';
import { failure, mount } from '../routes/mount.ts';
import { askPublic } from './device-life.ts';
import type { DeviceOutbox } from './device-outbox.ts';
import { type EndOfKeys, writeEnd } from './end-of-keys.ts';
import type { GroupLink } from './group-link.ts';

/** Milliseconds between two tries to tell the group, and once there is nothing to tell any more. */
const every = { telling: 4_000, told: 60_000 };

/**
 * What is left of a desktop whose keys were destroyed: it says so, hands the envelopes to the group, and tells it that the keys are gone.
 * It has no session, opens nothing and asks for nobody's password.
 */
export function createEndedHost(parts: {
  readonly config: HostConfig;
  readonly end: EndOfKeys;
  readonly outbox: DeviceOutbox;
  readonly link: GroupLink;
  /** Begins anew with an empty data folder. */
  readonly afresh: () => Promise<void>;
}): Pick<Host, 'fetch' | 'close'> {
  const { config, outbox, link } = parts;
  const { settings, ports } = config;
  const directory = settings.dataDirectory;
  let { end } = parts;
  let waiting = 0;
  const app = new Hono();
  const sessions = createSessions({ ports, idleLockMinutes: 1, idleEndMinutes: 1 });
  const mayStartAfresh = (): boolean => end.confirmed && !end.revoked && waiting === 0;

  const loop = startLoop(
    'ended',
    () => (end.confirmed && waiting === 0 ? every.told : every.telling),
    async () => {
      const envelopes = await outbox.waiting();
      waiting = envelopes.length;
      if (end.destroyedAt === null) return;
      for (const { commandId, envelope } of envelopes) {
        const kept = await askPublic(link, 'deviceEnvelope', { deviceId: end.deviceId, commandId, envelope });
        if (kept?.ok !== true) continue;
        await outbox.remove(commandId);
        waiting -= 1;
      }
      if (end.confirmed) return;
      const { deviceId, why, decidedAt, signature, destroyedAt: at } = end;
      const told = await askPublic(link, 'deviceDestroyed', { deviceId, why, decidedAt, at, signature });
      if (told?.ok !== true) return;
      end = { ...end, confirmed: true, revoked: told.value.revoked || why === 'revoked' };
      await writeEnd(directory, end);
    },
    ports,
  );

  mount(app, sessions, ports, 'capabilities', async () =>
    ok({
      ...{ product: 'Overread' as const, version: config.version, shell: config.shell, demo: false },
      ...{ needsFirstAccount: false, singleUser: false, notices: [], windows: config.desktop !== undefined },
      idleLockMinutes: settings.idleLockMinutes,
      ended: {
        name: end.name,
        why: end.why,
        at: (end.destroyedAt ?? end.decidedAt) as never,
        confirmed: end.confirmed,
        waitingReports: waiting,
        mayStartAfresh: mayStartAfresh(),
      },
    }),
  );
  mount(app, sessions, ports, 'selfTest', async () => ok({}));
  mount(app, sessions, ports, 'startAfresh', async () => {
    if (!mayStartAfresh())
      return failure(
        'not-a-legal-move',
        end.revoked
          ? 'The lead of your group has revoked this computer. Ask the lead whether it may be used again.'
          : 'The group host has not answered yet. This computer begins afresh once it has.',
      );
    await parts.afresh();
    return ok({});
  });
  return {
    fetch: answerOwnPaths(app, config, null),
    close: async () => {
      await loop.stop();
      sessions.close();
    },
  };
}
