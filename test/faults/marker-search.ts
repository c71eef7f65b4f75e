import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Where a marker was found, and in which spelling. */
export type MarkerHit = { readonly file: string; readonly marker: string; readonly how: string; readonly at: number };

/** A form in which a text may lie on a disk. */
type Needle = { readonly marker: string; readonly how: string; readonly bytes: Buffer };

/**
 * Base64 (and base64url) of a text inside a longer one: the text may begin at any of three places in a group, and the characters at both
 * ends that also hold bits of its neighbours are left out.
 */
function base64Needles(marker: string): Needle[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(marker, 'utf8')]);
    const whole = bytes.toString('base64').replace(/=+$/, '');
    const lead = shift === 0 ? 0 : shift + 1;
    const tail = bytes.length % 3 === 0 ? 0 : 1;
    const sure = whole.slice(lead, whole.length - tail);
    const url = sure.replaceAll('+', '-').replaceAll('/', '_');
    return [...new Set([sure, url])].map((text) => ({ marker, how: `base64 at ${shift}`, bytes: Buffer.from(text) }));
  });
}

function needlesOf(markers: readonly string[]): readonly Needle[] {
  return markers.flatMap((marker) => {
    const utf16 = Buffer.from(marker, 'utf16le');
    return [
      { marker, how: 'UTF-8', bytes: Buffer.from(marker, 'utf8') },
      { marker, how: 'UTF-16LE', bytes: utf16 },
      { marker, how: 'UTF-16BE', bytes: Buffer.from(utf16).swap16() },
      { marker, how: 'hex', bytes: Buffer.from(Buffer.from(marker, 'utf8').toString('hex')) },
      ...base64Needles(marker),
    ];
  });
}

function hitsIn(file: string, bytes: Buffer, needles: readonly Needle[], inside: string): MarkerHit[] {
  return needles.flatMap(({ marker, how, bytes: needle }) => {
    const at = bytes.indexOf(needle);
    return at < 0 ? [] : [{ file, marker, how: inside === '' ? how : `${how}, ${inside}`, at }];
  });
}

const largestUnpacked = 64 * 1024 * 1024;

/** Where the deflate stream of a gzip member begins (RFC 1952 2.3); its check sum is not asked for, so that a cut one opens too. */
function afterGzipHeader(bytes: Buffer, at: number): number {
  const flags = bytes[at + 3] ?? 0;
  let place = at + 10;
  if ((flags & 4) !== 0) place += 2 + (bytes[place] ?? 0) + 256 * (bytes[place + 1] ?? 0);
  for (const flag of [8, 16]) if ((flags & flag) !== 0) place = bytes.indexOf(0, place) + 1;
  return (flags & 2) !== 0 ? place + 2 : place;
}

/** What a compressed piece at `at` unpacks to; null where there is none. A cut stream gives what it holds. */
function unpack(bytes: Buffer, at: number): { readonly data: Buffer; readonly how: string } | null {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  const options = { maxOutputLength: largestUnpacked, finishFlush: 2 };
  try {
    if (first === 0x1f && second === 0x8b)
      return { data: inflateRawSync(bytes.subarray(afterGzipHeader(bytes, at)), options), how: 'in gzip' };
    if ((first & 0x0f) === 8 && first >> 4 <= 7 && (first * 256 + second) % 31 === 0)
      return { data: inflateSync(bytes.subarray(at), options), how: 'in zlib' };
  } catch {
    // Two bytes that only look like a beginning.
  }
  return null;
}

/** A zip's entries and a whole file of raw deflate or brotli begin without a mark of their own; they are tried where they can begin. */
function bareStreams(bytes: Buffer): { readonly data: Buffer; readonly how: string }[] {
  const starts = [0];
  for (let at = bytes.indexOf('PK\x03\x04', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\x03\x04', at + 4, 'latin1'))
    starts.push(
      at +
        30 +
        (bytes[at + 26] ?? 0) +
        256 * (bytes[at + 27] ?? 0) +
        (bytes[at + 28] ?? 0) +
        256 * (bytes[at + 29] ?? 0),
    );
  const found: { data: Buffer; how: string }[] = [];
  for (const at of starts) {
    for (const [how, open] of [
      ['in raw deflate', inflateRawSync],
      ['in brotli', brotliDecompressSync],
    ] as const) {
      try {
        found.push({ data: open(bytes.subarray(at), { maxOutputLength: largestUnpacked }), how });
      } catch {
        // Not one.
      }
    }
  }
  return found;
}

/**
 * Searches bytes for markers: UTF-8, UTF-16 in both orders, hex, base64 in its three alignments, and all of these once more inside every
 * gzip, zlib, deflate, zip entry or brotli stream (two layers deep).
 */
export function searchBytes(file: string, bytes: Buffer, markers: readonly string[]): readonly MarkerHit[] {
  const needles = needlesOf(markers);
  const look = (data: Buffer, inside: string, depth: number): MarkerHit[] => {
    const hits = hitsIn(file, data, needles, inside);
    if (depth === 0) return hits;
    const deeper = (found: { data: Buffer; how: string }): void => {
      if (found.data.length > 8) hits.push(...look(found.data, `${inside} ${found.how}`.trim(), depth - 1));
    };
    for (let at = 0; at < data.length - 2; at += 1) {
      const first = data[at] ?? 0;
      if (first !== 0x1f && ((first & 0x0f) !== 8 || first > 0x78)) continue;
      const found = unpack(data, at);
      if (found !== null) deeper(found);
    }
    for (const found of bareStreams(data)) deeper(found);
    return hits;
  };
  return look(bytes, '', 2);
}

/** Every file under a folder, links not followed; names are searched too. Answers the hits and how much was searched. */
export async function searchFolder(
  folder: string,
  markers: readonly string[],
): Promise<{ readonly hits: readonly MarkerHit[]; readonly files: number; readonly bytes: number }> {
  let hits: MarkerHit[] = [];
  let files = 0;
  let bytes = 0;
  const walk = async (place: string): Promise<void> => {
    for (const entry of await readdir(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      hits.push(...hitsIn(path, Buffer.from(entry.name), needlesOf(markers), 'in the name'));
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) {
        files += 1;
        const { size } = await stat(path);
        bytes += size;
        if (size < 1024 ** 3) hits.push(...searchBytes(path, await readFile(path), markers));
        else hits.push(...(await searchLarge(path, markers)));
      }
    }
  };
  for (let tries = 1; ; tries += 1) {
    [hits, files, bytes] = [[], 0, 0];
    try {
      await walk(folder);
      return { hits, files, bytes };
    } catch (reason) {
      // A file that was there a moment ago has another name now: what is not seen under one name must be seen under the other.
      const gone = reason instanceof Error && 'code' in reason && reason.code === 'ENOENT';
      if (!gone || tries >= 20) throw reason;
    }
  }
}

/** A file that is too large to hold: piece by piece, overlapping, without unpacking. */
async function searchLarge(path: string, markers: readonly string[]): Promise<MarkerHit[]> {
  const needles = needlesOf(markers);
  const overlap = Math.max(...needles.map((one) => one.bytes.length));
  const hits: MarkerHit[] = [];
  let rest = Buffer.alloc(0);
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const both = Buffer.concat([rest, piece as Buffer]);
    hits.push(...hitsIn(path, both, needles, ''));
    rest = both.subarray(Math.max(0, both.length - overlap));
  }
  return hits;
}
