/** Bytes that are not what a reader was told to read: cut short or altered. Caught where the reading began. */
export class AlteredBytes extends Error {}

/** Signed values beyond this do not fit into an unsigned one once their sign is folded in. */
export const highestSigned = 2 ** 51;

/** Writes numbers and texts one after the other, small ones in few bytes. */
export type ByteWriter = {
  /** 0 to 255. */
  byte(value: number): void;
  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first. */
  unsigned(value: number): void;
  /** A whole number between -`highestSigned` and `highestSigned`. */
  signed(value: number): void;
  /** Any number at all, in 8 bytes (IEEE 754 binary64, big-endian). */
  float(value: number): void;
  /** Any string: its code units in one to three bytes each, so that a half of a surrogate pair comes back too. */
  text(value: string): void;
  finish(): Uint8Array;
};

/** Reads what a `ByteWriter` wrote. Throws `AlteredBytes` and nothing else, whatever the bytes are. */
export type ByteReader = {
  atEnd(): boolean;
  byte(): number;
  unsigned(): number;
  signed(): number;
  float(): number;
  text(): string;
};

export function createByteWriter(): ByteWriter {
  let bytes = new Uint8Array(256);
  let used = 0;
  const byte = (value: number): void => {
    if (used === bytes.length) {
      const larger = new Uint8Array(2 * bytes.length);
      larger.set(bytes);
      bytes = larger;
    }
    bytes[used] = value;
    used += 1;
  };
  const unsigned = (value: number): void => {
    let left = value;
    while (left >= 128) {
      byte((left % 128) + 128);
      left = Math.floor(left / 128);
    }
    byte(left);
  };
  return {
    byte,
    unsigned,
    signed: (value) => unsigned(value < 0 ? -2 * value - 1 : 2 * value),
    float: (value) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value);
      for (let place = 0; place < 8; place += 1) byte(view.getUint8(place));
    },
    text: (value) => {
      unsigned(value.length);
      for (let place = 0; place < value.length; place += 1) {
        const unit = value.charCodeAt(place);
        if (unit < 0x80) byte(unit);
        else if (unit < 0x800) {
          byte(0xc0 + (unit >> 6));
          byte(0x80 + (unit & 0x3f));
        } else {
          byte(0xe0 + (unit >> 12));
          byte(0x80 + ((unit >> 6) & 0x3f));
          byte(0x80 + (unit & 0x3f));
        }
      }
    },
    finish: () => bytes.slice(0, used),
  };
}

export function createByteReader(bytes: Uint8Array): ByteReader {
  let place = 0;
  const byte = (): number => {
    const value = bytes[place];
    if (value === undefined) throw new AlteredBytes('cut short');
    place += 1;
    return value;
  };
  const unsigned = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const next = byte();
      value += (next % 128) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw new AlteredBytes('a number that is too large');
      if (next < 128) return value;
      scale *= 128;
    }
  };
  return {
    atEnd: () => place >= bytes.length,
    byte,
    unsigned,
    signed: () => {
      const value = unsigned();
      return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    },
    float: () => {
      const view = new DataView(new ArrayBuffer(8));
      for (let at = 0; at < 8; at += 1) view.setUint8(at, byte());
      return view.getFloat64(0);
    },
    text: () => {
      const length = unsigned();
      if (length > bytes.length - place) throw new AlteredBytes('a text longer than what is left');
      let value = '';
      for (let done = 0; done < length; done += 1) {
        const first = byte();
        if (first < 0x80) value += String.fromCharCode(first);
        else if (first < 0xe0) value += String.fromCharCode(((first & 0x1f) << 6) + (byte() & 0x3f));
        else value += String.fromCharCode(((first & 0x0f) << 12) + ((byte() & 0x3f) << 6) + (byte() & 0x3f));
      }
      return value;
    },
  };
}
