import { mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { instant } from '../../../shared/lib/instant.ts';
import type { Ports } from '../ports.ts';
import { type FrameCache, openFrameCache } from './frame-cache.ts';
import { createSealedFile, openSealedFile, sealingKey } from './sealed-file.ts';

const key = new Uint8Array(32).fill(3);
let clock = 1_000;
const ports: Ports = {
  now: () => {
    clock += 10;
    return instant(clock);
  },
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  newId: () => crypto.randomUUID(),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
};
let directory: string;
let cache: FrameCache;
const open = (maxBytes = 1e9, with_: Uint8Array = key): Promise<FrameCache> =>
  openFrameCache({ directory, key: with_, maxBytes, ports, mostAfterwards: 20_000_000 });
const folder = (): string => join(directory, 'frame-cache');

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-cache-'));
  cache = await open();
});
afterEach(async () => {
  await cache.close();
  await rm(directory, { recursive: true, force: true });
});

function pattern(length: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + seed + (at >> 8)) & 0xff));
}

async function put(about: string, bytes: Uint8Array): Promise<void> {
  const writer = cache.writer(about);
  for (let at = 0; at < bytes.length; at += 300_000) writer.write(bytes.subarray(at, at + 300_000));
  writer.commit({ contentType: 'multipart/related; boundary=x', parts: 7 });
  await cache.settled();
}

