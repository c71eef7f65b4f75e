import { siteFromFhir } from '../../../../shared/interop/fhir/index.ts';
import type { Outbox } from '../../delivery/outbox.ts';
import type { SignedStore } from '../../delivery/signed-store.ts';
import type { Journal } from '../../journal/index.ts';
import type { Ports } from '../../ports.ts';
import type { CaseBook } from '../../reading/case-book.ts';
import type { EventBook } from '../../reading/event-book.ts';
import { startLoop } from '../../reading/loop.ts';
import type { RecordClient, RecordSync } from '../../record/index.ts';
import type { Hl7Listening } from '../../settings/types.ts';
import { caseEvent } from '../case-events.ts';
import { taskIdOfOrder } from '../task-ids.ts';
import type { Change } from './applied.ts';
import { type AppliedChange, createLateChanges, lateFor } from './late-changes.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { listenForMllp, type MllpListener } from './listen.ts';
import { createTakeIn, type Hl7Interface, type TakeIn } from './take-in.ts';

export type { Kept, Ledger } from './ledger.ts';

/**
 * The HL7 v2 door of the host. It is not the duty `intake` of one host: every host of a group that is told to listen takes messages in, so
 * that a site's sender goes on with any of them that lives. A message is applied once all the same, to whichever host it and its repeats
 * come: ids are derived from the site's numbers, every write is over the version that was read, a resource names the messages that were
 * applied to it (message-time.ts), and events have ids derived from the message.
 */
export type Hl7Intake = {
  readonly ledger: Ledger;
  readonly takeIn: TakeIn;
  /** Where it listens, for the terminal; a port that was asked for as 0 has its real number here. */
  readonly listening: readonly { readonly name: string; readonly port: number }[];
  /** True where a report of the order is signed or released. */
  reported(orderId: string): boolean;
  /** Writes what changed as events of its cases, once for each message; false where that failed. */
  tell(changes: readonly Change[], message: { readonly key: string }): Promise<boolean>;
  /** What the settings say of an interface by its name. */
  settingOf(interfaceName: string): Pick<Hl7Interface, 'characterSet' | 'accession'>;
  close(): Promise<void>;
};

/** Milliseconds between two attempts while a message waits for the record, and between two looks while none does. */
const retryEvery = { waiting: 1_000, idle: 15_000 };

export async function openHl7Intake(parts: {
  readonly listen: readonly Hl7Listening[];
  readonly journal: Journal;
  readonly record: RecordClient;
  readonly sync: RecordSync;
  readonly book: CaseBook;
  readonly signed: SignedStore;
  readonly events: EventBook;
  /** A site's application answers a report of ours by a message of its own. */
  readonly answered: Outbox['answered'];
  readonly ports: Ports;
  readonly onChange: (taskId: string) => void;
}): Promise<Hl7Intake> {
  const { sync, book, signed, events, record, ports } = parts;
  const ledger = await openLedger(parts.journal);
  const factsOf = (orderId: string) => book.ofOrder(orderId);
  const isReported = (taskId: string): boolean => signed.ofTask(taskId).some((one) => one.standing.kind !== 'returned');

  /** Every change is an event of the case, told once however often the message is replayed. */
  const tellKnown = async (changes: readonly AppliedChange[]): Promise<boolean> => {
    const written = changes.flatMap(({ change, key, at }) =>
      factsOf(change.orderId).map((facts) => ({
        taskId: facts.task.id,
        event: caseEvent(facts, change.type, at, {
          part: key.slice(0, 16),
          detail: change.words,
          actor: { kind: 'device', name: 'site interface' },
        }),
      })),
    );
    const news = written.filter(({ event }) => !events.has(event));
    if (news.length > 0 && !(await events.write(news.map(({ event }) => event)))) return false;
    for (const { taskId } of news) parts.onChange(taskId);
    return true;
  };
  const isListed = (orderId: string): boolean => factsOf(orderId).length > 0;
  const late = createLateChanges({ knows: isListed, tell: tellKnown, now: record.recordNow });
  // A host that ended before the exam was there goes on with it.
  for (const { key, receivedAt, outcome } of ledger.all())
    if (outcome !== null && ports.now() - receivedAt < lateFor)
      late.add(outcome.changes.map((change) => ({ change, key, at: receivedAt })));
  const tell = async (changes: readonly Change[], { key }: { readonly key: string }): Promise<boolean> => {
    const at = record.recordNow();
    // Judged once: an exam that is listed while the others are being told would be in neither part.
    const listed: AppliedChange[] = [];
    const unlisted: AppliedChange[] = [];
    for (const change of changes) (isListed(change.orderId) ? listed : unlisted).push({ change, key, at });
    if (!(await tellKnown(listed))) return false;
    late.add(unlisted);
    if (unlisted.length > 0) loop.nudge();
    return true;
  };

  const reported = (orderId: string): boolean =>
    factsOf(orderId).some(({ task }) => task.state === 'completed' || task.released !== null || isReported(task.id)) ||
    isReported(taskIdOfOrder(orderId));

  const interfaces = parts.listen.map((one) => ({
    name: `${one.host}:${one.port}`,
    siteId: one.siteId,
    zone: one.zone,
    characterSet: one.characterSet,
    accession: one.accession,
  }));
  const site = (siteId: string) => siteFromFhir(sync.get('Organization', siteId)?.resource);
  const takeIn = createTakeIn({
    ledger,
    ports,
    interfaces,
    ready: () => sync.complete,
    zoneOf: (siteId) => site(siteId)?.zone ?? null,
    answered: parts.answered,
    nameOfSite: (siteId) => site(siteId)?.name ?? null,
    tell,
    context: {
      record,
      onWritten: (written) => {
        ports.step?.(`intake-wrote-${written.resource.resourceType}`);
        sync.learn(written);
      },
      reported,
      preliminaryOnly: (orderId) => factsOf(orderId).some(({ task }) => task.released?.kind === 'preliminary'),
    },
  });
  const loop = startLoop(
    'hl7-intake',
    () => (ledger.waiting() + late.waiting() > 0 ? retryEvery.waiting : retryEvery.idle),
    async () => {
      await takeIn.work();
      await late.work();
    },
    ports,
  );
  const listeners: MllpListener[] = [];
  const listening: { readonly name: string; readonly port: number }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.close()));
    await loop.stop();
  };
  try {
    for (const [index, one] of parts.listen.entries()) {
      const from = interfaces[index];
      if (from === undefined) continue;
      const listener = await listenForMllp(one, { ports, receive: (bytes) => takeIn.receive(bytes, from) });
      listeners.push(listener);
      listening.push({ name: from.name, port: listener.port });
      ports.log.info('HL7 messages are taken in', { port: listener.port });
    }
  } catch (reason) {
    await close();
    throw reason;
  }
  const settingOf = (interfaceName: string) =>
    interfaces.find((one) => one.name === interfaceName) ?? { characterSet: null, accession: 'auto' as const };
  return { ledger, takeIn, listening, reported, tell, settingOf, close };
}
