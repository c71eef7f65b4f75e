import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import type { Resource } from '@medplum/fhirtypes';
import { openEventTable } from '../../electron/host/events/index.ts';
import { caseEvents } from '../../electron/host/intake/case-events.ts';
import { taskIdOfOrder } from '../../electron/host/intake/task-ids.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { createEmbeddedRecord, createRecordClient } from '../../electron/host/record/index.ts';
import type { Order, OrderId } from '../../shared/domain/order/index.ts';
import { emptyDesk, type ReadingTask } from '../../shared/domain/reading/index.ts';
import type { AccessionNumber } from '../../shared/domain/study/index.ts';
import { eventToAuditEvent, orderToResources, taskToFhir } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { eventually } from '../host/case-driver.ts';
import { addPeople, testPassword } from '../host/people.ts';
import { signIn, testPorts } from '../servers/overread-host/start-host.ts';
import type { BenchAnswer, BenchAsk } from './host-child.ts';
import { byTask, eventsOfGroup, pagesOf } from './past-events.ts';

export type SyncFigures = {
  /** CPU seconds of the host a minute while a hundred orders change in each and the list follows, and in one in which nothing does. */
  readonly busy: number;
  readonly quiet: number;
  /** Megabytes of the host's process afterwards. */
  readonly memory: number;
};

/** Changes in each measured minute; the same number whatever the size of the list. */
const changes = 100;
const minuteLong = 60_000;
/**
 * A collection of all garbage costs by the size of the heap. V8 lets a heap grow in proportion before the next one, but in the three
 * minutes after the bench's own collection it made as many on a large heap as on a small one (by --trace-gc): a longer time tells which
 * of the two is what a day costs.
 */
const busyMinutes = Number(process.env.BENCH_BUSY_MINUTES ?? '12');
/** After the last order, for what follows from it. */
const settling = 15_000;
/** After garbage was collected V8 makes an idle heap smaller, twice within the next twenty seconds: that is the start's cost too. */
const shrinking = 40_000;
/** Orders written into the record in one transaction. */
const ordersAtOnce = 200;
/** The record is read again behind its cursor (two minutes): what was just written must be older. */
const overlap = 130_000;

function orderNumber(number: number): Order {
  return {
    id: `bench-${number}` as OrderId,
    status: 'active',
    patient: { id: `P${number}`, issuer: 'BENCH', name: `BENCH^NUMBER ${number}`, birthDate: '19700101', sex: 'F' },
    patientReference: `bench-patient-${number}`,
    accession: `BENCH${number}` as AccessionNumber,
    placerNumber: null,
    procedure: { system: 'urn:bench', code: 'CTCHEST', display: 'Chest without contrast' },
    modality: 'CT',
    bodyPart: 'CHEST',
    laterality: null,
    reason: 'Cough for six weeks',
    reasonCodes: [],
    priority: 'routine',
    site: null,
    orderedBy: { name: 'Dr B. Fenwright', npi: null },
    authoredOn: instant(Date.now() - 3_600_000),
    expectedInstances: null,
    requestedReport: 'final',
  };
}

/** What the host itself would write of an order without images: the task and its events, with the same ids. */
function resourcesOf(number: number): Resource[] {
  const order = orderNumber(number);
  const made = orderToResources(order);
  const task: ReadingTask = {
    id: taskIdOfOrder(order.id),
    state: 'queued',
    orderId: order.id,
    archive: null,
    studyUid: null,
    requestedReport: 'final',
    claim: null,
    lastFencingToken: 0,
    desk: emptyDesk,
    released: null,
    authoredOn: instant(Date.now() - 3_500_000),
  };
  const facts = {
    task,
    taskVersion: '1',
    order,
    seen: null,
    identity: { grade: 'same', differences: [] },
    resolution: null,
  } as const;
  return [
    ...(made.patient === null ? [] : [made.patient]),
    made.serviceRequest,
    taskToFhir(task, { patientReference: order.patientReference, accession: order.accession }),
    ...caseEvents(facts, [], null, instant(Date.now())).map(eventToAuditEvent),
  ];
}

/**
 * An archive of so many studies of other people, spread over a year: QIDO-RS (PS3.18 10.6) by date and paging, nothing else. `isKnown`: all
 * its older days were asked for in the pieces in which they are asked for from then on; a start's first reading of them is over.
 */
