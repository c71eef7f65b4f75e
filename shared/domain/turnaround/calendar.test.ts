import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant, minutes, after as timeAfter } from '../../lib/instant.ts';
import { wallClock } from '../../lib/wall-clock.ts';
import { formatInZone } from '../../lib/zoned-time.ts';
import { type QuestionKind, questionKinds } from '../question/index.ts';
import { contractWords } from './contract-words.ts';
import {
  type Contract,
  calendarOf,
  clock,
  contractMoment,
  defaultContract,
  dueAt,
  type EventType,
  intervals,
  type OpenHours,
  type PauseRule,
  pausedSince,
  type ReadingEvent,
  termsOf,
  weekdays,
} from './index.ts';

const on = (text: string): Instant => instant(Date.parse(text));

function event(type: EventType, when: Instant, change: Partial<ReadingEvent> = {}): ReadingEvent {
  return {
    id: `${type}-${when}`,
    type,
    occurredAt: when,
    recordedAt: null,
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

const everyDay = [...weekdays];
const officeHours: OpenHours = {
  spans: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' }],
  holidays: ['2026-11-26'],
};
const byHours: Contract = {
  ...defaultContract,
  pauses: ['hold', 'question'],
  calendar: { stat: 'always', asap: 'hours', urgent: 'hours', unknown: 'hours', routine: 'hours' },
  dueByModality: { CT: { ...defaultContract.due, urgent: minutes(60) } },
};
const routineIn = (zone: string, hours = officeHours) =>
  termsOf(byHours, { priority: 'routine', modality: 'MR' }, calendarOf(hours, zone));

/** The night on which the clocks of most of the United States go back, at 02:00, and those of Arizona and Hawaii do not. */
const places = [
  { zone: 'America/Phoenix', day: 24, midnight: '2026-11-01T00:00:00-07:00', three: '2026-11-01 03:00:00 MST' },
  { zone: 'America/Chicago', day: 25, midnight: '2026-11-01T00:00:00-05:00', three: '2026-11-01 02:00:00 CST' },
  {
    zone: 'America/Indiana/Indianapolis',
    day: 25,
    midnight: '2026-11-01T00:00:00-04:00',
    three: '2026-11-01 02:00:00 EST',
  },
  { zone: 'Pacific/Honolulu', day: 24, midnight: '2026-11-01T00:00:00-10:00', three: '2026-11-01 03:00:00 HST' },
] as const;

describe('one night across the autumn change', () => {
  it.each(places)('$zone has a day of $day hours, and shows its own time with its zone', ({ zone, ...place }) => {
    const midnight = on(place.midnight);
    const whole = calendarOf({ spans: [{ days: everyDay, from: '00:00', to: '24:00' }], holidays: [] }, zone);
    const [span, ...more] = whole.between(midnight, timeAfter(midnight, minutes(place.day * 60)));
    expect(more).toEqual([]);
    expect(span).toEqual({ from: midnight, to: timeAfter(midnight, minutes(place.day * 60)) });
    expect(wallClock(zone).at(Date.UTC(2026, 10, 2))).toMatchObject({ first: span?.to, last: span?.to });
    expect(formatInZone(timeAfter(midnight, minutes(180)), zone)).toBe(place.three);
  });

  it.each(places)(
    'a CT at $zone that came at half past midnight and was read in 100 minutes took 100 minutes',
    (place) => {
      const images = timeAfter(on(place.midnight), minutes(30));
      const done = timeAfter(images, minutes(100));
      const night = [event('images.complete', images), event('report.final', done)];
      const stat = termsOf(byHours, { priority: 'stat', modality: 'CT' }, calendarOf(officeHours, place.zone));
      expect(clock(stat, night, done)).toMatchObject({ state: 'stopped', elapsed: minutes(100), confidence: 'high' });
      expect(dueAt(stat, night)).toBe(timeAfter(images, minutes(30)));
      const nightDesk = { spans: [{ days: everyDay, from: '22:00', to: '01:30' }], holidays: [] };
      // The desk closes at 01:30; where that comes twice it is open for both, and so 60 minutes longer.
      const counted = clock(routineIn(place.zone, nightDesk), night, done).elapsed;
      expect(counted).toBe(minutes(place.day === 25 ? 100 : 60));
    },
  );

  it('half past one is two instants in Chicago, one in Phoenix, and half past two in spring is read as half past three', () => {
    const half = Date.UTC(2026, 10, 1, 1, 30);
    expect(wallClock('America/Chicago').at(half)).toEqual({
      first: on('2026-11-01T01:30:00-05:00'),
      last: on('2026-11-01T01:30:00-06:00'),
    });
    const once = on('2026-11-01T01:30:00-07:00');
    expect(wallClock('America/Phoenix').at(half)).toEqual({ first: once, last: once });
    const leapt = on('2026-03-08T03:30:00-05:00');
    expect(wallClock('America/Chicago').at(Date.UTC(2026, 2, 8, 2, 30))).toEqual({ first: leapt, last: leapt });
  });
});

describe('a contract that counts open hours', () => {
  const friday = event('images.complete', on('2026-11-20T17:30:00-06:00'));

  it('lets a routine study of Friday evening wait for Monday, and a STAT not', () => {
    const shortly = { ...byHours, due: { ...byHours.due, routine: minutes(120) } };
    const exam = { modality: 'MR' };
    const calendar = calendarOf(officeHours, 'America/Chicago');
    expect(dueAt(termsOf(shortly, { ...exam, priority: 'routine' }, calendar), [friday])).toBe(
      on('2026-11-23T09:30:00-06:00'),
    );
    expect(dueAt(termsOf(shortly, { ...exam, priority: 'stat' }, calendar), [friday])).toBe(
      on('2026-11-20T18:00:00-06:00'),
    );
  });

  it('does not count a holiday, and keeps the span that began before midnight', () => {
    const hours = {
      spans: [{ days: everyDay, from: '20:00', to: '04:00' }],
      holidays: ['2026-11-26'],
    };
    const calendar = calendarOf(hours, 'America/Chicago');
    expect(calendar.between(on('2026-11-26T00:00:00-06:00'), on('2026-11-27T12:00:00-06:00'))).toEqual([
      { from: on('2026-11-26T00:00:00-06:00'), to: on('2026-11-26T04:00:00-06:00') },
    ]);
  });

  it('has times of its own for a modality, and unknown modalities have the common ones', () => {
    const exam = { priority: 'urgent' } as const;
    expect(termsOf(byHours, { ...exam, modality: 'CT' }, null).allowance).toBe(minutes(60));
    expect(termsOf(byHours, { ...exam, modality: 'constructor' }, null).allowance).toBe(minutes(120));
  });

  it('is looked up at the images, not at the order of a month before', () => {
    const order = event('order.placed', on('2026-10-01T00:00:00Z'));
    expect(contractMoment([order, friday], on('2027-01-01T00:00:00Z'))).toBe(friday.occurredAt);
    expect(contractMoment([order], on('2027-01-01T00:00:00Z'))).toBe(order.occurredAt);
    expect(contractMoment([], on('2027-01-01T00:00:00Z'))).toBe(on('2027-01-01T00:00:00Z'));
  });
});

describe('pauses', () => {
  const nine = on('2026-11-20T09:00:00-06:00');
  const at = (count: number) => timeAfter(nine, minutes(count));
  const pausing = termsOf(
    { ...byHours, calendar: defaultContract.calendar },
    { priority: 'stat', modality: 'MR' },
    null,
  );
  const start = event('images.complete', at(0));
  const ask = (minute: number, id: string) => event('order.query.opened', at(minute), { id });
  const answer = (minute: number, cause: string | null) =>
    event('order.query.answered', at(minute), { id: `a${minute}`, cause });

  it('that overlap are left out once', () => {
    const both = [start, event('task.held', at(5)), ask(8, 'q1'), event('task.resumed', at(12)), answer(20, 'q1')];
    expect(clock(pausing, both, at(30))).toMatchObject({ elapsed: minutes(15), paused: minutes(15) });
    expect(dueAt(pausing, both)).toBe(at(45));
  });

  it('end with the answer to their own question, in whatever order the answers come', () => {
    const asked = [start, ask(5, 'q1'), ask(10, 'q2'), answer(12, 'q2')];
    expect(clock(pausing, asked, at(30))).toMatchObject({ state: 'paused', elapsed: minutes(5) });
    expect(pausedSince(pausing, asked)).toBe(at(5));
    expect(clock(pausing, [...asked, answer(15, 'q1')], at(30))).toMatchObject({
      state: 'running',
      elapsed: minutes(20),
    });
    expect(clock(pausing, [...asked, answer(15, null)], at(30))).toMatchObject({
      state: 'running',
      elapsed: minutes(20),
    });
    expect(pausedSince(pausing, [...asked, answer(15, 'q1')])).toBeNull();
  });

  it('of a question are left out by its kind: what the contract does not name runs on', () => {
    const kinds = termsOf(
      { ...byHours, pauses: ['question.side'], calendar: defaultContract.calendar },
      { priority: 'stat', modality: 'MR' },
      null,
    );
    const of = (minute: number, id: string, questionKind: QuestionKind) => ({ ...ask(minute, id), questionKind });
    const asked = [start, of(5, 'q1', 'side'), of(10, 'q2', 'prior'), answer(15, 'q1'), answer(25, 'q2')];
    expect(clock(kinds, asked, at(30))).toMatchObject({ elapsed: minutes(20), paused: minutes(10) });
    expect(clock(pausing, asked, at(30))).toMatchObject({ elapsed: minutes(10), paused: minutes(20) });
    // Of what an older program asked nobody knows the kind.
    expect(clock(kinds, [start, ask(5, 'q1')], at(30))).toMatchObject({ state: 'running', paused: 0 });
  });

  it('for kinds of question never leave out more than for all of them, and leave out as much when each is named', () => {
    const moment = fc.integer({ min: 0, max: 120 });
    const question = fc.record({
      kind: fc.constantFrom(...questionKinds),
      from: moment,
      for: moment,
      answered: fc.boolean(),
    });
    const elapsedBy = (pauses: readonly PauseRule[], history: readonly ReadingEvent[]): number =>
      clock(
        termsOf({ ...byHours, pauses, calendar: defaultContract.calendar }, { priority: 'stat', modality: 'MR' }, null),
        history,
        at(300),
      ).elapsed ?? -1;
    fc.assert(
      fc.property(
        fc.array(question, { maxLength: 6 }),
        fc.subarray([...questionKinds]),
        fc.boolean(),
        (asked, named, hold) => {
          const history = [
            start,
            ...asked.flatMap((one, index) => [
              { ...ask(one.from, `q${index}`), questionKind: one.kind },
              ...(one.answered
                ? [event('order.query.answered', at(one.from + one.for), { id: `a${index}`, cause: `q${index}` })]
                : []),
            ]),
          ];
          const others: readonly PauseRule[] = hold ? ['hold'] : [];
          const rules: readonly PauseRule[] = [...others, ...named.map((kind): PauseRule => `question.${kind}`)];
          const some = elapsedBy(rules, history);
          expect(some).toBeGreaterThanOrEqual(elapsedBy(['question', ...others], history));
          expect(some).toBeLessThanOrEqual(elapsedBy(others, history));
          // Of the kinds that are named it is exactly as if nothing else had been asked.
          const only = history.filter(
            (one, index) =>
              index === 0 ||
              one.type === 'order.query.answered' ||
              named.some((kind) => 'questionKind' in one && one.questionKind === kind),
          );
          const kept = new Set(only.map((one) => one.id));
          expect(some).toBe(
            elapsedBy(
              ['question', ...others],
              only.filter((one) => one.cause === null || kept.has(one.cause)),
            ),
          );
          expect(elapsedBy([...others, ...questionKinds.map((kind): PauseRule => `question.${kind}`)], history)).toBe(
            elapsedBy(['question', ...others], history),
          );
        },
      ),
    );
  });

  it('that began after the report was due forgive nothing', () => {
    const late = [start, event('task.held', at(40)), event('task.resumed', at(90))];
    expect(dueAt(pausing, late)).toBe(at(30));
  });

  it('of a hold end when its reader loses or gives back the case', () => {
    for (const type of ['task.released', 'task.lease.lapsed', 'task.reassigned'] as const) {
      const given = [start, event('task.held', at(5)), event(type, at(10))];
      expect(clock(pausing, given, at(20))).toMatchObject({ state: 'running', elapsed: minutes(15) });
    }
  });

  it('are left out of the intervals of the reading, and never of a critical result', () => {
    const history = [
      start,
      ask(5, 'q1'),
      event('crit.identified', at(6), { id: 'c1' }),
      answer(15, 'q1'),
      event('crit.closed', at(26), { cause: 'c1' }),
      event('report.final', at(30)),
    ];
    const found = Object.fromEntries(intervals(history, pausing).map((one) => [one.name, one.milliseconds]));
    expect(found).toMatchObject({ RTAT: minutes(20), CTAT: minutes(20), T_crit: minutes(20) });
    expect(intervals(history).find(({ name }) => name === 'RTAT')?.milliseconds).toBe(minutes(30));
  });
});

describe('the rest of the table', () => {
  const nine = on('2026-11-20T09:00:00-06:00');
  const at = (count: number) => timeAfter(nine, minutes(count));

  it('priors, active reading, last words, critical results and discrepancies', () => {
    const history = [
      event('priors.requested', at(0)),
      event('priors.none', at(4)),
      event('images.complete', at(1)),
      event('read.opened', at(10)),
      event('read.suspended', at(14)),
      event('read.resumed', at(30)),
      event('dictation.ended', at(38)),
      event('report.draftSaved', at(31)),
      event('report.final', at(40)),
      event('read.opened', at(60)),
      event('crit.identified', at(35), { id: 'c1' }),
      event('crit.identified', at(36), { id: 'c2' }),
      event('crit.closed', at(45), { cause: 'c2' }),
      event('discrepancy.found', at(70)),
      event('discrepancy.notified', at(75)),
    ];
    const found = intervals(history).map(({ name, milliseconds }) => [
      name,
      milliseconds === null ? null : milliseconds / 60_000,
    ]);
    expect(found).toEqual([
      ['T_prior', 4],
      ['RTAT', 39],
      ['RTAT-prelim', 39],
      ['T_sign', 2],
      ['T_read_active', 14],
      ['T_crit', null],
      ['T_crit', 9],
      ['T_discrepancy', 5],
    ]);
  });

  it('a contract that ends with filing ends with the first report that was filed, not with an addendum', () => {
    const report = (version: number) => ({
      subject: { ...event('order.placed', nine).subject, report: { id: 'r', version } },
    });
    const filing = termsOf({ ...defaultContract, stop: 'filed' }, { priority: 'stat', modality: '' }, null);
    const history = [
      event('images.complete', at(0)),
      event('report.final', at(10), report(1)),
      event('report.accepted', at(11), report(1)),
      event('report.addended', at(20), report(2)),
      event('report.filed', at(21), report(2)),
    ];
    expect(clock(filing, history, at(30)).state).toBe('running');
    expect(clock(filing, [...history, event('report.filed', at(25), report(1))], at(30))).toMatchObject({
      state: 'stopped',
      elapsed: minutes(25),
    });
    // The record read back at once; the contract waits for the site's own system.
    const byHl7 = { ...filing, contract: { ...filing.contract, by: 'hl7' as const } };
    const told = [...history, event('report.filed', at(12), { ...report(1), channel: 'record' })];
    expect(clock(byHl7, told, at(30)).state).toBe('running');
    const site = event('report.filed', at(26), { ...report(1), channel: 'hl7' });
    expect(clock(byHl7, [...told, site], at(30))).toMatchObject({ state: 'stopped', elapsed: minutes(26) });
    expect(contractWords(byHl7, { priority: 'stat', modality: 'CT' }, null, 'UTC')).toContain(
      'It stops for good when the first report is filed at the site’s own system (HL7): its application says so, and a commit is not enough.',
    );
    const accepting = { ...filing, contract: { ...filing.contract, stop: 'accepted' as const } };
    expect(clock(accepting, history, at(30)).elapsed).toBe(minutes(11));
  });
});

const anyHours: fc.Arbitrary<OpenHours> = fc.record({
  spans: fc.array(
    fc.record({
      days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
      // The two hours that come twice or not at all are spoken of above.
      from: fc.integer({ min: 3, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:00`),
      to: fc.integer({ min: 3, max: 24 }).map((hour) => `${String(hour).padStart(2, '0')}:00`),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  holidays: fc.array(fc.constantFrom('2026-03-08', '2026-11-01', '2026-11-02'), { maxLength: 2 }),
});
const anyZone = fc.constantFrom(...places.map(({ zone }) => zone), 'America/St_Johns', 'Australia/Lord_Howe');
const around = fc.constantFrom('2026-03-08T12:00:00Z', '2026-11-01T12:00:00Z', '2026-04-05T00:00:00Z').map(on);

/** Whether a wall clock that shows this is within the hours: said once more, minute by minute and without any arithmetic on time. */
function isOpen(hours: OpenHours, shown: string): boolean {
  const [date, time] = [shown.slice(0, 10), shown.slice(11, 16)];
  const before = new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const opens = (day: string) => (span: OpenHours['spans'][number]) =>
    !hours.holidays.includes(day) && span.days.includes(weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? 'sun');
  return (
    hours.spans.filter(opens(date)).some(({ from, to }) => time >= from && (to <= from || time < to)) ||
    hours.spans.filter(opens(before)).some(({ from, to }) => to <= from && time < to)
  );
}

describe('for any hours, zone and change of clocks', () => {
  it('the open time is the minutes at which the wall clock is within the hours', () => {
    fc.assert(
      fc.property(anyHours, anyZone, around, fc.integer({ min: -3_000, max: 3_000 }), (hours, zone, middle, shift) => {
        const from = timeAfter(middle, minutes(shift));
        const to = timeAfter(from, minutes(26 * 60));
        let open = 0;
        for (let at: number = from; at < to; at += 60_000) if (isOpen(hours, formatInZone(instant(at), zone))) open++;
        const spans = calendarOf(hours, zone).between(from, to);
        expect(spans.reduce((sum, one) => sum + (one.to - one.from), 0) / 60_000).toBe(open);
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it('what is due has used up exactly what was allowed, pauses or not, and not a moment before', () => {
    const history = fc
      .array(
        fc.tuple(
          fc.constantFrom<EventType>('task.held', 'task.resumed', 'order.query.opened', 'order.query.answered'),
          fc.integer({ min: -60, max: 6_000 }),
        ),
        { maxLength: 8 },
      )
      .map((all) => all.map(([type, minute], at) => ({ type, minute, id: `e${at}` })));
    fc.assert(
      fc.property(anyHours, anyZone, around, history, fc.boolean(), (hours, zone, start, steps, inHours) => {
        const terms = termsOf(
          byHours,
          { priority: inHours ? 'urgent' : 'stat', modality: 'MR' },
          calendarOf(hours, zone),
        );
        const events = [
          event('images.complete', start),
          ...steps.map(({ type, minute, id }) => event(type, timeAfter(start, minutes(minute)), { id })),
          // Whatever is open ends far beyond, so that the pause is known.
          event('task.resumed', timeAfter(start, minutes(9_000)), { id: 'end' }),
          ...steps.map(({ id }) => event('order.query.answered', timeAfter(start, minutes(9_000)), { id: `z${id}` })),
        ];
        const due = dueAt(terms, events);
        expect(due).not.toBeNull();
        if (due === null) return;
        expect(due).toBeGreaterThan(start);
        expect(clock(terms, events, due).elapsed).toBe(terms.allowance);
        expect(clock(terms, events, timeAfter(due, minutes(-1))).elapsed).toBeLessThan(terms.allowance);
      }),
      { numRuns: 200 },
    );
  });

  it('a computer that is two days wrong changes no figure that was measured, and is doubted', () => {
    const nine = on('2026-11-20T09:00:00Z');
    const steps = ['images.complete', 'task.claimed', 'read.opened', 'report.final'] as const;
    const wrong = fc.integer({ min: -48 * 60, max: 48 * 60 }).map(minutes);
    fc.assert(
      fc.property(
        wrong,
        fc.constantFrom('host', 'desktop'),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        (skew, source, by) => {
          const right = steps.map((type, at) => event(type, timeAfter(nine, minutes(at * 10)), { id: type }));
          const skewed = right.map((one, at) =>
            by[at] === true
              ? {
                  ...one,
                  occurredAt: instant(one.occurredAt + skew),
                  clock: { source, skew, confidence: 'high' as const },
                }
              : one,
          );
          const terms = termsOf(defaultContract, { priority: 'stat', modality: 'CT' }, null);
          const figures = (events: readonly ReadingEvent[]) =>
            intervals(events, terms).map((one) => [one.name, one.milliseconds]);
          expect(figures(skewed)).toEqual(figures(right));
          expect(dueAt(terms, skewed)).toBe(dueAt(terms, right));
          const off = Math.abs(skew) > 30_000 && (by[0] === true || by[3] === true);
          expect(clock(terms, skewed, nine).confidence).toBe(off ? 'low' : 'high');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('one that is ahead and was never measured is held at the time at which the record took its word', () => {
    const nine = on('2026-11-20T09:00:00Z');
    const ahead = event('report.final', timeAfter(nine, minutes(48 * 60)), {
      recordedAt: timeAfter(nine, minutes(20)),
      clock: { source: 'desktop', skew: null, confidence: 'high' },
    });
    const found = clock(
      termsOf(defaultContract, { priority: 'stat', modality: 'CT' }, null),
      [event('images.complete', nine), ahead],
      nine,
    );
    expect(found).toMatchObject({ elapsed: minutes(20), confidence: 'low' });
  });
});
