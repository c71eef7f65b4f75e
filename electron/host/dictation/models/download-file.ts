import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { type DigestOfFile, digestOfFile } from './digest-of-file.ts';
import type { DownloadableFile } from './model-list.ts';

export type Fetch = (address: string, options: RequestInit) => Promise<Response>;

/** A server that gives nothing for so long is left, in milliseconds; what came is kept for the next time. */
const silentFor = 30_000;

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

/** Whether the file lies there whole. */
export async function isWhole(
  file: DownloadableFile,
  folder: string,
  digest: DigestOfFile = digestOfFile,
): Promise<boolean> {
  const path = join(folder, file.name);
  return (await sizeOf(path)) === file.bytes && (await digest(path)) === file.sha256;
}

/**
 * Brings one file into the folder: goes on where an earlier try ended, and gives it its name only once its SHA-256 is the listed one.
 * `onBytes` is told how much of it is there. An error is in words for the reader, with the next step.
 */
export async function downloadFile(
  file: DownloadableFile,
  folder: string,
  options: { readonly fetch: Fetch; readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void },
): Promise<Result<null, string>> {
  const { fetch, signal, onBytes } = options;
  const part = join(folder, `${file.name}.part`);
  const stopped = err('Stopped. What came is kept: press Download to go on.');
  try {
    await mkdir(folder, { recursive: true });
    if (await isWhole(file, folder)) {
      onBytes(file.bytes);
      return ok(null);
    }
    let have = await sizeOf(part);
    if (have > file.bytes) {
      await rm(part, { force: true });
      have = 0;
    }
    if (have < file.bytes) {
      const fetched = await rest(file, part, have, { fetch, signal, onBytes });
      if (signal.aborted) return stopped;
      if (!fetched.ok) return fetched;
    }
    if ((await digestOfFile(part)) !== file.sha256) {
      await rm(part, { force: true });
      return err(
        `${file.name} did not pass its check (SHA-256) and was thrown away. Press Download to try again; if that fails too, take the model from a folder.`,
      );
    }
    await rename(part, join(folder, file.name));
    onBytes(file.bytes);
    return ok(null);
  } catch (reason) {
    if (signal.aborted) return stopped;
    const { code } = reason as { readonly code?: unknown };
    if (code === 'ENOSPC') return err('The disk is full. Make room, then press Download: it goes on where it ended.');
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      return err(`The folder ${folder} cannot be written. Take the model from a folder.`);
    return err(unreached(file));
  }
}

const unreached = (file: DownloadableFile): string =>
  `${new URL(file.address).host} could not be reached, or went away. Look at the network, then press Download: it goes on where it ended.`;

/** Appends what is missing; a server that does not know how to go on gives all anew. */
async function rest(
  file: DownloadableFile,
  part: string,
  have: number,
  options: { readonly fetch: Fetch; readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void },
): Promise<Result<null, string>> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silentFor);
  const signal = AbortSignal.any([options.signal, silence.signal]);
  try {
    const answer = await options.fetch(file.address, {
      signal,
      redirect: 'follow',
      headers: have > 0 ? { range: `bytes=${have}-` } : {},
    });
    const goesOn = answer.status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${have}-`) === true;
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel();
      return err(
        `${new URL(file.address).host} answered ${answer.status} for ${file.name}. Try later, or take the model from a folder.`,
      );
    }
    let written = goesOn ? have : 0;
    const handle = await open(part, goesOn ? 'a' : 'w');
    try {
      for await (const piece of answer.body) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), silentFor);
        written += piece.length;
        if (written > file.bytes)
          return err(`${file.name} is longer there than it was published. Take the model from a folder.`);
        await handle.write(piece);
        options.onBytes(written);
      }
      await handle.sync();
    } finally {
      await handle.close();
      if (written > file.bytes) await rm(part, { force: true });
    }
    return written === file.bytes ? ok(null) : err(unreached(file));
  } finally {
    clearTimeout(timer);
  }
}
