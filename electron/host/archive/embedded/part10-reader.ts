import { inflateRawSync } from 'node:zlib';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { dictionaryVr } from './data-dictionary.ts';

export type UnreadableObject = {
  readonly code: 'no-part10' | 'truncated' | 'too-deep' | 'too-many-elements' | 'too-large' | 'too-slow' | 'malformed';
  readonly message: string;
};

/** One element; `bytes` is a view of the object's bytes (after inflating), never a copy. */
export type DataElement = {
  readonly group: number;
  readonly element: number;
  readonly vr: string;
  readonly bytes: Uint8Array;
  /** Offset of `bytes` in `ParsedObject.data`. */
  readonly offset: number;
  readonly items: readonly DataElement[][] | null;
  /** Encapsulated pixel data (PS3.5 A.4): the basic offset table and the fragments. */
  readonly fragments: { readonly offsetTable: Uint8Array; readonly list: readonly Fragment[] } | null;
};
export type Fragment = {
  readonly offset: number;
  readonly length: number;
  /** Offset of the fragment's item tag from the first fragment's, as offset tables count (PS3.5 A.4). */
  readonly position: number;
};

export type ParsedObject = {
  readonly transferSyntax: string;
  readonly bigEndian: boolean;
  /** True where `data` is not the file itself but what was inflated from it. */
  readonly inflated: boolean;
  readonly data: Uint8Array;
  readonly elements: readonly DataElement[];
};

export type ParseBudget = {
  readonly depth: number;
  readonly elements: number;
  readonly inflatedBytes: number;
  readonly milliseconds: number;
};

export const parseBudget: ParseBudget = {
  depth: 32,
  elements: 2_000_000,
  inflatedBytes: 256 * 1024 * 1024,
  milliseconds: 10_000,
};

const undefinedLength = 0xffffffff;
const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const implicitLittle = '1.2.840.10008.1.2';
const deflatedLittle = '1.2.840.10008.1.2.1.99';
const explicitBig = '1.2.840.10008.1.2.2';

class Unreadable extends Error {
  readonly code: UnreadableObject['code'];
  constructor(code: UnreadableObject['code'], message: string) {
    super(message);
    this.code = code;
  }
}

type Mode = { readonly explicit: boolean; readonly little: boolean };
type Walk = {
  readonly data: Uint8Array;
  readonly view: DataView;
  readonly budget: ParseBudget;
  readonly deadline: number;
  count: number;
  signed: boolean;
};

/**
 * Reads a Part 10 object (PS3.10 7) within a budget of depth, elements, inflated bytes and time; every length is checked against the bytes
 * that are there. Runs in a worker thread.
 */
export function readPart10(
  file: Uint8Array,
  budget: ParseBudget = parseBudget,
): Result<ParsedObject, UnreadableObject> {
  try {
    return ok(read(file, budget));
  } catch (reason) {
    if (reason instanceof Unreadable) return err({ code: reason.code, message: reason.message });
    throw reason;
  }
}

function walkOf(data: Uint8Array, budget: ParseBudget): Walk {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return { data, view, budget, deadline: performance.now() + budget.milliseconds, count: 0, signed: false };
}

function read(file: Uint8Array, budget: ParseBudget): ParsedObject {
  if (file.length < 132 || Buffer.from(file.subarray(128, 132)).toString('latin1') !== 'DICM') {
    throw new Unreadable('no-part10', 'the file does not begin as a DICOM Part 10 file (no DICM after 128 bytes)');
  }
  const walk = walkOf(file, budget);
  let at = 132;
  let transferSyntax = '';
  // The group length of the meta information is often wrong: its end is where another group begins.
  while (at + 8 <= file.length && walk.view.getUint16(at, true) === 2) {
    const { element, next } = readElement(walk, at, { explicit: true, little: true }, 0, file.length);
    if (element.element === 0x10)
      transferSyntax = Buffer.from(element.bytes)
        .toString('latin1')
        .replace(/[\0 ]+$/, '');
    at = next;
  }
  if (!/^[\d.]{1,64}$/.test(transferSyntax)) throw new Unreadable('malformed', 'the file names no transfer syntax');
  const bigEndian = transferSyntax === explicitBig;
  const inflated = transferSyntax === deflatedLittle;
  const mode: Mode = { explicit: transferSyntax !== implicitLittle, little: !bigEndian };
  if (!inflated)
    return {
      transferSyntax,
      bigEndian,
      inflated,
      data: file,
      elements: readDataset(walk, at, file.length, mode, 0).elements,
    };
  const data = inflate(file.subarray(at), budget);
  return {
    transferSyntax,
    bigEndian,
    inflated,
    data,
    elements: readDataset(walkOf(data, budget), 0, data.length, mode, 0).elements,
  };
}

