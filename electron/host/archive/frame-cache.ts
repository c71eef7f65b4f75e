import { mkdir, readdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ports } from '../ports.ts';
import type { PartPlace } from './resumed-parts.ts';
import {
  createSealedFile,
  hashedName,
  openSealedFile,
  type SealedReader,
  type SealedWriter,
  sealingKey,
} from './sealed-file.ts';

export type CachedAnswer = {
  readonly contentType: string;
  /** Parts of a multipart answer, as counted when it was written; 0 for an answer of one piece. */
  readonly parts: number;
  readonly length: number;
  /** Errors when a chunk does not open: the entry is then dropped. Cancelling closes the file. */
  readonly body: ReadableStream<Uint8Array>;
};

export type CacheWriter = {
  /**
   * Never waits, never throws; a disk that cannot follow makes the entry give up, not the reader wait. Without a copy: nobody may change
   * the bytes afterwards.
   */
  write(bytes: Uint8Array): void;
  commit(answer: {
    readonly contentType: string;
    readonly parts: number;
    /** Where single parts lie, so that one can be read alone. */
    readonly places?: readonly PartPlace[];
    /** True where more is to come: it is kept beside, for `begun` and `part`, and is never read as the whole. */
    readonly begun?: boolean;
  }): void;
  abandon(): void;
};

