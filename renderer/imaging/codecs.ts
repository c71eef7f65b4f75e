/// <reference path="./codec-modules.d.ts" />
import charlsWasm from '@cornerstonejs/codec-charls/decodewasm?url';
import charls from '@cornerstonejs/codec-charls/decodewasmjs';
import jpegTurboWasm from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url';
import jpegTurbo from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import openJpegWasm from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import openJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import openJphWasm from '@cornerstonejs/codec-openjph/wasm?url';
import openJph from '@cornerstonejs/codec-openjph/wasmjs';
import { Decoder as LosslessDecoder } from '@cornerstonejs/jpeg-lossless-decoder-js';

/** Samples as the codec gives them; `planar` when all of one colour come before the next. */
export type Samples = {
  readonly bytesPerSample: 1 | 2;
  readonly bytes: Uint8Array;
  /** True when the bytes are nobody else's: they may become the picture's own, and be changed. */
  readonly own?: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly planar: boolean;
  /** True when the codec has turned YCbCr into RGB already. */
  readonly rgb: boolean;
};

/** Each codec is compiled once for a worker, when its first frame comes. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

const charlsModule = once(() => charls({ locateFile: () => charlsWasm }));
const openJpegModule = once(() => openJpeg({ locateFile: () => openJpegWasm }));
const openJphModule = once(() => openJph({ locateFile: () => openJphWasm }));
const jpegTurboModule = once(() => jpegTurbo({ locateFile: () => jpegTurboWasm }));

function run(decoder: CodecDecoder, frame: Uint8Array, decode: () => void): Omit<Samples, 'planar' | 'rgb'> {
  decoder.getEncodedBuffer(frame.length).set(frame);
  decode();
  const info = decoder.getFrameInfo();
  const decoded = decoder.getDecodedBuffer();
  return {
    bytesPerSample: info.bitsPerSample > 8 ? 2 : 1,
    // The codec reuses its memory for the next frame, and its view may be one of clamped bytes, which are no plain bytes.
    bytes: new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength).slice(),
    own: true,
    rows: info.height,
    columns: info.width,
    samplesPerPixel: info.componentCount,
  };
}

/** JPEG-LS (T.87). Interleave mode 0 stores the colours one after the other. */
export async function decodeJpegLs(frame: Uint8Array): Promise<Samples> {
  const module = await charlsModule();
  const decoder = new module.JpegLSDecoder();
  try {
    const samples = run(decoder, frame, () => decoder.decode());
    return { ...samples, planar: samples.samplesPerPixel > 1 && decoder.getInterleaveMode() === 0, rgb: false };
  } catch (error) {
    throw typeof error === 'number' ? new Error(module.getExceptionMessage(error)) : error;
  } finally {
    decoder.delete?.();
  }
}

/** JPEG 2000 (T.800); the reversible and irreversible colour transforms are undone by the codec. */
export async function decodeJpeg2000(frame: Uint8Array, photometric: string): Promise<Samples> {
  const module = await openJpegModule();
  const decoder = new module.J2KDecoder();
  try {
    const samples = withSignedBytes(frame, (codestream) => run(decoder, codestream, () => decoder.decode()));
    return { ...samples, planar: false, rgb: photometric !== 'YBR_FULL' };
  } finally {
    decoder.delete?.();
  }
}

type CodecSamples = ReturnType<typeof run>;

/**
 * The codecs (openjpeg 1.3, openjph 2.4) clamp signed samples of up to 8 bits at zero: half of the image would be black. Called unsigned,
 * such a codestream gives the same samples moved up by half their range (T.800 G.1.1), which is taken off again here.
 */
