import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { instant } from '../../../../shared/lib/instant.ts';
import { buildImage, pixelBytes } from '../../../../test/builders/part10.ts';
import type { Ports } from '../../ports.ts';
import { createEmbeddedArchive, type EmbeddedArchive, embeddedArchiveUrl } from './embedded-archive.ts';

const key = new Uint8Array(32).fill(5);
const ports: Ports = {
  now: () => instant(Date.now()),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  newId: () => crypto.randomUUID(),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
};
const petra = { study: '2.25.1', series: '2.25.2', instance: '2.25.3' };
let directory: string;
let archive: EmbeddedArchive;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-embedded-'));
  archive = await createEmbeddedArchive({ directory, key, ports });
});
afterEach(async () => {
  await archive.close();
  await rm(directory, { recursive: true, force: true });
});

async function reopen(): Promise<void> {
  await archive.close();
  archive = await createEmbeddedArchive({ directory, key, ports });
}

async function stow(...objects: readonly Uint8Array[]): Promise<{
  status: number;
  warning: string;
  json: Record<string, { Value?: Record<string, { Value: unknown[] }>[] }>;
}> {
  const pieces = objects.flatMap((one) => [
    Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'),
    one,
    Buffer.from('\r\n'),
  ]);
  const response = await archive.fetch(
    new Request(`${embeddedArchiveUrl}/studies`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/related; type="application/dicom"; boundary=b' },
      body: Buffer.concat([...pieces, Buffer.from('--b--')]) as Uint8Array<ArrayBuffer>,
    }),
  );
  return {
    status: response.status,
    warning: response.headers.get('warning') ?? '',
    json: (await response.json()) as never,
  };
}

async function rows(query: string): Promise<readonly Record<string, { Value?: unknown[] }>[]> {
  const response = await archive.fetch(new Request(`${embeddedArchiveUrl}${query}`));
  expect(response.status, query).toBe(200);
  return (await response.json()) as never;
}

async function files(folder = directory): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}

