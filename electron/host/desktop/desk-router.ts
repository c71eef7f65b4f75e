import { Hono } from 'hono';
import { type CallName, calls, caseHeaders, type HostStatus, type Session } from '../../../shared/api/index.ts';
import { parseReadingFrom } from '../../../shared/domain/reader/index.ts';
import { stillNames } from '../../../shared/domain/reading/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { OpenedAuditLog } from '../audit/index.ts';
import type { Host, HostConfig } from '../config.ts';
import type { DictationRoom } from '../dictation/index.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { KeyRing } from '../keys/types.ts';
import type { DraftStore } from '../reading/draft-store.ts';
import { mountDicomwebRoutes } from '../routes/dicomweb-routes.ts';
import { mountDictationRoutes } from '../routes/dictation-routes.ts';
import type { EventHub } from '../routes/event-stream.ts';
import { answerOwnPaths } from '../routes/front-door.ts';
import { failure, mount, sessionOf, statusOf } from '../routes/mount.ts';
import type { OpenCases } from '../routes/open-cases.ts';
import { mountPrefetchRoutes } from '../routes/prefetch-routes.ts';
import { mountTemplateWorkRoutes } from '../routes/template-routes.ts';
import type { TemplateWorks } from '../templates/template-works.ts';
import type { DeskAhead } from './desk-ahead.ts';
import type { DeskCases } from './desk-cases.ts';
import type { DeskImages } from './desk-images.ts';
import type { DeskSessions, GroupSession } from './desk-sessions.ts';
import { mountDeskSigning } from './desk-signing.ts';
import type { DeviceLife } from './device-life.ts';
import { type Forwarded, type ForwardFailure, forward } from './forward.ts';
import { gone, mountGroupCalls } from './group-calls.ts';
import type { GroupLink } from './group-link.ts';
import type { HandOver } from './hand-over.ts';
import { startRelay } from './relay.ts';

