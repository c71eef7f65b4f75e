import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, millis } from '../../lib/instant.ts';
import type { ReportVersion } from '../report/index.ts';
import {
  type FollowUp,
  type FollowUpMove,
  type FollowUpReading,
  type FollowUpStamp,
  followReport,
  isFollowedBy,
  stepFollowUp,
  windowOfFollowUp,
} from './follow-up.ts';
import { toldByReport } from './in-report.ts';
import { addDays, addSpan, type Interval, intervalUnits, isDay, isSoundInterval, windowOf } from './interval.ts';
import { mayBeFollowUp } from './matching.ts';
import { byUrgency, dayInZone, remindersDue, standingOfFollowUp } from './standing.ts';

const nine = instant(Date.UTC(2026, 10, 30, 9));
const reader = { id: 'reader-1', name: 'Dr M. Tandewright' };
const desk = { id: 'desk-1', name: 'R. Ostler' };
const inSixMonths: Interval = { earliest: { count: 6, unit: 'month' }, latest: { count: 6, unit: 'month' } };
const reading: FollowUpReading = {
  modalities: ['CT'],
  bodyPart: 'chest',
  exam: 'CT chest',
  interval: inSixMonths,
  condition: '',
};
const stamp = (id: string): FollowUpStamp => ({ id, by: reader, at: nine, recordedAt: nine });
const confirmed: FollowUp = {
  id: 'follow-up-1',
  taskId: 'task-1',
  orderId: 'order-1',
  siteId: 'larkspur',
  patientReference: 'patient-1',
  section: '19005-8',
  quote: 'Recommend CT chest in 6 months',
  origin: 'recognised',
  countedFrom: '2026-11-30',
  readings: [{ ...stamp('press-1'), reading }],
  basis: null,
  handOvers: [],
  notThese: [],
  ending: null,
  reopened: [],
};
const basis = { reportId: 'report-1', version: 1, digest: 'd1', signedAt: nine };
const signed: FollowUp = { ...confirmed, basis };
const said = (id: string, by = reader) => ({ id, by, ago: millis(0) });
const chestCt = { taskId: 'task-2', orderId: null, accession: 'A2', exam: 'CT chest', day: '2027-05-28' };

function stepped(followUp: FollowUp, move: FollowUpMove, now = nine): FollowUp {
  const result = stepFollowUp(followUp, move, now);
  if (!result.ok) throw new Error(result.error.words);
  return result.value;
}

const version = (number: number, kind: ReportVersion['kind'], text: string, signer = reader): ReportVersion =>
  ({
    version: number,
    kind,
    state: kind === 'withdrawal' ? 'entered-in-error' : 'final',
    digest: `d${number}`,
    content: { reportId: 'report-1', signedAt: nine, signer, sections: [{ code: '19005-8', title: '', text }] },
    releasedAt: nine,
    returned: null,
  }) as unknown as ReportVersion;

describe('a recommended exam', () => {
  it('is counted by the calendar from the day of the exam that recommends it', () => {
    expect(windowOfFollowUp(signed)).toEqual({ earliest: '2027-05-30', latest: '2027-05-30' });
    expect(addSpan('2026-08-31', { count: 6, unit: 'month' })).toBe('2027-02-28');
    expect(addSpan('2024-02-29', { count: 1, unit: 'year' })).toBe('2025-02-28');
    expect(windowOf('2026-11-30', { earliest: null, latest: { count: 1, unit: 'week' } })).toEqual({
      earliest: '2026-11-30',
      latest: '2026-12-07',
    });
  });

  it('is open, due soon a month before its day, and overdue the day after it', () => {
    const states = ['2026-12-01', '2027-04-29', '2027-04-30', '2027-05-30', '2027-05-31'].map(
      (today) => standingOfFollowUp(signed, today).state,
    );
    expect(states).toEqual(['waiting', 'waiting', 'due-soon', 'due-soon', 'overdue']);
    expect(remindersDue(signed, '2027-04-29')).toEqual([]);
    expect(remindersDue(signed, '2027-05-01').map((one) => [one.kind, one.day])).toEqual([['reminded', '2027-04-30']]);
    expect(remindersDue(signed, '2027-06-01').map((one) => one.kind)).toEqual(['reminded', 'overdue']);
  });

  it('is never overdue where its words set a condition or no time, or where nobody has signed them', () => {
    const of = (change: Partial<FollowUpReading>): FollowUp => ({
      ...signed,
      readings: [{ ...stamp('press-1'), reading: { ...reading, ...change } }],
    });
    expect(standingOfFollowUp(of({ condition: 'if symptoms persist' }), '2030-01-01').state).toBe('conditional');
    expect(standingOfFollowUp(of({ interval: null }), '2030-01-01').state).toBe('no-time');
    expect(standingOfFollowUp(confirmed, '2030-01-01').state).toBe('not-signed');
  });

  it('is done by an exam that a person confirms, and open again where that was wrong', () => {
    const done = stepped(signed, { ...said('press-2', desk), kind: 'done', how: 'confirmed', exam: chestCt });
    expect(standingOfFollowUp(done, '2027-06-30').state).toBe('done');
    const other = stepFollowUp(
      done,
      { ...said('press-3'), kind: 'close', reason: 'declined', words: 'By phone.' },
      nine,
    );
    expect(other.ok ? '' : other.error.code).toBe('ended-already');
    const again = stepped(done, { ...said('press-4'), kind: 'reopen', words: 'It was another patient’s exam.' });
    expect([standingOfFollowUp(again, '2027-06-30').state, again.reopened[0]?.ending.kind]).toEqual([
      'overdue',
      'done',
    ]);
  });

  it('is not done by the exam that recommends it, nor before anybody has signed it', () => {
    const own = stepFollowUp(
      signed,
      { ...said('p'), kind: 'done', how: 'confirmed', exam: { ...chestCt, taskId: 'task-1' } },
      nine,
    );
    const early = stepFollowUp(confirmed, { ...said('p'), kind: 'done', how: 'confirmed', exam: chestCt }, nine);
    expect([own.ok, early.ok]).toEqual([false, false]);
  });

  it('is closed with a reason and words, and handed on to somebody with a name or a role', () => {
    const refused = (move: FollowUpMove): string => {
      const result = stepFollowUp(signed, move, nine);
      return result.ok ? 'taken' : result.error.code;
    };
    expect(refused({ ...said('p'), kind: 'close', reason: 'elsewhere', words: ' ' })).toBe('lacking');
    const nobody = { name: '', role: ' ', phone: '' };
    expect(refused({ ...said('p'), kind: 'hand-over', to: nobody, words: '' })).toBe('lacking');
    const to = { name: 'N. Cardell', role: 'lung nodule nurse', phone: '555-0100' };
    const handed = stepped(signed, { ...said('p'), kind: 'hand-over', to, words: 'Agreed by phone.' });
    expect(handed.handOvers.map((one) => [one.to.name, one.by.name, one.at])).toEqual([
      ['N. Cardell', reader.name, nine],
    ]);
  });
});

