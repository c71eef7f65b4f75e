import type { MirrorDatabase, SealedRow, SealedTable } from './database.ts';
import type { Sealer } from './sealing.ts';
import type { Quarantined } from './types.ts';

/**
 * Which rows a table holds, and in which version. A seal alone does not show that an old row was put back or one taken away; the
 * manifest, sealed in the same transaction as the row, does.
 */
export type Manifest<More extends object = object> = More & {
  /** Grows with each write; rows take their version from it, so that no version is ever given twice. */
  readonly version: number;
  readonly rows: { readonly [key: string]: number };
};

export type Vault = {
  readonly database: MirrorDatabase;
  readonly sealer: Sealer;
  readonly now: () => number;
  /** Moves a row that did not open out of the way, and says so. */
  quarantine(table: Quarantined['table'], key: string, row: unknown): Promise<void>;
};

const manifestPlace = (name: string, version: number) => ({ table: 'manifests', key: name, version });

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { version, rows } = value as { version?: unknown; rows?: unknown };
  return typeof version === 'number' && typeof rows === 'object' && rows !== null;
}

/** Null when there is none yet, or none that can be trusted (it is then in quarantine). */
export async function readManifest<More extends object>(vault: Vault, name: string): Promise<Manifest<More> | null> {
  const row = await vault.database.manifests.get(name);
  if (row === undefined) return null;
  const opened = await vault.sealer.open(manifestPlace(name, row.version), row.sealed);
  if (isManifest(opened) && opened.version === row.version) return opened as Manifest<More>;
  await vault.quarantine('manifests', name, row);
  return null;
}

export async function sealManifest(vault: Vault, name: string, manifest: Manifest): Promise<SealedRow> {
  return {
    key: name,
    version: manifest.version,
    sealed: await vault.sealer.seal(manifestPlace(name, manifest.version), manifest),
  };
}

export async function sealRow(
  vault: Vault,
  table: SealedTable,
  key: string,
  version: number,
  content: unknown,
): Promise<SealedRow> {
  return { key, version, sealed: await vault.sealer.seal({ table, key, version }, content) };
}

/**
 * The content of one row, or null: absent, or put into quarantine because it is not what was written last (altered, moved, rolled back).
 * `expected` is the manifest's version; undefined where the manifest was lost, and the seal alone is asked.
 */
export async function openRow(
  vault: Vault,
  table: SealedTable,
  key: string,
  row: SealedRow | undefined,
  expected: number | undefined,
): Promise<unknown | null> {
  if (row === undefined) {
    if (expected !== undefined) await vault.quarantine(table, key, null);
    return null;
  }
  const opened =
    expected === undefined || expected === row.version
      ? await vault.sealer.open({ table, key, version: row.version }, row.sealed)
      : null;
  if (opened === null) await vault.quarantine(table, key, row);
  return opened;
}
