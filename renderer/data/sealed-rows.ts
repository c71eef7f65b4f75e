import { Refusal } from './deadline.ts';
import { type Manifest, openRow, readManifest, sealManifest, sealRow, type Vault } from './manifest.ts';

export type SealedRows = {
  /** `change` is given what is stored now (null for none) and answers what to store, null to take it away. */
  write(key: string, change: (before: unknown | null) => unknown | null): Promise<void>;
  read(key: string): Promise<unknown | null>;
  list(): Promise<readonly unknown[]>;
};

/** Another window wrote between our reading and our writing, so often that something else is wrong. */
const tries = 5;

/** Rows sealed singly, with their manifest: drafts and commands. */
export function createSealedRows(vault: Vault, table: 'drafts' | 'commands'): SealedRows {
  const { database } = vault;

  /** A lost manifest is made again from the rows that open: a user's words count for more than proof against a rollback. */
  async function manifestNow(): Promise<Manifest> {
    const found = await readManifest(vault, table);
    if (found !== null) return found;
    const rows: { [key: string]: number } = {};
    let version = 0;
    for (const row of await database[table].toArray()) {
      if ((await openRow(vault, table, row.key, row, undefined)) === null) continue;
      rows[row.key] = row.version;
      version = Math.max(version, row.version);
    }
    return { version, rows };
  }

  async function writeOnce(key: string, change: (before: unknown | null) => unknown | null): Promise<boolean> {
    const manifest = await manifestNow();
    const stored = await database.manifests.get(table);
    const before = await openRow(vault, table, key, await database[table].get(key), manifest.rows[key]);
    const content = change(before);
    const version = manifest.version + 1;
    const rows: { [key: string]: number } = { ...manifest.rows };
    if (content === null) delete rows[key];
    else rows[key] = version;
    const row = content === null ? null : await sealRow(vault, table, key, version, content);
    const sealedManifest = await sealManifest(vault, table, { version, rows });
    return await database.transaction('rw', database[table], database.manifests, async () => {
      const current = await database.manifests.get(table);
      if (current?.version !== stored?.version) return false;
      if (row === null) await database[table].delete(key);
      else await database[table].put(row);
      await database.manifests.put(sealedManifest);
      return true;
    });
  }

  return {
    write: async (key, change) => {
      for (let attempt = 0; attempt < tries; attempt += 1) if (await writeOnce(key, change)) return;
      throw new Refusal({ code: 'refused', message: 'Another window keeps writing to the store of this machine.' });
    },
    read: async (key) => {
      const manifest = await manifestNow();
      const row = await database[table].get(key);
      const expected = manifest.rows[key];
      // A row that the manifest does not know was put there from outside, or put back after it was forgotten.
      if (row !== undefined && expected === undefined) {
        await vault.quarantine(table, key, row);
        return null;
      }
      return openRow(vault, table, key, row, expected);
    },
    list: async () => {
      const manifest = await manifestNow();
      const found: unknown[] = [];
      const stored = new Map((await database[table].toArray()).map((row) => [row.key, row]));
      for (const [key, row] of stored) if (manifest.rows[key] === undefined) await vault.quarantine(table, key, row);
      for (const [key, version] of Object.entries(manifest.rows)) {
        const content = await openRow(vault, table, key, stored.get(key), version);
        if (content !== null) found.push(content);
      }
      return found;
    },
  };
}