describe('the embedded archive', () => {
  test('answers 200 when all was stored, 202 when some was, 409 when nothing was, each instance named', async () => {
    const good = buildImage(petra);
    expect(await stow(good)).toMatchObject({
      status: 200,
      json: { '00081199': { Value: [{ '00081155': { Value: ['2.25.3'] } }] } },
    });
    const other = buildImage({ ...petra, instance: '2.25.4' });
    const clash = buildImage({ ...petra, number: 9 });
    expect(await stow(other, clash)).toMatchObject({
      status: 202,
      json: {
        '00081199': { Value: [{ '00081155': { Value: ['2.25.4'] } }] },
        '00081198': { Value: [{ '00081155': { Value: ['2.25.3'] }, '00081197': { Value: [0x0111] } }] },
      },
    });
    const refused = await stow(Buffer.from('<html>no DICOM</html>'));
    expect(refused).toMatchObject({
      status: 409,
      json: { '00081198': { Value: [{ '00081197': { Value: [0xc000] } }] } },
    });
    expect(refused.warning).toContain('no DICM');
  });

  test('two rival objects under one new UID, sent at once: one is kept, the other refused', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((number) => stow(buildImage({ ...petra, number }))));
    expect(answers.filter((one) => one.status === 200).length).toBe(1);
    expect(answers.filter((one) => one.status === 409).length).toBe(3);
  });

  test('leaves nothing readable on disk: not a name, not an identifier, not a pixel, not in a file name', async () => {
    const pixels = pixelBytes(512, 77);
    await stow(
      buildImage({
        study: '2.25.777001',
        series: '2.25.777002',
        instance: '2.25.777003',
        patientName: 'MARKER^NAME',
        patientId: 'MARKERID',
        accession: 'MARKERACC',
        pixels: ['7FE00010', 'OW', pixels],
      }),
    );
    await rows('/studies?PatientID=MARKERID');
    const all = await files();
    expect(all.length).toBeGreaterThan(2);
    for (const path of all) {
      const bytes = await readFile(path);
      for (const marker of ['MARKER', '777001', '777003']) {
        expect(path).not.toContain(marker);
        expect(bytes.includes(marker), path).toBe(false);
      }
      expect(bytes.includes(Buffer.from(pixels.subarray(0, 32))), path).toBe(false);
    }
  });

  test('a preamble that makes the file a program is taken out', async () => {
    const polyglot = buildImage(petra);
    Buffer.from('MZ\x90\0#!/bin/sh').copy(Buffer.from(polyglot.buffer, polyglot.byteOffset));
    await stow(polyglot);
    const response = await archive.fetch(
      new Request(`${embeddedArchiveUrl}/studies/2.25.1/series/2.25.2/instances/2.25.3`, {
        headers: { Accept: 'application/dicom' },
      }),
    );
    const back = Buffer.from(await response.arrayBuffer());
    expect(back.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    expect(back.equals(Buffer.from(buildImage(petra)))).toBe(true);
  });

  test('nothing is written once it is closed, whatever is still asked of it', async () => {
    const asked = Array.from({ length: 20 }, (_unused, number) =>
      stow(buildImage({ ...petra, instance: `2.25.3.${number + 1}`, number: number + 1 })).catch(() => null),
    );
    await archive.close();
    await Promise.all(asked);
    await rm(join(directory, 'archive'), { recursive: true });
    const late = await archive.fetch(new Request(`${embeddedArchiveUrl}/studies`));
    // A thread that was started by what came late would have made its folder by then.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await readdir(directory)).toEqual([]);
    expect(late.status).toBe(503);
  });

  test('everything is there after a restart, also when the index lost its tail, or was altered', async () => {
    for (let number = 1; number <= 5; number += 1)
      await stow(buildImage({ ...petra, instance: `2.25.3.${number}`, number }));
    await reopen();
    expect((await rows('/studies/2.25.1/instances')).length).toBe(5);
    await archive.close();
    const index = join(directory, 'archive', 'index.sealed');
    const bytes = await readFile(index);
    await truncate(index, bytes.length - 3);
    archive = await createEmbeddedArchive({ directory, key, ports });
    // The row that was cut belongs to an object whose STOW would not have been answered; sending it again brings it back.
    expect((await rows('/studies/2.25.1/instances')).length).toBe(4);
    for (let number = 1; number <= 5; number += 1)
      expect((await stow(buildImage({ ...petra, instance: `2.25.3.${number}`, number }))).status).toBe(200);
    expect((await rows('/studies/2.25.1/instances')).length).toBe(5);
    await archive.close();
    const again = await readFile(index);
    again[40] = (again[40] ?? 0) ^ 1;
    await writeFile(index, again);
    archive = await createEmbeddedArchive({ directory, key, ports });
    expect((await rows('/studies/2.25.1/instances')).length).toBe(5);
    expect((await files()).some((path) => path.includes('index.sealed.damaged-'))).toBe(true);
  });

  test('an object that was altered on disk is never handed out', async () => {
    await stow(buildImage(petra));
    for (const path of (await files()).filter((one) => one.includes('objects'))) {
      const bytes = await readFile(path);
      bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
      await writeFile(path, bytes);
    }
    const base = `${embeddedArchiveUrl}/studies/2.25.1/series/2.25.2`;
    await expect(archive.fetch(new Request(base)).then((one) => one.arrayBuffer())).rejects.toThrow(/altered/);
    expect((await archive.fetch(new Request(`${base}/instances/2.25.3/frames/1`))).status).toBe(500);
    expect((await archive.fetch(new Request(`${base}/metadata`))).status).toBe(500);
  });

  test.each([
    ['/studies?StudyDate=20260301', 1],
    ['/studies?StudyDate=20260201-20260331', 1],
    ['/studies?StudyDate=-20260228', 0],
    ['/studies?StudyDate=20260302-', 0],
    ['/studies?PatientName=probe*', 1],
    ['/studies?PatientName=PROBE%5EPETR%3F', 1],
    ['/studies?PatientName=Petra', 0],
    ['/studies?StudyInstanceUID=9.9,2.25.1', 1],
    ['/studies?StudyInstanceUID=9.9%5C2.25.1', 1],
    ['/studies?ModalitiesInStudy=CT', 1],
    ['/studies?ModalitiesInStudy=MR', 0],
    ['/studies?00080050=ACC1', 1],
    ['/studies?AccessionNumber=ACC', 0],
    ['/studies?AccessionNumber=', 1],
    ['/studies?offset=1', 0],
    ['/studies?limit=0', 0],
    ['/studies/2.25.1/series?Modality=CT', 1],
    ['/studies/2.25.1/series/2.25.2/instances?InstanceNumber=1', 1],
    ['/studies/2.25.99/instances', 0],
  ])('the search %s finds %i', async (query, count) => {
    await stow(buildImage(petra));
    expect((await rows(query)).length).toBe(count);
  });

  test('a key that it cannot search by is refused: ignoring it would find other people', async () => {
    expect((await archive.fetch(new Request(`${embeddedArchiveUrl}/studies?PatientComments=x`))).status).toBe(400);
  });

  test('nothing is changed or deleted, and nothing is outside of its base', async () => {
    for (const [method, path, status] of [
      ['DELETE', '/studies/2.25.1', 405],
      ['PUT', '/studies', 405],
      ['POST', '/studies/2.25.1', 405],
    ] as const) {
      expect((await archive.fetch(new Request(`${embeddedArchiveUrl}${path}`, { method }))).status).toBe(status);
    }
    expect((await archive.fetch(new Request(`${new URL(embeddedArchiveUrl).origin}/studies`))).status).toBe(404);
  });
});
