import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Sealer } from '../keys/types.ts';

/** One row of the record as it lies on the disk: everything but the stamp and the version is sealed or hashed. */
export type StoredVersion = {
  readonly key: Uint8Array;
  readonly sequence: number;
  readonly version: number;
  readonly lastUpdated: number;
  readonly body: Uint8Array;
};

export type Write = {
  readonly type: string;
  readonly key: Uint8Array;
  readonly ifMatch: string | null;
  /** Keyed hashes that the resource is found by. */
  readonly hashes: readonly Uint8Array[];
  /** Host's clock at the write, milliseconds. */
  readonly now: number;
  /** The sealed body, once version and stamp are known. */
  seal(version: number, lastUpdated: number): Uint8Array;
};

export type WriteOutcome =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly current: number | null };

/** A search in the record's own words; every list of hashes is an OR, the lists together an AND. */
export type StoreSearch = {
  readonly type: string;
  readonly anyOf: readonly (readonly Uint8Array[])[];
  readonly noneOf: readonly (readonly Uint8Array[])[];
  readonly keys: readonly Uint8Array[] | null;
  /** Half-open bounds of `_lastUpdated` in milliseconds. */
  readonly from: number;
  readonly before: number;
  readonly outside: readonly { readonly from: number; readonly before: number }[];
  /** Continue behind this sequence number (in the direction of reading). */
  readonly behind: number | null;
  readonly descending: boolean;
  readonly limit: number;
};

export type RecordStore = {
  /** Queued; all that wait are written in one transaction and one fsync. */
  write(write: Write): Promise<WriteOutcome>;
  current(key: Uint8Array): StoredVersion | null;
  version(key: Uint8Array, version: number): StoredVersion | null;
  history(key: Uint8Array): StoredVersion[];
  search(search: StoreSearch): StoredVersion[];
  count(search: StoreSearch): number;
  close(): void;
};

const schemaVersion = 1;
const checkText = 'Overread record';
const checkAbout = 'record/check';

const schema = `
  CREATE TABLE version (
    sequence INTEGER PRIMARY KEY,
    key BLOB NOT NULL,
    version INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    body BLOB NOT NULL
  );
  CREATE UNIQUE INDEX version_by_key ON version (key, version);
  CREATE TABLE current (
    key BLOB PRIMARY KEY,
    type TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    last_updated INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX current_by_sequence ON current (type, sequence);
  CREATE INDEX current_by_stamp ON current (type, last_updated, sequence);
  CREATE TABLE found (hash BLOB NOT NULL, key BLOB NOT NULL, PRIMARY KEY (hash, key)) WITHOUT ROWID;
  CREATE INDEX found_by_key ON found (key);
  CREATE TABLE seal (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
`;

/**
 * The embedded record's tables. Throws when the folder holds a record of another key or of a later program, or when the disk
 * refuses; the caller turns that into an answer.
 */
export function openRecordStore(directory: string | null, sealer: Sealer): RecordStore {
  if (directory !== null) mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = directory === null ? ':memory:' : join(directory, 'record.sqlite');
  const writer = new DatabaseSync(path);
  writer.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;',
  );
  prepareSchema(writer, sealer);
  // A second connection reads the last committed state while the writer is inside a transaction; memory has one connection only.
  const reader = directory === null ? writer : new DatabaseSync(path, { readOnly: true });
  if (reader !== writer)
    reader.exec('PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;');

  const columns = 'v.key, v.sequence, v.version, v.last_updated AS lastUpdated, v.body';
  const readCurrent = reader.prepare(
    `SELECT ${columns} FROM current c JOIN version v ON v.sequence = c.sequence WHERE c.key = ?`,
  );
  const readVersion = reader.prepare(`SELECT ${columns} FROM version v WHERE v.key = ? AND v.version = ?`);
  const readHistory = reader.prepare(`SELECT ${columns} FROM version v WHERE v.key = ? ORDER BY v.version DESC`);
  const cached = new Map<string, StatementSync>();
  const searching = (text: string): StatementSync => {
    const known = cached.get(text);
    if (known !== undefined) return known;
    if (cached.size > 200) cached.clear();
    const made = reader.prepare(text);
    cached.set(text, made);
    return made;
  };

  const enqueue = createWriteQueue(writer);
  return {
    write: enqueue,
    current: (key) => (readCurrent.get(key) as StoredVersion | undefined) ?? null,
    version: (key, version) => (readVersion.get(key, version) as StoredVersion | undefined) ?? null,
    history: (key) => readHistory.all(key) as StoredVersion[],
    search: (search) => {
      const { where, parameters } = condition(search);
      const text = `SELECT ${columns} FROM current c JOIN version v ON v.sequence = c.sequence WHERE ${where}
        ORDER BY c.sequence ${search.descending ? 'DESC' : 'ASC'} LIMIT ?`;
      return searching(text).all(...parameters, search.limit) as StoredVersion[];
    },
    count: (search) => {
      const { where, parameters } = condition({ ...search, behind: null });
      const row = searching(`SELECT count(*) AS total FROM current c WHERE ${where}`).get(...parameters);
      return Number(row?.total ?? 0);
    },
    close: () => {
      if (reader !== writer) reader.close();
      if (writer.isOpen) {
        writer.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        writer.close();
      }
    },
  };
}

