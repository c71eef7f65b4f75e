import {
  decodeHtj2k,
  decodeJpeg8,
  decodeJpeg12,
  decodeJpeg2000,
  decodeJpegLossless,
  decodeJpegLs,
  jpegPrecision,
  type Samples,
} from './codecs.ts';
import { paletteToRgba, toRgba } from './colour.ts';
import { swapped } from './lookup-tables.ts';
import { nativeFrameBytes } from './part10.ts';
import { decodeRunLength } from './run-length.ts';
import type { DecodedFrame, ImagingFailure, LookUpTable, Palette, PixelDescription, StoredPixels } from './types.ts';
import { wrongShape } from './wrong-shape.ts';

export type FrameSource = {
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
  readonly description: PixelDescription;
  readonly palette: Palette | null;
  readonly modalityTable: LookUpTable | null;
  readonly voiTables: readonly LookUpTable[];
  readonly float: boolean;
  /** True when nothing else is read from the memory of these bytes afterwards: uncompressed pixels stay where they are. */
  readonly own?: boolean;
};

export type FrameDecoded =
  | { readonly ok: true; readonly frame: DecodedFrame }
  | { readonly ok: false; readonly failure: ImagingFailure };

/** What the transfer syntaxes that we decode are called (PS3.6 A), for messages. */
const syntaxes: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2': 'implicit little endian',
  '1.2.840.10008.1.2.1': 'explicit little endian',
  '1.2.840.10008.1.2.2': 'explicit big endian',
  '1.2.840.10008.1.2.5': 'RLE',
  '1.2.840.10008.1.2.4.50': 'JPEG baseline',
  '1.2.840.10008.1.2.4.51': 'JPEG extended',
  '1.2.840.10008.1.2.4.57': 'JPEG lossless',
  '1.2.840.10008.1.2.4.70': 'JPEG lossless',
  '1.2.840.10008.1.2.4.80': 'JPEG-LS',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS near lossless',
  '1.2.840.10008.1.2.4.90': 'JPEG 2000 lossless',
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
  '1.2.840.10008.1.2.4.201': 'HTJ2K lossless',
  '1.2.840.10008.1.2.4.202': 'HTJ2K lossless RPCL',
  '1.2.840.10008.1.2.4.203': 'HTJ2K',
};

/** Decodes one frame to grey stored values or RGBA. Never gives a frame of another size than the one described. */
export async function decodeFrame(source: FrameSource): Promise<FrameDecoded> {
  const name = syntaxes[source.transferSyntax];
  if (name === undefined) {
    return failed('transfer-syntax', `Images in transfer syntax ${source.transferSyntax} are not decoded here.`);
  }
  const wrong = wrongShape(source.description);
  if (wrong !== null) return failed('undecodable', wrong);
  try {
    if (source.float || source.description.bitsAllocated === 32) return { ok: true, frame: decodeWide(source) };
    const samples = await decodeSamples(source);
    const { rows, columns, samplesPerPixel } = source.description;
    if (samples.rows !== rows || samples.columns !== columns || samples.samplesPerPixel !== samplesPerPixel) {
      return failed(
        'undecodable',
        `The pixels are ${samples.columns} by ${samples.rows} with ${samples.samplesPerPixel} samples, but the image says ${columns} by ${rows} with ${samplesPerPixel}: not shown.`,
      );
    }
    return { ok: true, frame: finish(source, samples) };
  } catch (error) {
    const detail = (error instanceof Error ? error.message : String(error)).replace(/[^\x20-\x7e]/g, ' ').slice(0, 160);
    return failed('undecodable', `The ${name} pixels of this image could not be decoded (${detail}).`);
  }
}

function failed(code: ImagingFailure['code'], words: string): FrameDecoded {
  return { ok: false, failure: { code, words } };
}

