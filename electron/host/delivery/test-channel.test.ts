import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../settings/types.ts';
import { entryFrom, shownChannel } from './channel-values.ts';
import { testChannel } from './test-channel.ts';

const line = (port: number) => ({
  siteId: 's',
  host: '127.0.0.1',
  port,
  receivingApplication: 'A',
  receivingFacility: 'F',
});
const gateway = (to: Gateway['to']): Gateway => ({ siteId: 's', kind: 'fax', to, recipients: [] });

describe('a test of a channel', () => {
  it('of HL7 connects, sends not one byte and goes', async () => {
    const got: Buffer[] = [];
    const ended = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      socket.on('data', (bytes) => got.push(bytes));
      socket.on('error', () => undefined);
      socket.on('close', () => ended.resolve());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect((await testChannel(line(port))).answers).toBe(true);
    await ended.promise;
    expect(got).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
    expect(await testChannel(line(port))).toEqual({
      answers: false,
      words: `127.0.0.1:${port} could not be reached (ECONNREFUSED).`,
    });
  });

  it('of a folder looks whether it is there and puts nothing into it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'overread-fax-'));
    const of = (path: string) => testChannel(gateway({ kind: 'folder', folder: path }));
    expect((await of(folder)).answers).toBe(true);
    expect(await readdir(folder)).toEqual([]);
    await writeFile(join(folder, 'a file'), '');
    expect((await of(join(folder, 'a file'))).words).toBe(`${join(folder, 'a file')} is no folder.`);
    expect((await of(join(folder, 'none'))).words).toBe(
      `${join(folder, 'none')} is not there. Make it, or mount it, on the host’s machine.`,
    );
    await rm(folder, { recursive: true });
  });

  it.each<readonly [string, object, boolean, RegExp]>([
    [
      'speaks R4 and takes transactions',
      { rest: [{ interaction: [{ code: 'transaction' }] }] },
      true,
      /takes transactions, and lets/,
    ],
    ['takes no transactions', { rest: [{ interaction: [{ code: 'batch' }] }] }, false, /takes no transactions/],
    ['speaks R5', { fhirVersion: '5.0.0' }, false, /speaks FHIR 5\.0\.0\. Reports go in R4/],
    ['is no FHIR server', { resourceType: 'Bundle' }, false, /does not say what it is/],
  ])('of a FHIR server that %s only asks, with its token', async (_which, says, answers, words) => {
    const asked: string[] = [];
    const server = createHttpServer((request, response) => {
      asked.push(`${request.method} ${request.url?.split('?')[0]} ${request.headers.authorization}`);
      const bundle = { resourceType: 'Bundle', type: 'searchset' };
      const capable = { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', ...says };
      response.end(JSON.stringify(request.url === '/r4/metadata' ? capable : bundle));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const found = await testChannel({
      ...{ siteId: 's', url: `http://127.0.0.1:${port}/r4`, token: 'hush', patientSystem: 'urn:p' },
      ...{ accessionSystem: 'urn:a', patients: 'known', images: 'https://pacs.example', pdf: true },
    });
    expect([found.answers, found.words]).toEqual([answers, expect.stringMatching(words)]);
    expect(asked).toEqual(
      ['GET /r4/metadata', ...(answers ? ['GET /r4/DiagnosticReport'] : [])].map((one) => `${one} Bearer hush`),
    );
    await new Promise((resolve) => server.close(resolve));
  });

  describe('of a gateway at an address', () => {
    let server: HttpServer;
    let url: string;
    let status = 404;
    const asked: string[] = [];
    beforeAll(async () => {
      server = createHttpServer((request, response) => {
        asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
        response.writeHead(status).end('{}');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jobs`;
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    it.each<readonly [number, boolean, string]>([
      [404, true, 'The gateway answers, and knows no job that it was not given. Nothing was sent.'],
      [401, false, 'The gateway does not know this host (401). Correct its token in the settings.'],
      [503, false, 'The gateway answered 503.'],
      [
        200,
        false,
        'Something answers, but it tells the status of a job that does not exist. Is this the gateway’s address?',
      ],
    ])('asks for a job that does not exist; %s is told', async (code, answers, words) => {
      status = code;
      asked.length = 0;
      expect(await testChannel(gateway({ kind: 'http', url, token: 'hush' }))).toEqual({ answers, words });
      expect(asked).toEqual(['GET /jobs/OVERREAD-CONNECTION-TEST Bearer hush']);
    });

    it('is not asked at all where its token cannot be opened here', async () => {
      asked.length = 0;
      expect(await testChannel(gateway({ kind: 'http', url, token: { sealed: 'AAAA' } }))).toEqual({
        answers: false,
        words:
          'The token that is set cannot be opened on this host. Give it again under Delivery by site, or choose none.',
      });
      expect(asked).toEqual([]);
    });
  });
});

describe('a token that is set', () => {
  const set = gateway({ kind: 'http', url: 'https://gateway.example/jobs', token: 'hush' });
  const typed = (values: { readonly [key: string]: string }) =>
    entryFrom('fax', { values: { ...shownChannel(set).values, ...values }, recipients: [] }, set);

  it('is never shown', () => {
    expect(JSON.stringify(shownChannel(set))).not.toContain('hush');
  });
  it('stays where nothing was said of it', () => {
    expect(typed({})).toMatchObject({ ok: true, value: { token: 'hush' } });
  });
  it('does not go to another address, not even for a test', () => {
    expect(typed({ url: 'https://elsewhere.example/jobs' })).toEqual({
      ok: false,
      error: 'The address is another one: give its token again, or choose none.',
    });
  });
  it('that cannot be opened here has to be given again', () => {
    const lost = gateway({ kind: 'http', url: 'https://gateway.example/jobs', token: { sealed: 'AAAA' } });
    expect(shownChannel(lost).values.token).toBe('kept');
    expect(entryFrom('fax', shownChannel(lost), lost)).toMatchObject({ error: expect.stringMatching(/Give it again/) });
  });
  it('is taken away or replaced when somebody says so', () => {
    expect(typed({ token: 'none' })).toEqual({
      ok: true,
      value: { url: 'https://gateway.example/jobs', recipients: [] },
    });
    expect(typed({ token: 'new', newToken: 'other' })).toMatchObject({ ok: true, value: { token: 'other' } });
  });
});

describe('a login that is set', () => {
  const secret = { kind: 'password', password: 'hush' } as const;
  const place = {
    host: 'gateway.example',
    port: 22,
    user: 'overread',
    folder: '/fax',
    hostKey: `SHA256:${'A'.repeat(43)}`,
  };
  const set = gateway({ kind: 'sftp', ...place, secret });
  const typed = (values: { readonly [key: string]: string }) =>
    entryFrom('fax', { values: { ...shownChannel(set).values, ...values }, recipients: [] }, set);

  it('is never shown', () => {
    expect(JSON.stringify(shownChannel(set))).not.toContain('hush');
  });
  it('stays where nothing was said of it, in another folder too', () => {
    expect(typed({ serverFolder: '/fax2' })).toEqual({
      ok: true,
      value: { sftp: { ...place, folder: '/fax2', password: 'hush' }, recipients: [] },
    });
  });
  it.each([
    ['server', 'elsewhere.example'],
    ['serverPort', '2222'],
    ['user', 'root'],
  ] as const)('does not go to another %s, not even for a test', (key, value) => {
    expect(typed({ [key]: value })).toEqual({
      ok: false,
      error: 'Server, port or user are others: give the password or key again.',
    });
  });
  it('is replaced when somebody says so', () => {
    expect(typed({ login: 'password', newPassword: 'other' })).toMatchObject({
      value: { sftp: { password: 'other' } },
    });
    expect(typed({ login: 'key', newKey: 'a\r\nb\r\n\r\n' })).toMatchObject({
      value: { sftp: { privateKey: 'a\nb\n' } },
    });
  });
  it('that cannot be opened here has to be given again', () => {
    const lost = gateway({ kind: 'sftp', ...place, secret: { kind: 'sealed', sealed: 'AAAA' } });
    expect(entryFrom('fax', shownChannel(lost), lost)).toMatchObject({ error: expect.stringMatching(/Give it again/) });
  });
});
