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

export const sealedTables = ['pages', 'changes', 'manifests', 'drafts', 'commands'] as const;
export type SealedTable = (typeof sealedTables)[number];

/**
 * The migrations, frozen: a version that has been released is never edited; a change is a new `version` below the last. An older
 * program meets a newer database with a VersionError from the browser and leaves it untouched.
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
