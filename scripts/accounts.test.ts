import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAuditLog } from '../electron/host/audit/index.ts';
import { openAccounts } from '../electron/host/identity/index.ts';
import { openKeyRing } from '../electron/host/keys/index.ts';
import { scriptPorts } from './data-folder.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-scripts-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

type Answer = { readonly code: number | null; readonly output: string; readonly errors: string };

function run(script: string, words: readonly string[], input = '', passphrase = 'folder secret'): Promise<Answer> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [file, ...words], {
    env: { PATH: process.env.PATH, OVERREAD_DATA: directory, OVERREAD_PASSPHRASE: passphrase },
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output, errors })));
}
const accounts = (words: readonly string[], input?: string, passphrase?: string) =>
  run('./accounts.ts', words, input, passphrase);
const verify = (...words: string[]) => run('./audit-verify.ts', words);

async function keyRing() {
  const ring = await openKeyRing({ directory, secret: { kind: 'passphrase', passphrase: 'folder secret' } });
  if (!ring.ok) throw new Error(ring.error.message);
  return ring.value;
}

describe('npm run accounts', () => {
  it('adds an account whose password then opens it, and lists it', async () => {
    const words = ['add', 'mt', '--role', 'radiologist', '--states', 'nv,CA', '--npi', '1234567893'];
    const added = await accounts(
      [...words, '--full-name', 'Dr M. Tandewright', '--data', directory],
      'night-shift-77\n',
    );
    expect(added).toMatchObject({
      code: 0,
      output: expect.stringMatching(/mt \(radiologist\) is made.*CA, NV/s),
      errors: '',
    });
    const opened = await openAccounts({ directory, keyRing: await keyRing(), ports: scriptPorts() });
    expect(await opened.checkPassword('mt', 'night-shift-77')).toMatchObject({
      ok: true,
      value: { name: 'Dr M. Tandewright', role: 'radiologist', states: ['CA', 'NV'] },
    });
    await opened.close();
    expect((await accounts(['list'])).output).toBe('mt\tradiologist\tCA,NV\t1234567893\tDr M. Tandewright\n');
    expect(await accounts(words, 'another-password\n')).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/already/),
    });
  });

  it('says that all states is recorded as unrestricted, also when nothing is said', async () => {
    expect((await accounts(['add', 'so', '--role', 'lead'], 'night-shift-77')).output).toMatch(
      /recorded as unrestricted/,
    );
  });

  it.each([
    [['add', 'mt'], /Say the role/],
    [['add', 'mt', '--role', 'boss'], /Say the role/],
    [['remove', 'mt'], /npm run accounts -- add/],
    [['add', 'mt', '--role', 'qa', '--password', 'x'], /password/],
    [['add', 'mt', '--role', 'qa', '--states', 'XX'], /"XX" is not a US state/],
  ])('refuses %j in a sentence', async (words, errors) => {
    expect(await accounts(words, 'night-shift-77')).toMatchObject({ code: 2, errors });
  });

  it('refuses without a password, with a short one, and with a wrong passphrase', async () => {
    const words = ['add', 'mt', '--role', 'qa'];
    expect(await accounts(words, '')).toMatchObject({ code: 2, errors: expect.stringMatching(/No password came/) });
    expect(await accounts(words, 'short')).toMatchObject({ code: 2, errors: expect.stringMatching(/too short/) });
    expect(await accounts(words, 'night-shift-77', 'wrong')).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/passphrase does not open/),
    });
    expect(await accounts(words, 'night-shift-77', '')).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/OVERREAD_PASSPHRASE/),
    });
  });
});

