import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { copyObjects } from './archive-objects.ts';
import { aboutPart, assembleKeys, assembleParts, checkObjectList, checkPool, partFile } from './assemble.ts';
import { copyFile, digestOf, syncPlace, writeNew } from './copy-file.ts';
import {
  type BackupKeys,
  hostOf,
  isOurs,
  type Manifest,
  type ManifestBody,
  manifestFile,
  manifestText,
  readManifest,
} from './manifest.ts';
import { type Part, partsOf, sizeOf } from './parts.ts';
import { type ReadBack, readBack } from './read-back.ts';
import {
  checkOf,
  dropOld,
  dropUnfinished,
  generationsIn,
  keptGenerations,
  lockPlace,
  partOf,
  placeOf,
} from './target.ts';
import { asTrouble, BackupTrouble } from './trouble.ts';

export type BackupAsked = {
  readonly directory: string;
  readonly target: string;
  readonly program: string;
  readonly zone: string;
  readonly keep?: number;
};

export type BackupPorts = {
  now(): number;
  newId(): string;
  /** Before each step, by its name; a throw ends the run as a failing disk would. */
  step?(name: string): void;
  /** Bytes that are free on the disk of a folder. */
  free?(folder: string): Promise<number>;
};

export type BackupMade = {
  readonly generation: string;
  readonly folder: string;
  readonly host: string;
  readonly begunAt: number;
  readonly parts: number;
  readonly bytes: number;
  readonly archive: { readonly objects: number; readonly copied: number } | null;
  readonly found: ReadBack;
  /** Good generations that the target now has of this host. */
  readonly generations: number;
};

/** More than the copy itself: what grows while it is made, and the folder in which it is read back. */
const spare = 64 * 1024 * 1024;

const freeOn = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/**
 * Copies a data folder, whether a host runs on it or not, into a new generation of the target, reads it back, and only then gives it its
 * name. Throws `BackupTrouble`; whatever happens, the generations that were good before stay as they are.
 */
export async function makeBackup(asked: BackupAsked, keys: BackupKeys, ports: BackupPorts): Promise<BackupMade> {
  const directory = resolve(asked.directory);
  const target = resolve(asked.target);
  if (target === directory || target.startsWith(directory + sep))
    throw new BackupTrouble('The target lies in the data folder itself. Name one outside, on another disk.');
  const host = hostOf(keys);
  const place = placeOf(target, host);
  let release: (() => void) | null = null;
  try {
    await mkdir(join(place, 'objects'), { recursive: true, mode: 0o700 });
    release = lockPlace(place);
    await dropUnfinished(place);
    const made = await writeGeneration({ ...asked, directory, host, place }, keys, ports);
    await dropOld(place, Math.max(1, asked.keep ?? keptGenerations));
    return { ...made, generations: (await generationsIn(place)).length };
  } catch (reason) {
    if (release !== null) await dropUnfinished(place).catch(() => undefined);
    throw asTrouble(reason, 'The disk of the backup’s target');
  } finally {
    release?.();
  }
}

type Run = BackupAsked & { readonly host: string; readonly place: string };

