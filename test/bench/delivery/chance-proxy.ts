import { createServer as createHttp, request as forward, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer as createTcp, type Socket } from 'node:net';
import { chanceOf } from '../checks/chance.ts';

/**
 * What befalls a message on its way: `drop-before`: it never arrives; `drop-after`: it arrives and the answer is lost; `duplicate`: it arrives
 * twice; `reset`: RST; `busy`: 503, or AE; `pass`: nothing.
 */
export const faultKinds = ['drop-before', 'drop-after', 'duplicate', 'reset', 'busy'] as const;
export type FaultKind = (typeof faultKinds)[number] | 'pass';
export type ChanceProxy = {
  readonly port: number;
  readonly counts: Readonly<Record<FaultKind, number>>;
  stop(): Promise<void>;
};

/** Of a hundred messages, how many meet each of the faults. */
const percentOfEach = 2;

function dice(seed: number): { readonly counts: Record<FaultKind, number>; next(): FaultKind } {
  const chance = chanceOf(seed);
  const counts = { pass: 0, 'drop-before': 0, 'drop-after': 0, duplicate: 0, reset: 0, busy: 0 };
  return {
    counts,
    next: () => {
      const kind = faultKinds[Math.floor((chance.next() * 100) / percentOfEach)] ?? 'pass';
      counts[kind] += 1;
      return kind;
    },
  };
}

type Answer = { readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: Buffer };

/** Before an HTTP server; `base` is its origin. A message is passed on whole or not at all. */
export async function startChanceProxy(base: string, seed: number): Promise<ChanceProxy> {
  const { counts, next } = dice(seed);
  const target = new URL(base);
  const ask = (from: IncomingMessage, body: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { ...from.headers, host: target.host, connection: 'close' };
      const asked = forward({
        host: target.hostname,
        port: target.port,
        method: from.method ?? 'GET',
        path: from.url ?? '/',
        headers,
        agent: false,
      });
      asked.on('error', reject);
      asked.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 502, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      asked.end(body);
    });
  const sockets = new Set<Socket>();
  const server = createHttp(async (request, response) => {
    const fault = next();
    const { socket } = request;
    if (fault === 'reset') return void socket.resetAndDestroy();
    if (fault === 'drop-before') return void socket.destroy();
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (fault === 'busy') return void response.writeHead(503).end('busy');
      const body = Buffer.concat(chunks);
      if (fault === 'duplicate') await ask(request, body);
      const answer = await ask(request, body);
      if (fault === 'drop-after') return void socket.destroy();
      const { 'transfer-encoding': _chunked, connection: _connection, ...headers } = answer.headers;
      response.writeHead(answer.status, { ...headers, 'content-length': answer.body.length }).end(answer.body);
    } catch {
      if (response.headersSent || socket.destroyed) socket.destroy();
      else response.writeHead(502).end();
    }
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    counts,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const endOfFrame = '\x1c\r';

/** Before a receiver of MLLP: one message a connection, as our sender sends them. */
export async function startChanceMllp(port: number, seed: number): Promise<ChanceProxy> {
  const { counts, next } = dice(seed);
  const sockets = new Set<Socket>();
  const ask = (message: Buffer): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const upstream = connect({ host: '127.0.0.1', port });
      let answer = Buffer.alloc(0);
      upstream.on('connect', () => upstream.write(message));
      upstream.on('data', (bytes) => {
        answer = Buffer.concat([answer, bytes]);
        if (!answer.includes(endOfFrame)) return;
        upstream.end();
        resolve(answer);
      });
      upstream.on('error', reject);
      upstream.on('close', () => reject(new Error('closed')));
    });
  const server = createTcp((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    const fault = next();
    if (fault === 'reset') return void socket.resetAndDestroy();
    if (fault === 'drop-before') return void socket.destroy();
    let message = Buffer.alloc(0);
    socket.on('data', async (bytes) => {
      message = Buffer.concat([message, bytes]);
      if (!message.includes(endOfFrame)) return;
      if (fault === 'busy') {
        const controlId = message.toString('utf8').split('\r')[0]?.split('|')[9] ?? '';
        socket.write(
          `\x0bMSH|^~\\&|RIS|BENCH|OVERREAD|BENCH|20260308||ACK|1|T|2.5.1\rMSA|AE|${controlId}|busy\r${endOfFrame}`,
        );
        return;
      }
      try {
        if (fault === 'duplicate') await ask(message);
        const answer = await ask(message);
        if (fault === 'drop-after') socket.destroy();
        else socket.write(answer);
      } catch {
        socket.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    counts,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
