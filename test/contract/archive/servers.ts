import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedArchive, embeddedArchiveUrl } from '../../../electron/host/archive/index.ts';
import type { FetchHandler, Ports } from '../../../electron/host/ports.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { orthancMissing, startOrthanc } from '../../servers/orthanc/index.ts';

/** An archive to run the cases against; `url` is reached through `fetch` alone. */
export type ArchiveUnderTest = { readonly url: string; readonly fetch: FetchHandler; stop(): Promise<void> };
export type ArchiveKind = {
  /** Files of the shared data that this server does not survive; nothing that we could do better. */
  readonly fatal: readonly string[];
  readonly label: string;
  readonly missing: string | null;
  start(): Promise<ArchiveUnderTest>;
};

export type LoggedPorts = Ports & { readonly lines: string[] };

export function testPorts(): LoggedPorts {
  const lines: string[] = [];
  const line = (message: string, fields?: Readonly<Record<string, unknown>>): void => {
    lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  return {
    now: () => instant(Date.now()),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    newId: () => crypto.randomUUID(),
    log: { info: line, warn: line, error: line },
    lines,
  };
}

export const network: FetchHandler = (request) => fetch(request);

export const archives: readonly ArchiveKind[] = [
  {
    label: 'the embedded archive',
    fatal: [],
    missing: null,
    start: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'overread-archive-'));
      const archive = await createEmbeddedArchive({ directory, key: new Uint8Array(32).fill(9), ports: testPorts() });
      return {
        url: embeddedArchiveUrl,
        fetch: archive.fetch,
        stop: async () => {
          await archive.close();
          await rm(directory, { recursive: true, force: true });
        },
      };
    },
  },
  {
    label: "Debian's Orthanc with its DICOMweb plugin",
    // 1.10.1 overflows its stack.
    fatal: ['2026-05-06-Deeply-Nested-Sequence.dcm'],
    missing: orthancMissing,
    start: async () => {
      const orthanc = await startOrthanc();
      return { url: orthanc.url, fetch: network, stop: orthanc.stop };
    },
  },
];

/** Puts a fetch handler on a port of 127.0.0.1, so that a proxy can stand before it. */
export async function serveHandler(
  handler: FetchHandler,
  origin: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers))
      if (typeof value === 'string') headers.set(name, value);
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) as Uint8Array<ArrayBuffer> };
    const response = await handler(
      new Request(new URL(incoming.url ?? '/', origin), {
        method: incoming.method ?? 'GET',
        headers,
        signal: gone.signal,
        ...body,
      }),
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    try {
      for await (const chunk of response.body ?? []) {
        if (outgoing.destroyed) break;
        if (!outgoing.write(chunk)) {
          await new Promise<void>((resolve) => {
            const done = (): void => {
              outgoing.off('drain', done);
              outgoing.off('close', done);
              resolve();
            };
            outgoing.once('drain', done);
            outgoing.once('close', done);
          });
        }
      }
      outgoing.end();
    } catch {
      outgoing.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
