import { type DeviceId, deviceOfWindow } from '../../shared/domain/devices/index.ts';
import type { SoleDuty } from '../../shared/domain/duty/index.ts';
import type { IdentityResolution, ReportState } from '../../shared/domain/report/index.ts';
import { protocolOf } from '../../shared/domain/study/index.ts';
import { startAnchorLoop } from './audit/anchor-loop.ts';
import { createBillingDesk } from './billing/billing-desk.ts';
import { createBillCorrections } from './billing/correct-for-billing.ts';
import type { HostConfig } from './config.ts';
import { createCriticalBook, withCritical } from './critical/critical-book.ts';
import { openCritical } from './critical/open-critical.ts';
import { openSignedStore } from './delivery/signed-store.ts';
import { openDevices } from './devices/open-devices.ts';
import { openDictation } from './dictation/index.ts';
import { openDuties } from './duties/open-duties.ts';
import { openGroup } from './group/open-group.ts';
import { createCredentialBook } from './identity/credential-book.ts';
import { createSessions } from './identity/index.ts';
import { publishKeys } from './identity/publish-keys.ts';
import { openAfterReport } from './images-after-report/open-after-report.ts';
import { openDelivery } from './open-delivery.ts';
import { openEvents } from './open-events.ts';
import { openIntake } from './open-intake.ts';
import { openListChanges } from './open-list-changes.ts';
import { openStores } from './open-stores.ts';
import { openUpkeep } from './open-upkeep.ts';
import { credentialsEvery, eventsEvery } from './paces.ts';
import { openPhysicianPage } from './physician-page/open-physician-page.ts';
import { openPrefetch } from './prefetch/open-prefetch.ts';
import { createCaseBook } from './reading/case-book.ts';
import { openCheckBook } from './reading/check-book.ts';
import { createClaims } from './reading/claims.ts';
import { startCodeWatch } from './reading/code-watch.ts';
import { createDraftStore } from './reading/draft-store.ts';
import { createHangingBook } from './reading/hanging-book.ts';
import { createLinkIndex } from './reading/link-index.ts';
import { startLoop } from './reading/loop.ts';
import { openReadingDesks } from './reading/open-reading-desks.ts';
import { createOrderFit, type FitSettings } from './reading/order-fit.ts';
import { openOrderRules } from './reading/order-rules.ts';
import { createPersonIndex } from './reading/person-index.ts';
import { createPriors } from './reading/priors.ts';
import { createReadingRights } from './reading/reading-rights.ts';
import { createReportBook } from './reading/report-book.ts';
import { createSeriesBook } from './reading/series-book.ts';
import { createSiteBook } from './reading/site-book.ts';
import { createStudyBook } from './reading/study-poll.ts';
import { createStudySearch } from './reading/study-search.ts';
import { createFreshness } from './record/freshness.ts';
import { createRecordSync } from './record/index.ts';
import { syncedTypes } from './record/synced-types.ts';
import { createEventHub } from './routes/event-stream.ts';
import { createOpenCases } from './routes/open-cases.ts';
import { createPasswordTries } from './routes/password-tries.ts';
import { createTroubleTimes } from './routes/trouble-times.ts';
import { openDesks } from './site-desk/open-desks.ts';
import { startQuestionWatch } from './site-desk/question-watch.ts';
import { createTemplateBook } from './templates/template-book.ts';
import { openUpstreams } from './upstreams.ts';

export type Services = Awaited<ReturnType<typeof createServices>>;

