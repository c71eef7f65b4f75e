import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitsForImages } from '../../../shared/domain/reading/index.ts';
import { defaultProfile, type SiteProfile } from '../../../shared/domain/site/index.ts';
import { orderToResources, siteProfileToFhir } from '../../../shared/interop/fhir/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { archives } from '../../../test/contract/archive/servers.ts';
import { withEmbedded } from '../../../test/faults/marked-study.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { createArchiveClient } from '../archive/index.ts';
import type { ArchiveClient } from '../archive/types.ts';
import { demoInstances, generateDemoDay } from '../demo/index.ts';
import { openEventTable } from '../events/index.ts';
import { openJournal } from '../journal/index.ts';
import { openKeyRing } from '../keys/index.ts';
import { createCaseBook } from '../reading/case-book.ts';
import { createClaims } from '../reading/claims.ts';
import { openEventBook } from '../reading/event-book.ts';
import { createSeriesBook } from '../reading/series-book.ts';
import { createSiteBook } from '../reading/site-book.ts';
import { createStudyBook } from '../reading/study-poll.ts';
import { createRecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';
import { createIntake } from './reconcile.ts';
import { taskIdOfOrder } from './task-ids.ts';

const minute = 60_000;
const launch = instant(Date.now());
const day = generateDemoDay({ now: launch, seed: 3 });
/** Two series of a CT head: 16 images for the brain, 8 for the bone. */
const study = found(
  day.studies.find(
    (one) =>
      one.role === 'current' &&
      one.procedure.code === 'CTHEADWO' &&
      one.transferSyntax === 'explicit' &&
      one.instanceCount === 24,
  ),
);
const order = found(day.orders.find((one) => one.id === study.orderId));
const profile: SiteProfile = {
  ...defaultProfile(study.site),
  arrival: {
    quietMinutes: 7,
    finalWaits: false,
    protocols: [
      {
        name: 'CT head',
        codes: ['CTHEADWO'],
        modality: 'CT',
        series: [
          { name: 'Brain', modality: 'CT', words: ['brain'], images: 16 },
          { name: 'Bone', modality: 'CT', words: ['bone'], images: 8 },
        ],
      },
    ],
  },
};

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the demo day has no such study');
  return value;
}

/** Part 10 bytes as they are, or as those of a presentation state: Modality (0008,0060) written over. */
async function send(archive: ArchiveClient, from: number, to: number, as: 'CT' | 'PR' = 'CT'): Promise<void> {
  for await (const bytes of demoInstances(study, { from, to })) {
    const object = Buffer.from(bytes);
    const place = object.indexOf(Buffer.from([0x08, 0x00, 0x60, 0x00, 0x43, 0x53, 0x02, 0x00, 0x43, 0x54]));
    if (place < 0) throw new Error('no modality in the object');
    object.write(as, place + 8, 'latin1');
    const stored = await archive.store(object);
    if (!stored.ok) throw new Error(stored.error.message);
  }
}

/** What a host builds on record and archive, anew: a restart knows nothing of when images came. */
async function openRooms(record: RecordClient, archive: ArchiveClient, directory: string, now: () => Instant) {
  const ports = testPorts({ now });
  const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!keys.ok) throw new Error(keys.error.message);
  const journal = await openJournal({ directory, keyRing: keys.value, ports, inMemory: true });
  if (!journal.ok) throw new Error(journal.error.message);
  const table = await openEventTable({ directory, keyRing: keys.value, ports, source: 'test', inMemory: true });
  const events = await openEventBook(journal.value, record, table, ports);
  const synced = ['Task', 'ServiceRequest', 'Patient', 'Organization', 'Practitioner', 'Basic', 'AuditEvent'] as const;
  const sync = createRecordSync(record, synced, { ports, streamed: [events.stream] });
  const studies = createStudyBook(archive, ports, 7);
  const series = createSeriesBook(archive, studies.rejectedImages, ports, (uid) => {
    for (const facts of book.ofStudy(uid)) book.changed(facts.task.id);
  });
  const local = { reportState: () => null, resolution: () => null, fit: () => undefined, series: series.of };
  const book = createCaseBook(sync, studies, events, createSiteBook(sync, ports), local, ports);
  const onTask: Parameters<typeof createIntake>[0]['onTask'] = (written) => sync.learn(written);
  const claims = createClaims(record, onTask);
  const intake = createIntake({ record, book, studies, events, claims, archiveName: archive.name, ports, onTask });
  const taskId = taskIdOfOrder(order.id);
  return {
    /** Looks at record and archive, and once more when the series have answered. */
    look: async () => {
      await sync.cycle();
      await studies.look({ accession: found(order.accession ?? undefined) });
      await intake.cycle();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await intake.cycle();
      await events.flush();
      const facts = book.facts(taskId);
      if (facts === null) throw new Error('no task');
      const row = book.row(facts);
      return { row, judged: events.of(taskId).flatMap((one) => (one.type === 'images.complete' ? [one.detail] : [])) };
    },
    close: async () => {
      await series.close();
      await table.close();
      await journal.value.close();
    },
  };
}

