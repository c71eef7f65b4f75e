import { existsSync, readFileSync } from 'node:fs';
import { serveThread } from '../threads/rpc.ts';
import { type JournalPlace, makeJournalFunctions } from './journal-store.ts';

/**
 * The journal's thread over a bad disk. While a file `FILE.slow` lies beside the journal each commit hangs that writes an entry of the
 * kind it names; with `FILE.dies` the thread ends within such a commit.
 */
const pause = new Int32Array(new SharedArrayBuffer(4));
serveThread((place: JournalPlace) =>
  makeJournalFunctions(place, (rows) => {
    const asked = (how: string): boolean => {
      const file = `${place.file}.${how}`;
      return existsSync(file) && rows.some((row) => row.kind === readFileSync(file, 'utf8'));
    };
    if (asked('dies')) process.exit(9);
    while (asked('slow')) Atomics.wait(pause, 0, 0, 10);
  }),
);
