import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultProxy, startFaultProxy } from './index.ts';

const body = 'x'.repeat(200_000);

describe('the fault proxy', () => {
  let server: Server;
  let proxy: FaultProxy;
  let reached: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      reached.push(`${request.method} ${request.url}`);
      request.resume();
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': String(body.length) }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await startFaultProxy({ target: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/` });
  });
  afterAll(async () => {
    await proxy.stop();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  beforeEach(() => {
    reached = [];
    proxy.setRules([]);
    proxy.clear();
  });
  const get = (path = '/a'): Promise<string> => fetch(`${proxy.url}${path}`).then((one) => one.text());

  test('passes everything on below its base where no rule fits', async () => {
    proxy.setRules([{ path: '/other', fault: { kind: 'reset' } }]);
    expect(await get('/a?b=c')).toBe(body);
    expect(reached).toEqual(['GET /base/a?b=c']);
    expect(proxy.requests()).toMatchObject([
      { method: 'GET', path: '/a?b=c', fault: null, complete: true, abandoned: false },
    ]);
  });

  test('drops before the server is asked, or after it has done the work', async () => {
    proxy.setRules([{ fault: { kind: 'drop-before' } }]);
    await expect(get()).rejects.toThrow();
    expect(reached).toEqual([]);
    proxy.setRules([{ fault: { kind: 'drop-after' } }]);
    await expect(get()).rejects.toThrow();
    expect(reached).toEqual(['GET /base/a']);
    proxy.setRules([{ fault: { kind: 'reset' } }]);
    await expect(get()).rejects.toThrow();
  });

  test('truncates: as a lost line, or as a clean end that only a reader who counts can see', async () => {
    proxy.setRules([{ fault: { kind: 'truncate', bytes: 70_000, end: 'lost' } }]);
    await expect(get()).rejects.toThrow();
    proxy.setRules([{ fault: { kind: 'truncate', bytes: 70_000, end: 'clean' } }]);
    expect((await get()).length).toBe(70_000);
  });

  test('lies with 200, answers with a status, and says nothing', async () => {
    proxy.setRules([{ fault: { kind: 'lie', body: '<p>all is well</p>', contentType: 'text/html' } }]);
    expect(await get()).toBe('<p>all is well</p>');
    proxy.setRules([{ fault: { kind: 'status', status: 503 } }]);
    expect((await fetch(`${proxy.url}/a`)).status).toBe(503);
    proxy.setRules([{ fault: { kind: 'silence' } }]);
    await expect(fetch(`${proxy.url}/a`, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    expect(reached).toEqual([]);
  });

  test('hits as often as the rule says, after as many as it lets pass', async () => {
    proxy.setRules([{ after: 1, times: 2, fault: { kind: 'status', status: 500 } }]);
    const statuses: number[] = [];
    for (let asked = 0; asked < 4; asked += 1) {
      const answer = await fetch(`${proxy.url}/a`);
      await answer.text();
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  test('delays, the same for the same seed', async () => {
    const times: number[] = [];
    const late: number[] = [];
    proxy.clear();
    for (let round = 0; round < 2; round += 1) {
      proxy.setRules([{ fault: { kind: 'delay-random', from: 50, to: 250, seed: 7 } }]);
      const started = performance.now();
      await get();
      times.push(performance.now() - started);
      late.push(proxy.requests()[round]?.late ?? 0);
    }
    expect(late[0]).toBeGreaterThan(50);
    expect(late[1]).toBe(late[0]);
    // A timer may fire a millisecond early; how much later the answer comes is the machine's affair.
    for (const time of times) expect(time).toBeGreaterThan((late[0] ?? 0) - 5);
  });

  test('sees a client that goes away in the middle', async () => {
    proxy.setRules([{ fault: { kind: 'slow-loris', bytesPerSecond: 1_000 } }]);
    const aborter = new AbortController();
    const answer = await fetch(`${proxy.url}/a`, { signal: aborter.signal });
    aborter.abort();
    await expect(answer.text()).rejects.toThrow();
    await expect.poll(() => proxy.requests()).toMatchObject([{ abandoned: true, complete: false }]);
  });
});
