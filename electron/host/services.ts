import type { IdentityResolution, ReportState } from '../../shared/domain/report/index.ts';
import { anchorInRecord } from './audit/anchor-in-record.ts';
import { openAuditLog } from './audit/index.ts';
import { createBillingDesk } from './billing/billing-desk.ts';
import type { HostConfig } from './config.ts';
import { createArtefactMaker } from './delivery/artefacts.ts';
import { auditedSender } from './delivery/audited-sender.ts';
import { createSenders } from './delivery/channels.ts';
import { openOutbox } from './delivery/outbox.ts';
import { releaseSigned } from './delivery/release.ts';
import { createReleaser } from './delivery/releaser.ts';
import { createSigning } from './delivery/sign.ts';
import { openSignedStore } from './delivery/signed-store.ts';
import { setDemoCredentials } from './demo/demo-readers.ts';
import { startDemoDay } from './demo/start-demo-day.ts';
import { openDesks } from './desk/open-desks.ts';
import { openDuties } from './duties/open-duties.ts';
import { openGroup } from './group/open-group.ts';
import { createSharedSigned } from './group/shared-signed.ts';
import { createCredentialBook } from './identity/credential-book.ts';
import { addDemoAccounts, createSessions, openAccounts } from './identity/index.ts';
import { publishKeys } from './identity/publish-keys.ts';
import { factsOfContent } from './intake/case-events.ts';
import { openFhirDoor } from './intake/fhir/index.ts';
import { openHl7Intake } from './intake/hl7/index.ts';
import { createIntake } from './intake/reconcile.ts';
import { openJournal } from './journal/index.ts';
import { openKeyRing } from './keys/index.ts';
import {
  anchorEvery,
  anchorRetry,
  credentialsEvery,
  eventsEvery,
  gatherFor,
  intakeEvery,
  outboxEvery,
} from './paces.ts';
import { createCaseBook } from './reading/case-book.ts';
import { createClaims } from './reading/claims.ts';
import { startCodeWatch } from './reading/code-watch.ts';
import { deliveryEvents } from './reading/delivery-events.ts';
import { createDraftStore } from './reading/draft-store.ts';
import { openEventBook } from './reading/event-book.ts';
import { createLinkIndex } from './reading/link-index.ts';
import { firstOf, startLoop } from './reading/loop.ts';
import { openReadingDesks } from './reading/open-reading-desks.ts';
import { createOrderFit } from './reading/order-fit.ts';
import { openOrderRules } from './reading/order-rules.ts';
import { createPriors } from './reading/priors.ts';
import { createReadingRights } from './reading/reading-rights.ts';
import { createReportBook } from './reading/report-book.ts';
import { createSiteBook } from './reading/site-book.ts';
import { createStudyBook } from './reading/study-poll.ts';
import { createStudySearch } from './reading/study-search.ts';
import { createWorklistChanges } from './reading/worklist-changes.ts';
import { createFreshness } from './record/freshness.ts';
import { createRecordSync } from './record/index.ts';
import { syncedTypes } from './record/synced-types.ts';
import { createEventHub } from './routes/event-stream.ts';
import { createOpenCases } from './routes/open-cases.ts';
import { createPasswordTries } from './routes/password-tries.ts';
import { createTroubleTimes } from './routes/trouble-times.ts';
import { HostStartError } from './start-error.ts';
import { openUpstreams } from './upstreams.ts';

export type Services = Awaited<ReturnType<typeof createServices>>;