/** Opens the rooms of the host and starts their work. */
export async function createServices(config: HostConfig) {
  const { settings, ports } = config;
  const directory = settings.dataDirectory;
  const stores = await openStores(config);
  const { keyRing, journal, audit, accounts, notices } = stores;
  const passwords = createPasswordTries(accounts, ports);
  const {
    record,
    archive,
    cache,
    recordEndpoint,
    addToRecord,
    close: closeUpstreams,
  } = await openUpstreams(config, keyRing);
  const group = await openGroup({ settings, record, accounts, ports });
  /** Nobody is signed in and no page listens before these are there. */
  const tellOfDevices = { barred: (_id: DeviceId): void => undefined, givenBack: (_taskId: string): void => undefined };
  const {
    devices,
    displays,
    stop: stopDevices,
  } = await openDevices({
    ...{ group, journal, keyRing, ports },
    onBarred: (id) => tellOfDevices.barred(id),
    onGivenBack: (taskId) => tellOfDevices.givenBack(taskId),
  });
  const sessions = createSessions({
    ports,
    idleLockMinutes: settings.idleLockMinutes,
    idleEndMinutes: settings.idleEndMinutes,
    ...(group === null ? {} : { portable: group.tokens }),
    isBarred: (window) => {
      const device = deviceOfWindow(window);
      return device !== null && devices.isBarred(device);
    },
  });
  const hub = createEventHub(ports);
  tellOfDevices.barred = (id) => sessions.endWhere((window) => deviceOfWindow(window) === id);
  tellOfDevices.givenBack = (taskId) => hub.publish({ type: 'case-changed', taskId });
  const freshness = createFreshness(record, syncedTypes);
  const { events, closeEvents } = await openEvents({
    settings,
    keyRing,
    journal,
    record,
    ports,
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
  const rulesOfOrders = await openOrderRules(directory, (order) => sites.agreedWith({ order, seen: null }), ports);
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
  const seriesBook = createSeriesBook(archive, studies.rejected, ports, studyChanged);
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
  const billing = createBillingDesk({ record, sync, reports, ...rulesOfOrders, ports });
  const billCorrections = createBillCorrections({ record, sync, events, tables: rulesOfOrders.tables });
  const drafts = createDraftStore(journal, (taskId) =>
    Math.max(
      0,
      ...signed
        .ofTask(taskId)
        .filter((one) => one.standing.kind !== 'returned')
        .map((one) => one.signed.content.version),
    ),
  );
  const onDuty = new Map<SoleDuty, () => void>();
  const { duties, dutyLoop } = await openDuties({
    record,
    alone: settings.record.kind === 'embedded',
    group,
    journal,
    ports,
    notices,
    onChange: (duty) => onDuty.get(duty)?.(),
  });
  const { critical, ...criticalLoop } = openCritical({
    record,
    results: criticalResults,
    ...{ book, events, sites, accounts, rights, duties, ports },
    onTask: learn,
    onCase: caseChanged,
  });
  const delivery = await openDelivery({
    config,
    ...stores,
    record,
    archive,
    ...{ passwords, sessions, signed, book, studies, events },
    ...{ reports, rights, sites, hub, group, duties },
    onTask: learn,
    onCase: caseChanged,
    onSigned: () => anchorLoop.nudge(),
    sync,
    messages: desks.siteDesk.messages,
    critical,
    refresh,
  });
  onDuty.set('deliver', delivery.loop.nudge);
  // In a loop of its own: hundreds of events on their way must not hold up a report.
  const eventsLoop = startLoop(
    'events',
    () => (events.waiting() > 0 ? eventsEvery.waiting : eventsEvery.idle),
    async () => {
      await events.flush();
    },
    ports,
  );
  const intake = await openIntake({
    config,
    ...stores,
    record,
    recordEndpoint,
    addToRecord,
    archive,
    sync,
    book,
    studies,
    events,
    claims,
    signed,
    duties,
    artefacts: delivery.artefacts,
    onTask: learn,
    onCase: caseChanged,
    refresh,
  });
  onDuty.set('intake', intake.loop.nudge);
  const { afterReport, ...afterReportLoop } = openAfterReport({
    record,
    archive,
    sync,
    studies,
    book,
    reports,
    signed,
    events,
    sites,
    accounts,
    rights,
    duties,
    ports,
    onTask: learn,
    onCase: caseChanged,
  });
  sync.onChange((change) => {
    refresh();
    if (change.type === 'ServiceRequest') intake.loop.nudge();
  });
  sync.start();
  let archiveState: string | null = null;
  studies.onChange(() => {
    refresh();
    const state = studies.trouble()?.code ?? null;
    if (state !== archiveState) hub.publish({ type: 'status-changed' });
    archiveState = state;
  });
  events.onChange((taskIds) => {
    refresh();
    for (const taskId of taskIds) hub.publish({ type: 'case-changed', taskId });
    if (events.waiting() > 0) eventsLoop.nudge();
  });
  const anchorLoop = startAnchorLoop(audit, record, ports);
  const credentialsLoop = startLoop('credentials', () => credentialsEvery, credentials.round, ports);
  credentials.onChange(() => hub.publish({ type: 'worklist-changed', version: changes.renew() }));
  const upkeep = await openUpkeep({
    config,
    ...stores,
    siteRoom: desks.siteRoom,
    ledger: intake.hl7Intake.ledger,
    book,
    events,
    signed,
    sites,
    rights,
    sync,
    recordNow: record.recordNow,
  });
  const openCases = createOpenCases();
  const prefetch = openPrefetch({
    settings,
    archive,
    cache,
    rows: () => changes.since(null).rows,
    book,
    priors,
    rights,
    openCases,
    sessions,
    rejected: studies.rejected,
    audit,
    recordNow: record.recordNow,
    ports,
  });
  const dictation = openDictation(config, sessions);
  const stopListening = sessions.onChange((token, change) => {
    hub.publishTo(
      token,
      change === 'locked' ? { type: 'session-locked' } : { type: 'session-ended', why: 'signed out or idle too long' },
    );
    if (change === 'ended') {
      openCases.endSession(token);
      hub.endSession(token);
    }
  });
  const stopDesktop = config.desktop?.onLock(() => sessions.lockAll()) ?? (() => undefined);
  const kinds = { archive: settings.archive.kind, record: settings.record.kind, demo: settings.demo };
  ports.log.info('the host is ready', kinds);
  const codes = startCodeWatch({ book, events, accounts, rights, duties, sessions, record, settings, ports });
  onDuty.set('page', codes.nudge).set('escalate', () => {
    codes.nudge();
    criticalLoop.nudge();
  });
  const readingDesks = await openReadingDesks({
    accounts,
    book,
    changes,
    claims,
    events,
    rights,
    links,
    journal,
    ports,
    recordNow: record.recordNow,
  });
  const physicianPage = openPhysicianPage({
    config,
    ...stores,
    ...{ group, record, reports, book, events, critical },
    onChange: (taskId) => hub.publish({ type: 'case-changed', taskId }),
  });
  const questionWatch = startQuestionWatch({ asked: desks.siteDesk.book.asked, book, events, duties, record, ports });
  return {
    keyRing,
    dictation,
    hl7Intake: intake.hl7Intake,
    fhirDoor: intake.fhirDoor,
    journal,
    audit,
    accounts,
    devices,
    displays,
    duties,
    shared: delivery.shared,
    passwords,
    sessions,
    notices,
    /** The moment up to which the list is known to be what the record holds; null before the first reading. */
    asOf: () => freshness.asOf(),
    ...createTroubleTimes(ports),
    record,
    archive,
    hub,
    sync,
    studies,
    events,
    signed,
    book,
    sites,
    changes,
    ...readingDesks,
    codes,
    physicianPage,
    afterReport,
    ...delivery.afterwards,
    critical,
    claims,
    ...desks,
    priors,
    persons,
    hanging: createHangingBook({ record, sync, ports }),
    templates: createTemplateBook({ record, sync, ports }),
    orderFit,
    checks: openCheckBook({ directory, record, sync, ports }),
    billing,
    billCorrections,
    /** Tables and rules that were put into the data folder meanwhile count from the next question on. */
    refreshOrderRules: async () => {
      if (await rulesOfOrders.refresh()) orderFit.changed();
    },
    reports,
    drafts,
    outbox: delivery.outbox,
    marks: delivery.marks,
    releaser: delivery.releaser,
    signing: delivery.signing,
    openCases,
    prefetch,
    upkeep,
    rights,
    reminders: credentials.reminders,
    search: createStudySearch({ rows: () => changes.since(null).rows, book, sync, studies }),
    nudgeOutbox: delivery.loop.nudge,
    publishKeys: (reader: Parameters<typeof publishKeys>[2]) => publishKeys(accounts, record, reader, ports),
    resolve: (taskId: string, resolution: IdentityResolution) => {
      resolutions.set(taskId, resolution);
      caseChanged(taskId);
    },
    close: async (): Promise<void> => {
      stopListening();
      dictation.close();
      stopDesktop();
      await intake.hl7Intake.close();
      await intake.stopDemo();
      openCases.endAll();
      hub.close();
      sessions.close();
      await Promise.all([
        codes.stop(),
        prefetch.stop(),
        readingDesks.stopMoves(),
        afterReportLoop.stop(),
        delivery.stopFollowing(),
        criticalLoop.stop(),
        questionWatch.stop(),
        physicianPage?.stop(),
        delivery.loop.stop(),
        delivery.stopMarks(),
        eventsLoop.stop(),
        intake.loop.stop(),
        anchorLoop.stop(),
        credentialsLoop.stop(),
        dutyLoop.stop(),
        upkeep.close(),
        group?.stop(),
        stopDevices(),
        sync.stop(),
      ]);
      // After the last effect, so that the next holder never meets one under way.
      await duties.giveBack();
      list.stop();
      await delivery.artefacts.close();
      const fitted = Promise.all([orderFit.close(), seriesBook.close()]);
      await closeUpstreams();
      await fitted;
      await accounts.close();
      await audit.close();
      await closeEvents();
      await journal.close();
    },
  };
}
