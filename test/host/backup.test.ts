import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAuditFiles } from '../../electron/host/audit/index.ts';
import { type BackupMade, makeBackup, restoreBackup } from '../../electron/host/backup/index.ts';
import { type KeyRing, openKeyRing } from '../../electron/host/keys/index.ts';
import { startTestHost } from '../servers/overread-host/start-host.ts';
import { draftOf, openForReading, readyRow, signCommand, type TestHost, type TestReader } from './case-driver.ts';

const secret = { kind: 'passphrase', passphrase: 'night shift 77' } as const;
const newId = (): string => crypto.randomUUID();

async function openWith(directory: string, passphrase: string = secret.passphrase): Promise<KeyRing> {
  const ring = await openKeyRing({ directory, secret: { kind: 'passphrase', passphrase } });
  if (!ring.ok) throw new Error(ring.error.message);
  return ring.value;
}

describe('a backup of a host in the middle of its work', () => {
  let root: string;
  let host: TestHost;
  let keys: KeyRing;
  let made: BackupMade;
  let signedTask: string;
  let draftTask: string;
  let clock = Date.UTC(2026, 10, 1, 8, 30);

  const asked = () => ({
    directory: host.directory,
    target: join(root, 'target'),
    program: '0.1.0-test',
    zone: 'America/Chicago',
  });
  const ports = {
    now: () => {
      clock += 60_000;
      return clock;
    },
    newId,
  };
  const place = (): string => join(root, 'target', `host-${made.host}`);
  const restoreInto = (directory: string, more: { passphrase?: string; generation?: string } = {}) =>
    restoreBackup({
      target: join(root, 'target'),
      directory,
      host: null,
      generation: more.generation ?? null,
      newId,
      open: (folder) => openWith(folder, more.passphrase),
    });
  const empty = (): Promise<string> => mkdtemp(join(root, 'empty-'));

  async function saveDraft(
    reader: TestReader,
    words: string,
    revision: number,
    detail: Awaited<ReturnType<typeof openForReading>>,
  ) {
    const saved = await reader.call('saveDraft', {
      params: { taskId: draftTask },
      input: {
        context: detail.context,
        draft: { ...draftOf(detail, reader, words, 'Half an impression.'), revision } as never,
      },
    });
    if (!saved.ok) throw new Error(saved.error.message);
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-backup-'));
    host = await startTestHost({ directory: join(root, 'data'), secret });
    keys = await openWith(host.directory);
    const reader = await host.signIn();
    const first = await readyRow(reader);
    signedTask = first.taskId;
    const detail = await openForReading(reader, signedTask);
    const draft = draftOf(detail, reader, 'As signed before the backup.', 'Normal.');
    const signed = await reader.call('sign', {
      params: { taskId: signedTask },
      input: signCommand(detail, draft, 'final', 'demo'),
    });
    if (!signed.ok) throw new Error(signed.error.message);
    const second = await readyRow(reader);
    draftTask = second.taskId;
    const other = await openForReading(reader, draftTask, 2);
    await saveDraft(reader, 'Words before the backup.', 1, other);
    // Words go on being written while the copy is made.
    let revision = 1;
    let going = true;
    const writing = (async () => {
      while (going) {
        revision += 1;
        await saveDraft(reader, `Words, take ${revision}.`, revision, other);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    made = await makeBackup(asked(), keys, ports);
    going = false;
    await writing;
  });
  afterAll(async () => {
    await host?.stop();
    await rm(root, { recursive: true, force: true });
  });

  it('is read back before it counts: log intact, signature verified, images there', () => {
    expect(made.found).toMatchObject({ signedVersions: 1, signaturesVerified: 1, unreadable: 0 });
    expect(made.found.auditEntries).toBeGreaterThan(2);
    expect(made.found.accounts).toBeGreaterThan(3);
    expect(made.found.resources).toBeGreaterThan(10);
    expect(made.archive?.objects).toBeGreaterThan(10);
    expect(made.generations).toBe(1);
  });

  it('holds no word of a patient, no password and no key that opens it', async () => {
    for (const one of await readdir(place(), { recursive: true, withFileTypes: true })) {
      if (!one.isFile()) continue;
      const bytes = await readFile(join(one.parentPath, one.name));
      for (const word of ['As signed before', 'Words before', 'Half an impression', 'Larkspur'])
        expect(bytes.includes(word), `${one.name} holds "${word}"`).toBe(false);
    }
    expect(existsSync(join(made.folder, 'parts', 'keys', 'key-file'))).toBe(false);
  });

  it('is restored on an empty host: one signs in, the signed report verifies, the draft is there, the log is intact', async () => {
    const directory = await empty();
    const restored = await restoreInto(directory);
    expect(restored.found).toEqual(made.found);
    expect(verifyAuditFiles({ directory, keyRing: await openWith(directory), given: [] }).ok).toBe(true);
    const again = await startTestHost({ directory, secret });
    try {
      const reader = await again.signIn();
      const verified = await reader.call('verifyReport', { params: { taskId: signedTask } });
      expect(verified.ok && verified.value.versions.map((one) => one.verdict)).toEqual(['verified']);
      const detail = await openForReading(reader, draftTask);
      expect(detail.draft?.sections['19005-8']).toBe('Half an impression.');
      expect(detail.draft?.sections['59776-5']).toMatch(/^Words/);
      const image = await reader.call('worklist', { input: {} });
      expect(image.ok && image.value.rows.some((row) => row.images.present > 0)).toBe(true);
    } finally {
      await again.stop({ keep: true });
    }
    expect(verifyAuditFiles({ directory, keyRing: await openWith(directory), given: [] }).ok).toBe(true);
  }, 120_000);

  it('is not restored with a wrong passphrase, nor into a folder that is not empty, and leaves both as they were', async () => {
    const directory = await empty();
    await expect(restoreInto(directory, { passphrase: 'a guess' })).rejects.toThrow('does not open');
    expect(await readdir(directory)).toEqual([]);
    await writeFile(join(directory, 'mine.txt'), 'x');
    await expect(restoreInto(directory)).rejects.toThrow('not empty');
    expect(await readdir(directory)).toEqual(['mine.txt']);
  });

  it('names the part of which one byte was changed, whichever it is, and restores nothing', async () => {
    const files = (await readdir(place(), { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
    const parts = files.filter((one) => one.parentPath.startsWith(join(made.folder, 'parts')));
    const object = files.find((one) => /^[0-9a-f]{64}$/.test(one.name));
    const list = files.find((one) => one.name === 'archive-objects.jsonl');
    expect(parts.length).toBeGreaterThan(6);
    for (const one of [...parts, ...(object === undefined ? [] : [object]), ...(list === undefined ? [] : [list])]) {
      const file = join(one.parentPath, one.name);
      const good = await readFile(file);
      const bad = Buffer.from(good);
      const at = Math.floor(bad.length / 2);
      bad[at] = (bad[at] ?? 0) ^ 1;
      await writeFile(file, bad);
      const directory = await empty();
      const name = one === object ? one.name.slice(0, 12) : one === list ? 'list' : one.name;
      // The key file says itself that it is damaged.
      await expect(restoreInto(directory), file).rejects.toThrow(name);
      expect(await readdir(directory)).toEqual([]);
      await writeFile(file, good);
    }
    const manifest = join(made.folder, 'manifest.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace('"zone": "America/Chicago"', '"zone": "America/Phoenix"'));
    await expect(restoreInto(await empty())).rejects.toThrow('no good backup');
    await expect(restoreInto(await empty(), { generation: made.generation })).rejects.toThrow('manifest');
    await writeFile(manifest, text);
  }, 120_000);

  it('wherever a run breaks off, the last good backup stays, nothing half is taken for one, and the next run clears up', async () => {
    const steps: string[] = [];
    const whole = await makeBackup(asked(), keys, { ...ports, step: (name) => steps.push(name) });
    expect(whole.generations).toBe(2);
    // The demo day goes on; what was copied before is not copied again.
    expect(whole.archive?.copied).toBe((whole.archive?.objects ?? 0) - (made.archive?.objects ?? 0));
    expect(steps.at(-1)).toBe('rename');
    const late = ['journal/journal.sqlite', 'archive objects', 'audit/audit.sqlite', 'read back', 'rename'];
    expect(steps).toEqual(expect.arrayContaining(late));
    for (const broken of late) {
      const failing = (name: string): void => {
        if (name === broken) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      };
      await expect(makeBackup(asked(), keys, { ...ports, step: failing }), broken).rejects.toThrow('is full');
      const left = (await readdir(place())).filter((name) => /^\d{8}T/.test(name));
      expect(left.sort()).toEqual([made.generation, whole.generation].sort());
    }
    expect((await readdir(place())).filter((name) => name.startsWith('.'))).toEqual([]);
    const directory = await empty();
    expect((await restoreInto(directory)).manifest.generation).toBe(whole.generation);
  }, 240_000);

  it('says what is wrong with a target, and does not begin where it would not end', async () => {
    const inside = makeBackup({ ...asked(), target: join(host.directory, 'backups') }, keys, ports);
    await expect(inside).rejects.toThrow('in the data folder itself');
    await writeFile(join(root, 'a-file'), '');
    await expect(makeBackup({ ...asked(), target: join(root, 'a-file') }, keys, ports)).rejects.toThrow(
      'cannot be written to',
    );
    const tight = makeBackup(asked(), keys, { ...ports, free: async () => 1_000_000 });
    await expect(tight).rejects.toThrow(/has 1 MB free and the backup needs \d+ MB/);
  });

  it('keeps as many generations as it is told, and lets one run at a time into a target', async () => {
    // What a run leaves that was killed: never taken for a backup, and cleared by the next.
    await cp(made.folder, join(place(), '.part-20301101T083100Z'), { recursive: true });
    await writeFile(join(place(), 'objects', 'killed.part'), 'half an object');
    expect((await restoreInto(await empty())).manifest.generation).not.toMatch(/^2030/);
    const both = await Promise.allSettled([
      makeBackup({ ...asked(), keep: 2 }, keys, ports),
      makeBackup({ ...asked(), keep: 2 }, keys, ports),
    ]);
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(place())).not.toContain('.part-20301101T083100Z');
    expect(await readdir(join(place(), 'objects'))).not.toContain('killed.part');
    const refused = both.find((one) => one.status === 'rejected');
    expect(refused?.status === 'rejected' && String(refused.reason)).toContain('under way');
    const left = (await readdir(place())).filter((name) => /^\d{8}T/.test(name));
    expect(left).toHaveLength(2);
    expect(left).not.toContain(made.generation);
  });
});
