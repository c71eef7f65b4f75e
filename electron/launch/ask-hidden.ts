/** The terminal as far as asking needs it; `process.stdin` is one when it is a terminal. */
export type HiddenInput = NodeJS.ReadableStream & { setRawMode(raw: boolean): unknown };

/** Asks on the terminal without showing what is typed. Null when the person gives up (Ctrl-C, Ctrl-D). */
export function askHidden(
  question: string,
  input: HiddenInput = process.stdin,
  write: (text: string) => void = (text) => process.stderr.write(text),
): Promise<string | null> {
  write(question);
  input.setRawMode(true);
  input.setEncoding('utf8');
  input.resume();
  return new Promise((resolve) => {
    const typed: string[] = [];
    const finish = (answer: string | null): void => {
      input.off('data', take);
      input.setRawMode(false);
      input.pause();
      write('\n');
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
    input.on('data', take);
  });
}

/** Null where nobody can be asked. */
export function askOnTerminal(): ((question: string) => Promise<string | null>) | null {
  return process.stdin.isTTY ? (question) => askHidden(question) : null;
}
