import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { copyFile, digestOf, writeNew } from './copy-file.ts';
import { objectListFile } from './manifest.ts';
import { BackupTrouble } from './trouble.ts';

/** One sealed DICOM object: its name in the archive, and the digest of its sealed bytes, under which the pool of the target keeps it. */
const objectSchema = z.strictObject({
  name: z.string().regex(/^[0-9a-f]{64}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  /** Of the file in the data folder, milliseconds: with its size it tells that nothing changed since. */
  changed: z.number(),
});
export type ArchiveObject = z.infer<typeof objectSchema>;

/** Where the pool keeps an object. One pool for all generations: an object that is there already is not copied again. */
export function poolPath(place: string, sha256: string): string {
  return join(place, 'objects', sha256.slice(0, 2), sha256);
}

/** Reads the list of a generation; stops with an error at a line that is none. */
export async function* objectsIn(folder: string): AsyncGenerator<ArchiveObject, void, void> {
  const lines = createInterface({
    input: createReadStream(join(folder, objectListFile)),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) if (line !== '') yield objectSchema.parse(JSON.parse(line));
}

/** The list of an earlier generation by name; empty where it cannot be read, and then every object is hashed again. */
async function known(folder: string | null): Promise<ReadonlyMap<string, ArchiveObject>> {
  const found = new Map<string, ArchiveObject>();
  if (folder === null || !existsSync(join(folder, objectListFile))) return found;
  try {
    for await (const one of objectsIn(folder)) found.set(one.name, one);
  } catch {
    found.clear();
  }
  return found;
}

/**
 * Brings the objects of an embedded archive into the pool and writes the list of this generation. Objects are never changed once they
 * are written, so that only what is new is copied.
 */
export async function copyObjects(parts: {
  readonly directory: string;
  readonly place: string;
  readonly generation: string;
  readonly previous: string | null;
  readonly newName: () => string;
}): Promise<{
  readonly objects: number;
  readonly bytes: number;
  readonly copied: number;
  readonly listSha256: string;
}> {
  const source = join(parts.directory, 'archive', 'objects');
  const before = await known(parts.previous);
  const lines: string[] = [];
  let bytes = 0;
  let copied = 0;
  for (const folder of (await readdir(source)).sort()) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const name of (await readdir(join(source, folder))).sort()) {
      if (!/^[0-9a-f]{64}$/.test(name)) continue;
      const file = join(source, folder, name);
      const { size, mtimeMs } = await stat(file);
      const old = before.get(name);
      const unchanged = old !== undefined && old.bytes === size && old.changed === mtimeMs;
      let one = unchanged && (await hasSize(poolPath(parts.place, old.sha256), size)) ? old : null;
      if (one === null) {
        one = { name, changed: mtimeMs, ...(await intoPool(file, parts.place, parts.newName())) };
        copied += 1;
      }
      lines.push(JSON.stringify(one));
      bytes += one.bytes;
    }
  }
  const list = join(parts.generation, objectListFile);
  await writeNew(list, lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  return { objects: lines.length, bytes, copied, listSha256: (await digestOf(list)).sha256 };
}

async function hasSize(file: string, size: number): Promise<boolean> {
  return stat(file).then(
    (found) => found.size === size,
    () => false,
  );
}

async function intoPool(
  file: string,
  place: string,
  newName: string,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const temporary = join(place, 'objects', `${newName}.part`);
  const { sha256, bytes } = await copyFile(file, temporary);
  const target = poolPath(place, sha256);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  // What the disk of the target took is read again before anybody counts on it.
  if ((await digestOf(temporary)).sha256 !== sha256) {
    await rm(temporary, { force: true });
    throw new BackupTrouble('The target did not keep what was written to it. Use another disk.');
  }
  await rename(temporary, target);
  return { sha256, bytes };
}
