import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { root } from './tree.ts';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
type Lock = z.output<typeof lockSchema>['packages'];

/** Packages that some package would like to have, and that the lock file does not know: `npm ci` refuses such a file. */
function missingFrom(packages: Lock): readonly string[] {
  const isThere = (from: string, name: string): boolean => {
    for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
      if (packages[`${place === '' ? '' : `${place}/`}node_modules/${name}`] !== undefined) return true;
      if (place === '') return false;
    }
  };
  return Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isThere(place, name)),
  );
}

it('the lock file names the packages of every system, so that npm ci works on each (a registry may lack some of them)', () => {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  expect(missingFrom(packages)).toEqual([]);
  const { 'node_modules/@biomejs/cli-darwin-arm64': _, ...without } = packages;
  expect(missingFrom(without)).toEqual(['@biomejs/cli-darwin-arm64']);
});

it('the lock file names no registry', () => {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  expect(Object.values(packages).filter((one) => one.resolved !== undefined)).toEqual([]);
});
