import type { DicomJson } from '../types.ts';
import { type TextReader, textReader } from './character-sets.ts';
import type { DataElement, ParsedObject } from './part10-reader.ts';

/** Binary values up to this many bytes are written into the metadata (palettes fit); larger ones are bulk data. */
const largestInline = 256 * 1024;
const plainTexts = new Set(['AE', 'AS', 'CS', 'DA', 'DT', 'TM', 'UI', 'UR']);
const localTexts = new Set(['LO', 'SH', 'UC']);
const wholeTexts = new Set(['LT', 'ST', 'UT']);

type Json = { [tag: string]: DicomJson[string] };
export type BulkPiece = readonly [offset: number, length: number];
export type MetadataOf = {
  readonly json: DicomJson;
  /** Top-level values that are left out of the metadata, other than pixel data: where they are in the object's data. */
  readonly bulk: Readonly<Record<string, BulkPiece>>;
};

/**
 * The metadata of an object as DICOM JSON (PS3.18 F): UTF-8, names in their groups, sequences; pixel data and large values are named by
 * a BulkDataURI relative to `{instance}/`; private elements, group lengths and file meta information are left out.
 */
export function metadataOf(object: ParsedObject): MetadataOf {
  const bulk: Record<string, BulkPiece> = Object.create(null);
  const json = datasetJson(object.elements, undefined, object.bigEndian, bulk);
  json['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] };
  return { json, bulk };
}

function tagOf(element: DataElement): string {
  return (element.group * 0x10000 + element.element).toString(16).toUpperCase().padStart(8, '0');
}

/** `bulk` is null inside sequences: large binary values there are left out altogether. */
function datasetJson(
  elements: readonly DataElement[],
  outer: TextReader | undefined,
  bigEndian: boolean,
  bulk: Record<string, BulkPiece> | null,
): Json {
  const json: Json = Object.create(null);
  const declared = elements.find((one) => one.group === 8 && one.element === 5);
  // An item without a character set of its own has that of the object around it (PS3.5 7.5.3).
  const read: TextReader =
    declared === undefined
      ? (outer ?? textReader([]))
      : textReader(
          ascii(declared.bytes)
            .split('\\')
            .map((term) => term.trim()),
        );
  for (const element of elements) {
    if (element.group % 2 === 1 || element.element === 0 || element.group === 2 || element.group === 0xfffc) continue;
    const tag = tagOf(element);
    if (element.items !== null) {
      const items = element.items.map((item) => datasetJson(item, read, bigEndian, null));
      json[tag] = items.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: items };
    } else if (
      element.fragments !== null ||
      (element.group === 0x7fe0 && element.element >= 8 && element.element <= 0x10)
    ) {
      if (bulk !== null) json[tag] = { vr: element.vr, BulkDataURI: `bulkdata/${tag}` };
    } else if (isBinary(element.vr)) {
      if (element.bytes.length === 0) json[tag] = { vr: element.vr };
      else if (element.bytes.length <= largestInline) {
        json[tag] = { vr: element.vr, InlineBinary: Buffer.from(littleEndian(element, bigEndian)).toString('base64') };
      } else if (bulk !== null) {
        bulk[tag] = [element.offset, element.bytes.length];
        json[tag] = { vr: element.vr, BulkDataURI: `bulkdata/${tag}` };
      }
    } else {
      const values = valuesOf(element, read, bigEndian);
      json[tag] = values.length === 0 ? { vr: element.vr } : { vr: element.vr, Value: values };
    }
  }
  return json;
}

function isBinary(vr: string): boolean {
  return vr === 'OB' || vr === 'OW' || vr === 'OD' || vr === 'OF' || vr === 'OL' || vr === 'OV' || vr === 'UN';
}

