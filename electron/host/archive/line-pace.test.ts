import { describe, expect, it } from 'vitest';
import { linePace } from './line-pace.ts';

describe('the pace of the line to an archive', () => {
  it('is taken for fast until an image came slowly', () => {
    const pace = linePace();
    expect(pace.isSlow()).toBe(false);
    pace.came(500_000, 400);
    expect(pace.isSlow()).toBe(true);
  });

  it('is not told by a short answer, however long it was waited for', () => {
    const pace = linePace();
    pace.came(20_000, 5_000);
    expect(pace.isSlow()).toBe(false);
  });

  it('is fast again when a series came fast, and no single stutter makes it slow', () => {
    const pace = linePace();
    pace.came(500_000, 1_000);
    pace.came(150_000_000, 600);
    expect(pace.isSlow()).toBe(false);
    pace.came(500_000, 400);
    expect(pace.isSlow()).toBe(false);
  });
});
