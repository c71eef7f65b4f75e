import { openFrameCache } from '../archive/index.ts';
import { openAuditLog } from '../audit/index.ts';
import type { Host, HostConfig } from '../config.ts';
import { createSessions } from '../identity/index.ts';
import { openJournal } from '../journal/index.ts';
import { openKeyRing } from '../keys/index.ts';
import { createDraftStore } from '../reading/draft-store.ts';
import { createEventHub } from '../routes/event-stream.ts';
import { createOpenCases } from '../routes/open-cases.ts';
import { HostStartError } from '../start-error.ts';
import { createDeskCases } from './desk-cases.ts';
import { createDeskImages } from './desk-images.ts';
import { createDeskRouter } from './desk-router.ts';
import { createDeskSessions } from './desk-sessions.ts';
import { createGroupLink } from './group-link.ts';
import { openHandOver } from './hand-over.ts';

/** Largest share of the disk that kept images may take. */
const frameCacheBytes = 4 * 1024 ** 3;

/**
 * The reader's own host in a group (DESIGN 2.6): the desk rooms alone (journal of drafts and of signatures to hand over, sealed image
 * cache, access log, sessions). Everything else is asked of the group host. It knows no address and no credential of record or archive.
 */
export async function createDeskHost(config: HostConfig): Promise<Host> {
  const { settings, ports } = config;
  const directory = settings.dataDirectory;
  if (settings.group === undefined) throw new Error('a desk host needs a group host');
  const keys = await openKeyRing({ directory, secret: config.secret });
  if (!keys.ok) throw new HostStartError(keys.error.message);
  const keyRing = keys.value;
  const journalOpened = await openJournal({ directory, keyRing, ports });
  if (!journalOpened.ok) throw new HostStartError(journalOpened.error.message);
  const journal = journalOpened.value;
  const auditOpened = await openAuditLog({ directory, keyRing, ports });
  if (!auditOpened.ok) throw new HostStartError(auditOpened.error.message);
  const audit = auditOpened.value;

  const link = createGroupLink(settings.group, ports);
  const sessions = createSessions({
    ports,
    idleLockMinutes: settings.idleLockMinutes,
    idleEndMinutes: settings.idleEndMinutes,
  });
  const desk = createDeskSessions(link, ports);
  const hub = createEventHub(ports);
  const openCases = createOpenCases();
  const handOver = await openHandOver(journal);
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
  const images = createDeskImages({ link, desk, openCases, cache, ports });
  const notices = [`Group host: ${settings.group.origins.join(', ')}`];
  if (keyRing.kind === 'key-file')
    notices.push(
      'The key lies in a file beside the data: it protects against accident alone, not against somebody who has the disk.',
    );
  const router = createDeskRouter({
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
    images,
  });
  const stopDesktop = config.desktop?.onLock(() => sessions.lockAll()) ?? (() => undefined);
  ports.log.info('the host is ready', { group: settings.group.origins.length, waiting: handOver.waiting().length });
  return {
    fetch: router.fetch,
    notices,
    close: async () => {
      stopDesktop();
      await router.close();
      openCases.endAll();
      hub.close();
      sessions.close();
      await images.close();
      link.close();
      await cache.close();
      await audit.close();
      await journal.close();
    },
  };
}
