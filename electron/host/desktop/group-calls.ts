import type { Hono } from 'hono';
import {
  type Call,
  type CallName,
  type CallOutput,
  type CaseDetail,
  calls,
  type Failure,
} from '../../../shared/api/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { DraftStore } from '../reading/draft-store.ts';
import { type Asked, failure, type Handler, mount } from '../routes/mount.ts';
import type { OpenCases } from '../routes/open-cases.ts';
import type { DeskAhead } from './desk-ahead.ts';
import type { DeskCases } from './desk-cases.ts';
import type { DeskSessions } from './desk-sessions.ts';
import type { Forwarded, ForwardFailure } from './forward.ts';
import type { GroupLink } from './group-link.ts';
import { type HandOver, withPending } from './hand-over.ts';

/** Asks the group host as this session; locks here what it has locked there. */
export type AskGroup = (
  session: LiveSession,
  name: CallName,
  asked?: Partial<Forwarded>,
) => Promise<Result<unknown, ForwardFailure>>;

export const gone = failure('not-signed-in', 'The group host wants your password again.');

const asForwarded = (asked: { params: unknown; input: unknown; request: Request }): Forwarded => ({
  params: (asked.params ?? {}) as Readonly<Record<string, string>>,
  query: new URL(asked.request.url).search,
  input: asked.input,
});

/** Every call of the group's rooms, passed on, with what this desktop adds to the answer. */
export function mountGroupCalls(parts: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly link: GroupLink;
  readonly desk: DeskSessions;
  readonly openCases: OpenCases;
  readonly handOver: HandOver;
  readonly cases: DeskCases;
  readonly drafts: DraftStore;
  readonly ask: AskGroup;
  readonly ahead: Pick<DeskAhead, 'opened'>;
}): void {
  const { app, sessions, ports, link, desk, openCases, handOver, cases, drafts, ask, ahead } = parts;
  /** Which host gave a version of the list: another one counts its changes apart, and is asked for everything. */
  const listsOf = new Map<number, string>();

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
        const studies = new Set([
          ...(told.context.studyUid === null ? [] : [told.context.studyUid as string]),
          ...told.priors.map((prior) => prior.study.studyUid as string),
        ]);
        if (told.context.archive !== null) ahead.opened(session, told.context.archive, taskId, studies);
        openCases.open({
          token: session.token,
          taskId,
          epoch: input.epoch,
          mode: input.mode,
          studyUid: told.context.studyUid,
          patientId: told.context.patientId,
          studies,
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
      case 'casePriors':
      case 'confirmPrior':
      case 'withdrawPrior': {
        if (!answered.ok) return answered;
        const { priors } = answered.value as CallOutput<'casePriors'>;
        const input = asked.input as { readonly epoch: number; readonly key?: string };
        if (name === 'withdrawPrior' && input.key !== undefined) openCases.dismiss(taskId, input.key);
        const studies = priors.flatMap((prior) => (prior.study?.studyUid as string | undefined) ?? []);
        const [archive] = priors.flatMap((prior) => prior.study?.archive ?? []);
        if (archive !== undefined) ahead.opened(session, archive, taskId, studies);
        if (openCases.admit(session.token, taskId, input.epoch, studies)) return answered;
        return failure('stale-case', 'That case is not open in this window any more. Open it again.');
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
        const group = desk.of(session.token);
        if (answered.ok && group !== null) desk.tie(session.token, { ...group, acknowledged: true });
        return answered;
      }
      default:
        return answered;
    }
  };

  const own: ReadonlySet<CallName> = new Set<CallName>([
    ...(['signIn', 'firstAccount'] as const),
    // Made by this desktop for itself.
    ...(['deviceContact', 'deviceSignedIn', 'deviceEnvelope', 'deviceDestroyed', 'studiesAhead'] as const),
  ]);
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
}
