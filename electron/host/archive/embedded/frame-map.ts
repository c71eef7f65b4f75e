import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import type { DataElement, Fragment, ParsedObject } from './part10-reader.ts';

/** Where one frame's own bytes are: one or more pieces, offset and length in the object's data. */
export type FramePieces = readonly (readonly [offset: number, length: number])[];
export type FrameMap = {
  readonly frames: readonly FramePieces[];
  /** Transfer syntax of the frames as they are handed out. */
  readonly transferSyntax: string;
  /** 16-bit words must be swapped: octet-stream is little endian (PS3.18 8.7.3.1). */
  readonly swap: boolean;
  /** Bits to skip at the start of each frame; other than 0 only where 1-bit frames do not end on a byte (segmentations). */
  readonly bitOffsets: readonly number[];
  readonly bitsPerFrame: number | null;
};

const explicitLittle = '1.2.840.10008.1.2.1';
const rle = '1.2.840.10008.1.2.5';
const largestCount = 100_000;

function find(elements: readonly DataElement[], group: number, element: number): DataElement | undefined {
  return elements.find((one) => one.group === group && one.element === element);
}

function wordOf(object: ParsedObject, element: number): number | null {
  const found = find(object.elements, 0x28, element);
  if (found === undefined || found.bytes.length < 2) return null;
  return new DataView(found.bytes.buffer, found.bytes.byteOffset).getUint16(0, !object.bigEndian);
}

export function numberOfFrames(object: ParsedObject): number {
  const found = find(object.elements, 0x28, 0x08);
  const count =
    found === undefined
      ? 1
      : Number(
          Buffer.from(found.bytes)
            .toString('latin1')
            .replace(/[\0 ]+$/, '')
            .trim(),
        );
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}

/** Finds each frame of an object; null where it has no pixel data. Says why where the frames cannot be told apart. */
export function mapFrames(object: ParsedObject): Result<FrameMap | null, string> {
  const pixels =
    find(object.elements, 0x7fe0, 0x10) ?? find(object.elements, 0x7fe0, 0x08) ?? find(object.elements, 0x7fe0, 0x09);
  if (pixels === undefined) return ok(null);
  const count = numberOfFrames(object);
  if (count > largestCount) return err(`the object claims ${count} frames`);
  return pixels.fragments === null
    ? mapNative(object, pixels, count)
    : mapEncapsulated(object, pixels.fragments, count);
}

function mapNative(object: ParsedObject, pixels: DataElement, count: number): Result<FrameMap, string> {
  const rows = wordOf(object, 0x10);
  const columns = wordOf(object, 0x11);
  const samples = wordOf(object, 0x02) ?? 1;
  const bits = pixels.element === 0x08 ? 32 : pixels.element === 0x09 ? 64 : wordOf(object, 0x100);
  if (rows === null || columns === null || bits === null) return err('rows, columns or bits allocated are missing');
  const photometric = find(object.elements, 0x28, 0x04);
  const subsampled =
    photometric !== undefined &&
    Buffer.from(photometric.bytes).toString('latin1').startsWith('YBR_FULL_422') &&
    samples === 3;
  // 4:2:2 stores two of three samples a pixel (PS3.3 C.7.6.3.1.2).
  const bitsPerFrame = rows * columns * (subsampled ? 2 : samples) * bits;
  const needed = Math.ceil((bitsPerFrame * count) / 8);
  if (needed > pixels.bytes.length)
    return err(
      `the pixel data is ${pixels.bytes.length} bytes long, but ${count} frames of ${rows} x ${columns} need ${needed}`,
    );
  if (bitsPerFrame === 0) return err('rows or columns are 0');
  const frames: FramePieces[] = [];
  const bitOffsets: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const firstBit = index * bitsPerFrame;
    const start = Math.floor(firstBit / 8);
    const end = Math.ceil((firstBit + bitsPerFrame) / 8);
    frames.push([[pixels.offset + start, end - start]]);
    bitOffsets.push(firstBit % 8);
  }
  const aligned = bitsPerFrame % 8 === 0;
  const swap = object.bigEndian && (pixels.vr === 'OW' || bits === 16);
  return ok({
    frames,
    transferSyntax: explicitLittle,
    swap,
    bitOffsets: aligned ? [] : bitOffsets,
    bitsPerFrame: aligned ? null : bitsPerFrame,
  });
}

function mapEncapsulated(
  object: ParsedObject,
  fragments: NonNullable<DataElement['fragments']>,
  count: number,
): Result<FrameMap, string> {
  const base = { transferSyntax: object.transferSyntax, swap: false, bitOffsets: [], bitsPerFrame: null };
  const { list } = fragments;
  const groups = grouped(object, fragments.offsetTable, list, count);
  if (groups === null) return err(`${list.length} fragments cannot be told apart into ${count} frames`);
  return ok({ ...base, frames: groups.map((group) => group.map((one) => [one.offset, one.length] as const)) });
}

function grouped(
  object: ParsedObject,
  table: Uint8Array,
  list: readonly Fragment[],
  count: number,
): Fragment[][] | null {
  if (list.length === 0) return null;
  if (count === 1) return [[...list]];
  const byTable = groupByOffsets(offsetsOf(object, table, count), list);
  if (byTable !== null) return byTable;
  if (list.length === count) return list.map((one) => [one]);
  if (object.transferSyntax === rle || list.length < count) return null;
  return groupByStart(object, list, count);
}

/** The extended offset table (7FE0,0001) where there is one, else the basic one (PS3.5 A.4). */
function offsetsOf(object: ParsedObject, table: Uint8Array, count: number): number[] | null {
  const extended = find(object.elements, 0x7fe0, 0x01);
  if (extended !== undefined && extended.bytes.length === count * 8) {
    const view = new DataView(extended.bytes.buffer, extended.bytes.byteOffset, extended.bytes.length);
    return Array.from({ length: count }, (_, index) => Number(view.getBigUint64(index * 8, true)));
  }
  if (table.length !== count * 4) return null;
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  return Array.from({ length: count }, (_, index) => view.getUint32(index * 4, true));
}

function groupByOffsets(offsets: readonly number[] | null, list: readonly Fragment[]): Fragment[][] | null {
  if (offsets === null || offsets[0] !== 0) return null;
  const groups: Fragment[][] = [];
  let next = 0;
  for (const fragment of list) {
    if (next < offsets.length && fragment.position === offsets[next]) {
      groups.push([]);
      next += 1;
    }
    groups.at(-1)?.push(fragment);
  }
  // An offset that points at no fragment: the table is wrong, and is not believed at all.
  return next === offsets.length ? groups : null;
}

/** Without a table a frame begins where a codestream does: SOI of JPEG and JPEG-LS, SOC of JPEG 2000. */
function groupByStart(object: ParsedObject, list: readonly Fragment[], count: number): Fragment[][] | null {
  const groups: Fragment[][] = [];
  for (const fragment of list) {
    const first = object.data[fragment.offset];
    const second = object.data[fragment.offset + 1];
    const third = object.data[fragment.offset + 2];
    const starts = first === 0xff && third === 0xff && (second === 0xd8 || second === 0x4f);
    if (starts) groups.push([]);
    if (groups.length === 0) return null;
    groups.at(-1)?.push(fragment);
  }
  return groups.length === count ? groups : null;
}
