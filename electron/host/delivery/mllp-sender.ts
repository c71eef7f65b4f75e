import { createConnection } from 'node:net';
import { createMllpReader, frameMllp, parseAck } from '../../../shared/interop/hl7v2/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';

export type MllpFailure = {
  readonly code: 'unreachable' | 'timeout' | 'not-an-ack' | 'other-message' | 'committed';
  readonly words: string;
};
export type MllpAnswer = { readonly code: 'AA' | 'AE' | 'AR'; readonly words: string };

/**
 * Sends one HL7 v2 message over MLLP and waits for its acknowledgement: one message in flight, matched by MSA-2. A commit (CA) is no
 * acceptance: what the receiving system says of the message itself is waited for on the same connection. The connection is closed after
 * it, so that a half-dead receiver costs one message's time and no more.
 */
export function sendOverMllp(
  message: string,
  controlId: string,
  endpoint: { readonly host: string; readonly port: number },
  timeout: number,
): Promise<Result<MllpAnswer, MllpFailure>> {
  const where = `${endpoint.host}:${endpoint.port}`;
  return new Promise((resolve) => {
    const reader = createMllpReader();
    const socket = createConnection({ host: endpoint.host, port: endpoint.port });
    let settled = false;
    let committed = false;
    const settle = (result: Result<MllpAnswer, MllpFailure>): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const silent = (failure: MllpFailure): void =>
      settle(
        err(
          committed
            ? {
                code: 'committed',
                words: `${where} answered CA, which is a commit and no acceptance, and then nothing more.`,
              }
            : failure,
        ),
      );
    const timer = setTimeout(
      () => silent({ code: 'timeout', words: `${where} did not acknowledge within ${timeout / 1_000} s.` }),
      timeout,
    );
    socket.on('connect', () => socket.write(frameMllp(message)));
    socket.on('error', (reason: NodeJS.ErrnoException) =>
      silent({ code: 'unreachable', words: `${where} could not be reached (${reason.code ?? 'error'}).` }),
    );
    socket.on('close', () =>
      silent({ code: 'unreachable', words: `${where} closed the connection without an acknowledgement.` }),
    );
    socket.on('data', (bytes) => {
      const read = reader.push(bytes);
      if (!read.ok)
        return settle(err({ code: 'not-an-ack', words: `${where} answered with something that is no HL7 message.` }));
      for (const text of read.value) {
        const ack = parseAck(text);
        if (!ack.ok)
          return settle(
            err({ code: 'not-an-ack', words: `${where} answered with something that is no acknowledgement.` }),
          );
        if (ack.value.controlId !== controlId)
          return settle(err({ code: 'other-message', words: `${where} acknowledged another message.` }));
        const { code, words } = ack.value;
        if (code === 'CA') {
          committed = true;
          continue;
        }
        return settle(ok({ code, words }));
      }
    });
  });
}
