import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import type { Host, HostConfig } from '../../../electron/host/index.ts';
import { createHost } from '../../../electron/host/index.ts';
import type { Log, Ports } from '../../../electron/host/ports.ts';
import type { Settings } from '../../../electron/host/settings/index.ts';
import { type CallInput, type CallName, type CallOutput, calls, type Failure } from '../../../shared/api/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';

/** A host of this program, in this process, on a free port of 127.0.0.1, over a folder of its own. */
export type TestHost = {
  readonly url: string;
  readonly host: Host;
  readonly directory: string;
  signIn(userName?: string, password?: string): Promise<TestReader>;
  /** It is asked at this address too, as behind a line of a test. */
  alsoAt(origin: string): void;
  /** Closes the host and, unless told otherwise, removes its folder. */
  stop(options?: { readonly keep?: boolean }): Promise<void>;
};

/** A signed-in person who calls the host as the page does. */
export type TestReader = {
  readonly token: string;
  readonly id: string;
  readonly name: string;
  call<Name extends CallName>(
    name: Name,
    asked?: { readonly params?: Readonly<Record<string, string>>; readonly input?: CallInput<Name> },
  ): Promise<Result<CallOutput<Name>, Failure>>;
  fetch(path: string, headers?: Record<string, string>): Promise<Response>;
};

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const loudLog: Log = {
  info: (message, fields) => console.log(message, fields ?? ''),
  warn: (message, fields) => console.log(message, fields ?? ''),
  error: (message, fields) => console.log(message, fields ?? ''),
};

export function testPorts(changes: Partial<Ports> = {}): Ports {
  return {
    now: () => instant(Date.now()),
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    newId: () => randomUUID(),
    log: process.env.OVERREAD_TRACE === '1' ? loudLog : silentLog,
    ...changes,
  };
}

export function testSettings(directory: string, changes: Partial<Settings> = {}): Settings {
  return {
    dataDirectory: directory,
    port: 0,
    demo: true,
    open: false,
    keyFile: true,
    archive: { kind: 'embedded' },
    record: { kind: 'embedded' },
    hl7: [],
    hl7Listen: [],
    idleLockMinutes: 10,
    idleEndMinutes: 480,
    codeEscalationMinutes: 2,
    studyDays: 7,
    ...changes,
  } as Settings;
}

export async function startTestHost(
  options: {
    readonly directory?: string;
    readonly settings?: Partial<Settings>;
    readonly ports?: Partial<Ports>;
    readonly secret?: HostConfig['secret'];
    readonly pageDirectory?: string | null;
    readonly journalThread?: URL;
  } = {},
): Promise<TestHost> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'overread-test-')));
  const origins: string[] = [];
  const host = await createHost({
    settings: testSettings(directory, options.settings),
    secret: options.secret ?? { kind: 'key-file' },
    shell: 'browser',
    version: '0.1.0-test',
    pageDirectory: options.pageDirectory ?? null,
    origins: () => origins,
    ports: testPorts(options.ports),
    ...(options.journalThread === undefined ? {} : { journalThread: options.journalThread }),
  });
  const server = serve({ fetch: host.fetch, hostname: '127.0.0.1', port: 0 });
  // As in the shells: with Node's five seconds a request now and then meets the closing of its connection.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  origins.push(url);
  return {
    url,
    host,
    directory,
    signIn: (userName = 'reader', password = 'demo') => signIn(url, userName, password),
    alsoAt: (origin) => {
      origins.push(origin);
    },
    stop: async ({ keep = false } = {}) => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await host.close();
      if (!keep && options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function signIn(url: string, userName: string, password: string): Promise<TestReader> {
  const call = async <Name extends CallName>(
    token: string | null,
    name: Name,
    asked: { readonly params?: Readonly<Record<string, string>>; readonly input?: unknown } = {},
  ): Promise<Result<CallOutput<Name>, Failure>> => {
    const definition = calls[name];
    const path = definition.path.replace(/:([A-Za-z]+)/g, (_all, key: string) =>
      encodeURIComponent(asked.params?.[key] ?? ''),
    );
    const query =
      definition.method === 'GET' && asked.input !== undefined
        ? `?${new URLSearchParams(asked.input as Record<string, string>)}`
        : '';
    const response = await fetch(`${url}${path}${query}`, {
      method: definition.method,
      headers: { 'Content-Type': 'application/json', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
      ...(definition.method === 'GET' || asked.input === undefined ? {} : { body: JSON.stringify(asked.input) }),
    });
    const body: unknown = await response.json();
    return response.ok ? ok(definition.output.parse(body) as CallOutput<Name>) : err(body as Failure);
  };
  const session = await call(null, 'signIn', { input: { userName, password, window: 'test' } });
  if (!session.ok) throw new Error(`sign-in failed: ${session.error.message}`);
  const { token, reader } = session.value;
  return {
    token,
    id: reader.id,
    name: reader.name,
    call: (name, asked = {}) => call(token, name, asked),
    fetch: (path, headers = {}) =>
      fetch(`${url}${path}`, { headers: { ...headers, Authorization: `Bearer ${token}` } }),
  };
}