function inflate(bytes: Uint8Array, budget: ParseBudget): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: budget.inflatedBytes });
  } catch (reason) {
    const code = reason instanceof Error && 'code' in reason ? reason.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Unreadable(
        'too-large',
        `the deflated object grows beyond ${Math.round(budget.inflatedBytes / 1048576)} MiB`,
      );
    }
    throw new Unreadable('malformed', 'the deflated object cannot be inflated');
  }
}

function readDataset(
  walk: Walk,
  start: number,
  end: number,
  mode: Mode,
  depth: number,
): { elements: DataElement[]; next: number } {
  if (depth > walk.budget.depth)
    throw new Unreadable('too-deep', `sequences are nested more than ${walk.budget.depth} deep`);
  const elements: DataElement[] = [];
  let at = start;
  while (at < end) {
    // Padding to an even length at the very end (deflated objects have it), or zeros of a careless writer.
    if (end - at < 8) {
      if (depth === 0 && walk.data.subarray(at, end).every((byte) => byte === 0)) return { elements, next: end };
      throw new Unreadable('truncated', 'the object ends in the middle of an element');
    }
    const group = walk.view.getUint16(at, mode.little);
    const number = walk.view.getUint16(at + 2, mode.little);
    if (group === 0xfffe && number === 0xe00d) return { elements, next: at + 8 };
    if (group === 0xfffe) throw new Unreadable('malformed', 'an item stands outside of any sequence');
    const { element, next } = readElement(walk, at, mode, depth, end);
    elements.push(element);
    at = next;
  }
  return { elements, next: at };
}

function readElement(
  walk: Walk,
  at: number,
  mode: Mode,
  depth: number,
  end: number,
): { element: DataElement; next: number } {
  walk.count += 1;
  if (walk.count > walk.budget.elements)
    throw new Unreadable('too-many-elements', `more than ${walk.budget.elements} elements`);
  if (walk.count % 4096 === 0 && performance.now() > walk.deadline)
    throw new Unreadable('too-slow', 'reading the object takes too long');
  const { view } = walk;
  const group = view.getUint16(at, mode.little);
  const number = view.getUint16(at + 2, mode.little);
  let vr: string;
  let length: number;
  let start: number;
  if (mode.explicit) {
    vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
    if (!/^[A-Z]{2}$/.test(vr))
      throw new Unreadable('malformed', `element (${hex(group)},${hex(number)}) has no value representation`);
    if (longVrs.has(vr)) {
      if (at + 12 > end) throw new Unreadable('truncated', 'the object ends in the middle of an element');
      length = view.getUint32(at + 8, mode.little);
      start = at + 12;
    } else {
      length = view.getUint16(at + 6, mode.little);
      start = at + 8;
    }
  } else {
    vr = dictionaryVr(group, number, walk.signed);
    length = view.getUint32(at + 4, mode.little);
    start = at + 8;
  }
  const isPixels = group === 0x7fe0 && number === 0x10;
  const base = { group, element: number };
  if (length === undefinedLength) {
    if (isPixels) {
      const { fragments, next } = readFragments(walk, start, end, mode);
      return { element: { ...base, vr: 'OB', bytes: new Uint8Array(0), offset: start, items: null, fragments }, next };
    }
    // An unknown element of undefined length is an implicit VR sequence (PS3.5 6.2.2, note 2).
    const inner: Mode = vr === 'UN' && mode.explicit ? { explicit: false, little: true } : mode;
    const { items, next } = readItems(walk, start, end, inner, depth, true);
    return { element: { ...base, vr: 'SQ', bytes: new Uint8Array(0), offset: start, items, fragments: null }, next };
  }
  if (start + length > end) {
    throw new Unreadable(
      'truncated',
      `element (${hex(group)},${hex(number)}) is ${length} bytes long, but only ${end - start} are there`,
    );
  }
  const bytes = walk.data.subarray(start, start + length);
  // Sets the VR of the elements that follow (PS3.5 A.1): at the top level only, where the pixels are.
  if (group === 0x28 && number === 0x103 && depth === 0 && length >= 2)
    walk.signed = view.getUint16(start, mode.little) === 1;
  if (vr === 'SQ') {
    const { items } = readItems(walk, start, start + length, mode, depth, false);
    return {
      element: { ...base, vr, bytes: new Uint8Array(0), offset: start, items, fragments: null },
      next: start + length,
    };
  }
  const known = vr === 'UN' && group % 2 === 0 ? dictionaryVr(group, number, walk.signed) : vr;
  if (known === 'SQ') {
    const { items } = readItems(walk, start, start + length, { explicit: false, little: true }, depth, false);
    return {
      element: { ...base, vr: 'SQ', bytes: new Uint8Array(0), offset: start, items, fragments: null },
      next: start + length,
    };
  }
  return { element: { ...base, vr: known, bytes, offset: start, items: null, fragments: null }, next: start + length };
}

