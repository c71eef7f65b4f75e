import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyRing } from '../keys/index.ts';
import { assembleKeys, assembleObjects, assembleParts, checkObjectList } from './assemble.ts';
import { syncPlace } from './copy-file.ts';
import { isOurs, type Manifest, readManifest } from './manifest.ts';
import { type ReadBack, readBack } from './read-back.ts';
import { type Generation, hostsIn, placeOf } from './target.ts';
import { asTrouble, BackupTrouble } from './trouble.ts';

export type RestoreAsked = {
  readonly target: string;
  readonly directory: string;
  /** Of several hosts in one target. */
  readonly host: string | null;
  /** Null takes the newest. */
  readonly generation: string | null;
  readonly newId: () => string;
  /** Opens the key of the folder with the secret that locks it; throws where it does not open. */
  readonly open: (folder: string) => Promise<KeyRing>;
};

export type Restored = { readonly manifest: Manifest; readonly found: ReadBack };

async function chosen(asked: RestoreAsked): Promise<{ readonly place: string; readonly generation: Generation }> {
  const hosts = await hostsIn(asked.target);
  const names = [...hosts.keys()];
  const host = asked.host ?? (names.length === 1 ? names[0] : undefined);
  const generations = host === undefined ? undefined : hosts.get(host);
  if (asked.generation !== null && host !== undefined) {
    const folder = join(placeOf(asked.target, host), asked.generation);
    const manifest = await readManifest(folder);
    if (!manifest.ok)
      throw new BackupTrouble(
        manifest.error === 'missing'
          ? `There is no generation ${asked.generation} in the target.`
          : `The manifest of ${asked.generation} is damaged. Nothing was restored; take another generation.`,
      );
    return { place: placeOf(asked.target, host), generation: { folder, manifest: manifest.value } };
  }
  if (host === undefined && names.length > 1)
    throw new BackupTrouble(`The target has backups of several hosts. Say which: --host ${names.join(' or --host ')}`);
  const newest = generations?.at(-1);
  if (host === undefined || newest === undefined)
    throw new BackupTrouble(
      asked.host === null
        ? 'There is no good backup in that target: a manifest is missing or damaged, or nothing was ever finished there.'
        : `There is no good backup of host ${asked.host} in that target.`,
    );
  return { place: placeOf(asked.target, host), generation: newest };
}

/**
 * Restores a generation into an empty folder. Everything is assembled and read back aside and moved into its place only when all of it is
 * whole, the keys last: a folder without them is refused by a host. Throws `BackupTrouble`; the folder is then empty as before.
 */
export async function restoreBackup(asked: RestoreAsked): Promise<Restored> {
  const { directory } = asked;
  const there = await readdir(directory).catch(() => []);
  if (there.length > 0)
    throw new BackupTrouble('That folder is not empty. Restore into an empty one: nothing is ever written over.');
  const { place, generation } = await chosen(asked);
  const { folder, manifest } = generation;
  const aside = join(directory, `.restoring-${asked.newId().slice(0, 8)}`);
  try {
    await mkdir(aside, { recursive: true, mode: 0o700 });
    await assembleKeys(folder, manifest, aside);
    const keys = await asked.open(aside);
    if (!isOurs(manifest, keys))
      throw new BackupTrouble('The manifest was not written with the key of this backup. Nothing was restored.');
    await assembleParts(folder, manifest, aside, keys);
    await checkObjectList(folder, manifest);
    if (manifest.archive !== null) await assembleObjects(place, folder, aside);
    const found = await readBack(aside, manifest, keys);
    const names = (await readdir(aside)).sort((one, other) => Number(one === 'keys') - Number(other === 'keys'));
    for (const name of names) await rename(join(aside, name), join(directory, name));
    await rm(aside, { recursive: true });
    await syncPlace(directory);
    return { manifest, found };
  } catch (reason) {
    await rm(aside, { recursive: true, force: true });
    throw asTrouble(reason, 'The disk of the new data folder');
  }
}
