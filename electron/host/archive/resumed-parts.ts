import { createHash } from 'node:crypto';
import { type MultipartSink, type PartHeaders, partHeader } from './multipart.ts';

/** The first bytes of a part: of a Part 10 object they hold its SOP Instance UID (0002,0003). */
const prefixLength = 2048;

type Part = { contentLength: number | null; length: number; prefix: Buffer };

/**
 * Rewrites the parts of one or more answers into one multipart body. When an answer broke off, a second one to the same question is
 * laid over what was already handed out: its first parts must be the same (length and first bytes), and only the rest is emitted.
 * Anything else is a mismatch, and the stream must end in an error, for half of one thing must not be joined to half of another.
 */
export type ResumedParts = {
  /** The sink for one answer's reader; call again for a second answer. One `behind` holds only what has not come yet. */
  attempt(how?: { readonly behind: boolean }): MultipartSink;
  /** A whole part from elsewhere, with its delimiter and header in this very boundary. */
  again(name: string, bytes: Uint8Array): void;
  /** Bytes ready to go out since the last call; views of the pushed chunk, to be copied before the next push. */
  take(): Uint8Array[];
  /** True once an answer contradicted what had been handed out. */
  readonly mismatch: () => boolean;
  /** True when everything that was handed out has been met again (always true for a first answer). */
  readonly caughtUp: () => boolean;
  readonly parts: () => number;
  /** Where each whole part lies in the body that went out, by the SOP Instance UID of its file meta information; parts without one are left out. */
  readonly places: () => readonly PartPlace[];
};

/** Bytes `from` up to `to` (exclusive) of a multipart body: a part with its delimiter and header. */
export type PartPlace = { readonly name: string; readonly from: number; readonly to: number };

export function createResumedParts(boundary: string): ResumedParts {
  const complete: string[] = [];
  let open: Part | null = null;
  let out: Uint8Array[] = [];
  let written = 0;
  let openFrom = 0;
  const places: PartPlace[] = [];
  const emit = (bytes: Uint8Array): void => {
    written += bytes.length;
    out.push(bytes);
  };
  let mismatch = false;
  let caughtUp: () => boolean = () => true;

  return {
    again: (name, bytes) => {
      places.push({ name, from: written, to: written + bytes.length });
      complete.push(name);
      emit(bytes);
    },
    attempt: (how) => {
      const resumeAt = complete.length;
      const resumed = open;
      let index = how?.behind === true ? resumeAt - 1 : -1;
      let current: Part = { contentLength: null, length: 0, prefix: Buffer.alloc(0) };
      caughtUp = () => index >= resumeAt || (resumed === null && index === resumeAt - 1);
      const forwarding = (): boolean => index >= resumeAt;
      return {
        partStart: (headers: PartHeaders) => {
          index += 1;
          current = { contentLength: headers.contentLength, length: 0, prefix: Buffer.alloc(0) };
          if (!forwarding()) return;
          if (index === resumeAt && resumed !== null) {
            if (resumed.contentLength !== headers.contentLength) mismatch = true;
            return;
          }
          openFrom = written;
          emit(partHeader(boundary, headers, written === 0));
          open = current;
        },
        partData: (bytes) => {
          const from = current.length;
          if (current.prefix.length < prefixLength) {
            current.prefix = Buffer.concat([current.prefix, bytes.subarray(0, prefixLength - current.prefix.length)]);
          }
          current.length += bytes.length;
          if (!forwarding() || mismatch) return;
          if (index > resumeAt || resumed === null) {
            emit(bytes);
            return;
          }
          // Inside the part at which the first answer broke off: what was handed out must be here again.
          const common = Math.min(current.prefix.length, resumed.prefix.length);
          if (!current.prefix.subarray(0, common).equals(resumed.prefix.subarray(0, common))) {
            mismatch = true;
            return;
          }
          if (current.length > resumed.length) {
            emit(bytes.subarray(Math.max(0, resumed.length - from)));
            open = current;
          }
        },
        partEnd: () => {
          const print = fingerprint(current);
          if (forwarding()) {
            if (index === resumeAt && resumed !== null && current.length < resumed.length) mismatch = true;
            complete.push(print);
            const name = sopInstanceOfMeta(current.prefix);
            if (name !== null) places.push({ name, from: openFrom, to: written });
            open = null;
          } else if (complete[index] !== print) mismatch = true;
        },
      };
    },
    take: () => {
      const taken = out;
      out = [];
      return taken;
    },
    mismatch: () => mismatch,
    caughtUp: () => caughtUp(),
    parts: () => complete.length,
    places: () => places,
  };
}

function fingerprint(part: Part): string {
  return `${part.length}:${createHash('sha256').update(part.prefix).digest('hex')}`;
}

/** Media Storage SOP Instance UID (0002,0003) of a Part 10 object's beginning (PS3.10 7.1, explicit little endian); null where there is none. */
function sopInstanceOfMeta(prefix: Buffer): string | null {
  if (prefix.length < 140 || prefix.toString('latin1', 128, 132) !== 'DICM') return null;
  const at = prefix.indexOf(Buffer.from('020003005549', 'hex'), 132);
  if (at < 0 || at + 8 > prefix.length) return null;
  const length = prefix.readUInt16LE(at + 6);
  if (length > 64 || at + 8 + length > prefix.length) return null;
  const uid = prefix.toString('latin1', at + 8, at + 8 + length).replace(/[\0 ]+$/, '');
  return /^[0-9.]{1,64}$/.test(uid) ? uid : null;
}
