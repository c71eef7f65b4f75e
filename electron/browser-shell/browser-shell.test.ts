import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askHidden, type HiddenInput } from '../launch/ask-hidden.ts';
import { chooseSecret } from '../launch/choose-secret.ts';
import { claimFolder } from '../launch/one-host.ts';
import { placesOf } from '../launch/places.ts';
import { answers, instanceHeader } from './find-running.ts';
import { listenOnLoopback } from './loopback-server.ts';
import { browserCommand } from './open-browser.ts';
import { type Outcome, runBrowserShell, type Terminal } from './run-browser-shell.ts';

const places = placesOf(new URL('../serve.ts', import.meta.url).href);

let directory: string;
const running: Outcome[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-shell-'));
});
afterEach(async () => {
  for (const one of running.splice(0)) if (one.kind === 'running') await one.running.close();
  await rm(directory, { recursive: true, force: true });
});

async function start(argv: readonly string[], changes: Partial<Terminal> = {}) {
  const printed: string[] = [];
  const warned: string[] = [];
  const opened: string[] = [];
  const outcome = await runBrowserShell(places, {
    argv: ['--data', directory, '--port', '0', ...argv],
    env: {},
    print: (line) => printed.push(line),
    warn: (line) => warned.push(line),
    ask: null,
    openBrowser: (address) => opened.push(address),
    patience: 2_000,
    ...changes,
  });
  running.push(outcome);
  return { outcome, printed, warned, opened };
}

