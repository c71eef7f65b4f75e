import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import {
  type AuditAnchor,
  type AuditEntry,
  type ChainVerdict,
  firstPreviousHash,
  verifyChain,
} from '../../../shared/domain/audit/index.ts';
import { type KeyRing, type Sealer, sealerFromKey } from '../keys/index.ts';
import { auditFiles } from './audit-log.ts';
import { aboutAnchor, aboutEntry, type StoredAnchor, sha256 } from './audit-store.ts';
import { type FoundHead, readHeadFile } from './head-file.ts';

export type AuditFinding =
  | Extract<ChainVerdict, { ok: false }>['finding']
  | 'anchor-changed'
  | 'head-missing'
  | 'head-changed'
  | 'unreadable';

export type AuditVerdict =
  | {
      readonly ok: true;
      readonly entries: number;
      readonly head: AuditAnchor;
      /** Anchors that agree, those of the data folder and those that were given. */
      readonly anchors: number;
      /** Last entry that an anchor outside the head file vouches for. */
      readonly anchoredTo: number;
      /** Last entry that was there before the head file was; 0 where the file is as old as the log. */
      readonly headKeptSince: number;
    }
  | {
      readonly ok: false;
      readonly finding: AuditFinding;
      /** Sequence number at which the log first fails; of an anchor for `anchor-changed`. */
      readonly at: number;
      readonly entries: number;
    };

type Row = { readonly sequence: number; readonly body: Uint8Array };
type AnchorRow = { readonly number: number; readonly body: Uint8Array };

/** Bodies tried in each other's places to tell a swap from an edit; more broken rows than this are one big edit. */
const mostTried = 64;

function findingOfBroken(broken: readonly Row[], sealer: Sealer): 'swapped' | 'edited' {
  const tried = broken.slice(0, mostTried);
  const swapped = tried.some((row) => tried.some((place) => sealer.open(row.body, aboutEntry(place.sequence)).ok));
  return swapped ? 'swapped' : 'edited';
}

function lastGiven(database: DatabaseSync, table: string): number {
  const row = database.prepare('SELECT seq AS last FROM sqlite_sequence WHERE name = ?').get(table);
  return (row as { last: number } | undefined)?.last ?? 0;
}

function readAnchors(file: string, sealer: Sealer): { anchors: StoredAnchor[]; changed: number | null } {
  const anchors: StoredAnchor[] = [];
  if (!existsSync(file)) return { anchors, changed: null };
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    let expected = 1;
    for (const row of database.prepare('SELECT number, body FROM anchors ORDER BY number').iterate()) {
      const { number, body } = row as AnchorRow;
      const opened = sealer.openText(body, aboutAnchor(number));
      if (number !== expected || !opened.ok) return { anchors, changed: expected };
      anchors.push(JSON.parse(opened.value) as StoredAnchor);
      expected += 1;
    }
    return { anchors, changed: lastGiven(database, 'anchors') >= expected ? expected : null };
  } finally {
    database.close();
  }
}

/**
 * Checks the access log of a data folder, while a host runs or not: each body in its place, the chain, the head file, and the anchors,
 * those kept beside the log and those `given` by whoever has a signed report or the record at hand. Changes nothing.
 */
export function verifyAuditFiles(options: {
  readonly directory: string;
  readonly keyRing: KeyRing;
  readonly given: readonly AuditAnchor[];
}): AuditVerdict {
  const { file, anchorsFile, headFile } = auditFiles(options.directory);
  const sealer = sealerFromKey(options.keyRing.derive('audit'));
  const rows: Row[] = [];
  const broken: Row[] = [];
  const entries: AuditEntry[] = [];
  let given = 0;
  let own: ReturnType<typeof readAnchors>;
  let head: FoundHead;
  try {
    // Before the log: a host that runs may write entries meanwhile, and the head must not be younger than what it is held against.
    head = readHeadFile(headFile, sealer);
    if (existsSync(file)) {
      const database = new DatabaseSync(file, { readOnly: true });
      try {
        for (const raw of database.prepare('SELECT sequence, body FROM entries ORDER BY sequence').iterate()) {
          const row = raw as Row;
          rows.push({ sequence: row.sequence, body: new Uint8Array(0) });
          const opened = sealer.openText(row.body, aboutEntry(row.sequence));
          if (opened.ok) entries.push(JSON.parse(opened.value) as AuditEntry);
          else broken.push(row);
        }
        given = lastGiven(database, 'entries');
      } finally {
        database.close();
      }
    }
    own = readAnchors(anchorsFile, sealer);
  } catch {
    return { ok: false, finding: 'unreadable', at: rows.length + 1, entries: rows.length };
  }
  const failed = (finding: AuditFinding, at: number): AuditVerdict => ({
    ok: false,
    finding,
    at,
    entries: rows.length,
  });

  const hole = rows.findIndex((row, index) => row.sequence !== index + 1);
  const firstBroken = broken[0];
  if (firstBroken !== undefined && (hole === -1 || firstBroken.sequence < hole + 1)) {
    return failed(findingOfBroken(broken, sealer), firstBroken.sequence);
  }
  if (hole !== -1) return failed('removed', hole + 1);
  const anchors: readonly AuditAnchor[] = [...own.anchors, ...options.given];
  const heads = head.kind === 'found' ? [head.head, ...head.head.disputed] : [];
  const chain = verifyChain(entries, [...anchors, ...heads], sha256);
  if (!chain.ok) return failed(chain.finding, chain.at);
  // The database remembers the last number that it gave: who deletes rows with common tools leaves that behind.
  if (given > rows.length) return failed('cut-tail', rows.length + 1);
  if (own.changed !== null) return failed('anchor-changed', own.changed);
  if (head.kind === 'changed') return failed('head-changed', rows.length + 1);
  if (head.kind === 'missing' && rows.length > 0) return failed('head-missing', rows.length + 1);
  return {
    ok: true,
    entries: entries.length,
    head: { sequence: entries.length, hash: entries.at(-1)?.hash ?? firstPreviousHash },
    anchors: anchors.length,
    anchoredTo: Math.max(0, ...anchors.map((one) => one.sequence)),
    headKeptSince: head.kind === 'found' ? head.head.keptSince : 0,
  };
}
