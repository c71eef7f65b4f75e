import type { Hono } from 'hono';
import type { Failure } from '../../../shared/api/index.ts';
import type { DowntimeSheet } from '../../../shared/domain/upkeep/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { formatInZone } from '../../../shared/lib/zoned-time.ts';
import type { AuditLog } from '../audit/types.ts';
import type { BackupStanding } from '../backup/nightly.ts';
import { clockFaultsOf } from '../delivery/clock-faults.ts';
import type { Sessions } from '../identity/types.ts';
import type { Upkeep } from '../open-upkeep.ts';
import type { Ports } from '../ports.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { ChannelBook } from '../settings/channel-book.ts';
import { failure, mount } from './mount.ts';

/** The host's own affairs, to the lead; the downtime page also to its site. */
export function mountUpkeepRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly upkeep: Upkeep;
  readonly sites: Pick<SiteBook, 'all'>;
  readonly channelBook: Pick<ChannelBook, 'of' | 'unread'>;
  /** A host that serves a group. */
  readonly group: boolean;
}): void {
  const { app, sessions, ports, audit, upkeep, sites, channelBook } = routes;
  const { pages, files, zone } = upkeep;

  mount(app, sessions, ports, 'upkeep', async () => {
    const { writtenAt = null, failure: trouble = null } = files?.standing() ?? {};
    return ok({
      backup: backupWords(upkeep.backup?.standing() ?? null, routes.group),
      downtime: {
        kept: files !== null,
        written: writtenAt === null ? null : formatInZone(writtenAt, zone),
        failure: trouble,
        sites: pages.sites().map(({ id, name }) => ({ id, name })),
      },
      clocks: sites.all().flatMap((profile) =>
        clockFaultsOf(profile, channelBook, ports.now()).map(({ words, next }) => ({
          ...{ siteId: profile.site.id, site: profile.site.name, words, next },
        })),
      ),
    });
  });

  const sheetOf = async (siteId: string, user: string): Promise<Result<DowntimeSheet, Failure>> => {
    const sheet = await pages.sheet(siteId);
    if (sheet === null) return failure('not-found', 'Nothing is known of that site yet.');
    // Noted before it leaves: it names patients, and it is made for paper.
    const noted = await audit.record([
      { user, purpose: 'print', patient: null, studyUid: null, detail: `downtime page of site ${siteId}` },
    ]);
    return noted.ok ? ok(sheet) : failure('audit-unavailable', noted.error.message);
  };
  mount(app, sessions, ports, 'downtimeSheet', async ({ params, session: { reader } }) => {
    const sheet = await sheetOf(params.siteId, reader.userName);
    return sheet.ok ? ok(copied(sheet.value)) : sheet;
  });
  mount(app, sessions, ports, 'siteDowntimeSheet', async ({ session: { reader } }) => {
    if (reader.site === undefined) return failure('forbidden', 'This account belongs to no site.');
    const sheet = await sheetOf(reader.site, reader.userName);
    return sheet.ok ? ok(copied(sheet.value)) : sheet;
  });
}

const copied = (sheet: DowntimeSheet) => ({
  ...sheet,
  contacts: [...sheet.contacts],
  onShift: [...sheet.onShift],
  studies: [...sheet.studies],
  form: [...sheet.form],
});

function backupWords(standing: BackupStanding | null, group: boolean) {
  if (standing === null) return { kind: 'off' as const, asked: group };
  const { lastGood, failure: trouble, hour, old, running, zone } = standing;
  return {
    kind: 'on' as const,
    lastGood: lastGood === null ? null : formatInZone(lastGood, zone),
    old,
    running,
    failure: trouble === null ? null : `${formatInZone(trouble.at, zone)}: ${trouble.words}`,
    nightly: `at ${String(hour).padStart(2, '0')}:00 in ${zone}`,
  };
}
