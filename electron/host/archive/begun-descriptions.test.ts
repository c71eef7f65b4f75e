import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { begunDescriptions } from './begun-descriptions.ts';
import type { ArchiveClient } from './types.ts';

const json = 'application/dicom+json';
const study = '2.25.7';

type Given = (path: string, signal: AbortSignal) => Promise<Response>;

/** An archive with as many series as it is told to have; what it was asked is kept. */
function archiveOf(series: number, given?: Given) {
  const asked: string[] = [];
  const signals: AbortSignal[] = [];
  const row = (uid: string): object => ({ '0020000E': { vr: 'UI', Value: [uid] } });
  const usual: Given = async (path) => {
    const body = path.endsWith('/series')
      ? Array.from({ length: series }, (_, at) => row(`${study}.${at}`))
      : [{ asked: path }];
    return new Response(JSON.stringify(body), { headers: { 'Content-Type': json } });
  };
  const pass: ArchiveClient['pass'] = (path, accept, { signal }) => {
    asked.push(path);
    signals.push(signal);
    expect(accept).toBe(json);
    return (given ?? usual)(path, signal);
  };
  return { asked, signals, archive: { name: 'pacs', pass } };
}

const seriesPath = `/studies/${study}/series`;
const metadataPath = (at: number): string => `${seriesPath}/${study}.${at}/metadata`;

