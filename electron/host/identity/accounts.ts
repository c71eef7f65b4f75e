import { join } from 'node:path';
import type { EntitlementSet, Reader, ReaderId, ReadingFrom } from '../../../shared/domain/reader/index.ts';
import { parseReadingFrom, statesOfEntitlement } from '../../../shared/domain/reader/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { KeyRing } from '../keys/index.ts';
import type { Ports } from '../ports.ts';
import { startThread, threadEntry } from '../threads/rpc.ts';
import type { AccountFunctions, AccountPlace, AccountRow } from './account-store.ts';
import { checkAccount } from './check-account.ts';
import { hashPassword, isPassword, type PasswordHash } from './password.ts';
import { makeSigningKey, type StoredSigningKey, signingKeyFrom } from './signing.ts';
import type { AccessToken, AccountCopy, AccountFailure, Accounts } from './types.ts';

type StoredAccount = {
  readonly reader: Reader;
  readonly password: PasswordHash;
  /** Absent where only states were ever said. */
  readonly credentials?: EntitlementSet;
  /** Absent before the first choice. */
  readonly readingFrom?: ReadingFrom;
};

function stored(row: AccountRow): StoredAccount {
  return JSON.parse(row.account) as StoredAccount;
}

/**
 * Opens the accounts of a data folder (`identity/accounts.sqlite`). Throws where the file cannot be opened: without accounts nobody
 * signs in. Several processes may have it open: what the accounts script adds, a running host sees at once.
 */
