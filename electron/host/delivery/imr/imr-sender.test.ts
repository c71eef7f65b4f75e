import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bundle, DiagnosticReport, Observation, Patient, Resource } from '@medplum/fhirtypes';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../../shared/domain/delivery/index.ts';
import { imrTransaction } from '../../../../shared/interop/fhir/index.ts';
import { signedVersionOf } from '../../../../test/builders/signed-version.ts';
import { imrQuestion } from '../../../../test/golden/imr.ts';
import type { GoldenKind } from '../../../../test/golden/versions.ts';
import { type FaultProxy, startFaultProxy } from '../../../../test/servers/fault-proxy/index.ts';
import { type FhirRouterServer, startFhirRouter } from '../../../../test/servers/fhir-router/server.ts';
import { testPorts } from '../../../../test/servers/overread-host/start-host.ts';
import type { ImrReceiver } from '../../settings/types.ts';
import type { HeldVersion, SignedVersion } from '../signed-store.ts';
import { createImrSender } from './imr-sender.ts';

const known = new Map<GoldenKind, SignedVersion>();
const released = { kind: 'released', at: 0 } as unknown as HeldVersion['standing'];
const held = (kind: GoldenKind): HeldVersion => ({
  taskId: 'task-1',
  signed: known.get(kind) as SignedVersion,
  standing: released,
});
const mrn = 'urn:oid:2.16.840.1.113883.3.9999.1';
const person: Patient = {
  resourceType: 'Patient',
  id: 'of-the-site',
  identifier: [{ system: mrn, value: 'MRN-88' }],
  name: [{ family: 'Müller', given: ['Žofie'] }],
  birthDate: '1952-03-09',
  gender: 'female',
};
const knownOf = (kind: GoldenKind): ReadonlyMap<string, string> =>
  new Map(
    held(kind).signed.imr?.report?.beforehand.map(({ fullUrl, resource }) => [
      fullUrl,
      `${resource.resourceType}/of-the-site`,
    ]),
  );
const delivery = { channel: 'imr' } as unknown as Delivery;
const note = async (): Promise<boolean> => true;

beforeAll(async () => {
  for (const kind of ['preliminary', 'final', 'addendum', 'correction', 'withdrawal'] as const)
    known.set(kind, await signedVersionOf(imrQuestion(kind)));
});

function sender(to: Partial<ImrReceiver>) {
  const receiver: ImrReceiver = {
    ...{ siteId: 'larkspur', url: '', token: null, patientSystem: mrn, accessionSystem: 'urn:a', patients: 'known' },
    ...{ images: 'https://pacs.example', pdf: true },
    ...to,
  };
  const send = createImrSender({
    receivers: () => [receiver],
    signed: { byDigest: (digest) => [...known.keys()].map(held).find((one) => one.signed.digest === digest) ?? null },
    ports: testPorts(),
  });
  return (kind: GoldenKind) => send(held(kind), delivery, note);
}

