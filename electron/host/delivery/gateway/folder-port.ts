import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayPort } from './gateway-port.ts';
import { createJobFolder, type JobFiles } from './job-folder.ts';

/** A gateway's folder on this machine, or mounted here. `fault` says why nothing may be put there, asked each time; null where it may. */
export function createFolderPort(folder: string, fault: (folder: string) => string | null): GatewayPort {
  const files = filesIn(folder);
  return createJobFolder({
    use: async (work) => {
      const why = fault(folder);
      if (why !== null) return { kind: 'refused', words: why };
      try {
        return await work(files);
      } catch (reason) {
        return { kind: 'wait', words: `The gateway’s folder cannot be used (${codeOf(reason)}).` };
      }
    },
  });
}

function filesIn(folder: string): JobFiles {
  const at = (path: string): string => join(folder, path);
  return {
    present: async () => {
      await stat(folder);
    },
    sizeOf: async (path) => {
      try {
        return (await stat(at(path))).size;
      } catch (reason) {
        if (codeOf(reason) === 'ENOENT') return null;
        throw reason;
      }
    },
    read: (path) => readFile(at(path)),
    write: async (path, bytes) => {
      const file = await open(at(path), 'w', 0o640);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    makeFolder: async (path) => {
      await mkdir(at(path), { recursive: true });
    },
    rename: async (from, to) => {
      try {
        await rename(at(from), at(to));
        return true;
      } catch (reason) {
        if (codeOf(reason) === 'ENOENT') return false;
        throw reason;
      }
    },
    remove: (path) => rm(at(path), { recursive: true, force: true }),
  };
}

function codeOf(reason: unknown): string {
  return reason instanceof Error && 'code' in reason ? String(reason.code) : 'error';
}
