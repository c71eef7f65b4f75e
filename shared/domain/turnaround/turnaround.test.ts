import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant, millis, minutes, after as timeAfter } from '../../lib/instant.ts';
import {
  type Contract,
  clock,
  defaultContract,
  defaultTerms,
  dueAt,
  type EventType,
  eventTypes,
  formatTimeLeft,
  intervals,
  type ReadingEvent,
  termsOf,
} from './index.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const at = (count: number) => timeAfter(nine, minutes(count));

function event(type: EventType, when: Instant, change: Partial<ReadingEvent> = {}): ReadingEvent {
  return {
    id: `${type}-${when}`,
    type,
    occurredAt: when,
    recordedAt: when,
    clock: { source: 'record', skew: null, confidence: 'high' },
    actor: { kind: 'device', name: 'host' },
    subject: { taskId: 'task-1', orderId: null, accession: null, studyUid: null, report: null },
    site: null,
    detail: '',
    cause: null,
    channel: null,
    ...change,
  };
}

const stat = (contract: Contract) => termsOf(contract, { priority: 'stat', modality: 'CT' }, null);
const usual = defaultTerms('stat');

const version = (number: number) => ({
  subject: {
    taskId: 'task-1',
    orderId: null,
    accession: null,
    studyUid: null,
    report: { id: 'report-1', version: number },
  },
});

const night: readonly ReadingEvent[] = [
  event('order.placed', at(0)),
  event('exam.completed', at(10)),
  event('images.complete', at(15)),
  event('task.queued', at(16)),
  event('task.claimed', at(20)),
  event('read.opened', at(21)),
  event('report.draftSaved', at(25)),
  event('report.draftSaved', at(28)),
  event('report.prelim', at(30), version(1)),
  event('report.filed', at(31), version(1)),
  event('report.final', at(40), version(2)),
  event('report.accepted', at(41), version(2)),
  event('report.filed', at(43), version(2)),
  event('report.draftSaved', at(50)),
  event('report.addended', at(60), version(3)),
  event('report.filed', at(61), version(3)),
];

describe('the intervals of one study', () => {
  it('are those of the standard, derived from its events', () => {
    const found = intervals(night).map(({ name, milliseconds }) => [name, (milliseconds ?? Number.NaN) / 60_000]);
    expect(Object.fromEntries(found)).toEqual({
      T_transfer: 5,
      T_queue: 4,
      T_lead: 1,
      T_read_active: 19,
      RTAT: 25,
      'RTAT-prelim': 15,
      T_sign: 12,
      'Order-to-result': 43,
    });
  });

  it('run without an end until it comes, and are not named before they begin', () => {
    const early = intervals(night.slice(0, 4));
    expect(early.find(({ name }) => name === 'RTAT')).toMatchObject({ start: at(15), stop: null, milliseconds: null });
    expect(early.find(({ name }) => name === 'T_lead')).toBeUndefined();
    expect(intervals([])).toEqual([]);
  });

  it('start from the queue where nobody says that the images are complete', () => {
    const found = intervals([event('task.queued', at(16)), event('report.final', at(40))]);
    expect(found.find(({ name }) => name === 'RTAT')?.milliseconds).toBe(minutes(24));
  });

  it('end the order at acceptance where filing is not known, and say so', () => {
    const accepted = night.filter(({ type }) => type !== 'report.filed');
    const result = intervals(accepted).find(({ name }) => name === 'Order-to-result');
    expect(result).toMatchObject({ stop: at(41), words: 'order placed to result accepted: filing not known' });
  });

  it('of a clock that runs backwards are 0 and of low confidence', () => {
    const found = intervals([event('task.queued', at(16)), event('task.claimed', at(15))]);
    expect(found[0]).toMatchObject({ name: 'T_queue', milliseconds: 0 });
    expect(found[0]?.words).toContain('low confidence');
  });

  it('correct a host’s clock by its measured skew, and doubt it above 30 seconds', () => {
    const slightly = event('task.claimed', at(21), {
      clock: { source: 'host', skew: millis(20_000), confidence: 'high' },
    });
    const badly = event('task.claimed', at(21), { clock: { source: 'host', skew: minutes(1), confidence: 'high' } });
    const queue = (claimed: ReadingEvent) => intervals([event('task.queued', at(16)), claimed])[0];
    expect(queue(slightly)).toMatchObject({ milliseconds: 280_000, words: 'queued to claimed: staffing' });
    expect(queue(badly)).toMatchObject({ milliseconds: minutes(4) });
    expect(queue(badly)?.words).toContain('low confidence');
  });
});

