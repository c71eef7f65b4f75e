import { err, ok, type Result } from '../../lib/result.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';

/** MLLP (HL7 v2.5.1 appendix C.4): VT, the message, FS, CR. */
const start = 0x0b;
const end = 0x1c;
const carriageReturn = 0x0d;

export function frameMllp(message: string): Uint8Array {
  const body = encodeUtf8(message);
  const frame = new Uint8Array(body.length + 3);
  frame[0] = start;
  frame.set(body, 1);
  frame[body.length + 1] = end;
  frame[body.length + 2] = carriageReturn;
  return frame;
}

export type MllpFailure = 'too-large' | 'not-mllp';

export type MllpReader<Message> = {
  /** Takes bytes as they come and gives every message that they complete. After a failure the connection is to be closed. */
  push(bytes: Uint8Array): Result<readonly Message[], MllpFailure>;
};

/** Messages as UTF-8 text, which is what we write ourselves and acknowledgements are read as. */
export function createMllpReader(budget?: number): MllpReader<string> {
  const reader = createMllpByteReader(budget);
  return {
    push: (bytes) => {
      const read = reader.push(bytes);
      return read.ok ? ok(read.value.map(decodeUtf8)) : read;
    },
  };
}

/**
 * Messages as the bytes that came: which characters they are is said inside, in MSH-18. `budget` in bytes for one message: a peer that
 * never ends a frame must not fill the memory.
 */
export function createMllpByteReader(budget = 16_000_000): MllpReader<Uint8Array> {
  let inside = false;
  let size = 0;
  let parts: Uint8Array[] = [];
  let failed: MllpFailure | null = null;

  const fail = (code: MllpFailure): Result<readonly Uint8Array[], MllpFailure> => {
    failed = code;
    parts = [];
    return err(code);
  };
  const take = (part: Uint8Array): boolean => {
    size += part.length;
    if (part.length > 0) parts.push(part.slice());
    return size <= budget;
  };
  const finish = (): Uint8Array => {
    const whole = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    parts = [];
    size = 0;
    inside = false;
    return whole;
  };

  return {
    push: (bytes) => {
      if (failed !== null) return err(failed);
      const messages: Uint8Array[] = [];
      let at = 0;
      while (at < bytes.length) {
        if (!inside) {
          const byte = bytes[at];
          at += 1;
          if (byte === start) inside = true;
          // Between frames only line ends are met in the wild; anything else is another protocol.
          else if (byte !== carriageReturn && byte !== 0x0a) return fail('not-mllp');
          continue;
        }
        const found = bytes.indexOf(end, at);
        if (!take(bytes.subarray(at, found === -1 ? bytes.length : found))) return fail('too-large');
        at = found === -1 ? bytes.length : found + 1;
        if (found !== -1) messages.push(finish());
      }
      return ok(messages);
    },
  };
}
