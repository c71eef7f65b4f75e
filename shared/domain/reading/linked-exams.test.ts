import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, minutes, after as timeAfter } from '../../lib/instant.ts';
import type { PatientIdentity } from '../study/index.ts';
import { type LinkExam, type LinkRefusal, linkedWith, linkKey, linkOf, mostLinked } from './linked-exams.ts';

const now = instant(Date.UTC(2026, 10, 22, 9));
const thimblewick: PatientIdentity = {
  id: 'S100200',
  issuer: 'SALTFLAT-MPI',
  name: 'Thimblewick^Bram',
  birthDate: '19470911',
  sex: 'M',
};
const head: LinkExam = {
  taskId: 'task-head',
  state: 'queued',
  patient: thimblewick,
  site: { id: 'saltflat' },
  identity: 'same',
  link: 'order-and-images',
  orderedAt: now,
  clockStartedAt: timeAfter(now, minutes(20)),
  studyDate: '20261122',
};
const spine: LinkExam = { ...head, taskId: 'task-spine', orderedAt: timeAfter(now, minutes(1)) };
const with_ = (change: Partial<LinkExam>): LinkExam => ({ ...spine, ...change });
const patient = (change: Partial<PatientIdentity>): Partial<LinkExam> => ({ patient: { ...thimblewick, ...change } });

describe('two exams', () => {
  it('of one patient, one place and one visit go together, and it says why', () => {
    expect(linkOf(head, spine)).toEqual({ linked: true, words: 'ordered together' });
    expect(linkOf(head, with_({ orderedAt: undefined }))).toEqual({ linked: true, words: 'made together' });
    const group = { orderGroup: 'G-1', orderedAt: timeAfter(now, minutes(9_000)) };
    expect(linkOf({ ...head, orderGroup: 'G-1' }, with_(group))).toEqual({
      linked: true,
      words: 'one group of orders',
    });
    expect(linkOf({ ...head, orderGroup: 'G-1' }, with_({ ...group, studyDate: '20261128' })).linked).toBe(false);
    expect(linkOf(head, with_({ state: 'reading', identity: 'tell' })).linked).toBe(true);
  });

  it.each<[string, Partial<LinkExam>, LinkRefusal]>([
    ['the exam itself', { taskId: 'task-head' }, 'itself'],
    ['a finished exam', { state: 'completed' }, 'not-open'],
    ['a cancelled exam', { state: 'cancelled' }, 'not-open'],
    ['another id', patient({ id: 'S100201' }), 'other-patient'],
    ['the same number by another issuer', patient({ issuer: 'LARKSPUR-MPI' }), 'other-patient'],
    ['no issuer', patient({ issuer: null }), 'no-patient-id'],
    ['no id', patient({ id: ' ' }), 'no-patient-id'],
    ['no name', patient({ name: '' }), 'no-patient-id'],
    ['no birth date', patient({ birthDate: null }), 'no-patient-id'],
    ['half a birth date', patient({ birthDate: '1947' }), 'patients-differ'],
    ['another birth date', patient({ birthDate: '19470912' }), 'patients-differ'],
    ['another sex', patient({ sex: 'F' }), 'patients-differ'],
    ['a twin', patient({ name: 'Thimblewick^Brom' }), 'patients-differ'],
    ['another family name', patient({ name: 'Saltmarsh^Bram' }), 'patients-differ'],
    ['images that name somebody else', { identity: 'stop' }, 'identity-open'],
    ['images of an unidentified patient', { identity: 'ask' }, 'identity-open'],
    ['images without an order', { link: 'images-without-order' }, 'no-order-or-images'],
    ['an order without images', { link: 'order-without-images' }, 'no-order-or-images'],
    ['another place', { site: { id: 'larkspur' } }, 'other-site'],
    ['no place', { site: null }, 'other-site'],
    [
      'a follow-up of the next day',
      { orderedAt: timeAfter(now, minutes(1_440)), studyDate: '20261123', clockStartedAt: timeAfter(now, minutes(10)) },
      'far-apart',
    ],
    ['no times', { orderedAt: undefined, clockStartedAt: null }, 'far-apart'],
  ])('are not linked: %s', (_name, change, because) => {
    const verdict = linkOf(head, with_(change));
    expect(verdict).toMatchObject({ linked: false, because });
    if (!verdict.linked) expect(verdict.words).toMatch(/\.$/);
  });
});