describe('the contract’s clock', () => {
  it('starts with the images, and stops for good with the first final', () => {
    const stopped = clock(usual, night, at(500));
    expect(stopped).toMatchObject({
      state: 'stopped',
      startedAt: at(15),
      stoppedAt: at(40),
      elapsed: minutes(25),
      confidence: 'high',
    });
    expect(clock(usual, night.slice(0, 3), at(20))).toMatchObject({ state: 'running', elapsed: minutes(5) });
    expect(clock(usual, [], at(20))).toMatchObject({ state: 'not-started', elapsed: null });
  });

  it('stops with the preliminary where the contract asks for one', () => {
    expect(clock(stat({ ...defaultContract, stop: 'preliminary' }), night, at(500)).elapsed).toBe(minutes(15));
  });

  it('is not started again by addendum, correction or a second final', () => {
    const later = [event('report.corrected', at(70)), event('report.final', at(80)), event('images.complete', at(75))];
    expect(clock(usual, [...night, ...later], at(500))).toEqual(clock(usual, night, at(500)));
  });

  it('gives each priority its time; unknown has that of urgent', () => {
    const due = (priority: Parameters<typeof defaultTerms>[0]) => dueAt(defaultTerms(priority), night);
    expect([due('stat'), due('asap'), due('urgent'), due('unknown'), due('routine')]).toEqual(
      [30, 60, 120, 120, 1_440].map((count) => at(15 + count)),
    );
    expect(dueAt(usual, [])).toBeNull();
  });

  it('leaves time on hold out only where the contract says so', () => {
    const held = [event('images.complete', at(0)), event('task.held', at(10)), event('task.resumed', at(25))];
    const pausing = stat({ ...defaultContract, pauses: ['hold'] });
    expect(clock(usual, held, at(30)).elapsed).toBe(minutes(30));
    expect(clock(pausing, held, at(30))).toMatchObject({ elapsed: minutes(15), paused: minutes(15), state: 'running' });
    expect(clock(pausing, held.slice(0, 2), at(30))).toMatchObject({ elapsed: minutes(10), state: 'paused' });
    expect(dueAt(pausing, held)).toBe(at(45));
    expect(dueAt(usual, held)).toBe(at(30));
  });
});

const anyEvents: fc.Arbitrary<ReadingEvent[]> = fc.array(
  fc
    .record({
      id: fc.integer({ min: 0, max: 30 }).map(String),
      type: fc.constantFrom(...eventTypes),
      minute: fc.integer({ min: 0, max: 90 }),
      skew: fc.option(fc.integer({ min: -120_000, max: 120_000 }).map(millis), { nil: null }),
      source: fc.constantFrom('record', 'host', 'desktop', 'modality'),
    })
    .map(({ id, type, minute, skew, source }) =>
      event(type, at(minute), { id: `${type}-${id}`, clock: { source, skew, confidence: 'high' } }),
    ),
  { maxLength: 25 },
);

describe('for any events', () => {
  it('the order and number of their arrivals changes no figure', () => {
    const shuffled = anyEvents.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, fc.boolean(), ([events, arrived], pausesWhileHeld) => {
        const contract = stat({ ...defaultContract, pauses: pausesWhileHeld ? ['hold', 'question'] : [] });
        expect(intervals(arrived, contract)).toEqual(intervals(events, contract));
        expect(clock(contract, arrived, at(95))).toEqual(clock(contract, events, at(95)));
        expect(dueAt(contract, arrived)).toBe(dueAt(contract, events));
      }),
      { numRuns: 500 },
    );
  });

  it('no duration is negative, and a clamped one says low confidence', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const { start, stop, milliseconds, words } of intervals(
          events,
          stat({ ...defaultContract, pauses: ['hold', 'question'] }),
        )) {
          expect(stop === null).toBe(milliseconds === null);
          if (milliseconds !== null) expect(milliseconds).toBeGreaterThanOrEqual(0);
          if (stop !== null && stop < start) expect(words).toContain('low confidence');
        }
        const { elapsed } = clock(stat({ ...defaultContract, pauses: ['hold', 'question'] }), events, at(45));
        if (elapsed !== null) expect(elapsed).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  it('what happens after the first final leaves RTAT as it is', () => {
    const laterTypes = eventTypes.filter((type) => type !== 'images.complete' && type !== 'task.queued');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...laterTypes), fc.integer({ min: 41, max: 900 }))), (later) => {
        const all = [...night, ...later.map(([type, minute]) => event(type, at(minute)))];
        const rtat = (events: readonly ReadingEvent[]) =>
          intervals(events).filter(({ name }) => name.startsWith('RTAT'));
        expect(rtat(all)).toEqual(rtat(night));
        expect(clock(usual, all, at(901))).toEqual(clock(usual, night, at(901)));
      }),
    );
  });
});

describe('the time that is left', () => {
  it.each([
    [minutes(16), '0:16'],
    [minutes(-7), '−0:07'],
    [0, '0:00'],
    [59_999, '0:00'],
    [-1, '−0:01'],
    [minutes(75), '1:15'],
    [minutes(1_500), '25:00'],
    [minutes(-75), '−1:15'],
  ])('%d ms reads %s', (left, text) => expect(formatTimeLeft(left)).toBe(text));
});
