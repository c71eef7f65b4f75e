import { Dexie, type EntityTable } from 'dexie';
import type { Quarantined } from './types.ts';

/** A sealed row: its key and version are in the clear and in what the seal vouches for; all else is inside. */
export type SealedRow = { readonly key: string; readonly version: number; readonly sealed: Uint8Array<ArrayBuffer> };

export type QuarantineRow = {
  readonly id?: number;
  readonly table: Quarantined['table'];
  readonly key: string;
  readonly at: number;
  /** The row as it was found: it may be evidence, or words that another copy of the key can open. */
  readonly row: unknown;
};

export type MirrorDatabase = Dexie & {
  readonly pages: EntityTable<SealedRow, 'key'>;
  readonly changes: EntityTable<SealedRow, 'key'>;
  readonly manifests: EntityTable<SealedRow, 'key'>;
  readonly drafts: EntityTable<SealedRow, 'key'>;
  readonly commands: EntityTable<SealedRow, 'key'>;
  readonly quarantine: EntityTable<QuarantineRow, 'id'>;
};

/** The version of the tables that this program knows. */
const newestVersion = 1;

/**
 * Whether a newer program has been here. Dexie would open its store all the same and could change it; an older program leaves it alone.
 */
export async function isOfNewerProgram(name: string, factory: IDBFactory): Promise<boolean> {
  const found = (await factory.databases()).find((one) => one.name === name);
  // Dexie counts in tenths.
  return found?.version !== undefined && found.version > newestVersion * 10;
}

export type SealedTable = 'pages' | 'changes' | 'manifests' | 'drafts' | 'commands';

/**
 * The migrations, frozen: a version that has been released is never edited; a change is a new `version` below the last, and
 * `newestVersion` with it.
 */
export function openDatabase(
  name: string,
  indexedDb?: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange },
): MirrorDatabase {
  const database = new Dexie(name, { chromeTransactionDurability: 'strict', ...indexedDb }) as MirrorDatabase;
  database.version(1).stores({
    pages: 'key',
    changes: 'key',
    manifests: 'key',
    drafts: 'key',
    commands: 'key',
    quarantine: '++id',
  });
  return database;
}
