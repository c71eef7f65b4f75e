import type { IdentityResolution, ReportState } from '../../shared/domain/report/index.ts';
import { protocolOf } from '../../shared/domain/study/index.ts';
import type { ArchiveClient } from './archive/types.ts';
import { createCriticalBook, withCritical } from './critical/critical-book.ts';
import { openSignedStore } from './delivery/signed-store.ts';
import type { DeviceBook } from './devices/device-book.ts';
import { createCredentialBook } from './identity/credential-book.ts';
import type { Accounts } from './identity/index.ts';
import type { Journal } from './journal/index.ts';
import type { KeyRing } from './keys/types.ts';
import { openEvents } from './open-events.ts';
import { openListChanges } from './open-list-changes.ts';
import type { Ports } from './ports.ts';
import { createCaseBook } from './reading/case-book.ts';
import { createClaims } from './reading/claims.ts';
import { createDraftStore } from './reading/draft-store.ts';
import { createLinkIndex } from './reading/link-index.ts';
import { createOrderFit, type FitSettings } from './reading/order-fit.ts';
import { openOrderRules } from './reading/order-rules.ts';
import { createPersonIndex } from './reading/person-index.ts';
import { createPriors } from './reading/priors.ts';
import { createReadingRights } from './reading/reading-rights.ts';
import { createReportBook } from './reading/report-book.ts';
import { createSeriesBook } from './reading/series-book.ts';
import { createSiteBook } from './reading/site-book.ts';
import { createStudyBook } from './reading/study-poll.ts';
import { createFreshness } from './record/freshness.ts';
import { createRecordSync } from './record/index.ts';
import { syncedTypes } from './record/synced-types.ts';
import type { RecordClient } from './record/types.ts';
import type { EventHub } from './routes/event-stream.ts';
import type { Settings } from './settings/types.ts';
import { openDesks } from './site-desk/open-desks.ts';

/**
 * All that the host knows of its cases: what the record, the archive and its own journal hold, each in a book that the others look into,
 * and the list that is told to every page whenever one of them changes.
 */
export async function openBooks(parts: {
  readonly settings: Settings;
  readonly ports: Ports;
  readonly keyRing: KeyRing;
  readonly journal: Journal;
  readonly accounts: Accounts;
  readonly record: RecordClient;
  readonly archive: ArchiveClient;
  readonly hub: EventHub;
  readonly devices: DeviceBook;
}) {
  const { settings, ports, keyRing, journal, accounts, record, archive, hub, devices } = parts;
  const freshness = createFreshness(record, syncedTypes);
  const { events, closeEvents } = await openEvents({
    ...{ settings, keyRing, journal, record, ports },
    priorityOf: (orderId) => sync.get('ServiceRequest', orderId)?.resource.priority ?? 'unknown',
  });
  const sync = createRecordSync(freshness.record, syncedTypes, {
    ports,
    streamed: [events.stream],
    onTrouble: () => hub.publish({ type: 'status-changed' }),
  });
  const studies = createStudyBook(archive, ports, settings.studyDays);
  const signed = await openSignedStore(journal, (taskId) => caseChanged(taskId));
  const resolutions = new Map<string, IdentityResolution>();
  for (const entry of await journal.all('identity-resolution'))
    resolutions.set(entry.key, entry.body as IdentityResolution);
  const waitingState = (taskId: string): ReportState | null =>
    signed.ofTask(taskId).some((one) => one.standing.kind === 'waiting') ? 'signed-not-released' : null;
  const sites = createSiteBook(sync, ports);
  const rulesOfOrders = await openOrderRules(
    settings.dataDirectory,
    (order) => sites.agreedWith({ order, seen: null }),
    ports,
  );
  const studyChanged = (studyUid: string): void => {
    for (const facts of book.ofStudy(studyUid)) book.changed(facts.task.id);
    refresh();
  };
  const protocol: FitSettings['protocol'] = (order) =>
    protocolOf(sites.agreedWith({ order, seen: null })?.arrival.protocols ?? [], {
      code: order.procedure.code,
      modality: order.modality,
    });
  const orderFit = createOrderFit(archive, ports, { ...rulesOfOrders.settings, protocol }, studyChanged);
  const seriesBook = createSeriesBook(archive, studies.rejectedImages, ports, studyChanged);
  sites.onChange(() => orderFit.changed());
  const book = createCaseBook(
    sync,
    studies,
    events,
    sites,
    {
      reportState: waitingState,
      resolution: (taskId) => resolutions.get(taskId) ?? null,
      fit: orderFit.mark,
      series: seriesBook.of,
    },
    ports,
  );
  const links = createLinkIndex(book);
  const credentials = createCredentialBook({ accounts, record, sync, ports });
  await credentials.refresh();
  const rights = createReadingRights({ credentials, book, sites, recordNow: record.recordNow });
  const criticalResults = createCriticalBook(sync);
  const { changes, refresh, ...list } = openListChanges({
    book,
    hub,
    startedAt: ports.now(),
    links,
    withMatters: (row) => withCritical(criticalResults, desks.siteDesk.withMatters(row)),
  });
  const learn = (written: Parameters<typeof sync.learn>[0]): void => {
    sync.learn(written);
    refresh();
  };
  const caseChanged = (taskId: string): void => {
    book.changed(taskId);
    refresh();
    hub.publish({ type: 'case-changed', taskId });
  };
  const claims = createClaims(record, (written) => {
    sync.learn(written);
    refresh();
  });
  const desks = openDesks({
    record,
    sync,
    book,
    sites,
    credentials,
    criticals: criticalResults,
    events,
    ports,
    onTask: learn,
    onCase: caseChanged,
  });
  const persons = createPersonIndex(sync);
  const priors = createPriors({
    archives: [archive],
    index: persons,
    book,
    events,
    links,
    names: sites.names,
    ports,
  });
  const reports = createReportBook(record, signed, events, sites, devices);
  const drafts = createDraftStore(journal, (taskId) =>
    Math.max(
      0,
      ...signed
        .ofTask(taskId)
        .filter((one) => one.standing.kind !== 'returned')
        .map((one) => one.signed.content.version),
    ),
  );
  return {
    ...{
      freshness,
      events,
      closeEvents,
      sync,
      studies,
      signed,
      sites,
      rulesOfOrders,
      orderFit,
      seriesBook,
      book,
      links,
    },
    ...{ credentials, rights, criticalResults, changes, refresh, stopList: list.stop, learn, caseChanged, claims },
    ...{ desks, persons, priors, reports, drafts },
    resolve: (taskId: string, resolution: IdentityResolution) => {
      resolutions.set(taskId, resolution);
      caseChanged(taskId);
    },
  };
}
