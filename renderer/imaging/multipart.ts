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
const dash = 0x2d;

/** The boundary parameter of a Content-Type, or null. */
export function boundaryOf(contentType: string): string | null {
  if (!/^\s*multipart\//i.test(contentType)) return null;
  const found = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  return found?.[1] ?? found?.[2] ?? null;
}

/**
 * Reads parts as bytes arrive, in any chunking. A part that carries Content-Length is taken by length (the boundary after it is
 * still required); others are searched for the boundary. Bodies are copies of their own, so that each can be handed to another thread.
 */
export function multipartReader(boundary: string, maximumPartBytes: number): MultipartReader {
  const delimiter = new TextEncoder().encode(`\r\n--${boundary}`);
  // The first boundary may stand at the very start: a line break before it makes all boundaries alike.
  let buffer = new Uint8Array([13, 10]);
  let used = 2;
  let start = 0;
  let searched = 0;
  let state: 'preamble' | 'boundary' | 'headers' | 'body' | 'closed' = 'preamble';
  let headers: ReadonlyMap<string, string> = new Map();
  let length: number | null = null;

  function append(chunk: Uint8Array): void {
    const live = used - start;
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
          if (available < length + delimiter.length) return false;
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
      case 'closed':
        return false;
    }
  }

  return {
    push(chunk) {
      const parts: Part[] = [];
      if (state === 'closed') return parts;
      append(chunk);
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