function readItems(
  walk: Walk,
  start: number,
  end: number,
  mode: Mode,
  depth: number,
  delimited: boolean,
): { items: DataElement[][]; next: number } {
  const items: DataElement[][] = [];
  let at = start;
  while (at < end) {
    if (end - at < 8) throw new Unreadable('truncated', 'a sequence ends in the middle of an item');
    const group = walk.view.getUint16(at, mode.little);
    const number = walk.view.getUint16(at + 2, mode.little);
    const length = walk.view.getUint32(at + 4, mode.little);
    if (group === 0xfffe && number === 0xe0dd) return { items, next: at + 8 };
    if (group !== 0xfffe || number !== 0xe000)
      throw new Unreadable('malformed', 'a sequence holds something that is no item');
    at += 8;
    if (length === undefinedLength) {
      const item = readDataset(walk, at, end, mode, depth + 1);
      items.push(item.elements);
      at = item.next;
    } else {
      if (at + length > end) throw new Unreadable('truncated', 'an item is longer than its sequence');
      items.push(readDataset(walk, at, at + length, mode, depth + 1).elements);
      at += length;
    }
  }
  if (delimited) throw new Unreadable('truncated', 'a sequence does not end');
  return { items, next: at };
}

function readFragments(
  walk: Walk,
  start: number,
  end: number,
  mode: Mode,
): { fragments: NonNullable<DataElement['fragments']>; next: number } {
  const list: Fragment[] = [];
  let offsetTable: Uint8Array | null = null;
  let first = 0;
  let at = start;
  while (at + 8 <= end) {
    const group = walk.view.getUint16(at, mode.little);
    const number = walk.view.getUint16(at + 2, mode.little);
    const length = walk.view.getUint32(at + 4, mode.little);
    if (group === 0xfffe && number === 0xe0dd) {
      return { fragments: { offsetTable: offsetTable ?? new Uint8Array(0), list }, next: at + 8 };
    }
    if (group !== 0xfffe || number !== 0xe000)
      throw new Unreadable('malformed', 'the pixel data holds something that is no fragment');
    if (at + 8 + length > end) throw new Unreadable('truncated', 'the pixel data is cut off');
    walk.count += 1;
    if (walk.count > walk.budget.elements)
      throw new Unreadable('too-many-elements', `more than ${walk.budget.elements} elements`);
    if (offsetTable === null) {
      offsetTable = walk.data.subarray(at + 8, at + 8 + length);
      first = at + 8 + length;
    } else list.push({ offset: at + 8, length, position: at - first });
    at += 8 + length;
  }
  throw new Unreadable('truncated', 'the pixel data does not end');
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}
