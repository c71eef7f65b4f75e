import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type UptakeFacts, uptakeFactor } from './index.ts';

const facts: UptakeFacts = {
  units: 'BQML',
  corrections: ['ATTN', 'DECY', 'SCAT'],
  decayCorrection: 'START',
  weight: 70,
  dose: 370e6,
  halfLife: 6_586.2,
  injectedAt: Date.UTC(2026, 0, 3, 9),
  seriesAt: Date.UTC(2026, 0, 3, 10),
  acquiredAt: Date.UTC(2026, 0, 3, 10, 3),
  type: '',
  countsToUptake: null,
  countsToActivity: null,
};

describe('SUV by body weight', () => {
  test('what is spread evenly through the body has an SUV of 1', () => {
    const factor = uptakeFactor(facts);
    const left = 370e6 * 2 ** (-3_600 / 6_586.2);
    expect(factor.ok && (left / 70_000) * factor.value).toBeCloseTo(1, 9);
  });
  test('values that come as SUV are left as they are, and counts go by the factor that their maker wrote', () => {
    expect(uptakeFactor({ ...facts, units: 'GML' })).toEqual({ ok: true, value: 1 });
    expect(uptakeFactor({ ...facts, units: 'GML', type: 'BW', weight: null })).toEqual({ ok: true, value: 1 });
    expect(uptakeFactor({ ...facts, units: 'CNTS', countsToUptake: 0.00042, countsToActivity: 3 })).toEqual({
      ok: true,
      value: 0.00042,
    });
    const own = uptakeFactor(facts);
    const counts = uptakeFactor({ ...facts, units: 'CNTS', countsToActivity: 3 });
    expect(own.ok && counts.ok && counts.value / own.value).toBeCloseTo(3, 9);
  });
  test('decay corrected to the injection needs no times', () => {
    const factor = uptakeFactor({ ...facts, decayCorrection: 'ADMIN', injectedAt: null });
    expect(factor.ok && factor.value).toBeCloseTo(70_000 / 370e6, 12);
  });
  test.each<[Partial<UptakeFacts>, string]>([
    [{ units: 'CNTS' }, 'counts without a factor'],
    [{ units: 'CNTS', countsToUptake: 0, countsToActivity: -1 }, 'counts without a factor'],
    [{ units: 'CNTS', countsToActivity: 2, weight: null }, 'weight'],
    [{ units: 'GML', type: 'LBM' }, 'by LBM'],
    [{ units: 'PROPCPS' }, 'PROPCPS'],
    [{ corrections: ['DECY'] }, 'attenuation'],
    [{ corrections: ['ATTN'] }, 'decay'],
    [{ weight: null }, 'weight'],
    [{ weight: 0 }, 'weight'],
    [{ dose: 370 }, 'dose'],
    [{ halfLife: 0 }, 'half-life'],
    [{ injectedAt: null }, 'injection'],
    [{ injectedAt: Date.UTC(2026, 0, 3, 11) }, 'do not fit'],
    [{ injectedAt: Date.UTC(2026, 0, 2, 9) }, 'do not fit'],
    [{ acquiredAt: Date.UTC(2026, 0, 3, 9, 30) }, 'after its acquisition'],
    [{ decayCorrection: 'NONE' }, 'to when'],
  ])('%j gives no SUV and says why', (change, why) => {
    const factor = uptakeFactor({ ...facts, ...change });
    expect(factor).toMatchObject({ ok: false, error: expect.stringContaining(why) });
  });
  test('a longer wait, a lighter body or a higher dose never change it the wrong way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 180 }), fc.integer({ min: 1, max: 60 }), (minutes, more) => {
        const of = (change: Partial<UptakeFacts>): number => {
          const factor = uptakeFactor({ ...facts, acquiredAt: null, ...change });
          return factor.ok ? factor.value : Number.NaN;
        };
        const at = (wait: number): Partial<UptakeFacts> => ({ seriesAt: (facts.injectedAt ?? 0) + wait * 60_000 });
        expect(of(at(minutes + more))).toBeGreaterThan(of(at(minutes)));
        expect(of({ weight: 70 - more })).toBeLessThan(of({}));
        expect(of({ dose: 370e6 + more * 1e6 })).toBeLessThan(of({}));
      }),
    );
  });
});
