import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export type LogFile = { write(line: string): void; close(): void };

/**
 * Lines into `logs/overread.log` under the data folder. A full file becomes `overread.log.1` and so on; the oldest goes. A log that
 * cannot be written must not stop the reading: it falls silent and `onFailure` is told once.
 */
export function openLogFile(options: {
  readonly directory: string;
  /** Size in bytes at which a file is full. */
  readonly maximumBytes?: number;
  /** Full files that are kept. */
  readonly keep?: number;
  readonly onFailure?: () => void;
}): LogFile {
  const { maximumBytes = 5_000_000, keep = 3 } = options;
  const folder = join(options.directory, 'logs');
  const file = join(folder, 'overread.log');
  let handle: number | null = null;
  let size = 0;
  let failed = false;

  const fail = (): void => {
    if (!failed) options.onFailure?.();
    failed = true;
  };
  const close = (): void => {
    if (handle !== null) closeSync(handle);
    handle = null;
  };
  const open = (): number => {
    if (handle !== null) return handle;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    handle = openSync(file, 'a', 0o600);
    size = fstatSync(handle).size;
    return handle;
  };
  const rotate = (): void => {
    close();
    rmSync(`${file}.${keep}`, { force: true });
    for (let number = keep - 1; number >= 0; number -= 1) {
      const from = number === 0 ? file : `${file}.${number}`;
      try {
        renameSync(from, `${file}.${number + 1}`);
      } catch (reason) {
        if (!(reason instanceof Error && 'code' in reason && reason.code === 'ENOENT')) throw reason;
      }
    }
  };

  return {
    write: (line) => {
      if (failed) return;
      try {
        const bytes = Buffer.from(`${line}\n`, 'utf8');
        open();
        if (size > 0 && size + bytes.byteLength > maximumBytes) rotate();
        size += writeSync(open(), bytes);
      } catch {
        fail();
      }
    },
    close: () => {
      try {
        close();
      } catch {
        fail();
      }
    },
  };
}