export async function openAccounts(options: {
  readonly directory: string;
  readonly keyRing: KeyRing;
  readonly ports: Ports;
  readonly inMemory?: boolean;
}): Promise<Accounts> {
  const { ports } = options;
  const place: AccountPlace = {
    file: options.inMemory === true ? null : join(options.directory, 'identity', 'accounts.sqlite'),
    key: options.keyRing.derive('identity'),
  };
  const entry = threadEntry(new URL('./accounts-thread.ts', import.meta.url), 'accounts');
  const thread = startThread<AccountFunctions>(entry, place);
  try {
    await thread.count();
  } catch (reason) {
    await thread.stop();
    throw new Error('The accounts in the data folder cannot be opened. Nothing was changed.', { cause: reason });
  }

  const add: Accounts['add'] = async (account, rule = 'at-least-8') => {
    const checked = checkAccount(account, rule);
    if (!checked.ok) return checked;
    const { userName, name, role, npi, states, password, site } = checked.value;
    // A UUID is a FHIR id (R4 2.24.0.1: letters, digits, hyphen and dot, at most 64).
    const reader: Reader = {
      id: ports.newId() as ReaderId,
      userName,
      name,
      role,
      npi,
      states,
      ...(site === undefined ? {} : { site }),
    };
    const kept: StoredAccount = { reader, password: await hashPassword(password) };
    const signingKey = await makeSigningKey();
    const added = await thread.add(reader.id, userName, JSON.stringify(kept), JSON.stringify(signingKey));
    if (added.ok) return ok(reader);
    return added.error.taken
      ? err({ code: 'taken', message: `There is an account "${userName}" already.` })
      : err({ code: 'not-saved', message: `The account was not saved. ${added.error.message}` });
  };

  return {
    add,
    isEmpty: async () => (await thread.count()) === 0,
    checkPassword: async (userName, password) => {
      const row = await thread.byUserName(userName.trim());
      const account = row === null ? null : stored(row);
      const right = await isPassword(password.slice(0, 2_000), account?.password ?? null);
      return right && account !== null ? ok(account.reader) : err('wrong-password');
    },
    find: async (id) => {
      const row = await thread.byId(id);
      return row === null ? null : stored(row).reader;
    },
    list: async () => {
      const { rows, unreadable } = await thread.list();
      if (unreadable > 0) {
        ports.log.error('accounts do not open; they stay in the file, unused', { count: unreadable });
      }
      return rows.map((row) => stored(row).reader).sort((one, other) => (one.userName < other.userName ? -1 : 1));
    },
    readingFrom: async (id) => {
      const row = await thread.byId(id);
      return row === null ? null : (stored(row).readingFrom ?? null);
    },
    rememberReadingFrom: async (id, from) => {
      for (;;) {
        const row = await thread.byId(id);
        if (row === null || stored(row).readingFrom === from) return;
        const after: StoredAccount = { ...stored(row), readingFrom: from };
        if (await thread.replace(row.id, row.account, JSON.stringify(after))) return;
      }
    },
    setCredentials: async (userName, entitlement, at) => {
      for (;;) {
        const row = await thread.byUserName(userName.trim());
        if (row === null) return null;
        const before = stored(row);
        const reader = { ...before.reader, states: statesOfEntitlement(entitlement) };
        // Of two copies the newer counts, so a later setting is later also where the clock was set back.
        const setAt = instant(Math.max(at, (before.credentials?.setAt ?? 0) + 1));
        const after: StoredAccount = { ...before, reader, credentials: { setAt, entitlement } };
        if (await thread.replace(row.id, row.account, JSON.stringify(after))) return reader;
      }
    },
    credentials: async () => {
      const { rows } = await thread.list();
      return new Map(
        rows.flatMap((row) => {
          const { reader, credentials } = stored(row);
          return credentials === undefined ? [] : [[reader.id, credentials] as const];
        }),
      );
    },
    signingKey: async (id) => {
      const text = await thread.signingKey(id);
      if (text === null) throw new Error('that account has no signing key that opens');
      return signingKeyFrom(JSON.parse(text) as StoredSigningKey);
    },
    acknowledge: (id, at) => thread.acknowledge(id, at),
    hasAcknowledged: (id) => thread.hasAcknowledged(id),
    copies: async () =>
      (await thread.copies()).map((copy): AccountCopy => ({ ...copy, userName: stored(copy).reader.userName })),
    take: async ({ userName, ...copy }) => {
      const taken = await thread.take(userName, copy);
      return taken.ok
        ? ok(undefined)
        : err({ code: 'not-saved', message: `The account was not saved. ${taken.error.message}` });
    },
    addToken: async (token) => {
      const known = (await thread.tokens()).map(({ about }) => JSON.parse(about) as AccessToken);
      if (known.some((one) => one.name === token.name))
        return err({
          code: 'taken',
          message: `There is a token "${token.name}" already. End it first: token-end ${token.name}.`,
        });
      const secret = `ovr_${Buffer.from(ports.randomBytes(32)).toString('base64url')}`;
      const added = await thread.addToken(secret, JSON.stringify(token));
      return added.ok ? ok(secret) : err({ code: 'not-saved', message: `The token was not saved. ${added.error}` });
    },
    findToken: async (token) => {
      const about = await thread.findToken(token);
      return about === null ? null : (JSON.parse(about) as AccessToken);
    },
    tokens: async () => (await thread.tokens()).map(({ about }) => JSON.parse(about) as AccessToken),
    removeToken: async (name) => {
      const found = (await thread.tokens()).find(({ about }) => (JSON.parse(about) as AccessToken).name === name);
      if (found !== undefined) await thread.removeToken(found.hash);
      return found !== undefined;
    },
    close: async () => {
      await thread.close().catch(() => undefined);
      await thread.stop();
    },
  };
}

const demoPeople = [
  { userName: 'reader', name: 'Dr M. Tandewright', role: 'radiologist' },
  /** In training: what she writes is signed by another. */
  { userName: 'resident', name: 'Dr C. Maplethorne', role: 'radiologist' },
  { userName: 'lead', name: 'Dr S. Okwenbury', role: 'lead' },
  { userName: 'qa', name: 'Dr P. Verhallock', role: 'qa' },
  { userName: 'site', name: 'R. Aldermoor, Larkspur desk', role: 'site', site: 'site-larkspur' },
] as const;

const demoPlace = parseReadingFrom('US-CA');

/** Makes the invented people of the demo day, password `demo`; those who are there already stay as they are. */
export async function addDemoAccounts(accounts: Accounts): Promise<Result<readonly Reader[], AccountFailure>> {
  for (const person of demoPeople) {
    const added = await accounts.add({ ...person, npi: null, states: 'all', password: 'demo' }, 'demo');
    if (!added.ok && added.error.code !== 'taken') return added;
    // The contracts of demo sites ask from where one reads; who has said otherwise since is not overruled.
    if (added.ok && demoPlace !== null) await accounts.rememberReadingFrom(added.value.id, demoPlace);
  }
  const names: readonly string[] = demoPeople.map((person) => person.userName);
  return ok((await accounts.list()).filter((reader) => names.includes(reader.userName)));
}
