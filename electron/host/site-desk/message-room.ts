import type { CaseMessages, Failure, RowMatters } from '../../../shared/api/index.ts';
import {
  longestMessage,
  type Message,
  maySeeMessage,
  mayWriteTo,
  type Party,
  plainWords,
  seeMessage,
  waitsFor,
  writeMessage,
} from '../../../shared/domain/message/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { messageFromFhir, messageToFhir } from '../../../shared/interop/fhir/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import { messageEvents } from './desk-events.ts';
import type { MatterCodec, Matters } from './matters.ts';
import { createMessageBook } from './message-book.ts';

/** Messages between reader, lead and site about a case: in the record, so that every host and the site's page have them. */
export type MessageRoom = {
  ofCase(facts: CaseFacts, viewer: Reader): CaseMessages;
  /** What that site's desk may see, oldest first. */
  ofSite(siteId: string): readonly Message[];
  send(
    facts: CaseFacts,
    sender: Reader,
    sent: { readonly commandId: string; readonly to: Party; readonly words: string },
  ): Promise<Result<Message, Failure>>;
  /** Marks those of them as seen that wait for this person; the others stay as they are. */
  see(facts: CaseFacts, viewer: Reader, ids: readonly string[]): Promise<Result<null, Failure>>;
  summary(taskId: string): RowMatters['messages'];
  /** Whether this host knows a message of that id. */
  has(id: string): boolean;
};

const codec: MatterCodec<Message> = { type: 'Communication', toFhir: messageToFhir, fromFhir: messageFromFhir };
const mostShown = 2_000;

export function createMessageRoom(parts: {
  readonly record: RecordClient;
  readonly sync: RecordSync;
  readonly book: CaseBook;
  readonly events: EventBook;
  readonly ports: Ports;
  readonly matters: Matters;
  readonly onCase: (taskId: string) => void;
}): MessageRoom {
  const { record, events, ports, matters } = parts;
  const book = createMessageBook(parts.sync);

  /** Messages whose case is not known here yet: their events are written when it is. */
  const untold = new Map<string, Message>();
  const tell = async (changed: readonly Message[]): Promise<void> => {
    const found = changed.flatMap((message) => {
      const facts = parts.book.facts(message.taskId);
      if (facts === null) untold.set(message.id, message);
      else untold.delete(message.id);
      return facts === null ? [] : messageEvents(facts, message);
    });
    if (found.length > 0 && !(await events.write(found)))
      ports.log.error('a message has no event yet', { count: found.length });
  };
  const telling = (changed: readonly Message[]): void =>
    void tell(changed).catch(() => ports.log.error('events of messages failed', {}));
  book.onChange((changed) => {
    telling(changed);
    for (const taskId of new Set(changed.map((one) => one.taskId))) parts.onCase(taskId);
  });
  parts.sync.onChange(({ type }) => {
    if (untold.size > 0 && type !== 'AuditEvent' && type !== 'Communication') telling([...untold.values()]);
  });

  const seenBy = (messages: readonly Message[], viewer: Reader): readonly Message[] =>
    messages
      .filter((one) => maySeeMessage(one, viewer.role))
      .slice(-mostShown)
      // The record is open to other programs; what they wrote is shown as ours is, and no longer.
      .map((one) => ({ ...one, words: plainWords(one.words).slice(0, longestMessage) }));
  const waiting = (facts: CaseFacts, viewer: Reader, messages: readonly Message[]): readonly Message[] =>
    messages.filter(
      (one) => maySeeMessage(one, viewer.role) && waitsFor(one, viewer, facts.task.claim?.reader ?? null),
    );
  /** A desk has those of its own site only: an order that was moved to another one does not take them along. */
  const ofDesk = (messages: readonly Message[], viewer: Reader): readonly Message[] =>
    viewer.role === 'site' ? messages.filter((one) => one.siteId === viewer.site) : messages;

  return {
    ofCase: (facts, viewer) => {
      const all = ofDesk(book.ofTask(facts.task.id), viewer);
      return {
        messages: [...seenBy(all, viewer)],
        to: [...mayWriteTo(viewer.role, facts.order?.site != null)],
        waiting: waiting(facts, viewer, all).map((one) => one.id),
      };
    },
    ofSite: (siteId) =>
      book
        .ofSite(siteId)
        .filter((one) => maySeeMessage(one, 'site'))
        .map((one) => ({ ...one, words: plainWords(one.words).slice(0, longestMessage) })),
    send: async (facts, sender, { commandId, to, words }) => {
      const written = writeMessage(
        {
          id: deriveId('message', [facts.task.id, sender.id, commandId], sha256),
          taskId: facts.task.id,
          orderId: facts.task.orderId,
          siteId: facts.order?.site?.id ?? null,
          patientReference: facts.order?.patientReference ?? null,
          to,
          sender: { id: sender.id, name: sender.name },
          sentAt: record.recordNow(),
          words,
        },
        sender.role,
      );
      if (!written.ok)
        return failure(written.error.code === 'not-to-them' ? 'forbidden' : 'bad-request', written.error.words);
      return matters.create(codec, written.value);
    },
    see: async (facts, viewer, ids) => {
      const asked = new Set(ids);
      const by = { id: viewer.id, name: viewer.name };
      for (const { id } of waiting(facts, viewer, ofDesk(book.ofTask(facts.task.id), viewer))) {
        if (!asked.has(id)) continue;
        const seen = await matters.change(codec, id, (message, now) => ok(seeMessage(message, by, now)));
        if (!seen.ok) return seen;
      }
      return ok(null);
    },
    summary: book.summary,
    has: book.has,
  };
}
