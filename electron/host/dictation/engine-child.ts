import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromEngine, ToEngine } from './engine-messages.ts';

/** A process that holds a speech engine, whoever started it. */
export type EngineChild = {
  send(message: ToEngine): void;
  onMessage(listener: (message: FromEngine) => void): void;
  /** Once, however it ended. */
  onEnd(listener: () => void): void;
  /** At once: it may hang. */
  kill(): void;
};

/** A child of Node with a heap of its own. The desktop shell, whose packed program is no Node for others, starts a utility process instead. */
export function forkEngine(entry: URL): EngineChild {
  const child = fork(fileURLToPath(entry), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--max-old-space-size=512'],
  });
  let isEnded = false;
  const ends: (() => void)[] = [];
  const end = (): void => {
    if (isEnded) return;
    isEnded = true;
    for (const listener of ends) listener();
  };
  child.on('error', end);
  child.on('exit', end);
  return {
    // A child that ends while it is written to is told of by `exit`.
    send: (message) => void (isEnded || !child.connected ? undefined : child.send(message, () => undefined)),
    onMessage: (listener) => child.on('message', (message) => listener(message as FromEngine)),
    onEnd: (listener) => ends.push(listener),
    kill: () => void child.kill('SIGKILL'),
  };
}
