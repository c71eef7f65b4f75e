import { Hono } from 'hono';
import {
  type Call,
  type CallName,
  type CallOutput,
  type CaseDetail,
  calls,
  caseHeaders,
  type Failure,
  type HostStatus,
  type Session,
} from '../../../shared/api/index.ts';
import { parseReadingFrom } from '../../../shared/domain/reader/index.ts';
import { stillNames } from '../../../shared/domain/reading/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { OpenedAuditLog } from '../audit/index.ts';
import type { Host, HostConfig } from '../config.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { KeyRing } from '../keys/types.ts';
import type { DraftStore } from '../reading/draft-store.ts';
import { startLoop } from '../reading/loop.ts';
import { mountDicomwebRoutes } from '../routes/dicomweb-routes.ts';
import type { EventHub } from '../routes/event-stream.ts';
import { answerOwnPaths } from '../routes/front-door.ts';
import { type Asked, failure, type Handler, mount, sessionOf, statusOf } from '../routes/mount.ts';
import type { OpenCases } from '../routes/open-cases.ts';
import type { DeskCases } from './desk-cases.ts';
import type { DeskImages } from './desk-images.ts';
import type { DeskSessions, GroupSession } from './desk-sessions.ts';
import { type Forwarded, type ForwardFailure, forward } from './forward.ts';
import type { GroupLink } from './group-link.ts';
import { type HandOver, type Pending, passing, signHere, withPending } from './hand-over.ts';
import { startRelay } from './relay.ts';