/** The calls of the page as a desktop of a group answers them: its own here, the group's by the group host. */
export function createDeskRouter(parts: {
  readonly config: HostConfig;
  readonly notices: readonly string[];
  readonly keyRing: KeyRing;
  readonly audit: OpenedAuditLog;
  readonly link: GroupLink;
  readonly sessions: Sessions;
  readonly desk: DeskSessions;
  readonly hub: EventHub;
  readonly openCases: OpenCases;
  readonly handOver: HandOver;
  readonly cases: DeskCases;
  readonly drafts: DraftStore;
  readonly templateWorks: TemplateWorks;
  readonly images: DeskImages;
  readonly ahead: DeskAhead;
  readonly device: DeviceLife;
  readonly dictation: DictationRoom;
  readonly nameOfDevice: () => string;
}): { fetch: Host['fetch']; onRefused(listener: () => void): void; close(): Promise<void> } {
  const { config, link, sessions, desk, hub, openCases, handOver, cases, drafts, audit, device } = parts;
  const { settings, ports } = config;
  const app = new Hono();
  const relays = new Map<string, { stop(): void }>();
  /** The record's clock less this computer's, as the group host last told it. */
  let ahead = 0;
  const groupOf = (session: LiveSession): GroupSession | null => desk.of(session.token);
  /** The group host has locked or forgotten her: so does this desktop, and her password opens both. */
  const lockHere = (token: string): void => {
    sessions.lock(token);
    refused();
  };
  let refused = (): void => undefined;

  const ask = async (
    session: LiveSession,
    name: CallName,
    asked: Partial<Forwarded> = {},
  ): Promise<Result<unknown, ForwardFailure>> => {
    const group = groupOf(session);
    if (group === null) return gone;
    const answered = await forward(link, group, name, { params: {}, query: '', input: undefined, ...asked });
    if (
      !answered.ok &&
      (answered.error.code === 'not-signed-in' || answered.error.code === 'locked') &&
      groupOf(session) === group
    )
      lockHere(session.token);
    return answered;
  };
  const answerOf = (session: LiveSession, group: GroupSession): Session => ({
    token: session.token,
    reader: session.reader,
    readingFrom: group.readingFrom,
    reminders: group.reminders,
    mirrorKey: Buffer.from(parts.keyRing.derive(`mirror|${session.reader.id}`)).toString('base64'),
    idleLockMinutes: settings.idleLockMinutes,
    acknowledged: group.acknowledged,
  });
  const followEvents = (token: string): void => {
    relays.get(token)?.stop();
    relays.set(token, startRelay({ token, link, sessions: desk, hub, onRefused: () => lockHere(token) }));
  };

  mount(app, sessions, ports, 'capabilities', async () =>
    ok({
      product: 'Overread',
      version: config.version,
      shell: config.shell,
      demo: false,
      needsFirstAccount: false,
      singleUser: false,
      notices: [...parts.notices],
      idleLockMinutes: settings.idleLockMinutes,
      windows: config.desktop !== undefined,
      groupDesk: true as const,
    }),
  );
  mount(app, sessions, ports, 'signIn', async ({ input }) => {
    const found = await desk.signIn(input.userName, input.password, input.readingFrom);
    if (!found.ok) return found;
    const barred = await device.signedIn(found.value);
    if (barred !== null) {
      refused();
      return { ok: false, error: barred };
    }
    const noted = await audit.record([
      { user: found.value.reader.userName, purpose: 'sign-in', patient: null, studyUid: null },
    ]);
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    const session = sessions.start(
      found.value.reader,
      input.window,
      found.value.readingFrom === null ? null : parseReadingFrom(found.value.readingFrom),
    );
    desk.tie(session.token, found.value);
    followEvents(session.token);
    handOverLoop.nudge();
    return ok(answerOf(session, found.value));
  });
  mount(app, sessions, ports, 'currentSession', async ({ session }) => {
    const group = groupOf(session);
    if (group === null) return gone;
    const { token: _token, ...rest } = answerOf(session, group);
    return ok(rest);
  });
  mount(app, sessions, ports, 'signOut', async ({ session }) => {
    sessions.end(session.token);
    return ok({});
  });
  mount(app, sessions, ports, 'touchSession', async ({ session }) => {
    sessions.touch(session.token);
    void ask(session, 'touchSession').catch(() => undefined);
    return ok({});
  });
  mount(app, sessions, ports, 'lockSession', async ({ session }) => {
    sessions.lock(session.token);
    return ok({});
  });
  mount(app, sessions, ports, 'unlockSession', async ({ session, input }) => {
    const before = groupOf(session);
    const { userName } = session.reader;
    const found = await desk.signIn(userName, input.password);
    if (found.ok) {
      desk.tie(session.token, found.value);
      if (before !== null) void signOutOf(before);
      followEvents(session.token);
      handOverLoop.nudge();
    } else if (found.error.code === 'upstream-unreachable') {
      const here = await desk.checkHere(userName, input.password);
      if (!here.ok) return here;
    } else return found;
    sessions.unlock(session.token);
    const group = groupOf(session);
    if (group === null) return gone;
    const { token: _token, ...rest } = answerOf(session, group);
    return ok(rest);
  });
  const signOutOf = (group: GroupSession): Promise<void> =>
    link.tellAll({
      method: 'DELETE',
      path: calls.signOut.path,
      headers: { Authorization: `Bearer ${group.groupToken}`, [caseHeaders.window]: group.groupWindow },
    });

  mount(app, sessions, ports, 'selfTest', async ({ input }) => {
    const failed = input.results.filter((one) => !one.passed).length;
    ports.log.info('the page tested itself', { tests: input.results.length, failed });
    return ok({});
  });

  const nearEnd = () => {
    const deletesAt = device.isNear() ? device.deletesAt() : null;
    return deletesAt === null ? {} : { deletesAt };
  };
  const thisDevice = () => ({
    device: {
      name: parts.nameOfDevice(),
      lastContact: device.lastContact(),
      offlineHours: device.offlineHours(),
      deletesAt: device.deletesAt(),
    },
  });
  mount(app, sessions, ports, 'thisDevice', async () => ok(thisDevice()));
  mount(app, sessions, ports, 'nameThisDevice', async ({ input }) => {
    await device.rename(input.name);
    refused();
    return ok(thisDevice());
  });
  mount(app, sessions, ports, 'status', async ({ session }) => {
    const answered = await ask(session, 'status');
    const waiting = handOver.waiting().length;
    if (answered.ok) {
      const status = answered.value as HostStatus;
      ahead = status.now - ports.now();
      return ok({ ...status, waitingReports: status.waitingReports + waiting, ...nearEnd() });
    }
    const unknown = { name: 'group', kind: 'remote', state: 'unknown' } as const;
    return ok({
      now: ports.now(),
      archive: unknown,
      record: unknown,
      waitingReports: waiting,
      ...nearEnd(),
      troubles: [
        {
          where: 'group host',
          asked: `the group host (${new URL(link.current()).host}).`,
          cameBack: 'no answer.',
          stillWorks:
            'open cases, drafts and signing. A signed report is not released until the group host answers: phone what cannot wait.',
          since: link.silentSince() ?? ports.now(),
        },
      ],
    });
  });

  mountGroupCalls({ app, sessions, ports, link, desk, openCases, handOver, cases, drafts, ask, ahead: parts.ahead });
  mountPrefetchRoutes({ app, sessions, ports, prefetch: parts.ahead });
  mount(app, sessions, ports, 'firstAccount', async () =>
    failure('forbidden', 'Accounts of a group are made on the group host’s own machine: npm run accounts.'),
  );

  mount(app, sessions, ports, 'closeCase', async ({ params, input, session }) => {
    openCases.close(session.token, params.taskId, input.epoch);
    void ask(session, 'closeCase', { params, input }).catch(() => undefined);
    return ok({});
  });
  mount(app, sessions, ports, 'saveDraft', async ({ params, input, session }) => {
    const detail = cases.detail(session.reader.id, params.taskId);
    const { draft, context } = input;
    const fits =
      detail !== null &&
      draft.taskId === params.taskId &&
      context.taskId === params.taskId &&
      draft.readerId === session.reader.id &&
      stillNames(context, detail.context);
    if (!fits)
      return failure(
        'stale-case',
        'These words belong to another case than the one that is open here. They stay on this screen; open the case again.',
      );
    const saved = await drafts.save({ ...draft, savedAt: ports.now() });
    return saved.ok ? ok({ revision: saved.value.revision, savedAt: saved.value.savedAt }) : saved;
  });
  mount(app, sessions, ports, 'readDraft', async ({ params, session }) => {
    const detail = cases.detail(session.reader.id, params.taskId);
    const noted = await audit.record([
      {
        user: session.reader.userName,
        purpose: 'read',
        patient: detail?.context.patientId ?? null,
        studyUid: detail?.context.studyUid ?? null,
      },
    ]);
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    return ok({ draft: await drafts.latest(params.taskId, session.reader.id) });
  });
  mountTemplateWorkRoutes({ app, sessions, ports, templateWorks: parts.templateWorks });
  const handOverLoop = mountDeskSigning({
    app,
    sessions,
    ports,
    audit,
    link,
    desk,
    hub,
    handOver,
    cases,
    ask,
    ahead: () => ahead,
  });

  mountDictationRoutes({ app, sessions, ports, dictation: parts.dictation });
  mountDicomwebRoutes({
    app,
    archive: (name) => parts.images.archive(name),
    sessions,
    audit,
    openCases,
    ports,
  });
  app.get('/events', (context) => {
    const session = sessionOf(sessions, context.req.raw, true);
    return session.ok
      ? hub.open(session.value.token)
      : Response.json(session.error, { status: statusOf(session.error.code) });
  });
  const stopListening = sessions.onChange((token, change) => {
    hub.publishTo(
      token,
      change === 'locked' ? { type: 'session-locked' } : { type: 'session-ended', why: 'signed out or idle too long' },
    );
    if (change !== 'ended') return;
    openCases.endSession(token);
    hub.endSession(token);
    relays.get(token)?.stop();
    relays.delete(token);
    const group = desk.forget(token);
    // What she signed still has to be handed over by this very session.
    if (group !== null && !handOver.waiting().some((one) => one.session.reader.id === group.reader.id))
      void signOutOf(group).catch(() => undefined);
  });
  const stopLink = link.onChange(() => {
    hub.publish({ type: 'status-changed' });
    hub.publish({ type: 'worklist-changed', version: 0 });
    if (link.silentSince() === null) handOverLoop.nudge();
  });

  return {
    fetch: answerOwnPaths(app, config, null),
    onRefused: (listener) => {
      refused = listener;
    },
    close: async () => {
      stopListening();
      stopLink();
      for (const relay of relays.values()) relay.stop();
      await handOverLoop.stop();
    },
  };
}
