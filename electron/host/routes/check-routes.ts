import type { Hono } from 'hono';
import { can, type Reader } from '../../../shared/domain/reader/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CheckBook } from '../reading/check-book.ts';
import { checkFigures, countedDays, noFigures } from '../reading/check-figures.ts';
import type { RecordClient } from '../record/types.ts';
import { failure, mount } from './mount.ts';

/** The checks before signing, for a lead and QA: what fired, what was overridden and why, and what the group has turned down. */
export function mountCheckRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly checks: CheckBook;
  readonly record: Pick<RecordClient, 'search' | 'recordNow'>;
}): void {
  const { app, sessions, ports, checks, record } = routes;

  const answer = async (reader: Reader) => {
    const [standing, counted] = await Promise.all([checks.standing(), checkFigures(record, record.recordNow())]);
    const figures = counted.ok ? counted.value : noFigures;
    return ok({
      days: countedDays,
      counted: counted.ok,
      signatures: figures.signatures,
      rules: figures.rules.map(({ rule, fired, overridden, reasons }) => ({
        id: rule.id,
        title: rule.title,
        why: rule.why,
        shipped: rule.severity,
        fired,
        overridden,
        reasons: [...reasons],
      })),
      weights: standing.weights,
      kept: standing.kept,
      version: standing.version,
      changed: standing.changed,
      mayChange: standing.kept === 'record' && can(reader.role, 'keep-checks'),
    });
  };

  mount(app, sessions, ports, 'checkRules', async ({ session: { reader } }) => answer(reader));
  mount(app, sessions, ports, 'keepCheckRules', async ({ input, session: { reader } }) => {
    const kept = await checks.keep(input.version, input.weights, reader.name);
    if (kept.ok) return answer(reader);
    return failure(kept.error.code === 'not-saved' ? 'not-saved' : 'not-a-legal-move', kept.error.message);
  });
}