describe('a report at a site’s FHIR server (somebody else’s router)', () => {
  let server: FhirRouterServer;
  let proxy: FaultProxy;
  beforeEach(async () => {
    server = await startFhirRouter();
    proxy = await startFaultProxy({ target: server.url });
  });
  afterEach(async () => {
    await proxy.stop();
    await server.close();
  });
  const all = async <Kind extends Resource>(type: Kind['resourceType']): Promise<readonly Kind[]> => {
    const answer = (await (await fetch(`${server.url}/${type}?_count=100`)).json()) as Bundle<Kind>;
    return (answer.entry ?? []).flatMap(({ resource }) => (resource === undefined ? [] : [resource]));
  };
  const post = (body: unknown) =>
    fetch(server.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/fhir+json' },
      body: JSON.stringify(body),
    });

  it('is filed under the site’s own patient when it was read back equal, and sent again it is there once', async () => {
    await server.plant([person]);
    const send = sender({ url: server.url });
    const first = await send('preliminary');
    expect(first).toEqual({
      kind: 'filed',
      proof: expect.stringMatching(/^stored at 127\.0\.0\.1:\d+, read back, digest equal [0-9a-f]{4}…[0-9a-f]{2}$/),
    });
    expect(await send('preliminary')).toEqual(first);
    const [report, ...more] = await all<DiagnosticReport>('DiagnosticReport');
    expect(more).toEqual([]);
    expect(report).toMatchObject({ status: 'preliminary', subject: { reference: 'Patient/of-the-site' } });
    expect(report?.presentedForm?.map((form) => form.contentType)).toEqual(['text/html', 'application/pdf']);
    for (const type of [
      'Patient',
      'ServiceRequest',
      'ImagingStudy',
      'Endpoint',
      'Practitioner',
      'Organization',
    ] as const)
      expect(await all(type), type).toHaveLength(1);
    // Every reference that the server made of the Bundle’s own names leads somewhere.
    const [study] = await all('ImagingStudy');
    expect(report?.imagingStudy?.[0]?.reference).toBe(`ImagingStudy/${study?.id}`);
  });

  it.each<readonly [GoldenKind, readonly unknown[]]>([
    ['correction', [1, 'corrected', 1, [['corrected', 11, '121112']]]],
    ['withdrawal', [1, 'entered-in-error', 0, [['entered-in-error']]]],
  ])('goes through its states to a %s as one report, with its numbers', async (last, end) => {
    await server.plant([person]);
    const send = sender({ url: server.url });
    const seen: unknown[] = [];
    for (const kind of ['preliminary', 'final', last] as const) {
      expect([kind, (await send(kind)).kind]).toEqual([kind, 'filed']);
      const [report, ...more] = await all<DiagnosticReport>('DiagnosticReport');
      const numbers = await all<Observation>('Observation');
      seen.push([
        ...[1 + more.length, report?.status, report?.result?.length ?? 0],
        numbers.map(({ status, component = [] }) => [
          status,
          ...component.map((one) => one.valueQuantity?.value ?? one.code?.coding?.[0]?.code),
        ]),
      ]);
      expect(JSON.stringify(report).includes('Acute appendicitis.')).toBe(kind !== 'withdrawal');
    }
    const numbers = [12, '121112', 14.2, '121112'];
    expect(seen).toEqual([
      [1, 'preliminary', 1, [['preliminary', ...numbers]]],
      // Its key image with them.
      [1, 'final', 1, [['final', ...numbers, '121080']]],
      end,
    ]);
  });

  it('is added to by an addendum, and an older version that comes late changes nothing', async () => {
    await server.plant([person]);
    const send = sender({ url: server.url });
    await send('final');
    expect((await send('addendum')).kind).toBe('filed');
    expect(await send('final')).toEqual({
      kind: 'superseded',
      proof: expect.stringMatching(/^version 3, which follows it, stands there: /),
    });
    // The very bytes of the first one, held up on their way until now.
    const { imr, diagnosticReport } = held('final').signed;
    const late = imrTransaction(imr?.report?.bundle as Bundle, diagnosticReport as DiagnosticReport, {
      known: knownOf('final'),
      there: null,
    });
    expect((await post(late)).ok).toBe(true);
    expect((await all<DiagnosticReport>('DiagnosticReport')).map(({ status }) => status)).toEqual(['appended']);
  });

  it('that somebody changes between our reading and our writing is not overwritten; it is read again', async () => {
    await server.plant([person]);
    const send = sender({ url: proxy.url });
    await send('final');
    const [report] = await all<DiagnosticReport>('DiagnosticReport');
    const { imr, diagnosticReport } = held('correction').signed;
    const stale = imrTransaction(imr?.report?.bundle as Bundle, diagnosticReport as DiagnosticReport, {
      known: knownOf('correction'),
      there: { id: report?.id ?? '', version: 'another', report },
    });
    expect((await post(stale)).status).toBe(412);
    expect((await all<DiagnosticReport>('DiagnosticReport')).map(({ status }) => status)).toEqual(['final']);
    // The first one has the signer of the correction made there.
    proxy.setRules([{ method: 'POST', after: 1, times: 1, fault: { kind: 'status', status: 412 } }]);
    expect(await send('correction')).toMatchObject({ kind: 'wait', proof: expect.stringMatching(/it is read again/) });
    expect((await send('correction')).kind).toBe('filed');
  });

  it('of a patient whom the server does not know stops, or creates the patient, as it is set', async () => {
    expect(await sender({ url: server.url })('preliminary')).toEqual({
      kind: 'refused',
      proof: expect.stringMatching(/knows no patient by the number of this report’s patient under urn:oid:/),
    });
    expect(await all('DiagnosticReport')).toEqual([]);
    const create = sender({ url: server.url, patients: 'created' });
    expect((await create('preliminary')).kind).toBe('filed');
    expect((await create('final')).kind).toBe('filed');
    expect(await all<Patient>('Patient')).toMatchObject([
      { identifier: [{ system: mrn, value: 'MRN-88' }], birthDate: '1952-03-09' },
    ]);
  });

  it.each<readonly [string, readonly Patient[], RegExp]>([
    [
      'another person',
      [{ ...person, birthDate: '1988-01-30', name: [{ family: 'Okonkwo' }] }],
      /is another: .*birth date/,
    ],
    ['two people', [person, { ...person, id: 'second' }], /knows more than one patient/],
  ])('goes nowhere where the number is that of %s', async (_whom, people, words) => {
    await server.plant(people);
    for (const patients of ['known', 'created'] as const) {
      const came = await sender({ url: server.url, patients })('preliminary');
      expect(came.kind).toBe('refused');
      expect(came.proof).toMatch(words);
    }
    expect(await all('DiagnosticReport')).toEqual([]);
  });

  it('of a patient without a number is not left out in silence: a person sees that it does not go', async () => {
    const question = imrQuestion('preliminary');
    const patient = { ...question.content.patient, id: null };
    known.set('preliminary', await signedVersionOf({ ...question, content: { ...question.content, patient } }));
    const came = await sender({ url: server.url, patients: 'created' })('preliminary');
    known.set('preliminary', await signedVersionOf(question));
    expect(came).toEqual({ kind: 'refused', proof: expect.stringMatching(/^This report names no patient number/) });
    expect(await all('DiagnosticReport')).toEqual([]);
  });

  it('is taken back where it stands, whatever became of its patient’s entry', async () => {
    await server.plant([person]);
    const send = sender({ url: server.url });
    await send('final');
    await fetch(`${server.url}/Patient/of-the-site`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/fhir+json' },
      body: JSON.stringify({ ...person, birthDate: '1988-01-30', name: [{ family: 'Okonkwo' }] }),
    });
    expect((await send('correction')).kind).toBe('refused');
    expect((await send('withdrawal')).kind).toBe('filed');
    expect((await all<DiagnosticReport>('DiagnosticReport'))[0]?.status).toBe('entered-in-error');
  });

  it('that comes back otherwise, or under somebody else, is never called filed', async () => {
    await server.plant([person, { ...person, id: 'other', identifier: [{ system: mrn, value: 'MRN-99' }] }]);
    const send = sender({ url: server.url });
    await send('final');
    const [report] = await all<DiagnosticReport>('DiagnosticReport');
    const put = (changed: unknown) =>
      fetch(`${server.url}/DiagnosticReport/${report?.id}`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/fhir+json' },
        body: JSON.stringify(changed),
      });
    await put({ ...report, conclusion: 'No appendicitis.' });
    expect(await send('final')).toMatchObject({
      kind: 'refused',
      proof: expect.stringMatching(/gives back something else/),
    });
    await put({ ...report, subject: { ...report?.subject, reference: 'Patient/other' } });
    expect(await send('final')).toMatchObject({
      kind: 'refused',
      proof: expect.stringMatching(/who has another number/),
    });
    const [html, ...forms] = report?.presentedForm ?? [];
    await put({ ...report, presentedForm: [{ ...html, data: 'T3RoZXI=' }, ...forms] });
    expect(await send('final')).toMatchObject({
      kind: 'refused',
      proof: expect.stringMatching(/gives back something else/),
    });
    // A repository may keep a form's bytes apart (2:4.141.4.1.3.1): its hash still says which.
    const { data: _data, ...apart } = html ?? {};
    await put({ ...report, presentedForm: [{ ...apart, url: 'Binary/1' }, ...forms] });
    expect(await send('final')).toMatchObject({
      kind: 'filed',
      proof: expect.stringMatching(/its forms kept apart under equal hashes$/),
    });
  });

  it('over a line that drops requests and answers, resets and errs: none lost, none doubled, none out of turn', async () => {
    await server.plant([person]);
    proxy.setRules([
      { method: 'POST', after: 0, times: 3, fault: { kind: 'drop-after' } },
      { method: 'POST', after: 1, times: 2, fault: { kind: 'drop-before' } },
      { method: 'POST', after: 2, times: 2, fault: { kind: 'status', status: 503 } },
      { method: 'GET', after: 2, times: 4, fault: { kind: 'reset' } },
      { method: 'GET', after: 4, times: 3, fault: { kind: 'lie', body: '<html>', contentType: 'text/html' } },
      { method: 'GET', after: 5, times: 3, fault: { kind: 'truncate', bytes: 300, end: 'lost' } },
    ]);
    const send = sender({ url: proxy.url });
    for (const kind of ['preliminary', 'final', 'withdrawal'] as const) {
      const steps: string[] = [];
      for (let attempt = 0; attempt < 60 && steps.at(-1) !== 'filed'; attempt += 1) steps.push((await send(kind)).kind);
      expect([kind, steps.at(-1)]).toEqual([kind, 'filed']);
      expect(steps).not.toContain('refused');
    }
    const [report, ...more] = await all<DiagnosticReport>('DiagnosticReport');
    expect(more).toEqual([]);
    const history = (await (await fetch(`${server.url}/DiagnosticReport/${report?.id}/_history`)).json()) as Bundle;
    const states = (history.entry ?? []).map(({ resource }) => (resource as DiagnosticReport).status);
    expect(states.sort()).toEqual(['entered-in-error', 'final', 'preliminary']);
    for (const type of ['Observation', 'Practitioner', 'Organization', 'Endpoint', 'ImagingStudy'] as const)
      expect(await all(type), type).toHaveLength(type === 'Practitioner' ? 2 : 1);
  });
});

