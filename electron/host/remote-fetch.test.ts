import { createServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** All of it fits into what lies between server and reader: the server's end is there while the last pieces are not read. */
const size = 1_000_000;
const body = Buffer.alloc(size, 'overread');
const packed = gzipSync(body);

/** A server that sends what it has and closes at once, as many do; what was asked is kept. */
describe('asking another server', () => {
  let server: Server;
  let url: string;
  let remoteFetch: typeof import('./remote-fetch.ts').remoteFetch;
  const asked: string[] = [];
  const uncaught: unknown[] = [];
  const note = (reason: unknown): void => void uncaught.push(reason);
  const answers: Record<string, (socket: Socket) => void> = {
    '/length': (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\nConnection: close\r\n\r\n`);
      socket.end(body);
    },
    '/to-the-end': (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
      socket.end(body);
    },
    '/short': (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\nConnection: close\r\n\r\n`);
      socket.end(body.subarray(0, size / 2));
    },
    '/packed': (socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\nConnection: close\r\n\r\n`,
      );
      socket.end(packed);
    },
    '/damaged': (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n');
      socket.end(packed.subarray(0, packed.length / 2));
    },
    '/moved': (socket) => {
      socket.end(
        'HTTP/1.1 307 Temporary Redirect\r\nLocation: /length\r\nX-Name: M\u00fcller\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      );
    },
    '/no-status': (socket) => {
      socket.end('HTTP/1.1 799 Who knows\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}');
    },
    '/nothing-in-it': (socket) => {
      socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
    },
    '/small': (socket) => {
      socket.end('HTTP/1.1 201 Created\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}');
    },
  };
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      let text = '';
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
        const length = /content-length: (\d+)/i.exec(text)?.[1] ?? '0';
        const head = text.indexOf('\r\n\r\n');
        if (head < 0 || text.length - head - 4 < Number(length)) return;
        asked.push(text);
        answers[text.split(' ')[1] ?? '']?.(socket);
        text = '';
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    process.on('uncaughtException', note);
    // As in the program, where something has asked by what Node brings before: its connections are the ones that are there then.
    await fetch(`${url}/small`).then((answer) => answer.text());
    ({ remoteFetch } = await import('./remote-fetch.ts'));
  });
  afterAll(async () => {
    process.off('uncaughtException', note);
    await new Promise((resolve) => server.close(resolve));
  });

  const slowly = async (path: string, redirect: 'manual' | 'follow' = 'manual'): Promise<number> => {
    const reader = (await remoteFetch(new Request(`${url}${path}`, { redirect }))).body?.getReader();
    let came = 0;
    for (;;) {
      const piece = await reader?.read();
      if (piece === undefined || piece.done) return came;
      came += piece.value.length;
      // Slower than the server: its end comes while ours is held back.
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  };

  it.each(['/length', '/to-the-end'])(
    'reads %s to its end, however slowly, also when the server has long closed',
    async (path) => {
      uncaught.length = 0;
      expect(await slowly(path)).toBe(size);
      expect(uncaught).toEqual([]);
    },
  );

  it('reads as slowly where redirects are followed, and there alone follows them', async () => {
    uncaught.length = 0;
    expect(await slowly('/moved', 'follow')).toBe(size);
    const moved = await remoteFetch(new Request(`${url}/moved`, { redirect: 'manual' }));
    expect([moved.status, moved.headers.get('location')]).toEqual([307, '/length']);
    expect(await moved.text()).toBe('');
    expect(uncaught).toEqual([]);
  });

  it('unpacks what it asked for packed, and tells where that is damaged', async () => {
    uncaught.length = 0;
    expect(await slowly('/packed')).toBe(size);
    expect(asked.at(-1)).toMatch(/accept-encoding: gzip, deflate\r\n/i);
    await expect(slowly('/damaged')).rejects.toThrow();
    await remoteFetch(new Request(`${url}/small`, { redirect: 'manual', headers: { 'Accept-Encoding': 'identity' } }));
    expect(asked.at(-1)).toMatch(/accept-encoding: identity\r\n/i);
    expect(asked.at(-1)).not.toMatch(/gzip/i);
    const none = await remoteFetch(new Request(`${url}/nothing-in-it`, { redirect: 'manual' }));
    expect([none.status, none.body]).toEqual([204, null]);
    await expect(remoteFetch(new Request(`${url}/no-status`, { redirect: 'manual' }))).rejects.toThrow('799');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(uncaught).toEqual([]);
  });

  it('tells of an answer that was cut short, and lets one go that nobody reads', async () => {
    uncaught.length = 0;
    await expect(slowly('/short')).rejects.toThrow();
    const unread = await remoteFetch(new Request(`${url}/length`, { redirect: 'manual' }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await unread.body?.cancel();
    expect(uncaught).toEqual([]);
  });

  it('sends method, headers and body as they are, follows no redirect on its own, and ends with its signal', async () => {
    const answer = await remoteFetch(
      new Request(`${url}/small`, {
        method: 'PUT',
        headers: { 'If-Match': 'W/"3"', 'Content-Type': 'application/fhir+json' },
        body: '{"resourceType":"Task"}',
        redirect: 'manual',
      }),
    );
    expect([answer.status, await answer.json()]).toEqual([201, {}]);
    expect(asked.at(-1)).toMatch(
      /^PUT \/small HTTP\/1\.1\r\n[\s\S]*if-match: W\/"3"[\s\S]*content-length: 23\r\n\r\n\{"resourceType":"Task"\}$/i,
    );
    const signal = AbortSignal.timeout(50);
    const never = remoteFetch(new Request(`${url}/nothing`, { redirect: 'manual', signal }));
    await expect(never).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