/** Binary words are little endian in DICOM JSON, whatever the object's order was (PS3.18 F.2.7). */
function littleEndian(element: DataElement, bigEndian: boolean): Uint8Array {
  const width =
    element.vr === 'OW'
      ? 2
      : element.vr === 'OF' || element.vr === 'OL'
        ? 4
        : element.vr === 'OD' || element.vr === 'OV'
          ? 8
          : 1;
  return bigEndian && width > 1 ? swapped(element.bytes, width) : element.bytes;
}

export function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at + width <= bytes.length; at += width) {
    for (let offset = 0; offset < width; offset += 1) out[at + offset] = bytes[at + width - 1 - offset] ?? 0;
  }
  return out;
}

function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\0 ]+$/, '');
}

/** An empty value among others is null (PS3.18 F.2.5). */
function split(text: string): string[] {
  return text === '' ? [] : text.split('\\');
}

function nullWhereEmpty<Value>(texts: readonly string[], make: (text: string) => Value): (Value | null)[] {
  if (texts.every((text) => text.trim() === '')) return [];
  return texts.map((text) => (text === '' ? null : make(text)));
}

function valuesOf(element: DataElement, read: TextReader, bigEndian: boolean): unknown[] {
  const { vr, bytes } = element;
  if (vr === 'PN') return nullWhereEmpty(split(read(bytes).replace(/[\0 ]+$/, '')), nameOf);
  if (localTexts.has(vr)) return nullWhereEmpty(split(read(bytes).replace(/[\0 ]+$/, '')).map(trimmed), (text) => text);
  if (wholeTexts.has(vr)) {
    const text = read(bytes).replace(/[\0 ]+$/, '');
    return text === '' ? [] : [text];
  }
  if (vr === 'UR') return ascii(bytes) === '' ? [] : [ascii(bytes)];
  if (plainTexts.has(vr)) return nullWhereEmpty(split(ascii(bytes)).map(trimmed), (text) => text);
  if (vr === 'IS' || vr === 'DS') {
    return nullWhereEmpty(split(ascii(bytes)).map(trimmed), (text) => {
      const number = Number(text);
      return Number.isFinite(number) ? number : text;
    });
  }
  return numbersOf(vr, bytes, !bigEndian);
}

function trimmed(text: string): string {
  return text.replace(/^[\0 ]+|[\0 ]+$/g, '');
}

function nameOf(text: string): { Alphabetic?: string; Ideographic?: string; Phonetic?: string } {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=').map(trimmed);
  return {
    ...(alphabetic === '' ? {} : { Alphabetic: alphabetic }),
    ...(ideographic === '' ? {} : { Ideographic: ideographic }),
    ...(phonetic === '' ? {} : { Phonetic: phonetic }),
  };
}

function numbersOf(vr: string, bytes: Uint8Array, little: boolean): unknown[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const many = <Value>(width: number, make: (at: number) => Value): Value[] =>
    Array.from({ length: Math.floor(bytes.length / width) }, (_, index) => make(index * width));
  switch (vr) {
    case 'US':
      return many(2, (at) => view.getUint16(at, little));
    case 'SS':
      return many(2, (at) => view.getInt16(at, little));
    case 'UL':
      return many(4, (at) => view.getUint32(at, little));
    case 'SL':
      return many(4, (at) => view.getInt32(at, little));
    case 'FL':
      return many(4, (at) => finite(view.getFloat32(at, little)));
    case 'FD':
      return many(8, (at) => finite(view.getFloat64(at, little)));
    case 'UV':
      return many(8, (at) => String(view.getBigUint64(at, little)));
    case 'SV':
      return many(8, (at) => String(view.getBigInt64(at, little)));
    case 'AT':
      return many(4, (at) =>
        (view.getUint16(at, little) * 0x10000 + view.getUint16(at + 2, little))
          .toString(16)
          .toUpperCase()
          .padStart(8, '0'),
      );
    default:
      return [];
  }
}

/** JSON has no NaN and no infinity (PS3.18 table F.2.3-1 writes them as texts). */
function finite(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
}