const times = fc.option(
  fc.integer({ min: -9, max: 9 }).map((count) => timeAfter(now, minutes(count * 60))),
  { nil: null },
);
const anyExam: fc.Arbitrary<LinkExam> = fc.record({
  taskId: fc.constantFrom('t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8'),
  state: fc.constantFrom('queued', 'claimed', 'reading', 'held', 'completed'),
  patient: fc.record({
    id: fc.constantFrom('1', '1', '1', '2', null),
    issuer: fc.constantFrom('A', 'A', 'A', 'B', null),
    name: fc.constantFrom('Thimblewick^Bram', 'Thimblewick^Bram', 'THIMBLEWICK^BRAM', 'Thimblewick^Brom', ''),
    birthDate: fc.constantFrom('19470911', '19470911', '1947', '19470912', null),
    sex: fc.constantFrom('M', 'M', 'F', null),
  }),
  site: fc.constantFrom({ id: 'saltflat' }, { id: 'saltflat' }, { id: 'larkspur' }, null),
  identity: fc.constantFrom('same', 'same', 'tell', 'ask', 'stop'),
  link: fc.constantFrom('order-and-images', 'order-and-images', 'order-without-images', 'images-without-order'),
  orderedAt: times.map((time) => time ?? undefined),
  orderGroup: fc.constantFrom(undefined, undefined, '', 'G-1'),
  clockStartedAt: times,
  studyDate: fc.constantFrom('20261122', '20261122', '20261123', null),
});

describe('the rule of linked exams, whatever the exams', () => {
  it('answers the same whichever is asked first', () => {
    fc.assert(
      fc.property(anyExam, anyExam, (one, other) => {
        const [there, back] = [linkOf(one, other), linkOf(other, one)];
        expect(back.linked).toBe(there.linked);
        if (!there.linked && !back.linked) expect(back.because).toBe(there.because);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never links two that could be two people, two places, or a question that is open', () => {
    fc.assert(
      fc.property(anyExam, anyExam, (one, other) => {
        if (!linkOf(one, other).linked) return;
        for (const exam of [one, other]) {
          expect(['same', 'tell']).toContain(exam.identity);
          expect(exam.link).toBe('order-and-images');
          expect(exam.state).not.toBe('completed');
        }
        expect(one.patient.id).not.toBeNull();
        expect(one.patient.issuer).not.toBeNull();
        const { id, issuer, birthDate } = one.patient;
        expect(other.patient).toMatchObject({ id, issuer, birthDate });
        expect(other.patient.name.toUpperCase()).toBe(one.patient.name.toUpperCase());
        expect([one.patient.sex, null]).toContain(one.patient.sex === null ? null : (other.patient.sex ?? null));
        expect(other.site).toEqual(one.site);
        expect(linkKey(one)).toBe(linkKey(other));
        expect(linkKey(one)).not.toBeNull();
      }),
      { numRuns: 5_000 },
    );
  });

  it('gathers exams that are all linked with each other, the same whatever the order of the list', () => {
    fc.assert(
      fc.property(
        anyExam,
        fc
          .uniqueArray(anyExam, { maxLength: 8, selector: ({ taskId }) => taskId })
          .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        (exam, [list, shuffled]) => {
          const found = linkedWith(exam, list);
          expect(linkedWith(exam, shuffled)).toEqual(found);
          expect(found.length).toBeLessThanOrEqual(mostLinked);
          const all = [exam, ...found.map((one) => one.exam)];
          for (const one of all) for (const other of all) expect(one === other || linkOf(one, other).linked).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('does not let an exam that says less join two that contradict each other', () => {
    const unsaid = { ...head, patient: { ...thimblewick, sex: null } };
    const female = with_({ taskId: 'task-other', ...patient({ sex: 'F' }), orderedAt: timeAfter(now, minutes(2)) });
    expect(linkedWith(unsaid, [female, spine]).map(({ exam }) => exam.taskId)).toEqual(['task-spine']);
  });
});
