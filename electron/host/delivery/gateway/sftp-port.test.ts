import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrokenLine } from '../../../../test/servers/broken-line.ts';
import { type SshServer, startSshd } from '../../../../test/servers/sshd.ts';
import { sha256 } from '../../digest.ts';
import type { SftpPlace } from '../../settings/types.ts';
import type { GatewayJob } from './gateway-job.ts';
import { privateKeyFault } from './sftp-line.ts';
import { createSftpPort, trySftp } from './sftp-port.ts';

const report = Buffer.alloc(150_000, '%PDF-1.7 the report as it was signed\n');
const cover = Buffer.from('%PDF-1.7 a cover');
const documents = [
  { name: '1-cover.pdf', sha256: sha256(cover), bytes: new Uint8Array(cover) },
  { name: '2-report.pdf', sha256: sha256(report), bytes: new Uint8Array(report) },
];
const aJob = (id: string): GatewayJob => ({
  id,
  sha256: sha256(report),
  documents,
  file: {
    job: id,
    kind: 'fax',
    to: { name: 'Dr O. Farrow', address: '+12065550142' },
    title: 'Final report',
    version: 1,
    sha256: sha256(report),
    replaces: null,
    documents: documents.map(({ name, sha256: digest }) => ({ name, sha256: digest })),
  },
});
/** Milliseconds; a server under load still answers within them until it goes silent. */
const short = 1_000;

