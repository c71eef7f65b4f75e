import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder that is made once in a run, by whichever test file needs it first; those that need it meanwhile wait. Nobody writes into it
 * afterwards: who changes it takes a copy.
 */
export async function onceARun(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  // Set by test/run-folder.ts; a script that is no run of tests has one to itself.
  process.env.OVERREAD_TEST_RUN ??= await mkdtemp(join(tmpdir(), 'overread-run-'));
  return onceIn(process.env.OVERREAD_TEST_RUN, name, make);
}

/** The same in a folder of the caller's choice. */
export async function onceIn(run: string, name: string, make: (folder: string) => Promise<void>): Promise<string> {
  await mkdir(run, { recursive: true });
  const made = join(run, name);
  const maker = join(run, `${name}.maker`);
  for (;;) {
    if (existsSync(made)) return made;
    if (await takes(maker)) {
      try {
        // Somebody may have finished between the look and the taking.
        if (existsSync(made)) return made;
        const unfinished = join(run, `${name}.${process.pid}`);
        await mkdir(unfinished, { recursive: true });
        await make(unfinished);
        await rename(unfinished, made);
        return made;
      } finally {
        await rm(maker, { force: true });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether this process is the maker now. One that died at it is none any more. */
async function takes(maker: string): Promise<boolean> {
  try {
    await writeFile(maker, String(process.pid), { flag: 'wx' });
    return true;
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code !== 'EEXIST') throw reason;
  }
  const id = Number(await readFile(maker, 'utf8').catch(() => ''));
  if (id > 0 && !isRunning(id)) await rm(maker, { force: true });
  return false;
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (reason) {
    return (reason as NodeJS.ErrnoException).code === 'EPERM';
  }
}
