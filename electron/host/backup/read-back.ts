import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { type AuditVerdict, verifyAuditFiles } from '../audit/index.ts';
import { sha256 } from '../digest.ts';
import { makeAccountFunctions } from '../identity/account-store.ts';
import { keyIdOf, type StoredSigningKey, verifyJws } from '../identity/signing.ts';
import { makeJournalFunctions } from '../journal/journal-store.ts';
import { lockOf, sealerFromKey } from '../keys/index.ts';
import { openRecordStore } from '../record/store.ts';
import type { BackupKeys, Manifest } from './manifest.ts';
import { BackupTrouble } from './trouble.ts';

/** What was found in a backup when it was opened as an empty host would open it. */
export type ReadBack = {
  readonly accounts: number;
  readonly auditEntries: number;
  readonly drafts: number;
  readonly signedVersions: number;
  /** Signed versions that had not reached the record when the journal was copied. */
  readonly notReleased: number;
  /** Of the newest signed versions, how many bear the signature of an account in this backup. */
  readonly signaturesVerified: number;
  readonly receivedMessages: number;
  /** Resources of an embedded record as they now are; null where the record is another server. */
  readonly resources: number | null;
  readonly reportsInRecord: number | null;
  /** Rows of the journal that do not open. They did not on the host either: their digest is the one that was read there. */
  readonly unreadable: number;
};

/** Signatures that are verified of the newest versions: each takes under a millisecond, and one forged row is one too many. */
const mostSignatures = 50;

const signedSchema = z.object({
  phase: z.literal('signed'),
  version: z.object({
    digest: z.string(),
    jws: z.string(),
    content: z.looseObject({ signer: z.looseObject({ id: z.string() }) }),
  }),
});
/** What a signature covers, as far as it is the content. */
const coveredSchema = z.looseObject({ content: z.unknown() });
const fateSchema = z.object({ phase: z.enum(['released', 'returned']), digest: z.string() });

function damaged(what: string): BackupTrouble {
  return new BackupTrouble(`This backup does not read back: ${what}.`);
}

/** Opens a folder that was assembled from a backup, and verifies what a host would lean on. Throws `BackupTrouble` with the reason. */
export async function readBack(directory: string, manifest: Manifest, keys: BackupKeys): Promise<ReadBack> {
  const lock = await lockOf(directory);
  if (lock === null || lock === 'damaged') throw damaged('its key (keys/data-key.json) is missing or damaged');
  for (const { path, kind } of manifest.parts) if (kind === 'database') checkDatabase(directory, path);
  const audit = verifyAuditFiles({ directory, keyRing: { kind: lock, ...keys }, given: [] });
  if (!audit.ok) throw damaged(auditWords(audit));
  const journal = readJournal(directory, keys);
  const accounts = readAccounts(directory, keys);
  if (accounts.unreadable > 0) throw damaged(`${accounts.unreadable} accounts do not open`);
  return {
    accounts: accounts.count,
    auditEntries: audit.entries,
    drafts: journal.drafts,
    signedVersions: journal.signed.length,
    notReleased: journal.notReleased,
    signaturesVerified: await verifySignatures(journal.signed.slice(-mostSignatures), accounts.keys),
    receivedMessages: journal.received,
    unreadable: journal.unreadable,
    ...readRecord(directory, keys),
  };
}

function auditWords(verdict: Extract<AuditVerdict, { ok: false }>): string {
  return `its access log is not intact (${verdict.finding}, entry ${verdict.at}). \`npm run audit:verify\` on the host says whether the log itself is`;
}

/** Every page and index of a database (sqlite.org/pragma.html#pragma_integrity_check). */
function checkDatabase(directory: string, path: string): void {
  try {
    const database = new DatabaseSync(join(directory, path));
    try {
      const found = database.prepare('PRAGMA integrity_check(1)').get() as { integrity_check?: string } | undefined;
      if (found?.integrity_check !== 'ok') throw damaged(`${path} is damaged`);
    } finally {
      database.close();
    }
  } catch (reason) {
    if (reason instanceof BackupTrouble) throw reason;
    throw damaged(`${path} cannot be opened`);
  }
}