const handOverEvery = { waiting: 2_000, idle: 30_000 };
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
  readonly images: DeskImages;
}): { fetch: Host['fetch']; close(): Promise<void> } {
  const { config, link, sessions, desk, hub, openCases, handOver, cases, drafts, audit } = parts;
  const { settings, ports } = config;
  const app = new Hono();
  const relays = new Map<string, { stop(): void }>();
  /** The record's clock less this computer's, as the group host last told it. */
  let ahead = 0;
  /** Which host gave a version of the list: another one counts its changes apart, and is asked for everything. */
  const listsOf = new Map<number, string>();

  const gone = failure('not-signed-in', 'The group host wants your password again.');
  const groupOf = (session: LiveSession): GroupSession | null => desk.of(session.token);
  /** The group host has locked or forgotten her: so does this desktop, and her password opens both. */
  const lockHere = (token: string): void => sessions.lock(token);

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
  const asForwarded = (asked: { params: unknown; input: unknown; request: Request }): Forwarded => ({
    params: (asked.params ?? {}) as Readonly<Record<string, string>>,
    query: new URL(asked.request.url).search,
    input: asked.input,
  });

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
    }),
  );
  mount(app, sessions, ports, 'signIn', async ({ input }) => {
    const found = await desk.signIn(input.userName, input.password, input.readingFrom);
    if (!found.ok) return found;
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

  mount(app, sessions, ports, 'status', async ({ session }) => {
    const answered = await ask(session, 'status');
    const waiting = handOver.waiting().length;
    if (answered.ok) {
      const status = answered.value as HostStatus;
      ahead = status.now - ports.now();
      return ok({ ...status, waitingReports: status.waitingReports + waiting });
    }
    const unknown = { name: 'group', kind: 'remote', state: 'unknown' } as const;
    return ok({
      now: ports.now(),
      archive: unknown,
      record: unknown,
      waitingReports: waiting,
      troubles: [
        {
          where: 'record',
          asked: `the group host (${new URL(link.current()).host}).`,
          cameBack: 'no answer.',
          stillWorks:
            'open cases, drafts and signing. A signed report is not released until the group host answers: phone what cannot wait.',
          since: link.silentSince() ?? ports.now(),
        },
      ],
    });
  });

  /** What this desktop adds to an answer of the group, and how it answers while none comes. */
  const learn = async (
    name: CallName,
    asked: { readonly params: unknown; readonly input: unknown },
    session: LiveSession,
    answered: Result<unknown, ForwardFailure>,
  ): Promise<Result<unknown, Failure>> => {
    const taskId = (asked.params as { readonly taskId?: string } | undefined)?.taskId ?? '';
    const readerId = session.reader.id;
    const silent = !answered.ok && answered.error.unreachable === true;
    switch (name) {
      case 'worklist': {
        if (!answered.ok) return answered;
        const list = answered.value as CallOutput<'worklist'>;
        listsOf.set(list.version, link.current());
        for (const [version] of listsOf) if (listsOf.size > 1_000) listsOf.delete(version);
        return answered;
      }
      case 'openCase': {
        const input = asked.input as { readonly mode: 'look' | 'read'; readonly epoch: number };
        const known = silent ? cases.detail(readerId, taskId) : null;
        if (!answered.ok && known === null) return answered;
        const told = answered.ok ? (answered.value as CaseDetail) : (known as CaseDetail);
        // Without the group host nobody can be asked for the claim: one that was had is shown as it was last told.
        if (!answered.ok && input.mode === 'read' && told.claim === null && told.row.state !== 'completed')
          return answered;
        if (answered.ok) cases.told(readerId, told);
        openCases.open({
          token: session.token,
          taskId,
          epoch: input.epoch,
          mode: input.mode,
          studyUid: told.context.studyUid,
          patientId: told.context.patientId,
          studies: new Set([
            ...(told.context.studyUid === null ? [] : [told.context.studyUid as string]),
            ...told.priors.map((prior) => prior.study.studyUid as string),
          ]),
        });
        if (answered.ok && told.study !== null)
          void ask(session, 'caseInstances', { params: { taskId } })
            .then((found) => {
              if (found.ok) cases.holds(taskId, (found.value as CallOutput<'caseInstances'>).instances);
            })
            .catch(() => undefined);
        return ok({
          ...told,
          mode: input.mode,
          context: { ...told.context, epoch: input.epoch },
          report: withPending(told.report, handOver.ofTask(taskId)),
          // Drafts are kept beside the reader; one from a browser on the group host itself is taken up once.
          draft: input.mode === 'read' ? ((await drafts.latest(taskId, readerId)) ?? told.draft) : null,
        });
      }
      case 'renewClaim':
        if (answered.ok) cases.change(readerId, taskId, { claim: answered.value as CaseDetail['claim'] });
        return answered;
      case 'releaseClaim':
        if (answered.ok) cases.change(readerId, taskId, { claim: null });
        return answered;
      case 'resolveIdentity':
        if (answered.ok)
          cases.change(readerId, taskId, { identityResolution: answered.value as CaseDetail['identityResolution'] });
        return answered;
      case 'report': {
        const pending = handOver.ofTask(taskId);
        if (answered.ok) {
          const { report } = answered.value as CallOutput<'report'>;
          cases.change(readerId, taskId, { report });
          return ok({ report: withPending(report, pending) });
        }
        const known = silent ? cases.detail(readerId, taskId) : null;
        return known === null ? answered : ok({ report: withPending(known.report, pending) });
      }
      case 'acknowledge': {
        const group = groupOf(session);
        if (answered.ok && group !== null) desk.tie(session.token, { ...group, acknowledged: true });
        return answered;
      }
      default:
        return answered;
    }
  };

  const own: ReadonlySet<CallName> = new Set<CallName>(['signIn', 'firstAccount']);
  for (const name of Object.keys(calls) as CallName[]) {
    if ((calls[name] as Call).room !== 'group' || own.has(name)) continue;
    const handle = async (asked: Asked<CallName>): Promise<Result<unknown, Failure>> => {
      const session = asked.session as LiveSession | null;
      if (session === null) return gone;
      const sent = asForwarded(asked);
      const since = name === 'worklist' ? (asked.input as { since?: number } | undefined)?.since : undefined;
      const stale = since !== undefined && listsOf.get(since) !== link.current();
      let answered = await ask(session, name, stale ? { ...sent, query: '' } : sent);
      // The host changed while it was asked: what came may be a change of a list that this page never had.
      if (since !== undefined && !stale && answered.ok && listsOf.get(since) !== link.current())
        answered = await ask(session, name, { ...sent, query: '' });
      return learn(name, asked, session, answered);
    };
    mount(app, sessions, ports, name, handle as unknown as Handler<CallName>);
  }
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
  mount(app, sessions, ports, 'signRequirements', async ({ params, session }) => {
    const answered = await ask(session, 'signRequirements', { params });
    if (answered.ok) return ok(answered.value as CallOutput<'signRequirements'>);
    return answered.error.unreachable === true
      ? ok({ passwordNeeded: sessions.passwordNeeded(session.token) })
      : answered;
  });
  mount(app, sessions, ports, 'sign', async ({ params, input, session }) => {
    const { taskId } = params;
    if (input.draft.taskId !== taskId || input.context.taskId !== taskId)
      return failure('stale-case', 'The words and the address name two cases. Nothing was signed.');
    const before = handOver.ofTask(taskId);
    // The same press, sent again: it is one signature.
    if (before?.command.commandId === input.commandId && before.returned === null)
      return ok(answerPending(session, before));
    const answered = await ask(session, 'sign', { params, input });
    if (answered.ok) {
      if (input.password !== undefined) sessions.passwordGiven(session.token);
      if (before !== null && before.returned !== null) await handOver.done(before.command.commandId);
      const answer = answered.value as CallOutput<'sign'>;
      cases.change(session.reader.id, taskId, { report: answer.report });
      return ok(answer);
    }
    if (answered.error.unreachable !== true) return answered;
    const group = groupOf(session);
    if (group === null) return gone;
    const signed = signHere({
      command: input,
      detail: cases.detail(session.reader.id, taskId),
      instances: cases.instances(taskId),
      waiting: before,
      session: group,
      signedAt: ports.now() + ahead,
      auditHead: await audit.head().then(({ sequence, hash }) => `${sequence}:${hash}`),
    });
    if (!signed.ok) return signed;
    if (sessions.passwordNeeded(session.token)) {
      if (input.password === undefined || input.password === '')
        return failure('password-needed', 'Give your password to sign.');
      const right = await desk.checkHere(session.reader.userName, input.password);
      if (!right.ok) return failure('wrong-password', `${right.error.message} Nothing was signed.`);
      sessions.passwordGiven(session.token);
    }
    const detail = cases.detail(session.reader.id, taskId);
    const noted = await audit.record([
      {
        user: session.reader.userName,
        purpose: 'sign',
        patient: detail?.context.patientId ?? null,
        studyUid: detail?.context.studyUid ?? null,
        detail: input.kind,
      },
    ]);
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    const kept = await handOver.keep(signed.value);
    if (!kept.ok) return kept;
    if (before !== null && before.returned !== null) await handOver.done(before.command.commandId);
    hub.publish({ type: 'status-changed' });
    handOverLoop.nudge();
    return ok(answerPending(session, signed.value));
  });
  const answerPending = (session: LiveSession, pending: Pending): CallOutput<'sign'> => {
    const { taskId } = pending.command.draft;
    const report = cases.detail(session.reader.id, taskId)?.report ?? {
      reportId: pending.version.content.reportId,
      state: 'draft' as const,
      versions: [],
    };
    return { report: withPending(report, pending), deliveries: [] } as CallOutput<'sign'>;
  };

  const handOverOne = async (pending: Pending): Promise<void> => {
    const { command } = pending;
    const { taskId } = command.draft;
    const session = desk.ofReader(pending.session.reader.id) ?? pending.session;
    const answered = await forward(link, session, 'handOver', {
      params: { taskId },
      query: '',
      input: { ...command, signedAt: pending.signedAt, instances: pending.instances },
    });
    if (answered.ok) await handOver.done(command.commandId);
    else if (passing.has(answered.error.code)) return;
    else await handOver.giveBack(command.commandId, answered.error.message);
    hub.publish({ type: 'case-changed', taskId });
    hub.publish({ type: 'status-changed' });
  };
  const handOverLoop = startLoop(
    'hand-over',
    () => (handOver.waiting().length > 0 ? handOverEvery.waiting : handOverEvery.idle),
    async () => {
      for (const pending of handOver.waiting()) await handOverOne(pending);
    },
    ports,
  );

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
    close: async () => {
      stopListening();
      stopLink();
      for (const relay of relays.values()) relay.stop();
      await handOverLoop.stop();
    },
  };
}
