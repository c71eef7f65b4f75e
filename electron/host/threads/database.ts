import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type DatabasePlace = {
  /** Path of the database; null keeps it in memory (tests of what stands on it). */
  readonly file: string | null;
  /** Largest size in bytes that it may grow to; null leaves it to the disk. Beyond it writes fail as on a full disk. */
  readonly maximumBytes?: number | null;
};

const pageBytes = 4096;

/**
 * Opens a database whose commits are on disk when they return: WAL with `synchronous=FULL` syncs the log at each commit
 * (sqlite.org/pragma.html#pragma_synchronous). For worker threads: everything here blocks.
 */
export function openDurableDatabase(place: DatabasePlace): DatabaseSync {
  // The folder holds one person's patients; others on the machine have no business in it.
  if (place.file !== null) mkdirSync(dirname(place.file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(place.file ?? ':memory:', { timeout: 2_000 });
  try {
    prepare(database, place);
  } catch (reason) {
    // A file that is held open can be neither mended nor removed.
    database.close();
    throw reason;
  }
  return database;
}

function prepare(database: DatabaseSync, place: DatabasePlace): void {
  database.exec(`PRAGMA page_size=${pageBytes}`);
  if (place.file !== null) database.exec('PRAGMA journal_mode=WAL');
  // macOS answers a plain fsync before the disk has it (fcntl F_FULLFSYNC).
  database.exec('PRAGMA synchronous=FULL; PRAGMA fullfsync=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF');
  if (typeof place.maximumBytes === 'number') {
    database.exec(`PRAGMA max_page_count=${Math.max(8, Math.floor(place.maximumBytes / pageBytes))}`);
  }
}

/** Runs `work` in one transaction: all of it is on disk when this returns, or nothing of it happened and it throws. */
export function inTransaction<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (reason) {
    // A failed COMMIT may have ended the transaction already (sqlite.org/lang_transaction.html).
    if (database.isTransaction) database.exec('ROLLBACK');
    throw reason;
  }
}

const resultCode = (reason: unknown): number | null =>
  reason instanceof Error && 'errcode' in reason ? Number(reason.errcode) & 0xff : null;

/** The disk itself failed (SQLITE_IOERR, sqlite.org/rescode.html): within a commit nobody knows what it holds now. */
export function isDiskFailure(reason: unknown): boolean {
  return resultCode(reason) === 10;
}

/** What a failed write means, in words for the person at the screen. */
export function describeWriteFailure(reason: unknown): string {
  switch (resultCode(reason)) {
    // Result codes: sqlite.org/rescode.html
    case 13:
      return 'The disk of the data folder is full. Free some space and try again.';
    case 5:
    case 6:
      return 'Another program holds the data folder. Close it and try again.';
    case 8:
    case 14:
      return 'The data folder cannot be written to. Check its rights.';
    case 10:
      return 'The disk of the data folder failed to write.';
    case 11:
    case 26:
      return 'A database in the data folder is damaged. Nothing was deleted.';
    default:
      return 'The data folder could not be written to.';
  }
}
