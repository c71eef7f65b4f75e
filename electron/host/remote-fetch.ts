import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, fetch as undiciFetch, request as undiciRequest } from 'undici';
import type { FetchHandler } from './ports.ts';
import { webStreamOf } from './web-stream.ts';

/**
 * Of our own: where anything has used what Node brings before, undici takes Node's connections for its own too, which are those that end the
 * process.
 */
const dispatcher = new Agent();

/** Statuses of answers without a body (Fetch 2.2.3): `Response` takes none for them. */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/** Content codings that we say we read (RFC 9110 8.4.1), and what reads them. */
const unpacking: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * `fetch` to other servers. Not the one that Node 24 brings: its undici 7 ends the whole process by an assertion when a server closes its
 * connection while the answer is read slowly (nodejs/undici#5360), and nothing that waits for the answer can catch that. What is sent goes
 * as one piece, with its length: not every server takes it in chunks. Where redirects are answers (`manual`), the bytes come without the
 * copies that `fetch` makes of each piece.
 */
export const remoteFetch: FetchHandler = async (request) => {
  const { url, method, headers, redirect, signal } = request;
  const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer());
  if (redirect !== 'manual') {
    const answer = await undiciFetch(url, { method, headers: [...headers], redirect, signal, body, dispatcher });
    // The same of all that is read of an answer; its class alone is another.
    return answer as unknown as Response;
  }
  const asked = new Headers(headers);
  if (!asked.has('accept-encoding')) asked.set('accept-encoding', 'gzip, deflate');
  if (!asked.has('user-agent')) asked.set('user-agent', 'overread');
  const answer = await undiciRequest(url, {
    method: method as 'GET',
    headers: Object.fromEntries(asked),
    body,
    signal,
    dispatcher,
  });
  const status = answer.statusCode;
  if (status < 200 || status > 599) {
    // Nobody else listens to what breaks by being let go, and unheard it would end the host.
    answer.body.on('error', () => undefined).destroy();
    throw new TypeError(`an answer of status ${status}`);
  }
  const told = { status, headers: headersOf(answer.headers) };
  if (method === 'HEAD' || withoutBody.has(status)) {
    await answer.body.dump();
    return new Response(null, told);
  }
  return new Response(webStreamOf(unpacked(answer.body, told.headers.get('content-encoding'))), told);
};

/** As their bytes are (Fetch 2.2.2: isomorphic decode); what is no header at all is left out. */
function headersOf(raw: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(raw))
    for (const value of [values ?? []].flat()) {
      try {
        headers.append(name, Buffer.from(value).toString('latin1'));
      } catch {
        // Of a server that writes what no header may hold: nobody here asks for it.
      }
    }
  return headers;
}

/** The bytes as they were before they were packed; a coding that nobody asked for comes as it is. */
function unpacked(source: Readable, coding: string | null): Readable {
  const unpack = coding === null ? undefined : unpacking[coding.trim().toLowerCase()];
  if (unpack === undefined) return source;
  // What breaks, on either side of it, breaks the stream that is read.
  return pipeline(source, unpack(), () => undefined);
}