async function decodeSamples(source: FrameSource): Promise<Samples> {
  const { bytes, description, transferSyntax } = source;
  const { rows, columns, samplesPerPixel, bitsAllocated, photometric } = description;
  switch (transferSyntax) {
    case '1.2.840.10008.1.2':
    case '1.2.840.10008.1.2.1':
    case '1.2.840.10008.1.2.2': {
      const size = nativeFrameBytes(description);
      if (bytes.length < size) throw new Error(`${bytes.length} of ${size} bytes came`);
      const whole = bytes.subarray(0, size);
      const isBig = transferSyntax.endsWith('.2.2');
      // Whether bytes stand in words is written beside the whole instance only (OB or OW), which is asked for instead.
      if (isBig && bitsAllocated === 8) throw new Error('a frame of 8-bit words in big endian');
      return {
        bytesPerSample: bitsAllocated > 8 ? 2 : 1,
        bytes: isBig ? swapped(whole, 2) : whole,
        own: isBig || source.own === true,
        rows,
        columns,
        samplesPerPixel,
        planar: samplesPerPixel > 1 && description.planar === 1,
        rgb: false,
      };
    }
    case '1.2.840.10008.1.2.5': {
      const bytesPerSample = bitsAllocated > 8 ? 2 : 1;
      const decoded = decodeRunLength(bytes, rows * columns, samplesPerPixel, bytesPerSample);
      return {
        bytesPerSample,
        bytes: decoded,
        own: true,
        rows,
        columns,
        samplesPerPixel,
        planar: samplesPerPixel > 1,
        rgb: false,
      };
    }
    case '1.2.840.10008.1.2.4.50':
    case '1.2.840.10008.1.2.4.51':
      return (jpegPrecision(bytes) ?? 8) > 8 ? decodeJpeg12(bytes, columns, rows) : decodeJpeg8(bytes);
    case '1.2.840.10008.1.2.4.57':
    case '1.2.840.10008.1.2.4.70':
      return decodeJpegLossless(bytes, description);
    case '1.2.840.10008.1.2.4.80':
    case '1.2.840.10008.1.2.4.81':
      return decodeJpegLs(bytes);
    case '1.2.840.10008.1.2.4.90':
    case '1.2.840.10008.1.2.4.91':
      return decodeJpeg2000(bytes, photometric);
    default:
      return decodeHtj2k(bytes, photometric);
  }
}

/** JPEG baseline and extended have no lossless mode (PS3.5 A.4.1); of the others the header alone tells (0028,2110). */
const isAlwaysLossy = (transferSyntax: string): boolean => /^1\.2\.840\.10008\.1\.2\.4\.5[01]$/.test(transferSyntax);

function finish(source: FrameSource, samples: Samples): DecodedFrame {
  const { description, palette } = source;
  const { rows, columns, samplesPerPixel, photometric } = description;
  const shape = {
    rows,
    columns,
    slope: 1,
    intercept: 0,
    modalityApplied: false,
    voiTables: source.voiTables,
    lossy: isAlwaysLossy(source.transferSyntax),
  };
  if (samplesPerPixel >= 3) {
    if (samplesPerPixel === 4) throw new Error('four samples a pixel');
    const eight = samples.bytesPerSample === 1 ? samples.bytes : highBytes(samples.bytes, description.bitsStored);
    const ybr = !samples.rgb && photometric.startsWith('YBR_FULL');
    const subsampled = photometric === 'YBR_FULL_422' && eight.length === rows * columns * 2;
    const layout = subsampled ? 'full-422' : samples.planar ? 'plane' : 'pixel';
    if (!subsampled && eight.length < rows * columns * 3) throw new Error('too few samples came');
    return { ...shape, colour: true, pixels: toRgba(eight, rows * columns, layout, ybr), min: 0, max: 255 };
  }
  const { pixels, min, max } = storedValues(samples, description);
  if (palette !== null) {
    return { ...shape, colour: true, pixels: paletteToRgba(pixels, palette), min: 0, max: 255 };
  }
  if (source.modalityTable !== null) {
    const mapped = throughTable(pixels, source.modalityTable);
    return { ...shape, modalityApplied: true, colour: false, pixels: mapped, ...extremes(mapped) };
  }
  return { ...shape, colour: false, pixels, min, max };
}

export type Stored = { readonly pixels: StoredPixels; readonly min: number; readonly max: number };

/**
 * Takes the stored bits out of their cells and extends the sign (PS3.5 8.1.1): whatever lies beside them is not the image. The least and
 * the greatest value are found in the same walk: a series has a hundred million pixels.
 */
