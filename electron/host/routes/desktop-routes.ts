import type { Hono } from 'hono';
import { coveredInstances } from '../../../shared/domain/study/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { Signing } from '../delivery/sign.ts';
import type { SignedStore } from '../delivery/signed-store.ts';
import type { SharedSigned } from '../group/shared-signed.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { StudyBook } from '../reading/study-poll.ts';
import { failure, mount } from './mount.ts';

/** What a group host answers to the desktops of its readers beside what it answers to every page. */
export function mountDesktopRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly book: CaseBook;
  readonly studies: StudyBook;
  readonly signing: Signing;
  readonly signed: SignedStore;
  readonly shared: Pick<SharedSigned, 'has'> | null;
}): void {
  const { app, sessions, ports, signed, shared } = routes;
  mount(app, sessions, ports, 'caseInstances', async ({ params }) => {
    const study = routes.book.facts(params.taskId)?.seen?.study ?? null;
    if (study === null) return failure('not-found', 'There are no images of that case.');
    const found = await routes.studies.instances(study.studyUid);
    return 'code' in found
      ? failure('upstream-unreachable', found.message)
      : ok({ instances: coveredInstances(found.list).map((one) => one.instanceUid as string) });
  });
  mount(app, sessions, ports, 'handOver', async ({ params, input, session }) => {
    const { signedAt, instances, ...command } = input;
    if (command.draft.taskId !== params.taskId || command.context.taskId !== params.taskId)
      return failure('stale-case', 'The words and the address name two cases. Nothing was signed.');
    const answered = await routes.signing.sign(command, session, { signedAt, instances });
    if (!answered.ok || shared === null) return answered;
    // The desktop forgets it at this answer: it must not be in this host's journal alone.
    const kept = signed
      .ofTask(params.taskId)
      .every((one) => one.standing.kind !== 'waiting' || shared.has(one.signed.digest));
    return kept
      ? answered
      : failure('upstream-unreachable', 'The record has not taken it yet. It is handed over again.');
  });
}
