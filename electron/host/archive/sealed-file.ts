import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';

/**
 * A file sealed in chunks, so that it can be written and read as a stream and a piece of it can be opened alone.
 *
 * Layout: `OVS1`, a random file id of 16 bytes, then chunks of a 12-byte nonce and AES-256-GCM output (1 MiB of plaintext and a 16-byte
 * tag; the last one is shorter or equal). Additional data of each chunk: what the file is about, its id, the chunk's number and whether
 * it is the last: a chunk that was moved, left out, repeated, or a file that was cut does not open.
 */
export type SealingKey = { readonly cipher: KeyObject; readonly hashKey: Uint8Array };

export const chunkLength = 1024 * 1024;
/** Chunks that are sealed before the disk has them and the host's thread does something else. */
const chunksAtOnce = 4;
const ivLength = 12;
const tagLength = 16;
const overhead = ivLength + tagLength;
const headerLength = 20;
const magic = Buffer.from('OVS1', 'latin1');

/** Two keys from one, by label: one seals, one hashes names. */
export async function sealingKey(key: Uint8Array, label: string): Promise<SealingKey> {
  const derive = (purpose: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), `overread ${label} ${purpose}`, 32));
  return { cipher: createSecretKey(derive('seal')), hashKey: derive('names') };
}

/** A name on disk that tells nothing: HMAC-SHA-256, hex. */
export function hashedName(key: SealingKey, value: string): string {
  return createHmac('sha256', key.hashKey).update(value).digest('hex');
}

function additional(about: string, fileId: Uint8Array, index: number, last: boolean): Uint8Array {
  return Buffer.from(`${Buffer.from(fileId).toString('hex')}|${index}|${last ? 'last' : 'more'}|${about}`);
}

// On the host's own thread, on purpose: a chunk takes well under a millisecond, while WebCrypto copies each into and out of its pool, and
// the garbage of those copies held the thread for far longer.
function sealChunk(
  key: SealingKey,
  ports: Pick<Ports, 'randomBytes'>,
  plaintext: readonly Uint8Array[],
  additionalData: Uint8Array,
): readonly Uint8Array[] {
  const iv = ports.randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key.cipher, iv, { authTagLength: tagLength });
  cipher.setAAD(additionalData);
  const sealed = plaintext.map((piece) => cipher.update(piece));
  return [iv, ...sealed, cipher.final(), cipher.getAuthTag()];
}

/** All of them one behind the other, at the file's end. */
async function append(file: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (size === 0) return;
  const { bytesWritten } = await file.writev(pieces as Uint8Array[]);
  // A disk may take less than it was given at once.
  if (bytesWritten < size) await file.appendFile(Buffer.concat(pieces).subarray(bytesWritten));
}

