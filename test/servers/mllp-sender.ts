import { createConnection, type Socket } from 'node:net';
import { type Acknowledgement, createMllpReader, parseAck } from '../../shared/interop/hl7v2/index.ts';

/** A site's interface engine on one connection: sends bytes as it likes and reads acknowledgements in order. */
export type MllpSender = {
  readonly socket: Socket;
  /** Frames the message (as given, or UTF-8) and waits for the next acknowledgement. */
  send(message: string | Uint8Array): Promise<Acknowledgement>;
  next(): Promise<Acknowledgement>;
  close(): void;
};

export function framed(message: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x0b]), Buffer.from(message as string), Buffer.from([0x1c, 0x0d])]);
}

export async function connectMllp(port: number): Promise<MllpSender> {
  const socket = createConnection({ host: '127.0.0.1', port });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const reader = createMllpReader();
  const answers: Acknowledgement[] = [];
  const waiting: { resolve(ack: Acknowledgement): void; reject(reason: Error): void }[] = [];
  socket.on('data', (bytes) => {
    const read = reader.push(bytes);
    for (const text of read.ok ? read.value : []) {
      const ack = parseAck(text);
      if (!ack.ok) throw new Error(`no acknowledgement: ${text}`);
      const next = waiting.shift();
      if (next === undefined) answers.push(ack.value);
      else next.resolve(ack.value);
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const one of waiting.splice(0)) one.reject(new Error('the connection was closed'));
  });
  const next = (): Promise<Acknowledgement> => {
    const known = answers.shift();
    if (known !== undefined) return Promise.resolve(known);
    if (socket.destroyed) return Promise.reject(new Error('the connection was closed'));
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
  return {
    socket,
    next,
    send: (message) => {
      socket.write(framed(message));
      return next();
    },
    close: () => socket.destroy(),
  };
}
