import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as askOver } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPeople, testPassword } from '../../test/host/people.ts';
import { placesOf } from '../launch/places.ts';
import { type Outcome, runBrowserShell } from './run-browser-shell.ts';

const places = placesOf(new URL('../serve.ts', import.meta.url).href);

/** A certificate for 127.0.0.1 that nobody else trusts. Null without openssl. */
function certificate(directory: string): { certificate: string; key: string } | null {
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
    '-days',
    '2',
    '-subj',
    '/CN=127.0.0.1',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  ]);
  return made.status === 0 ? { certificate: cert, key } : null;
}

describe('the group host', () => {
  let directory: string;
  let files: ReturnType<typeof certificate>;
  let outcome: Outcome;
  const printed: string[] = [];
  const opened: string[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'overread-group-'));
    files = certificate(directory);
    await addPeople(join(directory, 'data'), { ann: 'radiologist' });
    if (files === null) return;
    outcome = await start();
  }, 60_000);
  afterAll(async () => {
    if (outcome?.kind === 'running') await outcome.running.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = (...more: string[]): Promise<Outcome> =>
    runBrowserShell(places, {
      argv: [
        '--data',
        join(directory, 'data'),
        '--key-file',
        '--empty',
        '--listen',
        '127.0.0.1:0',
        '--tls',
        `${files?.certificate},${files?.key}`,
        ...more,
      ],
      env: {},
      print: (line) => printed.push(line),
      warn: (line) => printed.push(line),
      ask: null,
      openBrowser: (address) => opened.push(address),
      patience: 500,
    });
  const address = (): string => (outcome.kind === 'running' ? outcome.running.address : '');

  /** One request over TLS; trusts the certificate only where told. */
  function ask(
    path: string,
    options: {
      readonly trust: boolean;
      readonly method?: string;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    },
  ): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
    return new Promise((resolve, reject) => {
      const request = askOver(
        `${address()}${path}`,
        {
          method: options.method ?? 'GET',
          headers: options.headers ?? {},
          ...(options.trust && files !== null ? { ca: certificateText() } : {}),
          // The name that is asked for is the host's to judge here.
          ...(options.headers?.Host === undefined ? {} : { checkServerIdentity: () => undefined }),
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        },
      );
      request.once('error', reject);
      request.end(options.body);
    });
  }
  const certificateText = (): Buffer => spawnSync('cat', [files?.certificate ?? '']).stdout;
  const noOpenssl = spawnSync('openssl', ['version']).status !== 0;

  it.skipIf(noOpenssl)('says its address, opens no browser, and answers over TLS alone', async () => {
    expect(address()).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
    expect(printed).toContain(`Overread ready ${address()}`);
    expect(opened).toEqual([]);
    await expect(ask('api/capabilities', { trust: false })).rejects.toThrow(/self.signed/i);
    await expect(fetch(`${address().replace('https', 'http')}api/capabilities`)).rejects.toThrow();
    const found = await ask('api/capabilities', { trust: true });
    expect(JSON.parse(found.text)).toMatchObject({ singleUser: false, needsFirstAccount: false, demo: false });
    expect(found.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(String(found.headers['content-security-policy'])).toContain("default-src 'self'");
  });

  it.skipIf(noOpenssl)('signs its readers in, and lets nobody make the first account over the network', async () => {
    const json = { 'Content-Type': 'application/json' };
    const signedIn = await ask('api/session', {
      trust: true,
      method: 'POST',
      headers: json,
      body: JSON.stringify({ userName: 'ann', password: testPassword, window: 'w1' }),
    });
    expect(JSON.parse(signedIn.text)).toMatchObject({ reader: { userName: 'ann' } });
    const first = await ask('api/accounts/first', {
      trust: true,
      method: 'POST',
      headers: json,
      body: JSON.stringify({ userName: 'mallory', name: 'M', password: 'long enough 2', npi: null }),
    });
    expect([first.status, JSON.parse(first.text).message]).toEqual([403, expect.stringMatching(/own machine/)]);
  });

  it.skipIf(noOpenssl)('answers no request for another name and none from another page', async () => {
    for (const headers of [{ Host: 'evil.example' }, { Origin: 'https://evil.example' }] as Record<string, string>[])
      expect((await ask('api/capabilities', { trust: true, headers })).status).toBe(403);
  });

  it.skipIf(noOpenssl)(
    'is named to whoever starts a second one over its data, and a key that is none is said in a sentence',
    async () => {
      const second = await start();
      expect(second).toEqual({ kind: 'ended', code: 1 });
      expect(printed.at(-1)).toMatch(/^A group host \(process \d+\) has this data folder open/);
      writeFileSync(join(directory, 'none.pem'), 'no key');
      const broken = await runBrowserShell(places, {
        argv: [
          '--data',
          join(directory, 'other'),
          '--key-file',
          '--empty',
          '--listen',
          '127.0.0.1:0',
          '--tls',
          `${join(directory, 'none.pem')},${join(directory, 'none.pem')}`,
        ],
        env: {},
        print: () => undefined,
        warn: (line) => printed.push(line),
        ask: null,
        openBrowser: () => undefined,
        patience: 500,
      });
      expect(broken).toEqual({ kind: 'ended', code: 1 });
      expect(printed.at(-1)).toMatch(/certificate and the key of --tls cannot be used/);
    },
  );
});
