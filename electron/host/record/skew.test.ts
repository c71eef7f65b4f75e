import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, millis } from '../../../shared/lib/instant.ts';
import { createRecordClock, createSkewMeter } from './skew.ts';

const nine = Date.UTC(2026, 10, 22, 9);
const hour = 3_600_000;
const date = (at: number): string => new Date(at).toUTCString();

describe("the record's clock", () => {
  it('is not known before an answer, and within half a second of one', () => {
    const meter = createSkewMeter();
    expect(meter.skew(instant(nine))).toBeNull();
    meter.note(instant(nine), instant(nine), date(nine));
    expect(meter.skew(instant(nine))).toBe(-500);
  });

  it('is told anew as soon as an answer comes, and forgotten when the last one is an hour old', () => {
    const meter = createSkewMeter();
    meter.note(instant(nine), instant(nine), date(nine));
    expect(meter.skew(instant(nine + hour))).toBe(-500);
    expect(meter.skew(instant(nine + hour + 1))).toBeNull();
    const later = nine + hour + 5_000;
    meter.note(instant(later), instant(later), date(later - 60_000));
    expect(meter.skew(instant(later))).toBe(59_500);
  });

  it('is the same whether it was asked for before or not', () => {
    const step = fc.record({
      after: fc.nat(2 * hour),
      delay: fc.nat(900),
      behind: fc.integer({ min: -5_000, max: 5_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.nat(2 * hour), (steps, wait) => {
        const asked = createSkewMeter();
        const silent = createSkewMeter();
        let now = nine;
        for (const { after, delay, behind } of steps) {
          now += after;
          for (const meter of [asked, silent])
            meter.note(instant(now), instant(now + delay), date(now + delay - behind));
          now += delay;
          asked.skew(instant(now));
          asked.skew(instant(now + 1));
        }
        expect(asked.skew(instant(now + wait))).toBe(silent.skew(instant(now + wait)));
      }),
    );
  });

  it('never goes back by what a better measured skew takes off, and believes a clock that was set back further', () => {
    let skew = 0;
    const clock = createRecordClock({ skew: () => millis(skew) });
    expect(clock(instant(nine))).toBe(nine);
    skew = 400;
    expect(clock(instant(nine + 3))).toBe(nine);
    expect(clock(instant(nine + 500))).toBe(nine + 100);
    skew = 60_000;
    expect(clock(instant(nine + 500))).toBe(nine + 500 - 60_000);
  });

  it('stands as measured, or where it stood before by at most a second', () => {
    const step = fc.record({ after: fc.nat(2_000), skew: fc.integer({ min: -3_000, max: 3_000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = nine;
        let skew = 0;
        const clock = createRecordClock({ skew: () => millis(skew) });
        let before = clock(instant(now));
        for (const step of steps) {
          now += step.after;
          skew = step.skew;
          const told = clock(instant(now));
          const measured = now - skew;
          expect(told).toBe(measured < before && before - measured <= 1_000 ? before : measured);
          before = told;
        }
      }),
    );
  });
});
