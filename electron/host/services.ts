import type { SoleDuty } from '../../shared/domain/duty/index.ts';
import { startAnchorLoop } from './audit/anchor-loop.ts';
import { createBillingDesk } from './billing/billing-desk.ts';
import { createBillCorrections } from './billing/correct-for-billing.ts';
import type { HostConfig } from './config.ts';
import { openCritical } from './critical/open-critical.ts';
import { openDictation } from './dictation/index.ts';
import { openDuties } from './duties/open-duties.ts';
import { openFollowUp } from './follow-up/open-follow-up.ts';
import { openChannels } from './group/open-channels.ts';
import { publishKeys } from './identity/publish-keys.ts';
import { openAfterReport } from './images-after-report/open-after-report.ts';
import { openBooks } from './open-books.ts';
import { openDelivery } from './open-delivery.ts';
import { openIntake } from './open-intake.ts';
import { openSessions } from './open-sessions.ts';
import { openStores } from './open-stores.ts';
import { openUpkeep } from './open-upkeep.ts';
import { credentialsEvery, eventsEvery } from './paces.ts';
import { openPhysicianPage } from './physician-page/open-physician-page.ts';
import { openPrefetch } from './prefetch/open-prefetch.ts';
import { openCheckBook } from './reading/check-book.ts';
import { startCodeWatch } from './reading/code-watch.ts';
import { createHangingBook } from './reading/hanging-book.ts';
import { startLoop } from './reading/loop.ts';
import { openReadingDesks } from './reading/open-reading-desks.ts';
import { createStudySearch } from './reading/study-search.ts';
import { createOpenCases } from './routes/open-cases.ts';
import { createTroubleTimes } from './routes/trouble-times.ts';
import { startQuestionWatch } from './site-desk/question-watch.ts';
import { createTemplateBook } from './templates/template-book.ts';
import { createTemplateWorks } from './templates/template-works.ts';
import { openUpstreams } from './upstreams.ts';

export type Services = Awaited<ReturnType<typeof createServices>>;

/** Opens the rooms of the host and starts their work. */
export async function createServices(config: HostConfig) {
  const { settings, ports } = config;
  const directory = settings.dataDirectory;
  const stores = await openStores(config);
  const { keyRing, journal, audit, accounts, notices } = stores;
  const {
    record,
    archive,
    cache,
    recordEndpoint,
    addToRecord,
    close: closeUpstreams,
  } = await openUpstreams(config, keyRing);
  const people = await openSessions({ settings, ports, record, ...stores });
  const { group, devices, displays, passwords, sessions, hub } = people;
  const known = await openBooks({ settings, ports, record, archive, hub, devices, ...stores });
  const { events, sync, studies, signed, sites, rulesOfOrders, orderFit, book, links, credentials, rights } = known;
  const { criticalResults, changes, refresh, learn, caseChanged, claims, desks, persons, priors, reports, drafts } =
    known;
  const billing = createBillingDesk({ record, sync, reports, ...rulesOfOrders, ports });
  const billCorrections = createBillCorrections({ record, sync, events, tables: rulesOfOrders.tables });
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
  const { followUp, ...followUpLoop } = openFollowUp({
    ...{ record, sync, book, persons, names: sites.names, reports, events, duties, ports },
    ...{ onTask: learn, onCase: caseChanged },
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
  const { channelBook, ...channels } = await openChannels({
    ...{ settings, group, record, sync, ports },
    sealer: keyRing.sealer('channels'),
  });
  const delivery = await openDelivery({
    config,
    channelBook,
    ...stores,
    record,
    archive,
    ...{ passwords, sessions, signed, book, studies, events, claims },
    ...{ reports, rights, sites, hub, group, duties },
    moves: readingDesks.moves,
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
    answered: delivery.answered,
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
    followUpLoop.nudge();
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
    asOf: () => known.freshness.asOf(),
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
    followUp,
    claims,
    ...desks,
    priors,
    persons,
    hanging: createHangingBook({ record, sync, ports }),
    templates: createTemplateBook({ record, sync, ports }),
    templateWorks: createTemplateWorks({ journal, ports }),
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
    channelBook,
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
    resolve: known.resolve,
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
        followUpLoop.stop(),
        questionWatch.stop(),
        physicianPage?.stop(),
        delivery.loop.stop(),
        delivery.stopMarks(),
        eventsLoop.stop(),
        intake.loop.stop(),
        channels.stop(),
        anchorLoop.stop(),
        credentialsLoop.stop(),
        dutyLoop.stop(),
        upkeep.close(),
        group?.stop(),
        people.stopDevices(),
        sync.stop(),
      ]);
      // After the last effect, so that the next holder never meets one under way.
      await duties.giveBack();
      known.stopList();
      await delivery.artefacts.close();
      const fitted = Promise.all([orderFit.close(), known.seriesBook.close()]);
      await closeUpstreams();
      await fitted;
      await accounts.close();
      await audit.close();
      await known.closeEvents();
      await journal.close();
    },
  };
}
