import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type AuditAnchor, firstPreviousHash } from '../../../shared/domain/audit/index.ts';
import type { Sealer } from '../keys/index.ts';

/**
 * The head of the access log in a sealed file of its own, written after each append: a log that ends before it was cut, which neither
 * the chain nor the database can tell. It may lag behind the log (the host died between the two writes), never run ahead of it.
 */
export type AuditHead = AuditAnchor & {
  /** Entries up to this number were there before the file was: only anchors vouch for the end of what lay before it. */
  readonly keptSince: number;
  /** Heads that the log did not agree with at a start. They are kept, so that new entries cannot grow over a cut. */
  readonly disputed: readonly AuditAnchor[];
};

export type FoundHead = { readonly kind: 'found'; readonly head: AuditHead } | { readonly kind: 'missing' | 'changed' };

/** How file and log stood to each other at a start. */
export type HeadStanding = 'agrees' | 'missing' | 'changed' | 'disputed';

const about = 'audit-head';

export function readHeadFile(file: string, sealer: Sealer): FoundHead {
  if (!existsSync(file)) return { kind: 'missing' };
  const opened = sealer.openText(readFileSync(file), about);
  return opened.ok ? { kind: 'found', head: JSON.parse(opened.value) as AuditHead } : { kind: 'changed' };
}

/**
 * Replaces the file whole. Its folder is not synced: a rename that a power cut takes back leaves the older head, which only lags, while
 * a sync more would make each access wait for it.
 */
export function writeHeadFile(file: string, sealer: Sealer, head: AuditHead): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.new`;
  const opened = openSync(temporary, 'w', 0o600);
  try {
    writeSync(opened, sealer.sealText(JSON.stringify(head), about));
    fdatasyncSync(opened);
  } finally {
    closeSync(opened);
  }
  renameSync(temporary, file);
}

/**
 * What the file shall say from now on, given what it said and what the log is. `hashAt` answers the hash of an entry of the log, null
 * where there is none.
 */
export function settledHead(
  found: FoundHead,
  log: AuditAnchor,
  hashAt: (sequence: number) => string | null,
): { readonly standing: HeadStanding; readonly head: AuditHead } {
  if (found.kind !== 'found')
    return {
      standing: found.kind === 'missing' && log.sequence === 0 ? 'agrees' : found.kind,
      head: { ...log, keptSince: log.sequence, disputed: [] },
    };
  const { sequence, hash, keptSince, disputed } = found.head;
  const there = sequence === 0 ? firstPreviousHash : hashAt(sequence);
  if (there === hash) return { standing: 'agrees', head: { ...log, keptSince, disputed } };
  return { standing: 'disputed', head: { ...log, keptSince, disputed: [...disputed, { sequence, hash }] } };
}
