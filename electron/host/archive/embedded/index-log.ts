import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { sealerFromKey } from '../../keys/sealer.ts';
import type { InstanceRow } from './instance-index.ts';

/**
 * The index on disk: an append-only file of sealed rows, each behind its length (4 bytes). A tail cut by a crash is dropped; a row that
 * does not open in the middle means that the file was altered: it is set aside and the index is made again from the objects.
 */
export type IndexLog = {
  readonly rows: readonly InstanceRow[];
  /** False when the log was set aside and `append` must be called for every object again. */
  readonly intact: boolean;
  /** On disk (fdatasync) when it returns. */
  append(row: InstanceRow): void;
  close(): void;
};

const largestRow = 16 * 1024 * 1024;

export function openIndexLog(path: string, key: Uint8Array, now: number): IndexLog {
  const sealer = sealerFromKey(key);
  const rows: InstanceRow[] = [];
  let intact = true;
  let good = 0;
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    while (good + 4 <= bytes.length) {
      const length = bytes.readUInt32LE(good);
      const end = good + 4 + length;
      if (length > largestRow) {
        intact = false;
        break;
      }
      if (end > bytes.length) break;
      const opened = sealer.openText(bytes.subarray(good + 4, end), `archive index row ${rows.length}`);
      if (!opened.ok) {
        intact = false;
        break;
      }
      rows.push(JSON.parse(opened.value) as InstanceRow);
      good = end;
    }
  }
  if (!intact) {
    renameSync(path, `${path}.damaged-${now}`);
    rows.length = 0;
    good = 0;
  }
  const file = openSync(path, existsSync(path) ? 'r+' : 'wx+', 0o600);
  ftruncateSync(file, good);
  let position = good;
  let count = rows.length;
  return {
    rows,
    intact,
    append: (row) => {
      const sealed = sealer.sealText(JSON.stringify(row), `archive index row ${count}`);
      const head = Buffer.alloc(4);
      head.writeUInt32LE(sealed.length);
      const bytes = Buffer.concat([head, sealed]);
      writeSync(file, bytes, 0, bytes.length, position);
      fdatasyncSync(file);
      position += bytes.length;
      count += 1;
    },
    close: () => closeSync(file),
  };
}
