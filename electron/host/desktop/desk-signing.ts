import type { Hono } from 'hono';
import type { CallOutput } from '../../../shared/api/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { OpenedAuditLog } from '../audit/index.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import { type Loop, startLoop } from '../reading/loop.ts';
import type { EventHub } from '../routes/event-stream.ts';
import { failure, mount } from '../routes/mount.ts';
import type { DeskCases } from './desk-cases.ts';
import type { DeskSessions } from './desk-sessions.ts';
import { forward } from './forward.ts';
import { type AskGroup, gone } from './group-calls.ts';
import type { GroupLink } from './group-link.ts';
import { type HandOver, type Pending, passing, signHere, withPending } from './hand-over.ts';

const handOverEvery = { waiting: 2_000, idle: 30_000 };

/** Signing at a desktop: by the group host where it answers, else here, and handed over by the loop when it does again. */
export function mountDeskSigning(parts: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: OpenedAuditLog;
  readonly link: GroupLink;
  readonly desk: DeskSessions;
  readonly hub: EventHub;
  readonly handOver: HandOver;
  readonly cases: DeskCases;
  readonly ask: AskGroup;
  /** The record's clock less this computer's, in milliseconds. */
  readonly ahead: () => number;
}): Loop {
  const { app, sessions, ports, audit, link, desk, hub, handOver, cases, ask } = parts;
  mount(app, sessions, ports, 'signRequirements', async ({ params, session }) => {
    const answered = await ask(session, 'signRequirements', { params });
    if (answered.ok) return ok(answered.value as CallOutput<'signRequirements'>);
    return answered.error.unreachable === true
      ? ok({ passwordNeeded: sessions.passwordNeeded(session.token), issue: null, rival: null, images: null })
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
    const group = desk.of(session.token);
    if (group === null) return gone;
    const signed = signHere({
      command: input,
      detail: cases.detail(session.reader.id, taskId),
      instances: cases.instances(taskId),
      waiting: before,
      session: group,
      signedAt: ports.now() + parts.ahead(),
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

  return handOverLoop;
}
