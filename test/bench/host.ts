import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Patient, ServiceRequest } from '@medplum/fhirtypes';
import { demoInstances, generateDemoDay } from '../../electron/host/demo/index.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import { caseHeaders } from '../../shared/api/index.ts';
import { orderToResources } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { withEmbedded } from '../faults/marked-study.ts';
import { eventually, openForReading } from '../host/case-driver.ts';
import { addPeople, testPassword } from '../host/people.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { signIn, testPorts } from '../servers/overread-host/start-host.ts';
import type { BenchAnswer, BenchAsk } from './host-child.ts';

/**
 * `npm run bench:host`: the delay of the host's event loop while a series streams, changes sync and the list is asked, with a thousand
 * orders on the list. Milliseconds; the aim is a p99 of 20.
 */
const orders = Number(process.env.BENCH_ORDERS ?? '1000');
const seconds = Number(process.env.BENCH_SECONDS ?? '15');
const aim = 20;

const directory = await mkdtemp(join(tmpdir(), 'overread-bench-'));
await addPeople(directory, { ann: 'radiologist' });
const router = await startFhirRouter();
const record = createRecordClient({
  name: 'router',
  baseUrl: router.url,
  credentials: { kind: 'none' },
  fetch: (request) => fetch(request),
  ports: testPorts(),
});
const day = generateDemoDay({ now: instant(Date.now()), seed: 7 });
const series = [...day.studies]
  .filter((one) => one.role === 'current' && one.orderId !== null)
  .sort((a, b) => b.instanceCount - a.instanceCount)[0];
const order = day.orders.find((one) => one.id === series?.orderId);
if (series === undefined || order === undefined) throw new Error('the demo day has no series');
await withEmbedded(directory, async (_embedded, archive) => {
  for await (const bytes of demoInstances(series)) {
    const stored = await archive.store(bytes);
    if (!stored.ok) throw new Error(stored.error.message);
  }
});

async function put(resource: (Patient | ServiceRequest) & { id?: string }): Promise<void> {
  const written = await record.put(resource);
  if (!written.ok) throw new Error(written.error.message);
}
const requests: ServiceRequest[] = [];
for (let number = 0; number < orders; number += 1) {
  const made = orderToResources({
    ...order,
    id: (number === 0 ? order.id : `bench-${number}`) as never,
    accession: (number === 0 ? order.accession : `BENCH${number}`) as never,
    patientReference: `bench-patient-${number}`,
    patient: number === 0 ? order.patient : { ...order.patient, id: `P${number}` },
    expectedInstances: number === 0 ? series.instanceCount : 40,
  });
  if (made.organization !== null && number === 0) await record.put(made.organization);
  if (made.patient !== null) await put(made.patient);
  await put(made.serviceRequest);
  requests.push(made.serviceRequest);
}

const child: ChildProcess = fork(fileURLToPath(new URL('./host-child.ts', import.meta.url)), {
  env: {
    ...process.env,
    OVERREAD_BENCH_HOST: JSON.stringify({
      directory,
      settings: { demo: false, record: { kind: 'remote', url: router.url, credentials: { kind: 'none' } } },
    }),
  },
});
function hear<Kind extends BenchAnswer['kind']>(kind: Kind): Promise<Extract<BenchAnswer, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the host ended (${code})`)));
    child.on('message', (message: BenchAnswer) => {
      if (message.kind === kind) resolve(message as Extract<BenchAnswer, { kind: Kind }>);
    });
  });
}
const say = (ask: BenchAsk): void => {
  child.send(ask);
};

const { url } = await hear('ready');
const reader = await signIn(url, 'ann', testPassword);
const row = await eventually(
  `${orders} rows`,
  async () => {
    const list = await reader.call('worklist', { input: {} });
    if (!list.ok || list.value.rows.length < orders) return null;
    return list.value.rows.find((one) => one.accession === order.accession && one.link === 'order-and-images') ?? null;
  },
  600_000,
);
await openForReading(reader, row.taskId);
const headers = { [caseHeaders.task]: row.taskId, [caseHeaders.epoch]: '1' };

let streamed = 0;
let asked = 0;
let changed = 0;
async function measure(what: string, ways: readonly ('stream' | 'delta' | 'list')[]) {
  streamed = 0;
  asked = 0;
  changed = 0;
  say('start');
  const until = Date.now() + seconds * 1_000;
  const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const stream = async (): Promise<void> => {
    while (Date.now() < until) {
      const answer = await reader.fetch(`/dicomweb/embedded-archive/studies/${row.studyUid}`, headers);
      if (answer.status !== 200 || answer.body === null) throw new Error(`the series came with ${answer.status}`);
      for await (const piece of answer.body) streamed += piece.length;
    }
  };
  const delta = async (): Promise<void> => {
    while (Date.now() < until) {
      const request = requests[1 + (changed % (orders - 1))];
      if (request !== undefined) await put({ ...request, priority: changed % 2 === 0 ? 'urgent' : 'stat' });
      changed += 1;
      await pause(50);
    }
  };
  const list = async (): Promise<void> => {
    let since: number | undefined;
    while (Date.now() < until) {
      const answer = await reader.call('worklist', { input: since === undefined || asked % 20 === 0 ? {} : { since } });
      if (answer.ok) since = answer.value.version;
      asked += 1;
      await pause(200);
    }
  };
  const work = { stream, delta, list };
  await Promise.all([...ways.map((way) => work[way]()), pause(seconds * 1_000)]);
  const heard = hear('figures');
  say('read');
  const { p50, p99, max, utilization } = await heard;
  const megabytes = Math.round(streamed / 1e6);
  console.log(
    `${what.padEnd(34)} p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  max ${max.toFixed(1)} ms  busy ${utilization}  (${megabytes} MB, ${changed} changes, ${asked} lists)`,
  );
  return { p50, p99, max };
}

const idle = await measure('nothing asked', []);
const stream = await measure('a series streams', ['stream']);
const all = await measure('stream, changes and list together', ['stream', 'delta', 'list']);
console.log(`aim: p99 ${aim} ms with everything; load of the machine ${loadavg()[0]?.toFixed(1)}`);
say('stop');
await new Promise((resolve) => child.once('exit', resolve));
await router.close();
await rm(directory, { recursive: true, force: true });
console.log(
  JSON.stringify({ p50: all.p50, p99: all.p99, max: all.max, p99Idle: idle.p99, p99Stream: stream.p99, orders, aim }),
);
