import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayPort, JobStatus } from './gateway-port.ts';

/** A status is a few lines; what is larger is none. */
const largestStatus = 64 * 1024;

/**
 * A folder that the gateway watches: `jobs/ID/` appears whole, with `job.json` and its documents; the gateway takes it away and answers in
 * `status/ID.json`. `handed/ID` is ours: without it a job that was taken and not answered yet would be put there twice.
 */
export function createFolderPort(folder: string): GatewayPort {
  const at = (...parts: string[]): string => join(folder, ...parts);
  const isThere = async (path: string): Promise<boolean> => {
    try {
      await stat(path);
      return true;
    } catch (reason) {
      if (codeOf(reason) === 'ENOENT') return false;
      throw reason;
    }
  };
  const cannot = (reason: unknown): JobStatus => ({
    kind: 'wait',
    words: `The gateway’s folder cannot be used (${codeOf(reason)}).`,
  });
  return {
    status: async (id) => {
      try {
        // A folder that is not mounted must not be taken for an empty one.
        await stat(folder);
        const file = at('status', `${id}.json`);
        if (await isThere(file)) {
          if ((await stat(file)).size > largestStatus)
            return { kind: 'silent', words: 'The gateway’s status is too large to be one.' };
          try {
            return { kind: 'status', status: JSON.parse(await readFile(file, 'utf8')) };
          } catch (reason) {
            // Being written, or no JSON: it is read again.
            if (reason instanceof SyntaxError)
              return { kind: 'silent', words: 'The gateway’s status cannot be read yet.' };
            throw reason;
          }
        }
        if (await isThere(at('jobs', id)))
          return { kind: 'silent', words: 'Lies in the gateway’s folder; the gateway has not taken it yet.' };
        if (await isThere(at('handed', id)))
          return { kind: 'silent', words: 'Taken from the gateway’s folder; no status yet.' };
        return { kind: 'unknown' };
      } catch (reason) {
        return cannot(reason);
      }
    },
    hand: async (job) => {
      const making = at(`.making-${job.id}`);
      try {
        await stat(folder);
        await rm(making, { recursive: true, force: true });
        for (const path of [at('jobs'), at('status'), at('handed'), making]) await mkdir(path, { recursive: true });
        for (const { name, bytes } of job.documents) await written(join(making, name), bytes);
        await written(join(making, 'job.json'), Buffer.from(`${JSON.stringify(job.file, null, 1)}\n`));
        // Whole or not at all: a gateway that looks in the middle sees nothing.
        await rename(making, at('jobs', job.id));
        await written(at('handed', job.id), Buffer.from(''));
        return { kind: 'silent', words: 'Put into the gateway’s folder; the gateway has not answered yet.' };
      } catch (reason) {
        return cannot(reason);
      }
    },
  };
}

async function written(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o640);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function codeOf(reason: unknown): string {
  return reason instanceof Error && 'code' in reason ? String(reason.code) : 'error';
}
