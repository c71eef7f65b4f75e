import { loadavg } from 'node:os';
import { type ListFigures, openPageBench } from './worklist-page.ts';
import { measureSync } from './worklist-sync.ts';

/**
 * `npm run bench:worklist`: P9 to P12 of spec/performance.md for the worklist, as ratios of a large list to one of a thousand rows. The
 * page is the built one under its production policy in Chromium; the sync is a host in a process of its own over our embedded record.
 * `BENCH_ROWS` (100000) and `BENCH_ROUNDS` (3) say how large and how often; `BENCH_SYNC_ROWS` the size of record and archive, 0 leaves
 * P11 out, `BENCH_EVENTS` (5000000) the events in the large host's table.
 */
const rows = Number(process.env.BENCH_ROWS ?? '100000');
const rounds = Number(process.env.BENCH_ROUNDS ?? '3');
const syncRows = Number(process.env.BENCH_SYNC_ROWS ?? '100000');
const events = Number(process.env.BENCH_EVENTS ?? '5000000');
const small = 1_000;

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
const rounded = (value: number): number => Math.round(value * 100) / 100;

const bench = await openPageBench();
const large: ListFigures[] = [];
const few: ListFigures[] = [];
for (let round = 0; round < rounds; round += 1) {
  few.push(await bench.measure(small));
  large.push(await bench.measure(rows));
}
const newest = await bench.newestIsFirst();
await bench.close();

const line = (what: string, of: (figures: ListFigures) => number): number => {
  const [one, many] = [median(few.map(of)), median(large.map(of))];
  const spread = (all: readonly ListFigures[]): string =>
    `${Math.min(...all.map(of)).toFixed(0)}-${Math.max(...all.map(of)).toFixed(0)}`;
  console.log(
    `${what.padEnd(44)} ${small}: ${one.toFixed(0)} ms (${spread(few)})   ${rows}: ${many.toFixed(0)} ms (${spread(large)})   ratio ${rounded(many / one)}`,
  );
  return rounded(many / one);
};
line('filter by modality, click to paint', (one) => one.filter);
line('sort by patient, click to paint', (one) => one.sort);
line('first rows after a key press (search, and back)', (one) => one.firstRows);
const figures: Record<string, number | boolean> = {
  firstRows: rounded(median(large.map((one) => one.firstRows))),
  P9: line('filter and sort, key to paint', (one) => one.filterAndSort),
  P9_row: line('one row changes, event to paint', (one) => one.oneRow),
  P10: line('start from the sealed mirror to the first row', (one) => one.coldStart),
  P10_delta: line('a hundred rows change, event to paint', (one) => one.delta),
  P12: newest,
};
if (syncRows > 0) {
  // Side by side, since what is counted is each host's own CPU.
  const [one, many] = await Promise.all([
    measureSync(small, 0, console.log),
    measureSync(syncRows, events, console.log),
  ]);
  for (const [size, found] of [
    [small, one],
    [syncRows, many],
  ] as const)
    console.log(
      `sync at ${size}: ${found.busy.toFixed(2)} s CPU a minute with 100 changes in it, ${found.quiet.toFixed(2)} s in one without, ${found.memory.toFixed(0)} MB`,
    );
  figures.P11 = rounded(many.busy / one.busy);
}
console.log(`load of the machine ${loadavg()[0]?.toFixed(1)}`);
console.log(JSON.stringify(figures));
