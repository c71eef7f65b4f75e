import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bundle, Resource, Task } from '@medplum/fhirtypes';
import fastCheck from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import type { FetchHandler, Ports } from '../ports.ts';
import type { Credentials } from '../settings/types.ts';
import { createRecordClient, type RecordClientOptions } from './client.ts';
import type { ChangeCursor, RecordClient } from './types.ts';

const base = 'https://record.example/fhir';
const bearer: Credentials = { kind: 'bearer', token: 'the-token' };

function portsAt(now: () => Instant): Ports {
  const silent = () => undefined;
  return {
    now,
    randomBytes: (count) => new Uint8Array(count),
    newId: () => 'id',
    log: { info: silent, warn: silent, error: silent },
  };
}

function clientOver(fetch: FetchHandler, options: Partial<RecordClientOptions> = {}): RecordClient {
  const ports = portsAt(() => instant(Date.now()));
  return createRecordClient({ name: 'the clinic', baseUrl: base, fetch, credentials: bearer, ports, ...options });
}

function fhir(resource: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(resource), {
    status,
    headers: { 'content-type': 'application/fhir+json', ...headers },
  });
}

function task(id: string, lastUpdated: string, versionId = '1'): Task {
  return { resourceType: 'Task', id, meta: { versionId, lastUpdated }, status: 'requested', intent: 'order' };
}

function bundle(resources: readonly Resource[], more: Partial<Bundle> = {}): Bundle {
  return { resourceType: 'Bundle', type: 'searchset', entry: resources.map((resource) => ({ resource })), ...more };
}

