import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isHidden,
  noteAgainstWords,
  notesAgainst,
  type RejectionNote,
  rejectedBy,
  rejectionCodes,
  withoutRejected,
} from './rejection.ts';

const uids = ['1', '2', '3', '4', '5'];
const notes: fc.Arbitrary<RejectionNote> = fc.record({
  noteUid: fc.constantFrom('n1', 'n2', 'n3', 'n4'),
  studyUid: fc.constantFrom('mine', 'mine', 'other'),
  code: fc.constantFrom(...rejectionCodes),
  instances: fc.uniqueArray(fc.constantFrom(...uids)).map((list) => list.sort()),
  sentBy: fc.constantFrom(null, 'J. Smith, Larkspur'),
});
const list = fc.uniqueArray(notes, { selector: (one) => one.noteUid, maxLength: 4 });

describe('rejection notes (IHE IOCM)', () => {
  it('reject the same whatever their order, by the gravest reason, and only in their own study', () => {
    fc.assert(
      fc.property(list, fc.func(fc.integer()), (all, shuffle) => {
        const rejected = rejectedBy('mine', all);
        const other = [...all].sort((a, b) => shuffle(a.noteUid) - shuffle(b.noteUid));
        expect([...rejectedBy('mine', other)].sort()).toEqual([...rejected].sort());
        for (const uid of uids) {
          const naming = all.filter((one) => one.studyUid === 'mine' && one.instances.includes(uid));
          const gravest = rejectionCodes.find((code) => naming.some((one) => one.code === code));
          expect(rejected.get(uid)?.code).toBe(gravest);
          expect(isHidden(rejected.get(uid))).toBe(naming.some((one) => one.code !== '113001'));
        }
      }),
    );
  });

  it('leave in a list exactly what no note of the study names, in its order', () => {
    const images = uids.map((instanceUid) => ({ instanceUid }));
    fc.assert(
      fc.property(list, (all) => {
        const left = withoutRejected(images, rejectedBy('mine', all)).map((one) => one.instanceUid);
        const named = all.filter((one) => one.studyUid === 'mine').flatMap((one) => one.instances);
        expect(left).toEqual(uids.filter((uid) => !named.includes(uid)));
      }),
    );
  });

  it('stand against a report with each covered image once, and none that it does not cover', () => {
    fc.assert(
      fc.property(list, fc.uniqueArray(fc.constantFrom(...uids, 'unknown')), (all, covered) => {
        const rejected = rejectedBy('mine', all);
        const against = notesAgainst(covered, rejected);
        expect(against.flatMap((one) => one.instances).sort()).toEqual(
          covered.filter((uid) => rejected.has(uid)).sort(),
        );
        for (const one of against) expect(one.instances.length).toBeGreaterThan(0);
      }),
    );
  });

  it('are said with how many, why and by whom', () => {
    const rejected = rejectedBy('s', [
      { noteUid: 'n', studyUid: 's', code: '113037', instances: ['1', '2'], sentBy: 'J. Smith, Larkspur' },
    ]);
    expect(notesAgainst(['1', '2', '3'], rejected).map(noteAgainstWords)).toEqual([
      '2 images rejected for patient safety (113037), by J. Smith, Larkspur',
    ]);
  });
});
