import { paced } from '../paces.ts';
import type { Ports } from '../ports.ts';

/** A piece of work that repeats: never twice at once, sooner when nudged, and a throw ends a round, not the loop. */
export type Loop = {
  /** Runs as soon as the present round is over. */
  nudge(): void;
  /** Runs a round now (or joins the one that is running and then runs another) and answers when it is over. */
  round(): Promise<void>;
  stop(): Promise<void>;
};

export function startLoop(name: string, every: () => number, work: () => Promise<void>, ports: Ports): Loop {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  const schedule = (milliseconds: number): void => {
    if (stopped) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void run(), milliseconds);
    timer.unref();
  };
  const run = (): Promise<void> => {
    if (running !== null) {
      again = true;
      return running;
    }
    running = work()
      .catch((reason: unknown) => {
        ports.log.error('a round of work failed by a bug', {
          loop: name,
          reason: reason instanceof Error ? reason.name : 'unknown',
        });
        if (process.env.OVERREAD_TRACE === '1')
          process.stderr.write(`${name}: ${reason instanceof Error ? reason.stack : String(reason)}\n`);
      })
      .finally(() => {
        running = null;
        const wait = paced(ports, name, every());
        schedule(again ? 0 : wait);
        again = false;
      });
    return running;
  };
  schedule(0);
  return {
    nudge: () => {
      if (running !== null) again = true;
      else schedule(0);
    },
    round: async () => {
      if (running !== null) await running;
      await run();
    },
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}

/** Waits for the work or for so many milliseconds, whichever is over first. */
export async function firstOf(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, deadline]);
  clearTimeout(timer);
}
