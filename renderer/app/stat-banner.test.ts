import { describe, expect, test } from 'vitest';
import type { WorklistRow } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { nextToTell, waitingStat } from './stat-banner.tsx';
import { generatedRow } from './testing/generated-host.ts';

const now = Date.UTC(2026, 10, 22, 9);
const stat: WorklistRow = { ...generatedRow(0, now), taskId: 'stat' as TaskId };
const code: WorklistRow = { ...generatedRow(5, now), taskId: 'code' as TaskId, codeStudy: 'Stroke' };
const reading = 'open' as TaskId;
const nothing = { known: new Set<TaskId>(), later: new Set<TaskId>(), alarmed: new Set<string>() };

describe('what is told while another study is read', () => {
  test('a code comes before a STAT study, and one that the alarm tells is no second line', () => {
    const waiting = waitingStat([stat, code], reading, now);
    expect(nextToTell(waiting, nothing)?.taskId).toBe('code');
    expect(nextToTell(waiting, { ...nothing, alarmed: new Set(['code']) })?.taskId).toBe('stat');
    expect(nextToTell([code], { ...nothing, alarmed: new Set(['code']) })).toBeNull();
  });

  test('what was there when she opened this one is not told, except a code; what she put off does not come again', () => {
    const there = { ...nothing, known: new Set(['stat', 'code'] as TaskId[]) };
    expect(nextToTell([stat], there)).toBeNull();
    expect(nextToTell([code], there)?.taskId).toBe('code');
    expect(nextToTell([code], { ...there, later: new Set(['code'] as TaskId[]) })).toBeNull();
  });

  test('the open study itself, one that another has and one without images are not offered', () => {
    const taken = { ...stat, state: 'reading' as const, leaseUntil: generatedRow(1, now).leaseUntil };
    expect(
      waitingStat([{ ...stat, taskId: reading }, taken, { ...stat, link: 'order-without-images' }], reading, now),
    ).toEqual([]);
  });
});