/** Opens the rooms of the host and starts their work. */
export async function createServices(config: HostConfig) {
  const { settings, ports } = config;
  const directory = settings.dataDirectory;
  const keys = await openKeyRing({ directory, secret: config.secret });
  if (!keys.ok) throw new HostStartError(keys.error.message);
  const keyRing = keys.value;
  const journalOpened = await openJournal({
    directory,
    keyRing,
    ports,
    ...(config.journalThread === undefined ? {} : { thread: config.journalThread }),
  });
  if (!journalOpened.ok) throw new HostStartError(journalOpened.error.message);
  const journal = journalOpened.value;
  const auditOpened = await openAuditLog({ directory, keyRing, ports });
  if (!auditOpened.ok) throw new HostStartError(auditOpened.error.message);
  const audit = auditOpened.value;
  const accounts = await openAccounts({ directory, keyRing, ports });
  const notices: string[] = [];
  if (keyRing.kind === 'key-file')
    notices.push(
      'The key lies in a file beside the data: it protects against accident alone, not against somebody who has the disk.',
    );
  if (settings.demo) {
    await addDemoAccounts(accounts);
    await setDemoCredentials(accounts, ports.now());
    notices.push('Demo reading day, NOT FOR CLINICAL USE. Sign in as reader, lead, qa or site, password demo.');
  }
  const passwords = createPasswordTries(accounts, ports);
  const { record, archive, recordEndpoint, close: closeUpstreams } = await openUpstreams(config, keyRing);
  const group = await openGroup({ settings, record, accounts, ports });
  const sessions = createSessions({
    ports,
    idleLockMinutes: settings.idleLockMinutes,
    idleEndMinutes: settings.idleEndMinutes,
    ...(group === null ? {} : { portable: group.tokens }),
  });
  const hub = createEventHub(ports);
  const freshness = createFreshness(record, syncedTypes);
  const sync = createRecordSync(freshness.record, syncedTypes, {
    ports,
    onTrouble: () => hub.publish({ type: 'status-changed' }),
  });
  const studies = createStudyBook(archive, ports, settings.studyDays);
  const events = await openEventBook(journal, record, ports);
  const signed = await openSignedStore(journal, (taskId) => caseChanged(taskId));
  const resolutions = new Map<string, IdentityResolution>();
  for (const entry of await journal.all('identity-resolution'))
    resolutions.set(entry.key, entry.body as IdentityResolution);
  const waitingState = (taskId: string): ReportState | null =>
    signed.ofTask(taskId).some((one) => one.standing.kind === 'waiting') ? 'signed-not-released' : null;
  const sites = createSiteBook(sync, ports);
  const rulesOfOrders = await openOrderRules(directory, (order) => sites.agreedWith({ order, seen: null }), ports);
  const orderFit = createOrderFit(archive, ports, rulesOfOrders.settings, (studyUid) => {
    for (const facts of book.ofStudy(studyUid)) book.changed(facts.task.id);
    refresh();
  });
  sites.onChange(() => orderFit.changed());
  const book = createCaseBook(
    sync,
    studies,
    events,
    sites,
    { reportState: waitingState, resolution: (taskId) => resolutions.get(taskId) ?? null, fit: orderFit.mark },
    ports,
  );
  const links = createLinkIndex(book);
  const credentials = createCredentialBook({ accounts, record, sync, ports });
  await credentials.refresh();
  const rights = createReadingRights({ credentials, book, sites, recordNow: record.recordNow });
  const changes = createWorklistChanges(ports.now());
  let gathering: NodeJS.Timeout | null = null;
  const takeChanges = book.follow();
  const tellChanges = (): void => {
    gathering = null;
    const changed = [...links.around(takeChanges().tasks)].map((id) => ({ id, facts: book.facts(id) }));
    const shown = changed.flatMap(({ facts }) => (facts === null || facts.task.state === 'cancelled' ? [] : [facts]));
    const listed = new Set<string>(shown.map((facts) => facts.task.id));
    const version = changes.take(
      shown.map((facts) => links.withLinked(desks.siteDesk.withMatters(book.row(facts)))),
      changed.flatMap(({ id }) => (listed.has(id) ? [] : [id])),
    );
    if (version !== null) hub.publish({ type: 'worklist-changed', version });
  };
  /** The list is compared once for all changes that come together. */
  const refresh = (): void => {
    gathering ??= setTimeout(tellChanges, gatherFor).unref();
  };
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
  const desks = openDesks({ record, sync, book, events, ports, onTask: learn, onCase: caseChanged });
  const priors = createPriors(studies, sync);
  const reports = createReportBook(record, signed, events, sites);
  const billing = createBillingDesk({ record, sync, reports, ...rulesOfOrders, ports });
  const drafts = createDraftStore(journal, (taskId) =>
    Math.max(
      0,
      ...signed
        .ofTask(taskId)
        .filter((one) => one.standing.kind !== 'returned')
        .map((one) => one.signed.content.version),
    ),
  );
  const senders = createSenders({ record, archive, hl7: settings.hl7, ports });
  const outbox = await openOutbox({
    journal,
    signed,
    ports,
    senders: {
      record: auditedSender(audit, senders.record),
      archive: auditedSender(audit, senders.archive),
      hl7: auditedSender(audit, senders.hl7),
    },
    may: () => mayDeliver(),
    onStep: async (delivery, held) => {
      const facts = book.facts(held.taskId) ?? factsOfContent(held.signed.content);
      await events.write(deliveryEvents(facts, delivery, held, record.recordNow()));
      hub.publish({ type: 'case-changed', taskId: held.taskId });
    },
  });
  const shared =
    group === null
      ? null
      : await createSharedSigned({
          items: group.items,
          signed,
          outbox,
          events,
          journal,
          now: record.recordNow,
          onChange: caseChanged,
        });
  const { duties, dutyLoop } = await openDuties({
    record,
    alone: settings.record.kind === 'embedded',
    group,
    journal,
    ports,
    notices,
    onChange: (duty) => {
      if (duty === 'intake') intakeLoop.nudge();
      if (duty === 'deliver') outboxLoop.nudge();
    },
  });
  const mayDeliver = (): boolean => shared === null || duties.holds('deliver');
  const releaser = createReleaser({
    signed,
    may: (held) => mayDeliver() && (shared === null || shared.has(held.signed.digest)),
    book,
    events,
    ports,
    recordNow: record.recordNow,
    release: (held) =>
      releaseSigned(
        {
          record,
          book,
          studies,
          accounts,
          rights,
          ports,
          onTask: learn,
        },
        held,
      ),
    onChange: caseChanged,
  });
  const outboxLoop = startLoop(
    'outbox',
    () => {
      if (shared !== null) return outboxEvery.group;
      return releaser.waiting() + outbox.waiting() > 0 ? outboxEvery.waiting : outboxEvery.idle;
    },
    async () => {
      // What others did is known before anything is done here, and what was done here is told before the next round.
      if (shared !== null && !(await shared.cycle())) return;
      if (!mayDeliver()) return;
      await releaser.cycle();
      await outbox.cycle();
      await shared?.cycle();
    },
    ports,
  );
  // In a loop of its own: hundreds of events on their way must not hold up a report.
  const eventsLoop = startLoop(
    'events',
    () => (events.waiting() > 0 ? eventsEvery.waiting : eventsEvery.idle),
    async () => {
      await events.flush();
    },
    ports,
  );
  const releaseSoon = async (milliseconds: number): Promise<void> => {
    // What was just signed shows as not released, even where the journal took the signature and not its event.
    for (const held of signed.all()) if (held.standing.kind === 'waiting') book.changed(held.taskId);
    const until = performance.now() + milliseconds;
    const settle = async (): Promise<void> => {
      // One that was under way may have begun before this signature.
      await shared?.cycle();
      await shared?.cycle();
      await releaser.cycle();
      // Another host has the duty: it looks every two seconds.
      while (shared !== null && !mayDeliver() && releaser.waiting() > 0 && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 700));
        await shared.cycle();
      }
    };
    await firstOf(settle(), milliseconds);
    outboxLoop.nudge();
    // The head that this signature carries is told to the record too, now and not in a quarter of an hour.
    anchorLoop.nudge();
    refresh();
  };
  const artefacts = createArtefactMaker({ settings, version: config.version });
  const signing = createSigning({
    record,
    book,
    studies,
    events,
    reports,
    signed,
    outbox,
    accounts,
    passwords,
    sessions,
    journal,
    audit,
    artefacts,
    rights,
    ports,
    demo: settings.demo,
    releaseSoon,
    shared,
  });
  const intake = createIntake({
    record,
    book,
    studies,
    events,
    claims,
    archiveName: archive.name,
    ports,
    onTask: learn,
  });
  const demo = settings.demo
    ? await startDemoDay({ record, archive, events, journal, ports, onArrival: () => intakeLoop.nudge() })
    : null;
  const intakeLoop = startLoop(
    'intake',
    () => intakeEvery,
    async () => {
      await studies.cycle();
      refresh();
      if (sync.complete && duties.holds('intake')) await intake.cycle();
      refresh();
    },
    ports,
  );
  const hl7Intake = await openHl7Intake({
    listen: settings.hl7Listen,
    journal,
    record,
    sync,
    book,
    signed,
    events,
    ports,
    onChange: caseChanged,
  }).catch((reason: NodeJS.ErrnoException) => {
    throw new HostStartError(
      `HL7 messages cannot be taken in: the address is not free or not of this computer (${reason.code ?? 'error'}). See --hl7-listen.`,
    );
  });
  const fhirDoor = openFhirDoor({ endpoint: recordEndpoint, accounts, audit, sync, intake: hl7Intake, ports });
  for (const { name } of hl7Intake.listening) notices.push(`HL7 v2 messages are taken in on ${name} (MLLP).`);
  sync.onChange((change) => {
    if (change.type === 'AuditEvent') events.fold(change.items.map((one) => one.resource));
    else {
      refresh();
      if (change.type === 'ServiceRequest') intakeLoop.nudge();
    }
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
  let anchored = false;
  const anchorLoop = startLoop(
    'anchor',
    () => (anchored ? anchorEvery : anchorRetry),
    async () => {
      const { sequence } = await audit.head();
      anchored = sequence > 0 && (await anchorInRecord(audit, record, ports));
    },
    ports,
  );
  const credentialsLoop = startLoop('credentials', () => credentialsEvery, credentials.round, ports);
  credentials.onChange(() => hub.publish({ type: 'worklist-changed', version: changes.renew() }));
  const openCases = createOpenCases();
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
  const codes = startCodeWatch({ book, events, accounts, rights, sessions, record, settings, ports });
  const toldChanges = {
    ...changes,
    since: (version: number | null) => {
      if (gathering !== null) {
        clearTimeout(gathering);
        tellChanges();
      }
      return changes.since(version);
    },
  };
  return {
    keyRing,
    hl7Intake,
    fhirDoor,
    journal,
    audit,
    accounts,
    duties,
    shared,
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
    changes: toldChanges,
    ...openReadingDesks({
      accounts,
      book,
      changes: toldChanges,
      claims,
      events,
      rights,
      links,
      recordNow: record.recordNow,
    }),
    codes,
    claims,
    ...desks,
    priors,
    orderFit,
    billing,
    /** Tables and rules that were put into the data folder meanwhile count from the next question on. */
    refreshOrderRules: async () => {
      if (await rulesOfOrders.refresh()) orderFit.changed();
    },
    reports,
    drafts,
    outbox,
    releaser,
    signing,
    openCases,
    rights,
    reminders: credentials.reminders,
    search: createStudySearch({ rows: () => changes.since(null).rows, book, sync, studies }),
    nudgeOutbox: outboxLoop.nudge,
    publishKeys: (reader: Parameters<typeof publishKeys>[2]) => publishKeys(accounts, record, reader, ports),
    resolve: (taskId: string, resolution: IdentityResolution) => {
      resolutions.set(taskId, resolution);
      caseChanged(taskId);
    },
    close: async (): Promise<void> => {
      stopListening();
      stopDesktop();
      await hl7Intake.close();
      await demo?.stop();
      openCases.endAll();
      hub.close();
      sessions.close();
      await Promise.all([
        codes.stop(),
        outboxLoop.stop(),
        eventsLoop.stop(),
        intakeLoop.stop(),
        anchorLoop.stop(),
        credentialsLoop.stop(),
        dutyLoop.stop(),
        group?.stop(),
        sync.stop(),
      ]);
      // After the last effect, so that the next holder never meets one under way.
      await duties.giveBack();
      if (gathering !== null) clearTimeout(gathering);
      await artefacts.close();
      const fitted = orderFit.close();
      await closeUpstreams();
      await fitted;
      await accounts.close();
      await audit.close();
      await journal.close();
    },
  };
}
