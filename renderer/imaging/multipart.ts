/** One part of a `multipart/related` answer (RFC 2046 5.1, PS3.18 8.6.1.2). */
export type Part = { readonly headers: ReadonlyMap<string, string>; readonly body: Uint8Array };

export type MultipartReader = {
  /** Parts completed by this chunk. Throws a `MultipartError` when the answer is no multipart or a part exceeds the limit. */
  push(chunk: Uint8Array): readonly Part[];
  /** True once the closing boundary was seen: without it the answer was cut short and must be asked for again. */
  closed(): boolean;
};

export class MultipartError extends Error {
  override readonly name = 'MultipartError';
}

const maximumHeaderBytes = 16_384;
/** A part that says that it is larger than this gets its memory as it comes, not ahead: its word alone is worth no more. */
const largestAhead = 64 * 1024 * 1024;
const dash = 0x2d;

/** The boundary parameter of a Content-Type, or null. */
export function boundaryOf(contentType: string): string | null {
  if (!/^\s*multipart\//i.test(contentType)) return null;
  const found = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  return found?.[1] ?? found?.[2] ?? null;
}

/**
 * Reads parts as bytes arrive, in any chunking. A part that carries Content-Length is taken by length (the boundary after it is
 * still required) and goes straight to its own memory; others are searched for the boundary. Bodies are copies of their own, so that each
 * can be handed to another thread.
 */
export function multipartReader(boundary: string, maximumPartBytes: number): MultipartReader {
  const delimiter = new TextEncoder().encode(`\r\n--${boundary}`);
  // The first boundary may stand at the very start: a line break before it makes all boundaries alike.
  let buffer = new Uint8Array([13, 10]);
  let used = 2;
  let start = 0;
  let searched = 0;
  let state: 'preamble' | 'boundary' | 'headers' | 'body' | 'filling' | 'closed' = 'preamble';
  let headers: ReadonlyMap<string, string> = new Map();
  let length: number | null = null;
  let body = new Uint8Array(0);
  let filled = 0;

  function append(chunk: Uint8Array): void {
    const live = used - start;
    if (live === 0) {
      searched = 0;
      start = 0;
      used = 0;
    }
    if (used + chunk.length > buffer.length) {
      const grown = new Uint8Array(Math.max(65_536, (live + chunk.length) * 2, expected()));
      grown.set(buffer.subarray(start, used));
      searched -= start;
      start = 0;
      used = live;
      buffer = grown;
    }
    buffer.set(chunk, used);
    used += chunk.length;
  }

  function expected(): number {
    return length === null ? 0 : length + delimiter.length + 4;
  }

  function find(pattern: Uint8Array, from: number): number {
    const first = pattern[0] ?? 0;
    const last = used - pattern.length;
    for (let at = buffer.indexOf(first, from); at !== -1 && at <= last; at = buffer.indexOf(first, at + 1)) {
      let same = 1;
      while (same < pattern.length && buffer[at + same] === pattern[same]) same += 1;
      if (same === pattern.length) return at;
    }
    return -1;
  }

  function step(parts: Part[]): boolean {
    const available = used - start;
    switch (state) {
      case 'preamble': {
        const at = find(delimiter, Math.max(start, searched));
        if (at === -1) {
          if (available > maximumHeaderBytes) throw new MultipartError('no boundary where the parts should begin');
          searched = Math.max(start, used - delimiter.length + 1);
          return false;
        }
        start = at + delimiter.length;
        state = 'boundary';
        return true;
      }
      case 'boundary': {
        if (available < 2) return false;
        if (buffer[start] === dash && buffer[start + 1] === dash) {
          state = 'closed';
          return false;
        }
        const end = find(lineBreak, start);
        if (end === -1) {
          if (available > 256) throw new MultipartError('no line break after a boundary');
          return false;
        }
        // The line break stays, so that a part without headers is found by the same blank line.
        start = end;
        searched = start;
        state = 'headers';
        return true;
      }
      case 'headers': {
        const end = find(blankLine, start);
        if (end === -1) {
          if (available > maximumHeaderBytes) throw new MultipartError('headers of a part are too long');
          return false;
        }
        headers = parseHeaders(buffer.subarray(start, end));
        const declared = headers.get('content-length');
        length = declared !== undefined && /^\d{1,15}$/.test(declared) ? Number(declared) : null;
        if (length !== null && length > maximumPartBytes) throw new MultipartError('a part is larger than allowed');
        start = end + blankLine.length;
        searched = start;
        state = 'body';
        return true;
      }
      case 'body': {
        let end: number;
        if (length !== null) {
          if (available < length + delimiter.length) {
            if (length > largestAhead) return false;
            body = new Uint8Array(length);
            filled = 0;
            state = 'filling';
            return true;
          }
          end = start + length;
          // A wrong length must not swallow the next part: fall back to the search.
          if (find(delimiter, end) !== end) {
            length = null;
            return true;
          }
        } else {
          end = find(delimiter, Math.max(start, searched));
          if (end === -1) {
            if (available > maximumPartBytes) throw new MultipartError('a part is larger than allowed');
            searched = Math.max(start, used - delimiter.length + 1);
            return false;
          }
        }
        parts.push({ headers, body: buffer.slice(start, end) });
        start = end + delimiter.length;
        searched = start;
        length = null;
        state = 'boundary';
        return true;
      }
      case 'filling': {
        if (filled < body.length) {
          const taken = buffer.subarray(start, Math.min(used, start + body.length - filled));
          body.set(taken, filled);
          filled += taken.length;
          start += taken.length;
          searched = start;
          return filled === body.length;
        }
        if (available < delimiter.length) return false;
        if (find(delimiter, start) === start) {
          parts.push({ headers, body });
          start += delimiter.length;
          state = 'boundary';
        } else {
          // A wrong length must not swallow the next part: fall back to the search, from the part's beginning.
          const whole = new Uint8Array(body.length + available);
          whole.set(body);
          whole.set(buffer.subarray(start, used), body.length);
          buffer = whole;
          start = 0;
          used = whole.length;
          state = 'body';
        }
        searched = start;
        length = null;
        return true;
      }
      case 'closed':
        return false;
    }
  }

  /** What comes while a part of known length is filled needs no other place; answers the rest of it. */
  function fill(chunk: Uint8Array): Uint8Array {
    if (state !== 'filling' || used > start) return chunk;
    const taken = chunk.subarray(0, body.length - filled);
    body.set(taken, filled);
    filled += taken.length;
    return chunk.subarray(taken.length);
  }

  return {
    push(chunk) {
      const parts: Part[] = [];
      if (state === 'closed') return parts;
      const rest = fill(chunk);
      if (rest.length === 0) return parts;
      append(rest);
      while (step(parts));
      return parts;
    },
    closed: () => state === 'closed',
  };
}

const lineBreak = new Uint8Array([13, 10]);
const blankLine = new Uint8Array([13, 10, 13, 10]);

function parseHeaders(bytes: Uint8Array): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of new TextDecoder('latin1').decode(bytes).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}
