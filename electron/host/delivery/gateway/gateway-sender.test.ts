import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery, GatewayKind } from '../../../../shared/domain/delivery/index.ts';
import type { ReportContent } from '../../../../shared/domain/report/index.ts';
import { instant } from '../../../../shared/lib/instant.ts';
import { aDigest, aSignedReport } from '../../../../test/builders/signed-report.ts';
import { startFaultProxy } from '../../../../test/servers/fault-proxy/index.ts';
import { testPorts } from '../../../../test/servers/overread-host/start-host.ts';
import { sha256 } from '../../digest.ts';
import type { Gateway } from '../../settings/types.ts';
import type { Attempt, NoteJob } from '../outbox.ts';
import { coverPdf } from '../pdf/index.ts';
import type { HeldVersion } from '../signed-store.ts';
import { createGatewaySender } from './gateway-sender.ts';

const pdf = new TextEncoder().encode('%PDF-1.7 the report as it was signed');
const farrow = { name: 'Dr O. Farrow', address: '+12065550142', orderer: '1234567893', usual: false };
const mailbox = { ...farrow, address: 'farrow@direct.example' };
const order = {
  site: {
    id: 'larkspur',
    name: 'Larkspur Imaging',
    zone: 'America/Los_Angeles',
    state: 'WA',
    phone: '+1 206 555 0100',
  },
  orderedBy: { name: 'Dr O. Farrow', npi: '1234567893' },
};

function version(changes: Partial<ReportContent> = {}, digest = aDigest): HeldVersion {
  return {
    taskId: 'task-1',
    standing: { kind: 'released', at: instant(0) },
    signed: {
      content: aSignedReport(changes),
      digest,
      diagnosticReport: {
        resourceType: 'DiagnosticReport',
        presentedForm: [{ contentType: 'application/pdf', data: Buffer.from(pdf).toString('base64') }],
      },
    } as unknown as HeldVersion['signed'],
  };
}
function delivery(channel: GatewayKind, again?: number): Delivery {
  return {
    id: `rep-v1-${channel}`,
    reportId: 'rep',
    version: 1,
    taskId: 'task-1',
    channel,
    name: 'Fax, Larkspur Imaging',
    state: 'sent',
    attempts: 1,
    nextAttemptAt: null,
    since: instant(0),
    proof: '',
    ...(again === undefined ? {} : { again }),
  };
}
type Send = (held: HeldVersion, delivery: Delivery, note?: NoteJob) => Promise<Attempt>;
function sender(
  gateway: Gateway,
  orderOf = (): { order: typeof order | null } | null => ({ order }),
  folderFault = (): string | null => null,
): Send {
  const send = createGatewaySender({
    kind: gateway.kind,
    gateways: () => [gateway],
    orderOf: orderOf as never,
    folderFault,
    cover: coverPdf,
    ports: testPorts(),
  });
  return (held, of, note = async () => true) => send(held, of, note);
}

