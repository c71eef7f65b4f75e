import { createServer, type Server, type Socket } from 'node:net';
import { createMllpByteReader, frameMllp } from '../../../../shared/interop/hl7v2/index.ts';
import type { Ports } from '../../ports.ts';

/** Where messages come in: one address of this computer, and what the site that sends there is. */
export type Listening = { readonly host: string; readonly port: number };

export type MllpListener = {
  readonly port: number;
  close(): Promise<void>;
};

export type ListenOptions = {
  readonly ports: Ports;
  /** Answers one message with its acknowledgement, null where nothing is to be said; messages of one connection come one after another. */
  readonly receive: (bytes: Uint8Array) => Promise<string | null>;
  readonly mostBytes?: number;
  /** Milliseconds in which a message that has begun must end, and in which a sender must take its answer. */
  readonly frameTimeout?: number;
  readonly mostConnections?: number;
};

const twoMinutes = 120_000;
/** Messages of one connection that may wait: the rest is left in the network until they are answered. */
const mostWaiting = 16;

/**
 * MLLP (HL7 v2.5.1 appendix C.4) on one address. Frames may come in pieces or several at once; one is answered after another in the
 * order of arrival. A message that does not end, is too large or is another protocol costs its connection and nothing else.
 */
export function listenForMllp(where: Listening, options: ListenOptions): Promise<MllpListener> {
  const { ports, frameTimeout = twoMinutes } = options;
  const sockets = new Set<Socket>();
  const working = new Set<Promise<void>>();

  const serve = (socket: Socket): void => {
    sockets.add(socket);
    const reader = createMllpByteReader(options.mostBytes ?? 16_000_000);
    const waiting: Uint8Array[] = [];
    let busy = false;
    let inFrame = false;
    let timer: NodeJS.Timeout | null = null;
    const end = (why: string): void => {
      ports.log.warn('an HL7 connection was closed', { why });
      socket.destroy();
    };
    const watch = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = inFrame ? setTimeout(() => end('a message that did not end in time'), frameTimeout).unref() : null;
    };
    const answer = async (): Promise<void> => {
      for (let bytes = waiting.shift(); bytes !== undefined; bytes = waiting.shift()) {
        const words = await options.receive(bytes);
        if (socket.destroyed) return;
        if (words !== null && !socket.write(frameMllp(words))) {
          const taken = await new Promise<boolean>((resolve) => {
            const late = setTimeout(() => resolve(false), frameTimeout).unref();
            socket.once('drain', () => {
              clearTimeout(late);
              resolve(true);
            });
            socket.once('close', () => {
              clearTimeout(late);
              resolve(true);
            });
          });
          if (!taken) return end('a sender that does not take its answers');
        }
        if (waiting.length < mostWaiting) socket.resume();
      }
    };
    socket.on('data', (bytes) => {
      const read = reader.push(bytes);
      if (!read.ok)
        return end(read.error === 'too-large' ? 'a message larger than is taken' : 'bytes that are not MLLP');
      waiting.push(...read.value);
      // Which frame the last bytes belong to is the reader's matter; a start without its end is what is timed.
      const lastStart = bytes.lastIndexOf(0x0b);
      const lastEnd = bytes.lastIndexOf(0x1c);
      const wasInFrame = inFrame;
      inFrame = lastStart > lastEnd ? true : lastEnd === -1 ? inFrame : false;
      if (inFrame !== wasInFrame || read.value.length > 0) watch();
      if (waiting.length >= mostWaiting) socket.pause();
      if (busy || waiting.length === 0) return;
      busy = true;
      const work = answer()
        .catch(() => end('an answer that could not be made'))
        .finally(() => {
          busy = false;
          working.delete(work);
        });
      working.add(work);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (timer !== null) clearTimeout(timer);
      sockets.delete(socket);
    });
  };

  return new Promise((resolve, reject) => {
    const server: Server = createServer({ keepAlive: true }, serve);
    server.maxConnections = options.mostConnections ?? 64;
    server.once('error', reject);
    server.listen(where.port, where.host, () => {
      server.off('error', reject);
      server.on('error', () => ports.log.error('the HL7 listener failed', { port: where.port }));
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : where.port,
        close: async () => {
          const closed = new Promise<void>((done) => server.close(() => done()));
          for (const socket of sockets) socket.pause();
          await Promise.allSettled([...working]);
          for (const socket of sockets) socket.destroy();
          await closed;
        },
      });
    });
  });
}
