import { err, ok, type Result } from '../../../shared/lib/result.ts';

export type MultipartTrouble = {
  readonly code: 'not-multipart' | 'malformed' | 'truncated' | 'too-many-parts';
  readonly message: string;
};

export type PartHeaders = { readonly contentType: string; readonly contentLength: number | null };

/** What a reader tells as bytes come in. `bytes` is only good during the call: it may be a view of the chunk that was pushed. */
export type MultipartSink = {
  partStart(headers: PartHeaders): void;
  partData(bytes: Uint8Array): void;
  partEnd(): void;
};

export type MultipartReader = {
  push(chunk: Uint8Array): Result<void, MultipartTrouble>;
  /** Called at the end of the body: an answer without its closing boundary is truncated, whatever its status said. */
  finish(): Result<{ readonly parts: number }, MultipartTrouble>;
};

export type ContentType = { readonly type: string; readonly parameters: ReadonlyMap<string, string> };

/** Reads `type/subtype; name=value; name="quoted"` (RFC 9110 8.3.1). Anything that is no media type gives an empty `type`. */
export function parseContentType(text: string | null): ContentType {
  const parameters = new Map<string, string>();
  if (text === null || text.length > 2048) return { type: '', parameters };
  const found = /^\s*([\w.+-]+\/[\w.+*-]+)/.exec(text);
  if (found === null) return { type: '', parameters };
  const rest = text.slice(found[0].length);
  for (const one of rest.matchAll(/;\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g)) {
    const name = (one[1] ?? '').toLowerCase();
    if (!parameters.has(name)) parameters.set(name, one[2]?.replaceAll(/\\(.)/g, '$1') ?? one[3] ?? '');
  }
  return { type: (found[1] ?? '').toLowerCase(), parameters };
}

