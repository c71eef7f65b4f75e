import { deflateRawSync } from 'node:zlib';

/** One element to write: text, numbers, bytes, items of a sequence, or encapsulated fragments (an empty table where none is given). */
export type BuiltElement =
  | readonly [tag: string, vr: string, value: string | readonly number[] | Uint8Array]
  | readonly [tag: string, vr: 'SQ', items: readonly (readonly BuiltElement[])[]]
  | readonly [
      tag: string,
      vr: 'FRAGMENTS',
      fragments: { readonly table: readonly number[]; readonly list: readonly Uint8Array[] },
    ];

const longVrs = new Set(['OB', 'OW', 'OF', 'OD', 'SQ', 'UC', 'UN', 'UR', 'UT']);

function valueBytes(vr: string, value: string | readonly number[] | Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) return value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.of(0)]);
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8');
    return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
  }
  const width = vr === 'US' || vr === 'SS' ? 2 : vr === 'FD' ? 8 : 4;
  const bytes = Buffer.alloc(value.length * width);
  for (const [index, one] of value.entries()) {
    if (vr === 'US') bytes.writeUInt16LE(one, index * width);
    else if (vr === 'SS') bytes.writeInt16LE(one, index * width);
    else if (vr === 'FD') bytes.writeDoubleLE(one, index * width);
    else if (vr === 'FL') bytes.writeFloatLE(one, index * width);
    else bytes.writeUInt32LE(one, index * width);
  }
  return bytes;
}

function tagBytes(tag: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  bytes.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
  return bytes;
}

function length32(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length >>> 0);
  return bytes;
}

function item(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([tagBytes('FFFEE000'), length32(bytes.length), bytes]);
}

function elementBytes(element: BuiltElement, explicit: boolean): Uint8Array {
  const [tag, vr] = element;
  if (vr === 'FRAGMENTS') {
    const { table, list } = element[2] as { table: readonly number[]; list: readonly Uint8Array[] };
    const head = [tagBytes(tag), Buffer.from('OB\0\0'), length32(0xffffffff), item(valueBytes('UL', table))];
    return Buffer.concat([...head, ...list.map((one) => item(one)), tagBytes('FFFEE0DD'), length32(0)]);
  }
  const bytes =
    vr === 'SQ'
      ? Buffer.concat(
          (element[2] as readonly (readonly BuiltElement[])[]).map((one) => item(datasetBytes(one, explicit))),
        )
      : valueBytes(vr, element[2] as string | readonly number[] | Uint8Array);
  if (!explicit) return Buffer.concat([tagBytes(tag), length32(bytes.length), bytes]);
  if (longVrs.has(vr)) return Buffer.concat([tagBytes(tag), Buffer.from(`${vr}\0\0`), length32(bytes.length), bytes]);
  const short = Buffer.alloc(2);
  short.writeUInt16LE(bytes.length);
  return Buffer.concat([tagBytes(tag), Buffer.from(vr), short, bytes]);
}

export function datasetBytes(elements: readonly BuiltElement[], explicit = true): Uint8Array {
  const sorted = [...elements].sort((left, right) => (left[0] < right[0] ? -1 : 1));
  return Buffer.concat(sorted.map((one) => elementBytes(one, explicit)));
}

/** A Part 10 file (PS3.10 7.1), written by the tests' own small writer so that no writer of ours vouches for itself. */
export function buildPart10(elements: readonly BuiltElement[], transferSyntax = '1.2.840.10008.1.2.1'): Uint8Array {
  const text = (tag: string): string => {
    const found = elements.find((one) => one[0] === tag)?.[2];
    return typeof found === 'string' ? found : '';
  };
  const meta = datasetBytes([
    ['00020001', 'OB', Uint8Array.of(0, 1)],
    ['00020002', 'UI', text('00080016')],
    ['00020003', 'UI', text('00080018')],
    ['00020010', 'UI', transferSyntax],
    ['00020012', 'UI', '2.25.1'],
  ]);
  const body = datasetBytes(elements, transferSyntax !== '1.2.840.10008.1.2');
  const written = transferSyntax === '1.2.840.10008.1.2.1.99' ? deflateRawSync(body) : body;
  const padded = written.length % 2 === 0 ? written : Buffer.concat([written, Buffer.of(0)]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    datasetBytes([['00020000', 'UL', [meta.length]]]),
    meta,
    padded,
  ]);
}

export type BuiltImage = {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly patientId?: string;
  readonly patientName?: string;
  readonly accession?: string;
  readonly date?: string;
  readonly modality?: string;
  readonly number?: number;
  readonly frames?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly transferSyntax?: string;
  readonly pixels?: BuiltElement;
  readonly more?: readonly BuiltElement[];
};

/** Pixels that differ with the seed, so that no two frames can be taken for each other. */
export function pixelBytes(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (seed * 2654435761) >>> 0;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** A small 16-bit image (Secondary Capture) of Petra Probe, unless told otherwise. */
export function buildImage(image: BuiltImage): Uint8Array {
  const rows = image.rows ?? 16;
  const columns = image.columns ?? 16;
  const frames = image.frames ?? 1;
  const pixels: BuiltElement = image.pixels ?? [
    '7FE00010',
    'OW',
    pixelBytes(rows * columns * 2 * frames, image.number ?? 1),
  ];
  const elements: BuiltElement[] = [
    ['00080005', 'CS', 'ISO_IR 192'],
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7'],
    ['00080018', 'UI', image.instance],
    ['00080020', 'DA', image.date ?? '20260301'],
    ['00080030', 'TM', '101500'],
    ['00080050', 'SH', image.accession ?? 'ACC1'],
    ['00080060', 'CS', image.modality ?? 'CT'],
    ['00080090', 'PN', ''],
    ['00081030', 'LO', 'CT CHEST'],
    ['00100010', 'PN', image.patientName ?? 'Probe^Petra'],
    ['00100020', 'LO', image.patientId ?? 'MRN-1'],
    ['00100030', 'DA', '19700102'],
    ['00100040', 'CS', 'F'],
    ['0020000D', 'UI', image.study],
    ['0020000E', 'UI', image.series],
    ['00200010', 'SH', '1'],
    ['00200011', 'IS', '1'],
    ['00200013', 'IS', String(image.number ?? 1)],
    ['00280002', 'US', [1]],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', [rows]],
    ['00280011', 'US', [columns]],
    ['00280100', 'US', [16]],
    ['00280101', 'US', [16]],
    ['00280102', 'US', [15]],
    ['00280103', 'US', [0]],
    ...(image.frames === undefined ? [] : ([['00280008', 'IS', String(frames)]] as const)),
    pixels,
  ];
  const kept = elements.filter((one) => !(image.more ?? []).some((other) => other[0] === one[0]));
  return buildPart10([...kept, ...(image.more ?? [])], image.transferSyntax);
}
