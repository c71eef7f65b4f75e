import type { Hono } from 'hono';
import { type Call, calls } from '../../../shared/api/index.ts';
import { type CaseAction, caseActions, may } from '../../../shared/domain/reader/index.ts';
import type { Sessions } from '../identity/types.ts';
import type { CaseBook } from '../reading/case-book.ts';
import { failure, sessionOf, statusOf } from './mount.ts';

const prefix = '/api/cases/:taskId/';

function actionOf(method: string, rest: string): CaseAction | null {
  const call = Object.values<Call>(calls).find((one) => one.method === method && one.path === `${prefix}${rest}`);
  return caseActions.find((action) => action === call?.allow) ?? null;
}

/**
 * Stands before every call about a case and asks the one table whether its state allows it; the role is asked where the call is
 * mounted. A signature asks by itself, after it has looked whether this press of Sign was answered before.
 */
export function mountCaseGate(app: Hono, sessions: Sessions, book: CaseBook): void {
  app.use(`${prefix}*`, async (context, next) => {
    const request = context.req.raw;
    const [, taskId = '', rest = ''] = /^\/api\/cases\/([^/]+)\/(.+)$/.exec(new URL(request.url).pathname) ?? [];
    const action = actionOf(request.method, rest);
    const session = sessionOf(sessions, request, true);
    const facts = book.facts(taskId);
    if (action !== null && action !== 'sign' && session.ok && !session.value.locked && facts !== null) {
      const permission = may(session.value.reader.role, action, facts.task.state);
      if (!permission.allowed && permission.because === 'state') {
        const refusal = failure('not-a-legal-move', permission.words).error;
        return Response.json(refusal, { status: statusOf(refusal.code) });
      }
    }
    await next();
    return undefined;
  });
}