describe('a fax gateway behind a folder', () => {
  let folder: string;
  let send: Send;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-gateway-'));
    send = sender({ siteId: 'larkspur', kind: 'fax', to: { kind: 'folder', folder }, recipients: [farrow] });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const jobs = (): Promise<readonly string[]> => readdir(join(folder, 'jobs')).catch(() => []);
  const only = async (): Promise<string> => {
    const [id, ...more] = await jobs();
    if (id === undefined || more.length > 0) throw new Error('not one job');
    return id;
  };
  const fileOf = async (id: string) => JSON.parse(await readFile(join(folder, 'jobs', id, 'job.json'), 'utf8'));
  /** What the gateway does: takes the job away, and answers. */
  const take = async (id: string): Promise<void> => {
    await mkdir(join(folder, 'taken'), { recursive: true });
    await rename(join(folder, 'jobs', id), join(folder, 'taken', id));
  };
  const answer = (id: string, status: unknown): Promise<void> =>
    writeFile(join(folder, 'status', `${id}.json`), typeof status === 'string' ? status : JSON.stringify(status));

  it('gets the job whole, with the number of the site’s list, a cover without a patient, and the signed PDF', async () => {
    expect(await send(version(), delivery('fax'))).toEqual({
      kind: 'wait',
      proof: 'Put into the gateway’s folder; the gateway has not answered yet.',
    });
    const id = await only();
    const file = await fileOf(id);
    expect(file).toMatchObject({
      job: id,
      kind: 'fax',
      to: { name: 'Dr O. Farrow', address: '+12065550142' },
      title: 'Final report',
      replaces: null,
      sha256: sha256(pdf),
    });
    expect(file.documents.map((one: { name: string }) => one.name)).toEqual(['1-cover.pdf', '2-report.pdf']);
    for (const { name, sha256: stated } of file.documents)
      expect(sha256(await readFile(join(folder, 'jobs', id, name)))).toBe(stated);
    // The job file is the gateway's to log: whose report it is stands in the report alone.
    expect(JSON.stringify(file)).not.toMatch(/MÜLLER|LK-4471|MRN-88|1952/);
  });

  it('is told in its own words: taken is not accepted, sent is accepted, delivered is filed with the destination’s status', async () => {
    await send(version(), delivery('fax'));
    const id = await only();
    expect(await send(version(), delivery('fax'))).toMatchObject({
      kind: 'wait',
      proof: expect.stringMatching(/has not taken it/),
    });
    await take(id);
    expect(await send(version(), delivery('fax'))).toMatchObject({
      kind: 'wait',
      proof: expect.stringMatching(/no status yet/),
    });
    await answer(id, '{"job":');
    expect(await send(version(), delivery('fax'))).toMatchObject({
      kind: 'wait',
      proof: expect.stringMatching(/cannot be read yet/),
    });
    await answer(id, { job: id, status: 'sent', detail: '3 pages' });
    expect(await send(version(), delivery('fax'))).toEqual({
      kind: 'accepted',
      proof: `Dr O. Farrow, fax ending 0142; the site’s gateway: sent: 3 pages, job ${id}`,
    });
    await answer(id, { job: id, status: 'delivered', sha256: sha256(pdf) });
    expect(await send(version(), delivery('fax'))).toMatchObject({
      kind: 'filed',
      proof: expect.stringMatching(/status from the destination: delivered/),
    });
    // However often it was asked, the gateway was given one job.
    expect([await jobs(), await readdir(join(folder, 'taken'))]).toEqual([[], [id]]);
  });

  it('that fails needs a person, and what a person puts back is a new job', async () => {
    await send(version(), delivery('fax'));
    const id = await only();
    await take(id);
    await answer(id, { job: id, status: 'failed', detail: 'busy, 5 tries' });
    expect(await send(version(), delivery('fax'))).toMatchObject({
      kind: 'refused',
      proof: expect.stringMatching(/failed: busy, 5 tries/),
    });
    await send(version(), delivery('fax', 1));
    expect(await only()).toBe(`${id}-2`);
  });

  it('is told of what a newer version replaces, so that an old one still waiting there is not sent after it', async () => {
    await send(version({ kind: 'preliminary' }), delivery('fax'));
    const first = await only();
    await take(first);
    await send(version({ version: 2, kind: 'final', parentDigest: aDigest }, 'f'.repeat(64)), delivery('fax'));
    expect(await fileOf(await only())).toMatchObject({ replaces: first, version: 2 });
  });

  it('gets a withdrawal as one, on cover and job, in place of what it takes back', async () => {
    await send(version(), delivery('fax'));
    const first = await only();
    await take(first);
    await send(version({ version: 2, kind: 'withdrawal', parentDigest: aDigest }, 'e'.repeat(64)), delivery('fax'));
    expect(await fileOf(await only())).toMatchObject({ replaces: first, title: 'WITHDRAWN: entered in error' });
  });

  it('with a folder that is not there waits, and does not take a missing mount for an empty gateway', async () => {
    await rm(folder, { recursive: true });
    expect(await send(version(), delivery('fax'))).toEqual({
      kind: 'wait',
      proof: 'The gateway’s folder cannot be used (ENOENT).',
    });
    await expect(readdir(folder)).rejects.toThrow();
  });

  it('whose folder may not be used is given nothing, and a person is told why', async () => {
    const gateway: Gateway = { siteId: 'larkspur', kind: 'fax', to: { kind: 'folder', folder }, recipients: [farrow] };
    const send = sender(gateway, undefined, () => 'It leads elsewhere.');
    expect(await send(version(), delivery('fax'))).toEqual({ kind: 'refused', proof: 'It leads elsewhere.' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is given nothing where the site’s list has nobody for it, or the order is not known yet', async () => {
    const stranger = { ...order, orderedBy: { name: 'Dr O. Farrow', npi: '1999999984' } };
    const gateway: Gateway = { siteId: 'larkspur', kind: 'fax', to: { kind: 'folder', folder }, recipients: [farrow] };
    expect(await sender(gateway, () => ({ order: stranger }))(version(), delivery('fax'))).toMatchObject({
      kind: 'refused',
      proof: expect.stringMatching(/is not in the site’s list/),
    });
    expect(await sender(gateway, () => null)(version(), delivery('fax'))).toMatchObject({ kind: 'wait' });
    const elsewhere = { ...order, site: { ...order.site, id: 'tallow' } };
    expect(await sender(gateway, () => ({ order: elsewhere }))(version(), delivery('fax'))).toMatchObject({
      kind: 'refused',
      proof: expect.stringMatching(/No fax gateway is set for this site/),
    });
    expect(await jobs()).toEqual([]);
  });
});

describe('a gateway that is moved', () => {
  let was: string;
  let now: string;
  beforeEach(async () => {
    was = await mkdtemp(join(tmpdir(), 'overread-gateway-was-'));
    now = await mkdtemp(join(tmpdir(), 'overread-gateway-now-'));
  });
  afterEach(async () => {
    for (const folder of [was, now]) await rm(folder, { recursive: true, force: true });
  });
  const hour = 3_600_000;
  const at = (folder: string, before?: Gateway['before']): Gateway => ({
    ...{ siteId: 'larkspur', kind: 'fax', to: { kind: 'folder', folder }, recipients: [farrow] },
    ...(before === undefined ? {} : { before }),
  });
  const moved = (hours = 0): Gateway =>
    at(now, [{ to: { kind: 'folder', folder: was }, movedAt: testPorts().now() - hours * hour }]);
  const jobsIn = (folder: string): Promise<readonly string[]> => readdir(join(folder, 'jobs')).catch(() => []);
  /** Sent as the outbox does it: what is noted belongs to the delivery from then on. */
  const put = async (): Promise<Delivery> => {
    let one = delivery('fax');
    await sender(at(was))(version(), one, async (job) => {
      // Known before anything lies there.
      expect(await jobsIn(was)).toEqual([]);
      one = { ...one, job };
      return true;
    });
    expect(one.job).toEqual({ id: (await jobsIn(was))[0], place: was });
    return one;
  };
  const none: NoteJob = () => {
    throw new Error('nothing is put anywhere');
  };

  it('is asked where the job was put, whatever it says there, and is not given it again', async () => {
    const one = await put();
    const id = one.job?.id ?? '';
    const send = sender(moved());
    expect(await send(version(), one, none)).toMatchObject({ kind: 'wait', proof: expect.stringMatching(/not taken/) });
    await writeFile(join(was, 'status', `${id}.json`), JSON.stringify({ job: id, status: 'sent' }));
    expect(await send(version(), one, none)).toMatchObject({ kind: 'accepted' });
    await writeFile(join(was, 'status', `${id}.json`), JSON.stringify({ job: id, status: 'delivered' }));
    expect(await send(version(), one, none)).toMatchObject({ kind: 'filed' });
    await writeFile(join(was, 'status', `${id}.json`), JSON.stringify({ job: id, status: 'failed' }));
    expect(await send(version(), one, none)).toMatchObject({ kind: 'refused', jobIsOver: true });
    expect(await readdir(now)).toEqual([]);
  });

  it('that is not heard of for hours where it was, or does not know the job there, needs a person, who sends a new job', async () => {
    const one = await put();
    expect((await sender(moved(3))(version(), one, none)).kind).toBe('wait');
    expect(await sender(moved(5))(version(), one, none)).toEqual({
      ...{ kind: 'refused', jobIsOver: true },
      proof: `Job ${one.job?.id} was put to ${was}, from where the gateway was moved since. For 5 hours nothing was heard of it: Lies in the gateway’s folder; the gateway has not taken it yet. Ask the gateway’s operator whether it went out. A retry is sent to ${now} as a new job.`,
    });
    await rm(join(was, 'jobs'), { recursive: true });
    await rm(join(was, 'handed'), { recursive: true });
    expect(await sender(moved())(version(), one, none)).toMatchObject({
      ...{ kind: 'refused', jobIsOver: true },
      proof: expect.stringMatching(/It is not known there\./),
    });
    expect(await sender(at(now))(version(), one, none)).toMatchObject({
      ...{ kind: 'refused', jobIsOver: true },
      proof: expect.stringMatching(/is set no more/),
    });
    expect(await readdir(now)).toEqual([]);
    const { job, ...again } = one;
    await sender(moved())(version(), { ...again, again: 1 });
    expect(await jobsIn(now)).toEqual([`${job?.id}-2`]);
  });

  it('whose login is refused for a while is asked for the same job again after a person has put that right', async () => {
    const one = await put();
    // A retry counts, and the job is the one that lies there.
    expect(await sender(at(was))(version(), { ...one, again: 1 }, none)).toMatchObject({ kind: 'wait' });
    expect(await jobsIn(was)).toEqual([one.job?.id]);
  });

  it('is given nothing where it could not be written down what goes where', async () => {
    expect(await sender(at(was))(version(), delivery('fax'), async () => false)).toEqual({
      kind: 'wait',
      proof: 'Where it goes could not be written down, so it did not go.',
    });
    expect(await readdir(was)).toEqual([]);
  });
});

describe('a Direct gateway behind an HTTP port', () => {
  type Job = { readonly body: Record<string, unknown>; puts: number; polls: number };
  const held = new Map<string, Job>();
  let server: Server;
  let url: string;
  let answerWith: { status: number; body: string; location?: string } | null = null;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const id = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
      if (answerWith !== null) {
        response.writeHead(
          answerWith.status,
          answerWith.location === undefined ? {} : { Location: answerWith.location },
        );
        response.end(answerWith.body);
        return;
      }
      if (request.headers.authorization !== 'Bearer gateway-token') {
        response.writeHead(401).end();
        return;
      }
      let text = '';
      request.on('data', (piece: Buffer) => {
        text += piece.toString();
      });
      request.on('end', () => {
        const known = held.get(id);
        const say = (status: string): void => {
          response.writeHead(200, { 'Content-Type': 'application/json' });
          response.end(JSON.stringify({ job: id, status, sha256: held.get(id)?.body.sha256 }));
        };
        if (request.method === 'PUT') {
          if (known === undefined) held.set(id, { body: JSON.parse(text), puts: 1, polls: 0 });
          else known.puts += 1;
          return say('queued');
        }
        if (known === undefined) {
          response.writeHead(404).end();
          return;
        }
        known.polls += 1;
        say(known.polls < 2 ? 'processed' : 'dispatched');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jobs`;
  });
  afterEach(() => {
    answerWith = null;
    held.clear();
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const to = (address = url, token: string | null = 'gateway-token'): Gateway => ({
    siteId: 'larkspur',
    kind: 'direct',
    to: { kind: 'http', url: address, token },
    recipients: [mailbox],
  });

  it('takes the job by its id with the PDF and no cover, and its status is the proof', async () => {
    const send = sender(to());
    expect(await send(version(), delivery('direct'))).toMatchObject({
      kind: 'accepted',
      proof: expect.stringMatching(/gateway: queued/),
    });
    const [job] = [...held.values()];
    const documents = job?.body.documents as { name: string; base64: string }[];
    expect(documents.map((one) => one.name)).toEqual(['report.pdf']);
    expect(Buffer.from(documents[0]?.base64 ?? '', 'base64')).toEqual(Buffer.from(pdf));
    expect(job?.body.to).toEqual({ name: 'Dr O. Farrow', address: 'farrow@direct.example' });
    expect(await send(version(), delivery('direct'))).toMatchObject({
      kind: 'accepted',
      proof: expect.stringMatching(/processed/),
    });
    expect(await send(version(), delivery('direct'))).toMatchObject({
      kind: 'filed',
      proof: expect.stringMatching(/^Dr O\. Farrow, farrow@direct\.example; status from the destination: dispatched/),
    });
    expect(job?.puts).toBe(1);
  });

  it.each([
    [{ status: 500, body: '' }, 'wait', /answered 500/],
    [{ status: 429, body: '' }, 'wait', /answered 429/],
    [{ status: 403, body: '' }, 'refused', /Correct its token/],
    [{ status: 422, body: '<b>no such\n mailbox</b>' }, 'refused', /422, no such mailbox/],
    [{ status: 302, body: '', location: 'http://127.0.0.1:1/elsewhere' }, 'refused', /refused the job: 302/],
    [{ status: 200, body: '<html>welcome to the hotel</html>' }, 'wait', /not with a status/],
    [{ status: 200, body: `"${'x'.repeat(70_000)}"` }, 'wait', /too large/],
    [{ status: 200, body: '{"job":"OVR-OTHER","status":"delivered"}' }, 'wait', /names no job, or another one/],
  ] as const)('that answers %j is %s', async (given, kind, words) => {
    answerWith = given;
    const came = await sender(to())(version(), delivery('direct'));
    expect(came.kind).toBe(kind);
    expect(came.proof).toMatch(words);
  });

  it('with a wrong token, or nobody there, says so', async () => {
    expect(await sender(to(url, 'other'))(version(), delivery('direct'))).toMatchObject({ kind: 'refused' });
    expect(await sender(to('http://127.0.0.1:1/jobs'))(version(), delivery('direct'))).toEqual({
      kind: 'wait',
      proof: 'The gateway could not be reached.',
    });
  });

  it('over a line that drops requests and answers, resets and errs: none lost, none doubled', async () => {
    const proxy = await startFaultProxy({ target: new URL(url).origin });
    proxy.setRules([
      { method: 'PUT', after: 0, times: 6, fault: { kind: 'drop-after' } },
      { method: 'PUT', after: 2, times: 5, fault: { kind: 'drop-before' } },
      { method: 'GET', after: 3, times: 9, fault: { kind: 'reset' } },
      { method: 'GET', after: 11, times: 9, fault: { kind: 'status', status: 503 } },
      { method: 'GET', after: 15, times: 4, fault: { kind: 'lie', body: '<html>', contentType: 'text/html' } },
    ]);
    try {
      const send = sender(to(`${proxy.url}/jobs`));
      const versions = Array.from({ length: 20 }, (_, at) => version({ version: 1 }, sha256(`report ${at}`)));
      for (const one of versions) {
        const steps: string[] = [];
        for (let attempt = 0; attempt < 60 && steps.at(-1) !== 'filed'; attempt += 1)
          steps.push((await send(one, delivery('direct'))).kind);
        expect(steps.at(-1)).toBe('filed');
        expect(steps).not.toContain('refused');
      }
      expect(held.size).toBe(versions.length);
      expect([...held.values()].every((job) => job.puts === 1)).toBe(true);
    } finally {
      await proxy.stop();
    }
  });
});
