import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { modelInFolder } from './model-in-folder.ts';
import { downloadable, readModelList, type SpeechModel, shippedModels } from './model-list.ts';
import { createModelShelf, type ModelShelf } from './model-shelf.ts';

const place = mkdtempSync(join(tmpdir(), 'overread-models-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));
let folders = 0;
const freshFolder = (): string => {
  folders += 1;
  const folder = join(place, String(folders));
  mkdirSync(folder);
  return folder;
};

const onnx = (seed: number, length = 40_000): Buffer =>
  Buffer.concat([Buffer.from([8]), Buffer.alloc(length - 1, seed)]);
const tokens = Buffer.from(['<blk> 0', ...[...'ABCDEFGHIJKL'].map((letter, at) => `${letter} ${at + 1}`)].join('\n'));
const contents: ReadonlyMap<string, Buffer> = new Map([
  ['encoder-e9.int8.onnx', onnx(1, 300_000)],
  ['decoder-e9.onnx', onnx(2)],
  ['joiner-e9.int8.onnx', onnx(3)],
  ['tokens.txt', tokens],
  ['silero_vad.onnx', onnx(4)],
]);
const model: SpeechModel = {
  id: 'small',
  name: 'A small one',
  licence: 'Apache-2.0',
  source: 'a test',
  files: [...contents].map(([name, bytes]) => ({
    name,
    address: `https://models.example/${name}`,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  })) as [SpeechModel['files'][number], ...SpeechModel['files'][number][]],
};

describe('the list of speech models', () => {
  it('offers none for download that could not be checked', () => {
    const [first, ...rest] = model.files;
    const unknown: SpeechModel = {
      ...model,
      id: 'unknown',
      files: [{ ...(first as SpeechModel['files'][number]), sha256: null }, ...rest],
    };
    expect(downloadable([model, unknown]).map(({ id }) => id)).toEqual(['small']);
  });

  it('that is shipped names address, size and SHA-256 of every file, from one version that does not move', () => {
    const shipped = downloadable(shippedModels());
    expect(shipped.map(({ id }) => id)).toEqual(['zipformer-en-2023-06-26']);
    for (const { address, name } of shipped.flatMap(({ files }) => files)) {
      expect(address.endsWith(`/${name}`)).toBe(true);
      // A branch moves; a commit does not. Silero’s detector is an asset of a release, and checked like all.
      expect(address).toMatch(/\/resolve\/[0-9a-f]{40}\/|\/releases\/download\//);
    }
  });

  it('is refused where an address is not https', () => {
    const [first] = model.files;
    const plain = { ...model, files: [{ ...first, address: 'http://models.example/x' }] };
    expect(() => readModelList(JSON.stringify({ models: [plain] }))).toThrow();
  });
});

describe('a folder with a speech model', () => {
  const filled = (change: (files: Map<string, Buffer>) => void = () => undefined): string => {
    const folder = freshFolder();
    const files = new Map(contents);
    change(files);
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    return folder;
  };
  it('is read: the small encoder and joiner, the exact decoder, of one family', async () => {
    const folder = filled((files) => {
      files.set('encoder-e9.onnx', onnx(5));
      files.set('decoder-e9.int8.onnx', onnx(6));
      files.set('encoder-e10.onnx', onnx(7));
    });
    expect(await modelInFolder(folder, [])).toEqual({
      ok: true,
      value: {
        encoder: join(folder, 'encoder-e9.int8.onnx'),
        decoder: join(folder, 'decoder-e9.onnx'),
        joiner: join(folder, 'joiner-e9.int8.onnx'),
        tokens: join(folder, 'tokens.txt'),
        pieces: null,
        voice: join(folder, 'silero_vad.onnx'),
      },
    });
  });
  it.each<[string, (files: Map<string, Buffer>) => void, RegExp]>([
    ['a missing joiner', (files) => files.delete('joiner-e9.int8.onnx'), /joiner….onnx missing\. Copy what is missing/],
    ['missing tokens', (files) => files.delete('tokens.txt'), /tokens\.txt missing/],
    [
      'a pointer instead of a file',
      (files) => files.set('encoder-e9.int8.onnx', Buffer.from('version https://git-lfs.github.com/spec/v1')),
      /not whole \(42 bytes; it may be a pointer to the file\)\. Copy the file itself/,
    ],
    ['a page instead of a model', (files) => files.set('decoder-e9.onnx', Buffer.alloc(5_000, '<')), /no ONNX model/],
    ['tokens that are none', (files) => files.set('tokens.txt', Buffer.from('hello\nworld')), /no list of tokens/],
    [
      'a file with one bit turned',
      (files) => {
        const bytes = Buffer.from(contents.get('encoder-e9.int8.onnx') ?? []);
        bytes[200_000] = (bytes[200_000] ?? 0) ^ 4;
        files.set('encoder-e9.int8.onnx', bytes);
      },
      /damaged: it is not what was published/,
    ],
    [
      'parts of two models',
      (files) => {
        files.delete('decoder-e9.onnx');
        files.set('decoder-other.onnx', onnx(2));
      },
      /do not belong together/,
    ],
  ])('with %s says so, and what to do', async (_name, change, words) => {
    const found = await modelInFolder(filled(change), [model]);
    expect(found).toMatchObject({ ok: false, error: expect.stringMatching(words) });
  });
  it('that is not there, or named by half a path, is told of', async () => {
    expect(await modelInFolder(join(place, 'nowhere'), [])).toMatchObject({
      ok: false,
      error: expect.stringMatching(/cannot be read/),
    });
    expect(await modelInFolder('models', [])).toMatchObject({ ok: false, error: expect.stringMatching(/whole path/) });
  });
});

describe('a download', () => {
  /** A server of files that a test can let fail. */
  let server: Server;
  let origin: string;
  let asked: { readonly name: string; readonly range: string | null }[] = [];
  let behave: 'well' | 'cut' | 'wrong' | 'refuse' | 'whole' | 'longer' = 'well';
  beforeAll(async () => {
    server = createServer((request, response) => {
      const name = (request.url ?? '').slice(1);
      const bytes = contents.get(name) ?? Buffer.alloc(0);
      const range = request.headers.range ?? null;
      asked.push({ name, range });
      const from = range === null || behave === 'whole' ? 0 : Number(/bytes=(\d+)-/.exec(range)?.[1]);
      if (behave === 'refuse') return void response.writeHead(503).end();
      const status = from > 0 ? 206 : 200;
      response.writeHead(
        status,
        from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {},
      );
      if (behave === 'wrong') return void response.end(Buffer.alloc(bytes.length - from, 9));
      if (behave === 'longer') return void response.end(Buffer.alloc(bytes.length + 10, 8));
      if (behave === 'cut' && name.startsWith('encoder')) {
        response.write(bytes.subarray(from, from + 100_000), () => response.destroy());
        return;
      }
      response.end(bytes.subarray(from));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());
  beforeEach(() => {
    asked = [];
    behave = 'well';
  });
  const shelfIn = (directory: string): ModelShelf =>
    createModelShelf({
      directory,
      models: [model],
      fetch: (address, options) => fetch(address.replace('https://models.example', origin), options),
    });
  const settled = async (shelf: ModelShelf): Promise<NonNullable<ReturnType<ModelShelf['download']>>> => {
    for (const until = Date.now() + 20_000; Date.now() < until; ) {
      const now = shelf.download();
      if (now !== null && now.phase !== 'running') return now;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('the download did not end');
  };

  it('brings every file, checks it, and is taken for use; also after a start anew', async () => {
    const directory = freshFolder();
    const shelf = shelfIn(directory);
    expect(await shelf.forUse()).toMatchObject({ ok: false, error: expect.stringMatching(/no speech model yet/) });
    expect(shelf.begin('small')).toBe(true);
    const bytes = [...contents.values()].reduce((sum, one) => sum + one.length, 0);
    expect(await settled(shelf)).toMatchObject({ phase: 'ended', received: bytes, bytes });
    expect((await shelfIn(directory).forUse()).ok).toBe(true);
    expect(shelf.begin('another')).toBe(false);
  });

  it('that is cut goes on where it ended, and says so', async () => {
    const directory = freshFolder();
    const shelf = shelfIn(directory);
    behave = 'cut';
    shelf.begin('small');
    expect(await settled(shelf)).toMatchObject({
      phase: 'failed',
      words: expect.stringMatching(/went away.*press Download: it goes on where it ended/),
    });
    expect(shelf.choice()).toBeNull();
    behave = 'well';
    asked = [];
    shelf.begin('small');
    expect((await settled(shelf)).phase).toBe('ended');
    const went = asked.find(({ name }) => name.startsWith('encoder'))?.range ?? '';
    expect(Number(/bytes=(\d+)-/.exec(went)?.[1])).toBeGreaterThan(0);
    expect((await shelf.forUse()).ok).toBe(true);
  });

  it('from a server that cannot go on begins anew', async () => {
    const directory = freshFolder();
    mkdirSync(join(directory, 'speech-models', 'small'), { recursive: true });
    writeFileSync(join(directory, 'speech-models', 'small', 'encoder-e9.int8.onnx.part'), Buffer.alloc(5_000, 7));
    behave = 'whole';
    const shelf = shelfIn(directory);
    shelf.begin('small');
    expect((await settled(shelf)).phase).toBe('ended');
  });

  it.each([
    ['wrong', /did not pass its check \(SHA-256\) and was thrown away\. Press Download to try again/],
    ['longer', /longer there than it was published/],
    ['refuse', /answered 503 for encoder/],
  ] as const)('that goes %s is never used, and says what to do', async (how, words) => {
    const directory = freshFolder();
    behave = how;
    const shelf = shelfIn(directory);
    shelf.begin('small');
    expect(await settled(shelf)).toMatchObject({ phase: 'failed', words: expect.stringMatching(words) });
    const folder = join(directory, 'speech-models', 'small');
    expect(existsSync(join(folder, 'encoder-e9.int8.onnx'))).toBe(false);
    expect(existsSync(join(folder, 'encoder-e9.int8.onnx.part'))).toBe(false);
    expect((await shelf.forUse()).ok).toBe(false);
  });

  it('that is stopped keeps what came', async () => {
    const directory = freshFolder();
    const shelf = createModelShelf({
      directory,
      models: [model],
      fetch: async (_address, { signal }) => {
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => {
            controller.enqueue(new Uint8Array(1_000));
            signal?.addEventListener('abort', () => controller.error(signal.reason));
          },
        });
        return new Response(body);
      },
    });
    shelf.begin('small');
    for (let turn = 0; turn < 500 && (shelf.download()?.received ?? 0) === 0; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    shelf.stop();
    expect((await settled(shelf)).words).toMatch(/Stopped\. What came is kept/);
    expect(readFileSync(join(directory, 'speech-models', 'small', 'encoder-e9.int8.onnx.part'))).toHaveLength(1_000);
  });

  it('whose files were damaged afterwards, or taken away, is not opened', async () => {
    const directory = freshFolder();
    const shelf = shelfIn(directory);
    shelf.begin('small');
    await settled(shelf);
    expect((await shelf.forUse()).ok).toBe(true);
    const file = join(directory, 'speech-models', 'small', 'joiner-e9.int8.onnx');
    writeFileSync(file, onnx(9));
    expect(await shelf.forUse()).toMatchObject({ ok: false, error: expect.stringMatching(/damaged: joiner.*SHA-256/) });
    rmSync(file);
    expect(await shelf.forUse()).toMatchObject({ ok: false, error: expect.stringMatching(/joiner.* is missing/) });
    // What is still whole is not brought again.
    asked = [];
    shelf.begin('small');
    await settled(shelf);
    expect(asked.map(({ name }) => name)).toEqual(['joiner-e9.int8.onnx']);
  });

  it('is not taken over by a folder that holds no model; by one that does', async () => {
    const shelf = shelfIn(freshFolder());
    shelf.begin('small');
    await settled(shelf);
    expect((await shelf.takeFolder(place)).ok).toBe(false);
    expect(shelf.choice()).toEqual({ kind: 'download', id: 'small' });
    const folder = freshFolder();
    for (const [name, bytes] of contents) writeFileSync(join(folder, name), bytes);
    expect((await shelf.takeFolder(folder)).ok).toBe(true);
    expect(shelf.choice()).toEqual({ kind: 'folder', path: folder });
  });
});