function withSignedBytes(frame: Uint8Array, decode: (codestream: Uint8Array) => CodecSamples): CodecSamples {
  // SOC and SIZ with its fields come first; Ssiz of the first component stands at 42 (T.800 A.5.1).
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const size = frame[42] ?? 0;
  const depth = (size & 0x7f) + 1;
  if (frame.length < 45 || view.getUint32(0) !== 0xff4fff51 || size < 0x80 || depth > 8) return decode(frame);
  const unsigned = frame.slice();
  const components = view.getUint16(40);
  for (let at = 0; at < components && 42 + at * 3 < unsigned.length; at += 1) {
    unsigned[42 + at * 3] = (unsigned[42 + at * 3] ?? 0) & 0x7f;
  }
  const samples = decode(unsigned);
  return { ...samples, bytes: samples.bytes.map((value) => value - 2 ** (depth - 1)) };
}

/** HTJ2K (T.814). */
export async function decodeHtj2k(frame: Uint8Array, photometric: string): Promise<Samples> {
  const module = await openJphModule();
  const decoder = new module.HTJ2KDecoder();
  try {
    const samples = withSignedBytes(frame, (codestream) =>
      run(decoder, codestream, () => decoder.decodeSubResolution(0)),
    );
    return { ...samples, planar: false, rgb: photometric !== 'YBR_FULL' };
  } finally {
    decoder.delete?.();
  }
}

/** Sequential JPEG with 8 bits (T.81): the codec gives RGB or grey. */
export async function decodeJpeg8(frame: Uint8Array): Promise<Samples> {
  const module = await jpegTurboModule();
  const decoder = new module.JPEGDecoder();
  try {
    return { ...run(decoder, frame, () => decoder.decode()), planar: false, rgb: true };
  } finally {
    decoder.delete?.();
  }
}

/** Sequential JPEG with 12 bits (process 4). The loader has the one decoder for it, but does not export it by name. */
export async function decodeJpeg12(frame: Uint8Array, columns: number, rows: number): Promise<Samples> {
  const { default: JpegImage } = await import(
    '../../node_modules/@cornerstonejs/dicom-image-loader/dist/esm/codecs/jpeg.js'
  );
  // Grey has one component: no YCbCr to undo.
  const image = Object.assign(new JpegImage(), { colorTransform: false });
  image.parse(frame);
  const words = image.getData16(columns, rows).map(withoutBias);
  return {
    bytesPerSample: 2,
    bytes: new Uint8Array(words.buffer, words.byteOffset, words.byteLength),
    own: true,
    rows,
    columns,
    samplesPerPixel: 1,
    planar: false,
    rgb: false,
  };
}

/**
 * The decoder (dicom-image-loader 5.14.0) shifts 12-bit samples by 2056 x 4095 / 255 / 16 instead of 2048.5: each is 15 too large, in
 * a CT 15 HU. What it has clamped at the top stays there. Held against dcmtk by a test, which fails should the loader be mended.
 */
function withoutBias(value: number): number {
  return value === 4095 ? value : Math.max(0, value - 15);
}

/** Lossless JPEG, process 14 (T.81 annex H). */
export function decodeJpegLossless(
  frame: Uint8Array,
  shape: {
    readonly rows: number;
    readonly columns: number;
    readonly samplesPerPixel: number;
    readonly bitsAllocated: number;
  },
): Samples {
  const bytesPerSample = shape.bitsAllocated <= 8 ? 1 : 2;
  const decoded = new LosslessDecoder().decode(
    frame.buffer as ArrayBuffer,
    frame.byteOffset,
    frame.length,
    bytesPerSample,
  );
  return {
    bytesPerSample,
    bytes: new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength),
    own: true,
    rows: shape.rows,
    columns: shape.columns,
    samplesPerPixel: shape.samplesPerPixel,
    planar: false,
    rgb: false,
  };
}

/** Bits a sample in the frame header of a JPEG (T.81 B.2.2), or null when there is none. */
export function jpegPrecision(frame: Uint8Array): number | null {
  for (let at = 2; at + 8 < frame.length; ) {
    if (frame[at] !== 0xff) return null;
    const marker = frame[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return frame[at + 4] ?? null;
    if (marker === 0xda) return null;
    at += 2 + (((frame[at + 2] ?? 0) << 8) | (frame[at + 3] ?? 0));
  }
  return null;
}
