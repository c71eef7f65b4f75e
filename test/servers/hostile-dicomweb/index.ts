import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** How a server that means harm, or is merely broken, answers a DICOMweb request. */
export type Hostility =
  /** 200 with a page of HTML, as a login portal answers. */
  | 'html'
  /** 200 with a FHIR resource: the address of the wrong service. */
  | 'fhir'
  | 'garbage-json'
  | 'half-json'
  /** Another address in Location, with 302 or 307. */
  | 'redirect'
  | 'redirect-307'
  /** DICOM JSON whose RetrieveURL and BulkDataURI point at the canary. */
  | 'foreign-urls'
  /** DICOM JSON with `__proto__`, `constructor` and `prototype` keys. */
  | 'poison'
  /** Sequences 20,000 deep. */
  | 'deep-json'
  /** Rows without end. */
  | 'endless-json'
  /** Parts without end. */
  | 'endless-multipart'
  /** A multipart answer with part header lines that try to add lines of their own, and a length that is too short. */
  | 'lying-lengths'
  /** 200 multipart that ends after its first part without the closing boundary. */
  | 'no-closing-boundary'
  /** Takes the request and says nothing. */
  | 'silence'
  /** A few kilobytes of gzip that become hundreds of megabytes: of JSON, of multipart. */
  | 'gzip-bomb'
  | 'gzip-bomb-multipart'
  /** A million small rows in one answer, whatever `limit` says. */
  | 'million-rows'
  /** A byte every hundredth of a second, for ever: of JSON, of multipart. */
  | 'drip'
  | 'drip-multipart'
  /** One page of rows whatever `offset` says. */
  | 'ignores-offset'
  /** At most 50 rows a page, whatever `limit` says, of 130. */
  | 'caps-limit'
  /** Every study of the house, whatever was searched for. */
  | 'ignores-filters'
  /** Another patient's metadata for the instance asked. */
  | 'other-instance'
  /** STOW: 200 with the instance among the failed. */
  | 'stow-200-failed'
  /** STOW: 200 with nothing in it. */
  | 'stow-200-empty';

export type HostileServer = {
  readonly url: string;
  /** A second listener that nobody should ever ask; what it was asked, credentials included. */
  readonly canary: { readonly url: string; hits(): readonly string[] };
  requests(): readonly { readonly method: string; readonly path: string; readonly authorization: string | null }[];
  setHostility(hostility: Hostility): void;
  stop(): Promise<void>;
};

export function hostileRow(
  number: number,
  canary: string,
  deeper: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    '00080020': { vr: 'DA', Value: ['20260101'] },
    '00081190': { vr: 'UR', Value: [`${canary}/studies/1.2.${number}`] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: `Row^${number}` }] },
    '00100020': { vr: 'LO', Value: [`P${number}`] },
    '0020000D': { vr: 'UI', Value: [`1.2.3.${number}`] },
    '0020000E': { vr: 'UI', Value: [`1.2.3.${number}.1`] },
    '00080018': { vr: 'UI', Value: [`1.2.3.${number}.1.1`] },
    '7FE00010': { vr: 'OW', BulkDataURI: `${canary}/bulk` },
    ...deeper,
  };
}

export async function startHostileDicomweb(): Promise<HostileServer> {
  let hostility: Hostility = 'html';
  const hits: string[] = [];
  const requests: { method: string; path: string; authorization: string | null }[] = [];
  const sockets = new Set<Socket>();
  const canary = createServer((request, response) => {
    hits.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(200, { 'Content-Type': 'application/dicom+json' }).end('[]');
  });
  const server = createServer((request, response) => {
    requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization ?? null,
    });
    request.resume();
    respond(hostility, request, response, canaryUrl());
  });
  for (const one of [canary, server]) {
    one.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  }
  const canaryUrl = (): string => `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dicom-web`,
    canary: { url: canaryUrl(), hits: () => hits },
    requests: () => requests,
    setHostility: (next) => {
      hostility = next;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([canary, server].map((one) => new Promise<void>((resolve) => one.close(() => resolve()))));
    },
  };
}

