import { createHash } from 'node:crypto';

/** A stream of numbers in [0, 1) that depends on its seed alone: the same demo day for the same seed. */
export type Random = {
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Uniform integer in [low, high]. */
  integer(low: number, high: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** Normal distribution, mean 0, deviation 1. */
  normal(): number;
};

/** 32 bits that stand for a text. */
export function hash32(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE(0);
}

/** mulberry32: 32 bits of state are plenty for pictures. */
export function randomFrom(seed: string): Random {
  let state = hash32(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** UID under 2.25 (PS3.5 B.2) from a text: a version 8 UUID (RFC 9562 5.8) whose bits come from the text's SHA-256. */
export function uidFrom(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}

const tableSize = 1 << 16;
let table: Float32Array | null = null;

/** Normal noise by table, for millions of pixels. The table is the same in every process. */
export function noiseTable(): Float32Array {
  if (table === null) {
    const random = randomFrom('noise table');
    table = Float32Array.from({ length: tableSize }, () => random.normal());
  }
  return table;
}
