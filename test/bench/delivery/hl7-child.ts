import { appendFileSync, writeSync } from 'node:fs';
import { Server } from 'node-hl7-server';
import { freePort } from '../../servers/free-port.ts';

/** What the receiver keeps of each message that came, as the parser of `node-hl7-server` reads it, one line of JSON each. */
export type Received = {
  readonly controlId: string;
  /** The control id was known already: the receiver files a message once. */
  readonly again: boolean;
  readonly accession: string;
  readonly status: string;
  readonly patientId: string;
  readonly family: string;
  readonly born: string;
  readonly physician: string;
};

/** A receiver of HL7 by `node-hl7-server` in a process of its own: files every message under its MSH-10, then acknowledges. */
const file = process.env.OVERREAD_BENCH_HL7 ?? '';
const known = new Set<string>();
const port = await freePort();
const server = new Server({ bindAddress: '127.0.0.1' });
const inbound = server.createInbound({ port }, async (request, response) => {
  const message = request.getMessage();
  const at = (path: string): string => message.get(path).toString();
  const controlId = at('MSH.10');
  const received: Received = {
    controlId,
    again: known.has(controlId),
    accession: at('OBR.18'),
    status: at('OBR.25'),
    patientId: at('PID.3.1'),
    family: at('PID.5.1'),
    born: at('PID.7'),
    physician: at('OBR.16.1'),
  };
  known.add(controlId);
  appendFileSync(file, `${JSON.stringify(received)}\n`);
  await response.sendResponse('AA');
});
await new Promise<void>((resolve) => inbound.on('listen', () => resolve()));
writeSync(1, `ready ${port}\n`);
process.on('SIGTERM', () => process.exit(0));
