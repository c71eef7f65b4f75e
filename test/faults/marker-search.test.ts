import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchBytes, searchFolder } from './marker-search.ts';

const marker = 'ZYXMARKERQÜELLE';

describe('the search for readable patient data', () => {
  const noise = randomBytes(40_000);
  const around = (bytes: Buffer, before = 1_000): Buffer =>
    Buffer.concat([noise.subarray(0, before), bytes, noise.subarray(before)]);
  const text = Buffer.from(`{"patient":"${marker}","words":"and some more words after it"}`);
  const planted: readonly (readonly [string, Buffer])[] = [
    ['plain', around(text)],
    ['UTF-16LE', around(Buffer.from(text.toString(), 'utf16le'))],
    ['UTF-16LE at an odd place', around(Buffer.from(text.toString(), 'utf16le'), 1_001)],
    ['UTF-16BE', around(Buffer.from(text.toString(), 'utf16le').swap16())],
    ['hex', around(Buffer.from(text.toString('hex')))],
    ...[0, 1, 2].map(
      (shift) =>
        [
          `base64, ${shift} before`,
          around(Buffer.from(Buffer.concat([noise.subarray(0, shift), text]).toString('base64'))),
        ] as const,
    ),
    ['base64url', around(Buffer.from(text.toString('base64url')))],
    ['gzip', around(gzipSync(text), 7)],
    ['zlib', around(deflateSync(text), 12_345)],
    ['raw deflate', deflateRawSync(text)],
    ['brotli', brotliCompressSync(text)],
    ['gzip that was cut off', gzipSync(Buffer.concat([text, noise])).subarray(0, 20_000)],
    ['base64 in gzip', around(gzipSync(Buffer.from(text.toString('base64'))))],
    ['gzip in gzip', around(gzipSync(gzipSync(text)))],
    ['at the end', Buffer.concat([noise, Buffer.from(marker)])],
  ];
  for (const [how, bytes] of planted) {
    it(`finds a marker that lies there as ${how}`, () => {
      expect(searchBytes('planted', bytes, [marker]).length).toBeGreaterThan(0);
    });
  }

  it('finds nothing in noise', () => {
    expect(searchBytes('noise', noise, [marker])).toEqual([]);
  });

  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-search-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  it('looks into every file and at every name', async () => {
    await writeFile(join(folder, `${marker}.bin`), noise);
    await writeFile(join(folder, 'other'), text);
    const found = await searchFolder(folder, [marker]);
    expect(found.files).toBe(2);
    expect(found.hits.map((hit) => hit.how).sort()).toEqual(['UTF-8', 'UTF-8, in the name']);
  });
});