describe('a gateway’s folder on a server (OpenSSH)', () => {
  let server: SshServer;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    await rm(server.folder, { recursive: true, force: true });
    await mkdir(server.folder);
  });

  const place = (changes: Partial<SftpPlace> = {}): SftpPlace => ({
    kind: 'sftp',
    host: '127.0.0.1',
    port: server.port,
    user: server.user,
    folder: server.folder,
    hostKey: server.hostKey,
    secret: { kind: 'key', privateKey: server.privateKey },
    ...changes,
  });
  const list = (name: string): Promise<readonly string[]> => readdir(join(server.folder, name)).catch(() => []);
  /** What the gateway does: takes whatever lies there, counted. */
  const take = async (taken: string[]): Promise<void> => {
    for (const id of await list('jobs')) {
      const job = join(server.folder, 'jobs', id);
      const file = JSON.parse(await readFile(join(job, 'job.json'), 'utf8')) as GatewayJob['file'];
      for (const { name, sha256: stated } of file.documents)
        expect(sha256(await readFile(join(job, name)))).toBe(stated);
      await rm(job, { recursive: true });
      taken.push(id);
    }
  };

  it('gets a job whole under its name, and is told nothing of one that is being made', async () => {
    const port = createSftpPort(place());
    expect(await port.status('OVR1')).toEqual({ kind: 'unknown' });
    expect(await port.hand(aJob('OVR1'))).toEqual({
      kind: 'silent',
      words: 'Put into the gateway’s folder; the gateway has not answered yet.',
    });
    expect(await readdir(server.folder)).toEqual(['handed', 'jobs', 'status']);
    expect(await port.status('OVR1')).toMatchObject({ words: expect.stringMatching(/has not taken it yet/) });
    const taken: string[] = [];
    await take(taken);
    expect(taken).toEqual(['OVR1']);
    expect(await port.status('OVR1')).toMatchObject({ words: expect.stringMatching(/no status yet/) });
    await writeFile(join(server.folder, 'status', 'OVR1.json'), '{"job":"OVR1","status":"deliv');
    expect(await port.status('OVR1')).toMatchObject({ words: expect.stringMatching(/cannot be read yet/) });
    await writeFile(join(server.folder, 'status', 'OVR1.json'), '{"job":"OVR1","status":"delivered"}');
    expect(await port.status('OVR1')).toEqual({ kind: 'status', status: { job: 'OVR1', status: 'delivered' } });
    await writeFile(join(server.folder, 'status', 'OVR1.json'), 'x'.repeat(70_000));
    expect(await port.status('OVR1')).toMatchObject({ words: expect.stringMatching(/too large/) });
  });

  it('whose key is another than the confirmed one is told nothing: no password, no key, no job', async () => {
    const before = server.hostKey;
    server = await server.restart({ newHostKey: true });
    expect(server.hostKey).not.toBe(before);
    for (const secret of [place().secret, { kind: 'password', password: 'hush' } as const]) {
      const port = createSftpPort(place({ hostKey: before, secret }));
      for (const came of [await port.status('OVR1'), await port.hand(aJob('OVR1'))])
        expect(came).toEqual({
          kind: 'refused',
          words: `127.0.0.1:${server.port} shows another key than was confirmed: ${server.hostKey}, not ${before}. It may be another machine, so nothing was told to it. Ask its operator; where the key was changed on purpose, confirm the new one under Delivery by site.`,
        });
    }
    expect(await readdir(server.folder)).toEqual([]);
    expect(await trySftp(place({ hostKey: before }))).toMatchObject({ answers: false, hostKey: server.hostKey });
  });

  it('whose key nobody has confirmed shows it, and is told nothing', async () => {
    const came = await trySftp(place({ hostKey: null, secret: { kind: 'password', password: 'hush' } }));
    expect(came).toEqual({
      answers: false,
      words: `127.0.0.1:${server.port} shows the key ${server.hostKey}. Nobody has confirmed yet that it is the gateway’s, so nothing was told to it.`,
      hostKey: server.hostKey,
    });
    expect(await createSftpPort(place({ hostKey: null })).hand(aJob('OVR1'))).toMatchObject({ kind: 'refused' });
  });

  it('is tried by a call that puts nothing there', async () => {
    expect(await trySftp(place())).toMatchObject({ answers: true });
    expect(await trySftp(place({ folder: `${server.folder}/none` }))).toMatchObject({
      answers: false,
      words: expect.stringMatching(/has no folder .*none/),
    });
    expect(await readdir(server.folder)).toEqual([]);
  });

  it('that does not know the password or the key needs a person', async () => {
    const other = '-----BEGIN OPENSSH PRIVATE KEY-----\nnothing\n-----END OPENSSH PRIVATE KEY-----\n';
    const words = `127.0.0.1:${server.port} does not let ${server.user} in with what is set here. Correct user, password or key.`;
    const wrong = place({ secret: { kind: 'password', password: 'wrong' } });
    expect(await createSftpPort(wrong).status('OVR1')).toEqual({ kind: 'refused', words });
    const stranger = place({ user: 'nobody-of-this-name' });
    expect(await createSftpPort(stranger).hand(aJob('OVR1'))).toMatchObject({ kind: 'refused' });
    expect(await createSftpPort(place({ secret: { kind: 'key', privateKey: other } })).status('OVR1')).toMatchObject({
      kind: 'refused',
      words: expect.stringMatching(/no private key that can be read/),
    });
    expect(await privateKeyFault(server.privateKey)).toBe(null);
  });

  it('that may not be written, has a full disk, or lost its folder costs time and no job', async () => {
    server = await server.restart({ readOnly: true });
    expect(await createSftpPort(place()).hand(aJob('OVR1'))).toEqual({
      kind: 'wait',
      words: `127.0.0.1:${server.port} does not let this user use ${server.folder}/jobs (permission denied).`,
    });
    server = await server.restart({ mostKiB: 64 });
    expect(await createSftpPort(place()).hand(aJob('OVR1'))).toMatchObject({
      kind: 'wait',
      words: expect.stringMatching(/could not write or read .*2-report\.pdf \(failure 4\)\. Is its disk full\?/),
    });
    expect(await list('jobs')).toEqual([]);
    server = await server.restart({});
    expect(await createSftpPort(place({ folder: `${server.folder}/gone` })).hand(aJob('OVR1'))).toEqual({
      kind: 'wait',
      words: `There is no folder ${server.folder}/gone on 127.0.0.1:${server.port}.`,
    });
    // What was begun on the full disk is not taken for a job that was put there.
    const port = createSftpPort(place());
    expect(await port.status('OVR1')).toEqual({ kind: 'unknown' });
    expect(await port.hand(aJob('OVR1'))).toMatchObject({ kind: 'silent' });
    const taken: string[] = [];
    await take(taken);
    expect(taken).toEqual(['OVR1']);
  });

  it('that is silent, at its greeting or later, is given up', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    expect(await createSftpPort(place({ port }), 200).status('OVR1')).toEqual({
      kind: 'wait',
      words: `127.0.0.1:${port} did not answer within 0.2 s.`,
    });
    mute.close();
    const line = await startBrokenLine(server.port);
    line.after({ bytes: 60_000, next: 'silence' });
    expect(await createSftpPort(place({ port: line.port }), short).hand(aJob('OVR1'))).toEqual({
      kind: 'wait',
      words: `127.0.0.1:${line.port} did not answer within 1 s.`,
    });
    await line.stop();
    expect(await createSftpPort(place({ port: 1 })).status('OVR1')).toEqual({
      kind: 'wait',
      words: '127.0.0.1:1 could not be reached (ECONNREFUSED).',
    });
  });

  it('over a line that is cut at any place gets every job once and whole', async () => {
    const line = await startBrokenLine(server.port);
    try {
      const port = createSftpPort(place({ port: line.port }), 5_000);
      await port.hand(aJob('OVR-WHOLE'));
      const whole = line.passed();
      const taken: string[] = [];
      await take(taken);
      // Through greeting, login and documents by large steps; where the job is named and appears, by small ones.
      const places = [
        ...Array.from({ length: 6 }, (_, step) => Math.round((whole * (step + 1)) / 7)),
        ...Array.from({ length: 14 }, (_, step) => whole - 90 * step - 1),
      ];
      for (const [at, bytes] of places.entries()) {
        const job = aJob(`OVR-${at}`);
        line.after({ bytes, next: 'cut' });
        await port.hand(job);
        // The gateway may look at any time.
        if (at % 2 === 0) await take(taken);
        while ((await port.status(job.id)).kind === 'unknown') await port.hand(job);
        await take(taken);
        expect(await port.status(job.id), `cut after ${bytes} of ${whole} bytes`).toMatchObject({
          words: expect.stringMatching(/no status yet/),
        });
      }
      expect(taken).toEqual(['OVR-WHOLE', ...places.map((_, at) => `OVR-${at}`)]);
    } finally {
      await line.stop();
    }
  }, 60_000);
});