describe('a FHIR server that answers otherwise', () => {
  let server: Server;
  let url: string;
  let answerWith: { readonly status: number; readonly body: string; readonly location?: string };
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.headers.authorization ?? 'none');
      const { status, body, location } = answerWith;
      response.writeHead(status, location === undefined ? {} : { Location: location }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/r4`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const outcome = JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'invalid', diagnostics: '<b>no such\n profile</b>' }],
  });
  it.each([
    [{ status: 500, body: '' }, 'wait', /answered 500/],
    [{ status: 429, body: '' }, 'wait', /answered 429/],
    [{ status: 401, body: '' }, 'refused', /does not let this host in \(401\)\. Correct its token\./],
    [{ status: 422, body: outcome }, 'refused', /422, no such profile/],
    [{ status: 404, body: '' }, 'refused', /answered 404/],
    [{ status: 302, body: '', location: 'http://127.0.0.1:1/elsewhere' }, 'refused', /points elsewhere \(302\)/],
    [{ status: 200, body: '<html>welcome to the hotel</html>' }, 'wait', /not with FHIR/],
  ] as const)('with %j is %s', async (given, kind, words) => {
    answerWith = given;
    const came = await sender({ url, token: 'hush' })('preliminary');
    expect(came.kind).toBe(kind);
    expect(came.proof).toMatch(words);
    expect(came.proof).not.toContain('hush');
    expect(asked.at(-1)).toBe('Bearer hush');
  });

  it('is not asked where its token cannot be opened here: a person gives it again', async () => {
    asked.length = 0;
    const came = await sender({ url, token: { sealed: 'AAAA' } })('preliminary');
    expect(came).toMatchObject({ kind: 'refused', proof: expect.stringMatching(/cannot be opened on this host/) });
    expect(asked).toEqual([]);
  });

  it('or not at all, is waited for', async () => {
    expect(await sender({ url: 'http://127.0.0.1:1/r4' })('preliminary')).toEqual({
      kind: 'wait',
      proof: '127.0.0.1:1 could not be reached.',
    });
  });
});
