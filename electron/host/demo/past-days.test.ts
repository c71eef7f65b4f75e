import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { intervals, rollUp, soundEvent, timeBelow } from '../../../shared/domain/turnaround/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { openEventTable } from '../events/index.ts';
import { openJournal } from '../journal/index.ts';
import { openKeyRing } from '../keys/index.ts';
import { openEventBook } from '../reading/event-book.ts';
import { createEmbeddedRecord, createRecordClient, createRecordSync, embeddedRecordUrl } from '../record/index.ts';
import { pastDays } from './past-days.ts';
import { startPastDays } from './start-past-days.ts';

const launch = instant(Date.parse('2026-11-29T04:00:00Z'));
const all = [...pastDays({ now: launch, seed: 1, days: 90, studiesPerDay: 12 })];

describe('the ninety days before the demo day', () => {
  it('are the same for the same seed, end before the launch, and every event of them is sound, once', () => {
    const again = [...pastDays({ now: launch, seed: 1, days: 90, studiesPerDay: 12 })];
    expect(again).toEqual(all);
    const events = all.flatMap((study) => study.events);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    for (const event of events) {
      expect(soundEvent(event)).toEqual(event);
      expect(event.occurredAt).toBeLessThan(launch);
    }
    const days = new Set(events.map((event) => new Date(event.occurredAt).toISOString().slice(0, 10)));
    expect(days.size).toBeGreaterThanOrEqual(90);
  });

  it('tell what a group sees: nights and weekends, STAT before routine, some late, some suspended, some asked about', () => {
    const share = (what: (study: (typeof all)[number]) => boolean): number => all.filter(what).length / all.length;
    const has = (type: string) => (study: (typeof all)[number]) => study.events.some((event) => event.type === type);
    expect(share(has('sla.breached'))).toBeGreaterThan(0.005);
    expect(share(has('sla.breached'))).toBeLessThan(0.15);
    expect(share(has('read.suspended'))).toBeGreaterThan(0.03);
    expect(share(has('order.query.opened'))).toBeGreaterThan(0.02);
    expect(share(has('crit.identified'))).toBeGreaterThan(0.01);
    const weekend = (study: (typeof all)[number]): boolean =>
      [0, 6].includes(new Date((study.events[0]?.occurredAt ?? 0) - 7 * 3_600_000).getUTCDay());
    expect(share(weekend)).toBeLessThan(2 / 7);
    expect(share(weekend)).toBeGreaterThan(0.08);
    const lines = [...rollUp(all).values()].flatMap((day) => [...day.values()]);
    const middle = (priority: string): number => {
      const queues = lines.filter((line) => line.priority === priority).map((line) => line.intervals.T_queue);
      const times = queues.flatMap((one) => timeBelow(one, 0.5) ?? []).sort((one, other) => one - other);
      return times[Math.floor(times.length / 2)] ?? 0;
    };
    expect(middle('stat')).toBeLessThan(middle('urgent'));
    expect(middle('urgent')).toBeLessThan(middle('routine'));
    for (const { events } of all)
      for (const one of intervals(events)) expect(one.milliseconds ?? 0).toBeGreaterThanOrEqual(0);
  });
});

describe('the past in the embedded record', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-past-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is written once, goes on where a stop left it, and is what the days of the host’s table tell', async () => {
    const ports = testPorts();
    const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keys.ok) throw new Error(keys.error.message);
    const keyRing = keys.value;
    const journal = await openJournal({ directory, keyRing, ports, inMemory: true });
    if (!journal.ok) throw new Error(journal.error.message);
    const embedded = await createEmbeddedRecord({ directory, key: keyRing, ports });
    const record = createRecordClient({
      name: 'embedded',
      baseUrl: embeddedRecordUrl,
      credentials: { kind: 'none' },
      fetch: embedded.fetch,
      ports,
    });
    const table = await openEventTable({ directory, keyRing, ports, source: 'embedded', inMemory: true });
    try {
      let batches = 0;
      let enough: () => void = () => undefined;
      const some = new Promise<void>((resolve) => {
        enough = resolve;
      });
      const parts = { launchedAt: launch, seed: 1, days: 6, journal: journal.value, ports, after: 0, every: 0 };
      const first = await startPastDays({
        ...parts,
        add: async (resources) => {
          await embedded.add(resources);
          batches += 1;
          if (batches === 3) enough();
        },
      });
      await some;
      await first.stop();
      const again = await startPastDays({ ...parts, add: embedded.add });
      await again.done;
      const book = await openEventBook(journal.value, record, table, ports);
      const sync = createRecordSync(record, ['AuditEvent'], { ports, streamed: [book.stream] });
      const cycle = await sync.cycle();
      const week = [...pastDays({ now: launch, seed: 1, days: 6, studiesPerDay: 12 })];
      const count = week.reduce((sum, study) => sum + study.events.length, 0);
      expect(cycle).toEqual({ ok: true, value: { changed: count } });
      expect(table.begin().reached).not.toBeNull();
      const expected = rollUp(week.map(({ events }) => ({ events, priority: 'unknown' as const })));
      const told = await table.days([...expected.keys()]);
      const studies = (lines: Iterable<{ readonly studies: number; readonly finals: number }>) =>
        [...lines].reduce((sum, line) => ({ studies: sum.studies + line.studies, finals: sum.finals + line.finals }), {
          studies: 0,
          finals: 0,
        });
      expect(studies(told ?? [])).toEqual({ studies: week.length, finals: week.length });
      const queue = (lines: Iterable<{ readonly intervals: { readonly T_queue: { readonly sum: number } } }>): number =>
        [...lines].reduce((sum, line) => sum + line.intervals.T_queue.sum, 0);
      expect(queue(told ?? [])).toBe(queue([...expected.values()].flatMap((day) => [...day.values()])));
    } finally {
      await table.close();
      await journal.value.close();
      await embedded.close();
    }
  });
});
