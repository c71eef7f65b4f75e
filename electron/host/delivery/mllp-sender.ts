import { createConnection, type Socket } from 'node:net';
import {
  type Acknowledgement,
  asksForCommit,
  createMllpReader,
  frameMllp,
  parseAck,
  parseMessage,
} from '../../../shared/interop/hl7v2/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { AnswerNoted, LaterAnswer } from './later-answer.ts';

export type MllpFailure = {
  readonly code: 'unreachable' | 'timeout' | 'not-an-ack' | 'other-message' | 'committed';
  readonly words: string;
};
/** `CA` only where the application's own answer was asked for; it comes to `answered` later. */
export type MllpAnswer = Pick<Acknowledgement, 'code' | 'words'>;

export type MllpLines = {
  /**
   * Sends one HL7 v2 message over MLLP and waits up to `timeout` milliseconds for its acknowledgement: one message in flight, matched by
   * MSA-2. Without `later` a commit (CA) is no answer: what the receiving system says of the message itself is waited for on the same line.
   * With it the commit is told at once, and the line stays open for what the application says. Else the line is closed after the answer, so
   * that a half-dead receiver costs one message's time and no more.
   */
  send(
    message: string,
    controlId: string,
    endpoint: { readonly host: string; readonly port: number },
    timeout: number,
    later?: Pick<LaterAnswer, 'siteId' | 'by'> | null,
  ): Promise<Result<MllpAnswer, MllpFailure>>;
  close(): void;
};

/** Milliseconds for which a line stays open after a commit; an application that takes longer opens one of its own. */
const keptOpen = 5 * 60_000;
/** Lines that wait for an application's answer; with one more the oldest is closed. */
const mostOpen = 32;

export function createMllpLines(parts: {
  readonly answered: (answer: LaterAnswer) => Promise<AnswerNoted>;
  /** The commit of a message that came over one of these lines (HL7 v2.5.1 2.9.3). */
  readonly commit: (text: string, noted: AnswerNoted) => string;
}): MllpLines {
  const waiting = new Set<Socket>();

  const keepFor = (socket: Socket, milliseconds: number): void => {
    const timer = setTimeout(() => socket.destroy(), milliseconds).unref();
    // Nothing is lost with it: the answer comes again, or the message does.
    socket.unref();
    waiting.add(socket);
    socket.on('close', () => {
      clearTimeout(timer);
      waiting.delete(socket);
    });
    const [oldest] = waiting;
    if (waiting.size > mostOpen) oldest?.destroy();
  };

  const takeLater = async (
    socket: Socket,
    text: string,
    { code, controlId, words }: Acknowledgement,
    from: Pick<LaterAnswer, 'siteId' | 'by'>,
  ): Promise<void> => {
    if (code === 'CA') return;
    const noted = await parts.answered({ ...{ code, controlId, words }, ...from });
    const message = parseMessage(text);
    const asked = message.ok && asksForCommit(message.value, noted === 'noted');
    if (asked && !socket.destroyed) socket.write(frameMllp(parts.commit(text, noted)));
  };

  const send: MllpLines['send'] = (message, controlId, endpoint, timeout, later = null) => {
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
        if (result.ok && result.value.code === 'CA') keepFor(socket, keptOpen);
        else socket.destroy();
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
        if (!read.ok) {
          if (settled) socket.destroy();
          return settle(err({ code: 'not-an-ack', words: `${where} answered with something that is no HL7 message.` }));
        }
        for (const text of read.value) {
          const ack = parseAck(text);
          if (settled) {
            // Whatever else comes over a line that waits is no concern of this message.
            if (later !== null && ack.ok && ack.value.controlId === controlId)
              void takeLater(socket, text, ack.value, later).catch(() => socket.destroy());
            continue;
          }
          if (!ack.ok)
            return settle(
              err({ code: 'not-an-ack', words: `${where} answered with something that is no acknowledgement.` }),
            );
          if (ack.value.controlId !== controlId)
            return settle(err({ code: 'other-message', words: `${where} acknowledged another message.` }));
          const { code, words } = ack.value;
          committed ||= code === 'CA';
          if (code !== 'CA') return settle(ok({ code, words }));
        }
        // Nothing but the commit so far.
        if (committed && later !== null) settle(ok({ code: 'CA', words: '' }));
      });
    });
  };

  return {
    send,
    close: () => {
      for (const socket of waiting) socket.destroy();
    },
  };
}
