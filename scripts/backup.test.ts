import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeyRing } from '../electron/host/keys/index.ts';
import { startTestHost } from '../test/servers/overread-host/start-host.ts';

type Answer = { readonly code: number | null; readonly output: string; readonly errors: string };

describe('npm run backup and restore', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-backup-script-'));
  });
  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });

  function run(script: string, words: readonly string[], more: { input?: string; passphrase?: string } = {}) {
    const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...words], {
      env: { PATH: process.env.PATH, TZ: 'America/Phoenix', OVERREAD_PASSPHRASE: more.passphrase ?? 'folder secret' },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.stdin.end(more.input ?? '');
    return new Promise<Answer>((done) => child.on('close', (code) => done({ code, output, errors })));
  }

  it('copies a folder, says what was found and from when with the zone, and gives it back into an empty one', async () => {
    const [data, target, fresh] = ['data', 'target', 'fresh'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    const added = await run('./accounts.ts', ['add', 'mt', '--role', 'lead', '--data', data], {
      input: 'night-shift-77\n',
    });
    expect(added.code, added.errors).toBe(0);
    const nothing = await run('./restore.ts', [target, '--data', fresh]);
    expect([nothing.code, nothing.errors]).toEqual([2, expect.stringContaining('There is no good backup')]);
    const made = await run('./backup.ts', [target, '--data', data]);
    expect([made.code, made.errors]).toEqual([0, '']);
    expect(made.output).toMatch(/^Good backup \d{8}T\d{6}Z of host [0-9a-f]{12}, begun .* MST:/);
    expect(made.output).toContain('1 accounts');
    expect(made.output).toContain('the last 7 are kept');

    const nowhere = await run('./restore.ts', [target]);
    expect([nowhere.code, nowhere.errors]).toEqual([2, expect.stringContaining('Say into which empty folder')]);
    const guessed = await run('./restore.ts', [target, '--data', fresh], { passphrase: 'a guess' });
    expect([guessed.code, guessed.errors]).toEqual([2, expect.stringContaining('passphrase does not open')]);
    const full = await run('./restore.ts', [target, '--data', data]);
    expect([full.code, full.errors]).toEqual([2, expect.stringContaining('not empty')]);
    await mkdir(fresh, { recursive: true });
    const restored = await run('./restore.ts', [target, '--data', fresh]);
    expect([restored.code, restored.errors]).toEqual([0, '']);
    expect(restored.output).toMatch(/as it was at .* MST = .* UTC/);
    expect((await readdir(fresh)).sort()).toEqual(['identity', 'keys']);
    const listed = await run('./accounts.ts', ['list', '--data', fresh]);
    expect(listed.output).toContain('mt\tlead');
  }, 180_000);

  it('says of a folder under a desktop’s key store what to do to have one that can be backed up', async () => {
    const data = join(root, 'desktop');
    const turn = async (bytes: Uint8Array) => bytes.map((byte) => byte ^ 1);
    const ring = await openKeyRing({ directory: data, secret: { kind: 'os-key-store', wrap: turn, unwrap: turn } });
    expect(ring.ok).toBe(true);
    const made = await run('./backup.ts', [join(root, 'nowhere'), '--data', data]);
    expect([made.code, made.output]).toEqual([2, '']);
    expect(made.errors).toContain('start Overread with OVERREAD_PASSPHRASE set and a new, empty --data folder');
    // The same step, and the host starts all the same.
    const host = await startTestHost({
      directory: data,
      secret: { kind: 'os-key-store', wrap: turn, unwrap: turn },
      settings: { demo: false, upkeep: { backup: { target: join(root, 'nowhere'), hour: 3 }, downtimeFolder: null } },
    });
    expect(host.host.notices.join(' ')).toContain('No nightly backup is made: this data folder is locked');
    expect(host.host.notices.join(' ')).toContain('back up the group host');
    await host.stop();
  }, 180_000);
});