async function get(about: string): Promise<Buffer | null> {
  const found = await cache.read(about);
  if (found === null) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of found.body) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('the sealed cache', () => {
  test('keeps more than it may have waiting, of whoever lets the disk follow; of others it gives up', async () => {
    const piece = pattern(1_000_000, 3);
    const hand = async (about: string, follow: () => Promise<void>): Promise<void> => {
      const writer = cache.writer(about);
      for (let count = 0; count < 90; count += 1) {
        writer.write(piece);
        await follow();
      }
      writer.commit({ contentType: 'multipart/related; boundary=x', parts: 90 });
      await cache.settled();
    };
    await hand('in a hurry', async () => undefined);
    expect(cache.holds('in a hurry')).toBe(false);
    await hand('not in a hurry', cache.caughtUp);
    expect(cache.holds('not in a hurry')).toBe(true);
    const kept = await cache.read('not in a hurry');
    expect(kept?.length).toBe(90_000_000);
    await kept?.body.cancel();
  });
  test.each([0, 1, 511, 1024 * 1024 - 512, 1024 * 1024, 3_456_789])(
    'gives an answer of %i bytes back as it came',
    async (length) => {
      await put('a series', pattern(length, 1));
      const found = await cache.read('a series');
      expect(found).toMatchObject({ contentType: 'multipart/related; boundary=x', parts: 7, length });
      await found?.body.cancel();
      expect((await get('a series'))?.equals(pattern(length, 1))).toBe(true);
    },
  );

  test('keeps what came of an answer that broke off beside it, and never gives it out as the whole', async () => {
    const bytes = pattern(3_000_000, 9);
    const places = [
      { name: '1.1', from: 0, to: 1_400_000 },
      { name: '1.2', from: 1_400_000, to: 2_600_000 },
    ];
    const writer = cache.writer('a series');
    writer.write(bytes);
    writer.commit({ contentType: 'multipart/related; boundary=x', parts: 2, places, begun: true });
    await cache.settled();
    const held = async () => [cache.holds('a series'), await cache.read('a series'), await cache.begun('a series')];
    const begun = { contentType: 'multipart/related; boundary=x', names: ['1.1', '1.2'] };
    expect(await held()).toEqual([false, null, begun]);
    cache = await open();
    expect(await held()).toEqual([false, null, begun]);
    const part = await cache.part('a series', '1.2');
    expect(Buffer.from(part?.bytes ?? []).equals(bytes.subarray(1_400_000, 2_600_000))).toBe(true);
    // Under the name of the whole it says that it is none.
    const [name = ''] = await readdir(folder());
    await rename(join(folder(), name), join(folder(), name.replace('.begun', '')));
    cache = await open();
    expect([cache.holds('a series'), await cache.read('a series')]).toEqual([true, null]);
    expect(await readdir(folder())).toEqual([]);
  });

  test('lets go what was begun once the whole is there', async () => {
    const writer = cache.writer('a series');
    writer.write(pattern(500, 1));
    writer.commit({ contentType: 'multipart/related; boundary=x', parts: 1, begun: true });
    await cache.settled();
    await put('a series', pattern(900, 2));
    expect(await cache.begun('a series')).toBeNull();
    expect(await readdir(folder())).toHaveLength(1);
    expect(cache.size()).toBeLessThan(2_000);
  });

  test('keeps it over a restart, and tells nothing to who steals the disk', async () => {
    const words = Buffer.from('MARKERNAME^PATIENT '.repeat(500));
    await put('archive|/studies/1.2.3456789|*', words);
    await cache.close();
    for (const name of await readdir(folder())) {
      expect(name).not.toContain('3456789');
      const bytes = await readFile(join(folder(), name));
      expect(bytes.includes('MARKERNAME')).toBe(false);
      expect(bytes.includes('3456789')).toBe(false);
    }
    cache = await open();
    expect((await get('archive|/studies/1.2.3456789|*'))?.equals(words)).toBe(true);
    const other = await open(1e9, new Uint8Array(32).fill(4));
    expect(await other.read('archive|/studies/1.2.3456789|*')).toBeNull();
  });

  test('drops an answer that was cut, at every length that is tried', async () => {
    const bytes = pattern(2_500_000, 5);
    for (const cut of [0, 3, 20, 47, 1_000, 1_048_624, 2_097_228, 2_500_000]) {
      await put('one', bytes);
      const [name = ''] = await readdir(folder());
      await truncate(join(folder(), name), cut);
      expect(await get('one').catch(() => 'broken'), `${cut}`).not.toEqual(bytes);
      expect(await cache.read('one'), `${cut}`).toBeNull();
    }
  });

  test('never serves a byte that was changed: the stream ends in an error and the entry is gone', async () => {
    const bytes = pattern(2_500_000, 6);
    for (const at of [0, 5, 25, 40, 1_000_000, 1_048_700, 2_400_000, 2_500_100]) {
      await put('one', bytes);
      const [name = ''] = await readdir(folder());
      const sealed = await readFile(join(folder(), name));
      sealed[at] = (sealed[at] ?? 0) ^ 1;
      await writeFile(join(folder(), name), sealed);
      const served: Uint8Array[] = [];
      const found = await cache.read('one');
      let failed = found === null;
      try {
        for await (const piece of found?.body ?? []) served.push(piece);
      } catch {
        failed = true;
      }
      expect(failed, `${at}`).toBe(true);
      const before = Buffer.concat(served);
      expect(bytes.subarray(0, before.length).equals(before)).toBe(true);
      expect(await cache.read('one')).toBeNull();
    }
  });

  test('seals what a reader waits for once all of it is here, and before only what memory does not hold', async () => {
    const piece = pattern(1_000_000, 5);
    const hand = (about: string, count: number) => {
      const writer = cache.writer(about, { afterwards: true });
      for (let done = 0; done < count; done += 1) writer.write(piece);
      return writer;
    };
    const done = { contentType: 'multipart/related; boundary=x', parts: 1 };
    const small = hand('small', 12);
    await cache.settled();
    expect(await readdir(folder())).toEqual([]);
    // Two at a time share what may wait.
    const large = hand('large', 30);
    await expect.poll(() => readdir(folder())).toHaveLength(1);
    large.commit(done);
    small.commit(done);
    await cache.settled();
    for (const [about, count] of [
      ['small', 12],
      ['large', 30],
    ] as const)
      expect((await get(about))?.equals(Buffer.concat(Array.from({ length: count }, () => piece))), about).toBe(true);
    // What was given up waits for nobody any more.
    for (let times = 0; times < 5; times += 1) hand('given up', 15).abandon();
    await cache.settled();
    const last = hand('last', 15);
    await cache.settled();
    expect(await readdir(folder())).toHaveLength(2);
    last.commit(done);
    await cache.settled();
    expect(cache.holds('last')).toBe(true);
  });

  test('reads one part alone, of an answer kept before a restart too, and never one that was altered', async () => {
    const bytes = pattern(2_500_000, 8);
    const places = [
      { name: '2.25.1', from: 0, to: 900_000 },
      { name: '2.25.2', from: 900_000, to: 2_400_000 },
    ];
    const keep = async (): Promise<void> => {
      const writer = cache.writer('a series');
      writer.write(bytes);
      writer.commit({ contentType: 'multipart/related; boundary=x', parts: 2, places });
      await cache.settled();
    };
    await keep();
    const isPart = async (from: FrameCache, { name, from: start, to }: (typeof places)[number]): Promise<boolean> => {
      const found = await from.part('a series', name);
      return found !== null && Buffer.from(found.bytes).equals(bytes.subarray(start, to));
    };
    for (const place of places) expect(await isPart(cache, place)).toBe(true);
    expect((await get('a series'))?.equals(bytes)).toBe(true);
    expect(await cache.part('a series', '2.25.3')).toBeNull();
    expect(await cache.part('another series', '2.25.1')).toBeNull();
    const again = await open();
    for (const place of places) expect(await isPart(again, place)).toBe(true);
    const [name = ''] = await readdir(folder());
    const sealed = await readFile(join(folder(), name));
    sealed[1_500_000] = (sealed[1_500_000] ?? 0) ^ 1;
    await writeFile(join(folder(), name), sealed);
    expect(await cache.part('a series', '2.25.2')).toBeNull();
    expect(await cache.read('a series')).toBeNull();
    await keep();
    expect(await isPart(cache, places[1] as (typeof places)[number])).toBe(true);
  });

  test('does not take the file of one answer for another', async () => {
    await put('one', pattern(100, 1));
    const [one = ''] = await readdir(folder());
    await put('two', pattern(100, 2));
    const two = (await readdir(folder())).find((name) => name !== one) ?? '';
    await writeFile(join(folder(), two), await readFile(join(folder(), one)));
    expect(await get('two').catch(() => null)).toBeNull();
  });

  test('keeps nothing of an answer that was given up, and clears what a killed host left', async () => {
    const writer = cache.writer('half');
    writer.write(pattern(2_000_000, 1));
    writer.abandon();
    writer.commit({ contentType: 'x/y', parts: 1 });
    await cache.settled();
    await expect.poll(() => readdir(folder())).toEqual([]);
    await writeFile(join(folder(), `${'a'.repeat(64)}.123.part`), 'half');
    cache = await open();
    expect(await readdir(folder())).toEqual([]);
    expect(await cache.read('half')).toBeNull();
  });

  test('stays under its cap; what was not looked at for longest goes first', async () => {
    await cache.close();
    cache = await open(350_000);
    await put('a', pattern(100_000, 1));
    await put('b', pattern(100_000, 2));
    await put('c', pattern(100_000, 3));
    await get('a');
    await put('d', pattern(100_000, 4));
    expect(cache.size()).toBeLessThanOrEqual(350_000);
    expect(await cache.read('b')).toBeNull();
    for (const kept of ['a', 'c', 'd']) expect(await get(kept), kept).not.toBeNull();
  });
});

describe('a sealed file', () => {
  test('opens any range by itself', async () => {
    const sealing = await sealingKey(key, 'test');
    const path = join(directory, 'one');
    const bytes = pattern(3_000_000, 9);
    const file = await createSealedFile(path, 'about', sealing, ports, { sync: true });
    await file.write([bytes.subarray(0, 10), bytes.subarray(10)]);
    await file.commit();
    const opened = await openSealedFile(path, 'about', sealing);
    if (!opened.ok) throw new Error(opened.error);
    for (const [start, end] of [
      [0, 0],
      [0, 1],
      [1_048_575, 1_048_577],
      [5, 2_999_999],
      [2_999_999, 3_000_000],
    ] as const) {
      const range = await opened.value.range(start, end);
      expect(range.ok && Buffer.from(range.value).equals(bytes.subarray(start, end)), `${start}-${end}`).toBe(true);
    }
    expect(await opened.value.range(0, 3_000_001)).toEqual({ ok: false, error: 'altered' });
    await opened.value.close();
    const other = await openSealedFile(path, 'something else', sealing);
    if (!other.ok) throw new Error(other.error);
    expect(await other.value.chunk(0)).toEqual({ ok: false, error: 'altered' });
    await other.value.close();
  });
});
