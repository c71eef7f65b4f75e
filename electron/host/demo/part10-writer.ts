import { deflateRawSync } from 'node:zlib';

/** Value representations that demo objects use (PS3.5 6.2). */
export type Vr =
  | 'AE'
  | 'AS'
  | 'AT'
  | 'CS'
  | 'DA'
  | 'DS'
  | 'DT'
  | 'FD'
  | 'FL'
  | 'IS'
  | 'LO'
  | 'LT'
  | 'OB'
  | 'OW'
  | 'PN'
  | 'SH'
  | 'SL'
  | 'SQ'
  | 'SS'
  | 'ST'
  | 'TM'
  | 'UI'
  | 'UL'
  | 'US'
  | 'UT';
export type AttributeValue = string | number | readonly (string | number)[] | Uint8Array | readonly Attributes[] | null;
/** Attributes by tag in eight hexadecimal digits. `null` writes an empty value (Type 2). */
export type Attributes = { readonly [tag: string]: readonly [Vr, AttributeValue] };

export const transferSyntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  'jpeg-baseline': '1.2.840.10008.1.2.4.50',
  'jpeg-lossless': '1.2.840.10008.1.2.4.70',
  'jpeg-ls': '1.2.840.10008.1.2.4.80',
  'jpeg-2000': '1.2.840.10008.1.2.4.90',
  htj2k: '1.2.840.10008.1.2.4.201',
  'run-length': '1.2.840.10008.1.2.5',
} as const;
export type TransferSyntax = keyof typeof transferSyntaxes;

/** Frames as they are stored: one block of plain samples, or one compressed stream a frame. */
export type PixelData =
  | { readonly kind: 'native'; readonly bits: 8 | 16; readonly bytes: Uint8Array }
  | { readonly kind: 'encapsulated'; readonly frames: readonly Uint8Array[] };

/** Those whose length field takes four bytes after two reserved ones (PS3.5 7.1.2). */
const longVrs: ReadonlySet<Vr> = new Set<Vr>(['OB', 'OW', 'SQ', 'UT']);
const binary = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 } as const;

function decimal(value: number): string {
  // DS holds 16 characters at most (PS3.5 6.2).
  const text = String(value);
  return text.length <= 16 ? text : String(Number(value.toPrecision(9)));
}

function numbersOf(value: AttributeValue): number[] {
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? value.map(Number) : [];
}

function valueBytes(vr: Vr, value: AttributeValue, implicit: boolean): Buffer {
  if (value === null) return Buffer.alloc(0);
  if (vr === 'SQ') return sequenceBytes(value as readonly Attributes[], implicit);
  if (value instanceof Uint8Array) return evenly(value, 0);
  if (vr === 'AT') {
    const tag = String(value);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
    bytes.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
    return bytes;
  }
  if (vr in binary) {
    const numbers = numbersOf(value);
    const width = binary[vr as keyof typeof binary];
    const bytes = Buffer.alloc(numbers.length * width);
    for (const [index, number] of numbers.entries()) {
      if (vr === 'US') bytes.writeUInt16LE(number, index * width);
      else if (vr === 'SS') bytes.writeInt16LE(number, index * width);
      else if (vr === 'UL') bytes.writeUInt32LE(number, index * width);
      else if (vr === 'SL') bytes.writeInt32LE(number, index * width);
      else if (vr === 'FL') bytes.writeFloatLE(number, index * width);
      else bytes.writeDoubleLE(number, index * width);
    }
    return bytes;
  }
  const parts = Array.isArray(value) ? value : [value];
  const text = parts.map((part) => (typeof part === 'number' ? decimal(part) : String(part))).join('\\');
  return evenly(Buffer.from(text, 'utf8'), vr === 'UI' ? 0 : 0x20);
}

/** Values have even length (PS3.5 7.1.1). */
function evenly(bytes: Uint8Array, padding: number): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.length % 2 === 0 ? buffer : Buffer.concat([buffer, Buffer.from([padding])]);
}