async function failureOf(client: RecordClient) {
  const read = await client.read('Task', 'one');
  if (read.ok) throw new Error('expected a failure');
  return read.error;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

describe('a server that is not what it should be', () => {
  const answers: readonly (readonly [string, () => Response, string, RegExp])[] = [
    [
      'a page in HTML',
      () => new Response('<h1>Hello</h1>', { headers: { 'content-type': 'text/html' } }),
      'not-fhir',
      /200 with text\/html/,
    ],
    ['an HTML 404', () => new Response('<h1>Not here</h1>', { status: 404 }), 'not-fhir', /404/],
    ['JSON that is no resource', () => fhir([1, 2]), 'not-fhir', /not a FHIR R4 resource/],
    [
      'another resource',
      () => fhir({ ...task('two', '2026-03-01T08:00:00Z') }),
      'not-fhir',
      /another thing than Task\/one/,
    ],
    ['a resource without a version', () => fhir({ resourceType: 'Task', id: 'one' }), 'not-fhir', /without a version/],
    ['401', () => new Response('', { status: 401 }), 'unauthorised', /401/],
    [
      '403',
      () => fhir({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'forbidden' }] }, 403),
      'unauthorised',
      /forbidden/,
    ],
    ['410', () => new Response('', { status: 410 }), 'not-found', /410/],
    ['409', () => new Response('', { status: 409 }), 'version-conflict', /409/],
    [
      '422 with a reason',
      () =>
        fhir(
          {
            resourceType: 'OperationOutcome',
            issue: [{ severity: 'error', code: 'invalid', diagnostics: 'missing', expression: ['Task.intent'] }],
          },
          422,
        ),
      'refused',
      /422, missing \(Task\.intent\)/,
    ],
    ['503', () => new Response('busy', { status: 503 }), 'unreachable', /503/],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example/x?y=z' } }),
      'refused',
      /redirect to https:\/\/evil\.example, which is not followed/,
    ],
  ];
  it.each(answers)('answers with %s', async (_name, answer, code, cameBack) => {
    const failure = await failureOf(clientOver(async () => answer()));
    expect(failure.code).toBe(code);
    expect(failure.cameBack).toMatch(cameBack);
    expect(failure.message).toContain('the clinic');
    expect(failure.message).toContain('read Task/one');
  });

  it('answers 404 from something that has never heard of FHIR when asked what it is', async () => {
    const probe = await clientOver(async () => new Response('', { status: 404 })).probe();
    expect(probe.ok ? 'ok' : probe.error.code).toBe('not-fhir');
  });

  it('speaks FHIR R5', async () => {
    const probe = await clientOver(async () =>
      fhir({ resourceType: 'CapabilityStatement', fhirVersion: '5.0.0' }),
    ).probe();
    expect(probe.ok ? '' : probe.error.cameBack).toMatch(/5\.0\.0.*needs R4/);
  });

  it('never answers', async () => {
    const failure = await failureOf(clientOver(() => new Promise(() => undefined), { timeoutMs: 40 }));
    expect(failure.code).toBe('timeout');
  });

  it('begins an answer and never ends it', async () => {
    const endless = async () =>
      new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([123])) }));
    expect((await failureOf(clientOver(endless, { timeoutMs: 40 }))).code).toBe('timeout');
  });

  it('sends without end', async () => {
    const flood = async () =>
      new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) }));
    expect((await failureOf(clientOver(flood, { maxBytes: 1_000_000 }))).code).toBe('too-large');
  });

  it('is not there at all', async () => {
    const failure = await failureOf(clientOver((request) => fetch(request), { baseUrl: 'http://127.0.0.1:9/fhir' }));
    expect(failure.code).toBe('unreachable');
    expect(failure.cameBack).toMatch(/no answer \(.+\)/);
  });

  it('tries to choose the prototype of what we read', async () => {
    const text =
      '{"resourceType":"Task","id":"one","meta":{"versionId":"1"},"__proto__":{"polluted":1},"\\u005f_proto__":{"polluted":2},"constructor":{"x":1}}';
    const read = await clientOver(async () => new Response(text)).read('Task', 'one');
    expect(read.ok).toBe(true);
    const resource: object = read.ok ? read.value.resource : {};
    expect(Object.getOwnPropertyNames(resource).sort()).toEqual(['id', 'meta', 'resourceType']);
    expect((Object.assign({}, resource) as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('credentials', () => {
  it('go to the configured origin and base path only, whatever links and redirects say', async () => {
    let canary = 0;
    const evil = createServer((_request, response) => {
      canary += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    const evilUrl = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;
    const home = createServer((request, response) => {
      if (request.url?.includes('/Task/')) {
        response.writeHead(307, { location: `${evilUrl}/Task/one` }).end();
        return;
      }
      const next = request.url?.includes('Patient') ? `${homeUrl}/admin?page=2` : `${evilUrl}/fhir/Task?page=2`;
      response.setHeader('content-type', 'application/fhir+json');
      response.end(
        JSON.stringify(bundle([task('a', '2026-03-01T08:00:00Z')], { link: [{ relation: 'next', url: next }] })),
      );
    });
    await new Promise<void>((resolve) => home.listen(0, '127.0.0.1', resolve));
    const homeUrl = `http://127.0.0.1:${(home.address() as AddressInfo).port}`;
    closing.push(
      () => evil.closeAllConnections(),
      () => evil.close(),
      () => home.closeAllConnections(),
      () => home.close(),
    );
    const asked: string[] = [];
    const client = clientOver(
      (request) => {
        asked.push(new URL(request.url).origin + new URL(request.url).pathname);
        return fetch(request);
      },
      { baseUrl: `${homeUrl}/fhir` },
    );
    expect((await failureOf(client)).code).toBe('refused');
    expect((await client.search('Task', {})).ok).toBe(true);
    await client.search('Patient', {});
    expect(canary).toBe(0);
    expect(asked.every((url) => url.startsWith(`${homeUrl}/fhir/`))).toBe(true);
  });

  it('are sent as configured, and are in no message', async () => {
    const headers: (string | null)[] = [];
    const refusing: FetchHandler = async (request) => {
      headers.push(request.headers.get('authorization'));
      return new Response('', { status: 401 });
    };
    const failure = await failureOf(clientOver(refusing));
    await failureOf(clientOver(refusing, { credentials: { kind: 'basic', user: 'ada', password: 'pä:ss' } }));
    expect(headers).toEqual(['Bearer the-token', `Basic ${Buffer.from('ada:pä:ss').toString('base64')}`]);
    expect(JSON.stringify(failure)).not.toContain('the-token');
  });

  it('never travel with an id that is a path', async () => {
    let asked = 0;
    const client = clientOver(async () => {
      asked += 1;
      return fhir({});
    });
    for (const id of ['../../admin', 'a/b', 'a?b', '', 'x'.repeat(65)]) {
      expect((await client.read('Task', id)).ok).toBe(false);
      expect((await client.put({ ...task('x', ''), id })).ok).toBe(false);
    }
    expect(asked).toBe(0);
  });
});

describe('writing', () => {
  it('sends the version that it means to replace, and neither version nor stamp in the body', async () => {
    const seen: { ifMatch: string | null; body: string }[] = [];
    const client = clientOver(async (request) => {
      seen.push({ ifMatch: request.headers.get('if-match'), body: await request.text() });
      return fhir(task('one', '2026-03-01T08:00:00Z', '5'));
    });
    const put = await client.put({ ...task('one', '2026-03-01T07:00:00Z', '4'), note: [] }, { ifMatch: '4' });
    expect(put.ok && put.value.version).toBe('5');
    expect(seen[0]?.ifMatch).toBe('W/"4"');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      resourceType: 'Task',
      id: 'one',
      status: 'requested',
      intent: 'order',
    });
  });

  it.each([
    ['nothing', () => new Response(null, { status: 201, headers: { etag: 'W/"1"' } })],
    ['an outcome', () => fhir({ resourceType: 'OperationOutcome', issue: [] })],
  ])('reads back where the server answers a write with %s', async (_name, answer) => {
    const client = clientOver(async (request) =>
      request.method === 'PUT' ? answer() : fhir(task('one', '2026-03-01T08:00:00Z', '1')),
    );
    const put = await client.put(task('one', ''));
    expect(put.ok && put.value.version).toBe('1');
  });
});

/** A server that sorts and counts as asked, gives no `next` links, and never more than `cap` rows. */
function listing(rows: readonly Task[], cap: number, more: Partial<Bundle> = {}): FetchHandler {
  return async (request) => {
    const query = new URL(request.url).searchParams;
    const since = query.get('_lastUpdated')?.slice(2) ?? '';
    const found = rows.filter(
      (row) => Date.parse(row.meta?.lastUpdated ?? '') >= (since === '' ? 0 : Date.parse(since)),
    );
    return fhir(bundle(found.slice(0, Math.min(cap, Number(query.get('_count')))), more));
  };
}

/** A server that caps a page and leads on by opaque links. */
function linking(rows: readonly Task[], cap: number): FetchHandler {
  const all = listing(rows, 1000);
  return async (request) => {
    const url = new URL(request.url);
    const from = Number(url.searchParams.get('opaque') ?? 0);
    const wanted = Math.min(cap, Number(url.searchParams.get('_count')));
    url.searchParams.set('_count', '1000');
    const whole = (await (await all(new Request(url))).json()) as Bundle;
    const entry = (whole.entry ?? []).slice(from, from + wanted);
    const more = from + wanted < (whole.entry ?? []).length;
    const next = new URL(request.url);
    next.searchParams.set('opaque', String(from + wanted));
    return fhir({ ...whole, entry, ...(more ? { link: [{ relation: 'next', url: next.href }] } : {}) });
  };
}

describe('the address of the record', () => {
  it.each([
    ['https://record.example', 'https://record.example/Task/one'],
    ['https://record.example/', 'https://record.example/Task/one'],
    ['https://record.example/a/fhir//?x=1#y', 'https://record.example/a/fhir/Task/one'],
    ['https://user:secret@record.example/fhir', 'https://record.example/fhir/Task/one'],
  ])('%s', async (baseUrl, expected) => {
    const asked: string[] = [];
    const client = clientOver(
      async (request) => {
        asked.push(request.url);
        return fhir(task('one', ''));
      },
      { baseUrl },
    );
    expect((await client.read('Task', 'one')).ok).toBe(true);
    expect(asked).toEqual([expected]);
  });
});

describe('paging by key', () => {
  const stampAt = (second: number): string => new Date(Date.UTC(2026, 2, 1, 8, 0, second)).toISOString();

  it('reads everything from a server that caps a page and gives no links', async () => {
    const rows = Array.from({ length: 95 }, (_, row) => task(`t${row}`, stampAt(row)));
    const found = await clientOver(listing(rows, 10)).search('Task', {});
    expect(found.ok && found.value.length).toBe(95);
  });

  it('says so when the rows of one stamp cannot all be had, and loses none in silence', async () => {
    const rows = Array.from({ length: 30 }, (_, row) => task(`t${row}`, stampAt(0)));
    const found = await clientOver(listing(rows, 10, { total: 30 })).search('Task', {});
    expect(found.ok ? '' : found.error.cameBack).toMatch(/only 10 of 30/);
  });

  it('says so when a server does not sort', async () => {
    const rows = Array.from({ length: 30 }, (_, row) => task(`t${row}`, stampAt(30 - row)));
    const found = await clientOver(listing(rows, 1000), { pageSize: 10 }).search('Task', {});
    expect(found.ok ? '' : found.error.cameBack).toMatch(/not in the order/);
  });

  it('ends with a server whose next link leads to itself', async () => {
    const circle: FetchHandler = async () =>
      fhir(bundle([task('a', stampAt(0))], { link: [{ relation: 'next', url: `${base}?page=again` }] }));
    const found = await clientOver(circle).search('Task', {});
    expect(found.ok && found.value.length).toBe(1);
  });

  it('leaves included resources and outcomes aside, and answers with one version of each id, the newest', async () => {
    const mixed: FetchHandler = async () =>
      fhir(
        bundle([
          { resourceType: 'OperationOutcome', issue: [] },
          task('a', stampAt(1), '1'),
          { resourceType: 'Patient', id: 'p' },
          task('a', stampAt(2), '2'),
        ]),
      );
    const found = await clientOver(mixed).search('Task', {});
    expect(found.ok && found.value.map((one) => one.version)).toEqual(['2']);
  });

  it('gives every row exactly once, in order, whatever the stamps, the size of a page and the links', async () => {
    await fastCheck.assert(
      fastCheck.asyncProperty(
        fastCheck.array(fastCheck.integer({ min: 0, max: 6 }), { maxLength: 60 }),
        fastCheck.integer({ min: 1, max: 12 }),
        fastCheck.boolean(),
        async (seconds, pageSize, linked) => {
          const rows = [...seconds]
            .sort((one, other) => one - other)
            .map((second, row) => task(`t${row}`, stampAt(second)));
          const client = clientOver(linked ? linking(rows, 5) : listing(rows, 1000), { pageSize });
          const found = await client.search('Task', {});
          expect(found.ok && found.value.map((one) => one.resource.id)).toEqual(rows.map((row) => row.id));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('names parameters in a failure and never their values', async () => {
    const found = await clientOver(async () => new Response('', { status: 500 })).search('Patient', {
      identifier: 'urn:mrn|WELLS-123',
    });
    expect(found.ok ? '' : found.error.message).toMatch(/search Patient by identifier/);
    expect(JSON.stringify(found)).not.toContain('WELLS');
  });
});

describe('changes', () => {
  it('re-reads two minutes behind the cursor, and is not blinded by a stamp in the future', async () => {
    const now = Date.UTC(2026, 2, 1, 9, 0, 0);
    const asked: (string | null)[] = [];
    const rows = [task('sane', '2026-03-01T08:59:00.000Z'), task('wrong', '2031-01-01T00:00:00.000Z')];
    const inner = listing(rows, 1000);
    const client = clientOver(
      (request) => {
        asked.push(new URL(request.url).searchParams.get('_lastUpdated'));
        return inner(request).then(
          (response) => new Response(response.body, { headers: { date: new Date(now).toUTCString() } }),
        );
      },
      { ports: portsAt(() => instant(now)) },
    );
    const first = await client.changes('Task', null);
    if (!first.ok || first.value.cursor === null) throw new Error('expected a cursor');
    expect(Date.parse(first.value.cursor.lastUpdated)).toBeLessThan(now + 61_000);
    rows.splice(1, 0, task('late', '2026-03-01T08:59:30.000Z'));
    asked.length = 0;
    const second = await client.changes('Task', first.value.cursor);
    expect(Date.parse(asked[0]?.slice(2) ?? '')).toBe(Date.parse(first.value.cursor.lastUpdated) - 120_000);
    expect(second.ok && second.value.items.map((item) => item.resource.id)).toEqual(['late']);
  });
});

describe('changes that are asked for again and again', () => {
  it('are looked for seconds behind the cursor each time, and in the whole overlap twice a minute; each is told once', async () => {
    const start = Date.UTC(2026, 2, 1, 9, 0, 0);
    let now = start;
    const asked: number[] = [];
    const stampAt = (milliseconds: number): string => new Date(milliseconds).toISOString();
    const rows = [task('first', stampAt(start - 200_000)), task('second', stampAt(start - 100_000))];
    const inner = listing(rows, 1000);
    const client = clientOver(
      (request) => {
        const since = new URL(request.url).searchParams.get('_lastUpdated');
        if (since !== null) asked.push(Date.parse(since.slice(2)));
        return inner(request);
      },
      { ports: portsAt(() => instant(now)) },
    );
    let cursor: ChangeCursor | null = null;
    const cycle = async (): Promise<{ readonly told: readonly (string | undefined)[]; readonly behind: number }> => {
      const from = Date.parse(cursor?.lastUpdated ?? '');
      asked.length = 0;
      const found = await client.changes('Task', cursor);
      if (!found.ok) throw new Error(found.error.message);
      cursor = found.value.cursor;
      return { told: found.value.items.map((item) => item.resource.id), behind: from - (asked[0] ?? Number.NaN) };
    };
    expect((await cycle()).told).toEqual(['first', 'second']);
    expect(await cycle()).toEqual({ told: [], behind: 120_000 });
    // Shown only now, and written before what was read: by seconds, and by more.
    rows.splice(1, 0, task('late-by-a-minute', stampAt(start - 160_000)));
    rows.splice(2, 0, task('late-by-seconds', stampAt(start - 110_000)));
    now += 4_000;
    expect(await cycle()).toEqual({ told: ['late-by-seconds'], behind: 15_000 });
    now += 4_000;
    expect(await cycle()).toEqual({ told: [], behind: 15_000 });
    now += 22_000;
    expect(await cycle()).toEqual({ told: ['late-by-a-minute'], behind: 120_000 });
    now += 4_000;
    expect(await cycle()).toEqual({ told: [], behind: 15_000 });
    now -= 3_600_000;
    expect(await cycle()).toEqual({ told: [], behind: 120_000 });
  });
});

describe('the skew of clocks', () => {
  it('is known to a few milliseconds after answers at different fractions of a second', async () => {
    let now = Date.UTC(2026, 2, 1, 9, 0, 0);
    const ahead = 42_137;
    const client = clientOver(
      async () => {
        now += 7;
        return fhir({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' }, 200, {
          date: new Date(now - ahead).toUTCString(),
        });
      },
      { ports: portsAt(() => instant(now)) },
    );
    for (let times = 0; times < 60; times += 1) {
      now += 313;
      await client.probe();
    }
    expect(Math.abs((client.skew() ?? 0) - ahead)).toBeLessThan(30);
  });
});
