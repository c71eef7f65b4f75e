import type { DataSet, Element } from 'dicom-parser';
import type { LookUpTable, Palette, PixelDescription } from './types.ts';

/** Where the tables of an instance are read from: its bytes are words in the order of its transfer syntax (PS3.5 7.3). */
export type TableSource = {
  readonly data: DataSet;
  readonly bigEndian: boolean;
  readonly description: PixelDescription;
};

/** Palette of PS3.3 C.7.9; null when a colour is missing or too short. */
export function readPalette({ data, bigEndian, description }: TableSource): Palette | null {
  const tables = (['1101', '1102', '1103'] as const).map((descriptor, index) => {
    const entries = data.uint16(`x0028${descriptor}`, 0);
    const first = data.uint16(`x0028${descriptor}`, 1);
    const bits = data.uint16(`x0028${descriptor}`, 2);
    const element = data.elements[`x0028120${index + 1}`];
    if (entries === undefined || bits === undefined || element === undefined) return null;
    const bytes = littleEndian(data, element, bigEndian);
    return {
      first: firstMapped(first ?? 0, description.signed),
      table: paletteTable(bytes, entries === 0 ? 65_536 : entries, bits),
    };
  });
  const [red, green, blue] = tables;
  if (!red || !green || !blue || !red.table || !green.table || !blue.table) return null;
  return { firstMapped: red.first, red: red.table, green: green.table, blue: blue.table };
}

/**
 * One colour of a palette as 8 bits (PS3.3 C.7.6.3.1.5 and .6). Tables of 16 bits are scaled by their high byte, except that writers
 * that put 8-bit values in 16-bit entries are taken at their word.
 */
export function paletteTable(bytes: Uint8Array, entries: number, bits: number): Uint8Array | null {
  if (bytes.length >= entries * 2) {
    const words = wordsOf(bytes, entries);
    const wide = bits > 8 && words.some((word) => word > 255);
    return Uint8Array.from(words, (word) => (wide ? word >> 8 : word & 0xff));
  }
  if (bytes.length >= entries) return bytes.slice(0, entries);
  return null;
}

/** Modality LUT Sequence (0028,3000): PS3.3 C.11.1.1. Its input are stored values, so its first one has their sign. */
export function readModalityTable(source: TableSource): LookUpTable | null {
  const item = source.data.elements.x00283000?.items?.[0]?.dataSet;
  return item === undefined ? null : readTable(item, source.bigEndian, source.description.signed);
}

/**
 * VOI LUT Sequence (0028,3010): PS3.3 C.11.2.1.1. Its input are modality values: signed where stored values are, or where the rescale
 * makes them negative; never behind a modality table.
 */
export function readVoiTables(source: TableSource): readonly LookUpTable[] {
  const { data, bigEndian, description } = source;
  const signed =
    data.elements.x00283000 === undefined && (description.signed || (data.floatString('x00281052') ?? 0) < 0);
  return (data.elements.x00283010?.items ?? []).flatMap((item) => {
    const table = item.dataSet === undefined ? null : readTable(item.dataSet, bigEndian, signed);
    return table === null ? [] : [table];
  });
}

/** A table of a LUT item; null where it says less than it promises. `signed` is that of the values that it maps. */
export function readTable(item: DataSet, bigEndian: boolean, signed: boolean): LookUpTable | null {
  const count = item.uint16('x00283002', 0);
  const first = item.uint16('x00283002', 1);
  const said = item.uint16('x00283002', 2) ?? 0;
  const element = item.elements.x00283006;
  if (count === undefined || first === undefined || element === undefined) return null;
  return tableOf({
    count,
    // Writers put US where SS is meant; the other way round is never an accident.
    first: firstMapped(first, signed || item.elements.x00283002?.vr === 'SS'),
    said,
    entries: entriesOf(littleEndian(item, element, bigEndian), count, said),
    explanation: item.string('x00283003') ?? '',
  });
}

/** Entries of LUT Data (0028,3006) in little endian: words, or bytes where it says 8 bits and words would be too few. */
export function entriesOf(bytes: Uint8Array, count: number, said: number): readonly number[] {
  const length = count === 0 ? 65_536 : count;
  if (bytes.length >= length * 2) return wordsOf(bytes, length);
  return said <= 8 && bytes.length >= length ? Array.from(bytes.subarray(0, length)) : [];
}

/** A table from its parts (PS3.3 C.11.1.1.1); null where entries are missing. A count of 0 means 65,536. */
export function tableOf(parts: {
  readonly count: number;
  readonly first: number;
  readonly said: number;
  readonly entries: readonly number[];
  readonly explanation: string;
}): LookUpTable | null {
  const length = parts.count === 0 ? 65_536 : parts.count;
  if (length < 1 || length > 65_536 || parts.entries.length < length) return null;
  const entries = parts.entries.slice(0, length);
  const highest = entries.reduce((most, entry) => Math.max(most, entry), 1);
  // A depth that its own entries exceed, or none at all, is no depth; theirs is.
  const isSaid = parts.said >= 8 && parts.said <= 16 && highest < 2 ** parts.said;
  const bits = isSaid ? parts.said : Math.max(8, Math.ceil(Math.log2(highest + 1)));
  return { firstMapped: parts.first, entries, bits, explanation: parts.explanation.trim().slice(0, 64) };
}

/** The descriptor's second value is a signed word where the values that it maps are signed (PS3.3 C.11.1.1.1). */
export function firstMapped(word: number, signed: boolean): number {
  return signed && word > 32_767 ? word - 65_536 : word;
}

function wordsOf(bytes: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, at) => (bytes[at * 2] ?? 0) | ((bytes[at * 2 + 1] ?? 0) << 8));
}

function littleEndian(data: DataSet, element: Element, bigEndian: boolean): Uint8Array {
  const bytes = (data.byteArray as Uint8Array).subarray(element.dataOffset, element.dataOffset + element.length);
  return bigEndian ? swapped(bytes, 2) : bytes;
}

/** A copy with the bytes of each group turned around; what is left over at the end stays. */
export function swapped(bytes: Uint8Array, group: 2 | 4): Uint8Array<ArrayBuffer> {
  const out = bytes.slice();
  if (group === 4) {
    for (let at = 0; at + 4 <= out.length; at += 4) out.subarray(at, at + 4).reverse();
    return out;
  }
  for (let at = 0; at + 1 < out.length; at += 2) {
    out[at] = bytes[at + 1] ?? 0;
    out[at + 1] = bytes[at] ?? 0;
  }
  return out;
}
