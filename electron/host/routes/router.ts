import { Hono } from 'hono';
import type { HostStatus, Trouble } from '../../../shared/api/index.ts';
import { begunDescriptions } from '../archive/begun-descriptions.ts';
import type { Host, HostConfig } from '../config.ts';
import { demoNotice } from '../demo/notice.ts';
import type { Services } from '../services.ts';
import { mountAfterReportRoutes } from './after-report-routes.ts';
import { mountBillingRoutes } from './billing-routes.ts';
import { mountCaseGate } from './case-gate.ts';
import { mountCaseRoutes } from './case-routes.ts';
import { mountChannelRoutes } from './channel-routes.ts';
import { mountCheckRoutes } from './check-routes.ts';
import { mountCriticalRoutes } from './critical-routes.ts';
import { mountDeliveryRoutes } from './delivery-routes.ts';
import { mountDeskRoutes } from './desk-routes.ts';
import { mountDesktopRoutes } from './desktop-routes.ts';
import { mountDeviceRoutes } from './device-routes.ts';
import { mountDicomwebRoutes } from './dicomweb-routes.ts';
import { mountDictationRoutes } from './dictation-routes.ts';
import { mountDisplayRoutes } from './display-routes.ts';
import { mountDisputeRoutes } from './dispute-routes.ts';
import { mountDowntimeRoutes } from './downtime-routes.ts';
import { mountFindRoutes } from './find-routes.ts';
import { mountFollowUpRoutes } from './follow-up-routes.ts';
import { answerOwnPaths } from './front-door.ts';
import { mountHangingRoutes } from './hanging-routes.ts';
import { mountIntakeRoutes } from './intake-routes.ts';
import { mountLinkedRoutes } from './linked-routes.ts';
import { failure, sessionOf, statusOf } from './mount.ts';
import { mountOrderRoutes } from './order-routes.ts';
import { mountOverreadRoutes } from './overread-routes.ts';
import { mountPendingRoutes } from './pending-routes.ts';
import { mountPhysicianRoutes } from './physician-routes.ts';
import { mountPrefetchRoutes } from './prefetch-routes.ts';
import { mountPriorRoutes } from './prior-routes.ts';
import { mountReadingRoutes } from './reading-routes.ts';
import { mountRememberRoutes } from './remember-routes.ts';
import { createRememberedStudies } from './remembered-studies.ts';
import { mountReportRoutes } from './report-routes.ts';
import { mountSessionRoutes } from './session-routes.ts';
import { mountSiteRoutes } from './site-routes.ts';
import { mountStatusRoutes } from './status-routes.ts';
import { mountTemplateRoutes } from './template-routes.ts';
import { mountUpkeepRoutes } from './upkeep-routes.ts';
import { mountWithdrawalRoutes } from './withdrawal-routes.ts';

