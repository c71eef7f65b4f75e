import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { usualBudget } from '../../../shared/domain/prefetch/index.ts';
import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { instant, minutes } from '../../../shared/lib/instant.ts';
import { ok } from '../../../shared/lib/result.ts';
import { buildImage } from '../../../test/builders/part10.ts';
import { buildRejectionNote } from '../../../test/builders/rejection-note.ts';
import { type ArchiveUnderTest, archives, serveHandler } from '../../../test/contract/archive/servers.ts';
import { type FaultProxy, startFaultProxy } from '../../../test/servers/fault-proxy/index.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { type FrameCache, openFrameCache } from '../archive/frame-cache.ts';
import { type ArchiveClient, createArchiveClient } from '../archive/index.ts';
import { acceptObjects, keptUnder, studyKeptUnder } from '../archive/pass.ts';
import { createRejectionBook } from '../archive/rejections.ts';
import { createPixelKeeper } from './pixel-keeper.ts';
import { createPrefetcher, type Prefetcher } from './prefetcher.ts';
import { createSeriesLists } from './series-lists.ts';

const study = (number: number): string => `2.25.9900.${number}`;
const seriesOf = (number: number, place = 1): string => `${study(number)}.${place}`;
const [kind] = archives;

describe('images fetched ahead, from an archive over a line', () => {
  let directory: string;
  let under: ArchiveUnderTest;
  let served: { readonly url: string; stop(): Promise<void> };
  let proxy: FaultProxy;
  let archive: ArchiveClient;
  let cache: FrameCache;
  let streaming = 0;
  const noted: string[] = [];
  const ports = testPorts();

  beforeAll(async () => {
    if (kind === undefined) throw new Error('no archive');
    under = await kind.start();
    served = await serveHandler(under.fetch, new URL(under.url).origin);
    proxy = await startFaultProxy({ target: `${served.url}${new URL(under.url).pathname}` });
    archive = createArchiveClient({
      name: 'far',
      baseUrl: proxy.url,
      fetch: (request) => fetch(request),
      credentials: { kind: 'none' },
      ports,
    });
    for (const number of [1, 2, 3])
      for (const place of [1, 2])
        for (const image of [1, 2, 3]) {
          const stored = await archive.store(
            buildImage({
              study: study(number),
              series: seriesOf(number, place),
              instance: `${seriesOf(number, place)}.${image}`,
              modality: 'CT',
              patientId: `P${number}`,
              rows: 256,
              columns: 256,
              number: image,
              more: [
                ['00100021', 'LO', 'QUILLBACK'],
                ['00100030', 'DA', '19710505'],
                ['00100040', 'CS', 'F'],
              ],
            }),
          );
          if (!stored.ok) throw new Error(stored.error.message);
        }
    const note = await archive.store(
      buildRejectionNote({
        study: study(3),
        series: seriesOf(3, 1),
        instances: [`${seriesOf(3, 1)}.2`],
        noteUid: `${study(3)}.900.1`,
        code: '113037',
        patientId: 'P3',
        patientName: 'Probe^Petra',
      }),
    );
    if (!note.ok) throw new Error(note.error.message);
  }, 60_000);
  afterAll(async () => {
    prefetcher?.close();
    await cache?.close();
    await rm(directory, { recursive: true, force: true });
    await archive?.close();
    await proxy?.stop();
    await served?.stop();
    await under?.stop();
  });
  let prefetcher: Prefetcher;
  const start = async (
    changes: Partial<typeof usualBudget> = {},
    on: 'new-cache' | 'same-cache' = 'new-cache',
  ): Promise<void> => {
    await cache?.close();
    if (on === 'new-cache') {
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
      directory = await mkdtemp(join(tmpdir(), 'overread-ahead-'));
    }
    cache = await openFrameCache({ directory, key: new Uint8Array(32).fill(1), maxBytes: 1e9, ports });
    const { archive: far } = { archive };
    const withCache = createArchiveClient({
      name: 'far',
      baseUrl: proxy.url,
      fetch: (request) => fetch(request),
      credentials: { kind: 'none' },
      ports,
      cache,
    });
    noted.length = 0;
    const rejected = createRejectionBook(far, ports).of;
    prefetcher = createPrefetcher({
      archive: { ...far, pass: withCache.pass },
      cache,
      lists: createSeriesLists({ archive: far, rejected, ports }),
      rejected,
      streaming: () => streaming,
      diskFree: async () => 1e12,
      budget: { ...usualBudget, ...changes },
      audit: {
        record: async (entries: readonly { user: string; purpose: string; studyUid: string }[]) => {
          for (const one of entries) noted.push(`${one.user} ${one.purpose} ${one.studyUid}`);
          return ok(undefined);
        },
      } as never,
      ports,
    });
  };
  beforeEach(async () => {
    proxy.setRules([]);
    proxy.clear();
    streaming = 0;
    await start();
  });

  const wanted = (number: number, place: number, role: 'current' | 'prior' = 'current') => ({
    taskId: `t${place}`,
    studyUid: study(number),
    role,
    place,
    patient: `P${number}`,
    user: 'ann',
  });
  const soon = () => instant(Date.now() + 20_000);
  const isHere = (number: number, place = 1): boolean =>
    cache.holds(keptUnder('far', `/studies/${study(number)}/series/${seriesOf(number, place)}`, acceptObjects));
  /** Series and frames in the order in which the archive was asked for them. */
  const asked = (): string[] =>
    proxy
      .requests()
      .map((one) => /\/studies\/([0-9.]+)\/series\/([0-9.]+)(\/instances\/.*frames.*)?$/.exec(one.path))
      .flatMap((one) => (one === null ? [] : [`${one[3] === undefined ? 'series' : 'frame'} ${one[2]}`]));

  it('are in the sealed cache, most urgent first, noted before they come, and are given out without a line', async () => {
    await prefetcher.round([wanted(2, 1), wanted(1, 0)], soon());
    expect(asked()).toEqual([1, 2].flatMap((number) => [1, 2].map((place) => `series ${seriesOf(number, place)}`)));
    expect([isHere(1), isHere(1, 2), isHere(2)]).toEqual([true, true, true]);
    // Descriptions of so few images are asked for when they are opened, and then tell every correction.
    expect(proxy.requests().filter(({ path }) => path.endsWith('/metadata'))).toHaveLength(0);
    expect(new Set(noted)).toEqual(new Set([`ann prefetch ${study(1)}`, `ann prefetch ${study(2)}`]));
    const [progress] = prefetcher.progress([wanted(1, 0)]);
    expect(progress?.series.map((one) => [one.state, one.came])).toEqual([
      ['here', 3],
      ['here', 3],
    ]);
    // A second round asks for nothing again.
    proxy.clear();
    await prefetcher.round([wanted(2, 1), wanted(1, 0)], soon());
    expect(asked()).toEqual([]);
  });

  it('over a slow line are first an image of every study, once the line is known to be slow', async () => {
    proxy.setRules([{ path: /\/series\/[0-9.]+$/, fault: { kind: 'slow-loris', bytesPerSecond: 300_000 } }]);
    // On a busy machine the time of a round can be over before it has asked for anything.
    for (const until = Date.now() + 20_000; prefetcher.bandwidth() === null && Date.now() < until; )
      await prefetcher.round([wanted(1, 0)], instant(Date.now() + 1));
    expect(prefetcher.bandwidth()).toBeLessThan(usualBudget.slowBelow);
    proxy.clear();
    await prefetcher.round([wanted(1, 0), wanted(2, 1)], instant(Date.now() + 4_000));
    expect(asked()[0]?.startsWith('frame ')).toBe(true);
    const firstSeries = asked().findIndex((one) => one.startsWith('series '));
    expect(asked().findLastIndex((one) => one.startsWith('frame '))).toBeLessThan(
      firstSeries === -1 ? 99 : firstSeries,
    );
  }, 30_000);

  it('stay within the budget of bytes', async () => {
    await start({ bytes: 1_200_000 });
    await prefetcher.round([wanted(1, 0), wanted(2, 1)], soon());
    expect([isHere(1), isHere(1, 2), isHere(2)]).toEqual([true, false, false]);
  });

  it('wait while a page streams, and are left when they are paused', async () => {
    streaming = 1;
    const round = prefetcher.round([wanted(1, 0)], soon());
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(isHere(1)).toBe(false);
    prefetcher.setPaused(true);
    await round;
    expect([prefetcher.paused(), isHere(1), isHere(1, 2)]).toEqual([true, false, false]);
    streaming = 0;
    prefetcher.setPaused(false);
    await prefetcher.round([wanted(1, 0)], soon());
    expect([isHere(1), isHere(1, 2)]).toEqual([true, true]);
  });

  it('are counted as they come, and broken off in the middle nothing of the series is here until all of it came', async () => {
    proxy.setRules([{ path: /\/series\/[0-9.]+1$/, fault: { kind: 'slow-loris', bytesPerSecond: 150_000 } }]);
    const round = prefetcher.round([wanted(1, 0)], instant(Date.now() + 500));
    const first = () => prefetcher.progress([wanted(1, 0)])[0]?.series[0];
    const until = async (fits: () => boolean): Promise<void> => {
      while (!fits()) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await until(() => (first()?.came ?? 0) > 0);
    expect(first()?.state).toBe('coming');
    expect(first()?.came).toBeLessThan(3);
    prefetcher.giveUp();
    await round;
    // What came whole is kept, and is no series.
    expect([first()?.state, (first()?.came ?? 3) < 3, isHere(1)]).toEqual(['waiting', true, false]);
    proxy.setRules([]);
    await prefetcher.round([wanted(1, 0)], soon());
    expect([first()?.state, first()?.came, isHere(1)]).toEqual(['here', 3, true]);
  }, 30_000);

  it('of which the line breaks in the middle go on where they broke off: of 300 objects none that came is asked for again', async () => {
    const count = 300;
    const seriesUid = seriesOf(4);
    const objects = Array.from({ length: count }, (_, at) => `${seriesUid}.${at + 1}`);
    const files = objects.map((instance, at) =>
      buildImage({
        study: study(4),
        series: seriesUid,
        instance,
        modality: 'CT',
        patientId: 'P4',
        rows: 64,
        columns: 64,
        number: at + 1,
      }),
    );
    const length = files[0]?.length ?? 0;
    const stored = await Promise.all(files.map((bytes) => archive.store(bytes)));
    expect(stored.every((one) => one.ok)).toBe(true);
    proxy.clear();
    const half = 150 * length;
    // Broken in the middle of the series; then again in the middle of the rest, twice, each time before an object.
    proxy.setRules([
      { path: new RegExp(`/series/${seriesUid}$`), fault: { kind: 'truncate', bytes: half, end: 'lost' } },
      { path: /\/instances\/[0-9.]+$/, after: 40, times: 1, fault: { kind: 'drop-before' } },
      { path: /\/instances\/[0-9.]+$/, after: 90, times: 1, fault: { kind: 'truncate', bytes: 700, end: 'clean' } },
    ]);
    await prefetcher.round([wanted(4, 0)], soon());
    const path = `/studies/${study(4)}/series/${seriesUid}`;
    expect(cache.holds(keptUnder('far', path, acceptObjects))).toBe(true);
    expect(prefetcher.progress([wanted(4, 0)])[0]?.series.map((one) => [one.state, one.came])).toEqual([
      ['here', count],
    ]);
    const requests = proxy.requests().map((one) => one.path);
    expect(requests.filter((one) => one.endsWith(`/series/${seriesUid}`))).toHaveLength(1);
    const singles = requests.flatMap((one) => /\/instances\/([0-9.]+)$/.exec(one)?.[1] ?? []);
    const cameBefore = count - new Set(singles).size;
    // Parts are objects with a few header lines: of the bytes that came only the object on which it broke is lost.
    expect(cameBefore).toBeGreaterThanOrEqual(Math.floor(half / (length + 200)) - 1);
    // Twice were asked: what the two later breaks cut off, and what was on its way behind it.
    expect(singles.length - new Set(singles).size).toBeLessThanOrEqual(6);
    // All of it is given out without a line, each object once.
    proxy.clear();
    const held = await cache.read(keptUnder('far', path, acceptObjects));
    const whole = Buffer.from(await new Response(held?.body).arrayBuffer());
    const timesOf = (uid: string): number => {
      const even = uid.length % 2 === 0 ? uid : `${uid}\0`;
      // Media Storage SOP Instance UID (0002,0003) of each object.
      const meta = Buffer.concat([Buffer.from('020003005549', 'hex'), Buffer.of(even.length, 0), Buffer.from(even)]);
      const at = whole.indexOf(meta);
      return at < 0 ? 0 : whole.indexOf(meta, at + 1) < 0 ? 1 : 2;
    };
    expect(objects.filter((uid) => timesOf(uid) !== 1)).toEqual([]);
    expect(held?.parts).toBe(count);
    expect(proxy.requests()).toEqual([]);
  }, 60_000);

  it('go on where they broke off also after the host was started again, and tell how much came meanwhile', async () => {
    const instances = [1, 2, 3].map((image) => `${seriesOf(1)}.${image}`);
    proxy.setRules([
      { path: /\/series\/[0-9.]+1$/, fault: { kind: 'truncate', bytes: 300_000, end: 'lost' } },
      { path: /\/instances\/[0-9.]+$/, fault: { kind: 'drop-before' } },
      { path: /\/series\/[0-9.]+2$/, fault: { kind: 'drop-before' } },
    ]);
    await prefetcher.round([wanted(1, 0)], soon());
    const first = () => prefetcher.progress([wanted(1, 0)])[0]?.series[0];
    expect([first()?.state, first()?.came, isHere(1)]).toEqual(['left', 2, false]);
    prefetcher.close();
    await start({}, 'same-cache');
    proxy.setRules([]);
    proxy.clear();
    await prefetcher.round([wanted(1, 0)], soon());
    expect([first()?.state, first()?.came, isHere(1)]).toEqual(['here', 3, true]);
    const paths = proxy.requests().map((one) => one.path);
    expect(paths.filter((one) => one.endsWith(`/series/${seriesOf(1)}`))).toEqual([]);
    expect(instances.filter((uid) => paths.some((one) => one.endsWith(`/instances/${uid}`)))).toHaveLength(1);
  }, 30_000);

  it('that failed are left for a while, and tried at once when the line is said to stand again', async () => {
    proxy.setRules([{ path: /\/series\/[0-9.]+$/, fault: { kind: 'drop-before' } }]);
    await prefetcher.round([wanted(1, 0)], soon());
    const states = () => prefetcher.progress([wanted(1, 0)])[0]?.series.map((one) => one.state);
    expect(states()).toEqual(['left', 'left']);
    proxy.setRules([]);
    await prefetcher.round([wanted(1, 0)], soon());
    expect(states()).toEqual(['left', 'left']);
    prefetcher.tryAgain();
    await prefetcher.round([wanted(1, 0)], soon());
    expect(states()).toEqual(['here', 'here']);
  }, 30_000);

  it('leave out a series of which a rejection note names an image', async () => {
    await prefetcher.round([wanted(3, 0)], soon());
    expect([isHere(3), isHere(3, 2)]).toEqual([false, true]);
    expect(asked()).toEqual([`series ${seriesOf(3, 2)}`]);
    expect(prefetcher.progress([wanted(3, 0)])[0]?.series.map((one) => one.state)).toEqual(['left', 'here']);
  });

  it('go when the study is final, is another’s, or its reader has been gone for longer than was set', async () => {
    await prefetcher.round([wanted(1, 0), wanted(2, 1)], soon());
    let now = instant(1_000_000_000_000);
    const tasks = new Map([
      [study(1), { state: 'queued', claim: null as { reader: string; leaseUntil: number } | null }],
      [study(2), { state: 'queued', claim: null as { reader: string; leaseUntil: number } | null }],
    ]);
    const onScreen = new Set<string>();
    const keeper = createPixelKeeper({
      cache,
      archive: { name: 'far' },
      book: {
        facts: () => null,
        ofStudy: (uid: string) => (tasks.has(uid) ? [{ task: tasks.get(uid) }] : []),
      } as never,
      studyUids: () => tasks.keys(),
      onScreen: () => onScreen,
      isOffShift: () => false,
      grace: minutes(120),
      ports: { ...ports, now: () => now },
    });
    const kept = (number: number): boolean =>
      cache.studies().has(cache.nameOfStudy(studyKeptUnder('far', study(number))));
    keeper.here('ann', 'token');
    await keeper.round();
    expect([kept(1), kept(2)]).toEqual([true, true]);
    tasks.set(study(1), { state: 'queued', claim: { reader: 'bob', leaseUntil: now + 600_000 } });
    onScreen.add(study(1));
    await keeper.round();
    expect(kept(1), 'on screen').toBe(true);
    onScreen.clear();
    await keeper.round();
    expect([kept(1), kept(2)], 'another’s').toEqual([false, true]);
    keeper.gone('token');
    await keeper.round();
    now = instant(now + 119 * 60_000);
    await keeper.round();
    expect(kept(2), 'within the grace').toBe(true);
    now = instant(now + 60_000);
    await keeper.round();
    expect(kept(2), 'after the grace').toBe(false);
    expect(cache.size()).toBe(0);
    const read = await cache.read(keptUnder('far', `/studies/${study(2)}/series/${seriesOf(2)}`, acceptObjects));
    expect(read).toBe(null);
    expect((await createRejectionBook(archive, ports).of(study(2) as StudyUid)).size).toBe(0);
  });
});
