import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type ArchiveClient,
  type ArchiveLimits,
  createArchiveClient,
  type FrameCache,
  openFrameCache,
} from '../../../electron/host/archive/index.ts';
import type { FetchHandler } from '../../../electron/host/ports.ts';
import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { buildImage } from '../../builders/part10.ts';
import { type FaultProxy, startFaultProxy } from '../../servers/fault-proxy/index.ts';
import { frameBytes, living, partsOf, wholeObjects } from './reading.ts';
import { type ArchiveUnderTest, archives, network, serveHandler, testPorts } from './servers.ts';

const root = '2.25.900';
const seriesPath = `/studies/${root}.1/series/${root}.1.1`;
const count = 12;
const files = Array.from({ length: count }, (_, index) =>
  buildImage({
    study: `${root}.1`,
    series: `${root}.1.1`,
    instance: `${root}.1.1.${index + 1}`,
    number: index + 1,
    rows: 256,
    columns: 256,
  }),
);

/** Truth, in any order. */
function sameObjects(parts: readonly { readonly bytes: Uint8Array }[]): void {
  expect(parts.length).toBe(count);
  const expected = new Set(files.map((file) => Buffer.from(file).toString('base64')));
  expect(new Set(parts.map((part) => Buffer.from(part.bytes).toString('base64')))).toEqual(expected);
}

