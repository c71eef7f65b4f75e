import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Patient, Task } from '@medplum/fhirtypes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import type { Ports } from '../ports.ts';
import { createRecordClient } from './client.ts';
import { createEmbeddedRecord, type EmbeddedRecord, embeddedRecordUrl } from './embedded.ts';
import type { RecordClient } from './types.ts';

const key = new Uint8Array(32).fill(7);
let directory: string;
let now: Instant | null;
const ports: Ports = {
  now: () => now ?? instant(Date.now()),
  randomBytes: (count) => new Uint8Array(randomBytes(count)),
  newId: () => randomUUID(),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
};
let record: EmbeddedRecord;
let client: RecordClient;

async function open(): Promise<void> {
  record = await createEmbeddedRecord({ directory, key, ports });
  client = createRecordClient({
    name: 'embedded',
    baseUrl: embeddedRecordUrl,
    fetch: record.fetch,
    credentials: { kind: 'none' },
    ports,
  });
}

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await record.fetch(
    new Request(`${embeddedRecordUrl}/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

const wells: Task = { resourceType: 'Task', id: 'wells', status: 'requested', intent: 'order' };

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'overread-embedded-'));
  now = null;
  await open();
});
afterEach(async () => {
  await record.close();
  rmSync(directory, { recursive: true });
});

describe('the embedded record', () => {
  it('keeps everything, each version of it, over a restart', async () => {
    await client.put(wells);
    await client.put({ ...wells, status: 'in-progress' });
    await record.close();
    await open();
    const read = await client.read('Task', 'wells');
    expect(read.ok && [read.value.version, read.value.resource.status]).toEqual(['2', 'in-progress']);
    const first = await ask('GET', 'Task/wells/_history/1');
    expect(first.body.status).toBe('requested');
    const history = await ask('GET', 'Task/wells/_history');
    expect((history.body.entry as { resource: Task }[]).map((one) => one.resource.meta?.versionId)).toEqual(['2', '1']);
    expect((await ask('GET', 'Task/wells/_history/3')).status).toBe(404);
  });

  it('loses no acknowledged write when its process is killed', async () => {
    await record.close();
    const program = `
      import { createEmbeddedRecord } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)};
      const record = await createEmbeddedRecord({ directory: process.argv[2], key: new Uint8Array(32).fill(7), ports: {
        now: () => Date.now(), newId: () => 'id', randomBytes: () => new Uint8Array(0), log: { info() {}, warn() {}, error: console.error } } });
      for (let row = 0; ; row += 1) {
        const body = JSON.stringify({ resourceType: 'Task', id: 'row-' + row, status: 'requested', intent: 'order' });
        const put = await record.fetch(new Request('http://record.invalid/fhir/Task/row-' + row, { method: 'PUT', body }));
        if (put.status === 201) process.stdout.write(row + '\\n');
      }`;
    const file = join(directory, 'writer.mjs');
    writeFileSync(file, program);
    const child = spawn(process.execPath, [file, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = -1;
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        acknowledged = Number(chunk.toString('utf8').trim().split('\n').at(-1));
        if (acknowledged >= 40) child.kill('SIGKILL');
      });
      child.on('exit', () => resolve());
    });
    await open();
    const found = await client.search('Task', {});
    const ids = new Set(found.ok ? found.value.map((one) => one.resource.id) : []);
    expect(acknowledged).toBeGreaterThanOrEqual(40);
    for (let row = 0; row <= acknowledged; row += 1) expect(ids.has(`row-${row}`), `row-${row}`).toBe(true);
  });

  it('writes nothing readable to the disk: no name, no number, no id, no reference', async () => {
    const patient: Patient = {
      resourceType: 'Patient',
      id: 'MARKER-ID',
      name: [{ family: 'MARKERNAME' }],
      birthDate: '1931-03-07',
      identifier: [{ system: 'urn:MARKERSYSTEM', value: 'MARKERMRN' }],
    };
    await client.put(patient);
    await client.put({ ...wells, for: { reference: 'Patient/MARKER-ID' }, description: 'MARKERTEXT' });
    const search = () => client.search('Patient', { identifier: 'urn:MARKERSYSTEM|MARKERMRN' });
    expect((await search()).ok).toBe(true);
    const files = () => readdirSync(directory).map((name) => join(directory, name));
    const readable = () => files().filter((file) => /MARKER|1931-03-07/.test(readFileSync(file, 'latin1')));
    expect(files().some((file) => file.endsWith('-wal') && statSync(file).size > 0)).toBe(true);
    expect(readable()).toEqual([]);
    await record.close();
    expect(readable()).toEqual([]);
    await open();
    const found = await search();
    expect(found.ok && found.value.length).toBe(1);
  });

  it('does not open with another key', async () => {
    await record.close();
    await expect(createEmbeddedRecord({ directory, key: new Uint8Array(32), ports })).rejects.toThrow(
      'the record in this folder was sealed with another key',
    );
    await open();
  });

  it('gives stamps that never run backwards, even when the clock of the computer does', async () => {
    const stamps: number[] = [];
    for (const at of ['2026-03-01T09:00:00Z', '2026-03-01T08:00:00Z', '2026-03-01T08:30:00Z', '2026-03-01T09:30:00Z']) {
      now = instant(Date.parse(at));
      const put = await client.put({ ...wells, id: `at-${stamps.length}` });
      stamps.push(put.ok ? (put.value.lastUpdated ?? 0) : 0);
    }
    expect(stamps.map((stamp) => new Date(stamp).toISOString().slice(11, 16))).toEqual([
      '09:00',
      '09:00',
      '09:00',
      '09:30',
    ]);
  });

  it('says 201 for the first write and 200 for the next, with ETag and Date', async () => {
    const first = await ask('PUT', 'Task/wells', wells);
    expect([first.status, first.headers.get('etag')]).toEqual([201, 'W/"1"']);
    const second = await ask('PUT', 'Task/wells', wells);
    expect([second.status, second.headers.get('etag')]).toEqual([200, 'W/"2"']);
    expect(Date.parse(second.headers.get('date') ?? '')).toBeGreaterThan(0);
    expect((await ask('PUT', 'Task/wells', wells, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect((await ask('PUT', 'Task/other', { ...wells, id: 'other' }, { 'if-match': 'W/"1"' })).status).toBe(412);
  });

  it.each([
    ['an unknown type', 'GET', 'Medication', undefined, 404],
    ['an unknown parameter', 'GET', 'Task?colour=red', undefined, 400],
    ['a parameter that would need readable text', 'GET', 'Patient?family=Wells', undefined, 400],
    ['a modifier that it does not know', 'GET', 'Task?status:text=requested', undefined, 400],
    ['a chained search', 'GET', 'Task?patient.identifier=1', undefined, 400],
    ['_include', 'GET', 'Task?_include=Task:patient', undefined, 400],
    ['another order', 'GET', 'Task?_sort=status', undefined, 400],
    ['a date that is none', 'GET', 'Task?_lastUpdated=geyesterday', undefined, 400],
    ['a forged cursor', 'GET', 'Task?_cursor=abc', undefined, 400],
    ['DELETE', 'DELETE', 'Task/wells', undefined, 405],
    ['PATCH', 'PATCH', 'Task/wells', [], 405],
    ['a transaction', 'POST', '', { resourceType: 'Bundle', type: 'transaction' }, 404],
    ['graph queries', 'POST', '$graphql', { query: '{}' }, 404],
    ['a conditional write', 'PUT', 'Task?identifier=1', wells, 400],
    ['search by POST', 'POST', 'Task/_search', {}, 400],
    ['a body of another id', 'PUT', 'Task/else', wells, 400],
    ['a body of another type', 'PUT', 'Patient/wells', wells, 400],
    ['a body that is no resource', 'PUT', 'Task/wells', [1], 400],
    [
      'a resource without what FHIR requires',
      'PUT',
      'Task/wells',
      { resourceType: 'Task', id: 'wells', status: 'requested' },
      400,
    ],
    ['a resource with what FHIR does not know', 'PUT', 'Task/wells', { ...wells, colour: 'red' }, 400],
    ['a date that FHIR does not know', 'PUT', 'Task/wells', { ...wells, authoredOn: '1.3.2026' }, 400],
    ['a control character', 'PUT', 'Task/wells', { ...wells, description: 'a\u0007b' }, 400],
    ['an If-Match that is no entity tag', 'PUT', 'Task/wells', wells, 400],
  ])('refuses %s with an OperationOutcome', async (name, method, path, body, status) => {
    const answer = await ask(method, path, body, name.startsWith('an If-Match') ? { 'if-match': '3' } : {});
    expect(answer.status).toBe(status);
    expect(answer.body.resourceType).toBe('OperationOutcome');
  });

  it('finds by the stamp with ge, gt, le, lt and a day, and by id, missing and not', async () => {
    for (const [id, at] of [
      ['a', '2026-03-01T08:00:00.000Z'],
      ['b', '2026-03-01T08:00:00.001Z'],
      ['c', '2026-03-02T00:00:00.000Z'],
    ] as const) {
      now = instant(Date.parse(at));
      await client.put({
        ...wells,
        id,
        ...(id === 'c' ? { owner: { reference: 'Practitioner/ada' }, status: 'accepted' } : {}),
      });
    }
    const ids = async (query: string) => {
      const { body } = await ask('GET', `Task?${query}`);
      return ((body.entry ?? []) as { resource: Task }[]).map((one) => one.resource.id).join('');
    };
    expect(await ids('_lastUpdated=ge2026-03-01T08:00:00.001Z')).toBe('bc');
    expect(await ids('_lastUpdated=gt2026-03-01T08:00:00.001Z')).toBe('c');
    expect(await ids('_lastUpdated=le2026-03-01T08:00:00.001Z')).toBe('ab');
    expect(await ids('_lastUpdated=lt2026-03-01T09:00:00.001%2B01:00')).toBe('a');
    expect(await ids('_lastUpdated=2026-03-01')).toBe('ab');
    expect(await ids('_lastUpdated=ge2026-03-01&_lastUpdated=lt2026-03-02')).toBe('ab');
    expect(await ids('_sort=-_lastUpdated')).toBe('cba');
    expect(await ids('_id=a,c')).toBe('ac');
    expect(await ids('status:not=accepted')).toBe('ab');
    expect(await ids('owner:missing=true')).toBe('ab');
    expect(await ids('owner=ada')).toBe('c');
    const counted = await ask('GET', 'Task?_count=1&_total=accurate');
    expect(counted.body.total).toBe(3);
    const next =
      (counted.body.link as { relation: string; url: string }[]).find((link) => link.relation === 'next')?.url ?? '';
    const second = await ask('GET', next.slice(embeddedRecordUrl.length + 1));
    expect((second.body.entry as { resource: Task }[])[0]?.resource.id).toBe('b');
  });

  it('shows that a row was altered, and still gives the others', async () => {
    await client.put(wells);
    await client.put({ ...wells, id: 'sound' });
    await record.close();
    const database = new DatabaseSync(join(directory, 'record.sqlite'));
    const swapped = database.prepare('SELECT body FROM version WHERE sequence = 2').get()?.body as Uint8Array;
    database.prepare('UPDATE version SET body = ? WHERE sequence = 1').run(swapped);
    database.close();
    await open();
    const read = await client.read('Task', 'wells');
    expect(read.ok ? '' : read.error.cameBack).toMatch(/altered/);
    const found = await client.search('Task', {});
    expect(found.ok && found.value.map((one) => one.resource.id)).toEqual(['sound']);
  });

  it('answers 503 after it was closed, and does not hang', async () => {
    await record.close();
    const read = await client.read('Task', 'wells');
    expect(read.ok ? '' : read.error.code).toBe('unreachable');
    await open();
  });

  it('keeps nothing on the disk when it is told to stay in memory', async () => {
    const folder = join(directory, 'absent');
    const inMemory = await createEmbeddedRecord({ directory: folder, key, ports, inMemory: true });
    const put = await inMemory.fetch(
      new Request(`${embeddedRecordUrl}/Task/wells`, { method: 'PUT', body: JSON.stringify(wells) }),
    );
    expect(put.status).toBe(201);
    expect(readdirSync(directory)).not.toContain('absent');
    await inMemory.close();
  });

  it('ships no more than 2 MB of definitions', () => {
    const folder = new URL('../../../resources/fhir/', import.meta.url);
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0);
    expect(bytes).toBeLessThan(2 * 1024 * 1024);
  });
});
