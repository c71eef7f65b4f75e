import type { DicomElement, DicomJson } from '../../../../shared/interop/dicom-json/index.ts';

type Encoding = { readonly explicit: boolean; readonly encapsulated: boolean };
type EncodeDataset = (dataset: DicomJson, encoding: Encoding) => Uint8Array;

/** PS3.5 7.1.2: VRs with a reserved half word and a 32-bit length. */
const longLength: readonly string[] = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'];
const undefinedLength = 0xffffffff;

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Little-endian unsigned integer of `size` bytes. */
export function encodeUnsigned(value: number, size: 1 | 2 | 4): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index += 1) bytes[index] = Math.floor(value / 2 ** (8 * index)) & 0xff;
  return bytes;
}

function tagBytes(tag: string): Uint8Array {
  const group = Number.parseInt(tag.slice(0, 4), 16);
  return joinBytes([encodeUnsigned(group, 2), encodeUnsigned(Number.parseInt(tag.slice(4), 16), 2)]);
}

function header(tag: string, vr: string, length: number, encoding: Encoding): Uint8Array {
  if (!encoding.explicit) return joinBytes([tagBytes(tag), encodeUnsigned(length, 4)]);
  const name = Uint8Array.of(vr.charCodeAt(0), vr.charCodeAt(1));
  if (longLength.includes(vr)) return joinBytes([tagBytes(tag), name, encodeUnsigned(0, 2), encodeUnsigned(length, 4)]);
  // A value that does not fit would be cut by every reader: an object that lies is worse than none.
  if (length > 0xffff) throw new RangeError(`(${tag}) holds ${length} bytes, more than VR ${vr} can.`);
  return joinBytes([tagBytes(tag), name, encodeUnsigned(length, 2)]);
}

/** One element with its header (PS3.5 7.1). */
export function encodeElement(
  tag: string,
  element: DicomElement,
  encoding: Encoding,
  encodeDataset: EncodeDataset,
): Uint8Array {
  const { vr } = element;
  if (tag === '7FE00010' && encoding.encapsulated) return encapsulate(element, encoding);
  if (vr === 'SQ') {
    const parts = (element.Value ?? []).map((item) => {
      const bytes = encodeDataset(item as DicomJson, encoding);
      return joinBytes([tagBytes('FFFEE000'), encodeUnsigned(bytes.length, 4), bytes]);
    });
    const whole = joinBytes(parts);
    return joinBytes([header(tag, vr, whole.length, encoding), whole]);
  }
  const bytes = even(valueBytes(element), vr);
  return joinBytes([header(tag, vr, bytes.length, encoding), bytes]);
}

/** PS3.5 A.4: an empty offset table, then one item for each fragment. */
function encapsulate(element: DicomElement, encoding: Encoding): Uint8Array {
  const fragments = (element.Value ?? []).filter((value): value is Uint8Array => value instanceof Uint8Array);
  const item = (bytes: Uint8Array) => joinBytes([tagBytes('FFFEE000'), encodeUnsigned(bytes.length, 4), bytes]);
  return joinBytes([
    header('7FE00010', 'OB', undefinedLength, encoding),
    item(new Uint8Array(0)),
    ...fragments.map((fragment) => item(even(fragment, 'OB'))),
    tagBytes('FFFEE0DD'),
    encodeUnsigned(0, 4),
  ]);
}

/** PS3.5 6.2: UIDs and bytes are padded with NUL, texts with a space. */
function even(bytes: Uint8Array, vr: string): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const binary = vr === 'UI' || vr.startsWith('O') || vr === 'UN';
  return joinBytes([bytes, Uint8Array.of(binary ? 0 : 0x20)]);
}

const numberWriters: {
  readonly [vr: string]: readonly [size: number, write: (view: DataView, value: number) => void];
} = {
  US: [2, (view, value) => view.setUint16(0, value, true)],
  SS: [2, (view, value) => view.setInt16(0, value, true)],
  UL: [4, (view, value) => view.setUint32(0, value, true)],
  SL: [4, (view, value) => view.setInt32(0, value, true)],
  FL: [4, (view, value) => view.setFloat32(0, value, true)],
  FD: [8, (view, value) => view.setFloat64(0, value, true)],
  UV: [8, (view, value) => view.setBigUint64(0, BigInt(value), true)],
  SV: [8, (view, value) => view.setBigInt64(0, BigInt(value), true)],
};

function valueBytes(element: DicomElement): Uint8Array {
  const { vr } = element;
  if (element.InlineBinary !== undefined) return Buffer.from(element.InlineBinary, 'base64');
  const values = element.Value ?? [];
  const writer = numberWriters[vr];
  if (writer !== undefined) {
    const [size, write] = writer;
    return joinBytes(
      values.map((value) => {
        const bytes = new Uint8Array(size);
        write(new DataView(bytes.buffer), Number(value));
        return bytes;
      }),
    );
  }
  if (vr === 'AT') return joinBytes(values.map((value) => tagBytes(String(value))));
  if (vr.startsWith('O') || vr === 'UN')
    return joinBytes(values.filter((value): value is Uint8Array => value instanceof Uint8Array));
  return Buffer.from(values.map((value) => (vr === 'PN' ? personText(value) : scalarText(value))).join('\\'), 'utf8');
}

function scalarText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}

/** PS3.18 F.2.2 back into PS3.5 6.2.1. */
function personText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return scalarText(value);
  const groups = value as { readonly [group: string]: unknown };
  return ['Alphabetic', 'Ideographic', 'Phonetic']
    .map((group) => scalarText(Object.hasOwn(groups, group) ? groups[group] : ''))
    .join('=')
    .replace(/=+$/, '');
}
