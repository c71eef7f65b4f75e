import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
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
    expect(added).toMatchObject({ code: 0, output: /mt \(radiologist\) is made.*CA, NV/s, errors: '' });
    const opened = await openAccounts({ directory, keyRing: await keyRing(), ports: scriptPorts() });
    expect(await opened.checkPassword('mt', 'night-shift-77')).toMatchObject({
      ok: true,
      value: { name: 'Dr M. Tandewright', role: 'radiologist', states: ['CA', 'NV'] },
    });
    await opened.close();
    expect((await accounts(['list'])).output).toBe('mt\tradiologist\tCA,NV\t1234567893\tDr M. Tandewright\n');
    expect(await accounts(words, 'another-password\n')).toMatchObject({ code: 2, errors: /already/ });
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
    expect(await accounts(words, '')).toMatchObject({ code: 2, errors: /No password came/ });
    expect(await accounts(words, 'short')).toMatchObject({ code: 2, errors: /too short/ });
    expect(await accounts(words, 'night-shift-77', 'wrong')).toMatchObject({
      code: 2,
      errors: /passphrase does not open/,
    });
    expect(await accounts(words, 'night-shift-77', '')).toMatchObject({ code: 2, errors: /OVERREAD_PASSPHRASE/ });
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
    expect(answer).toMatchObject({ code: 0, output: /^Intact: 3 entries/ });
    expect(answer.output).toContain(`Head: ${sequence}:${hash}`);
    expect(await verify('--anchor', `${sequence}:${hash}`)).toMatchObject({ code: 0 });
    expect(await verify('--anchor', `2:${hash}`)).toMatchObject({ code: 1, output: /NOT INTACT.*written anew/ });
    expect(await verify('--anchor', `4:${hash}`)).toMatchObject({ code: 1, output: /NOT INTACT.*entry 4 is missing/ });
  });

  it('ends with 1 when an entry was removed', async () => {
    await threeEntries();
    const raw = new DatabaseSync(join(directory, 'audit', 'audit.sqlite'));
    raw.exec('DELETE FROM entries WHERE sequence = 2');
    raw.close();
    expect(await verify()).toMatchObject({ code: 1, output: /NOT INTACT\. Entry 2 was removed/ });
  });

  it('says that a cut end could not be seen where the file audit-head is missing', async () => {
    await threeEntries();
    await rm(join(directory, 'audit-head'));
    expect(await verify()).toMatchObject({ code: 1, output: /NOT PROVEN\. The file audit-head is missing/ });
  });

  it('ends with 2 when it cannot check: no data, a wrong anchor', async () => {
    expect(await verify()).toMatchObject({ code: 2, errors: /no Overread data/ });
    expect(await verify('--anchor', 'rubbish')).toMatchObject({ code: 2, errors: /An anchor is/ });
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