describe('what a version of the report does to it', () => {
  const follow = (followUp: FollowUp, versions: readonly ReportVersion[]): FollowUp => {
    const told = toldByReport(followUp, versions);
    return told === null ? followUp : (followReport(followUp, told, stamp('host')) ?? followUp);
  };
  const first = version(1, 'final', 'Nodule.\nRecommend CT  chest in 6 months.');

  it('a signed version that says it begins it, an addendum leaves it, a correction that says it moves it on', () => {
    const begun = follow(confirmed, [first]);
    expect(begun.basis?.digest).toBe('d1');
    const added = follow(begun, [first, version(2, 'addendum', 'Discussed with the orderer.')]);
    expect(added.basis?.digest).toBe('d1');
    const corrected = follow(begun, [first, version(2, 'correction', 'Recommend CT chest in 6 months.')]);
    expect([corrected.basis?.digest, corrected.ending]).toEqual(['d2', null]);
  });

  it('is followed by who confirmed it, and by who signed words that another confirmed', () => {
    const supervisor = { id: 'reader-2', name: 'Dr R. Okonjo' };
    const text = 'Recommend CT chest in 6 months.';
    const hers = follow(confirmed, [version(1, 'final', text, supervisor)]);
    expect(hers.basis?.signer).toEqual(supervisor);
    const followedBy = (one: FollowUp) => [reader, supervisor, desk].map(({ id }) => isFollowedBy(one, id));
    expect(followedBy(confirmed)).toEqual([true, false, false]);
    expect(followedBy(hers)).toEqual([true, true, false]);
    const own = follow(confirmed, [version(1, 'final', text)]);
    expect([own.basis?.signer, followedBy(own)]).toEqual([undefined, [true, false, false]]);
  });

  it('a correction that leaves it out ends it, and one that says it again opens it', () => {
    const begun = follow(confirmed, [first]);
    const without = version(2, 'correction', 'No nodule.');
    const ended = follow(begun, [first, without]);
    expect(ended.ending).toMatchObject({ kind: 'not-said', version: 2 });
    const again = follow(ended, [first, without, version(3, 'correction', 'Recommend CT chest in 6 months.')]);
    expect([again.ending, again.basis?.version]).toEqual([null, 3]);
  });

  it('a withdrawal ends it for good', () => {
    const begun = follow(confirmed, [first]);
    const gone = follow(begun, [first, version(2, 'withdrawal', '')]);
    expect(gone.ending?.kind).toBe('withdrawn');
    const reopened = stepFollowUp(gone, { ...said('p'), kind: 'reopen', words: 'No.' }, nine);
    expect(reopened.ok).toBe(false);
  });

  it('a version that never said it, was given back or is not released does nothing', () => {
    const other = version(1, 'final', 'Nothing of note.');
    expect(follow(confirmed, [other])).toBe(confirmed);
    expect(follow(confirmed, [{ ...first, returned: 'claim lost' }])).toBe(confirmed);
    expect(follow(confirmed, [{ ...first, state: 'signed-not-released' }])).toBe(confirmed);
  });
});

