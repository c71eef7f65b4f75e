import type { DataSet } from 'dicom-parser';
import { type DataSet as Described, number } from './dicom-json.ts';
import { swapped } from './lookup-tables.ts';

/** One bit for each pixel of an overlay plane over one frame (PS3.3 C.9.2). It lies over the picture and is no part of its values. */
export type FrameOverlay = {
  /** 0x6000 to 0x601E. */
  readonly group: number;
  /** Image pixel, counted from 0, on which its first bit lies; it may begin outside the image. */
  readonly left: number;
  readonly top: number;
  readonly rows: number;
  readonly columns: number;
  /** Overlay Label or Description; empty where it has none. Words of somebody else's. */
  readonly label: string;
  /** Packed without gaps between rows, the lowest bit first (PS3.5 8.1.2). */
  readonly bits: Uint8Array;
};

/** An overlay plane of an instance, for all frames that it is for. */
export type OverlayPlane = Omit<FrameOverlay, 'bits'> & {
  /** Frames of the image that it is for, from 1; null: one bitmap for all of them. */
  readonly firstFrame: number | null;
  readonly frames: number;
  readonly bytes: Uint8Array;
};

const groups = Array.from({ length: 16 }, (_, index) => 0x6000 + index * 2);
const mostBits = 200_000_000;

/** Overlay planes with data of their own. What contradicts itself is left out, and then said to be by `missingOverlays`. */
export function readOverlayPlanes(data: DataSet, bigEndian: boolean): readonly OverlayPlane[] {
  return groups.flatMap((group): readonly OverlayPlane[] => {
    const tag = (element: string): string => `x${group.toString(16)}${element}`;
    const element = data.elements[tag('3000')];
    const rows = data.uint16(tag('0010')) ?? 0;
    const columns = data.uint16(tag('0011')) ?? 0;
    if (element === undefined || rows * columns === 0) return [];
    const frames = Math.max(1, data.intString(tag('0015')) || 1);
    const whole = data.byteArray as Uint8Array;
    const bytes = whole.subarray(element.dataOffset, element.dataOffset + element.length);
    if (rows * columns * frames > mostBits || bytes.length * 8 < rows * columns * frames) return [];
    const first = data.uint16(tag('0051'));
    return [
      {
        group,
        // Row, then column, counted from 1.
        top: (data.int16(tag('0050'), 0) ?? 1) - 1,
        left: (data.int16(tag('0050'), 1) ?? 1) - 1,
        rows,
        columns,
        label: (data.string(tag('1500')) ?? data.string(tag('0022')) ?? '').trim().slice(0, 64),
        firstFrame: first ?? (frames > 1 ? 1 : null),
        frames,
        // Only words are turned: bytes (OB) are written in their own order.
        bytes: bigEndian && element.vr !== 'OB' ? swapped(bytes, 2) : bytes,
      },
    ];
  });
}

/** What lies over one frame, counted from 1. */
export function overlaysOf(planes: readonly OverlayPlane[], frame: number): readonly FrameOverlay[] {
  return planes.flatMap(({ firstFrame, frames, bytes, ...plane }): readonly FrameOverlay[] => {
    const index = firstFrame === null ? 0 : frame - firstFrame;
    if (index < 0 || index >= frames) return [];
    const count = plane.rows * plane.columns;
    return [{ ...plane, bits: bitsFrom(bytes, index * count, count) }];
  });
}

/** A copy of `count` bits, beginning with the first bit of its first byte. */
function bitsFrom(bytes: Uint8Array, first: number, count: number): Uint8Array {
  const start = first >> 3;
  const shift = first & 7;
  const out = bytes.slice(start, start + Math.ceil(count / 8));
  if (shift === 0) return out;
  for (let at = 0; at < out.length; at += 1)
    out[at] = ((bytes[start + at] ?? 0) >> shift) | ((bytes[start + at + 1] ?? 0) << (8 - shift));
  return out;
}

/** Whether the bit of a pixel of the plane is set. */
export function isOverlaid(overlay: FrameOverlay, row: number, column: number): boolean {
  const at = row * overlay.columns + column;
  return (((overlay.bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
}

/** Overlay planes as the metadata tell of them: those with data of their own, and whether any lies in unused bits of the pixels. */
export function overlaysDescribed(data: Described): { readonly groups: readonly number[]; readonly embedded: boolean } {
  const present = groups.filter((group) => (tellingTags.get(group) ?? []).some((tag) => Object.hasOwn(data, tag)));
  // Where bits are allocated for pixels, the plane lies among these (retired, PS3.3-2004 C.9.2).
  const embedded = present.filter((group) => (number(data, tagOf(group, '0100')) ?? 1) > 1);
  return { groups: present.filter((group) => !embedded.includes(group)), embedded: embedded.length > 0 };
}

const tagOf = (group: number, element: string): string => `${group.toString(16).toUpperCase()}${element}`;
/** Any of them says that there is a plane: its rows, its type, its data. */
const tellingTags = new Map(
  groups.map((group) => [group, ['0010', '0040', '3000'].map((element) => tagOf(group, element))] as const),
);
