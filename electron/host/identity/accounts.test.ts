import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { type KeyRing, openKeyRing } from '../keys/index.ts';
import type { Ports } from '../ports.ts';
import { isNpi } from './check-account.ts';
import { type Accounts, addDemoAccounts, type NewAccount, openAccounts, verifyJws } from './index.ts';

let directory: string;
let keyRing: KeyRing;
const openedHere: Accounts[] = [];
const ports: Ports = {
  now: () => instant(0),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  newId: () => crypto.randomUUID(),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-accounts-'));
  const ring = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!ring.ok) throw new Error(ring.error.message);
  keyRing = ring.value;
});
afterEach(async () => {
  for (const one of openedHere.splice(0)) await one.close();
  await rm(directory, { recursive: true, force: true });
});

async function open(): Promise<Accounts> {
  const accounts = await openAccounts({ directory, keyRing, ports });
  openedHere.push(accounts);
  return accounts;
}

const tandewright: NewAccount = {
  userName: 'MTandewright',
  name: 'Dr M. Tandewright',
  role: 'radiologist',
  npi: '1234567893',
  states: ['nv', 'CA', 'CA'],
  password: 'night-shift-77',
};

async function added(accounts: Accounts, account = tandewright) {
  const result = await accounts.add(account);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('an account', () => {
  it('opens with its password after a restart, whatever the case of the user name', async () => {
    const first = await open();
    expect(await first.isEmpty()).toBe(true);
    const reader = await added(first);
    expect(reader.states).toEqual(['CA', 'NV']);
    expect(reader.id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
    await first.close();

    const again = await open();
    expect(await again.isEmpty()).toBe(false);
    expect(await again.checkPassword('mtandeWRIGHT', 'night-shift-77')).toEqual({ ok: true, value: reader });
    expect(await again.checkPassword('mtandewright', 'night-shift-78')).toEqual({ ok: false, error: 'wrong-password' });
    expect(await again.checkPassword('nobody', 'night-shift-77')).toEqual({ ok: false, error: 'wrong-password' });
    expect(await again.find(reader.id)).toEqual(reader);
    expect(await again.find('nobody' as ReaderId)).toBeNull();
    expect(await again.list()).toEqual([reader]);
  });

  it.each([
    ['weak-password', { password: 'seven77' }],
    ['weak-password', { password: 'x'.repeat(600) }],
    ['weak-password', { password: 'mtandewright' }],
    ['bad-name', { userName: 'two words' }],
    ['bad-name', { userName: '' }],
    ['bad-name', { name: ' ' }],
    ['bad-name', { name: 'Dr M.\r\nMSH|' }],
    ['bad-npi', { npi: '1234567890' }],
    ['bad-npi', { npi: '123' }],
    ['bad-state', { states: ['CA', 'XX'] }],
    ['bad-state', { states: [] }],
  ] as const)('is refused for %s: %j', async (code, change) => {
    const accounts = await open();
    const result = await accounts.add({ ...tandewright, ...change });
    expect(result.ok ? 'added' : result.error.code).toBe(code);
    expect(await accounts.isEmpty()).toBe(true);
  });

  it('is refused when the user name is taken, also at the same moment and from another process', async () => {
    const [one, other] = [await open(), await open()];
    const results = await Promise.all([
      one.add(tandewright),
      other.add({ ...tandewright, userName: 'mtandewright', name: 'Another' }),
    ]);
    expect(results.map((result) => (result.ok ? 'added' : result.error.code)).sort()).toEqual(['added', 'taken']);
    expect(await one.list()).toHaveLength(1);
  });

  it('takes as long to refuse an unknown name as a wrong password', async () => {
    const accounts = await open();
    await added(accounts);
    const quickest = { nobody: Number.POSITIVE_INFINITY, mtandewright: Number.POSITIVE_INFINITY };
    // By turns, so that a machine that is busy for a while is so for both.
    for (let round = 0; round < 7; round += 1)
      for (const userName of ['nobody', 'mtandewright'] as const) {
        const begin = performance.now();
        await accounts.checkPassword(userName, 'wrong password');
        quickest[userName] = Math.min(quickest[userName], performance.now() - begin);
      }
    // Without the dummy check it would be a hundred times faster; half leaves room for a busy machine.
    expect(quickest.nobody).toBeGreaterThan(quickest.mtandewright / 2);
  });

  it('leaves no name, NPI or key readable on disk', async () => {
    const accounts = await open();
    const reader = await added(accounts);
    await accounts.acknowledge(reader.id, instant(1));
    const { publicJwk } = await accounts.signingKey(reader.id);
    for (const file of await readdir(join(directory, 'identity'))) {
      const bytes = await readFile(join(directory, 'identity', file));
      for (const marker of ['andewright', '1234567893', 'radiologist', String(publicJwk.x), '"d"']) {
        expect(bytes.includes(marker), `${marker} in ${file}`).toBe(false);
      }
    }
  });

  it("does not open when another's row was put in its place", async () => {
    const accounts = await open();
    await added(accounts);
    await added(accounts, { ...tandewright, userName: 'intruder', password: 'my own password' });
    await accounts.close();
    const raw = new DatabaseSync(join(directory, 'identity', 'accounts.sqlite'));
    raw.exec(`CREATE TEMP TABLE kept AS SELECT rowid AS number, account FROM accounts;
      UPDATE accounts SET account = (SELECT account FROM kept WHERE number = 3 - accounts.rowid)`);
    raw.close();
    const again = await open();
    expect((await again.checkPassword('mtandewright', 'my own password')).ok).toBe(false);
    expect(await again.list()).toEqual([]);
    expect(await again.isEmpty()).toBe(false);
  });

  it('remembers once that its owner knows this is no cleared device', async () => {
    const accounts = await open();
    const reader = await added(accounts);
    expect(await accounts.hasAcknowledged(reader.id)).toBe(false);
    await accounts.acknowledge(reader.id, instant(1));
    await accounts.close();
    expect(await (await open()).hasAcknowledged(reader.id)).toBe(true);
  });
});

describe('the account of a site’s desk', () => {
  it('says whose desk it is, and nobody else belongs to one', async () => {
    const accounts = await open();
    const desk = { ...tandewright, userName: 'desk', role: 'site', npi: null } as const;
    const codes = [
      await accounts.add(desk),
      await accounts.add({ ...desk, site: 'no such/id' }),
      await accounts.add({ ...tandewright, site: 'site-larkspur' }),
    ].map((one) => (one.ok ? 'added' : one.error.code));
    expect(codes).toEqual(['bad-site', 'bad-site', 'bad-site']);
    const made = await accounts.add({ ...desk, site: 'site-larkspur' });
    expect(made.ok && made.value.site).toBe('site-larkspur');
    const back = await (await open()).checkPassword('desk', tandewright.password);
    expect(back.ok && back.value.site).toBe('site-larkspur');
  });
});

describe('the demo', () => {
  it('has its people with the password demo, however often it starts', async () => {
    const accounts = await open();
    await addDemoAccounts(accounts);
    const people = await addDemoAccounts(accounts);
    expect(people.ok ? people.value.map((one) => [one.userName, one.role]) : []).toEqual([
      ['lead', 'lead'],
      ['qa', 'qa'],
      ['reader', 'radiologist'],
      ['resident', 'radiologist'],
      ['site', 'site'],
    ]);
    expect((await accounts.checkPassword('reader', 'demo')).ok).toBe(true);
    const short = await accounts.add({ ...tandewright, password: 'demo' });
    expect(short.ok ? 'added' : short.error.code).toBe('weak-password');
  });
});

describe('a signature', () => {
  it('is verified by the published key after a restart, and by no other', async () => {
    const first = await open();
    const reader = await added(first);
    const other = await added(first, { ...tandewright, userName: 'holloway' });
    const before = await first.signingKey(reader.id);
    const jws = await before.sign('{"report":"No fracture – déjà vu"}');
    await first.close();
    const again = await open();
    const key = await again.signingKey(reader.id);
    expect(key.keyId).toBe(before.keyId);
    expect(key.publicJwk.d).toBeUndefined();
    expect(await verifyJws(jws, key.publicJwk)).toEqual({ ok: true, value: '{"report":"No fracture – déjà vu"}' });
    expect(await verifyJws(jws, (await again.signingKey(other.id)).publicJwk)).toEqual({
      ok: false,
      error: 'other-key',
    });
  });

  it('does not hold when any part is changed, when it names no algorithm, or when the key id lies', async () => {
    const accounts = await open();
    const reader = await added(accounts);
    const key = await accounts.signingKey(reader.id);
    const jws = await key.sign('Left knee');
    const [header = '', payload = '', signature = ''] = jws.split('.');
    const encode = (text: string): string => Buffer.from(text).toString('base64url');
    const failed = async (text: string): Promise<string> => {
      const result = await verifyJws(text, key.publicJwk);
      return result.ok ? 'verified' : result.error;
    };
    expect(await failed(`${header}.${encode('Right knee')}.${signature}`)).toBe('altered');
    expect(await failed(`${header}.${payload}.${signature.slice(0, -4)}AAAA`)).toBe('altered');
    expect(await failed(`${encode('{"alg":"none"}')}.${payload}.`)).toBe('not-a-jws');
    expect(await failed(`${encode('{"alg":"ES256"}')}.${payload}.${signature}`)).toBe('not-a-jws');
    expect(await failed('rubbish')).toBe('not-a-jws');
    const forger = await generateKeyPair('ES256', { extractable: true });
    const forged = await new CompactSign(Buffer.from('Left knee'))
      .setProtectedHeader({ alg: 'ES256', kid: key.keyId })
      .sign(forger.privateKey);
    expect(await failed(forged)).toBe('altered');
    expect(await verifyJws(jws, { kty: 'oct', k: 'AAAA' })).toEqual({ ok: false, error: 'bad-key' });
    const forgersKey = { ...(await exportJWK(forger.publicKey)), kid: key.keyId };
    expect(await verifyJws(forged, forgersKey)).toEqual({ ok: false, error: 'other-key' });
  });
});

describe('an NPI', () => {
  it('is known by its check digit', () => {
    expect(isNpi('1234567893')).toBe(true);
    for (const last of '012456789') expect(isNpi(`123456789${last}`)).toBe(false);
    expect(isNpi('3234567893')).toBe(false);
  });
});
