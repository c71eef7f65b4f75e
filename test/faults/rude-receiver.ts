import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** What a receiver of HL7 over MLLP does with the next message. */
export type Manner =
  | 'garbage'
  | 'other-message'
  | 'silence'
  | 'half-close'
  | 'reset'
  | 'no-framing'
  | 'AE-words'
  | 'AR'
  | 'CR'
  /** Enhanced mode: a commit alone, and a commit followed by what the receiving system says. */
  | 'CA'
  | 'CA-then-AA'
  | 'CA-then-close'
  /** A commit now, and what the application says when `speak` is called. */
  | 'CA-then-speak'
  | 'AA';

/** A receiver that misbehaves on request and keeps every byte that came, framing and all. */
export type RudeReceiver = {
  readonly port: number;
  readonly received: readonly string[];
  be(manner: Manner): void;
  /** The application answers the newest message on the line that it came by, and asks for a commit of that. False: the line is closed. */
  speak(code: 'AA' | 'AE' | 'AR'): boolean;
  /** Commits of what the application said, MSA-1. */
  readonly commits: readonly string[];
  stop(): Promise<void>;
};

/** An application's own answer to a message, which asks for a commit (MSH-15 AL). */
export function applicationAnswer(code: 'AA' | 'AE' | 'AR', controlId: string, own = `RIS-${controlId}`): string {
  return `MSH|^~\\&|RIS|SITE|OVERREAD|OVERREAD|20261122||ACK^R01^ACK|${own}|P|2.5.1|||AL|NE\rMSA|${code}|${controlId}\r`;
}

const start = '\x0b';
const end = '\x1c\r';

export async function startRudeReceiver(port = 0): Promise<RudeReceiver> {
  let manner: Manner = 'AA';
  const received: string[] = [];
  const commits: string[] = [];
  let newest: { readonly socket: Socket; readonly controlId: string } | null = null;
  const sockets = new Set<Socket>();
  const answer = (socket: Socket, message: string): void => {
    const controlId = message.split('\r')[0]?.split('|')[9] ?? '';
    const ack = (code: string, id: string, words: string): string =>
      `${start}MSH|^~\\&|RIS|SITE|OVERREAD|OVERREAD|20261122||ACK^R01^ACK|1|P|2.5.1\rMSA|${code}|${id}${words === '' ? '' : `|${words}`}\r${end}`;
    switch (manner) {
      case 'garbage':
        socket.write(`${start}GET / HTTP/1.1\r\n\r\n${end}`);
        return;
      case 'no-framing':
        socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
        socket.end();
        return;
      case 'other-message':
        socket.write(ack('AA', 'ANOTHER-MESSAGE', ''));
        return;
      case 'half-close':
        socket.end();
        return;
      case 'reset':
        socket.resetAndDestroy();
        return;
      case 'AE-words':
        socket.write(ack('AE', controlId, 'Unknown order A\\T\\B'));
        return;
      case 'AR':
        socket.write(ack('AR', controlId, ''));
        return;
      case 'AA':
        socket.write(ack('AA', controlId, ''));
        return;
      case 'CR':
        socket.write(ack('CR', controlId, 'Unsupported version'));
        return;
      case 'CA-then-speak':
      case 'CA':
        socket.write(ack('CA', controlId, ''));
        return;
      case 'CA-then-AA':
        socket.write(ack('CA', controlId, ''));
        socket.write(ack('AA', controlId, ''));
        return;
      case 'CA-then-close':
        socket.end(ack('CA', controlId, ''));
        return;
      case 'silence':
    }
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('utf8');
      const to = text.indexOf(end);
      if (to < 0) return;
      const message = text.slice(text.indexOf(start) + 1, to);
      text = text.slice(to + end.length);
      const commit = /\rMSA\|(C[AER])\|/.exec(message)?.[1];
      if (commit !== undefined) {
        commits.push(commit);
        return;
      }
      newest = { socket, controlId: message.split('\r')[0]?.split('|')[9] ?? '' };
      received.push(message);
      answer(socket, message);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    commits,
    speak: (code) => {
      if (newest === null || newest.socket.destroyed) return false;
      return newest.socket.write(`${start}${applicationAnswer(code, newest.controlId)}${end}`);
    },
    be: (next) => {
      manner = next;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
