import type { Hono } from 'hono';
import type { Failure, FitToBillList, SiteDesk } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { BillingDesk } from '../billing/billing-desk.ts';
import type { BillCorrections } from '../billing/correct-for-billing.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import type { MessageRoom } from '../site-desk/message-room.ts';
import type { SiteRoom } from '../site-desk/site-room.ts';
import { listNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** The site's desk. Each call asks whose study it is: another site's is not found, so that not even its being there is told. */
export function mountSiteRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly siteRoom: SiteRoom;
  readonly messages: MessageRoom;
  readonly billing: BillingDesk;
  readonly billCorrections: BillCorrections;
  readonly refreshOrderRules: () => Promise<void>;
}): void {
  const { app, sessions, ports, audit, siteRoom, messages, billing } = routes;
  const unbound = failure(
    'forbidden',
    'This account belongs to no site. Whoever runs Overread makes one with `npm run accounts -- add NAME --role site --site ID`.',
  );
  const missing = failure('not-found', 'There is no such study of your site.');

  /** What the page shows, noted before it leaves. */
  const answer = async (reader: Reader, siteId: string): Promise<Result<SiteDesk, Failure>> => {
    const refusal = await listNote(audit, reader);
    if (refusal !== null) return refusal;
    const desk = siteRoom.desk(siteId);
    return desk === null
      ? failure('not-found', 'No study of your site has come yet. They appear here by themselves.')
      : ok(desk);
  };
  const personOf = (reader: Reader) => ({ id: reader.id, name: reader.name });

  mount(app, sessions, ports, 'siteDesk', async ({ session: { reader } }) =>
    reader.site === undefined ? unbound : answer(reader, reader.site),
  );
  const unfit = async (reader: Reader, siteId: string): Promise<Result<FitToBillList, Failure>> => {
    const refusal = await listNote(audit, reader);
    if (refusal !== null) return refusal;
    await routes.refreshOrderRules();
    const found = await billing.list(siteRoom.cases(siteId));
    return found.ok ? found : failure('upstream-unreachable', `${found.error.message} Ask again later.`);
  };
  mount(app, sessions, ports, 'siteFitToBill', async ({ session: { reader } }) =>
    reader.site === undefined ? unbound : unfit(reader, reader.site),
  );
  mount(app, sessions, ports, 'siteCorrectOrder', async ({ params, input, session: { reader } }) => {
    if (reader.site === undefined) return unbound;
    const facts = siteRoom.ownCase(reader.site, params.taskId);
    if (facts === null) return missing;
    const done = await routes.billCorrections.correct(facts, personOf(reader), input);
    return done.ok ? unfit(reader, reader.site) : done;
  });
  mount(app, sessions, ports, 'siteAnswer', async ({ params, input, session: { reader } }) => {
    if (reader.site === undefined) return unbound;
    const done = await siteRoom.answer(reader.site, params.questionId, personOf(reader), input);
    return done.ok ? answer(reader, reader.site) : done;
  });
  mount(app, sessions, ports, 'siteCallMe', async ({ params, input, session: { reader } }) => {
    if (reader.site === undefined) return unbound;
    const facts = siteRoom.ownCase(reader.site, params.taskId);
    if (facts === null) return missing;
    const done = await siteRoom.callMe(facts, reader.site, personOf(reader), input);
    return done.ok ? answer(reader, reader.site) : done;
  });
  const own = async (
    reader: Reader,
    taskId: string,
    act: (facts: CaseFacts) => Promise<Result<unknown, Failure>>,
  ): Promise<Result<SiteDesk, Failure>> => {
    if (reader.site === undefined) return unbound;
    const facts = siteRoom.ownCase(reader.site, taskId);
    if (facts === null) return missing;
    const done = await act(facts);
    return done.ok ? answer(reader, reader.site) : done;
  };
  mount(app, sessions, ports, 'siteMessage', ({ params, input, session: { reader } }) =>
    own(reader, params.taskId, (facts) => messages.send(facts, reader, input)),
  );
  mount(app, sessions, ports, 'siteMessagesSeen', ({ params, input, session: { reader } }) =>
    own(reader, params.taskId, (facts) => messages.see(facts, reader, input.ids)),
  );
}
