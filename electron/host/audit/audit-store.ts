import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import {
  type AuditAnchor,
  type AuditEntry,
  auditSpan,
  firstPreviousHash,
  sealEntry,
} from '../../../shared/domain/audit/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { sealerFromKey } from '../keys/index.ts';
import { describeWriteFailure, inTransaction, openDurableDatabase } from '../threads/database.ts';
import { type AuditHead, type HeadStanding, readHeadFile, settledHead, writeHeadFile } from './head-file.ts';
import type { Access } from './types.ts';

export type AuditPlace = {
  /** Files of the log and of its anchors. Two, so that a log put back from an older copy does not match its anchors. */
  readonly file: string | null;
  readonly anchorsFile: string | null;
  /** Where the head of the chain is kept apart from both; null in memory. */
  readonly headFile: string | null;
  readonly key: Uint8Array;
  readonly maximumBytes: number | null;
};

/** A head of the chain that was told to somebody else: `where` names the report or the record that holds it. */
export type StoredAnchor = {
  readonly where: string;
  readonly sequence: number;
  readonly hash: string;
  readonly at: Instant;
};

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

export function aboutEntry(sequence: number): string {
  return `audit|${sequence}`;
}

export function aboutAnchor(number: number): string {
  return `audit-anchor|${number}`;
}

/** What makes two accesses one entry; null for those that always write one. */
export function coalescingKey(access: Access, at: Instant): string | null {
  switch (access.purpose) {
    case 'export':
    case 'print':
    case 'search':
    // Each sign-in is a fact of its own (45 CFR 164.308(a)(5)(ii)(C), log-in monitoring) and concerns no patient.
    case 'sign-in':
    case 'intake':
    case 'let-go':
    case 'device':
      return null;
    default:
      // A reason is part of what is noted: the same look for another reason is another entry.
      return JSON.stringify([
        ...[access.user, access.purpose, access.patient, access.studyUid, auditSpan(at)],
        ...(access.detail === undefined ? [] : [access.detail]),
      ]);
  }
}

/** How many entries were written, and whether the head file followed them. */
type Recorded = { readonly count: number; readonly headKept: boolean };

/** A span lasts 15 minutes; older marks cannot match any more, unless the clock is set back, which only writes an entry more. */
const keepMarks = 3_600_000;

