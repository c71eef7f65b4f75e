import { createHash } from 'node:crypto';
import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isUid } from '../../../../shared/domain/study/index.ts';
import { text as firstText } from '../../../../shared/interop/dicom-json/index.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { createSealedFile, hashedName, openSealedFile, type SealingKey } from '../sealed-file.ts';
import type { DicomJson } from '../types.ts';
import { type BulkPiece, metadataOf, swapped } from './dataset-json.ts';
import { type FrameMap, mapFrames } from './frame-map.ts';
import { openIndexLog } from './index-log.ts';
import { createInstanceIndex, type InstanceIndex, type InstanceRow, rowOf } from './instance-index.ts';
import { type ParsedObject, readPart10 } from './part10-reader.ts';

type Dice = { randomBytes(count: number): Uint8Array; newId(): string };

/** Outcome of one instance of a STOW-RS request; codes of PS3.18 table 10.5.3-1. */
export type StoreOutcome =
  | { readonly kind: 'stored'; readonly sopClass: string; readonly sopInstance: string; readonly study: string }
  | {
      readonly kind: 'refused';
      readonly sopClass: string;
      readonly sopInstance: string;
      readonly code: number;
      readonly message: string;
    };

/** What is kept beside an object so that metadata and frames need no parsing: rebuilt from the object where it is missing. */
type Side = {
  readonly json: DicomJson;
  readonly bulk: Readonly<Record<string, BulkPiece>>;
  readonly frames: FrameMap | null;
  /** Why the frames cannot be handed out. */
  readonly framesTrouble: string | null;
  readonly inflated: boolean;
};

export type FramesAnswer = { readonly transferSyntax: string; readonly frames: readonly Uint8Array[] };
export type ReadTrouble = { readonly code: 'not-found' | 'altered' | 'no-frames'; readonly message: string };

export type ObjectStore = {
  readonly index: InstanceIndex;
  store(part10: Uint8Array): Promise<StoreOutcome>;
  metadata(row: InstanceRow): Promise<Result<DicomJson, ReadTrouble>>;
  frames(row: InstanceRow, numbers: readonly number[]): Promise<Result<FramesAnswer, ReadTrouble>>;
  bulk(row: InstanceRow, tag: string): Promise<Result<Uint8Array, ReadTrouble>>;
  close(): void;
};

type Named = { readonly sopClass: string; readonly sopInstance: string; readonly study: string };

function refused(code: number, message: string, named: Pick<Named, 'sopClass' | 'sopInstance'>): StoreOutcome {
  return { kind: 'refused', code, message, sopClass: named.sopClass, sopInstance: named.sopInstance };
}

export function objectPath(directory: string, name: string): string {
  return join(directory, 'objects', name.slice(0, 2), name);
}

export function objectAbout(name: string): string {
  return `archive object ${name}`;
}

const failures = { notReadable: 0xc000, badIdentifiers: 0xa900, duplicate: 0x0111, processing: 0x0110 } as const;

