import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createArchiveClient } from '../../../electron/host/archive/index.ts';
import { type OrthancServer, orthancMissing, startOrthanc } from '../../servers/orthanc/index.ts';
import { network, testPorts } from './servers.ts';

describe.skipIf(orthancMissing !== null)('an Orthanc that wants credentials', () => {
  let orthanc: OrthancServer;
  beforeAll(async () => {
    orthanc = await startOrthanc({ credentials: { user: 'reader', password: 'open sesame' } });
  });
  afterAll(() => orthanc?.stop());
  const client = (password: string) =>
    createArchiveClient({
      name: 'guarded',
      baseUrl: `${orthanc.url}/`,
      fetch: network,
      credentials: { kind: 'basic', user: 'reader', password },
      ports: testPorts(),
    });

  test('is reached with the right ones', async () => {
    expect(await client('open sesame').probe()).toEqual({ ok: true, value: undefined });
  });

  test('refuses the wrong ones, in words that name the address and not the password', async () => {
    const refused = await client('wrong secret').probe();
    expect(refused).toMatchObject({ ok: false, error: { code: 'unauthorised', asked: `GET ${orthanc.url}/studies` } });
    expect(JSON.stringify(refused)).not.toContain('wrong secret');
    expect(
      (await client('wrong secret').pass('/studies/1.2', '*/*', { signal: new AbortController().signal })).status,
    ).toBe(502);
  });

  test('at a wrong address says what was asked and what came back', async () => {
    const lost = createArchiveClient({
      name: 'lost',
      baseUrl: 'http://127.0.0.1:9/dicom-web',
      fetch: network,
      credentials: { kind: 'none' },
      ports: testPorts(),
    });
    expect(await lost.probe()).toMatchObject({
      ok: false,
      error: { code: 'unreachable', asked: 'GET http://127.0.0.1:9/dicom-web/studies' },
    });
    const wrong = createArchiveClient({
      name: 'wrong',
      baseUrl: 'ftp://x',
      fetch: network,
      credentials: { kind: 'none' },
      ports: testPorts(),
    });
    expect(await wrong.probe()).toMatchObject({ ok: false, error: { code: 'unreachable' } });
  });
});
