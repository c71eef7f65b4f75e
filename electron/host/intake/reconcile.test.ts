import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { err } from '../../../shared/lib/result.ts';
import { plantMarkedStudy, withEmbedded } from '../../../test/faults/marked-study.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import type { ArchiveClient } from '../archive/types.ts';
import { openEventTable } from '../events/index.ts';
import { openJournal } from '../journal/index.ts';
import { openKeyRing } from '../keys/index.ts';
import { createCaseBook } from '../reading/case-book.ts';
import { createClaims } from '../reading/claims.ts';
import { openEventBook } from '../reading/event-book.ts';
import { createSiteBook } from '../reading/site-book.ts';
import { createStudyBook } from '../reading/study-poll.ts';
import { createRecordSync, type RecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';
import { createIntake } from './reconcile.ts';
import { taskIdOfOrder } from './task-ids.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-intake-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** Questions that the book has asked of what was synced. */
type Counted = { count: number };

/** The rooms that intake stands on, over a real embedded record and archive; nothing runs by itself. */
async function withIntake(
  use: (rooms: {
    readonly record: RecordClient;
    readonly sync: RecordSync;
    readonly book: ReturnType<typeof createCaseBook>;
    readonly events: Awaited<ReturnType<typeof openEventBook>>;
    readonly intake: ReturnType<typeof createIntake>;
    readonly asked: Counted;
    readonly archive: ArchiveClient;
    /** Searches of the archive, and whether they are answered. */
    readonly line: { searches: number; silent: boolean };
    setNow(now: Instant): void;
  }) => Promise<void>,
): Promise<void> {
  await withEmbedded(directory, async (record, archive) => {
    let now = instant(Date.now());
    const ports = testPorts({ now: () => now });
    const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keys.ok) throw new Error(keys.error.message);
    const journal = await openJournal({ directory, keyRing: keys.value, ports, inMemory: true });
    if (!journal.ok) throw new Error(journal.error.message);
    const sync = createRecordSync(record, ['Task', 'ServiceRequest', 'Patient'], { ports });
    const asked: Counted = { count: 0 };
    const counting: RecordSync = {
      ...sync,
      get: (type, id) => {
        asked.count += 1;
        return sync.get(type, id);
      },
    };
    const line = { searches: 0, silent: false };
    const overLine: ArchiveClient = {
      ...archive,
      searchStudies: async (query) => {
        line.searches += 1;
        if (!line.silent) return archive.searchStudies(query);
        return err({
          code: 'unreachable',
          asked: 'GET',
          cameBack: 'nothing',
          message: 'The archive cannot be reached.',
        });
      },
    };
    const studies = createStudyBook(overLine, ports, 7);
    const table = await openEventTable({ directory, keyRing: keys.value, ports, source: 'test', inMemory: true });
    const events = await openEventBook(journal.value, record, table, ports);
    const book = createCaseBook(
      counting,
      studies,
      events,
      createSiteBook(sync, ports),
      { reportState: () => null, resolution: () => null, fit: () => undefined, series: () => null },
      ports,
    );
    const onTask: Parameters<typeof createIntake>[0]['onTask'] = (written) => sync.learn(written);
    const claims = createClaims(record, onTask);
    const intake = createIntake({ record, book, studies, events, claims, archiveName: 'archive', ports, onTask });
    try {
      await use({
        record,
        sync,
        book,
        events,
        intake,
        asked,
        archive,
        line,
        setNow: (next) => {
          now = next;
        },
      });
    } finally {
      await journal.value.close();
    }
  });
}

async function putOrder(record: RecordClient, id: string, patient: string | null): Promise<void> {
  if (patient !== null) {
    const stored = await record.put({
      resourceType: 'Patient',
      id: patient,
      name: [{ family: 'Quillfeather', given: ['Ottoline'] }],
    });
    if (!stored.ok) throw new Error(stored.error.message);
  }
  const stored = await record.put({
    resourceType: 'ServiceRequest',
    id,
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${patient ?? 'nobody'}` },
    authoredOn: '2026-11-27T20:00:00Z',
    code: { text: 'CT chest' },
  });
  if (!stored.ok) throw new Error(stored.error.message);
}

describe('orders that come in', () => {
  it('have their reading task and its first events in one cycle', async () => {
    await withIntake(async ({ record, sync, book, events, intake }) => {
      await putOrder(record, 'order-1', 'patient-1');
      expect((await sync.cycle()).ok).toBe(true);
      await intake.cycle();
      const task = taskIdOfOrder('order-1');
      expect(book.facts(task)?.order?.patient.name).toBe('Quillfeather^Ottoline');
      expect(events.of(task).map((event) => event.type)).toEqual(['order.placed', 'task.queued']);
    });
  });

  it('whose patient is on the way wait for him, then no longer, and cost nothing meanwhile', async () => {
    await withIntake(async ({ record, sync, book, intake, asked, setNow }) => {
      const start = Date.now();
      for (let number = 0; number < 30; number += 1) await putOrder(record, `late-${number}`, null);
      expect((await sync.cycle()).ok).toBe(true);
      await intake.cycle();
      expect(book.order('late-7')).toBeNull();
      // Whoever asks about a case must not make every waiting order be read again.
      asked.count = 0;
      for (let question = 0; question < 100; question += 1) book.facts('nobody');
      expect(asked.count).toBe(0);
      setNow(instant(start + 60_000));
      await intake.cycle();
      expect(book.order('late-7')?.id).toBe('late-7');
      expect(book.facts(taskIdOfOrder('late-7'))).not.toBeNull();
    });
  });

  it('have their images of long ago as soon as a silent archive answers again', async () => {
    await withIntake(async ({ record, archive, line, sync, book, intake, setNow }) => {
      const marked = await plantMarkedStudy(record, archive);
      setNow(instant(Date.now() + 30 * 86_400_000));
      expect((await sync.cycle()).ok).toBe(true);
      line.silent = true;
      for (let turn = 0; turn < 3; turn += 1) await intake.cycle();
      const task = taskIdOfOrder(marked.order.id);
      expect(book.facts(task)?.task.studyUid).toBeNull();
      expect(line.searches).toBeGreaterThan(1);
      line.silent = false;
      await intake.cycle();
      await intake.cycle();
      expect(book.facts(task)?.task.studyUid).toBe(marked.studyUid);
      // What was answered is not asked for again in every cycle.
      const before = line.searches;
      await intake.cycle();
      expect(line.searches).toBe(before);
    });
  });
});
