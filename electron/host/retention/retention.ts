import { type HeldHere, pastKeeping } from '../../../shared/domain/upkeep/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import type { AuditLog } from '../audit/types.ts';
import type { SignedStore } from '../delivery/signed-store.ts';
import type { Ledger } from '../intake/hl7/ledger.ts';
import type { OpenedJournal } from '../journal/index.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { startLoop } from '../reading/loop.ts';
import type { SiteBook } from '../reading/site-book.ts';

export type Retention = {
  /** Looks through what is held and lets go what is past its time; answers when that is over. */
  round(): Promise<void>;
  stop(): Promise<void>;
};

const lookEvery = 6 * 3_600_000;
/** While the record has not told everything yet. */
const lookAgain = 60_000;

type Parts = {
  readonly journal: Pick<OpenedJournal, 'keys' | 'letGo'>;
  readonly ledger: Pick<Ledger, 'all' | 'letGo'>;
  readonly book: Pick<CaseBook, 'facts' | 'ofOrder'>;
  readonly events: Pick<EventBook, 'of'>;
  readonly signed: Pick<SignedStore, 'ofTask'>;
  readonly sites: Pick<SiteBook, 'all'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly isCurrent: () => boolean;
  readonly ports: Ports;
};

/**
 * Lets go, by each site's own time, what only this host holds: messages as they were received, and drafts of cases that have ended. Nothing
 * in the record or the archive is ever deleted, and no signed version, event or entry of the access log.
 */
export function startRetention(parts: Parts): Retention {
  const { ports, isCurrent } = parts;
  const loop = startLoop(
    'retention',
    () => (isCurrent() ? lookEvery : lookAgain),
    () => round(parts),
    ports,
  );
  return { round: loop.round, stop: loop.stop };
}

async function round(parts: Parts): Promise<void> {
  const { journal, ledger, sites, audit, ports } = parts;
  // A list that is not whole would take an open case for none.
  if (!parts.isCurrent()) return;
  const days = new Map(sites.all().map((profile) => [profile.site.id, profile.keptOnHostDays]));
  const keptDays = (siteId: string): number | null => days.get(siteId) ?? null;
  if ([...days.values()].every((one) => one === null)) return;
  const now = ports.now();
  const messages = pastKeeping(messagesHeld(parts), keptDays, now).map((one) => one.key);
  const drafts = pastKeeping(draftsHeld(parts, await journal.keys('draft')), keptDays, now).map((one) => one.key);
  if (messages.length + drafts.length === 0) return;
  // Noted before: what is gone can be counted by nobody afterwards.
  const noted = await audit.record([
    {
      user: 'overread',
      purpose: 'let-go',
      patient: null,
      studyUid: null,
      detail: `past the time of their sites: ${messages.length} received messages, ${drafts.length} drafts of ended cases`,
    },
  ]);
  if (!noted.ok) return;
  // The message first: a step without its message is passed over at a start, a message without its steps would be applied again.
  const gone = [
    await journal.letGo('intake', messages),
    await journal.letGo('intake-step', messages),
    await journal.letGo('draft', drafts),
  ];
  if (gone[0] !== null) ledger.letGo(messages);
  ports.log.info('let go what was past its time', { messages: messages.length, drafts: drafts.length });
}

const isOver = ({ task }: CaseFacts): boolean => task.state === 'completed' || task.state === 'cancelled';

/** Needed until it was dealt with, its problem seen to, and every case that it is about has ended. */
function messagesHeld({ ledger, book }: Parts): readonly HeldHere[] {
  return ledger.all().map(({ key, siteId, outcome, closed, receivedAt }) => {
    const settled = outcome !== null && (outcome.problem === null || closed !== null);
    const cases = (outcome?.orderIds ?? []).flatMap((orderId) => book.ofOrder(orderId));
    return { key, siteId, settledAt: settled && cases.every(isOver) ? receivedAt : null };
  });
}

/** Needed until its case has ended, every signature on it is settled, and for its whole time after the last word and the last event. */
function draftsHeld(
  { book, events, signed }: Parts,
  drafts: readonly { readonly key: string; readonly at: number }[],
): readonly HeldHere[] {
  return drafts.map(({ key, at }) => {
    const taskId = key.split('|')[0] ?? '';
    const facts = book.facts(taskId);
    // A case of which the record tells nothing is not known to have ended.
    if (facts === null) return { key, siteId: null, settledAt: null };
    const waits = signed.ofTask(taskId).some((one) => one.standing.kind === 'waiting');
    const last: Instant = instant(Math.max(at, ...events.of(taskId).map((event) => event.occurredAt)));
    return { key, siteId: facts.order?.site?.id ?? null, settledAt: isOver(facts) && !waits ? last : null };
  });
}
