import { Server } from 'node-hl7-server';
import { freePort } from './free-port.ts';

/** A third-party HL7 receiver (`node-hl7-server`) on a port of 127.0.0.1, keeping every message as it came over the wire. */
export type Hl7Receiver = {
  readonly port: number;
  /** Raw messages in order of arrival, without MLLP framing. */
  readonly messages: readonly string[];
  /** OBX-5 of each text observation (OBX-2 TX, FT, ST) of each message, as the server's own parser reads it. */
  readonly texts: readonly (readonly string[])[];
  /** What the next messages are answered with. */
  answer(code: 'AA' | 'AE' | 'AR'): void;
  stop(): Promise<void>;
};

export async function startHl7Receiver(port?: number): Promise<Hl7Receiver> {
  const own = port ?? (await freePort());
  const messages: string[] = [];
  const texts: string[][] = [];
  let code: 'AA' | 'AE' | 'AR' = 'AA';
  const server = new Server({ bindAddress: '127.0.0.1' });
  const inbound = server.createInbound({ port: own }, async (request, response) => {
    const message = request.getMessage();
    messages.push(message.toString());
    const observations = message.get('OBX').toArray();
    texts.push(
      observations.filter((one) => /^(TX|FT|ST)$/.test(one.get(2).toString())).map((one) => one.get(5).toString()),
    );
    await response.sendResponse(code);
  });
  await new Promise<void>((resolve, reject) => {
    inbound.on('listen', () => resolve());
    inbound.on('error', (reason) => reject(reason));
  });
  return {
    port: own,
    messages,
    texts,
    answer: (next) => {
      code = next;
    },
    stop: async () => {
      await inbound.close();
    },
  };
}

/** MSH-10 of a raw message. */
export function controlIdOf(message: string): string {
  return message.split(/[\r\n]/)[0]?.split('|')[9] ?? '';
}
