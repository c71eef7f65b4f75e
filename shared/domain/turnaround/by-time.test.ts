import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { byTime } from './by-time.ts';
import { type EventType, eventTypes, type ReadingEvent } from './event.ts';

const nine = Date.UTC(2026, 10, 22, 9);

function event(type: EventType, at: number, id: string): ReadingEvent {
  return {
    ...{ id, type, occurredAt: instant(at), recordedAt: null },
    clock: { source: 'host', skew: null, confidence: 'high' },
    actor: { kind: 'device', name: 'Overread' },
    subject: { taskId: 't', orderId: null, accession: null, studyUid: null, report: null },
    ...{ site: null, detail: '', cause: null, channel: 'hl7' },
  };
}

describe('events in the order of time', () => {
  it('stand as such things happen where they are of one instant, whatever their ids', () => {
    const told = [
      event('report.filed', nine, 'a'),
      event('report.accepted', nine, 'b'),
      event('report.sent', nine, 'c'),
      event('report.signed', nine - 1, 'd'),
    ];
    expect([...told].sort(byTime).map((one) => one.type)).toEqual([
      ...['report.signed', 'report.sent', 'report.accepted', 'report.filed'],
    ]);
  });

  it('stand alike in whatever order they came', () => {
    const any = fc.uniqueArray(fc.tuple(fc.constantFrom(...eventTypes), fc.integer({ min: 0, max: 3 }), fc.uuid()), {
      selector: ([, , id]) => id,
      maxLength: 40,
    });
    fc.assert(
      fc.property(any, (drawn) => {
        const events = drawn.map(([type, after, id]) => event(type, nine + after, id));
        expect([...events].reverse().sort(byTime)).toEqual([...events].sort(byTime));
      }),
    );
  });
});