describe.each(archives.filter(({ label }) => /embedded|Orthanc/.test(label)))(
  'studies that come bit by bit to $label',
  (kind) => {
    let directory: string;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'overread-arriving-'));
    });
    afterEach(async () => {
      await rm(directory, { recursive: true, force: true });
    });

    async function withRooms(
      expectedInstances: number | null,
      use: (rooms: {
        readonly archive: ArchiveClient;
        open(): ReturnType<typeof openRooms>;
        setMinutes(after: number): void;
      }) => Promise<void>,
    ): Promise<void> {
      const server = await kind.start();
      let now: Instant = launch;
      const archive = createArchiveClient({
        name: 'archive',
        baseUrl: server.url,
        credentials: { kind: 'none' },
        fetch: server.fetch,
        ports: testPorts(),
      });
      const opened: Awaited<ReturnType<typeof openRooms>>[] = [];
      try {
        await withEmbedded(directory, async (record) => {
          const { serviceRequest, patient, organization } = orderToResources({ ...order, expectedInstances });
          for (const resource of [organization, patient, serviceRequest, siteProfileToFhir(profile)])
            if (resource !== null) expect((await record.put(resource)).ok).toBe(true);
          await use({
            archive,
            open: async () => {
              const rooms = await openRooms(record, archive, directory, () => now);
              opened.push(rooms);
              return rooms;
            },
            setMinutes: (after) => {
              now = instant(launch + after * minute);
            },
          });
          for (const rooms of opened) await rooms.close();
        });
      } finally {
        await archive.close();
        await server.stop();
      }
    }

    it.skipIf(kind.missing !== null)(
      'are listed at once, wait for the announced number no longer than the quiet period, and are judged anew when the rest comes',
      { timeout: 120_000 },
      async () => {
        await withRooms(12, async ({ archive, open, setMinutes }) => {
          await send(archive, 0, 5);
          const host = await open();
          const first = await host.look();
          expect(first.row.images).toEqual({ present: 5, expected: 12 });
          expect(first.row.arrival).toMatchObject({ kind: 'arriving', again: false, quietMinutes: 7 });
          expect([first.judged, waitsForImages({ ...first.row, priority: 'routine' }, launch)]).toEqual([[], true]);
          setMinutes(6.9);
          expect((await host.look()).judged).toEqual([]);
          setMinutes(7);
          const quiet = await host.look();
          expect(quiet.judged).toEqual(['rule quiet-7-min: 5 of 12 instances, 1 of 2 series (CT head)']);
          expect(quiet.row.arrival).toMatchObject({ kind: 'complete', short: true, at: launch });
          // A host that starts anew sees the same five for the first time: they are judged, not arriving.
          setMinutes(8);
          const restarted = await open();
          const again = await restarted.look();
          expect([again.judged, again.row.arrival?.kind]).toEqual([quiet.judged, 'complete']);
          await send(archive, 5, 8);
          const more = await restarted.look();
          expect(more.row.arrival).toMatchObject({ kind: 'arriving', again: true });
          await send(archive, 8, 12);
          const whole = await restarted.look();
          expect(whole.judged.at(-1)).toBe('rule count: 12 of 12, more came after the study was judged complete');
          expect(whole.row.arrival).toMatchObject({ kind: 'complete', short: false });
        });
      },
    );

    it.skipIf(kind.missing !== null)(
      'are complete by the series of the site’s protocol where no number was announced, without any wait',
      { timeout: 120_000 },
      async () => {
        await withRooms(null, async ({ archive, open }) => {
          const host = await open();
          await send(archive, 0, 23);
          const most = await host.look();
          expect(most.judged).toEqual([]);
          expect(most.row.arrival).toMatchObject({ kind: 'arriving', protocol: { seen: 2, expected: 2, missing: [] } });
          await send(archive, 23, 24);
          const whole = await host.look();
          expect(whole.judged).toEqual(['rule protocol: 24 instances, 2 of 2 series (CT head)']);
          expect(whole.row.arrival).toMatchObject({ kind: 'complete', short: false });
        });
      },
    );

    it.skipIf(kind.missing !== null)(
      'are not completed, nor begun again, by presentation states among their images',
      { timeout: 120_000 },
      async () => {
        await withRooms(16, async ({ archive, open, setMinutes }) => {
          const host = await open();
          await send(archive, 0, 15);
          // The second series is of presentation states here: one is the sixteenth object, and no image.
          await send(archive, 16, 17, 'PR');
          const noted = await host.look();
          expect(noted.row.images).toEqual({ present: 15, expected: 16 });
          expect(noted.judged).toEqual([]);
          await send(archive, 15, 16);
          expect((await host.look()).judged).toEqual(['rule count: 16 of 16']);
          await send(archive, 17, 19, 'PR');
          setMinutes(60);
          const later = await host.look();
          expect([later.row.images.present, later.judged, later.row.arrival?.kind]).toEqual([
            16,
            ['rule count: 16 of 16'],
            'complete',
          ]);
        });
      },
    );
  },
);
