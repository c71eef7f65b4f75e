import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, millis, minutes } from '../../lib/instant.ts';
import {
  expectedBytes,
  isFetchedAhead,
  mayStay,
  measured,
  type PrefetchBudget,
  planPrefetch,
  type StudyAhead,
  usualBudget,
  usualGrace,
} from './prefetch.ts';

const study = (place: number, role: 'current' | 'prior', more: Partial<StudyAhead> = {}): StudyAhead => ({
  taskId: `t${place}`,
  studyUid: `${place}.${role}`,
  role,
  place,
  firstHere: false,
  series: [
    { seriesUid: `${place}.${role}.1`, modality: 'CT', instances: 100, bytes: 35_000_000, here: false },
    { seriesUid: `${place}.${role}.2`, modality: 'SR', instances: 1, bytes: 10_000, here: false },
    { seriesUid: `${place}.${role}.3`, modality: 'CT', instances: 10, bytes: 3_500_000, here: false },
  ],
  ...more,
});
const queue = [study(1, 'current'), study(0, 'prior'), study(0, 'current')];
const plenty = { bandwidth: null, held: 0, diskFree: 1e12 };
const names = (steps: ReturnType<typeof planPrefetch>): string[] => steps.map((one) => `${one.kind} ${one.seriesUid}`);

describe('what is fetched ahead', () => {
  it('comes by urgency, a study before its priors, and a task whole before the next; documents are left', () => {
    expect(names(planPrefetch(queue, usualBudget, plenty))).toEqual([
      'series 0.current.1',
      'series 0.current.3',
      'series 0.prior.1',
      'series 0.prior.3',
      'series 1.current.1',
      'series 1.current.3',
    ]);
  });

  it('on a slow link is first an image of every study', () => {
    const slow = { ...plenty, bandwidth: 500_000 };
    expect(names(planPrefetch(queue, usualBudget, slow)).slice(0, 4)).toEqual([
      'first-image 0.current.1',
      'first-image 0.prior.1',
      'first-image 1.current.1',
      'series 0.current.1',
    ]);
  });

  const series = fc.record({
    seriesUid: fc.uuid(),
    modality: fc.constantFrom('CT', 'MR', 'SR', 'KO', 'DX'),
    instances: fc.integer({ min: 0, max: 500 }),
    bytes: fc.integer({ min: 1, max: 1e9 }),
    here: fc.boolean(),
  });
  const studies = fc.array(
    fc.record({
      taskId: fc.constantFrom('a', 'b', 'c'),
      studyUid: fc.uuid(),
      role: fc.constantFrom('current' as const, 'prior' as const),
      place: fc.integer({ min: 0, max: 5 }),
      firstHere: fc.boolean(),
      series: fc.array(series, { maxLength: 5 }),
    }),
    { maxLength: 6 },
  );
  const budgets: fc.Arbitrary<PrefetchBudget> = fc.record({
    bytes: fc.integer({ min: 0, max: 4e9 }),
    keepFree: fc.integer({ min: 0, max: 2e9 }),
    within: fc.integer({ min: 0, max: 3_600_000 }).map(millis),
    slowBelow: fc.integer({ min: 0, max: 1e7 }),
  });
  const states = fc.record({
    bandwidth: fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: null }),
    held: fc.integer({ min: 0, max: 4e9 }),
    diskFree: fc.integer({ min: 0, max: 1e10 }),
  });

  it('keeps every budget, asks for nothing twice nor for what is here, and leaves nothing more urgent for something less', () => {
    fc.assert(
      fc.property(studies, budgets, states, (all, budget, state) => {
        const steps = planPrefetch(all, budget, state);
        const bytes = steps.reduce((sum, one) => sum + one.bytes, 0);
        if (steps.length > 0) {
          expect(state.held + bytes).toBeLessThanOrEqual(budget.bytes);
          expect(state.diskFree - bytes).toBeGreaterThanOrEqual(budget.keepFree);
          if (state.bandwidth !== null) expect((bytes / state.bandwidth) * 1_000).toBeLessThanOrEqual(budget.within);
        }
        const keys = names(steps);
        expect(new Set(keys).size).toBe(keys.length);
        const whole = names(
          planPrefetch(
            all,
            { ...budget, bytes: 1e15, keepFree: 0, within: minutes(1e9) },
            { ...state, held: 0, diskFree: 1e15 },
          ),
        );
        expect(whole.slice(0, keys.length)).toEqual(keys);
        const wanted = all.flatMap((one) => one.series.filter((two) => !two.here && isFetchedAhead(two)));
        for (const step of steps) expect(wanted.some((one) => one.seriesUid === step.seriesUid)).toBe(true);
        if (state.bandwidth === null) expect(steps.every((one) => one.kind === 'series')).toBe(true);
      }),
    );
  });

  it('is expected to be as large as such images are', () => {
    expect(expectedBytes('CT', 300)).toBe(105_000_000);
    expect(expectedBytes('XX', 2)).toBe(2_000_000);
  });
});