function prepareSchema(writer: DatabaseSync, sealer: Sealer): void {
  const found = Number(writer.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (found > schemaVersion) throw new Error('this record was written by a later version of Overread');
  if (found === 0) {
    writer.exec('BEGIN IMMEDIATE');
    writer.exec(schema);
    writer.prepare('INSERT INTO seal (name, body) VALUES (?, ?)').run('check', sealer.sealText(checkText, checkAbout));
    writer.exec(`PRAGMA user_version = ${schemaVersion}`);
    writer.exec('COMMIT');
    return;
  }
  const body = writer.prepare('SELECT body FROM seal WHERE name = ?').get('check')?.body;
  const opened = body instanceof Uint8Array ? sealer.openText(body, checkAbout) : null;
  if (opened === null || !opened.ok || opened.value !== checkText) {
    throw new Error('the record in this folder was sealed with another key');
  }
}

/** Collects the writes that arrive together into one `BEGIN IMMEDIATE` and one fsync; each is decided on its own. */
function createWriteQueue(writer: DatabaseSync): (write: Write) => Promise<WriteOutcome> {
  const readState = writer.prepare('SELECT version FROM current WHERE key = ?');
  const readLast = writer.prepare(
    'SELECT sequence, last_updated AS lastUpdated FROM version ORDER BY sequence DESC LIMIT 1',
  );
  const addVersion = writer.prepare(
    'INSERT INTO version (sequence, key, version, last_updated, body) VALUES (?, ?, ?, ?, ?)',
  );
  const setCurrent = writer.prepare(
    `INSERT INTO current (key, type, sequence, version, last_updated) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET sequence = excluded.sequence, version = excluded.version, last_updated = excluded.last_updated`,
  );
  const dropFound = writer.prepare('DELETE FROM found WHERE key = ?');
  const addFound = writer.prepare('INSERT OR IGNORE INTO found (hash, key) VALUES (?, ?)');

  type Waiting = { readonly write: Write; resolve(outcome: WriteOutcome): void; reject(reason: unknown): void };
  let waiting: Waiting[] = [];

  const writeOne = (write: Write): WriteOutcome => {
    const state = readState.get(write.key);
    const current = state === undefined ? null : Number(state.version);
    // RFC 9110, 13.1.1: `If-Match` is false where nothing is stored.
    if (write.ifMatch !== null && String(current) !== write.ifMatch) return { ok: false, current };
    const last = readLast.get();
    const sequence = Number(last?.sequence ?? 0) + 1;
    // The stamps never run backwards, even if the host's clock does: sync reads by them.
    const lastUpdated = Math.max(write.now, Number(last?.lastUpdated ?? 0));
    const version = (current ?? 0) + 1;
    addVersion.run(sequence, write.key, version, lastUpdated, write.seal(version, lastUpdated));
    setCurrent.run(write.key, write.type, sequence, version, lastUpdated);
    if (current !== null) dropFound.run(write.key);
    for (const hash of write.hashes) addFound.run(hash, write.key);
    return { ok: true, version };
  };

  const drain = (): void => {
    const batch = waiting;
    waiting = [];
    try {
      writer.exec('BEGIN IMMEDIATE');
      const outcomes = batch.map((one) => writeOne(one.write));
      writer.exec('COMMIT');
      batch.forEach((one, place) => {
        const outcome = outcomes[place];
        if (outcome !== undefined) one.resolve(outcome);
      });
    } catch (reason) {
      if (writer.isTransaction) writer.exec('ROLLBACK');
      for (const one of batch) one.reject(reason);
    }
  };

  return (write) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(drain);
      waiting.push({ write, resolve, reject });
    });
}

function condition(search: StoreSearch): { readonly where: string; readonly parameters: SQLInputValue[] } {
  const parts = ['c.type = ?'];
  const parameters: SQLInputValue[] = [search.type];
  const add = (text: string, ...values: SQLInputValue[]): void => {
    parts.push(text);
    parameters.push(...values);
  };
  const places = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
  if (search.keys !== null) add(`c.key IN (${places(search.keys)})`, ...search.keys);
  for (const hashes of search.anyOf)
    add(`c.key IN (SELECT key FROM found WHERE hash IN (${places(hashes)}))`, ...hashes);
  for (const hashes of search.noneOf)
    add(`c.key NOT IN (SELECT key FROM found WHERE hash IN (${places(hashes)}))`, ...hashes);
  if (Number.isFinite(search.from)) add('c.last_updated >= ?', search.from);
  if (Number.isFinite(search.before)) add('c.last_updated < ?', search.before);
  for (const gap of search.outside) add('NOT (c.last_updated >= ? AND c.last_updated < ?)', gap.from, gap.before);
  if (search.behind !== null) add(search.descending ? 'c.sequence < ?' : 'c.sequence > ?', search.behind);
  return { where: parts.join(' AND '), parameters };
}