function archiveOf(studies: number): { answer(request: Request): Response; isKnown(): boolean } {
  const day = (ago: number): string =>
    new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  const rows = Array.from({ length: studies }, (_unused, number) => ({
    date: day(10 + (number % 355)),
    row: {
      '0020000D': { vr: 'UI', Value: [`2.25.77${number}`] },
      '00080020': { vr: 'DA', Value: [day(10 + (number % 355))] },
      '00080030': { vr: 'TM', Value: ['120000'] },
      '00080061': { vr: 'CS', Value: ['CT'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: `OTHER^NUMBER ${number}` }] },
      '00100020': { vr: 'LO', Value: [`Q${number}`] },
      '00080050': { vr: 'SH', Value: [`OLD${number}`] },
      '00201206': { vr: 'IS', Value: [1] },
      '00201208': { vr: 'IS', Value: [40] },
    },
  }));
  const askedTimes = new Map<string, number>();
  const answer = (request: Request): Response => {
    const { searchParams } = new URL(request.url);
    const days = searchParams.get('StudyDate') ?? '-';
    const [from = '', to = ''] = days.split('-');
    const named = searchParams.has('AccessionNumber') || searchParams.has('PatientID');
    const found = named ? [] : rows.filter((one) => one.date >= from && one.date <= to).map((one) => one.row);
    const offset = Number(searchParams.get('offset') ?? 0);
    if (!named && offset === 0) askedTimes.set(days, (askedTimes.get(days) ?? 0) + 1);
    const limit = Number(searchParams.get('limit') ?? found.length);
    return Response.json(found.slice(offset, offset + limit), {
      headers: { 'Content-Type': 'application/dicom+json' },
    });
  };
  return {
    answer,
    // The pieces are asked in turn: when one of them comes for the second time, each has come once.
    isKnown: () => {
      const older = [...askedTimes].filter(([days]) => (days.split('-')[1] ?? '') < day(0));
      return older.length === 0 || older.some(([, times]) => times > 1);
    },
  };
}

async function listen(fetch: (request: Request) => Response | Promise<Response>) {
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** What years of reading left in the host's table: events of studies that stand on the list no more. */
async function fillTable(directory: string, source: string, count: number, log: (line: string) => void): Promise<void> {
  const ports = testPorts();
  const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!keys.ok) throw new Error(keys.error.message);
  const table = await openEventTable({ directory, keyRing: keys.value, ports, source });
  let folded = 0;
  for (const page of pagesOf(eventsOfGroup(count))) {
    if ((await table.begin().fold(byTask(page), null)) === null) throw new Error('the table took nothing');
    folded += page.length;
    if (folded % 1_000_000 === 0) log(`  ${folded} events in the host's table`);
  }
  await table.close();
}

