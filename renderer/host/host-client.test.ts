import { describe, expect, test } from 'vitest';
import type { HostEvent } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { createHostClient } from './host-client.ts';
import { createSessionStore } from './session-store.ts';

function memory() {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
}

const token = 'a-token-of-more-than-twenty-letters';

function house(answer: (request: Request) => Response | Promise<Response>) {
  const asked: Request[] = [];
  const session = createSessionStore({ storage: memory(), path: '/window/w-7', newId: () => 'made' });
  session.keep({ token });
  const refused: string[] = [];
  const host = createHostClient({
    origin: 'http://127.0.0.1:9',
    session,
    onRefused: (code) => refused.push(code),
    fetch: async (input, init) => {
      // The signal is watched by hand: Node's Request copies it, and an aborted fetch rejects as the browser's does.
      const request = new Request(input as string, { ...init, signal: undefined });
      asked.push(request);
      return await Promise.race([
        Promise.resolve(answer(request)),
        new Promise<Response>((_resolve, reject) =>
          init?.signal?.addEventListener('abort', () => reject(new DOMException('ended', 'AbortError'))),
        ),
      ]);
    },
  });
  return { host, asked, session, refused };
}

describe('a call of the page', () => {
  test('goes to the own origin with session and window, and its answer is parsed', async () => {
    const { host, asked } = house(() => Response.json({ revision: 3, savedAt: 9, extra: 'is dropped' }));
    const answered = await host.call('renewClaim', {
      params: { taskId: 'a/../b' as TaskId },
      input: { fencingToken: 1 },
    });
    expect(asked[0]?.url).toBe('http://127.0.0.1:9/api/cases/a%2F..%2Fb/renew');
    expect(asked[0]?.headers.get('Authorization')).toBe(`Bearer ${token}`);
    expect(asked[0]?.headers.get('Overread-Window')).toBe('w-7');
    expect(await asked[0]?.json()).toEqual({ fencingToken: 1 });
    // Not a claim: an answer of another form is never passed on.
    expect(answered).toMatchObject({ ok: false, error: { from: 'page' } });
  });

  test('a query carries only what is given', async () => {
    const { host, asked } = house(() => Response.json({ version: 1, full: true, asOf: 1, rows: [], removed: [] }));
    await host.call('worklist', { input: {} });
    await host.call('worklist', { input: { since: 4 } });
    expect(asked.map((request) => new URL(request.url).search)).toEqual(['', '?since=4']);
  });

  test('a refusal comes in the host’s words, with who holds the study', async () => {
    const { host } = house(() =>
      Response.json(
        { code: 'held-by-another', message: 'Dr C. Woldt has it.', heldBy: { name: 'Dr C. Woldt', leaseUntil: 5 } },
        { status: 409 },
      ),
    );
    const answered = await host.call('openCase', {
      params: { taskId: 't' as TaskId },
      input: { mode: 'read', epoch: 1 },
    });
    expect(answered).toMatchObject({
      ok: false,
      error: { from: 'host', code: 'held-by-another', heldBy: { name: 'Dr C. Woldt' } },
    });
  });

  test('an ended or locked session is told once to whoever listens, whichever call learned it', async () => {
    const { host, refused } = house((request) =>
      request.url.endsWith('/status')
        ? Response.json({ code: 'locked', message: 'Locked.' }, { status: 423 })
        : Response.json({ code: 'not-signed-in', message: 'Signed out.' }, { status: 401 }),
    );
    await host.call('status');
    await host.call('currentSession');
    expect(refused).toEqual(['locked', 'not-signed-in']);
  });

  test.each([
    ['no words', () => new Response('', { status: 502 })],
    ['a page of another server', () => new Response('<html>', { status: 200 })],
    ['another form', () => Response.json({ product: 'Something else' })],
    ['no connection', () => Promise.reject(new TypeError('fetch failed'))],
  ])('an answer with %s is said, never thrown', async (_words, answer) => {
    const { host } = house(answer as () => Response);
    expect(await host.call('capabilities')).toMatchObject({ ok: false, error: { from: 'page' } });
  });

  test('is given up when its case is left', async () => {
    const { host } = house(() => new Promise<Response>(() => undefined));
    const aborter = new AbortController();
    const asked = host.call('status', { signal: aborter.signal });
    aborter.abort();
    expect(await asked).toMatchObject({
      ok: false,
      error: { from: 'page', message: expect.stringContaining('given up') },
    });
  });

  test('images are fetched from the own archive path alone, and the caller cannot change the session', async () => {
    const { host, asked } = house(() => new Response('bytes'));
    const signal = new AbortController().signal;
    for (const path of [
      'https://elsewhere.test/dicomweb/x',
      '/api/session',
      '//elsewhere.test/dicomweb/',
      '/dicomweb/../api/session',
    ]) {
      await expect(host.dicomwebFetch(path, {}, signal)).rejects.toThrow();
    }
    await host.dicomwebFetch('/dicomweb/main/studies', { Authorization: 'Bearer other', 'Overread-Task': 't' }, signal);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers.get('Authorization')).toBe(`Bearer ${token}`);
    expect(asked[0]?.headers.get('Overread-Task')).toBe('t');
  });
});

