import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createHost, type Host, HostStartError, lockOf, readSettings, type Settings } from '../host/index.ts';
import { chooseSecret } from '../launch/choose-secret.ts';
import type { FolderLock } from '../launch/one-host.ts';
import type { Places } from '../launch/places.ts';
import { readTextFile } from '../launch/read-text-file.ts';
import { realPorts } from '../launch/real-ports.ts';
import { claimOrFind, instanceHeader } from './find-running.ts';
import { type ListeningServer, listenForGroup, listenOnLoopback } from './loopback-server.ts';
import { listenForPhysicians, type PhysicianListener } from './physician-listener.ts';

/** What the shell takes from its process. */
export type Terminal = {
  readonly argv: readonly string[];
  readonly env: { readonly [name: string]: string | undefined };
  /** Lines for who started it, and for troubles. */
  print(line: string): void;
  warn(line: string): void;
  /** Null where nobody can be asked. */
  readonly ask: ((question: string) => Promise<string | null>) | null;
  openBrowser(address: string): void;
  /** How long a second start waits for the first host to answer, in milliseconds. */
  readonly patience: number;
};

export type Running = { readonly address: string; close(): Promise<void> };

/** Either Overread runs, or it ended with an exit code and a sentence was said. */
export type Outcome =
  | { readonly kind: 'running'; readonly running: Running }
  | { readonly kind: 'ended'; readonly code: 0 | 1 };

const addressOf = (port: number): string => `http://127.0.0.1:${port}/`;

/** Where a group host is reached: as its origins say, else at the address that it listens on. */
function groupOrigins({ address, tls, origins }: NonNullable<Settings['listen']>, port: number): readonly string[] {
  const scheme = tls === null ? 'http' : 'https';
  const host = address.includes(':') ? `[${address}]` : address;
  return origins.length > 0 ? origins : [new URL(`${scheme}://${host}:${port}`).origin];
}

/** The host on 127.0.0.1 for a browser: settings, one host for each data folder, secret, host, address. */
export async function runBrowserShell(places: Places, terminal: Terminal): Promise<Outcome> {
  const end = (sentence: string): Outcome => {
    terminal.warn(sentence);
    return { kind: 'ended', code: 1 };
  };
  const read = readSettings({ argv: terminal.argv, env: terminal.env, readFile: readTextFile });
  if (!read.ok) return end(read.error.message);
  const settings = read.value;
  const claim = await claimOrFind(settings.dataDirectory, terminal.patience);
  if (claim.kind === 'unusable') {
    return end(
      `The data folder ${settings.dataDirectory} cannot be written (${claim.reason}). Check its rights, or name another: --data DIR.`,
    );
  }
  if (claim.kind === 'held') {
    const { holder } = claim;
    if (holder?.shell === 'desktop')
      return end('Overread is open on the desktop with this data folder. Use that window, or close it first.');
    if (holder !== null && holder.port === null)
      return end(
        `A group host (process ${holder.pid}) has this data folder open. End it, or name another: --data DIR.`,
      );
    if (claim.answering !== true || holder === null || holder.port === null) {
      const who = holder === null ? 'Another process' : `Another Overread (process ${holder.pid})`;
      return end(`${who} has this data folder open and does not answer. End it, then start again.`);
    }
    const address = addressOf(holder.port);
    terminal.print(`Overread runs already with this data folder: ${address}`);
    if (settings.open) terminal.openBrowser(address);
    return { kind: 'ended', code: 0 };
  }
  try {
    const started = await startOver(claim.lock, settings, places, terminal);
    if (typeof started !== 'string') return { kind: 'running', running: started };
    claim.lock.release();
    return end(started);
  } catch (reason) {
    claim.lock.release();
    throw reason;
  }
}

/** A sentence when it could not be started. */
async function startOver(
  lock: FolderLock,
  settings: Settings,
  places: Places,
  terminal: Terminal,
): Promise<Running | string> {
  const directory = settings.dataDirectory;
  const secret = await chooseSecret({
    settings,
    lock: await lockOf(directory),
    passphrase: terminal.env.OVERREAD_PASSPHRASE,
    ask: terminal.ask,
    keyStore: null,
  });
  if (!secret.ok) return secret.error;
  const built = existsSync(join(places.pageDirectory, 'index.html'));
  if (!built) terminal.warn('The page is not built, so only the host’s calls answer. Build it: npm run build');
  const instance = randomUUID();
  const { ports, closeLog } = realPorts(directory, terminal.warn);
  const origins: string[] = [];
  let host: Host | null = null;
  // The port is taken before the data are opened: a taken one is found at once, and nothing has been touched.
  const { listen } = settings;
  const answer = async (request: Request): Promise<Response> => {
    if (host === null) return new Response('Overread is starting', { status: 503, headers: { 'Retry-After': '1' } });
    const response = await host.fetch(request);
    if (new URL(request.url).pathname === '/api/capabilities') response.headers.set(instanceHeader, instance);
    return response;
  };
  const listening = await (listen === undefined
    ? listenOnLoopback(settings.port, answer)
    : listenForGroup(listen, answer));
  if (!listening.ok) {
    closeLog();
    return listening.error;
  }
  const server: ListeningServer = listening.value;
  origins.push(
    ...(listen === undefined ? [new URL(addressOf(server.port)).origin] : groupOrigins(listen, server.port)),
  );
  // A second start looks on loopback alone; a group host need not answer there.
  lock.announce({ pid: process.pid, port: listen === undefined ? server.port : null, instance, shell: 'browser' });
  const physicians: { listener: PhysicianListener | null } = { listener: null };
  if (settings.physicianPage !== undefined) {
    const opened = await listenForPhysicians(settings.physicianPage, () => host?.physicianPage ?? null);
    if (!opened.ok) {
      await server.close();
      closeLog();
      return opened.error;
    }
    physicians.listener = opened.value;
  }
  try {
    host = await createHost({
      settings,
      secret: secret.value,
      shell: 'browser',
      version: places.version,
      pageDirectory: built ? places.pageDirectory : null,
      origins: () => origins,
      physicianOrigin: () => physicians.listener?.origin ?? null,
      ports,
    });
  } catch (reason) {
    await physicians.listener?.close();
    await server.close();
    closeLog();
    if (reason instanceof HostStartError) return reason.message;
    throw reason;
  }
  const opened: Host = host;
  for (const notice of opened.notices) terminal.print(notice);
  const address = `${origins[0] ?? ''}/`;
  if (physicians.listener !== null) terminal.print(`Ordering physician’s page ready ${physicians.listener.origin}`);
  terminal.print(`Overread ready ${address}`);
  if (settings.open) terminal.openBrowser(address);
  return {
    address,
    close: async () => {
      await physicians.listener?.close();
      await server.close();
      await opened.close();
      closeLog();
      lock.release();
    },
  };
}
