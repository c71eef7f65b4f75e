import { writeSync } from 'node:fs';
import { openEventTable } from '../../electron/host/events/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import { pagesOfEvents, stampOf } from './folded-pages.ts';

/** Folds page after page, from where the table stands, and kills itself hard so many milliseconds after it began the page that it is told. */
export type FoldQuestion = { readonly directory: string; readonly killIn: number; readonly afterMilliseconds: number };

const question = JSON.parse(process.env.OVERREAD_FOLD ?? '{}') as FoldQuestion;
const ring = await openKeyRing({ directory: question.directory, secret: { kind: 'key-file' } });
if (!ring.ok) throw new Error(ring.error.message);
const table = await openEventTable({
  directory: question.directory,
  keyRing: ring.value,
  ports: testPorts(),
  source: 'the record',
});
const folding = table.begin();
for (const [number, page] of pagesOfEvents().entries()) {
  if (folding.reached !== null && stampOf(number) <= folding.reached) continue;
  if (number === question.killIn) {
    writeSync(1, `page ${number}\n`);
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), question.afterMilliseconds);
  }
  await folding.fold(page, stampOf(number));
}
writeSync(1, 'all\n');
process.kill(process.pid, 'SIGKILL');
