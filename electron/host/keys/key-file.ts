import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

function hasCode(reason: unknown, code: string): boolean {
  return reason instanceof Error && 'code' in reason && reason.code === code;
}

/** The file's text, or null where there is none. Other troubles (rights, a folder in its place) are thrown. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (reason) {
    if (hasCode(reason, 'ENOENT')) return null;
    throw reason;
  }
}

/** A file of mode 0600 beside the one that is meant, on disk when it answers: it has only to be given its name. */
export async function writeBeside(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.new`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}

/**
 * Writes a new file of mode 0600, on disk with its folder before it answers. Never replaces one: false when another process was
 * first, because a key that is overwritten takes everything sealed under it along.
 */
export async function writeOnce(file: string, text: string): Promise<boolean> {
  const temporary = await writeBeside(file, text);
  try {
    await link(temporary, file);
  } catch (reason) {
    if (hasCode(reason, 'EEXIST')) return false;
    throw reason;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(file));
  return true;
}

/** A folder cannot be synced on Windows; there the file system's own journal keeps the name. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