describe('the browser shell', () => {
  it('says where it is, in exactly this line, and answers there', async () => {
    const { outcome, printed, opened } = await start(['--empty', '--key-file', '--no-open']);
    if (outcome.kind !== 'running') throw new Error('it did not start');
    expect(printed.at(-1)).toMatch(/^Overread ready http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(printed.at(-1)).toBe(`Overread ready ${outcome.running.address}`);
    expect(printed.join('\n')).toContain('protects against accident alone');
    expect(opened).toEqual([]);
    const answer = await fetch(`${outcome.running.address}api/capabilities`);
    expect(await answer.json()).toMatchObject({ product: 'Overread', shell: 'browser', demo: false });
  });

  it('opens a browser unless it is told not to', async () => {
    const { outcome, opened } = await start(['--empty', '--key-file']);
    if (outcome.kind !== 'running') throw new Error('it did not start');
    expect(opened).toEqual([outcome.running.address]);
  });

  it('is found by a second start on the same data, which prints its address and ends well', async () => {
    const first = await start(['--empty', '--key-file', '--no-open']);
    if (first.outcome.kind !== 'running') throw new Error('it did not start');
    const second = await start(['--empty', '--key-file', '--no-open']);
    expect(second.outcome).toEqual({ kind: 'ended', code: 0 });
    expect(second.printed).toEqual([`Overread runs already with this data folder: ${first.outcome.running.address}`]);
    expect(second.warned).toEqual([]);
  });

  it('takes over what a killed host left behind, though another program has its port now', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => stranger.once('listening', resolve));
    const address = stranger.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const left = { pid: process.pid, port, instance: '3f2504e0-4f89-41d3-9a0c-0305e82c3301', shell: 'browser' };
    await writeFile(join(directory, 'host.json'), JSON.stringify(left));
    const { outcome } = await start(['--empty', '--key-file', '--no-open']);
    expect(outcome.kind).toBe('running');
    const now = JSON.parse(await readFile(join(directory, 'host.json'), 'utf8')) as { port: number };
    expect(now.port).not.toBe(port);
    await new Promise((resolve) => stranger.close(resolve));
  });

  it('does not start beside one that holds the data and does not answer', async () => {
    const claim = claimFolder(directory);
    if (claim.kind !== 'ours') throw new Error('it was not free');
    claim.lock.announce({ pid: 4711, port: 9, instance: '3f2504e0-4f89-41d3-9a0c-0305e82c3301', shell: 'browser' });
    const { outcome, warned } = await start(['--empty', '--key-file', '--no-open'], { patience: 300 });
    expect(outcome).toEqual({ kind: 'ended', code: 1 });
    expect(warned).toEqual([
      'Another Overread (process 4711) has this data folder open and does not answer. End it, then start again.',
    ]);
    claim.lock.release();
  });

  it('leaves the data to the desktop that has them open', async () => {
    const claim = claimFolder(directory);
    if (claim.kind !== 'ours') throw new Error('it was not free');
    claim.lock.announce({ pid: 1, port: null, instance: '3f2504e0-4f89-41d3-9a0c-0305e82c3301', shell: 'desktop' });
    const { outcome, warned } = await start(['--no-open']);
    expect(outcome).toEqual({ kind: 'ended', code: 1 });
    expect(warned[0]).toContain('open on the desktop');
    claim.lock.release();
  });

  it.each([
    [['--prot', '1'], /--prot is not an option/],
    [['--port', '70000'], /--port must be a whole number/],
    [['--empty'], /Set OVERREAD_PASSPHRASE/],
  ])('refuses %j in one sentence', async (argv, sentence) => {
    const { outcome, warned } = await start(argv);
    expect(outcome).toEqual({ kind: 'ended', code: 1 });
    expect(warned).toHaveLength(1);
    expect(warned[0]).toMatch(sentence);
  });

  it('says plainly that a port is taken, and leaves the data folder free', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { outcome, warned } = await start(['--empty', '--key-file', '--no-open', '--port', String(port)]);
    expect(outcome).toEqual({ kind: 'ended', code: 1 });
    expect(warned.at(-1)).toBe(`Port ${port} is taken by another program. Choose another: --port 0 takes a free one.`);
    await new Promise((resolve) => taken.close(resolve));
    expect((await start(['--empty', '--key-file', '--no-open'])).outcome.kind).toBe('running');
  });

  it('refuses a wrong passphrase in the words of the key ring', async () => {
    const first = await start(['--empty', '--no-open'], { env: { OVERREAD_PASSPHRASE: 'four quiet radiators' } });
    if (first.outcome.kind !== 'running') throw new Error('it did not start');
    await first.outcome.running.close();
    running.splice(0);
    const second = await start(['--empty', '--no-open'], { env: { OVERREAD_PASSPHRASE: 'five loud radiators' } });
    expect(second.outcome).toEqual({ kind: 'ended', code: 1 });
    expect(second.warned.at(-1)).toBe('That passphrase does not open this data folder.');
  });

  it('answers no request that names another host', async () => {
    const { outcome } = await start(['--empty', '--key-file', '--no-open']);
    if (outcome.kind !== 'running') throw new Error('it did not start');
    const { port } = new URL(outcome.running.address);
    const status = await new Promise<string>((resolve) => {
      const child = spawn(process.execPath, [
        '-e',
        `require('node:http').get({ host: '127.0.0.1', port: ${port}, path: '/api/capabilities', headers: { Host: 'evil.example' } }, (r) => console.log(r.statusCode))`,
      ]);
      child.stdout.once('data', (bytes) => resolve(String(bytes).trim()));
    });
    expect(status).toBe('403');
  });

  it('closes in order at SIGTERM: exit code 0, and the folder is free', async () => {
    const serve = fileURLToPath(new URL('../serve.ts', import.meta.url));
    const child = spawn(process.execPath, [
      serve,
      '--data',
      directory,
      '--empty',
      '--key-file',
      '--no-open',
      '--port',
      '0',
    ]);
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (bytes) => {
        if (String(bytes).includes('Overread ready')) resolve();
      });
    });
    expect(claimFolder(directory).kind).toBe('held');
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    const claim = claimFolder(directory);
    expect(claim.kind).toBe('ours');
    if (claim.kind === 'ours') claim.lock.release();
  });

  it('frees the folder when it is killed', async () => {
    const script = `import('${new URL('../launch/one-host.ts', import.meta.url).href}').then((m) => { console.log(m.claimFolder(${JSON.stringify(directory)}).kind); setInterval(() => 0, 1000); })`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    expect(await new Promise((resolve) => child.stdout.once('data', (bytes) => resolve(String(bytes).trim())))).toBe(
      'ours',
    );
    expect(claimFolder(directory).kind).toBe('held');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const claim = claimFolder(directory);
    expect(claim.kind).toBe('ours');
    if (claim.kind === 'ours') claim.lock.release();
  });
});

