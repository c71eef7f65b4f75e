import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before and after a run of Vitest: a folder for what all of its files share. See `onceARun`. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'overread-run-'));
  process.env.OVERREAD_TEST_RUN = folder;
  return () => rm(folder, { recursive: true, force: true });
}
