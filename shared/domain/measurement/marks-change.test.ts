import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CaseMarks,
  changed,
  freshHistory,
  type ImageMeasurement,
  type MarkHistory,
  type MarksChange,
  marksChange,
  nextNumber,
  noMarks,
  rebased,
  undone,
  withChange,
} from './index.ts';

const place = { studyUid: '1.2', seriesUid: '1.2.3', instanceUid: '1.2.3.4', frame: 1, frameOfReferenceUid: null };
const mark = (id: string, number: number, label = ''): ImageMeasurement => ({
  id,
  number,
  kind: 'probe',
  place,
  points: [[1, 1]],
  label,
  trackingUid: '2.25.1',
  spacing: { source: 'patient', row: 1, column: 1 },
  quantities: [],
});
const measured = (...all: readonly ImageMeasurement[]): CaseMarks => ({ measurements: all, keyImages: [] });
const idsOf = (marks: CaseMarks): readonly string[] => marks.measurements.map((one) => one.id).toSorted();

const anyMarks = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom('', 'nodule')), {
    selector: ([id]) => id,
  })
  .map((all) => measured(...all.map(([id, label], index) => mark(id, index + 1, label))));

describe('a step of marks that is done again elsewhere', () => {
  test('has all that was done, and doing it twice does nothing more', () => {
    fc.assert(
      fc.property(anyMarks, anyMarks, (before, after) => {
        const change = marksChange(before, after);
        if (change === null) {
          expect(idsOf(after)).toEqual(idsOf(before));
          return;
        }
        const done = withChange(before, change);
        expect(idsOf(done)).toEqual(idsOf(after));
        for (const one of after.measurements)
          expect(done.measurements.find(({ id }) => id === one.id)?.label).toBe(one.label);
        expect(withChange(done, change)).toEqual(done);
      }),
    );
  });

  test('is none where only the order of a message’s fields is another', () => {
    const one = mark('a', 1);
    const turned = Object.fromEntries(Object.entries(one).toReversed()) as ImageMeasurement;
    expect(marksChange(measured(one), measured(turned))).toBeNull();
  });

  test('two windows that draw at the same moment do not share a number', () => {
    const drawn = { measurements: [mark('b', 1)], keyImages: [], gone: [] };
    expect(withChange(measured(mark('a', 1)), drawn).measurements.map((one) => one.number)).toEqual([1, 2]);
  });

  test('undo takes back own steps alone: what another window drew or took away stays so', () => {
    const own = changed(freshHistory, measured(mark('own', 1)));
    const both = rebased(own, { measurements: [mark('other', 2)], keyImages: [], gone: [] });
    expect(idsOf(undone(both).present)).toEqual(['other']);
    const without = rebased(both, { measurements: [], keyImages: [], gone: ['other'] });
    expect(idsOf(undone(without).present)).toEqual([]);
    // The own one told back under another number is still the own one.
    const renumbered = rebased(own, { measurements: [mark('own', 7)], keyImages: [], gone: [] });
    expect(undone(renumbered).present).toEqual(noMarks);
  });
});

/**
 * Two windows and the one that writes: each does its steps at once, sends those that are not confirmed with every message, and takes what
 * comes back. Messages may be lost, late or doubled.
 */
test('after all messages have come, every window has the marks of the one that writes, and no step is lost', () => {
  type Sent = { readonly step: number; readonly change: MarksChange };
  const action = fc.record({
    window: fc.constantFrom(0, 1),
    do: fc.constantFrom('draw', 'draw', 'remove', 'undo', 'send', 'send', 'hear'),
    lost: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      let writer: CaseMarks = noMarks;
      let names = 0;
      const drawnAt = [0, 0];
      const windows = [0, 1].map(() => ({
        history: freshHistory as MarkHistory,
        known: noMarks as CaseMarks,
        next: 1,
        taken: 0,
        sent: [] as Sent[],
        answers: [] as { all: CaseMarks; taken: number }[],
      }));
      const expected = new Set<string>();
      const did = (one: (typeof windows)[number], history: MarkHistory): void => {
        const change = marksChange(one.known, history.present);
        one.history = history;
        if (change === null) return;
        one.known = history.present;
        one.sent.push({ step: one.next, change });
        one.next += 1;
        for (const { id } of change.measurements) expected.add(id);
        for (const id of change.gone) expected.delete(id);
      };
      const send = (one: (typeof windows)[number]): void => {
        for (const { step, change } of one.sent) {
          if (step !== one.taken + 1) continue;
          writer = withChange(writer, change);
          one.taken = step;
        }
        one.answers.push({ all: writer, taken: one.taken });
      };
      const hear = (one: (typeof windows)[number], answer: { all: CaseMarks; taken: number }): void => {
        one.sent = one.sent.filter(({ step }) => step > answer.taken);
        const all = one.sent.reduce((before, { change }) => withChange(before, change), answer.all);
        const change = marksChange(one.known, all);
        if (change === null) return;
        one.known = all;
        one.history = rebased(one.history, change);
      };
      for (const { window, do: what, lost } of actions) {
        const one = windows[window];
        if (one === undefined) continue;
        const { present } = one.history;
        if (what === 'draw') {
          const made = mark(`${window}-${++names}`, nextNumber(present));
          drawnAt[window] = (drawnAt[window] ?? 0) + 1;
          did(one, changed(one.history, { ...present, measurements: [...present.measurements, made] }));
        } else if (what === 'remove') {
          // Of its own: a mark that one window takes away while the other moves it is nobody's to judge.
          const mine = present.measurements.find(({ id }) => id.startsWith(`${window}-`));
          if (mine !== undefined)
            did(
              one,
              changed(one.history, { ...present, measurements: present.measurements.filter((each) => each !== mine) }),
            );
        } else if (what === 'undo') did(one, undone(one.history));
        else if (what === 'send') {
          send(one);
          if (lost) one.answers.pop();
        } else {
          const answer = one.answers.shift();
          if (answer !== undefined) hear(one, answer);
        }
      }
      // The line is well again: every window sends and hears until nothing is new.
      for (let round = 0; round < 3; round += 1)
        for (const one of windows) {
          send(one);
          const newest = one.answers.at(-1);
          one.answers = [];
          if (newest !== undefined) hear(one, newest);
        }
      for (const one of windows) {
        expect(one.sent).toEqual([]);
        expect(marksChange(one.history.present, writer)).toBeNull();
      }
      expect(idsOf(writer)).toEqual([...expected].toSorted());
      expect(new Set(writer.measurements.map(({ number }) => number)).size).toBe(writer.measurements.length);
    }),
    { numRuns: 500 },
  );
});
