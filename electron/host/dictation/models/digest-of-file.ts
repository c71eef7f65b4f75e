import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** SHA-256 of a file. Rejects where it cannot be read. */
export type DigestOfFile = (path: string) => Promise<string>;

/** In small steps: the host's thread goes on meanwhile. */
export const digestOfFile: DigestOfFile = async (path) => {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 512 * 1024 })) hash.update(piece as Buffer);
  return hash.digest('hex');
};

/** The same, remembered while a file stays as it is (size, time and place on the disk): a model is not read again for each dictation. */
export function rememberedDigests(): DigestOfFile {
  const known = new Map<string, { readonly stamp: string; readonly digest: string }>();
  return async (path) => {
    const { size, mtimeMs, ino } = await stat(path);
    const stamp = `${size} ${mtimeMs} ${ino}`;
    const before = known.get(path);
    if (before?.stamp === stamp) return before.digest;
    const digest = await digestOfFile(path);
    known.set(path, { stamp, digest });
    return digest;
  };
}
