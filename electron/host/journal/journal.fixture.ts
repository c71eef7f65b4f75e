import { instant } from '../../../shared/lib/instant.ts';
import { openKeyRing } from '../keys/index.ts';
import type { Ports } from '../ports.ts';
import { openJournal } from './index.ts';

/**
 * A process that appends until it is killed, for the test that kills it. Prints each number once the journal has acknowledged it:
 * what was printed must be found again.
 */
const directory = process.argv[2] ?? '';
const ports: Ports = {
  now: () => instant(Date.now()),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  newId: () => crypto.randomUUID(),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
};
const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
if (!keyRing.ok) throw new Error(keyRing.error.message);
const journal = await openJournal({ directory, keyRing: keyRing.value, ports });
if (!journal.ok) throw new Error(journal.error.message);
for (let number = Number(process.argv[3]); ; number += 1) {
  // Two entries at once: both or none.
  const saved = await journal.value.append([
    { kind: 'draft', key: 'task-1', body: { number, text: `Word ${number}` } },
    { kind: 'command', key: 'task-1', body: { number } },
  ]);
  if (!saved.ok) throw new Error(saved.error.message);
  process.stdout.write(`${number}\n`);
}
