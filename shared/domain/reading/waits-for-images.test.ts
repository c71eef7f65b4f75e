import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { type ArrivingRow, waitsForImages } from './waits-for-images.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const later = (seconds: number) => instant(nine + seconds * 1_000);
const arriving = { kind: 'arriving', quietAt: later(300) } as const;
const row = (more: Partial<ArrivingRow>): ArrivingRow => ({ priority: 'routine', arrival: arriving, ...more });

describe('a study whose images are still arriving', () => {
  it.each([
    ['waits where it is routine', row({}), 0, true],
    ['waits where it is urgent', row({ priority: 'urgent' }), 0, true],
    ['waits where its priority is unknown', row({ priority: 'unknown' }), 0, true],
    ['never waits where it is STAT', row({ priority: 'stat' }), 0, false],
    ['never waits where it sounds a code', row({ codeStudy: 'Stroke' }), 0, false],
    ['waits no longer past its quiet period, even if no host has said so', row({}), 300, false],
    ['does not wait once it is complete', row({ arrival: { kind: 'complete' } }), 0, false],
    ['does not wait where nobody watches its images', { priority: 'routine' } as ArrivingRow, 0, false],
  ])('%s', (_what, one, seconds, waits) => {
    expect(waitsForImages(one, later(seconds))).toBe(waits);
  });
});
