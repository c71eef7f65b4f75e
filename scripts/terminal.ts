import { createInterface } from 'node:readline';

/** Lines of a standard input that is no terminal, one at a time; null when there are no more. */
export function linesOf(input: NodeJS.ReadableStream): () => Promise<string | null> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  return async () => {
    const next = await lines.next();
    return next.done === true ? null : next.value;
  };
}

/** Asks on the terminal without showing what is typed. Null when the person gives up (Ctrl-C, Ctrl-D). */
export function askHidden(question: string): Promise<string | null> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve) => {
    const typed: string[] = [];
    const finish = (answer: string | null): void => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      resolve(answer);
    };
    const take = (text: string): void => {
      // A paste arrives as one piece, its end included.
      for (const letter of text) {
        const ended = letter === '\r' || letter === '\n';
        if (ended || letter === '\u0003' || letter === '\u0004') {
          finish(ended ? typed.join('') : null);
          return;
        }
        if (letter === '\u007f' || letter === '\b') typed.pop();
        else if (letter >= ' ') typed.push(letter);
      }
    };
    stdin.on('data', take);
  });
}
