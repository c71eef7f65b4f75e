import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { type Random, randomFrom } from '../../electron/host/demo/random.ts';
import type { FetchHandler } from '../../electron/host/ports.ts';
import { createClaims } from '../../electron/host/reading/claims.ts';
import { createEmbeddedRecord, createRecordClient, embeddedRecordUrl } from '../../electron/host/record/index.ts';
import type { Reader, ReaderId } from '../../shared/domain/reader/index.ts';
import { emptyDesk, holdReasons, type ReadingTask, type TaskId } from '../../shared/domain/reading/index.ts';
import { taskFromFhir, taskToFhir } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import { type Asked, type TaskWrite, violations } from './claim-history.ts';

/** Claims asked for over both records together: 5,000 in the ordinary run, 100,000 with `SCALE=10` (npm run test:long). */
const claimsWanted = process.env.SCALE === undefined ? 5_000 : 10_000 * Number(process.env.SCALE);
const seed = process.env.SEED ?? String(Date.now() % 1_000_000);
const readers = 8;
const openTasks = 12;
const minute = 60_000;

type Site = { readonly fetch: FetchHandler; readonly baseUrl: string; close(): Promise<void> };

/** How badly a reader's line is just now. */
type Line = { lossy: boolean; cut: number };

/** The record's time, which the test moves on, and the door at which every write is seen. */
function recordDoor(site: Site) {
  let passed = 0;
  const writes: TaskWrite[] = [];
  const now = (): number => Date.now() + passed;
  const through = async (request: Request, by: string | null): Promise<Response> => {
    const body = request.method === 'PUT' ? await request.clone().text() : '';
    const from = request.headers.get('if-match')?.replace(/^W\/|"/g, '') ?? null;
    const answer = await site.fetch(request);
    const headers = new Headers(answer.headers);
    headers.set('Date', new Date(now()).toUTCString());
    const text = await answer.text();
    if (request.method === 'PUT' && answer.ok) {
      const written = taskFromFhir(JSON.parse(body) as Task);
      const { meta } = JSON.parse(text) as Task;
      if (!written.ok || meta?.versionId === undefined) throw new Error('a write that is no reading task');
      const { task } = written.value;
      writes.push({ taskId: task.id, by, from, version: meta.versionId, at: now(), task });
    }
    headers.delete('Content-Length');
    headers.delete('Content-Encoding');
    return new Response(text, { status: answer.status, headers });
  };
  return {
    writes,
    through,
    now,
    pass: (milliseconds: number) => {
      passed += milliseconds;
    },
  };
}
type Door = ReturnType<typeof recordDoor>;

/** One reader with a program, a clock and a line of her own. */
function openReader(site: Site, door: Door, number: number, random: Random) {
  const reader: Reader = {
    id: `reader-${number}` as ReaderId,
    userName: `reader${number}`,
    name: `Dr ${number}`,
    role: 'radiologist',
    npi: null,
    states: 'all',
  };
  const skew = Math.round(random.between(-48, 48) * 60 * minute);
  const line: Line = { lossy: false, cut: 0 };
  const fetch: FetchHandler = async (request) => {
    if (line.cut > 0) {
      line.cut -= 1;
      throw new TypeError('fetch failed: the line is cut');
    }
    const fate = line.lossy ? random.next() : 1;
    if (fate < 0.08) throw new TypeError('fetch failed: the question was lost');
    const answer = await door.through(request, reader.id);
    if (fate < 0.2) throw new TypeError('fetch failed: the answer was lost');
    if (fate < 0.35) await new Promise((resolve) => setTimeout(resolve, random.integer(1, 12)));
    return answer;
  };
  const record = createRecordClient({
    name: `record of ${reader.id}`,
    baseUrl: site.baseUrl,
    credentials: { kind: 'none' },
    fetch,
    ports: testPorts({ now: () => instant(door.now() + skew) }),
  });
  /** What she walked away from without a word. */
  const left: { readonly taskId: TaskId; readonly fencingToken: number }[] = [];
  return { reader, line, left, claims: createClaims(record, () => undefined) };
}
type Crew = ReturnType<typeof openReader>;
type Told = Awaited<ReturnType<Crew['claims']['move']>>;

function wellAgain(line: Line): void {
  line.lossy = false;
  line.cut = 0;
}

async function simulate(site: Site, wanted: number, random: Random) {
  const door = recordDoor(site);
  const record = createRecordClient({
    name: 'record',
    baseUrl: site.baseUrl,
    credentials: { kind: 'none' },
    fetch: (request) => door.through(request, null),
    ports: testPorts({ now: () => instant(door.now()) }),
  });
  const made: string[] = [];
  const open = new Set<string>();
  const asked: Asked[] = [];
  let claimsAsked = 0;
  let reports = 0;

  async function add(): Promise<void> {
    const task: ReadingTask = {
      id: `task-${made.length + 1}` as TaskId,
      state: 'queued',
      orderId: null,
      archive: null,
      studyUid: null,
      requestedReport: 'final',
      claim: null,
      lastFencingToken: 0,
      released: null,
      authoredOn: instant(Date.UTC(2026, 10, 1)),
      desk: emptyDesk,
    };
    made.push(task.id);
    const put = await record.put(taskToFhir(task));
    if (!put.ok) throw new Error(put.error.message);
    open.add(task.id);
  }
  for (let at = 0; at < openTasks; at += 1) await add();

  /** Her word on a report, sent again as the outbox does it until the record has answered. */
  async function finish(one: Crew, taskId: TaskId, fencingToken: number): Promise<void> {
    const { reader, line, claims } = one;
    reports += 1;
    const digest = `digest-${reports}`;
    const released = { reportId: `report-${reports}`, version: 1, digest, kind: 'final' as const };
    const complete = () => claims.move(taskId, { kind: 'complete', released, reader: reader.id, fencingToken });
    let done = await complete();
    note(one, 'complete', taskId, done, digest);
    if (!done.ok && done.error.code.startsWith('upstream')) {
      wellAgain(line);
      done = await complete();
      note(one, 'complete', taskId, done, digest);
    }
    if (done.ok && open.delete(taskId) && claimsAsked < wanted) await add();
  }

  function note(one: Crew, kind: Asked['kind'], taskId: string, told: Told, digest: string | null = null): void {
    const held = told.ok ? undefined : told.error.heldBy?.name;
    asked.push({
      by: one.reader.id,
      kind,
      taskId,
      told: told.ok ? 'done' : told.error.code.startsWith('upstream') ? 'unknown' : 'refused',
      token: told.ok ? (told.value.claim?.fencingToken ?? null) : null,
      heldBy: held === undefined ? null : held.replace('Dr ', 'reader-'),
      digest,
    });
  }

  /** One turn of a reader: she takes a study and goes on with it, gives it back, lets it lapse or finishes it. */
  async function turn(one: Crew): Promise<void> {
    const { reader, line, claims } = one;
    line.lossy = random.next() < 0.4;
    if (random.next() < 0.03) line.cut = random.integer(1, 6);
    // She comes back, soon or much later, to what she walked away from, and signs it with the token that she had then.
    const old = random.next() < 0.15 ? one.left.shift() : undefined;
    if (old !== undefined) return finish(one, old.taskId, old.fencingToken);
    const taskId = [...open][random.integer(0, open.size - 1)] as TaskId | undefined;
    if (taskId === undefined) return;
    const claim = async (): Promise<Told> => {
      claimsAsked += 1;
      const told = await claims.claim(taskId, reader);
      note(one, 'claim', taskId, told);
      return told;
    };
    let mine = await claim();
    if (!mine.ok && mine.error.code.startsWith('upstream')) {
      // The answer is lost. Her line is well again: if the record granted it she has it still, under the same token.
      wellAgain(line);
      mine = await claim();
    }
    if (!mine.ok) {
      // On hold, and whoever held it may be gone: it is taken off hold, which gives it back where her lease has run out.
      if (mine.error.code === 'not-a-legal-move')
        note(one, 'resume', taskId, await claims.move(taskId, { kind: 'resume' }));
      return;
    }
    const fencingToken = mine.value.lastFencingToken;
    const holder = { reader: reader.id, fencingToken };
    const fate = random.next();
    if (fate < 0.2) {
      one.left.push({ taskId, fencingToken });
    } else if (fate < 0.3) {
      note(one, 'renew', taskId, await claims.move(taskId, { kind: 'renew', ...holder }));
    } else if (fate < 0.65) {
      note(one, 'release', taskId, await claims.release(taskId, reader, fencingToken));
    } else if (fate < 0.75) {
      const hold = { kind: 'hold', reason: holdReasons[0], words: '', ...holder } as const;
      note(one, 'hold', taskId, await claims.move(taskId, hold));
      note(one, 'resume', taskId, await claims.move(taskId, { kind: 'resume' }));
    } else {
      await finish(one, taskId, fencingToken);
    }
  }

  const crew = Array.from({ length: readers }, (_one, number) => openReader(site, door, number, random));
  // Time moves on between the rounds, so that no question is under way when it does; a reader may sleep through several.
  while (claimsAsked < wanted) {
    const awake = crew.filter(() => random.next() < 0.85);
    await Promise.all(
      awake.map(async (one) => {
        for (let times = random.integer(1, 4); times > 0; times -= 1) await turn(one);
      }),
    );
    door.pass(random.integer(0, 7) * minute);
  }
  // At the end every lease has run out, the lines are well, and one reader finds all that is left.
  door.pass(60 * minute);
  const last = openReader(site, door, readers, random);
  for (const taskId of [...open] as TaskId[]) {
    const resumed = await last.claims.move(taskId, { kind: 'resume' });
    if (!resumed.ok && resumed.error.code !== 'not-a-legal-move') throw new Error(resumed.error.message);
    const told = await last.claims.claim(taskId, last.reader);
    if (told.ok) await finish(last, taskId, told.value.lastFencingToken);
  }
  const end = new Map<string, ReadingTask>();
  for (const taskId of made) {
    const read = await record.read('Task', taskId);
    const task = read.ok ? taskFromFhir(read.value.resource) : null;
    if (task?.ok === true) end.set(taskId, task.value.task);
  }
  return { made, writes: door.writes, asked, end, claimsAsked };
}

async function embedded(): Promise<Site> {
  const directory = await mkdtemp(join(tmpdir(), 'overread-simulated-'));
  const record = await createEmbeddedRecord({ directory, key: new Uint8Array(32).fill(7), ports: testPorts() });
  return {
    fetch: record.fetch,
    baseUrl: embeddedRecordUrl,
    close: async () => {
      await record.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function thirdParty(): Promise<Site> {
  const router = await startFhirRouter();
  return { fetch: (request) => fetch(request), baseUrl: router.url, close: () => router.close() };
}

describe('eight readers with wrong clocks and bad lines claim from one record', () => {
  it.each([
    ['the embedded record', embedded, Math.round(claimsWanted * 0.6)],
    ['a third-party FHIR router', thirdParty, Math.round(claimsWanted * 0.4)],
  ] as const)(
    '%s: no double final, no study taken or lost, and every answer is borne out',
    async (name, start, wanted) => {
      const site = await start();
      try {
        const history = await simulate(site, wanted, randomFrom(`${seed} ${name}`));
        const count = (told: Asked['told'], kind: Asked['kind'] = 'claim'): number =>
          history.asked.filter((one) => one.kind === kind && one.told === told).length;
        console.log(
          `${name}, SEED=${seed}: ${history.claimsAsked} claims asked for, ${count('done')} granted, ${count('refused')} refused, ${count('unknown')} without an answer; ${history.made.length} studies, ${history.writes.length} writes, ${count('done', 'complete')} finals`,
        );
        expect(violations(history)).toEqual([]);
        // A run in which nothing was lost on the way, refused or finished would prove nothing.
        for (const told of ['done', 'refused', 'unknown'] as const) expect(count(told)).toBeGreaterThan(wanted / 200);
        expect(count('done', 'complete')).toBeGreaterThan(wanted / 20);
        const lapsed = history.writes.filter(({ task }) => task.lastFencingToken > 1).length;
        expect(lapsed).toBeGreaterThan(wanted / 20);
      } finally {
        await site.close();
      }
    },
    Math.max(180_000, claimsWanted * 60),
  );
});
