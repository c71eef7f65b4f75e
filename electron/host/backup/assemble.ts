import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { objectsIn, poolPath } from './archive-objects.ts';
import { copyFile, digestOf, writeNew } from './copy-file.ts';
import { type BackupKeys, type Manifest, objectListFile } from './manifest.ts';
import { BackupTrouble } from './trouble.ts';

/** Where a part lies in a generation. */
export const partFile = (generation: string, path: string): string => join(generation, 'parts', path);

/** What a sealed part is sealed about: moved to another place it does not open. */
export const aboutPart = (path: string): string => `backup part|${path}`;

const damaged = (what: string): BackupTrouble =>
  new BackupTrouble(`This backup is damaged: ${what}. Nothing was restored from it; take another generation.`);

/** Brings the parts that open without a key (`keys/`) into a folder, so that the key can be tried before anything large is copied. */
export async function assembleKeys(generation: string, manifest: Manifest, to: string): Promise<void> {
  for (const part of manifest.parts) if (part.path.startsWith('keys/')) await assemblePart(generation, part, to, null);
}

/** Brings all other parts into the folder as a host wants them, each held against the manifest's digest. */
export async function assembleParts(
  generation: string,
  manifest: Manifest,
  to: string,
  keys: BackupKeys,
): Promise<void> {
  for (const part of manifest.parts) if (!part.path.startsWith('keys/')) await assemblePart(generation, part, to, keys);
}

async function assemblePart(
  generation: string,
  part: Manifest['parts'][number],
  to: string,
  keys: BackupKeys | null,
): Promise<void> {
  const from = partFile(generation, part.path);
  if (!(await isThere(from))) throw damaged(`${part.path} is missing`);
  const target = join(to, part.path);
  const changed = damaged(`${part.path} is not what was backed up`);
  if (part.kind !== 'sealed') {
    const copied = await copyFile(from, target);
    if (copied.sha256 !== part.sha256 || copied.bytes !== part.bytes) throw changed;
    return;
  }
  const found = await digestOf(from);
  if (found.sha256 !== part.sha256 || found.bytes !== part.bytes) throw changed;
  const opened = keys?.sealer('backup').open(await readFile(from), aboutPart(part.path));
  if (opened?.ok !== true) throw changed;
  await writeNew(target, opened.value);
}

/** The list of the archive's objects, held against the manifest. */
export async function checkObjectList(generation: string, manifest: Manifest): Promise<void> {
  if (manifest.archive === null) return;
  const list = join(generation, objectListFile);
  if (!(await isThere(list))) throw damaged('the list of the archive’s objects is missing');
  if ((await digestOf(list)).sha256 !== manifest.archive.listSha256)
    throw damaged('the list of the archive’s objects is not what was backed up');
}

/** Every object of the generation is in the pool with its size. The bytes of an object are read again when it comes into the pool, and at a restore. */
export async function checkPool(place: string, generation: string): Promise<void> {
  for await (const one of objectsIn(generation)) {
    const size = await stat(poolPath(place, one.sha256)).then(
      (found) => found.size,
      () => null,
    );
    if (size === null) throw damaged(`object ${one.sha256.slice(0, 12)}… of the archive is missing in the pool`);
    if (size !== one.bytes) throw damaged(`object ${one.sha256.slice(0, 12)}… of the archive was cut`);
  }
}

/** Brings the archive's objects into the folder, each held against its digest. */
export async function assembleObjects(place: string, generation: string, to: string): Promise<void> {
  for await (const one of objectsIn(generation)) {
    const target = join(to, 'archive', 'objects', one.name.slice(0, 2), one.name);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const from = poolPath(place, one.sha256);
    if (!(await isThere(from)))
      throw damaged(`object ${one.sha256.slice(0, 12)}… of the archive is missing in the pool`);
    if ((await copyFile(from, target)).sha256 !== one.sha256)
      throw damaged(`object ${one.sha256.slice(0, 12)}… of the archive is not what was backed up`);
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}