describe('npm run accounts -- credentials', () => {
  const file = async (content: unknown): Promise<string> => {
    const path = join(directory, 'credentials.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  beforeEach(async () => {
    await accounts(['add', 'mt', '--role', 'radiologist'], 'night-shift-77');
  });

  it('holds a person to what the file says, and says what is not checked', async () => {
    const licences = [{ state: 'nv', number: 'MD-7', expires: '2099-01-31' }];
    const shifts = [{ days: ['mon', 'tue'], from: '18:00', to: '06:00', zone: 'America/Denver' }];
    const set = await accounts(['credentials', 'mt', await file({ licences, shifts })]);
    expect(set).toMatchObject({ code: 0, errors: '' });
    expect(set.output).toMatch(/NV until 2099-01-31/);
    expect(set.output).toMatch(/privileges at sites: not kept, so not checked/);
    expect((await accounts(['list'])).output).toContain('mt\tradiologist\tNV\t');
    const opened = await openAccounts({ directory, keyRing: await keyRing(), ports: scriptPorts() });
    const [kept] = (await opened.credentials()).values();
    expect(kept?.entitlement).toMatchObject({ licences: [{ state: 'NV', number: 'MD-7' }], shifts, privileges: null });
    expect((await opened.checkPassword('mt', 'night-shift-77')).ok).toBe(true);
    await opened.close();
  });

  it('names every bad field at once and changes nothing', async () => {
    const answer = await accounts([
      'credentials',
      'mt',
      await file({
        licences: [{ state: 'NV' }, { state: 'XX', expires: '2027-02-30' }],
        privileges: [{ site: 'site-larkspur', level: 'everything' }],
        shifts: [{ days: ['monday'], from: '25:00', to: '06:00', zone: 'Mars/Olympus' }],
        payer: [],
      }),
    ]);
    expect(answer.code).toBe(2);
    for (const words of [
      /licences\[2\]\.state is no US state/,
      /licences\[2\]\.expires is no day/,
      /privileges\[1\]\.level is none of look, draft, preliminary, final/,
      /shifts\[1\]\.days\[1\] is none of mon/,
      /shifts\[1\]\.from is no time of day/,
      /shifts\[1\]\.zone is no time zone/,
      /payer is no field that Overread knows/,
      /nothing was changed/,
    ])
      expect(answer.errors).toMatch(words);
    expect((await accounts(['list'])).output).toContain('mt\tradiologist\tunrestricted');
  });

  it.each([
    ['{', /is not JSON/],
    [{}, /licences is missing/],
    [[], /the file/],
  ])('refuses %j in a sentence', async (content, errors) => {
    expect(await accounts(['credentials', 'mt', await file(content)])).toMatchObject({ code: 2, errors });
  });

  it('refuses a name that has no account and a file that is not there', async () => {
    const path = await file({ unrestricted: true });
    expect(await accounts(['credentials', 'nobody', path])).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/no account "nobody"/),
    });
    expect(await accounts(['credentials', 'mt', `${path}x`])).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/cannot be read/),
    });
    expect(await accounts(['credentials', 'mt', path])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/is unrestricted/),
    });
  });
});

describe('npm run audit:verify', () => {
  async function threeEntries() {
    const log = await openAuditLog({ directory, keyRing: await keyRing(), ports: scriptPorts() });
    if (!log.ok) throw new Error(log.error.message);
    for (const patient of ['DOE', 'ROE', 'POE']) {
      await log.value.record([{ user: 'mt', purpose: 'read', patient, studyUid: null }]);
    }
    const head = await log.value.head();
    await log.value.close();
    return head;
  }

  it('prints the head of an intact log, which serves as an anchor', async () => {
    const { sequence, hash } = await threeEntries();
    const answer = await verify();
    expect(answer).toMatchObject({ code: 0, output: expect.stringMatching(/^Intact: 3 entries/) });
    expect(answer.output).toContain(`Head: ${sequence}:${hash}`);
    expect(await verify('--anchor', `${sequence}:${hash}`)).toMatchObject({ code: 0 });
    expect(await verify('--anchor', `2:${hash}`)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/NOT INTACT.*written anew/),
    });
    expect(await verify('--anchor', `4:${hash}`)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/NOT INTACT.*entry 4 is missing/),
    });
  });

  it('ends with 1 when an entry was removed', async () => {
    await threeEntries();
    const raw = new DatabaseSync(join(directory, 'audit', 'audit.sqlite'));
    raw.exec('DELETE FROM entries WHERE sequence = 2');
    raw.close();
    expect(await verify()).toMatchObject({
      code: 1,
      output: expect.stringMatching(/NOT INTACT\. Entry 2 was removed/),
    });
  });

  it('says that a cut end could not be seen where the file audit-head is missing', async () => {
    await threeEntries();
    await rm(join(directory, 'audit-head'));
    expect(await verify()).toMatchObject({
      code: 1,
      output: expect.stringMatching(/NOT PROVEN\. The file audit-head is missing/),
    });
  });

  it('ends with 2 when it cannot check: no data, a wrong anchor', async () => {
    expect(await verify()).toMatchObject({ code: 2, errors: expect.stringMatching(/no Overread data/) });
    expect(await verify('--anchor', 'rubbish')).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/An anchor is/),
    });
  });
});

