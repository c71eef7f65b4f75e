import { describe, expect, it } from 'vitest';
import { type CriticalResult, ladderOf, type OnDuty, stepCritical } from '../../../shared/domain/critical/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { criticalToFhir } from '../../../shared/interop/fhir/index.ts';
import { type Instant, instant, millis, minutes, after as timeAfter } from '../../../shared/lib/instant.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import { createCriticalBook, withCritical } from './critical-book.ts';
import { criticalEvents } from './critical-events.ts';
import { escalateCriticals } from './critical-watch.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const tandewright = { id: 'reader-1', name: 'Dr M. Tandewright' };
const pneumothorax: CriticalResult = {
  id: 'critical-1',
  taskId: 'task-1',
  orderId: null,
  siteId: null,
  patientReference: null,
  level: 1,
  finding: 'Tension pneumothorax.',
  origin: 'key',
  identifiedBy: tandewright,
  identifiedAt: nine,
  limit: minutes(60),
  agreedBy: 'Nights 2026',
  ladder: ladderOf({
    orderedBy: 'Dr O. Fenwick',
    site: { name: 'Larkspur', phone: '555-0100' },
    contacts: [{ role: 'covering', name: 'Dr P. Ashgrove', phone: '555-0102' }],
  }),
  attempts: [],
  handOvers: [],
  ending: null,
};
const facts = {
  task: { id: 'task-1', orderId: null, studyUid: '1.2.3' },
  order: null,
  seen: null,
} as unknown as CaseFacts;
const lead: OnDuty = { id: 'lead-1', name: 'Dr K. Wrenfield', role: 'lead', shift: 'on' };

/** One record, and hosts that look at it by a clock that the test holds. */
function recordWithHosts() {
  const listeners: ((change: never) => void)[] = [];
  const written = new Map<string, ReadingEvent>();
  let now: Instant = nine;
  const results = createCriticalBook({
    onChange: (listener: unknown) => {
      listeners.push(listener as never);
      return () => undefined;
    },
  } as never);
  const look = (holds: boolean) =>
    escalateCriticals({
      results,
      book: { facts: (taskId) => (taskId === 'task-1' ? facts : null) },
      events: {
        has: ({ id }) => written.has(id),
        write: async (events) => {
          for (const one of events) if (!written.has(one.id)) written.set(one.id, one);
          return true;
        },
      },
      duties: { holds: (duty) => holds && duty === 'escalate' },
      record: { recordNow: () => now },
      people: async () => [{ ...lead, id: 'reader-1', name: 'Dr M. Tandewright', role: 'radiologist' }, lead],
    });
  return {
    put: (result: CriticalResult) => {
      for (const listener of listeners)
        listener({ type: 'Communication', items: [{ resource: criticalToFhir(result) }], gone: [] } as never);
    },
    at: (seconds: number) => {
      now = timeAfter(nine, millis(seconds * 1_000));
    },
    look,
    told: () => [...written.values()].map((one) => [(one.occurredAt - nine) / 1_000, one.type, one.detail] as const),
    results,
  };
}

describe('a critical result that nobody reads back', () => {
  const steps = [
    [900, 'crit.escalated', 'covering physician'],
    [1_800, 'crit.escalated', 'site’s desk'],
    [2_700, 'crit.escalated', 'on duty: told Dr K. Wrenfield'],
    [3_600, 'crit.escalated', 'overdue: told Dr K. Wrenfield'],
  ];

  it('goes on at its second and not one earlier, once each, with a clock that ticks', async () => {
    const record = recordWithHosts();
    record.put(pneumothorax);
    for (let second = 0; second <= 3_700; second += 1) {
      record.at(second);
      await record.look(true);
      expect(record.told()).toEqual(steps.filter(([due]) => Number(due) <= second));
    }
  });

  it('goes on at the same seconds where the host was killed and another took over an hour later', async () => {
    const record = recordWithHosts();
    record.put(pneumothorax);
    record.at(901);
    await record.look(true);
    record.at(7_200);
    await record.look(false);
    expect(record.told()).toEqual(steps.slice(0, 1));
    await Promise.all([record.look(true), record.look(true)]);
    expect(record.told()).toEqual(steps);
  });

  it('goes no further once it is read back, and its row says how long there is left until then', async () => {
    const record = recordWithHosts();
    record.put(pneumothorax);
    const row = { taskId: 'task-1' } as Parameters<typeof withCritical>[1];
    expect(withCritical(record.results, row).matters?.critical).toEqual({
      open: 1,
      level: 1,
      dueAt: timeAfter(nine, minutes(60)),
    });
    record.at(1_000);
    await record.look(true);
    const closed = stepCritical(
      pneumothorax,
      {
        ...{
          kind: 'read-back',
          id: 'press-1',
          by: tandewright,
          ago: millis(0),
          who: 'Dr O. Fenwick',
          role: 'physician',
        },
        ...{ callBack: '555-0104', way: 'phone', canAct: true, words: 'Needle now.' },
      } as const,
      timeAfter(nine, minutes(20)),
    );
    if (!closed.ok) throw new Error(closed.error.words);
    record.put(closed.value);
    record.at(9_000);
    await record.look(true);
    expect(record.told()).toEqual(steps.slice(0, 1));
    expect(withCritical(record.results, row)).toBe(row);
    const events = criticalEvents(facts, closed.value);
    expect(events.map((one) => [one.type, one.detail])).toEqual([
      ['crit.identified', 'level 1, minutes, within 60 min'],
      ['crit.closed', 'read back by phone, physician'],
    ]);
    // What somebody typed may name a patient: none of it is in an event.
    expect(JSON.stringify(events)).not.toMatch(/Needle|pneumothorax|Fenwick/);
  });
});
