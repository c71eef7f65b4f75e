import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds of the newest change under a file or folder; 0 where there is none. */
export function newestChange(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  let newest = 0;
  for (const one of readdirSync(path, { withFileTypes: true })) {
    if (one.name !== 'node_modules') newest = Math.max(newest, newestChange(join(path, one.name)));
  }
  return newest;
}

/** Whether what was built must be built again: it is missing, or older than a source. */
export function isStale(built: string, sources: readonly string[]): boolean {
  const found = statSync(built, { throwIfNoEntry: false });
  return found === undefined || sources.some((source) => newestChange(source) > found.mtimeMs);
}

export function pageIsStale(root: string): boolean {
  const sources = ['renderer', 'shared', 'vite.config.ts', 'package-lock.json'];
  return isStale(
    join(root, 'dist', 'page', 'index.html'),
    sources.map((one) => join(root, one)),
  );
}

export function electronIsStale(root: string): boolean {
  const sources = ['electron', 'shared', 'package-lock.json'];
  return isStale(
    join(root, 'dist', 'electron', 'main.js'),
    sources.map((one) => join(root, one)),
  );
}
