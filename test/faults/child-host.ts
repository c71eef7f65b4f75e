import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { countLooks, type Looks } from '../servers/overread-host/quick-pace.ts';
import type { ChildQuestion } from './host-child.ts';

export type ChildHost = {
  readonly url: string;
  /** Names of the durable steps passed so far. */
  readonly steps: readonly string[];
  readonly looks: Looks['looks'];
  /** Settles when the process is gone; the signal that ended it, or null. */
  readonly ended: Promise<NodeJS.Signals | null>;
  /** From now on it kills itself hard at the n-th step of this name. */
  arm(step: NonNullable<ChildQuestion['killAtStep']>): Promise<void>;
  kill(): void;
  stop(): Promise<void>;
};

/** A third of a host's start is compiling its sources, the same for each that is begun in a run (test/run-folder.ts). */
const compiled =
  process.env.OVERREAD_TEST_RUN === undefined
    ? {}
    : { NODE_COMPILE_CACHE: join(process.env.OVERREAD_TEST_RUN, 'compiled') };

/** Starts a host in a process of its own and waits until it is ready, or says what it printed instead. */
export async function startChildHost(question: ChildQuestion): Promise<ChildHost> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./host-child.ts', import.meta.url))], {
    env: { ...process.env, ...compiled, OVERREAD_TEST_HOST: JSON.stringify(question) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('a host that nobody hears');
  const steps: string[] = [];
  const { looked, looks } = countLooks();
  let printed = '';
  let armed = (): void => undefined;
  stderr.on('data', (bytes: Buffer) => {
    printed += bytes.toString();
    if (process.env.OVERREAD_TRACE === '1') process.stderr.write(bytes);
  });
  // Not its exit: what it wrote last may still be on the way then.
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('close', (_code, signal) => resolve(signal)),
  );
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const ready = /^ready (\S+)$/.exec(line);
      const step = /^step \d+ (\S+)$/.exec(line);
      if (ready?.[1] !== undefined) resolve(ready[1]);
      if (step?.[1] !== undefined) steps.push(step[1]);
      if (line === 'armed') armed();
      if (line.startsWith('look ')) looked(line.slice('look '.length));
    });
    void ended.then(() => reject(new Error(`the host ended before it was ready: ${printed.slice(-2_000)}`)));
  });
  return {
    url,
    steps,
    looks,
    ended,
    arm: (step) =>
      new Promise((resolve) => {
        armed = resolve;
        child.send(step);
      }),
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
