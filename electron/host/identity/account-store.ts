import type { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { sealerFromKey } from '../keys/index.ts';
import { describeWriteFailure, inTransaction, openDurableDatabase } from '../threads/database.ts';

export type AccountPlace = { readonly file: string | null; readonly key: Uint8Array };
/** The two sealed parts of an account, as JSON texts. */
export type AccountRow = { readonly id: string; readonly account: string };
/** Everything of one account, opened. */
export type AccountParts = AccountRow & { readonly signingKey: string; readonly acknowledged: number | null };

/** Accounts over one open database; runs in a thread. Rows that do not open are counted, left out and left in place. */
export function makeAccountFunctions(data: AccountPlace) {
  const sealer = sealerFromKey(data.key);
  const database: DatabaseSync = openDurableDatabase(data);
  database.exec(`
    CREATE TABLE IF NOT EXISTS accounts (
      id TEXT PRIMARY KEY,
      name_hash TEXT NOT NULL UNIQUE,
      account BLOB NOT NULL,
      signing_key BLOB NOT NULL,
      acknowledged BLOB
    ) STRICT;
    CREATE TABLE IF NOT EXISTS tokens (hash TEXT PRIMARY KEY, token BLOB NOT NULL) STRICT;
  `);
  const nameHash = (userName: string): string => sealer.index(userName.toLowerCase());
  const insert = database.prepare('INSERT INTO accounts (id, name_hash, account, signing_key) VALUES (?, ?, ?, ?)');
  const byName = database.prepare('SELECT id, name_hash, account FROM accounts WHERE name_hash = ?');
  const byId = database.prepare('SELECT id, name_hash, account FROM accounts WHERE id = ?');
  const every = database.prepare('SELECT id, name_hash, account FROM accounts');
  const keyOf = database.prepare('SELECT signing_key FROM accounts WHERE id = ?');
  const acknowledgedAt = database.prepare('SELECT acknowledged FROM accounts WHERE id = ?');
  const setAcknowledged = database.prepare(
    'UPDATE accounts SET acknowledged = ? WHERE id = ? AND acknowledged IS NULL',
  );
  const setAccount = database.prepare('UPDATE accounts SET account = ? WHERE id = ?');
  const removeOther = database.prepare('DELETE FROM accounts WHERE name_hash = ? OR id = ?');
  const insertWhole = database.prepare(
    'INSERT INTO accounts (id, name_hash, account, signing_key, acknowledged) VALUES (?, ?, ?, ?, ?)',
  );
  const addToken = database.prepare('INSERT INTO tokens (hash, token) VALUES (?, ?)');
  const tokenOf = database.prepare('SELECT token FROM tokens WHERE hash = ?');
  const everyToken = database.prepare('SELECT hash, token FROM tokens');
  const dropToken = database.prepare('DELETE FROM tokens WHERE hash = ?');
  const counted = database.prepare('SELECT count(*) AS count FROM accounts');

  // The hash of the name is in what is vouched for: an account renamed in the file does not open.
  const aboutAccount = (id: string, hash: string): string => `account|${id}|${hash}`;
  const read = (raw: unknown): AccountRow | null => {
    const row = raw as { id: string; name_hash: string; account: Uint8Array } | undefined;
    if (row === undefined) return null;
    const opened = sealer.openText(row.account, aboutAccount(row.id, row.name_hash));
    return opened.ok ? { id: row.id, account: opened.value } : null;
  };

  return {
    count: (): number => (counted.get() as { count: number }).count,
    /** `taken`: the user name has an account. A failed write answers its reason in words. */
    add: (
      id: string,
      userName: string,
      account: string,
      signingKey: string,
    ): Result<'added', { readonly taken: true } | { readonly taken: false; readonly message: string }> => {
      const hash = nameHash(userName);
      const sealedAccount = sealer.sealText(account, aboutAccount(id, hash));
      const sealedKey = sealer.sealText(signingKey, `signing-key|${id}`);
      try {
        return inTransaction(database, () => {
          if (byName.get(hash) !== undefined) return err({ taken: true });
          insert.run(id, hash, sealedAccount, sealedKey);
          return ok('added');
        });
      } catch (reason) {
        // Here and not in the host's thread: an error loses its code on the way.
        return err({ taken: false, message: describeWriteFailure(reason) });
      }
    },
    /** Puts `account` in the place of `before`; false when somebody else changed it in the meantime. */
    replace: (id: string, before: string, account: string): boolean =>
      inTransaction(database, () => {
        const raw = byId.get(id) as { name_hash: string } | undefined;
        if (raw === undefined || read(raw)?.account !== before) return false;
        setAccount.run(sealer.sealText(account, aboutAccount(id, raw.name_hash)), id);
        return true;
      }),
    byUserName: (userName: string): AccountRow | null => read(byName.get(nameHash(userName))),
    byId: (id: string): AccountRow | null => read(byId.get(id)),
    list: (): { readonly rows: readonly AccountRow[]; readonly unreadable: number } => {
      const rows: AccountRow[] = [];
      let unreadable = 0;
      for (const raw of every.iterate()) {
        const row = read(raw);
        if (row === null) unreadable += 1;
        else rows.push(row);
      }
      return { rows, unreadable };
    },
    copies: (): readonly AccountParts[] => {
      const copies: AccountParts[] = [];
      for (const raw of every.iterate()) {
        const row = read(raw);
        const key = row === null ? undefined : (keyOf.get(row.id) as { signing_key: Uint8Array } | undefined);
        const opened =
          row === null || key === undefined ? null : sealer.openText(key.signing_key, `signing-key|${row.id}`);
        if (row === null || opened?.ok !== true) continue;
        const at = acknowledgedAt.get(row.id) as { acknowledged: Uint8Array | null } | undefined;
        const noted =
          at?.acknowledged instanceof Uint8Array ? sealer.openText(at.acknowledged, `acknowledged|${row.id}`) : null;
        copies.push({
          ...row,
          signingKey: opened.value,
          acknowledged: noted?.ok === true ? Number(noted.value) : null,
        });
      }
      return copies;
    },
    take: (userName: string, copy: AccountParts): Result<'taken', { readonly message: string }> => {
      const hash = nameHash(userName);
      try {
        return inTransaction(database, () => {
          removeOther.run(hash, copy.id);
          insertWhole.run(
            copy.id,
            hash,
            sealer.sealText(copy.account, aboutAccount(copy.id, hash)),
            sealer.sealText(copy.signingKey, `signing-key|${copy.id}`),
            copy.acknowledged === null ? null : sealer.sealText(String(copy.acknowledged), `acknowledged|${copy.id}`),
          );
          return ok('taken');
        });
      } catch (reason) {
        return err({ message: describeWriteFailure(reason) });
      }
    },
    signingKey: (id: string): string | null => {
      const row = keyOf.get(id) as { signing_key: Uint8Array } | undefined;
      const opened = row === undefined ? null : sealer.openText(row.signing_key, `signing-key|${id}`);
      return opened?.ok === true ? opened.value : null;
    },
    acknowledge: (id: string, at: number): void => {
      setAcknowledged.run(sealer.sealText(String(at), `acknowledged|${id}`), id);
    },
    hasAcknowledged: (id: string): boolean => {
      const row = acknowledgedAt.get(id) as { acknowledged: Uint8Array | null } | undefined;
      return row?.acknowledged instanceof Uint8Array && sealer.openText(row.acknowledged, `acknowledged|${id}`).ok;
    },
    /** `hash` is the keyed hash of a token; the token itself is nowhere. */
    addToken: (token: string, about: string): Result<'added', string> => {
      const hash = sealer.index(`token ${token}`);
      try {
        return inTransaction(database, () => {
          addToken.run(hash, sealer.sealText(about, `token|${hash}`));
          return ok('added');
        });
      } catch (reason) {
        return err(describeWriteFailure(reason));
      }
    },
    findToken: (token: string): string | null => {
      const hash = sealer.index(`token ${token}`);
      const row = tokenOf.get(hash) as { token: Uint8Array } | undefined;
      const opened = row === undefined ? null : sealer.openText(row.token, `token|${hash}`);
      return opened?.ok === true ? opened.value : null;
    },
    tokens: (): readonly { readonly hash: string; readonly about: string }[] =>
      (everyToken.all() as { hash: string; token: Uint8Array }[]).flatMap(({ hash, token }) => {
        const opened = sealer.openText(token, `token|${hash}`);
        return opened.ok ? [{ hash, about: opened.value }] : [];
      }),
    removeToken: (hash: string): void => {
      dropToken.run(hash);
    },
    close: (): void => database.close(),
  };
}

export type AccountFunctions = ReturnType<typeof makeAccountFunctions>;