/** Answers of the archive for things that never change (an instance, its frames, a whole series), sealed on disk. */
export type FrameCache = {
  /** `about` names archive, path and representation; the file name is its keyed hash. */
  read(about: string): Promise<CachedAnswer | null>;
  /** One part of a kept multipart answer, or of one that was begun, with its delimiter and header; null where it is not kept. */
  part(about: string, name: string): Promise<{ readonly contentType: string; readonly bytes: Uint8Array } | null>;
  /** `afterwards`: sealed once all of it is here, as far as memory goes: whoever waits for it needs the processor first. */
  writer(about: string, how?: { readonly afterwards: boolean }): CacheWriter;
  drop(about: string): Promise<void>;
  /** What came of an answer that broke off: its parts by name, in their order; null where nothing did. */
  begun(about: string): Promise<{ readonly contentType: string; readonly names: readonly string[] } | null>;
  /** Whether a whole answer of that name is there, without reading it. */
  holds(about: string): boolean;
  /** Names of the studies of which anything is kept. They tell nothing of the study. */
  studies(): ReadonlySet<string>;
  /** The name of the study that `about` begins with, as `studies` has it. */
  nameOfStudy(about: string): string;
  /** Everything that is kept of a study goes. */
  dropStudy(name: string): Promise<void>;
  /** Bytes on disk. */
  readonly size: () => number;
  /** Resolves when everything handed over so far is on disk or given up. */
  settled(): Promise<void>;
  /** Resolves when the disk has followed: who is in no hurry hands no more over before, so that no entry gives up. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
};

/** Sealed bytes may wait in memory up to this much before an entry gives up. */
const largestBacklog = 64 * 1024 * 1024;
/** Bytes that are sealed and handed to the disk at a time. */
const gathered = 4 * 1024 * 1024;
const usualAfterwards = 256 * 1024 * 1024;
/** Bytes that may wait while somebody who is in no hurry goes on, and how long a disk is waited for that takes none, in milliseconds. */
const easyBacklog = 8 * 1024 * 1024;
const followFor = 20_000;
const trailerLength = 512;
/** Answers whose places of parts stay in memory. */
const mostPlaces = 16;

type Entry = { size: number; used: number };
type Trailer = {
  readonly contentType: string;
  readonly parts: number;
  readonly index: number;
  readonly begun: boolean;
};
type Places = { readonly contentType: string; readonly at: ReadonlyMap<string, PartPlace> };

/**
 * A sealed cache with a size cap; the least recently used go first. Each entry ends with a fixed-length trailer (content type and part
 * count), since both are known only when the answer has come in whole.
 */
export async function openFrameCache(options: {
  /** The data folder; the cache keeps to `frame-cache/` below it. */
  readonly directory: string;
  readonly key: Uint8Array;
  readonly maxBytes: number;
  readonly ports: Ports;
  /** Bytes of all entries together that may wait to be sealed afterwards. */
  readonly mostAfterwards?: number;
}): Promise<FrameCache> {
  const { maxBytes, ports, mostAfterwards = usualAfterwards } = options;
  const directory = join(options.directory, 'frame-cache');
  const key = await sealingKey(options.key, 'frame cache');
  const entries = new Map<string, Entry>();
  let total = 0;
  const background = new Set<Promise<void>>();
  const known = new Map<string, Places>();

  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    // Half-written files of a host that was killed.
    if (!/^[0-9a-f]{64}(\.begun)?$/.test(name)) {
      if (name.endsWith('.part')) await unlink(path).catch(() => undefined);
      continue;
    }
    const found = await stat(path).catch(() => null);
    if (found === null) continue;
    entries.set(name, { size: found.size, used: found.mtimeMs });
    total += found.size;
  }

  /** The first half of a name is the study's, so that a study's answers are found together; both halves are keyed hashes. */
  const half = 32;
  const studyName = (about: string): string =>
    hashedName(key, /^[^|]*\|\/studies\/[0-9.]+/.exec(about)?.[0] ?? '').slice(0, half);
  /** Bytes of all entries that were handed over and are not on disk. */
  let behind = 0;
  /** Bytes of all entries that wait until the rest of their answer has come. */
  let waiting = 0;
  const nameFor = (about: string): string => `${studyName(about)}${hashedName(key, about).slice(0, half)}`;
  const begunName = (about: string): string => `${nameFor(about)}.begun`;

  function run(work: Promise<void>): void {
    const settled = work.catch((reason: unknown) => {
      ports.log.warn('a cached answer could not be kept', {
        reason: reason instanceof Error ? reason.name : 'unknown',
      });
    });
    background.add(settled);
    void settled.then(() => background.delete(settled));
  }
  async function remove(name: string): Promise<void> {
    known.delete(name);
    const entry = entries.get(name);
    if (entry !== undefined) {
      total -= entry.size;
      entries.delete(name);
    }
    await unlink(join(directory, name)).catch(() => undefined);
  }
  async function makeRoom(): Promise<void> {
    if (total <= maxBytes) return;
    const oldestFirst = [...entries].sort((left, right) => left[1].used - right[1].used);
    for (const [name] of oldestFirst) {
      if (total <= maxBytes) return;
      await remove(name);
    }
  }
  await makeRoom();

  /** What a kept file says of itself at its end; null, and the file is gone, where it was altered. */
  async function open(
    about: string,
    begun = false,
  ): Promise<{ readonly name: string; readonly file: SealedReader; readonly told: Trailer } | null> {
    const name = begun ? begunName(about) : nameFor(about);
    if (!entries.has(name)) return null;
    const opened = await openSealedFile(join(directory, name), about, key);
    if (!opened.ok) {
      await remove(name);
      return null;
    }
    const file = opened.value;
    const end = file.length - trailerLength;
    const trailer = end < 0 ? null : await file.range(end, file.length);
    const told = trailer?.ok ? readTrailer(trailer.value, end) : null;
    // Half of an answer under the name of the whole one would be missing slices that nobody is told of.
    if (told?.begun === begun) return { name, file, told };
    await file.close();
    await altered(name);
    return null;
  }
  async function altered(name: string): Promise<void> {
    await remove(name);
    ports.log.warn('a cached answer was altered and has been dropped');
  }

  /** Where the parts of an open file lie; null, and the file is gone, where that was altered. */
  async function placesIn(opened: {
    readonly name: string;
    readonly file: SealedReader;
    readonly told: Trailer;
  }): Promise<Places | null> {
    const { name, file, told } = opened;
    const before = known.get(name);
    if (before !== undefined) return before;
    const end = file.length - trailerLength;
    const index = await file.range(end - told.index, end);
    const at = index.ok ? readPlaces(index.value, end - told.index) : null;
    if (at === null) {
      await altered(name);
      return null;
    }
    const places = { contentType: told.contentType, at };
    known.set(name, places);
    for (const [oldest] of known) if (known.size > mostPlaces) known.delete(oldest);
    return places;
  }

  return {
    begun: async (about) => {
      const opened = await open(about, true);
      if (opened === null) return null;
      try {
        const places = await placesIn(opened);
        return places === null ? null : { contentType: places.contentType, names: [...places.at.keys()] };
      } finally {
        await opened.file.close();
      }
    },
    part: async (about, wanted) => {
      const opened = (await open(about)) ?? (await open(about, true));
      if (opened === null) return null;
      const { name, file } = opened;
      try {
        const places = await placesIn(opened);
        const place = places?.at.get(wanted);
        if (places === null || place === undefined) return null;
        const bytes = await file.range(place.from, place.to);
        if (bytes.ok) return { contentType: places.contentType, bytes: bytes.value };
        await altered(name);
        return null;
      } finally {
        await file.close();
      }
    },
    read: async (about) => {
      const name = nameFor(about);
      const entry = entries.get(name);
      if (entry === undefined) return null;
      const opened = await open(about);
      if (opened === null) return null;
      const { file, told } = opened;
      const length = file.length - trailerLength - told.index;
      entry.used = ports.now();
      run(utimes(join(directory, name), new Date(entry.used), new Date(entry.used)));
      let next = 0;
      let at = 0;
      const body = new ReadableStream<Uint8Array>(
        {
          pull: async (controller) => {
            if (at >= length) {
              await file.close();
              controller.close();
              return;
            }
            const chunk = await file.chunk(next);
            if (!chunk.ok) {
              await file.close();
              await altered(name);
              controller.error(new Error('The cached answer was altered; asking again fetches it from the archive.'));
              return;
            }
            const piece = chunk.value.subarray(0, length - at);
            next += 1;
            at += piece.length;
            controller.enqueue(piece);
          },
          cancel: () => file.close(),
        },
        { highWaterMark: 0 },
      );
      return { contentType: told.contentType, parts: told.parts, length, body };
    },
    writer: (about, how) => {
      const afterwards = how?.afterwards === true;
      const name = nameFor(about);
      let file: Promise<SealedWriter> | null = null;
      let chain: Promise<void> = Promise.resolve();
      let backlog = 0;
      let written = 0;
      let pieces: Uint8Array[] = [];
      let piecesLength = 0;
      let state: 'open' | 'over' = 'open';
      let givenUp = false;
      const start = (): Promise<SealedWriter> => {
        file ??= createSealedFile(join(directory, name), about, key, ports, { sync: false });
        return file;
      };
      const letGo = (length: number): void => {
        backlog -= length;
        behind -= length;
      };
      /** The first of them, as many as are sealed at a time: the host's thread does something else between two handfuls. */
      const handOver = (): void => {
        let length = 0;
        let count = 0;
        for (const piece of pieces) {
          if (length >= gathered) break;
          length += piece.length;
          count += 1;
        }
        const taken = pieces.splice(0, count);
        piecesLength -= length;
        waiting -= length;
        backlog += length;
        behind += length;
        chain = chain
          .then(async () => {
            if (givenUp) return;
            const writer = await start();
            await writer.write(taken);
          })
          .finally(() => letGo(length));
        chain.catch(giveUp);
      };
      const giveUp = (): void => {
        if (state === 'over') return;
        state = 'over';
        givenUp = true;
        waiting -= piecesLength;
        pieces = [];
        piecesLength = 0;
        // The first write may not have opened the file yet: what it does is waited for, then undone.
        run(chain.catch(() => undefined).then(async () => (file === null ? undefined : (await file).abandon())));
      };
      return {
        write: (bytes) => {
          if (state === 'over') return;
          written += bytes.length;
          if (backlog + bytes.length > largestBacklog || written > maxBytes) return giveUp();
          pieces.push(bytes);
          piecesLength += bytes.length;
          waiting += bytes.length;
          while (piecesLength >= gathered && (!afterwards || waiting > mostAfterwards)) handOver();
        },
        commit: (answer) => {
          if (state === 'over') return;
          const index = Buffer.from(JSON.stringify(answer.places ?? []));
          const begun = answer.begun === true;
          const trailer = writeTrailer({ ...answer, begun }, index.length);
          const kept = begun ? begunName(about) : name;
          if (trailer === null) return giveUp();
          while (piecesLength > 0) handOver();
          state = 'over';
          const abandonToo = async (reason: unknown): Promise<never> => {
            await (await start()).abandon();
            throw reason;
          };
          run(
            chain.catch(abandonToo).then(async () => {
              const writer = await start();
              const size = await writer
                .write([index, trailer])
                .then(() => writer.commit(begun ? join(directory, kept) : undefined))
                .catch(async (reason: unknown) => {
                  await writer.abandon();
                  throw reason;
                });
              total += size - (entries.get(kept)?.size ?? 0);
              known.delete(kept);
              entries.set(kept, { size, used: ports.now() });
              if (!begun) await remove(begunName(about));
              await makeRoom();
            }),
          );
        },
        abandon: giveUp,
      };
    },
    drop: async (about) => {
      await remove(nameFor(about));
      await remove(begunName(about));
    },
    holds: (about) => entries.has(nameFor(about)),
    studies: () => new Set([...entries.keys()].map((name) => name.slice(0, half))),
    nameOfStudy: studyName,
    dropStudy: async (name) => {
      for (const one of [...entries.keys()]) if (one.startsWith(name)) await remove(one);
    },
    size: () => total,
    caughtUp: async () => {
      const until = performance.now() + followFor;
      while (behind > easyBacklog && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    settled: async () => {
      while (background.size > 0) await Promise.all([...background]);
    },
    close: async () => {
      while (background.size > 0) await Promise.all([...background]);
    },
  };
}

function writeTrailer(
  { contentType, parts, begun }: { readonly contentType: string; readonly parts: number; readonly begun: boolean },
  index: number,
): Uint8Array | null {
  const text = Buffer.from(JSON.stringify({ contentType, parts, index, ...(begun ? { begun } : {}) }));
  if (text.length > trailerLength) return null;
  return Buffer.concat([text, Buffer.alloc(trailerLength - text.length, 0x20)]);
}

/** `before`: bytes of the file before the trailer. */
function readTrailer(bytes: Uint8Array, before: number): Trailer | null {
  const told = parsed(bytes);
  if (typeof told !== 'object' || told === null || !('contentType' in told) || !('parts' in told)) return null;
  if (typeof told.contentType !== 'string' || typeof told.parts !== 'number') return null;
  // Kept by an earlier version: it says of no part where it lies.
  const index = 'index' in told ? told.index : 0;
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0 || index > before) return null;
  const begun = 'begun' in told && told.begun === true;
  return { contentType: told.contentType, parts: told.parts, index, begun };
}

/** `length`: bytes of the answer. */
function readPlaces(bytes: Uint8Array, length: number): ReadonlyMap<string, PartPlace> | null {
  if (bytes.length === 0) return new Map();
  const told = parsed(bytes);
  if (!Array.isArray(told)) return null;
  const at = new Map<string, PartPlace>();
  for (const one of told as readonly Partial<PartPlace>[]) {
    const { name, from, to } = one;
    if (typeof name !== 'string' || typeof from !== 'number' || typeof to !== 'number') return null;
    if (!(from >= 0 && from < to && to <= length)) return null;
    at.set(name, { name, from, to });
  }
  return at;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
