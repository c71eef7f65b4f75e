import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent } from '@medplum/fhirtypes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { openEventTable } from '../events/index.ts';
import { openJournal } from '../journal/index.ts';
import { openKeyRing } from '../keys/index.ts';
import type { RecordClient, Versioned } from '../record/index.ts';
import { type EventBook, openEventBook } from './event-book.ts';

let directory: string;
let said: string[];
let closing: (() => Promise<void>)[];
/** What the record has; null while it does not answer. */
let stored: Map<string, AuditEvent>;
let answers: boolean;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-book-'));
  said = [];
  closing = [];
  stored = new Map();
  answers = true;
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await rm(directory, { recursive: true, force: true });
});

const record = {
  read: async (_type: string, id: string) => {
    if (!answers) return err({ code: 'unreachable' });
    return stored.has(id) ? ok({ resource: stored.get(id) }) : err({ code: 'not-found' });
  },
  put: async (resource: AuditEvent & { id: string }) => {
    stored.set(resource.id, { ...resource, meta: { lastUpdated: '2026-11-29T03:00:00.000Z', versionId: '1' } });
    return ok({ resource });
  },
} as unknown as RecordClient;

/** A host's book over what its folder holds; closed before the next one is opened. */
async function opened() {
  for (const close of closing.splice(0)) await close();
  const say = (message: string): void => void said.push(message);
  const ports = testPorts({ log: { info: say, warn: say, error: say } });
  const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!keys.ok) throw new Error(keys.error.message);
  const journal = await openJournal({ directory, keyRing: keys.value, ports });
  if (!journal.ok) throw new Error(journal.error.message);
  const table = await openEventTable({ directory, keyRing: keys.value, ports, source: 'the record' });
  const book = await openEventBook(journal.value, record, table, ports);
  closing.push(async () => {
    await book.close();
    await table.close();
    await journal.value.close();
  });
  return { book, journal: journal.value };
}

/** One cycle of the sync: everything that the record has, in one page. */
async function synced(book: EventBook): Promise<void> {
  book.stream.cursor();
  const items = [...stored.values()].map((resource) => ({ resource, version: '1', lastUpdated: instant(0) }));
  const cursor = { lastUpdated: '2026-11-29T03:00:00.000Z', seen: [] };
  expect(await book.stream.take(items as unknown as Versioned[], cursor)).toBe(true);
  book.stream.reached(cursor);
}

function event(number: number, more: Partial<ReadingEvent> = {}): ReadingEvent {
  return {
    id: `ev-${number}`,
    type: 'task.queued',
    occurredAt: instant(Date.parse('2026-11-29T02:00:00Z') + number * 60_000),
    recordedAt: null,
    clock: { source: 'host', skew: null, confidence: 'high' },
    actor: { kind: 'device', name: 'Overread' },
    subject: { taskId: 'task-1', orderId: null, accession: null, studyUid: null, report: null },
    site: null,
    detail: '',
    cause: null,
    channel: null,
    ...more,
  };
}
const idsOf = (book: EventBook): readonly string[] => book.of('task-1').map((one) => one.id);

describe('the book of events', () => {
  it('shows an event once it is journaled, sends it, and knows when the record took it once it comes back', async () => {
    const { book } = await opened();
    const told: string[] = [];
    book.onChange((taskIds) => told.push(...taskIds));
    expect(await book.write([event(2), event(1)])).toBe(true);
    expect(await book.write([event(2, { detail: 'again' })])).toBe(true);
    expect([idsOf(book), book.waiting()]).toEqual([['ev-1', 'ev-2'], 2]);
    expect(await book.flush()).toBe(0);
    const before = book.revision('task-1');
    await synced(book);
    expect(book.of('task-1').map((one) => [one.id, one.detail, one.recordedAt === null])).toEqual([
      ['ev-1', '', false],
      ['ev-2', '', false],
    ]);
    expect(book.revision('task-1')).not.toBe(before);
    expect(told).toEqual(['task-1', 'task-1']);
    expect([book.has(event(1)), book.has(event(3))]).toEqual([true, false]);
  });

  it('keeps what waits over a restart, whether or not the record took it before the stop', async () => {
    const first = await opened();
    await first.book.write([event(1), event(2)]);
    await first.book.flush();
    answers = false;
    await first.book.write([event(3)]);
    expect(await first.book.flush()).toBe(1);
    const again = await opened();
    expect([idsOf(again.book), again.book.waiting()]).toEqual([['ev-1', 'ev-2', 'ev-3'], 1]);
    answers = true;
    expect(await again.book.flush()).toBe(0);
    await synced(again.book);
    const last = await opened();
    expect([idsOf(last.book), last.book.waiting()]).toEqual([['ev-1', 'ev-2', 'ev-3'], 0]);
  });

  it('reads nothing of the journal again that came back from the record, and all that did not', async () => {
    const first = await opened();
    await first.book.write([event(1)]);
    await first.book.flush();
    await synced(first.book);
    await first.book.write([event(2)]);
    await first.book.flush();
    const again = await opened();
    const settled = await again.journal.latest('command', 'events-settled');
    const left = await again.journal.all('event', {
      afterSequence: (settled?.body as { upTo: number } | undefined)?.upTo ?? 0,
    });
    expect(left.filter((entry) => 'event' in (entry.body as object)).map((entry) => entry.key)).toEqual(['ev-2']);
    expect(idsOf(again.book)).toEqual(['ev-1', 'ev-2']);
  });

  it('starts, and shows the other events of the study, where the journal holds events that nobody can read', async () => {
    const first = await opened();
    const { cause: _later, ...ofEarlierProgram } = event(4);
    await first.journal.append([
      { kind: 'event', key: 'ev-3', body: { event: event(3, { occurredAt: instant(Number.NaN) }) } },
      { kind: 'event', key: 'ev-4', body: { event: ofEarlierProgram } },
      { kind: 'event', key: 'ev-5', body: { event: 'words' } },
      { kind: 'event', key: 'ev-6', body: {} },
    ]);
    await first.book.write([event(1), event(2, { occurredAt: instant(Number.NaN) })]);
    expect(await first.book.flush()).toBe(0);
    const again = await opened();
    expect(idsOf(again.book)).toEqual(['ev-1', 'ev-4']);
    expect(await again.book.flush()).toBe(0);
    expect([...stored.keys()]).toEqual(['ev-1', 'ev-4']);
    expect(said).toContain('an event in the journal cannot be read; it stays there as it came');
  });

  it('keeps an event of the record whose type a later program knows, beside those that it can read', async () => {
    const { book } = await opened();
    await book.write([event(1), event(2)]);
    await book.flush();
    const [one] = stored.values();
    if (one === undefined) throw new Error('the record has nothing');
    stored.set(one.id ?? '', { ...one, subtype: [{ ...one.subtype?.[0], code: 'task.teleported' }] });
    await synced(book);
    expect(said).toContain('an event in the record cannot be read; it is kept as it came');
    expect(idsOf(book)).toEqual(['ev-2']);
  });
});