function openChunk(key: SealingKey, sealed: Uint8Array, additionalData: Uint8Array): Uint8Array | null {
  const end = sealed.length - tagLength;
  const decipher = createDecipheriv('aes-256-gcm', key.cipher, sealed.subarray(0, ivLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(additionalData);
  decipher.setAuthTag(sealed.subarray(end));
  const plain = decipher.update(sealed.subarray(ivLength, end));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
}

export type SealedWriter = {
  /** Takes them one behind the other. Keeps what does not fill a chunk yet as it is, without a copy: nobody may change it afterwards. */
  write(pieces: readonly Uint8Array[]): Promise<void>;
  /** Seals the last chunk, syncs and gives the file its name, or another. Answers its size on disk. */
  commit(name?: string): Promise<number>;
  abandon(): Promise<void>;
};

/** Writes beside the final place and renames at the end: a half-written file never has the name that readers look for. */
export async function createSealedFile(
  path: string,
  about: string,
  key: SealingKey,
  ports: Pick<Ports, 'randomBytes' | 'newId'>,
  options: { readonly sync: boolean },
): Promise<SealedWriter> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${ports.newId()}.part`;
  const file = await open(temporary, 'wx', 0o600);
  const fileId = ports.randomBytes(16);
  let held: Uint8Array[] = [];
  let heldLength = 0;
  let index = 0;
  let size = headerLength;
  let done = false;
  const seal = (last: boolean): readonly Uint8Array[] => {
    const sealed = sealChunk(key, ports, held, additional(about, fileId, index, last));
    size += heldLength + overhead;
    index += 1;
    held = [];
    heldLength = 0;
    return sealed;
  };
  const drop = async (): Promise<void> => {
    if (done) return;
    done = true;
    await file.close();
    await unlink(temporary).catch(() => undefined);
  };
  try {
    await file.appendFile(Buffer.concat([magic, fileId]));
  } catch (reason) {
    await drop();
    throw reason;
  }
  return {
    write: async (pieces) => {
      let sealed: Uint8Array[] = [];
      let chunks = 0;
      for (const piece of pieces)
        for (let at = 0; at < piece.length; ) {
          // A full chunk waits until more comes: only then is it known not to be the last.
          if (heldLength === chunkLength) {
            sealed.push(...seal(false));
            chunks += 1;
          }
          // A large object handed over whole is neither in memory twice nor sealed in one go.
          if (chunks === chunksAtOnce) {
            await append(file, sealed);
            sealed = [];
            chunks = 0;
          }
          const count = Math.min(piece.length - at, chunkLength - heldLength);
          held.push(piece.subarray(at, at + count));
          heldLength += count;
          at += count;
        }
      await append(file, sealed);
    },
    commit: async (name = path) => {
      await append(file, seal(true));
      if (options.sync) await file.sync();
      done = true;
      await file.close();
      await rename(temporary, name);
      return size;
    },
    abandon: drop,
  };
}

export type SealedReader = {
  /** Plaintext length in bytes. */
  readonly length: number;
  readonly chunks: number;
  chunk(index: number): Promise<Result<Uint8Array, 'altered'>>;
  /** The bytes from `start` up to `end` (exclusive); opens only the chunks that hold them. */
  range(start: number, end: number): Promise<Result<Uint8Array, 'altered'>>;
  close(): Promise<void>;
};

/** Opens a sealed file; the length alone decides how many chunks there must be, and the last says that it is the last. */
export async function openSealedFile(
  path: string,
  about: string,
  key: SealingKey,
): Promise<Result<SealedReader, 'absent' | 'altered'>> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch {
    return err('absent');
  }
  const size = (await file.stat()).size;
  const header = Buffer.alloc(headerLength);
  const sealedChunk = chunkLength + overhead;
  const body = size - headerLength;
  const count = Math.ceil(body / sealedChunk);
  const rest = body - (count - 1) * sealedChunk;
  const headerRead = size < headerLength + overhead ? 0 : (await file.read(header, 0, headerLength, 0)).bytesRead;
  if (headerRead !== headerLength || rest < overhead || !header.subarray(0, 4).equals(magic)) {
    await file.close();
    return err('altered');
  }
  const fileId = header.subarray(4);
  const length = body - count * overhead;
  const chunk = async (index: number): Promise<Result<Uint8Array, 'altered'>> => {
    if (index < 0 || index >= count) return err('altered');
    const last = index === count - 1;
    const sealed = Buffer.allocUnsafe(last ? rest : sealedChunk);
    const { bytesRead } = await file.read(sealed, 0, sealed.length, headerLength + index * sealedChunk);
    if (bytesRead !== sealed.length) return err('altered');
    const plain = openChunk(key, sealed, additional(about, fileId, index, last));
    return plain === null ? err('altered') : ok(plain);
  };
  const range = async (start: number, end: number): Promise<Result<Uint8Array, 'altered'>> => {
    if (start < 0 || end > length || start > end) return err('altered');
    const answer = new Uint8Array(end - start);
    for (let at = start; at < end; ) {
      const index = Math.floor(at / chunkLength);
      const plain = await chunk(index);
      if (!plain.ok) return plain;
      const from = at - index * chunkLength;
      const piece = plain.value.subarray(from, Math.min(plain.value.length, from + end - at));
      answer.set(piece, at - start);
      at += piece.length;
    }
    return ok(answer);
  };
  return ok({ length, chunks: count, chunk, range, close: () => file.close() });
}
