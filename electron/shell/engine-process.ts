import { fileURLToPath } from 'node:url';
import type * as Electron from 'electron';
import type { EngineChild } from '../host/index.ts';

/** The speech engine in a utility process: the packed program has no `RunAsNode`, so a plain child of Node cannot be had. */
export function engineInUtilityProcess(
  utilityProcess: Pick<typeof Electron.utilityProcess, 'fork'>,
  entry: URL,
): EngineChild {
  const child = utilityProcess.fork(fileURLToPath(entry), [], {
    serviceName: 'Overread dictation',
    stdio: 'ignore',
    execArgv: ['--max-old-space-size=512'],
  });
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', listener),
    onEnd: (listener) => child.once('exit', listener),
    kill: () => void child.kill(),
  };
}
