import { readFileSync } from 'node:fs';

/** A file's text, or null where there is none; other troubles (rights, a folder in its place) are thrown. */
export function readTextFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (reason) {
    if (reason instanceof Error && 'code' in reason && reason.code === 'ENOENT') return null;
    throw reason;
  }
}
