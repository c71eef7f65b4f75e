import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webStreamOf } from './web-stream.ts';

const size = 3_000_000;
const bytes = Buffer.alloc(size, 'overread');

describe('a stream as the body of an answer', () => {
  let folder: string;
  let file: string;
  let server: Server;
  let port: number;
  const uncaught: unknown[] = [];
  const note = (reason: unknown): void => void uncaught.push(reason);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-stream-'));
    file = join(folder, 'part.bin');
    await writeFile(file, bytes);
    server = createServer((_request, response) => {
      createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    port = (server.address() as AddressInfo).port;
    process.on('uncaughtException', note);
  });
  afterAll(async () => {
    process.off('uncaughtException', note);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  const answer = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port, agent: false }, resolve).once('error', reject).end();
    });
  /** So that a throw outside of any call has come. */
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
  };

  it('has every byte of the file, and of what a server sent', async () => {
    for (const source of [createReadStream(file), await answer()]) {
      const read = Buffer.from(await new Response(webStreamOf(source)).arrayBuffer());
      expect(read.equals(bytes)).toBe(true);
    }
    expect(await new Response(webStreamOf(Readable.from([]))).text()).toBe('');
  });

  it.each([
    ['a file', () => Promise.resolve<Readable>(createReadStream(file))],
    ['a server’s answer', answer],
  ])('ends in peace and closes %s when whoever asked goes away, at whatever moment that is', async (_what, open) => {
    uncaught.length = 0;
    for (let round = 0; round < 120; round += 1) {
      const source = await open();
      const reader = webStreamOf(source).getReader();
      for (let piece = 0; piece < round % 5; piece += 1) await reader.read();
      if (round % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      const last = round % 2 === 0 ? null : reader.read();
      await reader.cancel('gone');
      await last;
      expect(source.destroyed).toBe(true);
    }
    await turns();
    expect(uncaught).toEqual([]);
  });

  it('lets a silent source go at once', async () => {
    const silent = new PassThrough();
    const reader = webStreamOf(silent).getReader();
    const waiting = reader.read();
    await reader.cancel();
    expect(await waiting).toMatchObject({ done: true });
    expect(silent.destroyed).toBe(true);
  });

  it('tells what broke it, also when it broke before it was read', async () => {
    uncaught.length = 0;
    const broken = new PassThrough();
    const body = webStreamOf(broken);
    broken.destroy(new Error('the disk is gone'));
    await turns();
    await expect(new Response(body).text()).rejects.toThrow();
    expect(uncaught).toEqual([]);
  });
});