/** The access log over one open database; runs in a thread. */
export function makeAuditFunctions(data: AuditPlace) {
  const sealer = sealerFromKey(data.key);
  const database = openDurableDatabase(data);
  const anchors = openDurableDatabase({ file: data.anchorsFile });
  database.exec(`
    CREATE TABLE IF NOT EXISTS entries (sequence INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS spans (mark TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS spans_by_time ON spans (at);
  `);
  anchors.exec(
    'CREATE TABLE IF NOT EXISTS anchors (number INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT',
  );
  const insert = database.prepare('INSERT INTO entries (sequence, body) VALUES (?, ?)');
  const newest = database.prepare('SELECT sequence, body FROM entries ORDER BY sequence DESC LIMIT 1');
  const afterRows = database.prepare('SELECT sequence, body FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?');
  const findMark = database.prepare('SELECT 1 FROM spans WHERE mark = ?');
  const setMark = database.prepare('INSERT INTO spans (mark, at) VALUES (?, ?)');
  const dropMarks = database.prepare('DELETE FROM spans WHERE at < ?');
  const insertAnchor = anchors.prepare('INSERT INTO anchors (body) VALUES (?)');
  const nextAnchor = anchors.prepare(
    "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'anchors'), 0) + 1 AS number",
  );
  const everyAnchor = anchors.prepare('SELECT number, body FROM anchors ORDER BY number');

  type Row = { sequence: number; body: Uint8Array };
  const read = (row: Row): AuditEntry => {
    const opened = sealer.openText(row.body, aboutEntry(row.sequence));
    if (!opened.ok) throw new Error(`entry ${row.sequence} of the access log does not open`);
    return JSON.parse(opened.value) as AuditEntry;
  };

  let last: AuditEntry | null = null;
  const readLast = (): AuditEntry | null => {
    const row = newest.get() as Row | undefined;
    if (row === undefined) last = null;
    else if (last?.sequence !== row.sequence) last = read(row);
    return last;
  };

  const headNow = (): AuditAnchor => {
    const entry = readLast();
    return { sequence: entry?.sequence ?? 0, hash: entry?.hash ?? firstPreviousHash };
  };
  const entryAt = database.prepare('SELECT sequence, body FROM entries WHERE sequence = ?');
  const hashAt = (sequence: number): string | null => {
    const row = entryAt.get(sequence) as Row | undefined;
    return row === undefined ? null : read(row).hash;
  };
  let kept: AuditHead | null = null;
  /** False where the disk did not take it: the file lags until the next entry. */
  const keepHead = (head: AuditHead): boolean => {
    kept = head;
    if (data.headFile === null) return true;
    try {
      writeHeadFile(data.headFile, sealer, head);
      return true;
    } catch {
      return false;
    }
  };
  /** Once, before the first entry: compares the head file with the log and takes it up from there. */
  const settleHead = (): HeadStanding => {
    if (data.headFile === null) return 'agrees';
    const { standing, head } = settledHead(readHeadFile(data.headFile, sealer), headNow(), hashAt);
    // Whoever looks into it shall find the file that did not open.
    if (standing === 'changed' && existsSync(data.headFile)) renameSync(data.headFile, `${data.headFile}.changed`);
    keepHead(head);
    return standing;
  };

  const record = (accesses: readonly Access[], at: number): Result<Recorded, string> => {
    const now = instant(at);
    try {
      const written = inTransaction(database, () => {
        let previous = readLast();
        let count = 0;
        for (const access of accesses) {
          const key = coalescingKey(access, now);
          if (key !== null) {
            const mark = sealer.index(key);
            if (findMark.get(mark) !== undefined) continue;
            setMark.run(mark, at);
          }
          const { user, purpose, patient, studyUid, detail = '' } = access;
          previous = sealEntry(previous, { at: now, user, purpose, patient, studyUid, detail }, sha256);
          insert.run(previous.sequence, sealer.sealText(JSON.stringify(previous), aboutEntry(previous.sequence)));
          count += 1;
        }
        if (count > 0) dropMarks.run(at - keepMarks);
        return { previous, count };
      });
      // Only now: what was rolled back is no link of the chain.
      last = written.previous;
      const headKept = written.count === 0 || kept === null || keepHead({ ...kept, ...headNow() });
      return ok({ count: written.count, headKept });
    } catch (reason) {
      last = null;
      return err(describeWriteFailure(reason));
    }
  };

  const readAnchors = (): readonly StoredAnchor[] => {
    const found: StoredAnchor[] = [];
    for (const row of everyAnchor.iterate() as Iterable<{ number: number; body: Uint8Array }>) {
      const opened = sealer.openText(row.body, aboutAnchor(row.number));
      if (opened.ok) found.push(JSON.parse(opened.value) as StoredAnchor);
    }
    return found;
  };

  const anchor = (one: StoredAnchor): void => {
    inTransaction(anchors, () => {
      const { number } = nextAnchor.get() as { number: number };
      insertAnchor.run(sealer.sealText(JSON.stringify(one), aboutAnchor(number)));
    });
  };

  return {
    record,
    anchor,
    anchors: readAnchors,
    head: headNow,
    settleHead,
    entries: (afterSequence: number, limit: number): readonly AuditEntry[] =>
      (afterRows.all(afterSequence, limit) as Row[]).map(read),
    close: (): void => {
      database.close();
      anchors.close();
    },
  };
}

export type AuditFunctions = ReturnType<typeof makeAuditFunctions>;
