import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { addPeople } from '../host/people.ts';
import { type FaultProxy, startFaultProxy } from '../servers/fault-proxy/index.ts';
import { freePort } from '../servers/free-port.ts';
import type { OtherSite } from './site.ts';

/** What must never be on a desktop: the record's and the archive's passwords, and where they are. */
export const credentials = ['record-secret-Quillwort-77', 'archive-secret-Marram-42'] as const;

export const noOpenssl = spawnSync('openssl', ['version']).status !== 0;

/** The program itself (`electron/serve.ts`) in a process of its own. */
export type Program = {
  readonly address: string;
  readonly printed: () => string;
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** A line between a desktop and a group host, which can be cut; TLS goes through it unopened. */
export type Line = { readonly port: number; cut(): void; mend(): void; stop(): Promise<void> };

export type GroupRig = {
  readonly north: Program;
  readonly south: Program;
  readonly desk: Program;
  readonly deskFolder: string;
  readonly lines: readonly Line[];
  readonly archiveProxy: FaultProxy;
  stop(): Promise<void>;
};

export async function startLine(targetPort: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut: () => {
      whole = false;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      whole = true;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

async function startProgram(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../electron/serve.ts', import.meta.url)), '--key-file', '--no-open', ...argv],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stderr.on('data', (bytes: Buffer) => {
    printed += bytes.toString();
    if (process.env.OVERREAD_TRACE === '1') process.stderr.write(bytes);
  });
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed += `${line}\n`;
      const ready = /^Overread ready (\S+)\/$/.exec(line);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    });
    void ended.then(() => reject(new Error(`the program ended before it was ready: ${printed.slice(-2_000)}`)));
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return { address, printed: () => printed, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

/** Two group hosts over somebody else's record and archive, and a desktop that knows both by name, over TLS with an authority of its own. */
export async function startGroupRig(site: OtherSite): Promise<GroupRig> {
  const directory = await mkdtemp(join(tmpdir(), 'overread-group-rig-'));
  const at = (name: string): string => join(directory, name);
  spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-keyout', at('key.pem'), '-out', at('cert.pem'), '-subj', '/CN=127.0.0.1'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1'],
  ]);
  await writeFile(at('group.key'), 'the key that all hosts of this group share');
  // Only the northern host is given the accounts: the southern one finds them in the record.
  await addPeople(at('north'), { ann: 'radiologist', bob: 'radiologist', lea: 'lead' });
  const archiveProxy = await startFaultProxy({ target: site.archiveUrl });
  const hl7 = JSON.stringify(site.settings().hl7);
  const lines: Line[] = [];
  const startHost = async (name: string): Promise<Program> => {
    const port = await freePort();
    const line = await startLine(port);
    lines.push(line);
    return startProgram(
      [
        ...[
          '--data',
          at(name),
          '--empty',
          '--listen',
          `127.0.0.1:${port}`,
          '--tls',
          `${at('cert.pem')},${at('key.pem')}`,
        ],
        ...['--origin', `https://127.0.0.1:${line.port},https://127.0.0.1:${port}`, '--group-key', at('group.key')],
        ...['--record', site.recordUrl, '--record-user', 'overread', '--record-password', credentials[0]],
        ...['--archive', archiveProxy.url, '--archive-user', 'overread', '--archive-password', credentials[1]],
      ],
      { OVERREAD_HL7: hl7 },
    );
  };
  const north = await startHost('north');
  const south = await startHost('south');
  const hosts = lines.map((line) => `https://127.0.0.1:${line.port}`).join(',');
  const desk = await startProgram([
    '--data',
    at('desk'),
    '--port',
    '0',
    '--group',
    hosts,
    '--group-ca',
    at('cert.pem'),
  ]);
  return {
    north,
    south,
    desk,
    deskFolder: at('desk'),
    lines,
    archiveProxy,
    stop: async () => {
      await Promise.all([desk.stop(), north.kill(), south.kill()]);
      for (const line of lines) await line.stop();
      await archiveProxy.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
