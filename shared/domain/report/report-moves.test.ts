import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReleaseKind, type ReportState, releaseKinds } from './report.ts';
import { mayRelease, type ReportMove, reportMoves, stateAfter, stepReport } from './report-moves.ts';

const moves = Object.keys(reportMoves) as ReportMove[];
const released: readonly ReportState[] = ['preliminary', 'final', 'appended', 'corrected'];
const afterFinal: readonly ReportState[] = ['final', 'appended', 'corrected'];

describe('a report', () => {
  it('goes from draft over signed and preliminary to final, appended and corrected', () => {
    const way: ReportMove[] = [
      'sign',
      'release-preliminary',
      'release-final',
      'release-addendum',
      'release-correction',
    ];
    const states: ReportState[] = ['draft'];
    for (const move of way) {
      const stepped = stepReport(states.at(-1) ?? 'draft', move);
      if (stepped.ok) states.push(stepped.value);
    }
    expect(states).toEqual(['draft', 'signed-not-released', 'preliminary', 'final', 'appended', 'corrected']);
  });

  it('that is given back is a draft again', () => {
    expect(stepReport('signed-not-released', 'give-back')).toEqual({ ok: true, value: 'draft' });
    expect(stepReport('final', 'give-back')).toEqual({ ok: false, error: 'not-a-legal-move' });
  });

  it('is never released unsigned', () => {
    for (const move of moves.filter((each) => each.startsWith('release')))
      expect(stepReport('draft', move).ok).toBe(false);
  });

  it('can be withdrawn from every released state and from no other', () => {
    const states: ReportState[] = ['draft', 'signed-not-released', ...released, 'entered-in-error'];
    expect(states.filter((state) => stepReport(state, 'enter-in-error').ok)).toEqual(released);
  });

  it('in any history never leaves final for preliminary or draft, nor comes back from entered in error', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 60 }), (history) => {
        let state: ReportState = 'draft';
        let wasFinal = false;
        for (const move of history) {
          const stepped = stepReport(state, move);
          if (!stepped.ok) continue;
          expect(state).not.toBe('entered-in-error');
          state = stepped.value;
          wasFinal ||= afterFinal.includes(state);
          if (wasFinal) expect([...afterFinal, 'entered-in-error']).toContain(state);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each<[ReportState, ReleaseKind, string]>([
    ['draft', 'preliminary', 'yes'],
    ['draft', 'final', 'yes'],
    ['signed-not-released', 'final', 'yes'],
    ['draft', 'addendum', 'no-final-yet'],
    ['preliminary', 'correction', 'no-final-yet'],
    ['preliminary', 'preliminary', 'preliminary-exists'],
    ['preliminary', 'final', 'yes'],
    ['final', 'final', 'final-exists'],
    ['appended', 'final', 'final-exists'],
    ['corrected', 'preliminary', 'final-exists'],
    ['final', 'addendum', 'yes'],
    ['appended', 'correction', 'yes'],
    ['corrected', 'addendum', 'yes'],
    ['entered-in-error', 'final', 'entered-in-error'],
    ['entered-in-error', 'withdrawal', 'entered-in-error'],
    ['preliminary', 'withdrawal', 'yes'],
    ['appended', 'withdrawal', 'yes'],
    ['draft', 'withdrawal', 'nothing-released'],
  ])('that is %s: may a %s follow? %s', (state, kind, answer) => {
    const may = mayRelease(state, kind);
    expect(may.ok ? 'yes' : may.error.code).toBe(answer);
    if (!may.ok) expect(may.error.words).toMatch(/\.$/);
  });

  it('may be released exactly where the moves lead on', () => {
    const kinds: readonly ReleaseKind[] = releaseKinds;
    for (const state of [...released, 'entered-in-error'] as ReportState[]) {
      for (const kind of kinds) {
        const stepped = stepReport(state, kind === 'withdrawal' ? 'enter-in-error' : `release-${kind}`);
        expect(stepped.ok).toBe(mayRelease(state, kind).ok);
        if (stepped.ok) expect(stepped.value).toBe(stateAfter(kind));
      }
    }
  });
});
