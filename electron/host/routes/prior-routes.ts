import type { Hono } from 'hono';
import type { Failure } from '../../../shared/api/index.ts';
import { lookReasons } from '../../../shared/domain/audit/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { PriorSearch, Priors } from '../reading/priors.ts';
import { type Answered, failure, mount } from './mount.ts';
import type { OpenCases } from './open-cases.ts';

type PriorRoutes = {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly book: Pick<CaseBook, 'facts'>;
  readonly priors: Priors;
  readonly events: Pick<EventBook, 'write'>;
  readonly openCases: OpenCases;
  readonly recordNow: () => Instant;
};

/**
 * Earlier exams beside an open case. Only the session that has the case open is answered: to open it she may read it or gave her reason to
 * look, and a comparison with it is that reason here. What is about to be shown is in the access log first, each exam under its own patient.
 */
export function mountPriorRoutes(routes: PriorRoutes): void {
  const { app, sessions, ports, audit, book, priors, events, openCases } = routes;
  const gone = failure('stale-case', 'That case is not open in this window any more. Open it again.');

  const open = (session: LiveSession, taskId: string, epoch: number): CaseFacts | null =>
    openCases.find(session.token, taskId, epoch) === null ? null : book.facts(taskId);

  const answer = async (
    session: LiveSession,
    facts: CaseFacts,
    epoch: number,
    search: PriorSearch,
  ): Promise<Answered<'casePriors'>> => {
    const view = priors.view(facts, search);
    const noted = await audit.record(
      view.priors.map((prior) => ({
        user: session.reader.userName,
        purpose: 'prior' as const,
        patient: prior.patient.id,
        studyUid:
          search.priors.find(({ candidate }) => candidate.exam.key === prior.key)?.candidate.study?.studyUid ?? null,
        detail: prior.standing === 'closed' ? 'probable prior, closed' : lookReasons.comparison,
      })),
    );
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    const studies = view.priors.flatMap((prior) => prior.study?.studyUid ?? []);
    if (!openCases.admit(session.token, facts.task.id, epoch, studies)) return gone;
    return ok(view);
  };

  mount(app, sessions, ports, 'casePriors', async ({ params, input, session }) => {
    const facts = open(session, params.taskId, input.epoch);
    if (facts === null) return gone;
    return answer(session, facts, input.epoch, await priors.search(facts, input.again === 'yes'));
  });

  /** The probable prior that was meant, as it was found; a refusal where it is none or was found otherwise. */
  const meant = (
    search: PriorSearch,
    key: string,
  ): { ok: true; words: string; evidence: readonly string[] } | { ok: false; error: Failure } => {
    const found = search.priors.find(({ candidate }) => candidate.exam.key === key);
    if (found === undefined) return failure('not-found', 'That exam is not among the priors of this case any more.');
    if (found.verdict === 'same') return failure('not-a-legal-move', 'That exam is shown without a confirmation.');
    const { exam, when } = found.candidate;
    const modality = exam.modalities.join(', ');
    // Many descriptions begin with their modality already.
    const named = exam.description.startsWith(modality) ? [exam.description] : [modality, exam.description];
    const words = [...named, `of ${when}`].filter((one) => one !== '').join(' ');
    return { ok: true, words, evidence: found.evidence.map((piece) => piece.words) };
  };

  mount(app, sessions, ports, 'confirmPrior', async ({ params, input, session }) => {
    const facts = open(session, params.taskId, input.epoch);
    if (facts === null) return gone;
    const search = await priors.search(facts);
    const prior = meant(search, input.key);
    if (!prior.ok) return prior;
    if (JSON.stringify(prior.evidence) !== JSON.stringify(input.evidence))
      return failure('stale-case', 'The evidence has changed since you saw it. Look at it again.');
    const { round, confirmed } = priors.standing(facts, input.key);
    if (confirmed === null) {
      const actor = { kind: 'person', id: session.reader.id, name: session.reader.name } as const;
      const wrote = await events.write([
        caseEvent(facts, 'prior.confirmed', routes.recordNow(), {
          actor,
          part: `${input.key}|${round}`,
          detail: `${prior.words}: ${input.reason}`,
        }),
      ]);
      if (!wrote) return failure('not-saved', 'The disk did not say that it has the confirmation. Try again.');
    }
    return answer(session, facts, input.epoch, search);
  });

  mount(app, sessions, ports, 'withdrawPrior', async ({ params, input, session }) => {
    const facts = open(session, params.taskId, input.epoch);
    if (facts === null) return gone;
    const search = await priors.search(facts);
    const { round, confirmed } = priors.standing(facts, input.key);
    if (confirmed !== null) {
      const actor = { kind: 'person', id: session.reader.id, name: session.reader.name } as const;
      const prior = meant(search, input.key);
      const wrote = await events.write([
        caseEvent(facts, 'prior.withdrawn', routes.recordNow(), {
          actor,
          part: `${input.key}|${round}`,
          detail: prior.ok ? prior.words : '',
          cause: confirmed.id,
        }),
      ]);
      if (!wrote) return failure('not-saved', 'The disk did not say that it has it. Try again.');
    }
    openCases.dismiss(params.taskId, input.key);
    return answer(session, facts, input.epoch, search);
  });
}
