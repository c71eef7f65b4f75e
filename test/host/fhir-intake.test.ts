import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccounts } from '../../electron/host/identity/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { startTestHost, type TestHost, type TestReader, testPorts } from '../servers/overread-host/start-host.ts';
import { filesBelow, hasSharedData, sharedData } from '../servers/shared-data.ts';

const largest = 1_000_000;
type Answer = { readonly status: number; readonly etag: string | null; readonly words: string; readonly id: string };

describe('the embedded record is a FHIR endpoint for a site’s interface', { timeout: 120_000 }, () => {
  let directory: string;
  let host: TestHost;
  let reader: TestReader;
  const tokens: Record<string, string> = {};
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-fhir-'));
    host = await startTestHost({ directory, settings: { demo: false } });
    await fetch(`${host.url}/api/accounts/first`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ userName: 'lead', name: 'Dr L. Lead', password: 'a long password', npi: null }),
    });
    reader = await host.signIn('lead', 'a long password');
    // What the accounts script does, in a second opening of the folder.
    const ring = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!ring.ok) throw new Error(ring.error.message);
    const accounts = await openAccounts({ directory, keyRing: ring.value, ports: testPorts() });
    for (const [name, site] of [
      ['anywhere', null],
      ['larkspur', 'larkspur'],
      ['cedar', 'cedar'],
    ] as const) {
      const added = await accounts.addToken({ name, scope: 'intake', site });
      if (!added.ok) throw new Error(added.error.message);
      tokens[name] = added.value;
    }
    await accounts.close();
  }, 60_000);
  afterAll(async () => {
    await host.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const send = async (
    method: string,
    path: string,
    body: unknown,
    options: { readonly as?: string | null; readonly ifMatch?: string } = {},
  ): Promise<Answer> => {
    const token = options.as === null ? undefined : tokens[options.as ?? 'larkspur'];
    const response = await fetch(`${host.url}/fhir${path}`, {
      method,
      headers: {
        'Content-Type': 'application/fhir+json',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(options.ifMatch === undefined ? {} : { 'If-Match': options.ifMatch }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = JSON.parse(text === '' ? '{}' : text) as {
      id?: string;
      issue?: { diagnostics?: string; details?: { text?: string } }[];
    };
    const [issue] = json.issue ?? [];
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      words: issue?.diagnostics ?? issue?.details?.text ?? '',
      id: json.id ?? '',
    };
  };
  const patient = {
    resourceType: 'Patient',
    id: 'fp1',
    name: [{ use: 'official', family: 'TANDEWRIGHT', given: ['MARY'] }],
    birthDate: '1952-03-09',
    gender: 'female',
    identifier: [{ use: 'usual', value: 'F55012', assigner: { display: 'LARK' } }],
  };
  const order = {
    resourceType: 'ServiceRequest',
    id: 'fo1',
    status: 'active',
    intent: 'order',
    priority: 'stat',
    code: { text: 'CT HEAD WITHOUT CONTRAST' },
    subject: { reference: 'Patient/fp1' },
    identifier: [
      { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN' }] }, value: 'FK1' },
    ],
  };

  it('puts an order on the list that a site writes with its token, under its own site', async () => {
    expect((await send('PUT', '/Patient/fp1', patient)).status).toBe(201);
    const written = await send('PUT', '/ServiceRequest/fo1', order);
    expect(written).toMatchObject({ status: 201, id: 'fo1', etag: expect.stringMatching(/^W\/"/) });
    let row = null;
    for (let turn = 0; turn < 150 && row === null; turn += 1) {
      const list = await reader.call('worklist');
      row = list.ok ? (list.value.rows.find((one) => one.accession === 'FK1') ?? null) : null;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(row).toMatchObject({ priority: 'stat', patient: { name: 'TANDEWRIGHT^MARY', birthDate: '19520309' } });
    const renamed = { ...patient, name: [{ use: 'official', family: 'TANDEWRIGHT', given: ['MARYANN'] }] };
    expect((await send('PUT', '/Patient/fp1', renamed)).status).toBe(200);
    const timeline = await reader.call('timeline', { params: { taskId: row?.taskId ?? '' } });
    expect(timeline.ok && timeline.value.events.filter((one) => one.type === 'identity.changed')).toMatchObject([
      { detail: 'name changed by FHIR Patient from larkspur' },
    ]);
  });

  it('makes the physician whom an order names by NPI a Practitioner of the record, one for all orders, whom no order and no site rewrites', async () => {
    const as = { as: 'anywhere' } as const;
    const read = async (path: string) =>
      (await fetch(`${host.url}/fhir${path}`, { headers: { Authorization: `Bearer ${tokens.anywhere}` } })).json();
    const numbered = (number: string, display: string) => ({
      ...order,
      id: `fq${number}`,
      identifier: [],
      requester: { display, identifier: { system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893' } },
    });
    expect((await send('PUT', '/ServiceRequest/fq1', numbered('1', 'Dr Olivia Orderer'))).status).toBe(201);
    expect((await send('PUT', '/ServiceRequest/fq2', numbered('2', 'ORDERER, O.'))).status).toBe(201);
    // One digit typed wrongly makes another physician's number: the order keeps its words and names nobody.
    expect((await send('PUT', '/ServiceRequest/fq3', numbered('3', 'Dr S. Second'))).status).toBe(201);
    const [one, two, three] = await Promise.all(['1', '2', '3'].map((id) => read(`/ServiceRequest/fq${id}`)));
    expect(one.requester.reference).toMatch(/^Practitioner\/orderer-[0-9a-f]{40}$/);
    expect(two.requester).toMatchObject({ reference: one.requester.reference, display: 'ORDERER, O.' });
    expect(three.requester.reference).toBeUndefined();
    const practitioner = await read(`/${one.requester.reference}`);
    expect(practitioner).toMatchObject({
      name: [{ text: 'Dr Olivia Orderer' }],
      meta: { versionId: expect.any(String) },
    });
    const taken = { ...practitioner, name: [{ text: 'Somebody else' }] };
    expect((await send('PUT', `/${one.requester.reference}`, taken, as)).status).toBe(403);
    expect((await send('PUT', `/${one.requester.reference}`, taken)).status).toBe(403);
  });

  it('writes over the version that was read, and no other', async () => {
    const first = await send('PUT', '/ServiceRequest/fo2', { ...order, id: 'fo2', identifier: [] });
    const second = await send(
      'PUT',
      '/ServiceRequest/fo2',
      { ...order, id: 'fo2', priority: 'routine', identifier: [] },
      { ifMatch: first.etag ?? '' },
    );
    expect(second.status).toBe(200);
    const stale = await send(
      'PUT',
      '/ServiceRequest/fo2',
      { ...order, id: 'fo2', priority: 'asap', identifier: [] },
      { ifMatch: first.etag ?? '' },
    );
    expect(stale.status).toBe(412);
  });

  it('makes one resource of a create that is repeated', async () => {
    const body = { ...order, id: undefined };
    const [first, again] = [await send('POST', '/ServiceRequest', body), await send('POST', '/ServiceRequest', body)];
    expect(first.status).toBe(201);
    expect(again).toMatchObject({ status: 200, id: first.id });
    expect((await send('POST', '/ServiceRequest', { ...body, identifier: undefined })).status).toBe(422);
  });

  it.each<[string, string, string, unknown, string | null | undefined, number]>([
    ['no token', 'PUT', '/Patient/x1', patient, null, 401],
    ['a token that nobody made', 'PUT', '/Patient/x1', patient, 'nobody', 401],
    [
      'a task',
      'PUT',
      '/Task/x1',
      { resourceType: 'Task', id: 'x1', status: 'requested', intent: 'order' },
      undefined,
      403,
    ],
    ['the log of events', 'GET', '/AuditEvent', undefined, undefined, 403],
    ['a search', 'GET', '/Patient?name=x', undefined, undefined, 403],
    ['a delete', 'DELETE', '/Patient/fp1', undefined, undefined, 405],
    ['another site’s order', 'PUT', '/ServiceRequest/fo1', { ...order, priority: 'routine' }, 'cedar', 403],
    ['another site’s order, read', 'GET', '/ServiceRequest/fo1', undefined, 'cedar', 403],
    [
      'an order for another site',
      'PUT',
      '/ServiceRequest/x2',
      { ...order, id: 'x2', performer: [{ reference: 'Organization/cedar' }] },
      undefined,
      403,
    ],
    [
      'an order whose second performer is another site',
      'PUT',
      '/ServiceRequest/x8',
      { ...order, id: 'x8', performer: [{ reference: 'Organization/larkspur' }, { reference: 'Organization/cedar' }] },
      undefined,
      403,
    ],
    [
      'an order for another site’s patient',
      'PUT',
      '/ServiceRequest/x9',
      { ...order, id: 'x9', identifier: [] },
      'cedar',
      403,
    ],
    ['another site’s patient, written over', 'PUT', '/Patient/fp1', patient, 'cedar', 403],
    [
      'a coverage of another site’s patient',
      'PUT',
      '/Coverage/x10',
      {
        resourceType: 'Coverage',
        id: 'x10',
        status: 'active',
        beneficiary: { reference: 'Patient/fp1' },
        payor: [{ display: 'Demo Health' }],
      },
      'cedar',
      403,
    ],
    [
      'a report on another site’s order',
      'PUT',
      '/DiagnosticReport/x11',
      {
        resourceType: 'DiagnosticReport',
        id: 'x11',
        status: 'final',
        code: { text: 'CT HEAD' },
        basedOn: [{ reference: 'ServiceRequest/fo1' }],
      },
      'cedar',
      403,
    ],
    [
      'a role of ours',
      'PUT',
      '/Practitioner/x3',
      { resourceType: 'Practitioner', id: 'x3', extension: [{ url: 'urn:overread:role', valueCode: 'lead' }] },
      'anywhere',
      422,
    ],
    ['a bundle', 'POST', '', { resourceType: 'Bundle', type: 'transaction' }, 'anywhere', 405],
    ['an id that is not the address', 'PUT', '/Patient/x4', patient, undefined, 400],
    ['words that are no JSON', 'PUT', '/Patient/x5', 'Alias: $loinc', undefined, 400],
    ['an order without an exam', 'PUT', '/ServiceRequest/x6', { ...order, id: 'x6', code: undefined }, undefined, 422],
    [
      'more than a megabyte',
      'PUT',
      '/Patient/x7',
      { ...patient, id: 'x7', text: { status: 'generated', div: 'x'.repeat(largest) } },
      undefined,
      413,
    ],
  ])('refuses %s with a reason', async (_what, method, path, body, as, status) => {
    const answer = await send(method, path, body, as === undefined ? {} : { as });
    expect(answer).toMatchObject({ status, words: expect.stringMatching(/\S/) });
  });

  it('takes what a site’s own order and patient carry, also for a patient whom the site sent by HL7 before', async () => {
    const covered = {
      resourceType: 'Coverage',
      id: 'fc1',
      status: 'active',
      beneficiary: { reference: 'Patient/fp1' },
      payor: [{ display: 'Demo Health' }],
    };
    expect((await send('PUT', '/Coverage/fc1', covered)).status).toBe(201);
    // A patient without a mark of a site, and an order of larkspur for him: what an HL7 message leaves behind.
    expect((await send('PUT', '/Patient/unmarked', { ...patient, id: 'unmarked' }, { as: 'anywhere' })).status).toBe(
      201,
    );
    const other = { ...covered, id: 'fc2', beneficiary: { reference: 'Patient/unmarked' } };
    expect((await send('PUT', '/Coverage/fc2', other)).status).toBe(403);
    const own = { ...order, id: 'fo9', identifier: [], subject: { reference: 'Patient/unmarked' } };
    const performer = [{ reference: 'Organization/larkspur' }];
    expect((await send('PUT', '/ServiceRequest/fo9', { ...own, performer }, { as: 'anywhere' })).status).toBe(201);
    expect((await send('PUT', '/Coverage/fc2', other)).status).toBe(201);
    expect((await send('PUT', '/Coverage/fc2', other, { as: 'cedar' })).status).toBe(403);
  });

  it('never lets a site write over a signer, whose keys verify what is signed', async () => {
    // The keys are published some moments after the account is made.
    const published = async (): Promise<boolean> =>
      (await send('GET', `/Practitioner/${reader.id}`, undefined, { as: 'anywhere' })).status !== 404;
    for (let turn = 0; turn < 100 && !(await published()); turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const over = await send(
      'PUT',
      `/Practitioner/${reader.id}`,
      { resourceType: 'Practitioner', id: reader.id },
      { as: 'anywhere' },
    );
    expect(over).toMatchObject({ status: 403, words: expect.stringContaining('written by Overread') });
  });

  it.skipIf(!hasSharedData)('takes every FHIR sample in or refuses it with a reason', async () => {
    const tally = new Map<string, number>();
    const silent: string[] = [];
    let samples = 0;
    for (const path of filesBelow(join(sharedData, 'fhir'))) {
      const text = await readFile(path, 'utf8');
      let type = 'Patient';
      let id: string | undefined;
      try {
        const parsed = JSON.parse(text) as { resourceType: string; id?: string };
        type = parsed.resourceType;
        id = parsed.id;
      } catch {
        id = 'text';
      }
      samples += 1;
      const answer =
        type === 'Bundle'
          ? await send('POST', '', text, { as: 'anywhere' })
          : await send('PUT', `/${type}/${id ?? 'none'}`, text, { as: 'anywhere' });
      tally.set(`${answer.status}`, (tally.get(`${answer.status}`) ?? 0) + 1);
      if (answer.status >= 400 && answer.words === '') silent.push(path);
      if (answer.status >= 500) silent.push(`${path}: ${answer.status} ${answer.words}`);
    }
    console.log(`FHIR samples: ${samples} files`, Object.fromEntries([...tally].sort()));
    expect(silent).toEqual([]);
    expect(samples).toBeGreaterThan(60);
  });
});