describe('a study’s pixels stay', () => {
  const now = instant(1_000_000_000_000);
  const ann = { id: 'ann', away: null };
  const open = { over: false, holder: null };

  it('while it may be hers to read, and go when it is final or another’s', () => {
    expect(mayStay([open], [ann], false, usualGrace, now)).toBe(true);
    expect(mayStay([{ over: false, holder: 'ann' }], [ann], false, usualGrace, now)).toBe(true);
    expect(mayStay([{ over: false, holder: 'bob' }], [ann], false, usualGrace, now)).toBe(false);
    expect(mayStay([{ over: true, holder: null }], [ann], false, usualGrace, now)).toBe(false);
    expect(mayStay([], [ann], false, usualGrace, now)).toBe(false);
    expect(mayStay([{ over: true, holder: null }], [], true, usualGrace, now)).toBe(true);
  });

  it('as a prior of another task that is still to be read', () => {
    expect(mayStay([{ over: true, holder: null }, open], [ann], false, usualGrace, now)).toBe(true);
  });

  it('until two hours after her shift, or as long as was set, to the millisecond', () => {
    const gone = { id: 'ann', away: now };
    const at = (time: number) => instant(now + time);
    expect(mayStay([open], [gone], false, usualGrace, at(2 * 3_600_000 - 1))).toBe(true);
    expect(mayStay([open], [gone], false, usualGrace, at(2 * 3_600_000))).toBe(false);
    expect(mayStay([open], [gone], false, minutes(5), at(5 * 60_000))).toBe(false);
    expect(mayStay([open], [gone, { id: 'bob', away: null }], false, minutes(5), at(5 * 60_000))).toBe(true);
  });

  it('never longer for any reader than for one who is here', () => {
    const use = fc.record({ over: fc.boolean(), holder: fc.constantFrom(null, 'ann', 'bob', 'eve') });
    const reader = fc.record({
      id: fc.constantFrom('ann', 'bob'),
      away: fc.option(
        fc.integer({ min: 0, max: 1e7 }).map((ago) => instant(now - ago)),
        { nil: null },
      ),
    });
    fc.assert(
      fc.property(fc.array(use), fc.array(reader), fc.integer({ min: 0, max: 1e7 }).map(millis), (uses, all, grace) => {
        const stays = mayStay(uses, all, false, grace, now);
        const here = all.map((one) => ({ ...one, away: null }));
        if (stays) expect(mayStay(uses, here, false, grace, now)).toBe(true);
        if (stays) expect(uses.some((one) => !one.over)).toBe(true);
        if (all.length === 0 || uses.every((one) => one.over)) expect(stays).toBe(false);
      }),
    );
  });
});

describe('the speed of a link', () => {
  it('comes to be known by what was fetched, and small pieces tell nothing', () => {
    expect(measured(null, 1_000_000, millis(1_000))).toBe(1_000_000);
    expect(measured(1_000_000, 4_000_000, millis(1_000))).toBe(2_000_000);
    expect(measured(1_000_000, 10, millis(1_000))).toBe(1_000_000);
    expect(measured(null, 10, millis(1))).toBe(null);
  });
});