function header(tag: string, vr: Vr, length: number, implicit: boolean): Buffer {
  const long = longVrs.has(vr);
  const bytes = Buffer.alloc(implicit || !long ? 8 : 12);
  bytes.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  bytes.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
  if (implicit) bytes.writeUInt32LE(length, 4);
  else {
    bytes.write(vr, 4, 'latin1');
    if (long) bytes.writeUInt32LE(length, 8);
    else bytes.writeUInt16LE(length, 6);
  }
  return bytes;
}

function itemHeader(element: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(0xfffe, 0);
  bytes.writeUInt16LE(element, 2);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

function sequenceBytes(items: readonly Attributes[], implicit: boolean): Buffer {
  return Buffer.concat(
    items.flatMap((item) => {
      const content = attributesBytes(item, implicit);
      return [itemHeader(0xe000, content.length), content];
    }),
  );
}

function attributesBytes(attributes: Attributes, implicit: boolean): Buffer {
  const parts: Buffer[] = [];
  for (const tag of Object.keys(attributes).sort()) {
    const found = attributes[tag];
    if (found === undefined) continue;
    const bytes = valueBytes(found[0], found[1], implicit);
    parts.push(header(tag, found[0], bytes.length, implicit), bytes);
  }
  return Buffer.concat(parts);
}

function pixelBytes(pixels: PixelData, implicit: boolean): Buffer {
  if (pixels.kind === 'native') {
    const bytes = evenly(pixels.bytes, 0);
    // OW is the only choice under implicit VR (PS3.5 A.1).
    const vr = pixels.bits === 8 && !implicit ? 'OB' : 'OW';
    return Buffer.concat([header('7fe00010', vr, bytes.length, implicit), bytes]);
  }
  const frames = pixels.frames.map((frame) => evenly(frame, 0));
  const offsets = Buffer.alloc(frames.length * 4);
  let at = 0;
  for (const [index, frame] of frames.entries()) {
    offsets.writeUInt32LE(at, index * 4);
    at += 8 + frame.length;
  }
  // Encapsulated: undefined length, Basic Offset Table, one fragment a frame, delimiter (PS3.5 A.4).
  return Buffer.concat([
    header('7fe00010', 'OB', 0xffffffff, false),
    itemHeader(0xe000, offsets.length),
    offsets,
    ...frames.flatMap((frame) => [itemHeader(0xe000, frame.length), frame]),
    itemHeader(0xe0dd, 0),
  ]);
}

const implementationClassUid = '2.25.183419046712834967305540136748290130577';

/** A DICOM file (PS3.10 7.1) with these attributes and pixels, in the transfer syntax named. The attributes must not hold Pixel Data. */
export function writePixelObject(attributes: Attributes, pixels: PixelData, syntax: TransferSyntax): Uint8Array {
  const implicit = syntax === 'implicit';
  const body = Buffer.concat([attributesBytes(attributes, implicit), pixelBytes(pixels, implicit)]);
  const sopClass = attributes['00080016']?.[1];
  const sopInstance = attributes['00080018']?.[1];
  const meta = attributesBytes(
    {
      '00020001': ['OB', Uint8Array.of(0, 1)],
      '00020002': ['UI', typeof sopClass === 'string' ? sopClass : ''],
      '00020003': ['UI', typeof sopInstance === 'string' ? sopInstance : ''],
      '00020010': ['UI', transferSyntaxes[syntax]],
      '00020012': ['UI', implementationClassUid],
      '00020013': ['SH', 'OVERREAD_DEMO'],
    },
    false,
  );
  const length = attributesBytes({ '00020000': ['UL', meta.length] }, false);
  // Deflated Explicit VR Little Endian: everything after the meta information as raw deflate, padded to even length (PS3.5 A.5).
  const stored = syntax === 'deflated' ? evenly(deflateRawSync(body, { level: 4 }), 0) : body;
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM', 'latin1'), length, meta, stored]);
}