/** The table of calls, the event stream, the images and the page behind one fetch handler, every answer with the host's headers. */
export function createRouter(config: HostConfig, services: Services): { fetch: Host['fetch']; close(): void } {
  const { settings, ports } = config;
  const { sessions, accounts, audit, archive, hub } = services;
  const app = new Hono();
  mountSessionRoutes({
    app,
    accounts,
    passwords: services.passwords,
    sessions,
    keyRing: services.keyRing,
    audit,
    ports,
    idleLockMinutes: settings.idleLockMinutes,
    demo: settings.demo,
    reminders: services.reminders,
    isBarred: services.devices.isBarred,
    group: settings.listen !== undefined,
    onAccount: (readerId) => {
      void accounts
        .find(readerId)
        .then((reader) => (reader === null ? null : services.publishKeys(reader)))
        // Keys are published again at the next sign-in; a host that is closing is no failure.
        .catch(() => ports.log.warn('a signer’s key could not be published', {}));
    },
  });
  mountStatusRoutes({
    app,
    sessions,
    ports,
    capabilities: async () => ({
      product: 'Overread',
      version: config.version,
      shell: config.shell,
      demo: settings.demo,
      needsFirstAccount: settings.listen === undefined && (await accounts.isEmpty()),
      singleUser: settings.listen === undefined,
      notices: services.notices.filter((notice) => notice !== demoNotice),
      idleLockMinutes: settings.idleLockMinutes,
      windows: config.desktop !== undefined,
    }),
    status: () => statusOfHost(config, services),
  });
  mountCaseGate(app, sessions, services.book);
  const begun = begunDescriptions();
  // Desktops of a group have kept what they need by themselves.
  const isDescribedHere = (name: string): boolean => name === archive.name && settings.listen === undefined;
  const remembered = createRememberedStudies(sessions, ports.now);
  mountCaseRoutes({
    ...{ ...services, app, ports, onResolution: services.resolve },
    onOpening: ({ archive: name, studyUid }) => {
      if (isDescribedHere(name)) begun.begin(archive, studyUid);
    },
    stillStands: async ({ archive: name, studyUid }, print) =>
      isDescribedHere(name) && begun.stands(archive, studyUid, print),
    ...{ version: config.version, demo: settings.demo },
  });
  mountSiteRoutes({ ...services, messages: services.siteDesk.messages, app, ports });
  mountDeskRoutes({ ...services, desk: services.siteDesk, app, ports });
  mountDictationRoutes({ ...services, app, ports });
  mountDisputeRoutes({ ...services, app, ports, recordNow: services.record.recordNow, demo: settings.demo });
  mountFindRoutes({ ...services, app, ports });
  mountDesktopRoutes({ ...services, app, ports });
  mountDeviceRoutes({
    ...{ ...services, app, ports },
    isTaken: async (commandId) => {
      if ((await services.journal.latest('command', commandId)) !== null) return true;
      const found = services.shared === null ? null : await services.shared.taskOfCommand(commandId);
      return found === 'unreachable' ? found : found !== null;
    },
  });
  mountDisplayRoutes({ ...services, app, ports, group: settings.listen !== undefined });
  mountDowntimeRoutes({ ...services, app, ports, recordNow: services.record.recordNow });
  mountUpkeepRoutes({ ...services, app, ports, group: settings.listen !== undefined });
  mountBillingRoutes({ ...services, app, ports });
  mountHangingRoutes({ ...services, app, ports });
  mountTemplateRoutes({ ...services, app, ports });
  mountCheckRoutes({ ...services, app, ports });
  mountChannelRoutes({ ...services, app, ports, settings });
  mountOrderRoutes({ ...services, app, ports });
  mountReadingRoutes({ ...services, app, ports });
  mountAfterReportRoutes({ ...services, app, ports });
  mountOverreadRoutes({ ...services, app, ports });
  mountPendingRoutes({ ...services, app, ports });
  mountWithdrawalRoutes({ ...services, app, ports });
  mountCriticalRoutes({ ...services, app, ports });
  mountFollowUpRoutes({ ...services, app, ports });
  mountPhysicianRoutes({ ...services, app, ports });
  mountPrefetchRoutes({ ...services, app, ports });
  mountRememberRoutes({
    ...services,
    app,
    ports,
    remembered,
    print: async (name, studyUid) => (isDescribedHere(name) ? begun.print(archive, studyUid) : null),
  });
  mountPriorRoutes({ ...services, app, ports, recordNow: services.record.recordNow });
  mountLinkedRoutes({ ...services, app, ports });
  mountIntakeRoutes({ ...services, app, ports });
  mountReportRoutes({ ...services, app, ports, nudge: services.nudgeOutbox });
  mountDeliveryRoutes({ ...services, app, ports });
  mountDicomwebRoutes({
    app,
    archive: (name) => (name === archive.name ? archive : null),
    sessions,
    audit,
    openCases: services.openCases,
    rejected: services.studies.rejected,
    door: services.prefetch.door,
    remembered,
    begun,
    ports,
  });
  app.get('/events', (context) => {
    const session = sessionOf(sessions, context.req.raw, true);
    // Its lines name cases of every site.
    if (session.ok && session.value.reader.role === 'site')
      return Response.json(failure('forbidden', 'The site’s desk asks by itself.').error, { status: 403 });
    return session.ok
      ? hub.open(session.value.token)
      : Response.json(session.error, { status: statusOf(session.error.code) });
  });
  return {
    fetch: answerOwnPaths(app, config, services.fhirDoor.fetch),
    close: () => remembered.stop(),
  };
}

function statusOfHost(config: HostConfig, services: Services): HostStatus {
  const { settings, ports } = config;
  const { sync, studies, record, archive, releaser } = services;
  const now = ports.now();
  const troubles: Trouble[] = [];
  const recordTrouble = sync.trouble;
  const archiveTrouble = studies.trouble();
  if (recordTrouble === null) services.troubleOver('record');
  else {
    const stillWorks = 'Images, drafts and signing go on; a signed report is released when the record answers again.';
    troubles.push({
      where: 'record',
      asked: recordTrouble.asked,
      cameBack: recordTrouble.cameBack,
      stillWorks,
      since: services.troubleSince('record', recordTrouble),
    });
  }
  if (archiveTrouble === null) services.troubleOver('archive');
  else {
    const stillWorks = 'The list, drafts and what is on this machine go on; new images wait.';
    troubles.push({
      where: 'archive',
      asked: archiveTrouble.asked,
      cameBack: archiveTrouble.cameBack,
      stillWorks,
      since: services.troubleSince('archive', archiveTrouble),
    });
  }
  return {
    now,
    archive: { name: archive.name, kind: settings.archive.kind, state: archiveTrouble === null ? 'up' : 'down' },
    record: {
      name: record.name,
      kind: settings.record.kind,
      state: recordTrouble === null ? (sync.complete ? 'up' : 'unknown') : 'down',
    },
    waitingReports: releaser.waiting(),
    troubles,
  };
}