export function storedValues(
  samples: Pick<Samples, 'bytes' | 'bytesPerSample' | 'own'>,
  description: PixelDescription,
): Stored {
  const { bitsStored, highBit, signed, rows, columns } = description;
  const count = rows * columns;
  if (samples.bytes.length < count * samples.bytesPerSample) throw new Error('too few pixels came');
  const cell = samples.bytesPerSample * 8;
  const shift = Math.min(cell - 1, Math.max(0, highBit + 1 - bitsStored));
  const bits = Math.min(bitsStored, cell - shift);
  const raw = samples.bytesPerSample === 1 ? kept(samples, count) : words(samples, count);
  const pixels = !signed
    ? raw
    : raw instanceof Uint8Array
      ? new Int8Array(raw.buffer, raw.byteOffset, count)
      : new Int16Array(raw.buffer, raw.byteOffset, count);
  if (shift === 0 && (bits === cell || !signed)) {
    // Nothing beside the stored bits, as nearly everywhere: then no value is beyond them, and each stays in its cell.
    const found = extremes(pixels);
    if (bits === cell || found.max < 2 ** bits) return { pixels, ...found };
  }
  // Shifted to the top of a word and back, the sign comes along; without a sign it is a plain mask.
  const up = 32 - bits;
  const mask = 2 ** bits - 1;
  let min = signed ? -(2 ** (bits - 1)) : 0;
  let max = min;
  for (let at = 0; at < count; at += 1) {
    const cut = (raw[at] ?? 0) >> shift;
    const value = signed ? (cut << up) >> up : cut & mask;
    pixels[at] = value;
    if (at === 0) {
      min = value;
      max = value;
    } else if (value < min) min = value;
    else if (value > max) max = value;
  }
  return { pixels, min, max };
}

type Owned = Pick<Samples, 'bytes' | 'own'>;

/** What may lie beside the pixels in memory that becomes theirs, beyond a quarter of them: a header, no more. */
const smallBeside = 65_536;

/** The first `size` bytes, in memory that is theirs alone: where they came if that holds little else, else a copy. */
function kept({ bytes, own }: Owned, size: number): Uint8Array {
  const beside = bytes.buffer.byteLength - size;
  return own === true && beside <= size / 4 + smallBeside ? bytes.subarray(0, size) : bytes.slice(0, size);
}

function words(samples: Owned, count: number): Uint16Array {
  const { bytes } = samples;
  const cells = bytes.byteOffset % 2 === 0 ? kept(samples, count * 2) : bytes.slice(0, count * 2);
  return new Uint16Array(cells.buffer, cells.byteOffset, count);
}

function highBytes(bytes: Uint8Array, bitsStored: number): Uint8Array {
  const wide = new Uint16Array(bytes.slice().buffer);
  return Uint8Array.from(wide, (word) => word >> Math.max(0, bitsStored - 8));
}

function throughTable(stored: StoredPixels, table: LookUpTable): StoredPixels {
  const out = new Uint16Array(stored.length);
  const last = table.entries.length - 1;
  for (let at = 0; at < stored.length; at += 1) {
    out[at] = table.entries[Math.min(last, Math.max(0, (stored[at] ?? 0) - table.firstMapped))] ?? 0;
  }
  return out;
}

function extremes(pixels: StoredPixels): { readonly min: number; readonly max: number } {
  // Whole numbers from the first on: from infinity the walk would be one of doubles.
  let min = pixels[0] ?? 0;
  let max = min;
  for (let at = 0; at < pixels.length; at += 1) {
    const value = pixels[at] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** 32-bit integers and floats are brought to 16 bits over their own range; slope and intercept give the values back. */
function decodeWide(source: FrameSource): DecodedFrame {
  const { rows, columns, signed, samplesPerPixel } = source.description;
  if (samplesPerPixel !== 1) throw new Error('32-bit colour');
  if (!/^1\.2\.840\.10008\.1\.2(\.1)?$/.test(source.transferSyntax)) throw new Error('compressed 32-bit pixels');
  const count = rows * columns;
  if (source.bytes.length < count * 4) throw new Error('too few pixels came');
  const copy = source.bytes.slice(0, count * 4).buffer;
  const wide = source.float ? new Float32Array(copy) : signed ? new Int32Array(copy) : new Uint32Array(copy);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of wide) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) throw new Error('no finite pixel');
  const slope = max > min ? (max - min) / 65_535 : 1;
  const pixels = new Uint16Array(count);
  for (let at = 0; at < count; at += 1) {
    const value = wide[at] ?? 0;
    pixels[at] = Number.isFinite(value) ? Math.round((value - min) / slope) : 0;
  }
  return {
    rows,
    columns,
    colour: false,
    pixels,
    min: 0,
    max: max > min ? 65_535 : 0,
    slope,
    intercept: min,
    modalityApplied: false,
    voiTables: source.voiTables,
    lossy: false,
  };
}