type Signed = z.infer<typeof signedSchema>['version'];

function readJournal(directory: string, keys: BackupKeys) {
  const file = join(directory, 'journal', 'journal.sqlite');
  // A host that never ran has none; one that was backed up is in the manifest, and its absence was seen before.
  if (!existsSync(file)) return { signed: [], notReleased: 0, drafts: 0, received: 0, unreadable: 0 };
  const journal = makeJournalFunctions({ file, key: keys.derive('journal'), maximumBytes: null });
  try {
    const signed = new Map<string, Signed>();
    const settled = new Set<string>();
    const versions = journal.all('signed', null, 0);
    for (const row of versions.rows) {
      const body: unknown = (JSON.parse(row.content) as { readonly body?: unknown }).body;
      const version = signedSchema.safeParse(body);
      const fate = fateSchema.safeParse(body);
      if (version.success) signed.set(version.data.version.digest, version.data.version);
      else if (fate.success) settled.add(fate.data.digest);
      else throw damaged(`row ${row.sequence} of the journal is no signed version`);
    }
    const drafts = journal.all('draft', null, 0);
    const received = journal.all('intake', null, 0);
    return {
      signed: [...signed.values()],
      notReleased: [...signed.keys()].filter((one) => !settled.has(one)).length,
      drafts: drafts.rows.length,
      received: received.rows.length,
      unreadable: versions.unreadable.length + drafts.unreadable.length + received.unreadable.length,
    };
  } finally {
    journal.close();
  }
}

function readAccounts(directory: string, keys: BackupKeys) {
  const file = join(directory, 'identity', 'accounts.sqlite');
  if (!existsSync(file)) return { count: 0, unreadable: 0, keys: new Map<string, StoredSigningKey>() };
  const accounts = makeAccountFunctions({ file, key: keys.derive('identity') });
  try {
    const { unreadable } = accounts.list();
    const found = new Map<string, StoredSigningKey>();
    for (const copy of accounts.copies()) {
      const key = JSON.parse(copy.signingKey) as StoredSigningKey;
      found.set(key.keyId, key);
    }
    return { count: accounts.count(), unreadable, keys: found };
  } finally {
    accounts.close();
  }
}

/** A version signed by an account of another host of the group is left out: its key is not here. */
async function verifySignatures(
  versions: readonly Signed[],
  keys: ReadonlyMap<string, StoredSigningKey>,
): Promise<number> {
  let verified = 0;
  for (const { jws, digest, content } of versions) {
    if (sha256(canonicalJson(content as unknown as JsonValue)) !== digest)
      throw damaged('a signed report is not the one that was signed');
    const key = keys.get(keyIdOf(jws) ?? '');
    if (key === undefined) continue;
    const checked = await verifyJws(jws, key.publicJwk as { readonly [name: string]: unknown });
    const under = checked.ok ? coveredSchema.safeParse(JSON.parse(checked.value)) : null;
    if (under?.success !== true || sha256(canonicalJson(under.data.content as JsonValue)) !== digest)
      throw damaged('the signature under a report does not verify');
    verified += 1;
  }
  return verified;
}

function readRecord(directory: string, keys: BackupKeys): Pick<ReadBack, 'resources' | 'reportsInRecord'> {
  const file = join(directory, 'record.sqlite');
  if (!existsSync(file)) return { resources: null, reportsInRecord: null };
  try {
    // Refuses a record of another key.
    openRecordStore(directory, sealerFromKey(keys.derive('record'))).close();
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const count = (where: string): number =>
        Number(database.prepare(`SELECT count(*) AS n FROM current ${where}`).get()?.n ?? 0);
      return { resources: count(''), reportsInRecord: count("WHERE type = 'DiagnosticReport'") };
    } finally {
      database.close();
    }
  } catch (reason) {
    throw damaged(`the record cannot be opened (${reason instanceof Error ? reason.message : 'unknown'})`);
  }
}