/** A host with so many events over a record and an archive of that size, measured from outside its process. */
export async function measureSync(size: number, events: number, log: (line: string) => void): Promise<SyncFigures> {
  const directory = await mkdtemp(join(tmpdir(), 'overread-bench-'));
  const recordDirectory = await mkdtemp(join(tmpdir(), 'overread-bench-record-'));
  const ports = testPorts();
  const keys = await openKeyRing({ directory: recordDirectory, secret: { kind: 'key-file' } });
  if (!keys.ok) throw new Error(keys.error.message);
  const embedded = await createEmbeddedRecord({ directory: recordDirectory, key: keys.value, ports });
  const recordServer = await listen((request) => embedded.fetch(request));
  const archive = archiveOf(size);
  const archiveServer = await listen(archive.answer);
  const record = createRecordClient({
    name: 'bench',
    baseUrl: recordServer.url,
    credentials: { kind: 'none' },
    fetch: (request) => embedded.fetch(request),
    ports,
  });
  const put = async (resource: Resource): Promise<void> => {
    const written = await record.put(resource as Resource & { id?: string });
    if (!written.ok) throw new Error(written.error.message);
  };
  // In bulk: what is measured is what changes cost afterwards, and one by one a hundred thousand orders take half an hour.
  for (let from = 0; from < size; from += ordersAtOnce) {
    const numbers = Array.from({ length: Math.min(ordersAtOnce, size - from) }, (_unused, offset) => from + offset);
    await embedded.add(numbers.flatMap(resourcesOf) as (Resource & { id: string })[]);
    if ((from + ordersAtOnce) % 20_000 === 0) log(`  ${from + ordersAtOnce} orders written`);
  }
  await addPeople(directory, { ann: 'radiologist' });
  await fillTable(directory, recordServer.url, events, log);
  const child: ChildProcess = fork(fileURLToPath(new URL('./host-child.ts', import.meta.url)), {
    // As `npm run host` starts it.
    execArgv: ['--min-semi-space-size=16'],
    env: {
      ...process.env,
      OVERREAD_BENCH_HOST: JSON.stringify({
        directory,
        settings: {
          demo: false,
          studyDays: 400,
          record: { kind: 'remote', url: recordServer.url, credentials: { kind: 'none' } },
          archive: { kind: 'remote', url: archiveServer.url, credentials: { kind: 'none' } },
        },
      }),
    },
  });
  const ask = <Kind extends BenchAnswer['kind']>(kind: Kind, question: BenchAsk | null) =>
    new Promise<Extract<BenchAnswer, { kind: Kind }>>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the host ended (${code})`)));
      child.on('message', (message: BenchAnswer) => {
        if (message.kind === kind) resolve(message as Extract<BenchAnswer, { kind: Kind }>);
      });
      if (question !== null) child.send(question);
    });
  try {
    const { url } = await ask('ready', null);
    let reader = await signIn(url, 'ann', testPassword);
    // As a page does: each answer says from where the next one is asked.
    let version: number | undefined;
    const news = async () => {
      const list = await reader.call('worklist', { input: version === undefined ? {} : { since: version } });
      if (!list.ok) return [];
      version = list.value.version;
      return list.value.rows;
    };
    await eventually(
      `${size} rows`,
      async () => {
        version = undefined;
        return (await news()).length >= size ? true : null;
      },
      1_800_000,
    );
    log(`  the list stands with ${size} rows; waiting for the overlap to pass`);
    await new Promise((resolve) => setTimeout(resolve, overlap));
    // The overlap is told from the newest stamp: one order more moves the cursors past all that was written at once.
    for (const resource of resourcesOf(size)) await put(resource);
    await eventually('the last order', async () => {
      const rows = await news();
      return rows.some((row) => row.accession === `BENCH${size}`) ? true : null;
    });
    await eventually('the first reading of the archive’s older days', async () => archive.isKnown() || null, 1_800_000);
    await new Promise((resolve) => setTimeout(resolve, settling));
    await ask('collected', 'collect');
    await new Promise((resolve) => setTimeout(resolve, shrinking));
    const costOf = async (minutes: number, work: () => Promise<void>): Promise<number> => {
      const before = await ask('cpu', 'cpu');
      const until = Date.now() + minutes * minuteLong;
      await work();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, until - Date.now())));
      const after = await ask('cpu', 'cpu');
      return (after.seconds - before.seconds) / minutes;
    };
    const quiet = await costOf(1, async () => undefined);
    const changed = (number: number) => ({
      ...orderNumber(number % size),
      // Round after round over a small list, each time another urgency.
      priority: Math.floor(number / size) % 2 === 0 ? ('stat' as const) : ('asap' as const),
    });
    const busy = await costOf(busyMinutes, async () => {
      for (let number = 0; number < busyMinutes * changes; number += 1) {
        await put(orderToResources(changed(number)).serviceRequest);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    });
    // Nobody pressed a key for as long as locks a session.
    reader = await signIn(url, 'ann', testPassword);
    version = undefined;
    await eventually(
      'the last change on the list',
      async () => {
        const last = changed(busyMinutes * changes - 1);
        const rows = await news();
        return rows.some((row) => row.accession === last.accession && row.priority === last.priority) ? true : null;
      },
      30_000,
    );
    const { megabytes } = await ask('cpu', 'cpu');
    return { busy, quiet, memory: megabytes };
  } finally {
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.send('stop' satisfies BenchAsk);
    await ended;
    recordServer.close();
    archiveServer.close();
    await embedded.close();
    await rm(directory, { recursive: true, force: true });
    await rm(recordDirectory, { recursive: true, force: true });
  }
}
