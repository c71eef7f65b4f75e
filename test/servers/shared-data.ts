import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real studies, orders and messages beside the checkout; absent on a machine that was not given them. */
export const sharedData = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
export const hasSharedData = existsSync(join(sharedData, 'dicom', 'studies'));

/** Every file below a folder, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesBelow(path) : [path];
    });
}

/** The Part 10 files (PS3.10 7.1) below a folder, one after another. */
export async function* part10FilesOf(folder: string): AsyncGenerator<Uint8Array> {
  for (const path of filesBelow(folder)) {
    const bytes = new Uint8Array(await readFile(path));
    if (Buffer.from(bytes.subarray(128, 132)).toString('latin1') === 'DICM') yield bytes;
  }
}
