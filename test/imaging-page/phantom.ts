import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Size of a phantom image, and of one block of its code, in pixels. */
export const phantomSize = 256;
export const blockSize = 16;

export type PhantomSlice = {
  /** Written into the pixels, 12 bits each: what the canvas must show where the page names this instance. */
  readonly study: number;
  readonly series: number;
  readonly slice: number;
};

export const phantomStudyUid = (study: number): string => `1.2.826.0.1.3680043.10.511.${study}`;
export const phantomSeriesUid = (study: number, series: number): string => `${phantomStudyUid(study)}.${series}`;
export const phantomInstanceUid = (one: PhantomSlice): string =>
  `${phantomSeriesUid(one.study, one.series)}.${one.slice}`;

/** Rows of blocks: a white corner (upper left only: an asymmetric mark), then study, series and slice as 12 bits. */
export function phantomPixels(one: PhantomSlice): Uint16Array {
  const pixels = new Uint16Array(phantomSize * phantomSize).fill(200);
  const block = (column: number, row: number, value: number): void => {
    for (let y = 0; y < blockSize; y += 1) {
      for (let x = 0; x < blockSize; x += 1)
        pixels[(row * blockSize + y) * phantomSize + column * blockSize + x] = value;
    }
  };
  block(0, 0, 1000);
  [one.study, one.series, one.slice].forEach((value, line) => {
    for (let bit = 0; bit < 12; bit += 1) block(2 + bit, 3 + line * 2, (value >> bit) & 1 ? 1000 : 0);
  });
  return pixels;
}

/** One data element in explicit little endian (PS3.5 7.1.2). */
export function element(group: number, tag: number, vr: string, value: Uint8Array | string): Buffer {
  const raw = typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from(value);
  const padded = raw.length % 2 === 0 ? raw : Buffer.concat([raw, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
  const long = ['OB', 'OW', 'SQ', 'UN', 'UT'].includes(vr);
  const header = Buffer.alloc(long ? 12 : 8);
  header.writeUInt16LE(group, 0);
  header.writeUInt16LE(tag, 2);
  header.write(vr, 4, 'latin1');
  if (long) header.writeUInt32LE(padded.length, 8);
  else header.writeUInt16LE(padded.length, 6);
  return Buffer.concat([header, padded]);
}

const short = (value: number): Uint8Array => new Uint8Array(Uint16Array.of(value).buffer);

/** A CT slice of 0.5 mm pixels in explicit little endian (PS3.10). */
export function phantomFile(one: PhantomSlice): Buffer {
  const sopClass = '1.2.840.10008.5.1.4.1.1.2';
  const meta = Buffer.concat([
    element(2, 1, 'OB', Uint8Array.of(0, 1)),
    element(2, 2, 'UI', sopClass),
    element(2, 3, 'UI', phantomInstanceUid(one)),
    element(2, 0x10, 'UI', '1.2.840.10008.1.2.1'),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(2, 0, 'UL', length),
    meta,
    element(8, 0x16, 'UI', sopClass),
    element(8, 0x18, 'UI', phantomInstanceUid(one)),
    element(8, 0x20, 'DA', '20261122'),
    element(8, 0x60, 'CS', 'CT'),
    element(8, 0x103e, 'LO', `Phantom ${one.series}`),
    element(0x10, 0x10, 'PN', `PHANTOM^NUMBER ${one.study}`),
    element(0x10, 0x20, 'LO', `P${one.study}`),
    element(0x20, 0x0d, 'UI', phantomStudyUid(one.study)),
    element(0x20, 0x0e, 'UI', phantomSeriesUid(one.study, one.series)),
    element(0x20, 0x11, 'IS', String(one.series)),
    element(0x20, 0x13, 'IS', String(one.slice)),
    element(0x20, 0x32, 'DS', `0\\0\\${one.slice * 5}`),
    element(0x20, 0x37, 'DS', '1\\0\\0\\0\\1\\0'),
    element(0x28, 2, 'US', short(1)),
    element(0x28, 4, 'CS', 'MONOCHROME2'),
    element(0x28, 0x10, 'US', short(phantomSize)),
    element(0x28, 0x11, 'US', short(phantomSize)),
    element(0x28, 0x30, 'DS', '0.5\\0.5'),
    element(0x28, 0x100, 'US', short(16)),
    element(0x28, 0x101, 'US', short(16)),
    element(0x28, 0x102, 'US', short(15)),
    element(0x28, 0x103, 'US', short(0)),
    element(0x28, 0x1050, 'DS', '500'),
    element(0x28, 0x1051, 'DS', '1000'),
    element(0x28, 0x1052, 'DS', '0'),
    element(0x28, 0x1053, 'DS', '1'),
    element(0x7fe0, 0x10, 'OW', new Uint8Array(phantomPixels(one).buffer)),
  ]);
}

/** Writes `studies` x `series` x `slices` phantoms under a folder. */
export async function writePhantoms(folder: string, studies: number, series: number, slices: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let study = 1; study <= studies; study += 1) {
    for (let number = 1; number <= series; number += 1) {
      for (let slice = 1; slice <= slices; slice += 1) {
        const one = { study, series: number, slice };
        await writeFile(join(folder, `${study}-${number}-${String(slice).padStart(3, '0')}.dcm`), phantomFile(one));
      }
    }
  }
}
