import { mkdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Manifest, readManifest } from './manifest.ts';
import { BackupTrouble } from './trouble.ts';

/** Good generations that a target keeps of one host unless told otherwise; older ones are removed after the next good one. */
export const keptGenerations = 7;

/** A good backup: only what was read back gets this name. */
export type Generation = { readonly folder: string; readonly manifest: Manifest };

const partPrefix = '.part-';
const checkPrefix = '.check-';

/** Where one host's backups lie in a target. Hosts may share a target: each keeps to its own folder. */
export function placeOf(target: string, host: string): string {
  return join(target, `host-${host}`);
}

export const partOf = (place: string, name: string): string => join(place, `${partPrefix}${name}`);
export const checkOf = (place: string, name: string): string => join(place, `${checkPrefix}${name}`);

/** One backup at a time into one place; held through SQLite, so that a killed process leaves no lock behind. */
export function lockPlace(place: string): () => void {
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(place, 'backup.lock'));
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (reason) {
    database.close();
    const busy = reason instanceof Error && 'errcode' in reason && Number(reason.errcode) % 256 === 5;
    if (busy) throw new BackupTrouble('Another backup into this target is under way. Nothing was done.');
    throw reason;
  }
  return () => database.close();
}

/** Oldest first. A folder whose manifest is missing or damaged is none. */
export async function generationsIn(place: string): Promise<readonly Generation[]> {
  const found: Generation[] = [];
  for (const name of await readdir(place).catch(() => [])) {
    if (!/^\d{8}T\d{6}Z(?:-\d+)?$/.test(name)) continue;
    const folder = join(place, name);
    const manifest = await readManifest(folder);
    if (manifest.ok && manifest.value.generation === name) found.push({ folder, manifest: manifest.value });
  }
  return found.sort((one, other) => one.manifest.begunAt - other.manifest.begunAt);
}

/** What an interrupted run left. Under the lock only. */
export async function dropUnfinished(place: string): Promise<void> {
  for (const name of await readdir(place).catch(() => []))
    if (name.startsWith(partPrefix) || name.startsWith(checkPrefix))
      await rm(join(place, name), { recursive: true, force: true });
  for (const name of await readdir(join(place, 'objects')).catch(() => []))
    if (name.endsWith('.part')) await rm(join(place, 'objects', name), { force: true });
}

/** Removes the oldest good generations beyond `keep`. Objects of the pool stay: the archive never lets one go. */
export async function dropOld(place: string, keep: number): Promise<void> {
  const all = await generationsIn(place);
  for (const { folder } of all.slice(0, Math.max(0, all.length - keep)))
    await rm(folder, { recursive: true, force: true });
}

/** Every host that has a good backup in the target, with its generations. */
export async function hostsIn(target: string): Promise<ReadonlyMap<string, readonly Generation[]>> {
  const hosts = new Map<string, readonly Generation[]>();
  for (const name of await readdir(target).catch(() => [])) {
    const host = /^host-([0-9a-f]{12})$/.exec(name)?.[1];
    const generations = host === undefined ? [] : await generationsIn(join(target, name));
    if (host !== undefined && generations.length > 0) hosts.set(host, generations);
  }
  return hosts;
}