async function writeGeneration(
  run: Run,
  keys: BackupKeys,
  ports: BackupPorts,
): Promise<Omit<BackupMade, 'generations'>> {
  const { directory, place } = run;
  const step = ports.step ?? (() => undefined);
  const begunAt = ports.now();
  const earlier = await generationsIn(place);
  const name = freeName(place, begunAt);
  const part = partOf(place, name);
  const parts = await partsOf(directory);
  if (!parts.some((one) => one.path === 'keys/data-key.json'))
    throw new BackupTrouble('There is no Overread data in that folder.');
  // Twice: what is copied is copied again to be read back.
  const needed = 2 * (await sizeOf(directory, parts)) + spare;
  const free = await (ports.free ?? freeOn)(place);
  if (free < needed)
    throw new BackupTrouble(
      `The disk of the backup’s target has ${megabytes(free)} free and the backup needs ${megabytes(needed)}. Free some space there; the last good backup stays.`,
    );
  await mkdir(part, { mode: 0o700 });
  const copied: Manifest['parts'][number][] = [];
  let archive: Awaited<ReturnType<typeof copyObjects>> | null = null;
  const objects = async (): Promise<void> => {
    step('archive objects');
    const previous = earlier.at(-1)?.folder ?? null;
    archive = await copyObjects({ directory, place, generation: part, previous, newName: ports.newId });
  };
  const hasArchive = existsSync(join(directory, 'archive', 'objects'));
  for (const one of parts) {
    // After the record and the index that name them, before the access log that tells who saw them.
    if (hasArchive && archive === null && one.path.startsWith('audit')) await objects();
    step(one.path);
    copied.push(await copyPart(directory, part, one, keys));
  }
  if (hasArchive && archive === null) await objects();
  const stored = archive as Awaited<ReturnType<typeof copyObjects>> | null;
  const body: ManifestBody = {
    format: 1,
    program: run.program,
    host: run.host,
    generation: name,
    begunAt,
    zone: run.zone,
    parts: copied,
    archive: stored === null ? null : { objects: stored.objects, bytes: stored.bytes, listSha256: stored.listSha256 },
  };
  step(manifestFile);
  await writeNew(join(part, manifestFile), manifestText(body, keys));
  step('read back');
  const found = await readBackFrom(place, part, checkOf(place, name), keys);
  step('rename');
  await syncPlace(part);
  await rename(part, join(place, name));
  await syncPlace(place);
  return {
    generation: name,
    folder: join(place, name),
    host: run.host,
    begunAt,
    parts: copied.length,
    bytes: copied.reduce((sum, one) => sum + one.bytes, 0),
    archive: stored === null ? null : { objects: stored.objects, copied: stored.copied },
    found,
  };
}

function megabytes(bytes: number): string {
  return bytes < 10_000_000_000 ? `${Math.ceil(bytes / 1_000_000)} MB` : `${Math.ceil(bytes / 1_000_000_000)} GB`;
}

/** Two runs within one second, or a clock that was set back, must not meet. */
function freeName(place: string, begunAt: number): string {
  const name = new Date(begunAt).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  for (let count = 1; ; count += 1) {
    const tried = count === 1 ? name : `${name}-${count}`;
    if (!existsSync(join(place, tried))) return tried;
  }
}

async function copyPart(
  directory: string,
  generation: string,
  { path, kind }: Part,
  keys: BackupKeys,
): Promise<Manifest['parts'][number]> {
  const from = join(directory, path);
  const to = partFile(generation, path);
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  if (kind === 'as-is') return { path, kind, ...(await copyFile(from, to)) };
  if (kind === 'sealed') {
    await writeNew(to, keys.sealer('backup').seal(await readFile(from), aboutPart(path)));
  } else {
    const database = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
    try {
      // All pages in one step, under one read lock: the state of one moment. Writers go on, in the log of the source.
      await backup(database, to, { rate: 2_147_483_647 });
    } finally {
      database.close();
    }
    await syncPlace(to);
  }
  return { path, kind, ...(await digestOf(to)) };
}

/** Reads a generation back through its manifest, in a folder that is removed afterwards. */
async function readBackFrom(place: string, generation: string, folder: string, keys: BackupKeys): Promise<ReadBack> {
  const manifest = await readManifest(generation);
  if (!manifest.ok || !isOurs(manifest.value, keys))
    throw new BackupTrouble('The target did not keep the manifest that was written to it.');
  await mkdir(folder, { mode: 0o700 });
  try {
    await assembleKeys(generation, manifest.value, folder);
    await assembleParts(generation, manifest.value, folder, keys);
    await checkObjectList(generation, manifest.value);
    if (manifest.value.archive !== null) await checkPool(place, generation);
    return await readBack(folder, manifest.value, keys);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
