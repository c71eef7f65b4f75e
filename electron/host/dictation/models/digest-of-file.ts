import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of a file, in small steps: the host's thread goes on meanwhile. Rejects where it cannot be read. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 512 * 1024 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
