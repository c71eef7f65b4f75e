import type { SftpPlace } from '../../settings/types.ts';
import type { GatewayPort } from './gateway-port.ts';
import { createJobFolder, type JobFiles } from './job-folder.ts';
import { type SftpSession, SftpTrouble, withSftp } from './sftp-line.ts';

/** More than any status has: what is longer is none, and is not fetched. */
const largestRead = 64 * 1024 + 1;

/** A gateway's folder on a server that is reached by SFTP: the same folder, the same files and the same order of moves as one on this machine. */
export function createSftpPort(place: SftpPlace, patience?: number): GatewayPort {
  return createJobFolder({
    use: async (work) => {
      try {
        return await withSftp(place, (session) => work(filesOf(session, place)), patience);
      } catch (reason) {
        if (!(reason instanceof SftpTrouble)) throw reason;
        return { kind: reason.needs === 'person' ? 'refused' : 'wait', words: reason.message };
      }
    },
  });
}

function filesOf(session: SftpSession, { folder, host, port }: SftpPlace): JobFiles {
  const at = (path: string): string => `${folder === '/' ? '' : folder}/${path}`;
  return {
    present: async () => {
      const found = await session.facts(folder);
      if (found?.isFolder !== true) throw new SftpTrouble('time', `There is no folder ${folder} on ${host}:${port}.`);
    },
    sizeOf: async (path) => (await session.facts(at(path)))?.size ?? null,
    read: (path) => session.read(at(path), largestRead),
    write: (path, bytes) => session.write(at(path), bytes),
    makeFolder: async (path) => {
      if ((await session.facts(at(path))) === null) await session.makeFolder(at(path));
    },
    rename: async (from, to) => {
      if ((await session.facts(at(from))) === null) return false;
      await session.rename(at(from), at(to));
      return true;
    },
    remove: async (path) => {
      const found = await session.facts(at(path));
      if (found === null) return;
      if (!found.isFolder) return session.removeFile(at(path));
      for (const name of await session.names(at(path)))
        if (name !== '.' && name !== '..') await session.removeFile(`${at(path)}/${name}`);
      await session.removeFolder(at(path));
    },
  };
}

/** Only connects: the key, the login and the folder are tried, and nothing is put there. */
export async function trySftp(
  place: SftpPlace,
  patience?: number,
): Promise<{ readonly answers: boolean; readonly words: string; readonly hostKey?: string }> {
  try {
    const found = await withSftp(place, (session) => session.facts(place.folder), patience);
    if (found?.isFolder !== true)
      return {
        answers: false,
        words: `${place.host}:${place.port} lets ${place.user} in, but has no folder ${place.folder}.`,
      };
    return {
      answers: true,
      words: `${place.host}:${place.port} shows the confirmed key, lets ${place.user} in and has the folder ${place.folder}. Nothing was put into it, so whether it can be written shows with the first report.`,
    };
  } catch (reason) {
    if (!(reason instanceof SftpTrouble)) throw reason;
    return {
      answers: false,
      words: reason.message,
      ...(reason.shown === null ? {} : { hostKey: reason.shown }),
    };
  }
}
