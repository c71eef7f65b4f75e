import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, minutes, after as timeAfter } from '../../lib/instant.ts';
import { type Fit, fitOf, noFit, patientKey } from './fit.ts';
import { compareRank, explainRank, type Ranked } from './rank.ts';

const now = instant(Date.UTC(2026, 10, 22, 9));
const calm: Ranked = {
  taskId: 'task',
  priority: 'routine',
  dueAt: timeAfter(now, minutes(600)),
  state: 'queued',
  clockStartedAt: now,
  accession: null,
};
const row = (taskId: string, change: Partial<Ranked>): Ranked => ({ ...calm, taskId, ...change });
const best: Fit = { samePatient: true, subspecialty: 'match' };

const times = fc.option(
  fc.integer({ min: -80, max: 80 }).map((count) => timeAfter(now, minutes(count))),
  { nil: null },
);
const anyRow: fc.Arbitrary<Ranked> = fc.record({
  taskId: fc.constantFrom('t1', 't2', 't3', 't4'),
  priority: fc.constantFrom('stat', 'asap', 'urgent', 'routine', 'unknown'),
  codeStudy: fc.constantFrom(undefined, undefined, 'stroke'),
  dueAt: times,
  state: fc.constantFrom('queued', 'claimed', 'reading', 'held', 'completed', 'cancelled'),
  clockStartedAt: times,
  accession: fc.constantFrom('A', 'B', null),
});
/** A fit that hangs on the row alone, as in the list. */
const fitFor = (one: Ranked): Fit => ({
  samePatient: one.accession === 'A',
  subspecialty: one.taskId === 't1' ? 'match' : one.taskId === 't2' ? 'other' : 'neutral',
});

