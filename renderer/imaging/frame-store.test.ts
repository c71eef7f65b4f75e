import { describe, expect, test } from 'vitest';
import { frameStore } from './frame-store.ts';
import type { DecodedFrame } from './types.ts';

const frame = (bytes: number): DecodedFrame => ({
  rows: 1,
  columns: bytes,
  colour: false,
  pixels: new Uint8Array(bytes),
  min: 0,
  max: 0,
  slope: 1,
  intercept: 0,
  modalityApplied: false,
  voiTables: [],
  lossy: false,
});

describe('decoded frames in memory', () => {
  test('the least recently used go first, never one that is on screen', () => {
    const gone: string[] = [];
    const store = frameStore(300, (imageId) => gone.push(imageId));
    store.put('a', frame(100));
    store.put('b', frame(100));
    store.put('c', frame(100));
    store.pin('a');
    store.state('b');
    gone.length = 0;
    store.put('d', frame(100));
    expect(gone).toContain('c');
    expect([store.state('a').kind, store.state('b').kind, store.state('c').kind]).toEqual([
      'loaded',
      'loaded',
      'absent',
    ]);
    expect(store.bytes()).toBe(300);
  });
  test('a closed case leaves nothing behind', () => {
    const store = frameStore(1_000, () => undefined);
    store.put('a', frame(100));
    store.pin('a');
    store.fail('b', { code: 'undecodable', words: 'no' });
    store.forget(['a', 'b']);
    expect([store.bytes(), store.state('a').kind, store.state('b').kind]).toEqual([0, 'absent', 'absent']);
  });
  test('a failure never takes the place of pixels that came', () => {
    const store = frameStore(1_000, () => undefined);
    store.put('a', frame(1));
    store.fail('a', { code: 'truncated', words: 'late' });
    expect(store.state('a').kind).toBe('loaded');
  });
});
