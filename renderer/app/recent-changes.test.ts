import { expect, test } from 'vitest';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { createRecentChanges } from './recent-changes.ts';

const tasks = (from: number, count: number) =>
  Array.from({ length: count }, (_unused, at) => `task-${from + at}` as TaskId);

test('what changed after a version is told; what was before a new list, or is too long ago, is not known', () => {
  const recent = createRecentChanges();
  recent.startAt(3);
  expect(recent.since(2)).toBeNull();
  expect(recent.since(3)).toEqual(new Set());
  recent.note(4, tasks(1, 2));
  recent.note(5, tasks(2, 2));
  expect(recent.since(3)).toEqual(new Set(tasks(1, 3)));
  expect(recent.since(4)).toEqual(new Set(tasks(2, 2)));
  recent.note(6, tasks(0, 5_000));
  expect(recent.since(4)).toBeNull();
  expect(recent.since(5)?.size).toBe(5_000);
  recent.note(7, tasks(0, 6_000));
  expect(recent.since(6)).toBeNull();
  expect(recent.since(7)).toEqual(new Set());
});