export async function openObjectStore(options: {
  readonly directory: string;
  readonly key: Uint8Array;
  readonly sealing: SealingKey;
  readonly dice: Dice;
  readonly now: number;
}): Promise<ObjectStore> {
  const { directory, sealing, dice } = options;
  await mkdir(join(directory, 'objects'), { recursive: true, mode: 0o700 });
  const log = openIndexLog(join(directory, 'index.sealed'), options.key, options.now);
  const index = createInstanceIndex();
  for (const row of log.rows) index.add(row);
  if (!log.intact) await rebuild();
  const turns = new Map<string, Promise<unknown>>();

  async function readObject(name: string): Promise<Result<Uint8Array, ReadTrouble>> {
    const opened = await openSealedFile(objectPath(directory, name), objectAbout(name), sealing);
    if (!opened.ok) return err({ code: 'altered', message: 'the stored object is missing or was altered' });
    const bytes = await opened.value.range(0, opened.value.length);
    await opened.value.close();
    return bytes.ok ? bytes : err({ code: 'altered', message: 'the stored object was altered' });
  }
  /** Every object tells its own identity: the index can always be made again. */
  async function rebuild(): Promise<void> {
    for (const folder of await readdir(join(directory, 'objects'))) {
      for (const name of await readdir(join(directory, 'objects', folder))) {
        if (name.endsWith('.part')) await unlink(join(directory, 'objects', folder, name));
        if (!/^[0-9a-f]{64}$/.test(name)) continue;
        const bytes = await readObject(name);
        const parsed = bytes.ok ? readPart10(bytes.value) : null;
        if (!bytes.ok || parsed === null || !parsed.ok) continue;
        const row = rowOf(metadataOf(parsed.value).json, stored(name, bytes.value, parsed.value));
        index.add(row);
        log.append(row);
      }
    }
  }
  function stored(
    name: string,
    bytes: Uint8Array,
    parsed: ParsedObject,
  ): Pick<InstanceRow, 'file' | 'digest' | 'size' | 'transferSyntax'> {
    const digest = createHash('sha256').update(bytes).digest('hex');
    return { file: name, digest, size: bytes.length, transferSyntax: parsed.transferSyntax };
  }
  function sideOf(parsed: ParsedObject): Side {
    const { json, bulk } = metadataOf(parsed);
    const mapped = mapFrames(parsed);
    return {
      json,
      bulk,
      inflated: parsed.inflated,
      frames: mapped.ok ? mapped.value : null,
      framesTrouble: mapped.ok ? null : mapped.error,
    };
  }
  async function writeSide(name: string, side: Side): Promise<void> {
    const file = await createSealedFile(`${objectPath(directory, name)}.side`, `archive side ${name}`, sealing, dice, {
      sync: false,
    });
    await file.write([Buffer.from(JSON.stringify(side))]);
    await file.commit();
  }
  async function readSide(name: string): Promise<Result<Side, ReadTrouble>> {
    const opened = await openSealedFile(`${objectPath(directory, name)}.side`, `archive side ${name}`, sealing);
    if (opened.ok) {
      const bytes = await opened.value.range(0, opened.value.length);
      await opened.value.close();
      if (bytes.ok) return ok(JSON.parse(Buffer.from(bytes.value).toString('utf8')) as Side);
    }
    const bytes = await readObject(name);
    if (!bytes.ok) return bytes;
    const parsed = readPart10(bytes.value);
    if (!parsed.ok) return err({ code: 'altered', message: parsed.error.message });
    const side = sideOf(parsed.value);
    await writeSide(name, side);
    return ok(side);
  }
  async function store(given: Uint8Array): Promise<StoreOutcome> {
    // A preamble can make the file a program for another system (CVE-2019-11687); DICOM itself gives it no meaning (PS3.10 7.1).
    const part10 = Uint8Array.from(given);
    part10.fill(0, 0, Math.min(128, part10.length));
    const parsed = readPart10(part10);
    if (!parsed.ok) return refused(failures.notReadable, parsed.error.message, { sopClass: '', sopInstance: '' });
    const side = sideOf(parsed.value);
    const sopClass = firstText(side.json, '00080016') ?? '';
    const sopInstance = firstText(side.json, '00080018') ?? '';
    const study = firstText(side.json, '0020000D') ?? '';
    const known: readonly (readonly [string, string])[] = [
      ['SOP Class UID', sopClass],
      ['SOP Instance UID', sopInstance],
      ['Study Instance UID', study],
      ['Series Instance UID', firstText(side.json, '0020000E') ?? ''],
    ];
    const missing = known.find(([, uid]) => !isUid(uid));
    if (missing !== undefined) {
      return refused(failures.badIdentifiers, `the object has no valid ${missing[0]}`, {
        sopClass: isUid(sopClass) ? sopClass : '',
        sopInstance: isUid(sopInstance) ? sopInstance : '',
      });
    }
    if (side.framesTrouble !== null)
      return refused(failures.badIdentifiers, side.framesTrouble, { sopClass, sopInstance });
    // One at a time for one UID: two requests with the same new UID must not both be the first.
    const before = turns.get(sopInstance) ?? Promise.resolve();
    const mine = before.then(() => keep(part10, parsed.value, side, { sopClass, sopInstance, study }));
    const settled = mine.catch(() => undefined);
    turns.set(sopInstance, settled);
    void settled.then(() => (turns.get(sopInstance) === settled ? turns.delete(sopInstance) : false));
    return mine;
  }
  async function keep(part10: Uint8Array, parsed: ParsedObject, side: Side, named: Named): Promise<StoreOutcome> {
    const { sopClass, sopInstance, study } = named;
    const name = hashedName(sealing, `instance ${sopInstance}`);
    const facts = stored(name, part10, parsed);
    const before = index.byInstance(sopInstance);
    if (before !== null) {
      // The same bytes again are the same instance; other bytes under its name are refused and the first ones stay.
      if (before.digest === facts.digest) return { kind: 'stored', sopClass, sopInstance, study };
      return refused(failures.duplicate, 'an instance with this UID and other content is there already', named);
    }
    const file = await createSealedFile(objectPath(directory, name), objectAbout(name), sealing, dice, { sync: true });
    try {
      await file.write([part10]);
      await file.commit();
    } catch {
      await file.abandon();
      return refused(failures.processing, 'the object could not be written to disk', named);
    }
    await writeSide(name, side);
    const row = rowOf(side.json, facts);
    log.append(row);
    index.add(row);
    return { kind: 'stored', sopClass, sopInstance, study };
  }
  /** Bytes of the object's data: of the file, or of what is inflated from it. */
  async function dataReader(
    row: InstanceRow,
    side: Side,
  ): Promise<Result<(start: number, length: number) => Promise<Uint8Array | null>, ReadTrouble>> {
    if (side.inflated) {
      const bytes = await readObject(row.file);
      if (!bytes.ok) return bytes;
      const parsed = readPart10(bytes.value);
      if (!parsed.ok) return err({ code: 'altered', message: parsed.error.message });
      const { data } = parsed.value;
      return ok((start, length) => Promise.resolve(data.subarray(start, start + length)));
    }
    return ok(async (start, length) => {
      const opened = await openSealedFile(objectPath(directory, row.file), objectAbout(row.file), sealing);
      if (!opened.ok) return null;
      const bytes = await opened.value.range(start, start + length);
      await opened.value.close();
      return bytes.ok ? bytes.value : null;
    });
  }
  const altered: ReadTrouble = { code: 'altered', message: 'the stored object was altered' };

  return {
    index,
    store,
    metadata: async (row) => {
      const side = await readSide(row.file);
      return side.ok ? ok(side.value.json) : side;
    },
    frames: async (row, numbers) => {
      const side = await readSide(row.file);
      if (!side.ok) return side;
      const map = side.value.frames;
      if (map === null)
        return err({ code: 'no-frames', message: side.value.framesTrouble ?? 'the object has no pixel data' });
      const reader = await dataReader(row, side.value);
      if (!reader.ok) return reader;
      const frames: Uint8Array[] = [];
      for (const number of numbers) {
        const pieces = map.frames[number - 1];
        if (pieces === undefined)
          return err({ code: 'not-found', message: `the object has ${map.frames.length} frames` });
        const collected: Uint8Array[] = [];
        for (const [offset, length] of pieces) {
          const bytes = await reader.value(offset, length);
          if (bytes === null) return err(altered);
          collected.push(bytes);
        }
        frames.push(finished(map, number - 1, collected));
      }
      return ok({ transferSyntax: map.transferSyntax, frames });
    },
    bulk: async (row, tag) => {
      const side = await readSide(row.file);
      if (!side.ok) return side;
      const inline = side.value.json[tag]?.InlineBinary;
      if (inline !== undefined) return ok(Buffer.from(inline, 'base64'));
      const piece = side.value.bulk[tag];
      if (piece === undefined) return err({ code: 'not-found', message: 'the object has no such bulk data' });
      const reader = await dataReader(row, side.value);
      if (!reader.ok) return reader;
      const bytes = await reader.value(piece[0], piece[1]);
      return bytes === null ? err(altered) : ok(bytes);
    },
    close: () => log.close(),
  };
}

function finished(map: FrameMap, index: number, pieces: readonly Uint8Array[]): Uint8Array {
  const first = pieces[0];
  const joined = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
  if (map.swap) return swapped(joined, 2);
  if (map.bitsPerFrame === null) return joined;
  // Frames of one bit a pixel follow each other without padding; each is handed out from its own first bit (PS3.5 8.1.1).
  const shift = map.bitOffsets[index] ?? 0;
  const out = new Uint8Array(Math.ceil(map.bitsPerFrame / 8));
  for (let at = 0; at < out.length; at += 1) {
    out[at] = (((joined[at] ?? 0) | ((joined[at + 1] ?? 0) << 8)) >> shift) & 0xff;
  }
  const spare = out.length * 8 - map.bitsPerFrame;
  const last = out.length - 1;
  if (spare > 0) out[last] = (out[last] ?? 0) & (0xff >> spare);
  return out;
}
