import { createInterface } from 'node:readline';

export { askHidden } from '../electron/launch/ask-hidden.ts';

/** Lines of a standard input that is no terminal, one at a time; null when there are no more. */
export function linesOf(input: NodeJS.ReadableStream): () => Promise<string | null> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  return async () => {
    const next = await lines.next();
    return next.done === true ? null : next.value;
  };
}
