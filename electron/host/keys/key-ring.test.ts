import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockOf, openKeyRing, type SecretSource, sealerFromKey } from './index.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-keys-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const passphrase = (text: string): SecretSource => ({ kind: 'passphrase', passphrase: text });

async function opened(secret: SecretSource) {
  const result = await openKeyRing({ directory, secret });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function refused(secret: SecretSource): Promise<string> {
  const result = await openKeyRing({ directory, secret });
  return result.ok ? 'opened' : result.error.code;
}

/** An OS key store of one user: XOR stands for the platform's cipher, the failure for a changed login. */
function osKeyStore(user: number): SecretSource {
  const turn = async (bytes: Uint8Array) => bytes.map((byte) => byte ^ user);
  return { kind: 'os-key-store', wrap: turn, unwrap: turn };
}

describe('the key of a data folder', () => {
  it('opens with the passphrase that made it and gives the same keys after a restart', async () => {
    const first = await opened(passphrase('correct horse'));
    const again = await opened(passphrase('correct horse'));
    expect(again.derive('journal')).toEqual(first.derive('journal'));
    expect(again.derive('journal')).not.toEqual(first.derive('audit'));
    const sealed = first.sealer('drafts').sealText('Findings', 'draft|1');
    expect(again.sealer('drafts').openText(sealed, 'draft|1')).toEqual({ ok: true, value: 'Findings' });
    expect(first.sealer('audit').openText(sealed, 'draft|1').ok).toBe(false);
  });

  it('takes a passphrase in composed and decomposed letters for the same', async () => {
    const first = await opened(passphrase('schlu\u0308ssel'));
    expect((await opened(passphrase('schl\u00fcssel'))).derive('x')).toEqual(first.derive('x'));
  });

  it('tells a wrong passphrase, and stays openable with the right one', async () => {
    await opened(passphrase('right'));
    expect(await refused(passphrase('wrong'))).toBe('wrong-passphrase');
    expect(await refused(passphrase(''))).toBe('no-secret');
    await opened(passphrase('right'));
  });

  it('names the remedy when the folder was locked in another way', async () => {
    await opened({ kind: 'key-file' });
    const result = await openKeyRing({ directory, secret: passphrase('x') });
    expect(result.ok ? null : result.error).toMatchObject({
      code: 'other-source',
      message: expect.stringMatching(/--key-file/),
    });
    expect(await refused(osKeyStore(7))).toBe('other-source');
  });

  it('says what locks it, so that the right secret can be asked for', async () => {
    expect(await lockOf(directory)).toBeNull();
    await opened({ kind: 'key-file' });
    expect(await lockOf(directory)).toBe('key-file');
    await writeFile(join(directory, 'keys', 'data-key.json'), '{}');
    expect(await lockOf(directory)).toBe('damaged');
  });

  it('keeps a key file that only its owner may read, and does not make a new one when it is lost', async () => {
    await opened({ kind: 'key-file' });
    const file = join(directory, 'keys', 'key-file');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'keys', 'data-key.json'))).mode & 0o777).toBe(0o600);
    await rm(file);
    expect(await refused({ kind: 'key-file' })).toBe('no-secret');
    await writeFile(file, `${'0'.repeat(64)}\n`);
    expect(await refused({ kind: 'key-file' })).toBe('damaged');
  });

  it('opens through the OS key store, and sees a store that answers with another key', async () => {
    const first = await opened(osKeyStore(7));
    expect((await opened(osKeyStore(7))).derive('x')).toEqual(first.derive('x'));
    expect(await refused(osKeyStore(8))).toBe('damaged');
    const broken: SecretSource = {
      kind: 'os-key-store',
      wrap: async (key) => key,
      unwrap: async () => {
        throw new Error('locked');
      },
    };
    expect(await refused(broken)).toBe('no-secret');
  });

  it('never writes over a damaged file', async () => {
    await opened({ kind: 'key-file' });
    const file = join(directory, 'keys', 'data-key.json');
    const good = await readFile(file, 'utf8');
    const letter = good.indexOf('"wrapped"') + 15;
    const damaged = [
      '',
      '{',
      good.slice(0, 80),
      good.replace('"version": 1', '"version": 2'),
      good.slice(0, letter) + (good[letter] === 'A' ? 'B' : 'A') + good.slice(letter + 1),
    ];
    for (const text of damaged) {
      await writeFile(file, text);
      expect(await refused({ kind: 'key-file' })).toBe('damaged');
      expect(await readFile(file, 'utf8')).toBe(text);
    }
    await writeFile(file, good);
    await opened({ kind: 'key-file' });
  });

  it('makes no new key in a folder whose key is lost but whose journal is there', async () => {
    await mkdir(join(directory, 'journal'));
    await writeFile(join(directory, 'journal', 'journal.sqlite'), 'sealed');
    expect(await refused(passphrase('x'))).toBe('damaged');
    expect(await readdir(directory)).toEqual(['journal']);
  });

  it('gives one key when two processes make it at the same time, and leaves no temporary file', async () => {
    const rings = await Promise.all([1, 2, 3, 4].map(() => opened({ kind: 'key-file' })));
    const keys = new Set(rings.map((ring) => Buffer.from(ring.derive('x')).toString('hex')));
    expect(keys.size).toBe(1);
    expect((await readdir(join(directory, 'keys'))).sort()).toEqual(['data-key.json', 'key-file']);
  });
});

describe('a sealed value', () => {
  const sealer = sealerFromKey(new Uint8Array(32).fill(3));

  it('opens to what was sealed, in its own place only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), fc.string(), (bytes, about, elsewhere) => {
        const sealed = sealer.seal(bytes, about);
        expect(sealer.open(sealed, about)).toEqual({ ok: true, value: bytes });
        if (elsewhere !== about) expect(sealer.open(sealed, elsewhere)).toEqual({ ok: false, error: 'altered' });
      }),
    );
  });

  it('does not open when any one bit of it is changed, or when it is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(), fc.integer({ min: 0, max: 7 }), (bytes, at, bit) => {
        const sealed = sealer.seal(bytes, 'here');
        expect(sealer.open(sealed.subarray(0, at % sealed.length), 'here').ok).toBe(false);
        const place = at % sealed.length;
        sealed[place] = (sealed[place] ?? 0) ^ (1 << bit);
        expect(sealer.open(sealed, 'here').ok).toBe(false);
      }),
    );
  });

  it('never looks the same twice, and holds none of its words', () => {
    const one = Buffer.from(sealer.sealText('TANDEWRIGHT^M', 'a'));
    const two = Buffer.from(sealer.sealText('TANDEWRIGHT^M', 'a'));
    expect(one.equals(two)).toBe(false);
    expect(one.includes('TANDE')).toBe(false);
  });

  it('is found by a keyed hash that differs from key to key', () => {
    expect(sealer.index('task-1')).toBe(sealer.index('task-1'));
    expect(sealer.index('task-1')).toMatch(/^[0-9a-f]{64}$/);
    expect(sealerFromKey(new Uint8Array(32).fill(4)).index('task-1')).not.toBe(sealer.index('task-1'));
  });
});