describe('what to read next', () => {
  it('is by clinical priority, then risk of breach, then what is due soonest; finished work is last', () => {
    const sorted = [
      row('code stroke, ordered routine', { codeStudy: 'stroke', dueAt: timeAfter(now, minutes(900)) }),
      row('stat, late', { priority: 'stat', dueAt: timeAfter(now, minutes(-5)) }),
      row('stat', { priority: 'stat', dueAt: timeAfter(now, minutes(25)) }),
      row('stat without clock', { priority: 'stat', dueAt: null }),
      row('asap, due tomorrow', { priority: 'asap', dueAt: timeAfter(now, minutes(900)) }),
      row('urgent soon', { priority: 'urgent', dueAt: timeAfter(now, minutes(10)) }),
      row('unknown', { priority: 'unknown', dueAt: timeAfter(now, minutes(100)) }),
      row('unknown, no clock', { priority: 'unknown', dueAt: null }),
      row('routine, an hour late', { dueAt: timeAfter(now, minutes(-60)) }),
      row('routine', {}),
      row('routine, no clock', { dueAt: null }),
      row('done', { state: 'completed', priority: 'stat', dueAt: timeAfter(now, minutes(-90)) }),
      row('cancelled', { state: 'cancelled', dueAt: timeAfter(now, minutes(-60)) }),
    ];
    const byName = [...sorted].sort((left, right) => (left.taskId < right.taskId ? -1 : 1));
    expect(byName.sort((left, right) => compareRank(left, right, now)).map(({ taskId }) => taskId)).toEqual(
      sorted.map(({ taskId }) => taskId),
    );
  });

  it('never lets the clock of a routine study pass a STAT one, however late it is', () => {
    fc.assert(
      fc.property(times, times, (routineDue, statDue) => {
        const routine = row('routine', { dueAt: routineDue });
        const stat = row('stat', { priority: 'stat', dueAt: statDue });
        expect(compareRank(stat, routine, now, (one) => (one === routine ? best : noFit))).toBeLessThan(0);
      }),
    );
  });

  it('ranks an unknown priority as urgent: above routine, below ASAP, and by its clock among the urgent', () => {
    fc.assert(
      fc.property(times, times, (oneDue, otherDue) => {
        const unknown = row('unknown', { priority: 'unknown', dueAt: oneDue });
        expect(compareRank(unknown, row('r', { dueAt: otherDue }), now)).toBeLessThan(0);
        expect(compareRank(unknown, row('a', { priority: 'asap', dueAt: otherDue }), now)).toBeGreaterThan(0);
        const urgent = row('urgent', { priority: 'urgent', dueAt: otherDue });
        const asUrgent = { ...unknown, priority: 'urgent' } as const;
        expect(Math.sign(compareRank(unknown, urgent, now))).toBe(Math.sign(compareRank(asUrgent, urgent, now)));
      }),
    );
  });

  it('asks the fit only among equals in priority and risk', () => {
    const one = row('due in 40', { dueAt: timeAfter(now, minutes(40)) });
    const same = row('due in 50, same patient', { dueAt: timeAfter(now, minutes(50)) });
    const sooner = row('due in 10', { dueAt: timeAfter(now, minutes(10)) });
    const fits = (asked: Ranked): Fit => (asked === same ? best : noFit);
    expect([one, same, sooner].sort((left, right) => compareRank(left, right, now, fits))).toEqual([sooner, same, one]);
  });

  it('lifts a study among its equals at the moment when it becomes late', () => {
    const due = row('due', { dueAt: timeAfter(now, minutes(15)) });
    const fitting = row('fitting', { dueAt: timeAfter(now, minutes(20)) });
    const fits = (asked: Ranked): Fit => (asked === fitting ? best : noFit);
    const at = (count: number): number => compareRank(due, fitting, timeAfter(now, minutes(count)), fits);
    expect(at(-1)).toBeGreaterThan(0);
    expect(at(0)).toBeLessThan(0);
  });

  it('is a strict total order, for any rows, moment and fit', () => {
    fc.assert(
      fc.property(anyRow, anyRow, anyRow, (one, two, three) => {
        const compare = (left: Ranked, right: Ranked) => Math.sign(compareRank(left, right, now, fitFor));
        expect(compare(one, two) + compare(two, one)).toBe(0);
        expect(compare(one, one)).toBe(0);
        if (one.taskId !== two.taskId) expect(compare(one, two)).not.toBe(0);
        if (compare(one, two) <= 0 && compare(two, three) <= 0) expect(compare(one, three)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is the same whatever order the studies came in', () => {
    const many = fc.uniqueArray(fc.record({ base: anyRow, id: fc.nat({ max: 200 }) }), { selector: ({ id }) => id });
    fc.assert(
      fc.property(many, fc.infiniteStream(fc.nat()), (made, numbers) => {
        const rows = made.map(({ base, id }) => ({ ...base, taskId: `t${id}` }));
        const shuffled = rows
          .map((one) => ({ one, key: numbers.next().value }))
          .sort((left, right) => left.key - right.key)
          .map(({ one }) => one);
        const sort = (list: readonly Ranked[]) =>
          [...list].sort((left, right) => compareRank(left, right, now, fitFor)).map(({ taskId }) => taskId);
        expect(sort(shuffled)).toEqual(sort(rows));
      }),
    );
  });
});

describe('the rank explains itself', () => {
  it('in its own order', () => {
    const code = row('code', { codeStudy: 'stroke', priority: 'stat', dueAt: timeAfter(now, minutes(-7)) });
    expect(explainRank(code, best, now).map(({ ground, words }) => [ground, words])).toEqual([
      ['code', 'Code: stroke'],
      ['priority', 'Ordered STAT'],
      ['risk', 'Past its due time'],
      ['fit', 'Same patient as another study of yours'],
      ['fit', 'In your subspecialty'],
    ]);
    expect(explainRank(code, noFit, now).find(({ ground }) => ground === 'risk')?.figure).toBe('\u22120:07');
    expect(explainRank(row('done', { state: 'completed' }), best, now).map(({ words }) => words)).toEqual(['Finished']);
  });

  it('so that studies with equal grounds differ in nothing but their own times and names', () => {
    fc.assert(
      fc.property(anyRow, anyRow, (one, two) => {
        const grounds = (asked: Ranked) =>
          explainRank(asked, fitFor(asked), now)
            .filter(({ words }) => words !== 'Priority not told by the site')
            .map(({ words }) => words);
        if (JSON.stringify(grounds(one)) !== JSON.stringify(grounds(two))) return;
        const level = { dueAt: null, clockStartedAt: null, accession: null, taskId: 't' };
        const bothOpen = explainRank(one, noFit, now)[0]?.ground !== 'finished';
        if (bothOpen) expect(compareRank({ ...one, ...level }, { ...two, ...level }, now)).toBe(0);
      }),
    );
  });
});

describe('how well an exam fits a reader', () => {
  const exam = { modality: 'CT', bodyPart: 'HEAD', patient: { id: '17', issuer: 'LARKSPUR' } };
  const nobody = { subspecialties: [], justRead: new Set<string>() };

  it.each([
    [['Neuroradiology'], 'CT', 'HEAD', 'match'],
    [['neuro'], 'MR', 'CSPINE', 'match'],
    [['Breast imaging'], 'MG', '', 'match'],
    [['Musculoskeletal'], 'CT', 'HEAD', 'other'],
    [['Musculoskeletal', 'Chest'], 'DX', 'CHEST', 'match'],
    [['Chest'], 'OT', '', 'neutral'],
    [[], 'CT', 'HEAD', 'neutral'],
  ])('%j and %s %s: %s', (subspecialties, modality, bodyPart, expected) => {
    expect(fitOf({ ...exam, modality, bodyPart }, { ...nobody, subspecialties }).subspecialty).toBe(expected);
  });

  it('knows the patient that she just read by id within its issuer, never by the number alone', () => {
    const justRead = new Set([patientKey({ id: '17', issuer: 'LARKSPUR' }) ?? '']);
    expect(fitOf(exam, { ...nobody, justRead }).samePatient).toBe(true);
    const elsewhere = { ...exam, patient: { id: '17', issuer: 'QUILL' } };
    expect(fitOf(elsewhere, { ...nobody, justRead }).samePatient).toBe(false);
    expect(fitOf({ ...exam, patient: { id: null, issuer: null } }, { ...nobody, justRead }).samePatient).toBe(false);
  });
});