describe('descriptions that were asked for while a case is being opened', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are the list of series, and the metadata of the first of them; each is given once', async () => {
    const { archive, asked } = archiveOf(6);
    const begun = begunDescriptions();
    begun.begin(archive, study);
    const list = await begun.take('pacs', seriesPath, json);
    expect(await list?.json()).toHaveLength(6);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([seriesPath, ...[0, 1, 2, 3].map(metadataPath)]);
    const metadata = await begun.take('pacs', metadataPath(2), json);
    expect([metadata?.headers.get('Content-Type'), await metadata?.json()]).toEqual([
      json,
      [{ asked: metadataPath(2) }],
    ]);
    for (const path of [seriesPath, metadataPath(2), metadataPath(5)])
      expect(await begun.take('pacs', path, json)).toBeNull();
  });

  it('are given for the very question alone: of no other archive, study or kind of answer', async () => {
    const { archive } = archiveOf(1);
    const begun = begunDescriptions();
    begun.begin(archive, study);
    expect(await begun.take('another', seriesPath, json)).toBeNull();
    expect(await begun.take('pacs', '/studies/2.25.8/series', json)).toBeNull();
    expect(await begun.take('pacs', seriesPath, 'multipart/related')).toBeNull();
    begun.begin(archive, '../../instances');
    expect(await begun.take('pacs', seriesPath, json)).not.toBeNull();
  });

  it('are asked for once for a case that is opened twice, and anew when they have grown old', async () => {
    const { archive, asked, signals } = archiveOf(1);
    const begun = begunDescriptions();
    begun.begin(archive, study);
    begun.begin(archive, study);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([seriesPath, metadataPath(0)]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(signals.every((one) => one.aborted)).toBe(true);
    expect(await begun.take('pacs', metadataPath(0), json)).toBeNull();
    begun.begin(archive, study);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(4);
  });

  it('are left to the page’s own question where the archive refuses, breaks off or sends too much', async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('cut')) });
    const endless = () => {
      let sent = 0;
      return new ReadableStream<Uint8Array>({
        pull: (controller) => {
          sent += 1;
          if (sent > 40) throw new Error('more was read than is allowed');
          controller.enqueue(new Uint8Array(1_000_000));
        },
      });
    };
    const ways: readonly Given[] = [
      async () => Response.json({ message: 'no' }, { status: 502 }),
      async () => new Response(null, { status: 204 }),
      async () => new Response(broken, { headers: { 'Content-Type': json } }),
      async () => new Response(endless(), { headers: { 'Content-Type': json } }),
      async () => new Response('{"not": "a list"}', { headers: { 'Content-Type': json } }),
      () => Promise.reject(new Error('closed')),
    ];
    for (const [at, given] of ways.entries()) {
      const { archive, asked } = archiveOf(1, given);
      const begun = begunDescriptions();
      begun.begin(archive, study);
      const list = await begun.take('pacs', seriesPath, json);
      // What is no list of series is passed on as it came: the page says so.
      expect(list === null, String(at)).toBe(at !== 4);
      await vi.advanceTimersByTimeAsync(1);
      expect(asked).toEqual([seriesPath]);
    }
  });

  it('have a print that stands for every byte of them, and nothing is asked twice for it', async () => {
    const { archive, asked } = archiveOf(6);
    const begun = begunDescriptions();
    const print = await begun.print(archive, study);
    expect(print).toMatch(/^[0-9a-f]{64}$/);
    expect(asked).toEqual([seriesPath, ...[0, 1, 2, 3, 4, 5].map(metadataPath)]);
    // Who was told of the print is given the very answers that it was made of.
    expect(await (await begun.take('pacs', metadataPath(5), json))?.json()).toEqual([{ asked: metadataPath(5) }]);
    expect(await begun.stands(archive, study, print ?? '')).toBe(true);
    // The one that was taken is asked for again; then nobody takes the others.
    expect(asked.slice(7)).toEqual([metadataPath(5)]);
    expect(await begun.take('pacs', metadataPath(4), json)).toBeNull();
    expect(await begun.print(archive, study)).toBe(print);
    expect(asked).toHaveLength(15);
    // The series are known by now: they were asked for beside the list.
    expect(asked.slice(8, 10)).toEqual([seriesPath, metadataPath(0)]);
  });

  it('have another print where the list, or anything of any series, is another', async () => {
    const given =
      (list: readonly string[], words: string): Given =>
      async (path) => {
        const rows = list.map((uid) => ({ '0020000E': { vr: 'UI', Value: [`${study}.${uid}`] } }));
        return new Response(JSON.stringify(path.endsWith('/series') ? rows : [{ path, words }]), {
          headers: { 'Content-Type': json },
        });
      };
    const prints = await Promise.all(
      [given(['0', '1'], 'left'), given(['0', '1'], 'right'), given(['0'], 'left'), given(['1', '0'], 'left')].map(
        (each) => begunDescriptions().print(archiveOf(0, each).archive, study),
      ),
    );
    expect(new Set(prints).size).toBe(4);
    expect(prints).not.toContain(null);
  });

  it('have no print where one of them does not come, or there are too many of them', async () => {
    const missing: Given = async (path) =>
      path.endsWith('.1/metadata')
        ? Response.json({ message: 'no' }, { status: 502 })
        : new Response(JSON.stringify([0, 1].map((at) => ({ '0020000E': { vr: 'UI', Value: [`${study}.${at}`] } }))), {
            headers: { 'Content-Type': json },
          });
    expect(await begunDescriptions().print(archiveOf(0, missing).archive, study)).toBeNull();
    const many = archiveOf(13);
    expect(await begunDescriptions().print(many.archive, study)).toBeNull();
    expect(many.asked).toEqual([seriesPath]);
    expect(await begunDescriptions().print(archiveOf(0).archive, study)).toBeNull();
    expect(await begunDescriptions().print(archiveOf(1).archive, '../../instances')).toBeNull();
  });

  it('wait to be taken where a print does not stand, and no opening waits for an archive that was too slow to say', async () => {
    const delay = { now: 0 };
    const { archive } = archiveOf(1, async (path) => {
      await new Promise((resolve) => setTimeout(resolve, delay.now));
      const body = path.endsWith('/series') ? [{ '0020000E': { vr: 'UI', Value: [`${study}.0`] } }] : [{ path }];
      return new Response(JSON.stringify(body), { headers: { 'Content-Type': json } });
    });
    const begun = begunDescriptions();
    const ask = async (print: string): Promise<readonly [boolean, number]> => {
      const since = performance.now();
      const answered = begun
        .stands(archive, study, print)
        .then((stands) => [stands, performance.now() - since] as const);
      await vi.advanceTimersByTimeAsync(1_000);
      return answered;
    };
    expect((await ask('of another day'))[0]).toBe(false);
    expect(await begun.take('pacs', seriesPath, json)).not.toBeNull();
    await vi.advanceTimersByTimeAsync(5_000);
    const printed = begun.print(archive, study);
    await vi.advanceTimersByTimeAsync(5_000);
    const print = (await printed) ?? '';
    delay.now = 400;
    expect(await ask(print)).toEqual([false, 250]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await ask(print)).toEqual([false, 0]);
    await vi.advanceTimersByTimeAsync(5_000);
    delay.now = 10;
    // The last one was slow, too; from now on it is waited for again.
    expect((await ask(print))[0]).toBe(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await ask(print))[0]).toBe(true);
  });

  describe('of a large study that the archive is slow to describe', () => {
    const frames = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
    const instances = (at: number): string => `${seriesPath}/${study}.${at}/instances`;
    /** Series of these numbers of images, which take so many milliseconds to be described; instances by that number as told. */
    function slow(counts: readonly number[], takes: number, numbered: readonly string[] = ['2.25.9']) {
      const asked: string[] = [];
      const pass: ArchiveClient['pass'] = async (path, accept) => {
        asked.push(`${path} ${accept === json ? '' : accept}`.trim());
        const series = counts.map((count, at) => ({
          '00080060': { vr: 'CS', Value: ['CT'] },
          '0020000E': { vr: 'UI', Value: [`${study}.${at}`] },
          '00201209': { vr: 'IS', Value: [count] },
        }));
        if (/series\/[0-9.]+\/metadata$/.test(path)) await new Promise((resolve) => setTimeout(resolve, takes));
        const body = path.endsWith('/series')
          ? series
          : path.includes('?')
            ? numbered.map((uid) => ({ '00080018': { vr: 'UI', Value: [uid] } }))
            : [{ asked: path }];
        return new Response(JSON.stringify(body), { headers: { 'Content-Type': accept } });
      };
      return { asked, archive: { name: 'pacs', pass } };
    }
    const opened = async (one: ReturnType<typeof slow>) => {
      const begun = begunDescriptions();
      begun.begin(one.archive, study);
      await vi.advanceTimersByTimeAsync(50);
      return begun;
    };

    it('are also its middle image, described and drawn from, each given once', async () => {
      const one = slow([300], 1_000);
      const begun = await opened(one);
      const ways = [
        [`${instances(0)}?InstanceNumber=151&limit=2`, json],
        [`${instances(0)}/2.25.9/metadata`, json],
        [`${instances(0)}/2.25.9/frames/1`, frames],
      ] as const;
      expect(one.asked).toEqual([
        ...[seriesPath, metadataPath(0), ways[0][0], ways[1][0]],
        `${instances(0)}/2.25.9/frames/1 ${frames}`,
      ]);
      for (const [path, accept] of ways) {
        expect(await begun.take('pacs', path, accept === json ? frames : json)).toBeNull();
        expect((await begun.take('pacs', path, accept))?.status).toBe(200);
        expect(await begun.take('pacs', path, accept)).toBeNull();
      }
    });

    it('are no pixels where several stacks may hang first', async () => {
      const one = slow([300, 300], 1_000);
      await opened(one);
      expect(one.asked.filter((path) => path.includes('/frames/'))).toEqual([]);
      expect(one.asked.filter((path) => path.includes('?InstanceNumber=151'))).toHaveLength(2);
    });

    it.each([
      ['it is described soon', slow([300], 10)],
      ['it is small', slow([30], 1_000)],
    ])('are nothing more where %s', async (_why, one) => {
      await opened(one);
      expect(one.asked).toEqual([seriesPath, metadataPath(0)]);
    });

    it.each([
      ['no image has that number', []],
      ['several have', ['2.25.9', '2.25.10']],
    ])('are no image where %s', async (_why, numbered) => {
      const one = slow([300], 1_000, numbered);
      await opened(one);
      expect(one.asked.filter((path) => path.includes('/instances/'))).toEqual([]);
    });
  });
});