describe('npm run sites', () => {
  const sites = (words: readonly string[]) => run('./sites.ts', [...words, '--data', directory]);
  const contract = {
    validFrom: '2026-01-01T00:00:00-07:00',
    name: 'Nights',
    start: ['images.complete'],
    stop: 'final',
    due: { stat: 20, asap: 45, urgent: 90, unknown: 90, routine: 720 },
  };
  const site = { id: 'desert', name: 'Desert Imaging', state: 'AZ', zone: 'America/Phoenix', phone: null };
  const file = async (value: unknown): Promise<string> => {
    const path = join(directory, 'sites.json');
    await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
    return path;
  };

  it('writes what was agreed into the record, lists it, and lets no contract be changed that has begun', async () => {
    const made = await sites(['set', await file({ site, contracts: [contract] }), '--key-file']);
    expect(made).toMatchObject({ code: 0, output: 'desert (Desert Imaging) is new.\n', errors: '' });
    const softer = { ...contract, due: { ...contract.due, stat: 60 } };
    const refused = await sites(['set', await file({ site, contracts: [softer] })]);
    expect(refused).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/"Nights" from .* has begun and must stay/),
    });
    const next = { ...softer, name: 'Next', validFrom: '2126-01-01T00:00:00-07:00' };
    expect(await sites(['set', await file({ site, contracts: [contract, next] })])).toMatchObject({ code: 0 });
    expect((await sites(['list'])).output).toBe('desert\tDesert Imaging\tAZ\tAmerica/Phoenix\tNights (1 to come)\n');
  });

  it('names every bad field before it asks for anything, and says what it takes', async () => {
    const bad = await file({ site: { ...site, zone: 'Arizona' }, contracts: [{ ...contract, stop: 'done' }] });
    const refused = await sites(['set', bad]);
    expect(refused.code).toBe(2);
    expect(refused.errors).toMatch(
      /site\.zone "Arizona" is no time zone.*contracts\[0\]\.stop must be one of.*Nothing was/s,
    );
    expect((await sites(['set', await file('{')])).errors).toMatch(/is no JSON/);
    expect((await sites(['set'])).errors).toMatch(/npm run sites -- set FILE/);
  });
});

describe('npm run accounts -- token', () => {
  it('shows a token once, keeps no trace of it, lists its name and ends it', async () => {
    await accounts(['add', 'mt', '--role', 'lead', '--data', directory], 'night-shift-77\n');
    const made = await accounts(['token', 'ris', '--scope', 'intake', '--site', 'larkspur', '--data', directory]);
    const token = /ovr_[\w-]{43}/.exec(made.output)?.[0] ?? '';
    expect(made).toMatchObject({ code: 0, output: expect.stringContaining('ris (site larkspur) is made') });
    const database = new DatabaseSync(join(directory, 'identity', 'accounts.sqlite'), { readOnly: true });
    const rows = database.prepare('SELECT hash, hex(token) AS token FROM tokens').all() as Record<string, string>[];
    database.close();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect((await accounts(['tokens', '--data', directory])).output).toBe('ris\tintake\tlarkspur\n');
    expect((await accounts(['token', 'ris', '--scope', 'intake', '--data', directory])).errors).toMatch(/already/);
    expect((await accounts(['token-end', 'ris', '--data', directory])).code).toBe(0);
    expect((await accounts(['tokens', '--data', directory])).output).toBe('There are no tokens.\n');
  });

  it('wants the scope said', async () => {
    await accounts(['add', 'mt', '--role', 'lead', '--data', directory], 'night-shift-77\n');
    expect((await accounts(['token', 'ris', '--data', directory])).errors).toMatch(/--scope intake/);
  });
});
