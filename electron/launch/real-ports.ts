import { randomBytes, randomUUID } from 'node:crypto';
import { instant } from '../../shared/lib/instant.ts';
import { createLog, openLogFile, type Ports } from '../host/index.ts';

/** The clock and the dice of this computer, and the log in the data folder. */
export function realPorts(directory: string, warn: (line: string) => void): { ports: Ports; closeLog(): void } {
  const file = openLogFile({
    directory,
    onFailure: () => warn('The log in the data folder cannot be written; Overread goes on without it.'),
  });
  const ports: Ports = {
    now: () => instant(Date.now()),
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    newId: () => randomUUID(),
    log: createLog({ write: file.write }),
  };
  return { ports, closeLog: file.close };
}
