import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, millis } from '../../lib/instant.ts';
import { questionKinds } from '../question/index.ts';
import { clockSources, eventTypes, type ReadingEvent } from './event.ts';
import { packEvents, unpackEvents } from './packed-events.ts';
import { packedTypes } from './packed-types.ts';
import { type KeptEvent, keptEvent, replacesCopy, soundEvent } from './sound-event.ts';

const hex = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((all) => all.join(''));
const word = fc.oneof(
  fc.constantFrom('Overread', 'site interface', 'archive', 'Dr Ottoline Quillfeather', ''),
  fc.string({ unit: 'binary', maxLength: 40 }),
  // Halves of surrogate pairs: a site may send anything.
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 12 }),
  hex(40).map((digits) => `ev-${digits}`),
  fc.uuid(),
  fc.constantFrom('1.2.840.113619.2.55.3', '2.25.329800735698586629295641978511506172918', '20261129.', '.0.0.0'),
);
const time = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
  fc.constantFrom(0, -0, -1, 8.64e15, -8.64e15, 1_764_000_000_000.5),
);
const optional = fc.option(word, { nil: null });
const soundEvents: fc.Arbitrary<ReadingEvent> = fc
  .record({
    id: word.filter((one) => one !== ''),
    type: fc.constantFrom(...eventTypes),
    occurredAt: time.map(instant),
    recordedAt: fc.option(time.map(instant), { nil: null }),
    clock: fc.record({
      source: fc.constantFrom(...clockSources),
      skew: fc.option(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map(millis), {
        nil: null,
      }),
      confidence: fc.constantFrom('high' as const, 'low' as const),
    }),
    actor: fc.oneof(
      fc.record({ kind: fc.constant('person' as const), id: word, name: word }),
      fc.record({ kind: fc.constant('device' as const), name: word }),
    ),
    subject: fc.record({
      taskId: fc.constant('task-1'),
      orderId: optional,
      accession: optional,
      studyUid: optional,
      report: fc.option(fc.record({ id: word, version: fc.oneof(fc.nat(3), fc.maxSafeInteger()) }), { nil: null }),
    }),
    site: optional,
    detail: word,
    cause: optional,
    channel: optional,
  })
  .chain((event) =>
    fc
      .option(fc.constantFrom(...questionKinds), { nil: undefined })
      .map((questionKind) => (questionKind === undefined ? event : { ...event, questionKind })),
  );
const kept: fc.Arbitrary<KeptEvent> = fc.oneof(
  { weight: 9, arbitrary: soundEvents.map((event) => ({ sound: true as const, event })) },
  { weight: 1, arbitrary: fc.record({ sound: fc.constant(false as const), id: word, json: word }) },
);

/** A study's usual day at one of our sites. */
function usualDay(): readonly KeptEvent[] {
  const types = eventTypes.filter((type) => /^(order|exam|images|task|read|report)\./.test(type)).slice(0, 20);
  const at = Date.parse('2026-11-29T02:00:00Z');
  return types.map((type, index) => ({
    sound: true,
    event: {
      id: `ev-${(index + 17).toString(16).padStart(40, '5')}`,
      type,
      occurredAt: instant(at + index * 97_000),
      recordedAt: instant(at + index * 97_000 + 2_300),
      clock: { source: 'host', skew: millis(12), confidence: 'high' },
      actor:
        index % 3 === 0
          ? { kind: 'person', id: 'dr-quillfeather', name: 'Dr Ottoline Quillfeather' }
          : { kind: 'device', name: 'Overread' },
      subject: {
        taskId: 'task-1',
        orderId: `order-${'7'.repeat(20)}`,
        accession: 'NFH20261129001',
        studyUid: '2.25.329800735698586629295641978511506172918',
        report: type.startsWith('report.') ? { id: `report-${'c'.repeat(40)}`, version: 1 } : null,
      },
      site: 'northfield',
      detail: index % 4 === 0 ? `rule count: ${index} of 120` : '',
      cause: null,
      channel: type === 'report.sent' ? 'record' : null,
    },
  }));
}

