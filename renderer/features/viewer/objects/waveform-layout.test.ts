import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WaveformGroup } from '../../../imaging/index.ts';
import { caliperWords, secondsShown, stripsOf, traceOf } from './waveform-layout.ts';

const leads = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const group = (seconds: number): WaveformGroup => ({
  label: '',
  originality: 'original',
  frequency: 500,
  sampleCount: seconds * 500,
  offset: 0,
  channels: leads.map((name) => ({
    name,
    unit: 'mV',
    samples: Float32Array.from({ length: seconds * 500 }, (_, at) => (at % 500 === 0 ? 1 : 0)),
    most: 1,
    skew: 0,
    filters: '',
    doubt: '',
  })),
});
const scale = { pixelsPerMm: 4, speed: 25, gain: 10 };

describe('twelve leads on paper', () => {
  it('show all leads on any width: each its quarter of the rhythm, and one beat in every column', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 4_000 }), fc.constantFrom(1.2, 10, 30), (width, seconds) => {
        const { strips } = stripsOf(group(seconds), '3x4', width, 0, scale);
        expect(strips).toHaveLength(13);
        for (const strip of strips.slice(0, 12)) {
          expect(strip.from + secondsShown(strip.width, scale)).toBeLessThanOrEqual(seconds + 1e-9);
          expect(strip.left + strip.width).toBeLessThanOrEqual(width + 1e-9);
        }
      }),
    );
  });

  it('one millivolt is ten millimetres high, one second 25 millimetres long', () => {
    const whole = group(10);
    const { strips } = stripsOf(whole, 'stacked', 1_000, 0, scale);
    const [strip] = strips;
    const [channel] = whole.channels;
    if (strip === undefined || channel === undefined) throw new Error('no strip');
    const points = traceOf(channel, 500, strip, scale).flat();
    expect(Math.min(...points.map(([, y]) => y))).toBeCloseTo(strip.zero - 40, 5);
    const peaks = points.filter(([, y]) => y < strip.zero - 39).map(([x]) => x);
    expect((peaks[1] ?? 0) - (peaks[0] ?? 0)).toBeCloseTo(100, 0);
    const caliper = { from: [0, 50], to: [100, 90] } as const;
    expect(caliperWords(caliper, scale, strip, channel)).toBe('1000 ms · 60 /min · 1.00 mV');
  });
});
