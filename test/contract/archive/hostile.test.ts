import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ArchiveClient, createArchiveClient } from '../../../electron/host/archive/index.ts';
import type { InstanceUid, SeriesUid, StudyUid } from '../../../shared/domain/study/index.ts';
import { buildImage } from '../../builders/part10.ts';
import { type HostileServer, type Hostility, startHostileDicomweb } from '../../servers/hostile-dicomweb/index.ts';
import { living, partsOf, wholeObjects } from './reading.ts';
import { type LoggedPorts, network, testPorts } from './servers.ts';

const secret = 'a-secret-that-stays-at-home';
const uids = ['1.2.3.1', '1.2.3.1.1', '1.2.3.1.1.1'] as unknown as readonly [StudyUid, SeriesUid, InstanceUid];
const series = `/studies/${uids[0]}/series/${uids[1]}`;

describe('an archive that means harm, or is another service', () => {
  let server: HostileServer;
  let client: ArchiveClient;
  let ports: LoggedPorts;
  beforeAll(async () => {
    server = await startHostileDicomweb();
  });
  afterAll(async () => {
    await server.stop();
    expect(server.canary.hits()).toEqual([]);
  });
  beforeEach(() => {
    ports = testPorts();
    client = createArchiveClient({
      name: 'hostile',
      baseUrl: server.url,
      fetch: network,
      credentials: { kind: 'bearer', token: secret },
      ports,
      limits: {
        headerTime: 300,
        idleTime: 300,
        slowTime: 1_000,
        slowBytes: 4_096,
        jsonBytes: 2_000_000,
        jsonTime: 3_000,
        streamBytes: 3_000_000,
        parts: 200_000,
        page: 60,
      },
    });
  });

  test.each<[Hostility, string]>([
    ['html', '200 text/html'],
    ['fhir', '200 application/fhir+json'],
    ['garbage-json', 'not whole JSON'],
    ['half-json', 'not whole JSON'],
  ])('an answer of %s is not DICOMweb, and says so with what came back', async (hostility, cameBack) => {
    server.setHostility(hostility);
    const expected = {
      ok: false,
      error: { code: 'not-dicomweb', asked: `GET ${server.url}/studies`, cameBack: expect.stringContaining(cameBack) },
    };
    expect(await client.searchStudies({})).toMatchObject(expected);
    expect(await client.probe()).toMatchObject(expected);
    if (hostility === 'html' || hostility === 'fhir') {
      const passed = await client.pass(series, wholeObjects, living());
      expect(passed.status).toBe(502);
      expect(passed.headers.get('content-type')).toContain('application/json');
      expect(await passed.json()).toMatchObject({ code: 'not-dicomweb' });
      expect(await client.store(buildImage({ study: '1.2', series: '1.3', instance: '1.4' }))).toMatchObject({
        ok: false,
        error: { code: 'not-dicomweb' },
      });
    }
  });

  test.each<Hostility>(['redirect', 'redirect-307'])(
    'a %s is refused, and no credentials go anywhere',
    async (hostility) => {
      server.setHostility(hostility);
      expect(await client.searchStudies({})).toMatchObject({ ok: false, error: { code: 'refused' } });
      expect((await client.pass(series, wholeObjects, living())).status).toBe(502);
      expect(await client.store(buildImage({ study: '1.2', series: '1.3', instance: '1.4' }))).toMatchObject({
        ok: false,
      });
      expect(server.canary.hits()).toEqual([]);
    },
  );

  test('addresses in answers are never asked; everything stays below the base, with its credentials', async () => {
    server.setHostility('foreign-urls');
    const before = server.requests().length;
    expect(await client.searchStudies({})).toMatchObject({ ok: true, value: [{ studyUid: '1.2.3.1' }] });
    await client.instances(uids[0]);
    await client.instanceMetadata(...uids);
    await client.pass(`${series}/metadata`, 'application/dicom+json', living()).then((one) => one.text());
    const asked = server.requests().slice(before);
    expect(asked.length).toBeGreaterThan(4);
    for (const one of asked) {
      expect(one.path).toMatch(/^\/dicom-web\/studies/);
      expect(one.authorization).toBe(`Bearer ${secret}`);
    }
    expect(server.canary.hits()).toEqual([]);
  });

  test('keys that would change prototypes are dropped', async () => {
    server.setHostility('poison');
    const found = await client.searchStudies({});
    expect(found).toMatchObject({ ok: true, value: [{ studyUid: '1.2.3.1', patient: { name: 'Row^1' } }] });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each<[Hostility, string]>([
    ['deep-json', 'not-dicomweb'],
    ['endless-json', 'too-large'],
    ['silence', 'timeout'],
    ['gzip-bomb', 'too-large'],
    ['drip', 'timeout'],
  ])('%s ends within the budget (%s)', async (hostility, code) => {
    server.setHostility(hostility);
    const started = performance.now();
    expect(await client.searchStudies({})).toMatchObject({ ok: false, error: { code } });
    // None of them ends by itself.
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  test.each<[Hostility, RegExp]>([
    ['endless-multipart', /larger than we pass on/],
    ['lying-lengths', /broke off/],
    ['gzip-bomb-multipart', /larger than we pass on/],
    ['drip-multipart', /sends too slowly/],
    ['no-closing-boundary', /broke off/],
  ])('a series answer with %s never looks complete', async (hostility, words) => {
    server.setHostility(hostility);
    await expect(client.pass(series, wholeObjects, living()).then(partsOf)).rejects.toThrow(words);
  });

  test.each<Hostility>(['caps-limit', 'ignores-filters'])(
    'all 130 studies come, each once, from a server that %s',
    async (hostility) => {
      server.setHostility(hostility);
      const found = await client.searchStudies({});
      if (!found.ok) throw new Error(found.error.message);
      expect(new Set(found.value.map((one) => one.studyUid)).size).toBe(130);
      expect(found.value.length).toBe(130);
    },
  );

  test('a million rows at once are too many, and are not looked into', async () => {
    const patient = createArchiveClient({
      name: 'hostile',
      baseUrl: server.url,
      fetch: network,
      credentials: { kind: 'none' },
      ports,
    });
    server.setHostility('million-rows');
    expect(await patient.searchStudies({})).toMatchObject({
      ok: false,
      error: { code: 'too-large', message: expect.stringContaining('fewer days') },
    });
    await patient.close();
  });

  test('a server that ignores the offset ends the search, and the log says that something may be missing', async () => {
    server.setHostility('ignores-offset');
    const found = await client.searchStudies({});
    expect(found.ok && found.value.length).toBe(60);
    expect(ports.lines.join('\n')).toContain('ignores the offset');
  });

  test('only what was asked for is believed', async () => {
    server.setHostility('ignores-filters');
    expect(await client.searchStudies({ patientId: 'P7' })).toMatchObject({
      ok: true,
      value: [{ studyUid: '1.2.3.7' }],
    });
    expect(await client.searchStudies({ accession: 'nobody' })).toEqual({ ok: true, value: [] });
    server.setHostility('other-instance');
    expect(await client.instanceMetadata(...uids)).toMatchObject({ ok: false, error: { code: 'not-dicomweb' } });
  });

  test.each<Hostility>(['stow-200-failed', 'stow-200-empty'])('200 alone is no success (%s)', async (hostility) => {
    server.setHostility(hostility);
    expect(await client.store(buildImage({ study: '1.2', series: '1.3', instance: '1.4' }))).toMatchObject({
      ok: false,
      error: { code: 'refused' },
    });
  });

  test('no line of the log holds the secret or a patient', () => {
    expect(ports.lines.join('\n')).not.toContain(secret);
  });
});
