import type { Frame } from './pixel-codecs.ts';

/** Writes bits most significant first, with a zero byte stuffed after each 0xFF (ITU-T T.81 B.1.1.5). */
function bitWriter(): { put(value: number, count: number): void; finish(): number[] } {
  const bytes: number[] = [];
  let held = 0;
  let count = 0;
  const flushByte = (byte: number): void => {
    bytes.push(byte);
    if (byte === 0xff) bytes.push(0);
  };
  return {
    put(value, bits) {
      // Never more than 7 held bits and 16 new ones: no overflow of 32.
      held = (held << bits) | (value & ((1 << bits) - 1));
      count += bits;
      while (count >= 8) {
        count -= 8;
        flushByte((held >>> count) & 0xff);
      }
      held &= (1 << count) - 1;
    },
    finish() {
      // Padding bits are ones (T.81 F.1.2.3).
      if (count > 0) flushByte(((held << (8 - count)) | ((1 << (8 - count)) - 1)) & 0xff);
      return bytes;
    },
  };
}

/**
 * Code lengths for difference categories 0 to 16: small differences are the common ones in noise of a few grey levels. The
 * lengths are a complete-enough prefix code (Kraft sum below 1, the all-ones code unused as T.81 C.2 asks).
 */
const codeLengths = [4, 4, 4, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

type Table = {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
  readonly codes: readonly number[];
};

function huffmanTable(): Table {
  const symbols = codeLengths
    .map((_, category) => category)
    .sort((a, b) => (codeLengths[a] ?? 0) - (codeLengths[b] ?? 0) || a - b);
  const counts = Array.from({ length: 16 }, (_, index) => codeLengths.filter((length) => length === index + 1).length);
  const codes: number[] = [];
  let code = 0;
  let length = 0;
  for (const symbol of symbols) {
    const wanted = codeLengths[symbol] ?? 0;
    code <<= wanted - length;
    length = wanted;
    codes[symbol] = code++;
  }
  return { counts, symbols, codes };
}

/** A gray 16-bit frame as JPEG Lossless, process 14, selection value 1 (ITU-T T.81 Annex H): each sample predicted by its left one. */
export function encodeJpegLossless(frame: Frame, precision: number): Uint8Array {
  if (frame.components !== 1 || frame.bitsPerSample !== 16)
    throw new Error('JPEG lossless is for 16-bit gray frames here');
  const { width, height } = frame;
  const samples = new Uint16Array(frame.bytes.buffer, frame.bytes.byteOffset, width * height);
  const table = huffmanTable();
  const bits = bitWriter();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      // The first sample is predicted by half the range, the first of each other row by the one above (T.81 H.1.2.1).
      const predicted = x > 0 ? (samples[at - 1] ?? 0) : y > 0 ? (samples[at - width] ?? 0) : 2 ** (precision - 1);
      const difference = (samples[at] ?? 0) - predicted;
      const size = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
      bits.put(table.codes[size] ?? 0, codeLengths[size] ?? 0);
      if (size > 0) bits.put(difference > 0 ? difference : difference + 2 ** size - 1, size);
    }
  }
  const word = (value: number): number[] => [value >> 8, value & 0xff];
  const segment = (marker: number, content: readonly number[]): number[] => [
    0xff,
    marker,
    ...word(content.length + 2),
    ...content,
  ];
  const head = [
    0xff,
    0xd8,
    ...segment(0xc3, [precision, ...word(height), ...word(width), 1, 1, 0x11, 0]),
    ...segment(0xc4, [0, ...table.counts, ...table.symbols]),
    ...segment(0xda, [1, 1, 0, 1, 0, 0]),
  ];
  const data = bits.finish();
  const out = new Uint8Array(head.length + data.length + 2);
  out.set(head, 0);
  out.set(data, head.length);
  out.set([0xff, 0xd9], head.length + data.length);
  return out;
}