function respond(hostility: Hostility, request: IncomingMessage, response: ServerResponse, canary: string): void {
  const json = (value: unknown): void => {
    response
      .writeHead(200, { 'Content-Type': 'application/dicom+json' })
      .end(typeof value === 'string' ? value : JSON.stringify(value));
  };
  const url = new URL(request.url ?? '/', 'http://hostile.invalid');
  const offset = Number(url.searchParams.get('offset') ?? '0');
  const limit = Number(url.searchParams.get('limit') ?? '1000');
  const many = Array.from({ length: 130 }, (_, index) => hostileRow(index + 1, canary));
  switch (hostility) {
    case 'html':
      response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end('<!doctype html><title>Sign in</title><script>alert(1)</script>');
      return;
    case 'fhir':
      response
        .writeHead(200, { 'Content-Type': 'application/fhir+json' })
        .end('{"resourceType":"Bundle","type":"searchset"}');
      return;
    case 'garbage-json':
      json('\u0000\u0001 not json at all');
      return;
    case 'half-json':
      json('[{"0020000D":{"vr":"UI","Value":["1.2.3"]}},{"0020');
      return;
    case 'redirect':
    case 'redirect-307':
      response.writeHead(hostility === 'redirect' ? 302 : 307, { Location: `${canary}${url.pathname}` }).end();
      return;
    case 'foreign-urls':
      json([hostileRow(1, canary)]);
      return;
    case 'poison':
      json(
        `[{"__proto__":{"polluted":true},"constructor":{"vr":"LO"},"prototype":{},"0020000D":{"vr":"UI","Value":["1.2.3.1"],"__proto__":{"Value":["9.9"]}},"00100010":{"vr":"PN","Value":[{"__proto__":{"Alphabetic":"Evil"},"Alphabetic":"Row^1"}]}}]`,
      );
      return;
    case 'deep-json':
      json(`[${'{"00081199":{"vr":"SQ","Value":['.repeat(5_000)}${']}}'.repeat(5_000)}]`);
      return;
    case 'endless-json':
      endless(response, 'application/dicom+json', '[', `${JSON.stringify(hostileRow(1, canary))},`.repeat(100));
      return;
    case 'endless-multipart':
      endless(
        response,
        'multipart/related; type="application/dicom"; boundary=b',
        '',
        '--b\r\nContent-Type: application/dicom\r\n\r\nDICM\r\n'.repeat(500),
      );
      return;
    case 'lying-lengths':
      response.writeHead(200, { 'Content-Type': 'multipart/related; type="application/dicom"; boundary=b' });
      response.end('--b\r\nContent-Type: application/dicom\r\nContent-Length: 3\r\n\r\nDICM and more\r\n--b--\r\n');
      return;
    case 'no-closing-boundary':
      response.writeHead(200, { 'Content-Type': 'multipart/related; type="application/dicom"; boundary=b' });
      response.end(
        '--b\r\nContent-Type: application/dicom\r\n\r\nDICM\r\n--b\r\nContent-Type: application/dicom\r\n\r\nhalf of an obj',
      );
      return;
    case 'silence':
      return;
    case 'gzip-bomb':
      response.writeHead(200, { 'Content-Type': 'application/dicom+json', 'Content-Encoding': 'gzip' }).end(jsonBomb);
      return;
    case 'gzip-bomb-multipart':
      response
        .writeHead(200, {
          'Content-Type': 'multipart/related; type="application/dicom"; boundary=b',
          'Content-Encoding': 'gzip',
        })
        .end(partBomb);
      return;
    case 'million-rows':
      json(`[${'{"0020000D":{"vr":"UI","Value":["1.2"]}},'.repeat(1_000_000)}{}]`);
      return;
    case 'drip':
      drip(response, 'application/dicom+json', ' ');
      return;
    case 'drip-multipart':
      drip(response, 'multipart/related; type="application/dicom"; boundary=b', '-');
      return;
    case 'ignores-offset':
      json(many.slice(0, limit));
      return;
    case 'caps-limit':
      json(many.slice(offset, offset + Math.min(limit, 50)));
      return;
    case 'ignores-filters':
      json(many.slice(offset, offset + limit));
      return;
    case 'other-instance':
      json([hostileRow(2, canary)]);
      return;
    case 'stow-200-failed':
      json({
        '00081198': {
          vr: 'SQ',
          Value: [{ '00081155': { vr: 'UI', Value: ['1.2.3'] }, '00081197': { vr: 'US', Value: [0xa700] } }],
        },
      });
      return;
    case 'stow-200-empty':
      json({});
      return;
  }
}

/** 64 MB of spaces after a beginning, in some kilobytes of gzip. */
const bomb = (beginning: string): Buffer =>
  gzipSync(Buffer.concat([Buffer.from(beginning), Buffer.alloc(64 * 1024 * 1024, 0x20)]));
const jsonBomb = bomb('[');
const partBomb = bomb('--b\r\nContent-Type: application/dicom\r\n\r\n');

function drip(response: ServerResponse, contentType: string, byte: string): void {
  response.writeHead(200, { 'Content-Type': contentType });
  if (byte === '-') response.write('--b\r\nContent-Type: application/dicom\r\n\r\n');
  const timer = setInterval(() => response.write(byte), 10);
  response.on('close', () => clearInterval(timer));
}

function endless(response: ServerResponse, contentType: string, first: string, chunk: string): void {
  response.writeHead(200, { 'Content-Type': contentType });
  response.write(first);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}