/** The boundary of a multipart answer (RFC 2046 5.1.1), or null when there is none that the grammar allows. */
export function boundaryOf(contentType: ContentType): string | null {
  const boundary = contentType.parameters.get('boundary') ?? '';
  if (!contentType.type.startsWith('multipart/')) return null;
  return /^[\w'()+,./:=? -]{1,70}$/.test(boundary) ? boundary.trimEnd() : null;
}

const largestHeader = 16 * 1024;
const largestPreamble = 64 * 1024;

/**
 * Reads multipart/related (RFC 2046 5.1) as it streams: bodies are handed on without being collected. A part that names its length is
 * passed through without a search; its delimiter must then follow at exactly that place.
 */
export function createMultipartReader(
  boundary: string,
  sink: MultipartSink,
  limits: { readonly parts: number } = { parts: 100_000 },
): MultipartReader {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  let state: 'preamble' | 'after-delimiter' | 'headers' | 'body' | 'ended' = 'preamble';
  // A first delimiter may stand at the very start: the line break before it is imagined.
  let pending: Buffer = Buffer.from('\r\n', 'latin1');
  let remaining: number | null = null;
  let parts = 0;
  let trouble: MultipartTrouble | null = null;

  function fail(code: MultipartTrouble['code'], message: string): false {
    trouble = { code, message };
    return false;
  }
  function startPart(text: string): boolean {
    let contentType = '';
    let contentLength: number | null = null;
    for (const line of text.split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon < 0) continue;
      const name = line.slice(0, colon).trim().toLowerCase();
      const value = line.slice(colon + 1).trim();
      if (name === 'content-type') contentType = value.slice(0, 512);
      if (name === 'content-length') {
        if (!/^\d{1,15}$/.test(value)) return fail('malformed', 'a part names a length that is no number');
        contentLength = Number(value);
      }
    }
    parts += 1;
    if (parts > limits.parts) return fail('too-many-parts', `more than ${limits.parts} parts`);
    remaining = contentLength;
    state = 'body';
    sink.partStart({ contentType, contentLength });
    return true;
  }
  /** One step over what is pending; false when more bytes are needed (or trouble was met). */
  function step(): boolean {
    switch (state) {
      case 'ended':
        pending = Buffer.alloc(0);
        return false;
      case 'preamble': {
        const at = pending.indexOf(delimiter);
        if (at < 0) return pending.length > largestPreamble ? fail('malformed', 'no first boundary') : false;
        pending = pending.subarray(at + delimiter.length);
        state = 'after-delimiter';
        return true;
      }
      case 'after-delimiter': {
        if (pending.length < 2) return false;
        if (pending[0] === 0x2d && pending[1] === 0x2d) {
          state = 'ended';
          return true;
        }
        const lineEnd = pending.indexOf('\r\n');
        if (lineEnd < 0) return pending.length > 256 ? fail('malformed', 'a boundary line does not end') : false;
        if (!/^[ \t]*$/.test(pending.subarray(0, lineEnd).toString('latin1'))) {
          return fail('malformed', 'a boundary is followed by other text');
        }
        // The line break stays: a part without header fields is CRLF CRLF in all.
        pending = pending.subarray(lineEnd);
        state = 'headers';
        return true;
      }
      case 'headers': {
        const at = pending.indexOf('\r\n\r\n');
        if (at < 0)
          return pending.length > largestHeader ? fail('malformed', 'the header of a part does not end') : false;
        const text = pending.subarray(0, at).toString('latin1');
        pending = pending.subarray(at + 4);
        return startPart(text);
      }
      case 'body':
        return remaining === null ? searchBody() : countBody(remaining);
    }
  }
  function countBody(left: number): boolean {
    if (left > 0) {
      if (pending.length === 0) return false;
      const piece = pending.subarray(0, Math.min(left, pending.length));
      sink.partData(piece);
      pending = pending.subarray(piece.length);
      remaining = left - piece.length;
      return true;
    }
    if (pending.length < delimiter.length) return false;
    if (!pending.subarray(0, delimiter.length).equals(delimiter)) {
      return fail('malformed', 'a part is longer than its header says');
    }
    return endPart(delimiter.length);
  }
  function searchBody(): boolean {
    const at = pending.indexOf(delimiter);
    if (at >= 0) {
      if (at > 0) sink.partData(pending.subarray(0, at));
      return endPart(at + delimiter.length);
    }
    // What may be the beginning of the delimiter waits for the next chunk.
    const safe = pending.length - (delimiter.length - 1);
    if (safe > 0) {
      sink.partData(pending.subarray(0, safe));
      pending = pending.subarray(safe);
    }
    return false;
  }
  function endPart(consumed: number): boolean {
    pending = pending.subarray(consumed);
    state = 'after-delimiter';
    sink.partEnd();
    return true;
  }
  return {
    push: (chunk) => {
      if (trouble !== null) return err(trouble);
      const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      pending = pending.length === 0 ? view : Buffer.concat([pending, view]);
      while (step());
      if (trouble !== null) return err(trouble);
      // The chunk belongs to the caller: what waits is copied, and is short.
      if (pending.length > 0) pending = Buffer.from(pending);
      return ok(undefined);
    },
    finish: () => {
      if (trouble !== null) return err(trouble);
      if (state === 'ended') return ok({ parts });
      return err({ code: 'truncated', message: `the answer ended after ${parts} parts without its closing boundary` });
    },
  };
}

export type PartHeader = { readonly contentType: string; readonly contentLength: number | null };

/** The lines before a part's body; `first` leaves out the line break that ends the part before. */
export function partHeader(boundary: string, part: PartHeader, first: boolean): Uint8Array {
  const length = part.contentLength === null ? '' : `Content-Length: ${part.contentLength}\r\n`;
  // A header line of another's making must not smuggle in lines of its own.
  const contentType = part.contentType.replaceAll(/[^\x20-\x7e]/g, '');
  return Buffer.from(`${first ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${contentType}\r\n${length}\r\n`, 'latin1');
}

export function closingBoundary(boundary: string): Uint8Array {
  return Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
}