describe('a login by password', () => {
  const children: { kill(): unknown }[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill();
  });

  it.each(['password', 'keyboard-interactive'] as const)('(%s) reaches Debian’s sftp-server', async (method) => {
    const server = await startSshd();
    const { default: ssh2 } = await import('ssh2');
    const { Server } = ssh2 as unknown as { readonly Server: typeof TestServer };
    const hostPrivateKey = server.privateKey;
    const seen: string[] = [];
    const gate = new Server({ hostKeys: [hostPrivateKey] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (asked) => {
        if (asked.method !== method) return asked.reject([method]);
        const judge = (given: string): void => {
          seen.push(given);
          if (given === 'right word') asked.accept();
          else asked.reject();
        };
        if (method === 'password') judge(asked.password ?? '');
        else asked.prompt?.([{ prompt: 'Password: ', echo: false }], ([given]) => judge(given ?? ''));
      });
      client.on('session', (accept) => {
        const session = accept();
        session.on('sftp', () => undefined);
        session.on('subsystem', (allow) => {
          const stream = allow();
          const child = spawn('/usr/lib/openssh/sftp-server', []);
          children.push(child);
          stream.pipe(child.stdin);
          child.stdout.pipe(stream);
        });
        session.removeAllListeners('sftp');
      });
    });
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    const { port } = gate.address();
    try {
      const place = (password: string, hostKey: string | null): SftpPlace => ({
        ...{ kind: 'sftp', host: '127.0.0.1', port, user: 'overread', folder: server.folder, hostKey },
        secret: { kind: 'password', password },
      });
      const first = await trySftp(place('right word', null));
      // Nothing is told to a server that nobody knows.
      expect([first.answers, seen]).toEqual([false, []]);
      const hostKey = first.hostKey ?? '';
      expect(await trySftp(place('wrong', hostKey))).toMatchObject({
        answers: false,
        words: expect.stringMatching(/does not let overread in/),
      });
      expect(await createSftpPort(place('right word', hostKey)).hand(aJob('OVR9'))).toMatchObject({ kind: 'silent' });
      expect(await readdir(join(server.folder, 'jobs', 'OVR9'))).toEqual(['1-cover.pdf', '2-report.pdf', 'job.json']);
      await rename(join(server.folder, 'jobs', 'OVR9'), join(server.folder, 'taken'));
    } finally {
      await new Promise<void>((resolve) => gate.close(() => resolve()));
      await server.stop();
    }
  });
});

type Asked = {
  readonly method: string;
  readonly password?: string;
  accept(): void;
  reject(allowed?: readonly string[]): void;
  prompt?(
    prompts: readonly { readonly prompt: string; readonly echo: boolean }[],
    answered: (answers: readonly string[]) => void,
  ): void;
};
type TestSession = {
  on(event: 'sftp', told: () => void): void;
  on(event: 'subsystem', told: (allow: () => NodeJS.ReadWriteStream) => void): void;
  removeAllListeners(event: 'sftp'): void;
};
/** What this test uses of ssh2's own server: sshd asks the system for passwords, and that has none for a test. */
declare class TestServer {
  constructor(
    options: { readonly hostKeys: readonly string[] },
    connected: (client: {
      on(event: 'error', told: () => void): void;
      on(event: 'authentication', told: (asked: Asked) => void): void;
      on(event: 'session', told: (accept: () => TestSession) => void): void;
    }) => void,
  );
  listen(port: number, address: string, ready: () => void): void;
  address(): { readonly port: number };
  close(closed: () => void): void;
}
