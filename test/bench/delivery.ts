import { orthancMissing } from '../servers/orthanc/index.ts';
import { runDelivery } from './delivery/run.ts';

/**
 * `npm run bench:delivery`: reports with preliminaries, finals, corrections and addenda through dropped requests, dropped answers, duplicates, 5xx
 * (AE), resets and kills of the host, into receivers of other people's making; counted in the receivers. `SCALE` (10000) reports, `SEED` (7), `KILLS` (60).
 */
const reports = Number(process.env.SCALE ?? '10000');
const seed = Number(process.env.SEED ?? '7');
const kills = Number(process.env.KILLS ?? '60');
if (orthancMissing !== null) {
  console.error(`bench:delivery needs an archive: ${orthancMissing}.`);
  process.exit(1);
}
console.log(`seed ${seed}`);
const figures = await runDelivery({ reports, seed, kills, tell: (line) => console.log(line) });
const { faults, seconds, ...counted } = figures;
console.log(
  `faults on the way: ${Object.entries(faults)
    .map(([kind, times]) => `${kind} ${times}`)
    .join(', ')}`,
);
for (const [name, value] of Object.entries(counted)) console.log(`${name} ${value}`);
console.log(`seconds ${Math.round(seconds)}`);
const { lost, doubled, reordered, notCurrent, preliminaryAfterFinal, wrongPeople, extra } = counted;
process.exitCode = lost + doubled + reordered + notCurrent + preliminaryAfterFinal + wrongPeople + extra === 0 ? 0 : 1;
