import { expect, test } from 'vitest';
import { nextVertebra } from './index.ts';

test.each([
  [[], ''],
  [['T12'], 'L1'],
  [['l5'], 'S1'],
  [['L5', 'L4'], 'L3'],
  [['L1', 'T12'], 'T11'],
  [['C7', 'T1'], 'T2'],
  [['S1'], ''],
  [['C2', 'C1'], ''],
  [['lesion'], ''],
])('after %j comes %j', (labels, next) => {
  expect(nextVertebra(labels)).toBe(next);
});
