import type { DicomElement, DicomJson } from '../../../../shared/interop/dicom-json/index.ts';
import { transferSyntaxes } from './write-part10.ts';

const longLength: readonly string[] = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'];
/** VRs whose backslash is a letter and not a separator (PS3.5 table 6.2-1). */
const oneValue: readonly string[] = ['ST', 'LT', 'UT', 'UR'];

/**
 * Reads back a Part 10 file that `writePart10` made in explicit little endian with sequences of defined length, such as our SR
 * documents. Not a reader for files of others: dcmjs, which is, garbles UTF-8 inside sequences. Throws on anything else (a bug).
 */
export function readSrDataset(bytes: Uint8Array): DicomJson {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 132 || view.getUint32(128) !== 0x4449434d) throw new Error('Not a Part 10 file.');
  const dataset = readDataset(view, 132, bytes.length);
  const syntax = dataset['00020010']?.Value?.[0];
  if (syntax !== transferSyntaxes.explicitLittleEndian) throw new Error('Not explicit little endian.');
  return Object.assign(
    Object.create(null),
    Object.fromEntries(Object.entries(dataset).filter(([tag]) => !tag.startsWith('0002'))),
  );
}

function tagAt(view: DataView, at: number): string {
  const hex = (value: number): string => value.toString(16).padStart(4, '0').toUpperCase();
  return hex(view.getUint16(at, true)) + hex(view.getUint16(at + 2, true));
}

function readDataset(view: DataView, from: number, until: number): DicomJson {
  const dataset: { [tag: string]: DicomElement } = Object.create(null);
  let at = from;
  while (at < until) {
    const tag = tagAt(view, at);
    const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
    const long = longLength.includes(vr);
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const start = at + (long ? 12 : 8);
    if (start + length > until) throw new Error(`(${tag}) runs past its end.`);
    dataset[tag] = readElement(view, vr, start, length);
    at = start + length;
  }
  return dataset;
}

function readElement(view: DataView, vr: string, start: number, length: number): DicomElement {
  if (length === 0) return { vr };
  if (vr === 'SQ') return { vr, Value: readItems(view, start, start + length) };
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start, length);
  if (vr === 'UL') return { vr, Value: [view.getUint32(start, true)] };
  if (vr === 'US') return { vr, Value: [view.getUint16(start, true)] };
  if (vr.startsWith('O') || vr === 'UN') return { vr, InlineBinary: Buffer.from(bytes).toString('base64') };
  const text = Buffer.from(bytes).toString('utf8');
  if (oneValue.includes(vr)) return { vr, Value: [text.replace(/ +$/, '')] };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL pads UIDs (PS3.5 6.2)
  const values = text.split('\\').map((value) => value.replace(/[\u0000 ]+$/, ''));
  if (vr === 'PN') return { vr, Value: values.map(personGroups) };
  if (vr === 'IS' || vr === 'DS') return { vr, Value: values.map(Number) };
  return { vr, Value: values };
}

function readItems(view: DataView, from: number, until: number): readonly DicomJson[] {
  const items: DicomJson[] = [];
  let at = from;
  while (at < until) {
    if (tagAt(view, at) !== 'FFFEE000') throw new Error('A sequence holds something else than an item.');
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > until) throw new Error('An item runs past its sequence.');
    items.push(readDataset(view, at + 8, at + 8 + length));
    at += 8 + length;
  }
  return items;
}

function personGroups(name: string): { readonly [group: string]: string } {
  const groups = name.split('=');
  return Object.fromEntries(
    ['Alphabetic', 'Ideographic', 'Phonetic'].flatMap((group, index) => {
      const value = groups[index] ?? '';
      return value === '' ? [] : [[group, value] as const];
    }),
  );
}
