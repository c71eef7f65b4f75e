export type JsonEnds = {
  push(chunk: Uint8Array): void;
  /** True when what was pushed is one array or object from its first bracket to its last, with nothing but white space about it. */
  isWhole(): boolean;
};

const quote = 0x22;
const escapes = 0x5c;
const opens: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const closes: ReadonlySet<number> = new Set([0x5d, 0x7d]);
const spaces: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Whether JSON (RFC 8259 2) has come to its end, as its bytes pass by: an answer that was compressed on its way names no length that could
 * prove it. It is not parsed: what lies between the brackets is for its reader to judge.
 */
export function jsonEnds(): JsonEnds {
  let depth = 0;
  let state: 'before' | 'within' | 'after' | 'bad' = 'before';
  let inText = false;
  let escaped = false;
  return {
    push(chunk) {
      for (const byte of chunk) {
        if (inText) {
          if (escaped) escaped = false;
          else if (byte === escapes) escaped = true;
          else if (byte === quote) inText = false;
          continue;
        }
        if (state === 'within') {
          if (byte === quote) inText = true;
          else if (opens.has(byte)) depth += 1;
          else if (closes.has(byte)) {
            depth -= 1;
            if (depth === 0) state = 'after';
          }
        } else if (!spaces.has(byte)) {
          state = state === 'before' && opens.has(byte) ? 'within' : 'bad';
          depth = 1;
        }
      }
    },
    isWhole: () => state === 'after',
  };
}
