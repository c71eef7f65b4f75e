import { err, ok } from '../../shared/lib/result.ts';
import type { Stored, StoreFailure } from './types.ts';

/** Every write of the page settles in this time or fails visibly (DESIGN 2.4): a full disk can hang IndexedDB for ever. */
export const writeDeadline = 3_000;

/** Expected refusals of a step inside `settled`. */
export class Refusal extends Error {
  readonly failure: StoreFailure;

  constructor(failure: StoreFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The outcome of `work` within the deadline; what the browser throws is told in words, never swallowed. */
export async function settled<Value>(
  what: string,
  work: (signal: AbortSignal) => Promise<Value>,
  milliseconds = writeDeadline,
): Stored<Value> {
  const aborter = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), milliseconds);
  });
  const running = work(aborter.signal);
  try {
    const first = await Promise.race([running, late]);
    if (first !== 'late') return ok(first);
    aborter.abort();
    running.catch(() => undefined);
    return err({ code: 'late', message: `This machine’s store did not ${what} within ${milliseconds / 1000} s.` });
  } catch (reason) {
    if (reason instanceof Refusal) return err(reason.failure);
    const name = reason instanceof Error ? reason.name : 'unknown';
    const full = name === 'QuotaExceededError';
    return err({
      code: 'refused',
      message: full
        ? `This machine’s disk is full: the store could not ${what}.`
        : `This machine’s store could not ${what} (${name}).`,
    });
  } finally {
    clearTimeout(timer);
  }
}
