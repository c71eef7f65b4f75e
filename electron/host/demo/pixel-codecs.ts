import { createRequire } from 'node:module';
import type { PixelData, TransferSyntax } from './part10-writer.ts';

/** One frame of samples: 16-bit little-endian gray, 8-bit gray, or 8-bit RGB by pixel. */
export type Frame = {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: 8 | 16;
  readonly components: 1 | 3;
  readonly bytes: Uint8Array;
};

type FrameInfo = {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
  readonly isUsingColorTransform?: boolean;
};
/** What the WebAssembly encoders of @cornerstonejs have in common; they ship no types for it. */
type Encoder = {
  getDecodedBuffer(info: FrameInfo): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  delete(): void;
  setQuality?(first: boolean | number, second?: number): void;
  setNearLossless?(near: number): void;
  setSubSampling?(value: number): void;
  setProgressive?(value: boolean): void;
};
type CodecModule = { readonly [encoder: string]: new () => Encoder };

const require = createRequire(import.meta.url);
const codecFiles = {
  'jpeg-ls': { file: '@cornerstonejs/codec-charls', encoder: 'JpegLSEncoder' },
  'jpeg-2000': { file: '@cornerstonejs/codec-openjpeg', encoder: 'J2KEncoder' },
  htj2k: { file: '@cornerstonejs/codec-openjph', encoder: 'HTJ2KEncoder' },
  'jpeg-baseline': { file: '@cornerstonejs/codec-libjpeg-turbo-8bit', encoder: 'JPEGEncoder' },
} as const;
type WasmSyntax = keyof typeof codecFiles;

const loaded = new Map<WasmSyntax, Promise<CodecModule>>();

function codecModule(syntax: WasmSyntax): Promise<CodecModule> {
  const found = loaded.get(syntax);
  if (found !== undefined) return found;
  const make = require(codecFiles[syntax].file) as () => Promise<CodecModule>;
  const module = Promise.resolve(make());
  loaded.set(syntax, module);
  return module;
}

async function encodeByWasm(frame: Frame, syntax: WasmSyntax, significantBits: number): Promise<Uint8Array> {
  const module = await codecModule(syntax);
  const Make = module[codecFiles[syntax].encoder];
  if (Make === undefined) throw new Error(`no encoder for ${syntax}`);
  const encoder = new Make();
  try {
    const into = encoder.getDecodedBuffer({
      width: frame.width,
      height: frame.height,
      bitsPerSample: frame.bitsPerSample === 8 ? 8 : significantBits,
      componentCount: frame.components,
      isSigned: false,
      isUsingColorTransform: false,
    });
    into.set(frame.bytes);
    if (syntax === 'jpeg-ls') encoder.setNearLossless?.(0);
    if (syntax === 'jpeg-2000') encoder.setQuality?.(true, 1);
    if (syntax === 'htj2k') encoder.setQuality?.(true, 0);
    if (syntax === 'jpeg-baseline') {
      encoder.setQuality?.(88);
      // The transfer syntax is process 1 alone (PS3.5 8.2.1), and YBR_FULL_422 halves the colour along the row: libjpeg-turbo's 1.
      encoder.setProgressive?.(false);
      encoder.setSubSampling?.(1);
    }
    encoder.encode();
    return Uint8Array.from(encoder.getEncodedBuffer());
  } finally {
    encoder.delete();
  }
}

/** One segment of RLE (PS3.5 G.3.1): literal runs and repeats of up to 128 bytes. */
export function packBits(bytes: Uint8Array, into: number[]): void {
  let at = 0;
  while (at < bytes.length) {
    let same = 1;
    while (same < 128 && at + same < bytes.length && bytes[at + same] === bytes[at]) same++;
    if (same >= 2) {
      into.push(257 - same, bytes[at] ?? 0);
      at += same;
      continue;
    }
    let until = at + 1;
    while (until < bytes.length && until - at < 128) {
      if (bytes[until] === bytes[until + 1] && bytes[until] === bytes[until + 2]) break;
      until++;
    }
    into.push(until - at - 1);
    for (let index = at; index < until; index++) into.push(bytes[index] ?? 0);
    at = until;
  }
}

/** A frame as RLE Lossless (PS3.5 Annex G): a segment for each byte plane, most significant first; each row begins a run anew. */
export function encodeRunLength(frame: Frame): Uint8Array {
  const perSample = frame.bitsPerSample / 8;
  const stride = perSample * frame.components;
  const planes: number[][] = [];
  for (let component = 0; component < frame.components; component++) {
    for (let byte = perSample - 1; byte >= 0; byte--) {
      const segment: number[] = [];
      const row = new Uint8Array(frame.width);
      for (let y = 0; y < frame.height; y++) {
        for (let x = 0; x < frame.width; x++) {
          row[x] = frame.bytes[(y * frame.width + x) * stride + component * perSample + byte] ?? 0;
        }
        packBits(row, segment);
      }
      if (segment.length % 2 === 1) segment.push(0x80);
      planes.push(segment);
    }
  }
  const total = planes.reduce((sum, segment) => sum + segment.length, 64);
  const out = Buffer.alloc(total);
  out.writeUInt32LE(planes.length, 0);
  let at = 64;
  for (const [index, segment] of planes.entries()) {
    out.writeUInt32LE(at, 4 + index * 4);
    out.set(segment, at);
    at += segment.length;
  }
  return out;
}

/** Frames of one object in a transfer syntax. `significantBits` is Bits Stored (0028,0101). */
export async function encodeFrames(
  frames: readonly Frame[],
  syntax: TransferSyntax,
  significantBits: number,
): Promise<PixelData> {
  switch (syntax) {
    case 'implicit':
    case 'explicit':
    case 'deflated':
      return {
        kind: 'native',
        bits: frames[0]?.bitsPerSample ?? 16,
        bytes: Buffer.concat(frames.map((frame) => frame.bytes)),
      };
    case 'run-length':
      return { kind: 'encapsulated', frames: frames.map(encodeRunLength) };
    case 'jpeg-lossless': {
      const { encodeJpegLossless } = await import('./jpeg-lossless.ts');
      return { kind: 'encapsulated', frames: frames.map((frame) => encodeJpegLossless(frame, significantBits)) };
    }
    default: {
      const streams: Uint8Array[] = [];
      for (const frame of frames) streams.push(await encodeByWasm(frame, syntax, significantBits));
      return { kind: 'encapsulated', frames: streams };
    }
  }
}