describe('the server on 127.0.0.1', () => {
  async function serving(fetch: (request: Request) => Response | Promise<Response>) {
    const listening = await listenOnLoopback(0, fetch);
    if (!listening.ok) throw new Error(listening.error);
    return { ...listening.value, url: `http://127.0.0.1:${listening.value.port}` };
  }

  it('tells the host when the client goes away in the middle of an answer', async () => {
    let cancelled: () => void = () => undefined;
    const wasCancelled = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    const server = await serving(
      () =>
        new Response(
          new ReadableStream({
            pull: async (controller) => {
              await new Promise((resolve) => setTimeout(resolve, 5));
              controller.enqueue(new Uint8Array(1_000));
            },
            cancel: () => cancelled(),
          }),
        ),
    );
    const leaving = new AbortController();
    const response = await fetch(server.url, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await wasCancelled;
    await server.close();
  });

  it('hands a body through as it comes, and answers while it still comes', async () => {
    const server = await serving(async (request) => new Response(request.body));
    const pieces = new ReadableStream({
      start: (controller) => {
        for (let number = 0; number < 64; number += 1) controller.enqueue(new Uint8Array(65_536).fill(number));
        controller.close();
      },
    });
    const response = await fetch(server.url, { method: 'POST', body: pieces, duplex: 'half' } as RequestInit);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(bytes.byteLength).toBe(64 * 65_536);
    expect([bytes[0], bytes[65_536 * 40], bytes.at(-1)]).toEqual([0, 40, 63]);
    await server.close();
  });

  it('closes though an event stream is open', async () => {
    const server = await serving(() => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) })));
    const response = fetch(server.url).then((answer) => answer.text());
    const failed = expect(response).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.close();
    await failed;
  });

  it('is not taken for the host that it is not', async () => {
    const instance = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const server = await serving(() => new Response('{}', { headers: { [instanceHeader]: instance } }));
    const holder = { pid: 1, port: server.port, instance, shell: 'browser' } as const;
    expect(await answers(holder)).toBe(true);
    expect(await answers({ ...holder, instance: '00000000-0000-0000-0000-000000000000' })).toBe(false);
    expect(await answers({ ...holder, port: null })).toBe(false);
    await server.close();
    expect(await answers(holder)).toBe(false);
  });
});

describe('the secret of a data folder', () => {
  const settings = { keyFile: false, demo: false };
  const never = async (): Promise<string | null> => {
    throw new Error('nobody may be asked');
  };
  const replies =
    (...list: (string | null)[]) =>
    async () =>
      list.shift() ?? null;

  it.each([
    ['a locked folder keeps its key file', { lock: 'key-file', settings, passphrase: 'words' }, 'key-file'],
    [
      'the demo without a passphrase takes a key file',
      { lock: null, settings: { keyFile: false, demo: true } },
      'key-file',
    ],
    [
      'the demo with one takes it',
      { lock: null, settings: { keyFile: false, demo: true }, passphrase: 'words' },
      'passphrase',
    ],
    ['--key-file asks for a key file', { lock: null, settings: { keyFile: true, demo: false } }, 'key-file'],
    [
      'a demo folder that is locked by a passphrase stays so',
      { lock: 'passphrase', settings: { keyFile: false, demo: true }, passphrase: 'words' },
      'passphrase',
    ],
  ] as const)('%s', async (_sentence, given, kind) => {
    const chosen = await chooseSecret({ passphrase: undefined, ask: never, keyStore: null, ...given });
    expect(chosen).toMatchObject({ ok: true, value: { kind } });
  });

  it('is asked for twice at first use, once afterwards', async () => {
    expect(
      await chooseSecret({ settings, keyStore: null, lock: null, passphrase: '', ask: replies('abc', 'abc') }),
    ).toMatchObject({
      value: { passphrase: 'abc' },
    });
    expect(
      await chooseSecret({ settings, keyStore: null, lock: null, passphrase: '', ask: replies('abc', 'abd') }),
    ).toMatchObject({
      ok: false,
    });
    expect(
      await chooseSecret({ settings, keyStore: null, lock: 'passphrase', passphrase: '', ask: replies('abc') }),
    ).toMatchObject({
      value: { passphrase: 'abc' },
    });
    expect(
      await chooseSecret({ settings, keyStore: null, lock: 'passphrase', passphrase: '', ask: replies(null) }),
    ).toMatchObject({
      ok: false,
    });
  });

  it('is typed unseen', async () => {
    const raw: boolean[] = [];
    const input: HiddenInput = Object.assign(new PassThrough(), {
      setRawMode: (on: boolean) => raw.push(on),
    });
    let shown = '';
    const asked = askHidden('Passphrase: ', input, (text) => {
      shown += text;
    });
    (input as unknown as PassThrough).write('quet\u007f\u007fiet words\r');
    expect(await asked).toBe('quiet words');
    expect(shown).toBe('Passphrase: \n');
    expect(raw).toEqual([true, false]);
  });
});

it('opens an address with each system’s own command', () => {
  const address = 'http://127.0.0.1:4870/';
  expect(browserCommand(address, 'linux')).toEqual({ command: 'xdg-open', parameters: [address] });
  expect(browserCommand(address, 'darwin')).toEqual({ command: 'open', parameters: [address] });
  expect(browserCommand(address, 'win32').parameters).toContain(address);
});