async function until(condition: () => boolean, words: string): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never: ${words}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe.each(archives)('$label behind a line that fails', (kind) => {
  describe.skipIf(kind.missing !== null)(kind.missing ?? 'with every fault', () => {
    let server: ArchiveUnderTest;
    let bridge: { readonly url: string; stop(): Promise<void> } | null = null;
    let proxy: FaultProxy;
    let directory: string;
    let cache: FrameCache;
    let client: ArchiveClient;

    beforeAll(async () => {
      server = await kind.start();
      bridge = server.fetch === network ? null : await serveHandler(server.fetch, server.url);
      proxy = await startFaultProxy({ target: bridge === null ? server.url : `${bridge.url}/dicom-web` });
      client = newClient(undefined);
      for (const file of files) expect(await client.store(file)).toMatchObject({ ok: true });
    });
    afterAll(async () => {
      await proxy?.stop();
      await bridge?.stop();
      await server?.stop();
    });
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'overread-faults-'));
      cache = await openFrameCache({ directory, key: new Uint8Array(32).fill(1), maxBytes: 1e9, ports: testPorts() });
      client = newClient(cache);
      proxy.setRules([]);
      proxy.clear();
    });
    afterEach(async () => {
      await client.close();
      await rm(directory, { recursive: true, force: true });
    });
    function newClient(kept: FrameCache | undefined, limits: Partial<ArchiveLimits> = {}): ArchiveClient {
      return createArchiveClient({
        name: 'proxied',
        baseUrl: proxy.url,
        fetch: network,
        credentials: { kind: 'none' },
        ports: testPorts(),
        ...(kept === undefined ? {} : { cache: kept }),
        limits: { headerTime: 2_000, idleTime: 1_000, ...limits },
      });
    }
    const seriesAsked = (): number => proxy.requests().filter((one) => one.path === seriesPath).length;

    test('a series that came whole is kept, and comes from the cache when the archive is gone', async () => {
      sameObjects(await partsOf(await client.pass(seriesPath, wholeObjects, living())));
      await cache.settled();
      sameObjects(await partsOf(await client.pass(seriesPath, wholeObjects, living())));
      expect(seriesAsked()).toBe(1);
      proxy.setRules([{ fault: { kind: 'drop-before' } }]);
      const offline = newClient(cache);
      sameObjects(await partsOf(await offline.pass(seriesPath, wholeObjects, living())));
    });

    test('one object of a series that is kept comes out of it, byte for byte, when the archive is gone', async () => {
      await partsOf(await client.pass(seriesPath, wholeObjects, living()));
      await cache.settled();
      proxy.setRules([{ fault: { kind: 'drop-before' } }]);
      const offline = newClient(cache);
      for (const number of [1, 7, count]) {
        const path = `${seriesPath}/instances/${root}.1.1.${number}`;
        const parts = await partsOf(await offline.pass(path, wholeObjects, living()));
        expect(parts.map((part) => Buffer.from(part.bytes).equals(Buffer.from(files[number - 1] ?? [])))).toEqual([
          true,
        ]);
      }
      const other = await offline.pass(`${seriesPath}/instances/${root}.1.1.999`, wholeObjects, living());
      expect(other.ok).toBe(false);
    });

    test('one object is found in a series that came in two answers', async () => {
      proxy.setRules([
        { path: /series\/[\d.]+$/, times: 1, fault: { kind: 'truncate', bytes: 700_000, end: 'clean' } },
      ]);
      await partsOf(await client.pass(seriesPath, wholeObjects, living()));
      await cache.settled();
      proxy.setRules([{ fault: { kind: 'drop-before' } }]);
      const offline = newClient(cache);
      for (let number = 1; number <= count; number += 1) {
        const path = `${seriesPath}/instances/${root}.1.1.${number}`;
        const parts = await partsOf(await offline.pass(path, wholeObjects, living()));
        expect(parts.map((part) => Buffer.from(part.bytes).equals(Buffer.from(files[number - 1] ?? [])))).toEqual([
          true,
        ]);
      }
    });

    test('a description that was fetched ahead is kept, compressed or not, and not asked for in full again', async () => {
      const path = `${seriesPath.replace(/\.1\/series\/.*$/, '.7/series/')}${root}.7.1`;
      for (let number = 1; number <= 14; number += 1) {
        const file = buildImage({
          study: `${root}.7`,
          series: `${root}.7.1`,
          instance: `${root}.7.1.${number}`,
          number,
        });
        expect(await client.store(file)).toMatchObject({ ok: true });
      }
      const ask = async (ahead: boolean): Promise<unknown> => {
        const answer = await client.pass(`${path}/metadata`, 'application/dicom+json', { ...living(), ahead });
        const body: unknown = await answer.json();
        await cache.settled();
        return body;
      };
      const first = await ask(true);
      proxy.clear();
      expect(await ask(false)).toEqual(first);
      expect(proxy.requests().filter((one) => one.path.endsWith(`${root}.7.1/metadata`))).toEqual([]);
    });

    test('a series that grew after it was kept is asked for anew', async () => {
      await partsOf(await client.pass(seriesPath, wholeObjects, living()));
      await cache.settled();
      const grown = `${root}.2`;
      const path = `/studies/${grown}/series/${grown}.1`;
      const member = (number: number) =>
        buildImage({
          study: grown,
          series: `${grown}.1`,
          instance: `${grown}.1.${kind.label.length}.${number}`,
          number,
        });
      expect(await client.store(member(1))).toMatchObject({ ok: true });
      const before = (await partsOf(await client.pass(path, wholeObjects, living()))).length;
      await cache.settled();
      expect(await client.store(member(2))).toMatchObject({ ok: true });
      expect((await partsOf(await newClient(cache).pass(path, wholeObjects, living()))).length).toBe(before + 1);
    });

    test.each([
      ['breaks off', 'lost'],
      ['ends early as if it were whole', 'clean'],
    ] as const)(
      'a series answer that %s once is completed by a second one, each object once and whole',
      async (_words, end) => {
        for (const bytes of [0, 10, 150, 1_000, 131_072, 400_000, 1_000_000, 1_570_000]) {
          await cache.drop(`proxied|${seriesPath}|${wholeObjects.replaceAll(' ', '')}`);
          proxy.setRules([{ path: /series\/[\d.]+$/, times: 1, fault: { kind: 'truncate', bytes, end } }]);
          sameObjects(await partsOf(await newClient(undefined).pass(seriesPath, wholeObjects, living())));
        }
      },
    );

    test('a series answer that breaks off twice never looks complete; what came whole is kept, and the rest alone asked for ahead', async () => {
      const about = `proxied|${seriesPath}|${wholeObjects.replaceAll(' ', '')}`;
      proxy.setRules([{ path: /series\/[\d.]+$/, fault: { kind: 'truncate', bytes: 700_000, end: 'clean' } }]);
      await expect(client.pass(seriesPath, wholeObjects, living()).then(partsOf)).rejects.toThrow(/broke off/);
      await cache.settled();
      expect([cache.holds(about), await cache.read(about)]).toEqual([false, null]);
      const came = (await cache.begun(about))?.names.length ?? 0;
      expect(came).toBeGreaterThanOrEqual(4);
      proxy.setRules([]);
      proxy.clear();
      const rest = await partsOf(await client.pass(seriesPath, wholeObjects, { ...living(), ahead: true }));
      const contents = (parts: readonly { readonly bytes: Uint8Array }[]): string[] =>
        parts.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).sort();
      const asked = proxy.requests().map((one) => one.path);
      expect(asked.filter((one) => /\/instances\/[\d.]+$/.test(one))).toHaveLength(count - came);
      expect(asked.filter((one) => /series\/[\d.]+$/.test(one))).toEqual([]);
      await cache.settled();
      expect([cache.holds(about), await cache.begun(about)]).toEqual([true, null]);
      await cache.drop(about);
      const whole = await partsOf(await client.pass(seriesPath, wholeObjects, living()));
      sameObjects(whole);
      expect(contents(rest)).toEqual(contents(whole));
    });

    test('a frame that breaks off ends in an error and is never kept', async () => {
      const path = `${seriesPath}/instances/${root}.1.1.1/frames/1`;
      proxy.setRules([{ path: '/frames/', times: 1, fault: { kind: 'truncate', bytes: 5_000, end: 'clean' } }]);
      await expect(client.pass(path, frameBytes, living()).then(partsOf)).rejects.toThrow(/broke off/);
      await cache.settled();
      expect(cache.size()).toBe(0);
      expect((await partsOf(await client.pass(path, frameBytes, living())))[0]?.bytes.length).toBe(256 * 256 * 2);
    });

    test('an answer that stops in the middle is given up within the time budget', async () => {
      proxy.setRules([{ path: /series\/[\d.]+$/, fault: { kind: 'slow-loris', bytesPerSecond: 50 } }]);
      const slow = newClient(undefined, { idleTime: 50 });
      const started = performance.now();
      await expect(slow.pass(seriesPath, wholeObjects, living()).then(partsOf)).rejects.toThrow(
        /stopped in the middle/,
      );
      // The rest would trickle for hours.
      expect(performance.now() - started).toBeLessThan(30_000);
    });

    test('a server that says nothing is a timeout, named as such', async () => {
      proxy.setRules([{ fault: { kind: 'silence' } }]);
      const impatient = newClient(undefined, { headerTime: 200 });
      expect(await impatient.searchStudies({})).toMatchObject({
        ok: false,
        error: { code: 'timeout', asked: `GET ${proxy.url}/studies` },
      });
      expect((await impatient.pass(seriesPath, wholeObjects, living())).status).toBe(504);
    });

    test('a connection lost before the answer is asked once more, and no more than once', async () => {
      proxy.setRules([{ times: 1, fault: { kind: 'reset' } }]);
      expect(await client.searchStudies({ studyUid: `${root}.1` as StudyUid })).toMatchObject({ ok: true });
      proxy.setRules([{ fault: { kind: 'reset' } }]);
      proxy.clear();
      expect(await client.probe()).toMatchObject({ ok: false, error: { code: 'unreachable' } });
      expect(proxy.requests().length).toBe(2);
    });

    test('an object is never stored twice of our own accord: a lost STOW answer is a failure', async () => {
      proxy.setRules([{ method: 'POST', fault: { kind: 'drop-after' } }]);
      expect(await client.store(files[0] ?? new Uint8Array())).toMatchObject({
        ok: false,
        error: { code: 'unreachable' },
      });
      expect(proxy.requests().filter((one) => one.method === 'POST').length).toBe(1);
    });

    test.each([
      ['the page cancels the body', 'cancel'],
      ['the case is closed', 'abort'],
    ])('when %s, the archive is no longer asked and nothing is kept', async (_words, how) => {
      proxy.setRules([{ path: /series\/[\d.]+$/, fault: { kind: 'slow-loris', bytesPerSecond: 200_000 } }]);
      const aborter = new AbortController();
      const response = await client.pass(seriesPath, wholeObjects, { signal: aborter.signal });
      const reader = response.body?.getReader();
      expect((await reader?.read())?.done).toBe(false);
      if (how === 'cancel') await reader?.cancel();
      else {
        aborter.abort();
        await expect(reader?.read()).rejects.toThrow();
      }
      await until(
        () => proxy.requests().some((one) => one.path === seriesPath && one.abandoned),
        'the proxy saw the client go',
      );
      expect(proxy.requests().filter((one) => one.path === seriesPath).length).toBe(1);
      await cache.settled();
      expect(cache.size()).toBe(0);
    });
  });
});

test('a handler that heeds no signal is stopped by cancelling its body', async () => {
  let cancelled = false;
  const deaf: FetchHandler = async () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) =>
          controller.enqueue(Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\nDICM'.padEnd(70_000, 'x'))),
        cancel: () => {
          cancelled = true;
        },
      }),
      { headers: { 'Content-Type': 'multipart/related; type="application/dicom"; boundary=b' } },
    );
  const client = createArchiveClient({
    name: 'deaf',
    baseUrl: 'http://deaf.invalid',
    fetch: deaf,
    credentials: { kind: 'none' },
    ports: testPorts(),
  });
  const aborter = new AbortController();
  const response = await client.pass('/studies/1.2/series/1.3', wholeObjects, { signal: aborter.signal });
  const reader = response.body?.getReader();
  await reader?.read();
  aborter.abort();
  await until(() => cancelled, 'the body was cancelled');
  await client.close();
});
