import { type DestroyedWhy, windowOfDevice } from '../../../shared/domain/devices/index.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import { openFrameCache } from '../archive/index.ts';
import { openAuditLog } from '../audit/index.ts';
import type { Host, HostConfig } from '../config.ts';
import { openDictation } from '../dictation/index.ts';
import { createSessions } from '../identity/index.ts';
import { openJournal } from '../journal/index.ts';
import { signAsDevice } from '../keys/device-keys.ts';
import { openKeyRing } from '../keys/index.ts';
import type { Ports } from '../ports.ts';
import { createDraftStore } from '../reading/draft-store.ts';
import { createEventHub } from '../routes/event-stream.ts';
import { createOpenCases } from '../routes/open-cases.ts';
import { HostStartError } from '../start-error.ts';
import { createTemplateWorks } from '../templates/template-works.ts';
import { createDeskAhead, type DeskAhead } from './desk-ahead.ts';
import { createDeskCases } from './desk-cases.ts';
import { createDeskImages, type DeskImages } from './desk-images.ts';
import { createDeskRouter } from './desk-router.ts';
import { createDeskSessions } from './desk-sessions.ts';
import { type DeviceFiles, openDeviceFiles } from './device-identity.ts';
import { createDeviceLife } from './device-life.ts';
import { deviceOutboxIn, keepInOutbox } from './device-outbox.ts';
import type { EndOfKeys } from './end-of-keys.ts';
import type { GroupLink } from './group-link.ts';
import { openHandOver, type Pending } from './hand-over.ts';

export type DeskRooms = Host & {
  /** Whoever is signed in here is signed out, at the group too. */
  endSessions(): void;
};

/** Largest share of the disk that kept images may take. */
const frameCacheBytes = 4 * 1024 ** 3;

/**
 * The reader's own host in a group (DESIGN 2.6): the desk rooms alone (journal of drafts and of signatures to hand over, sealed image
 * cache, access log, sessions). Everything else is asked of the group host. It knows no address and no credential of record or archive.
 */
export async function openDeskRooms(
  config: HostConfig,
  link: GroupLink,
  onEnd: (end: EndOfKeys) => void,
): Promise<DeskRooms | EndOfKeys> {
  const { settings, ports } = config;
  const directory = settings.dataDirectory;
  if (settings.group === undefined) throw new Error('a desk host needs a group host');
  const keys = await openKeyRing({ directory, secret: config.secret });
  if (!keys.ok) throw new HostStartError(keys.error.message);
  const keyRing = keys.value;
  const files = await openDeviceFiles(directory, keyRing);
  let held = (): number => 0;
  const device = createDeviceLife({ files, link, ports, version: config.version, heldBytes: () => held() });
  // Before anything that could be shown is opened: whether it may still be.
  const over = await device.look();
  if (over !== null) return decideEnd(files, over, ports);
  if (files.clock() === 'lost')
    throw new HostStartError(
      'How long this computer was away from its group cannot be told any more (device/clock.sealed), so nothing is opened. Connect it to the network and start again; nothing was changed.',
    );
  const journalOpened = await openJournal({ directory, keyRing, ports });
  if (!journalOpened.ok) throw new HostStartError(journalOpened.error.message);
  const journal = journalOpened.value;
  const auditOpened = await openAuditLog({ directory, keyRing, ports });
  if (!auditOpened.ok) throw new HostStartError(auditOpened.error.message);
  const audit = auditOpened.value;

  const sessions = createSessions({
    ports,
    idleLockMinutes: settings.idleLockMinutes,
    idleEndMinutes: settings.idleEndMinutes,
  });
  const desk = createDeskSessions(link, ports, () => windowOfDevice(files.identity().id, ports.newId()));
  const hub = createEventHub(ports);
  const openCases = createOpenCases();
  const outbox = deviceOutboxIn(directory);
  const envelope = async ({ command: { commandId }, version }: Pending): Promise<void> => {
    const { id, keys: deviceKeys, told } = files.identity();
    // While the group does not know this computer nothing ends its keys either.
    if (told === null) return;
    await keepInOutbox(directory, { deviceId: id, deviceKeys, envelopeKey: told.envelopeKey, commandId, version });
  };
  const handOver = await openHandOver(journal, { keep: envelope, remove: outbox.remove });
  /** Of a version that made none, or signed before the group knew this computer. */
  const envelopesThere = async (): Promise<void> => {
    for (const pending of handOver.waiting())
      if (!(await outbox.has(pending.command.commandId))) await envelope(pending);
  };
  await envelopesThere();

  const cases = createDeskCases();
  const drafts = createDraftStore(journal, (taskId) => {
    const pending = handOver.ofTask(taskId);
    const here = pending === null || pending.returned !== null ? 0 : pending.version.version;
    return Math.max(here, cases.signedVersion(taskId));
  });
  const cache = await openFrameCache({
    directory,
    key: keyRing.derive('frame-cache'),
    maxBytes: frameCacheBytes,
    ports,
  });
  held = cache.size;
  const ahead: DeskAhead = createDeskAhead({
    ...{ settings, link, desk, sessions, openCases, cache, audit, ports },
    images: () => images,
  });
  const images: DeskImages = createDeskImages({ link, desk, openCases, cache, aheadFor: ahead.aheadFor, ports });
  const notices = [`Group host: ${settings.group.origins.join(', ')}`];
  if (keyRing.kind === 'key-file')
    notices.push(
      'The key lies in a file beside the data: it protects against accident alone, not against somebody who has the disk.',
    );
  const dictation = openDictation(config, sessions);
  const router = createDeskRouter({
    dictation,
    config,
    notices,
    keyRing,
    audit,
    link,
    sessions,
    desk,
    hub,
    openCases,
    handOver,
    cases,
    drafts,
    templateWorks: createTemplateWorks({ journal, ports }),
    images,
    ahead,
    device,
    nameOfDevice: () => files.identity().name,
  });
  const deviceLoop = device.start(
    (why) => onEnd(decideEnd(files, why, ports)),
    () => hub.publish({ type: 'status-changed' }),
    envelopesThere,
  );
  const stopLink = link.onChange(deviceLoop.nudge);
  router.onRefused(deviceLoop.nudge);
  const stopDesktop = config.desktop?.onLock(() => sessions.lockAll()) ?? (() => undefined);
  ports.log.info('the host is ready', { group: settings.group.origins.length, waiting: handOver.waiting().length });
  return {
    fetch: router.fetch,
    notices,
    endSessions: () => {
      for (const token of desk.tokens()) sessions.end(token);
    },
    close: async () => {
      stopDesktop();
      dictation.close();
      stopLink();
      await deviceLoop.stop();
      await ahead.stop();
      await router.close();
      openCases.endAll();
      hub.close();
      sessions.close();
      await images.close();
      await cache.close();
      await audit.close();
      await journal.close();
    },
  };
}

/** The decision, signed while there is still a key to sign it with. */
function decideEnd(files: DeviceFiles, why: DestroyedWhy, ports: Ports): EndOfKeys {
  const { id: deviceId, name, keys } = files.identity();
  const decidedAt = ports.now();
  const signature = signAsDevice(keys, canonicalJson({ deviceId, why, decidedAt }));
  return { deviceId, name, why, decidedAt, signature, destroyedAt: null, confirmed: false, revoked: why === 'revoked' };
}
