import { mkdtemp, rm, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventTable } from '../../electron/host/events/index.ts';
import { openJournal } from '../../electron/host/journal/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { openEventBook } from '../../electron/host/reading/event-book.ts';
import { createRecordClient, createRecordSync } from '../../electron/host/record/index.ts';
import { eventToAuditEvent } from '../../shared/interop/fhir/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import { byTask, eventsOfGroup, pageSize, pagesOf } from './past-events.ts';

/**
 * `npm run bench:events`: what five million events cost a host. First its table alone (bytes on the disk and time for each event, the
 * time to read one study's); then a first sync of a record that has so many, with the process's memory. `BENCH_EVENTS` (5000000) and
 * `BENCH_SYNC_EVENTS` (500000) say how many.
 */
const count = Number(process.env.BENCH_EVENTS ?? '5000000');
const syncCount = Number(process.env.BENCH_SYNC_EVENTS ?? '500000');
const directory = await mkdtemp(join(tmpdir(), 'overread-bench-events-'));
const ports = testPorts();
const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
if (!keys.ok) throw new Error(keys.error.message);
const keyRing = keys.value;
const megabytes = (): number => Math.round(process.memoryUsage().rss / 1e6);
const rounded = (value: number): number => Math.round(value * 10) / 10;
const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

const table = await openEventTable({ directory, keyRing, ports, source: 'bench' });
const tasks: string[] = [];
let folded = 0;
let folding = 0;
let most = 0;
const before = megabytes();
const tableCpu = process.cpuUsage();
for (const page of pagesOf(eventsOfGroup(count))) {
  const sample = page[0]?.subject.taskId;
  if (sample !== undefined && tasks.length < 20_000) tasks.push(sample);
  const started = performance.now();
  if ((await table.begin().fold(byTask(page), null)) === null) throw new Error('the table took nothing');
  folding += performance.now() - started;
  folded += page.length;
  if (folded % 100_000 === 0) most = Math.max(most, megabytes());
  if (folded % 1_000_000 === 0) console.log(`  ${folded} events folded, ${megabytes()} MB`);
}
const perSecond = Math.round(folded / (folding / 1_000));
const spent = process.cpuUsage(tableCpu);
const perCpuSecond = Math.round(folded / ((spent.user + spent.system) / 1e6));
const reads = tasks
  .toSorted(() => Math.random() - 0.5)
  .slice(0, 5_000)
  .map((taskId) => {
    const started = performance.now();
    if (table.of(taskId).length === 0) throw new Error('a study without events');
    return performance.now() - started;
  })
  .sort((one, other) => one - other);
await table.close();
const { size } = await stat(join(directory, 'events', 'events.sqlite'));
const bytes = rounded(size / folded);
console.log(
  `table of ${folded} events: ${bytes} bytes an event (${Math.round(size / 1e6)} MB), ${perSecond} events/s folded, ${perCpuSecond} in a second of CPU with their making`,
);
console.log(
  `one study's events: p50 ${at(reads, 0.5).toFixed(3)} ms  p99 ${at(reads, 0.99).toFixed(3)} ms; memory ${before} MB before, ${most} MB at most`,
);

/** A record of so many events that makes them as it is asked, since only what the host does is measured. */
function recordOf(total: number) {
  const pages = pagesOf(eventsOfGroup(total));
  let stamp = Date.parse('2026-01-01T00:00:00Z');
  let version = 0;
  const fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const asked = url.pathname.endsWith('/AuditEvent') && !url.searchParams.get('_lastUpdated') ? pages.next() : null;
    const entry = (asked?.done === false ? asked.value : []).map((event) => {
      stamp += 40;
      version += 1;
      const meta = { versionId: String(version), lastUpdated: new Date(stamp).toISOString() };
      return { resource: { ...eventToAuditEvent(event), meta } };
    });
    const next =
      entry.length === pageSize ? [{ relation: 'next', url: `${url.origin}/AuditEvent?page=${version}` }] : [];
    return Response.json(
      { resourceType: 'Bundle', type: 'searchset', link: next, ...(entry.length === 0 ? {} : { entry }) },
      { headers: { 'content-type': 'application/fhir+json' } },
    );
  };
  return createRecordClient({
    name: 'bench',
    baseUrl: 'http://record.invalid/',
    credentials: { kind: 'none' },
    fetch,
    ports,
  });
}
const syncDirectory = join(directory, 'sync');
const journal = await openJournal({ directory: syncDirectory, keyRing, ports, inMemory: true });
if (!journal.ok) throw new Error(journal.error.message);
const syncTable = await openEventTable({ directory: syncDirectory, keyRing, ports, source: 'bench' });
const record = recordOf(syncCount);
const book = await openEventBook(journal.value, record, syncTable, ports);
let told = 0;
book.onChange((taskIds) => {
  told += taskIds.length;
});
const sync = createRecordSync(record, ['AuditEvent'], { ports, streamed: [book.stream] });
const cpu = process.cpuUsage();
const started = performance.now();
let highest = 0;
const watching = setInterval(() => {
  highest = Math.max(highest, megabytes());
}, 200);
const cycle = await sync.cycle();
clearInterval(watching);
if (!cycle.ok || cycle.value.changed !== syncCount || !sync.complete) throw new Error(JSON.stringify(cycle));
const seconds = (performance.now() - started) / 1_000;
const { user, system } = process.cpuUsage(cpu);
console.log(
  `first sync of ${syncCount} events: ${Math.round(syncCount / seconds)} events/s, ${rounded((user + system) / 1e6)} s CPU with the making of the pages, ${highest} MB at most, ${told} changes of studies told`,
);
await syncTable.close();
await journal.value.close();
await rm(directory, { recursive: true, force: true });
console.log(`load of the machine ${loadavg()[0]?.toFixed(1)}`);
console.log(
  JSON.stringify({
    bytesPerEvent: bytes,
    eventsPerSecond: perSecond,
    eventsPerCpuSecond: perCpuSecond,
    readP50: rounded(at(reads, 0.5) * 1_000) / 1_000,
    readP99: rounded(at(reads, 0.99) * 1_000) / 1_000,
    memory: most,
    syncEventsPerSecond: Math.round(syncCount / seconds),
    syncMemory: highest,
    events: folded,
  }),
);
