import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { type FrameCache, openFrameCache } from './frame-cache.ts';
import { type ArchiveClient, createArchiveClient } from './index.ts';

const [study, series] = ['2.25.1', '2.25.1.1'];
const path = `/studies/${study}/series/${series}/metadata`;
const accept = 'application/dicom+json';

describe('metadata of a series that was fetched ahead', () => {
  let directory: string;
  let cache: FrameCache;
  let archive: ArchiveClient;
  let asked: string[];
  /** What the archive says now; null: it does not answer. */
  let row: Record<string, unknown> | null;
  let metadata: readonly object[];
  /** One of its images, as the archive tells of it by itself. */
  let image: Record<string, unknown>;
  const listed = (more: Record<string, unknown> = {}) => ({
    '0020000E': { vr: 'UI', Value: [series] },
    '00201209': { vr: 'IS', Value: [20] },
    '00100020': { vr: 'LO', Value: ['P1'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Probe^Petra' }] },
    ...more,
  });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-kept-'));
    const ports = testPorts();
    cache = await openFrameCache({ directory, key: new Uint8Array(32).fill(1), maxBytes: 1e9, ports });
    asked = [];
    row = listed();
    metadata = [{ '00080018': { vr: 'UI', Value: ['2.25.1.1.1'] } }];
    image = { '00080018': { vr: 'UI', Value: ['2.25.1.1.1'] }, '00200060': { vr: 'CS', Value: ['L'] } };
    archive = createArchiveClient({
      name: 'far',
      baseUrl: 'http://archive.invalid/dicom-web',
      credentials: { kind: 'none' },
      cache,
      ports,
      fetch: async (request) => {
        const { pathname } = new URL(request.url);
        const what = pathname.includes('/instances') ? 'image' : pathname.endsWith('/metadata') ? 'metadata' : 'list';
        asked.push(what);
        if (what === 'list' && row === null) throw new TypeError('fetch failed');
        const text = JSON.stringify(what === 'list' ? [row] : what === 'image' ? [image] : metadata);
        return new Response(text, {
          headers: { 'Content-Type': accept, 'Content-Length': String(Buffer.byteLength(text)) },
        });
      },
    });
  });
  afterEach(async () => {
    await archive.close();
    await cache.close();
    await rm(directory, { recursive: true, force: true });
  });

  const get = async (ahead = false): Promise<unknown> => {
    const answer = await archive.pass(path, accept, { signal: new AbortController().signal, ahead });
    const body: unknown = await answer.json();
    await cache.settled();
    return body;
  };

  it('is given out of the cache while the archive lists series, patient and study, and tells of an image, as before', async () => {
    const first = await get(true);
    expect(asked.toSorted()).toEqual(['image', 'image', 'list', 'metadata']);
    metadata = [];
    asked = [];
    expect(await get()).toEqual(first);
    expect(asked.toSorted()).toEqual(['image', 'list']);
  });

  it('is asked of the archive again once a site has corrected its images under their old UIDs', async () => {
    await get(true);
    metadata = [{ '00080018': { vr: 'UI', Value: ['2.25.1.1.1'] }, '00200060': { vr: 'CS', Value: ['R'] } }];
    image = { ...image, '00200060': { vr: 'CS', Value: ['R'] } };
    expect(await get()).toEqual(metadata);
  });

  it('is not asked for again because bulk data of its images lies elsewhere', async () => {
    const at = (place: string) => ({
      ...image,
      '7FE00010': { vr: 'OW', BulkDataURI: `http://archive.invalid/${place}` },
    });
    image = at('one');
    const first = await get(true);
    metadata = [];
    image = at('other');
    expect(await get()).toEqual(first);
  });

  it('of a series of few images is asked for each time, and so tells every correction of any of them', async () => {
    row = listed({ '00201209': { vr: 'IS', Value: [12] } });
    await get(true);
    expect(cache.size()).toBe(0);
    metadata = [];
    expect(await get()).toEqual([]);
  });

  it.each([
    ['another name', listed({ '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Probe^Paula' }] } })],
    ['another number of the patient', listed({ '00100020': { vr: 'LO', Value: ['P2'] } })],
    ['a birth date where there was none', listed({ '00100030': { vr: 'DA', Value: ['19710505'] } })],
    ['another accession', listed({ '00080050': { vr: 'SH', Value: ['A9'] } })],
    ['one image more', listed({ '00201209': { vr: 'IS', Value: [21] } })],
    ['nobody any more', { '0020000E': { vr: 'UI', Value: [series] }, '00201209': { vr: 'IS', Value: [20] } }],
    ['no answer', null],
  ])('is asked of the archive again once it lists %s', async (_what, now) => {
    await get(true);
    metadata = [{ '00080018': { vr: 'UI', Value: ['2.25.1.1.2'] } }];
    row = now;
    expect(await get()).toEqual(metadata);
  });

  it('costs a page nothing where nothing was fetched ahead, and is kept for nobody of whom the archive says no name', async () => {
    await get();
    expect(asked).toEqual(['metadata']);
    row = listed({ '00100010': undefined });
    await get(true);
    expect(cache.size()).toBe(0);
  });
});