describe('an exam that may be the recommended one', () => {
  const exam = { ...chestCt, modalities: ['CT'], bodyPart: 'CHEST' };
  it.each([
    ['the same kind and part, later', exam, true],
    ['ordered and not made yet', { ...exam, day: null }, true],
    ['another kind', { ...exam, modalities: ['DX'] }, false],
    ['another part', { ...exam, exam: 'CT head', bodyPart: 'HEAD' }, false],
    ['earlier than the recommendation', { ...exam, day: '2026-11-01' }, false],
    ['of the same day', { ...exam, day: '2026-11-30' }, false],
    ['the recommending one', { ...exam, taskId: 'task-1' }, false],
    ['with the part in its words alone', { ...exam, bodyPart: null }, true],
  ])('%s', (_, candidate, may) => {
    expect(mayBeFollowUp(signed, candidate)).toBe(may);
  });

  it('is suggested no more once somebody has said that it is not it', () => {
    const not = stepped(signed, { ...said('p', desk), kind: 'not-this', taskId: 'task-2' });
    expect(mayBeFollowUp(not, exam)).toBe(false);
  });
});

describe('for any time and any moves', () => {
  const days = fc.integer({ min: 0, max: 40_000 }).map((count) => addDays('1990-01-01', count));
  const spans = fc.record({ count: fc.integer({ min: 1, max: 400 }), unit: fc.constantFrom(...intervalUnits) });
  const intervals = fc
    .record({ earliest: fc.option(spans), latest: spans })
    .filter((one): one is Interval => isSoundInterval(one));

  it('a window is of real days, its first not after its last, and not before the exam', () => {
    fc.assert(
      fc.property(days, intervals, (day, interval) => {
        const { earliest, latest } = windowOf(day, interval);
        return isDay(earliest) && isDay(latest) && day <= earliest && earliest <= latest && day < latest;
      }),
    );
  });

  it('time takes it one way only: open, due soon, overdue; and a reminder comes before it is overdue', () => {
    const order = ['waiting', 'due-soon', 'overdue'];
    fc.assert(
      fc.property(
        days,
        intervals,
        fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 20 }),
        (day, interval, steps) => {
          const one: FollowUp = {
            ...signed,
            countedFrom: day,
            readings: [{ ...stamp('press-1'), reading: { ...reading, interval } }],
          };
          const { remindFrom, window } = standingOfFollowUp(one, day);
          const states = steps
            .sort((a, b) => a - b)
            .map((step) => order.indexOf(standingOfFollowUp(one, addDays(day, step)).state));
          return (
            (remindFrom ?? '') < (window?.latest ?? '') &&
            states.every((state, at) => state >= 0 && state >= (states[at - 1] ?? 0))
          );
        },
      ),
    );
  });

  it('a repeated press changes nothing, an ended one stays ended but by reopening, and no reading is lost', () => {
    const kinds = fc.constantFrom('correct', 'hand-over', 'done', 'close', 'not-this', 'reopen', 'mistaken');
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.integer({ min: 1, max: 8 })), { maxLength: 30 }), (presses) => {
        let one = signed;
        for (const [kind, number] of presses) {
          const base = { ...said(`${kind}-${number}`), words: 'So said.' };
          const move = {
            correct: { ...base, kind: 'correct', reading: { ...reading, exam: `CT chest ${number}` } },
            'hand-over': { ...base, kind: 'hand-over', to: { name: 'N. Cardell', role: '', phone: '' } },
            done: { ...base, kind: 'done', how: 'confirmed', exam: { ...chestCt, taskId: `task-${number + 1}` } },
            close: { ...base, kind: 'close', reason: 'declined' },
            'not-this': { ...base, kind: 'not-this', taskId: `task-${number + 1}` },
            reopen: { ...base, kind: 'reopen' },
            mistaken: { ...base, kind: 'mistaken' },
          }[kind] as FollowUpMove;
          const before = one;
          const result = stepFollowUp(before, move, nine);
          if (!result.ok) continue;
          one = result.value;
          expect(stepFollowUp(one, move, nine)).toEqual({ ok: true, value: one });
          if (before.ending !== null && one.ending === null) expect(kind).toBe('reopen');
          expect(one.readings.slice(0, before.readings.length)).toEqual(before.readings);
        }
      }),
    );
  });

  it('the list puts what is overdue before what is due soon, and what is done last', () => {
    const of = (id: string, latest: number, more: Partial<FollowUp> = {}): FollowUp => ({
      ...signed,
      id,
      readings: [
        {
          ...stamp('press-1'),
          reading: { ...reading, interval: { earliest: null, latest: { count: latest, unit: 'day' } } },
        },
      ],
      ...more,
    });
    const done = { kind: 'done', ...stamp('d'), how: 'confirmed', exam: chestCt } as const;
    const list = [of('done', 5, { ending: done }), of('open', 300), of('late', 5), of('later', 2), of('soon', 12)];
    expect([...list].sort(byUrgency('2026-12-10')).map((one) => one.id)).toEqual([
      'later',
      'late',
      'soon',
      'open',
      'done',
    ]);
  });

  it('the day is the day at the place of the exam', () => {
    expect(dayInZone(instant(Date.UTC(2026, 10, 30, 3)), 'America/Los_Angeles')).toBe('2026-11-29');
  });
});
