import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant, millis, minutes, after as timeAfter } from '../../lib/instant.ts';
import type { EventType, ReadingEvent } from '../turnaround/index.ts';
import { activeReading, type PastRead, paceFor, stillToRead } from './pace.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const at = (count: number): Instant => timeAfter(nine, minutes(count));
const event = (type: EventType, when: Instant, by = 'ann'): ReadingEvent => ({
  id: `${type}-${when}-${by}`,
  type,
  occurredAt: when,
  recordedAt: null,
  clock: { source: 'record', skew: null, confidence: 'high' },
  actor: { kind: 'person', id: by, name: by },
  subject: { taskId: 't', orderId: null, accession: null, studyUid: null, report: null },
  site: null,
  detail: '',
  cause: null,
  channel: null,
});

describe('how long a reader had a study before her', () => {
  it('is from opening to signing, without what was suspended or held in between', () => {
    const events = [
      event('read.opened', at(0)),
      event('read.suspended', at(4)),
      event('read.resumed', at(20)),
      event('task.held', at(23)),
      event('read.resumed', at(60)),
      event('report.signed', at(62)),
    ];
    expect(activeReading(events, 'ann')).toBe(minutes(4 + 3 + 2));
  });

  it('is not known for who did not open and sign it, nor for a night between the two', () => {
    expect(activeReading([event('read.opened', at(0))], 'ann')).toBeNull();
    expect(activeReading([event('report.signed', at(0))], 'ann')).toBeNull();
    expect(activeReading([event('read.opened', at(0), 'bob'), event('report.signed', at(5))], 'ann')).toBeNull();
    expect(activeReading([event('read.opened', at(0)), event('report.signed', at(600))], 'ann')).toBeNull();
  });

  it('is never negative, and the same for any order and duplicates of the events', () => {
    const types = fc.constantFrom<EventType>(
      'read.opened',
      'read.suspended',
      'read.resumed',
      'task.held',
      'report.signed',
    );
    const some = fc.array(
      fc.tuple(types, fc.integer({ min: 0, max: 170 })).map(([type, count]) => event(type, at(count))),
    );
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat()), (events, numbers) => {
        const took = activeReading(events, 'ann');
        if (took !== null) expect(took).toBeGreaterThan(0);
        const twice = [...events, ...events]
          .map((one) => ({ one, key: numbers.next().value }))
          .sort((left, right) => left.key - right.key)
          .map(({ one }) => one);
        expect(activeReading(twice, 'ann')).toBe(took);
      }),
    );
  });
});

describe('the pace', () => {
  const read = (modality: string, bodyPart: string, count: number): PastRead => ({
    modality,
    bodyPart,
    took: minutes(count),
  });
  const head = { modality: 'CT', bodyPart: 'Head' };

  it('is her median of like exams, else of the modality, else the usual time, and says which', () => {
    const heads = [read('CT', 'HEAD', 4), read('CT', 'HEAD', 30), read('CT', 'HEAD', 6)];
    expect(paceFor(heads, head)).toEqual({ expected: minutes(6), basis: 'exam', words: 'your median of 3 CT head' });
    const mixed = [read('CT', 'CHEST', 9), read('CT', 'ABDOMEN', 12), read('CT', 'HEAD', 5), read('MR', 'HEAD', 50)];
    expect(paceFor(mixed, head)).toEqual({ expected: minutes(9), basis: 'modality', words: 'your median of 3 CT' });
    expect(paceFor([read('CT', 'HEAD', 1)], head)).toMatchObject({ expected: minutes(10), basis: 'usual' });
    expect(paceFor([], { modality: '', bodyPart: '' }).words).toContain('the usual time for an exam');
  });

  it('is a time that she really took, between her fastest and slowest, whatever the order', () => {
    const reads = fc.array(fc.integer({ min: 1, max: 180 }), { minLength: 3 });
    fc.assert(
      fc.property(reads, (counts) => {
        const pace = paceFor(
          counts.map((count) => read('CT', 'HEAD', count)),
          head,
        );
        expect(counts.map((count) => minutes(count))).toContain(pace.expected);
        const turned = [...counts].reverse().map((count) => read('CT', 'HEAD', count));
        expect(paceFor(turned, head).expected).toBe(pace.expected);
        expect(counts.filter((count) => minutes(count) <= pace.expected).length * 2).toBeGreaterThanOrEqual(
          counts.length,
        );
      }),
    );
  });

  it.each([
    [2, 'about 4 min'],
    [5.5, 'less than a minute'],
    [7, 'longer than usual already'],
  ])('after %s of six minutes, what is left is %s', (open, words) => {
    const pace = { expected: minutes(6), basis: 'exam', words: '' } as const;
    expect(stillToRead(pace, millis(open * 60_000)).words).toBe(words);
  });
});
