import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { DesktopRun } from './start-overread.ts';

/** The desktop says one of these on standard output when its window is there, or when another one of it was brought forward. */
const settled = /^Overread (?:ready|runs already)\b/;

/**
 * Runs a desktop program until it ends, its lines shown as they come. Its words on standard error are kept (the last 20 kB) until it
 * is ready, to say why when it never is. Chromium's own chatter stays off the screen.
 */
export function runDesktop(
  program: string,
  parameters: readonly string[],
  print: (line: string) => void,
): Promise<DesktopRun> {
  // Without ELECTRON_RUN_AS_NODE, which a shell inside another Electron program may hand down.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const child = spawn(program, parameters, { stdio: ['inherit', 'pipe', 'pipe'], env });
  let ready = false;
  let complaint = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (settled.test(line)) ready = true;
    print(line);
  });
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    if (!ready) complaint = (complaint + text).slice(-20_000);
  });
  const passOn = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on('SIGINT', passOn);
  process.on('SIGTERM', passOn);
  return new Promise((resolve) => {
    const end = (code: number): void => {
      process.off('SIGINT', passOn);
      process.off('SIGTERM', passOn);
      resolve({ ready, code, complaint });
    };
    child.once('error', (reason) => {
      complaint += reason.message;
      end(1);
    });
    // Not `exit`: the last lines may come after it.
    child.once('close', (code) => end(code ?? 1));
  });
}
