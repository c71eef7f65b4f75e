import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Credentials, entitlementOfStates, type Reader } from '../../../shared/domain/reader/index.ts';
import { ordererToFhir, publicKeysOf, readerOfRole } from '../../../shared/interop/fhir/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { startFhirRouter } from '../../../test/servers/fhir-router/server.ts';
import { type KeyRing, openKeyRing } from '../keys/index.ts';
import type { Ports } from '../ports.ts';
import { createEmbeddedRecord, createRecordClient, createRecordSync, embeddedRecordUrl } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';
import { openAccounts } from './accounts.ts';
import { createCredentialBook } from './credential-book.ts';
import { publishKeys } from './publish-keys.ts';
import type { Accounts } from './types.ts';

const silent = () => undefined;
const ports: Ports = {
  now: () => instant(Date.now()),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  newId: () => crypto.randomUUID(),
  log: { info: silent, warn: silent, error: silent },
};
const nevada: Credentials = {
  ...(entitlementOfStates(['NV']) as Credentials),
  privileges: [{ site: 'site-reno', level: 'final', expires: '2099-01-31' }],
  subspecialties: ['neuroradiology'],
};
const types = ['Practitioner', 'PractitionerRole'] as const;

let directory: string;
/** Closes what stands behind the record. */
let closeRecord: () => Promise<void>;
let record: RecordClient;
let accounts: Accounts;
let reader: Reader;
const records = {
  'our embedded record': async (keyRing: KeyRing) => {
    const embedded = await createEmbeddedRecord({ directory, key: keyRing, ports });
    return { url: embeddedRecordUrl, fetch: embedded.fetch, close: () => embedded.close() };
  },
  'a record of somebody else': async () => {
    const router = await startFhirRouter();
    return { url: router.url, fetch: (request: Request) => fetch(request), close: () => router.close() };
  },
} as const;

describe.each(Object.keys(records) as (keyof typeof records)[])('what a reader is held to, in %s', (kind) => {
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-credentials-'));
    const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keyRing.ok) throw new Error(keyRing.error.message);
    const behind = await records[kind](keyRing.value);
    closeRecord = behind.close;
    record = createRecordClient({
      name: 'record',
      baseUrl: behind.url,
      credentials: { kind: 'none' },
      fetch: behind.fetch,
      ports,
    });
    accounts = await openAccounts({ directory, keyRing: keyRing.value, ports });
    const added = await accounts.add({
      userName: 'mt',
      name: 'Dr M. Tandewright',
      role: 'radiologist',
      npi: null,
      states: 'all',
      password: 'night-shift-77',
    });
    if (!added.ok) throw new Error(added.error.message);
    reader = added.value;
  });
  afterEach(async () => {
    await accounts.close();
    await closeRecord();
    await rm(directory, { recursive: true, force: true });
  });

  /** Another host of the group: the same record, and no account that was set on it. */
  async function elsewhere() {
    const sync = createRecordSync(record, types, { ports });
    const none = { ...accounts, credentials: async () => new Map() } satisfies Accounts;
    const book = createCredentialBook({ accounts: none, record, sync, ports });
    await sync.cycle();
    return { book, sync };
  }

  it('is set on one host, published in the record and known to all, with the keys that verify her', async () => {
    const sync = createRecordSync(record, types, { ports });
    const book = createCredentialBook({ accounts, record, sync, ports });
    await sync.cycle();
    expect(book.of(reader)).toBe('unrestricted');
    expect((await publishKeys(accounts, record, reader, ports)).ok).toBe(true);
    await accounts.setCredentials('mt', nevada, ports.now());
    let told = 0;
    book.onChange(() => {
      told += 1;
    });
    await book.round();
    expect(book.of(reader)).toEqual(nevada);
    expect(told).toBeGreaterThan(0);
    const other = await elsewhere();
    expect(other.book.of(reader)).toEqual(nevada);
    const practitioner = await record.read('Practitioner', reader.id);
    expect(practitioner.ok && publicKeysOf(practitioner.value.resource)).toHaveLength(1);
  });

  it('makes nobody’s list old when an ordering physician is written, and everybody’s when a reader is', async () => {
    const { book, sync } = await elsewhere();
    expect(book.of(reader)).toBe('unrestricted');
    const orderer = { name: 'ORDERER, OLIVIA', npi: '1234567893' };
    const before = book.version();
    expect((await record.put(ordererToFhir('orderer-1', orderer, 'site-reno'))).ok).toBe(true);
    await sync.cycle();
    expect(sync.get('Practitioner', 'orderer-1')).not.toBeNull();
    expect(book.version()).toBe(before);
    // A first key is no credential yet, and the person is a reader all the same.
    expect((await publishKeys(accounts, record, reader, ports)).ok).toBe(true);
    await sync.cycle();
    expect(book.version()).toBeGreaterThan(before);
  });

  it('stays what it is when her key is published after it, as at a first sign-in', async () => {
    await accounts.setCredentials('mt', nevada, ports.now());
    const { sync } = await elsewhere();
    await createCredentialBook({ accounts, record, sync, ports }).round();
    expect((await publishKeys(accounts, record, reader, ports)).ok).toBe(true);
    expect((await elsewhere()).book.of(reader)).toEqual(nevada);
  });

  it('is the newer of two settings, and what was replaced is out of use and not deleted', async () => {
    await accounts.setCredentials('mt', nevada, ports.now());
    const { sync } = await elsewhere();
    const book = createCredentialBook({ accounts, record, sync, ports });
    await book.round();
    const maine = entitlementOfStates(['ME']);
    await accounts.setCredentials('mt', maine, ports.now());
    await book.round();
    expect((await elsewhere()).book.of(reader)).toEqual(maine);
    const roles = await record.search('PractitionerRole', { practitioner: `Practitioner/${reader.id}` });
    if (!roles.ok) throw new Error(roles.error.message);
    expect(roles.value.length).toBe(2);
    expect(roles.value.every((one) => one.resource.active === false && readerOfRole(one.resource) === reader.id)).toBe(
      true,
    );
  });

  it('does not go back to an older setting that another host still holds', async () => {
    await accounts.setCredentials('mt', nevada, ports.now());
    const old = await accounts.credentials();
    const { sync } = await elsewhere();
    const book = createCredentialBook({ accounts, record, sync, ports });
    await accounts.setCredentials('mt', entitlementOfStates(['ME']), ports.now());
    await book.round();
    const late = createCredentialBook({ accounts: { ...accounts, credentials: async () => old }, record, sync, ports });
    await late.round();
    expect(late.of(reader)).toEqual(entitlementOfStates(['ME']));
    expect((await elsewhere()).book.of(reader)).toEqual(entitlementOfStates(['ME']));
  });
});
