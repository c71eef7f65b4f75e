import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArchiveWindows } from './archive-windows.ts';

/** Asks whatever is due, with an archive that holds so many studies each day, a millisecond for four of them. */
function play(windowDays: number, perDay: (daysAgo: number) => number, cycles: number) {
  const windows = createArchiveWindows(windowDays);
  let now = 0;
  const asked: { now: number; from: number; to: number; studies: number }[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    for (const window of windows.due(now)) {
      let studies = 0;
      for (let day = window.from; day <= window.to; day += 1) studies += perDay(day);
      asked.push({ now, from: window.from, to: window.to, studies });
      windows.answered(window, { studies, milliseconds: studies / 4 }, now);
    }
    now += 5_000;
  }
  return { windows, asked, now };
}

describe('which dates of the archive are asked', () => {
  it('of a small archive are all of them, each time', () => {
    const { asked } = play(36_500, (day) => (day === 0 ? 30 : 0), 12);
    expect(asked).toHaveLength(12);
    expect(asked.every((one) => one.from === -1 && one.to === 36_500)).toBe(true);
  });

  it('of a large one are today each time, and the older ones seldom', () => {
    const { asked } = play(365, (day) => (day < 0 ? 0 : 300), 720);
    const settled = asked.filter((one) => one.now > 600_000);
    // An hour of five-second cycles: today in every one, and all the year's 109,500 studies now and then.
    expect(settled.filter((one) => one.from === -1)).toHaveLength(720 - 121);
    expect(new Set(settled.map((one) => one.to)).has(365)).toBe(true);
    const share = settled.reduce((sum, one) => sum + one.studies / 4, 0) / (720 * 5_000 - 600_000);
    expect(share).toBeLessThan(0.05);
    const last = settled.slice(-100).filter((one) => one.from > 1);
    expect(Math.max(...last.map((one) => one.studies))).toBeLessThanOrEqual(1_500);
  });

  it('of a large one are each read once as they are asked for from then on, minutes after the start, before any is asked again', () => {
    const { asked } = play(365, (day) => (day < 0 ? 0 : 300), 720);
    const older = asked.filter((one) => one.from > 1);
    const times = new Map<string, number[]>();
    for (const { from, to, now } of older) times.set(`${from}-${to}`, [...(times.get(`${from}-${to}`) ?? []), now]);
    // Those that were cut again are asked for no more: the pieces that stay cover every day of the year.
    const staying = older.filter(({ studies }) => studies <= 1_500);
    const days = new Set(
      staying.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at)),
    );
    expect(days.size).toBe(364);
    const firstTimes = staying.map(({ from, to }) => times.get(`${from}-${to}`)?.[0] ?? Number.NaN);
    const secondTimes = [...times.values()].flatMap(([, second]) => second ?? []);
    expect(Math.max(...firstTimes)).toBeLessThan(1_300_000);
    expect(Math.min(...secondTimes)).toBeGreaterThan(Math.max(...firstTimes));
  });

  it('of an archive that cannot answer at once are cut until it can, without a rest between', () => {
    const windows = createArchiveWindows(365);
    const answeredAt = new Map<number, number>();
    for (let cycle = 0; cycle < 12; cycle += 1) {
      for (const window of windows.due(cycle * 5_000)) {
        const days = window.to - window.from + 1;
        windows.answered(window, { studies: days > 40 ? null : days, milliseconds: 100 }, cycle * 5_000);
        if (days <= 40) for (let day = window.from; day <= window.to; day += 1) answeredAt.set(day, cycle);
      }
    }
    expect(answeredAt.size).toBe(367);
  });

  it('of a far archive are today apart, and not cut for its slow line alone', () => {
    const windows = createArchiveWindows(3_650);
    const asked: number[] = [];
    for (let cycle = 0; cycle < 720; cycle += 1) {
      for (const window of windows.due(cycle * 5_000)) {
        if (window.from === -1) asked.push(cycle);
        windows.answered(window, { studies: 40, milliseconds: 1_500 }, cycle * 5_000);
      }
    }
    expect(asked).toHaveLength(720);
    expect(windows.due(Number.MAX_SAFE_INTEGER)).toHaveLength(2);
  });

  it('of an archive that answers nothing for a night are not a thousand when it is back', () => {
    const windows = createArchiveWindows(36_500);
    for (let cycle = 0; cycle < 5_000; cycle += 1) {
      // As the host does: after the first that fails nobody else is asked.
      const [window] = windows.due(cycle * 5_000);
      if (window !== undefined) windows.answered(window, { studies: null, milliseconds: 20_000 }, cycle * 5_000);
    }
    expect(windows.due(Number.MAX_SAFE_INTEGER).length).toBeLessThan(70);
  });

  it('always cover every day of the list once, however the archive answers', () => {
    const answer = fc.record({
      studies: fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: null }),
      milliseconds: fc.integer({ min: 0, max: 5_000 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000 }), fc.array(answer, { maxLength: 80 }), (windowDays, answers) => {
        const windows = createArchiveWindows(windowDays);
        let now = 0;
        for (const one of answers) {
          const [window] = windows.due(now);
          if (window !== undefined) windows.answered(window, one, now);
          else now += 5_000;
        }
        // Each that is due is answered lightly and so comes to rest: in the end every window has been seen.
        const seen = new Map<number, { from: number; to: number }>();
        for (let turn = 0; turn < 4_100; turn += 1) {
          now += 10_000_000;
          for (const window of windows.due(now)) {
            seen.set(window.from, window);
            windows.answered(window, { studies: 1, milliseconds: 1 }, now);
          }
        }
        const all = [...seen.values()].sort((left, right) => left.from - right.from);
        expect(all[0]?.from).toBe(-1);
        expect(all.at(-1)?.to).toBe(windowDays);
        for (const [place, window] of all.entries()) {
          expect(window.to).toBeGreaterThanOrEqual(window.from);
          const next = all[place + 1];
          if (next !== undefined) expect(next.from).toBe(window.to + 1);
        }
      }),
      { numRuns: 40 },
    );
  });
});