describe('events in few bytes', () => {
  it('come back as they were, whatever they say', () => {
    fc.assert(
      fc.property(fc.array(kept, { maxLength: 30 }), (events) => {
        expect(unpackEvents(packEvents(events), 'task-1')).toEqual({ ok: true, value: events });
        const usual = (type: string): string => `usual-${type}`;
        const half = events.map((one, index) =>
          one.sound && index % 2 === 0 ? { ...one, event: { ...one.event, id: usual(one.event.type) } } : one,
        );
        expect(unpackEvents(packEvents(half, usual), 'task-1', usual)).toEqual({ ok: true, value: half });
      }),
    );
  });

  it('take some sixty bytes each on a usual day', () => {
    const day = usualDay();
    expect(packEvents(day).length / day.length).toBeLessThan(60);
    expect(unpackEvents(packEvents(day), 'task-1')).toEqual({ ok: true, value: day });
  });

  it('that were altered or cut short are refused or read as something else, and never stop who reads them', () => {
    const whole = packEvents(usualDay());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(whole.length), (bytes, place) => {
        unpackEvents(bytes, 'task-1');
        const altered = whole.slice();
        altered.set(bytes.slice(0, altered.length - place), place);
        unpackEvents(altered, 'task-1');
        const cut = unpackEvents(whole.slice(0, place), 'task-1');
        if (cut.ok) expect(cut.value).toEqual(usualDay().slice(0, cut.value.length));
      }),
    );
    expect(unpackEvents(new Uint8Array([2]), 'task-1')).toEqual({ ok: false, error: 'altered' });
  });

  it('have types whose numbers lie on the disks of hosts and never move; a type without a number is written out', () => {
    expect(new Set(packedTypes).size).toBe(packedTypes.length);
    expect([packedTypes[0], packedTypes[16], packedTypes[37], packedTypes[70]]).toEqual([
      'order.placed',
      'task.claimed',
      'report.prelim',
      'site.report',
    ]);
  });
});

describe('an event from a journal', () => {
  const whole = usualDay()[3];
  if (whole?.sound !== true) throw new Error('the day is empty');
  const { event } = whole;

  it('of a program that knew no causes is read as one without', () => {
    const { cause: _later, ...earlier } = event;
    expect(soundEvent(JSON.parse(JSON.stringify(earlier)))).toEqual(event);
  });

  it('with a time that is none, or of a type that nobody knows, is kept as it came', () => {
    for (const odd of [
      { ...event, occurredAt: Number.NaN },
      { ...event, occurredAt: 9e15 },
      { ...event, type: 'task.teleported' },
      { ...event, clock: null },
      { ...event, subject: { ...event.subject, report: 'final' } },
    ]) {
      const found = keptEvent(JSON.parse(JSON.stringify(odd)));
      expect(found).toEqual({
        taskId: 'task-1',
        kept: { sound: false, id: event.id, json: JSON.stringify(odd) },
      });
      if (found !== null)
        expect(unpackEvents(packEvents([found.kept]), 'task-1')).toEqual({ ok: true, value: [found.kept] });
    }
  });

  it('never stops who reads it, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (anything, part) => {
        keptEvent(anything);
        const sound = soundEvent({ ...event, clock: anything, subject: part });
        if (sound !== null) packEvents([{ sound: true, event: sound }]);
      }),
    );
  });

  it('gives way to the copy that the record took, and that one to none', () => {
    const taken: KeptEvent = { sound: true, event };
    const waiting: KeptEvent = { sound: true, event: { ...event, recordedAt: null } };
    expect(replacesCopy(undefined, waiting)).toBe(true);
    expect(replacesCopy(waiting, taken)).toBe(true);
    expect(replacesCopy(taken, waiting)).toBe(false);
    expect(replacesCopy(taken, { sound: true, event: { ...event, detail: 'another' } })).toBe(false);
  });
});
