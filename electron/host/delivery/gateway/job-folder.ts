import type { GatewayPort, JobStatus } from './gateway-port.ts';

/** A status is a few lines; what is larger is none. */
const largestStatus = 64 * 1024;

/** The moves on files that a gateway's folder needs, here or on a server. Paths lie in that folder; a move that cannot be made throws. */
export type JobFiles = {
  /** Throws where the folder itself is not there: one that is not mounted must not be taken for an empty one. */
  present(): Promise<void>;
  /** Null where nothing is there. */
  sizeOf(path: string): Promise<number | null>;
  read(path: string): Promise<Uint8Array>;
  /** Durable before it answers, as far as the other end can be told to. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Nothing where it is there already. */
  makeFolder(path: string): Promise<void>;
  /** False where `from` is not there (any more). */
  rename(from: string, to: string): Promise<boolean>;
  /** A file, or a folder with the files in it; nothing where it is not there. */
  remove(path: string): Promise<void>;
};

/** Work on the files of one gateway, and what its failure means. */
export type JobPlace = {
  use(work: (files: JobFiles) => Promise<JobStatus>): Promise<JobStatus>;
};

/**
 * A folder that the gateway watches: `jobs/ID/` appears whole, with `job.json` and its documents; the gateway takes it away and answers in
 * `status/ID.json`. `handed/ID` is ours: without it a job that was taken and not answered yet would be put there twice. It is written before
 * the job appears, so that a line or a host that dies in between leaves `.making-ID` beside it: only then the job was not put there.
 */
export function createJobFolder(place: JobPlace): GatewayPort {
  const making = (id: string): string => `.making-${id}`;
  const dropped = (id: string): string => `.dropped-${id}`;
  return {
    status: (id) =>
      place.use(async (files) => {
        await files.present();
        const file = `status/${id}.json`;
        const size = await files.sizeOf(file);
        if (size !== null) {
          if (size > largestStatus) return { kind: 'silent', words: 'The gateway’s status is too large to be one.' };
          try {
            return { kind: 'status', status: JSON.parse(Buffer.from(await files.read(file)).toString('utf8')) };
          } catch (reason) {
            // Being written, or no JSON: it is read again.
            if (reason instanceof SyntaxError)
              return { kind: 'silent', words: 'The gateway’s status cannot be read yet.' };
            throw reason;
          }
        }
        if ((await files.sizeOf(`jobs/${id}`)) !== null)
          return { kind: 'silent', words: 'Lies in the gateway’s folder; the gateway has not taken it yet.' };
        for (const begun of [making(id), dropped(id)])
          if ((await files.sizeOf(begun)) !== null) return { kind: 'unknown' };
        if ((await files.sizeOf(`handed/${id}`)) !== null)
          return { kind: 'silent', words: 'Taken from the gateway’s folder; no status yet.' };
        return { kind: 'unknown' };
      }),
    hand: (job) =>
      place.use(async (files) => {
        const { id } = job;
        await files.present();
        if ((await files.sizeOf(making(id))) !== null) {
          await files.remove(dropped(id));
          // A last move of a line that broke off may still come: it must find nothing, or have been made.
          if (!(await files.rename(making(id), dropped(id))))
            return { kind: 'silent', words: 'Put into the gateway’s folder by a line that broke off.' };
        }
        await files.remove(`handed/${id}`);
        await files.remove(dropped(id));
        for (const folder of ['jobs', 'status', 'handed', making(id)]) await files.makeFolder(folder);
        for (const { name, bytes } of job.documents) await files.write(`${making(id)}/${name}`, bytes);
        await files.write(`${making(id)}/job.json`, Buffer.from(`${JSON.stringify(job.file, null, 1)}\n`));
        await files.write(`handed/${id}`, Buffer.from(''));
        // Whole or not at all: a gateway that looks in the middle sees nothing.
        if (!(await files.rename(making(id), `jobs/${id}`))) {
          await files.remove(`handed/${id}`);
          return { kind: 'wait', words: 'The job was taken away from the gateway’s folder while it was made.' };
        }
        return { kind: 'silent', words: 'Put into the gateway’s folder; the gateway has not answered yet.' };
      }),
  };
}