describe('the stream of events', () => {
  const encoder = new TextEncoder();
  const lines = (...parts: string[]): Response =>
    new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (const part of parts) controller.enqueue(encoder.encode(part));
          controller.close();
        },
      }),
    );

  test('is read across broken chunks, passes over what it does not know, and joins again after each loss', async () => {
    const answers = [
      lines(
        '{"type":"heartbeat","now":1}\n{"type":"worklist-',
        'changed","version":4}\n{"type":"of-a-newer-host"}\nnot json\n',
      ),
      new Response('', { status: 503 }),
      lines('{"type":"case-changed","taskId":"t"}\n'),
      new Response('', { status: 401 }),
    ];
    const { host } = house(() => answers.shift() ?? new Response('', { status: 401 }));
    const events: HostEvent[] = [];
    const links: string[] = [];
    const pauses: number[] = [];
    let signedOut = false;
    await host.streamEvents({
      onEvent: (event) => events.push(event),
      onLink: (link) => links.push(link),
      onSignedOut: () => {
        signedOut = true;
      },
      signal: new AbortController().signal,
      wait: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    });
    expect(events.map((event) => event.type)).toEqual(['heartbeat', 'worklist-changed', 'case-changed']);
    expect(links).toEqual(['live', 'lost', 'lost', 'live', 'lost']);
    expect(pauses).toEqual([500, 1_000, 500]);
    expect(signedOut).toBe(true);
  });

  test('ends when it is told to, and a line without end is cut off', async () => {
    const { host } = house(() => lines('x'.repeat(70_000)));
    const aborter = new AbortController();
    let losses = 0;
    await host.streamEvents({
      onEvent: () => undefined,
      onLink: () => {
        losses += 1;
        if (losses === 3) aborter.abort();
      },
      onSignedOut: () => undefined,
      signal: aborter.signal,
      wait: async () => undefined,
    });
    expect(losses).toBe(3);
  });
});

test('a window keeps its id and token over a reload, and another window has its own', () => {
  const storage = memory();
  const first = createSessionStore({ storage, path: '/', newId: () => 'one' });
  first.keep({ token });
  const reloaded = createSessionStore({ storage, path: '/case/x', newId: () => 'two' });
  expect([reloaded.windowId, reloaded.token()]).toEqual(['one', token]);
  expect(createSessionStore({ storage, path: '/window/w-2', newId: () => 'three' }).windowId).toBe('w-2');
  reloaded.forget();
  expect(createSessionStore({ storage, path: '/', newId: () => 'four' }).token()).toBeNull();
});

test('storage that refuses costs no more than a second sign-in', () => {
  const broken = {
    getItem: () => {
      throw new Error('refused');
    },
    setItem: () => {
      throw new Error('refused');
    },
    removeItem: () => {
      throw new Error('refused');
    },
  };
  const session = createSessionStore({ storage: broken, path: '/', newId: () => 'one' });
  session.keep({ token });
  expect(session.token()).toBe(token);
  session.forget();
  expect(session.token()).toBeNull();
});
