import type { Page } from 'playwright-core';
import { collectGarbage } from './browser.ts';
import { backToOhifList, openFromOhifList, openOhif, unfoldOhif } from './ohif-app.ts';
import {
  addressOf,
  backToOwnList,
  chooseOwn,
  type OwnApp,
  openFromOwnList,
  openOwn,
  saysReady,
  startOwn,
  untilAhead,
} from './own-app.ts';
import { firstIn, mustBe, readyIn, type Sight } from './probe.ts';
import { type BenchStudy, instancesOf, seriesOf } from './studies.ts';

/** What one side of one round brought, in milliseconds, megabytes and seconds of processor time. */
export type SideFigures = {
  /** Start of the app to the first image of the raw series; to all of it decoded; processor time and memory then; the sweep. */
  readonly startFirst: number;
  readonly startReady: number;
  readonly cpu: number;
  readonly memory: number;
  readonly sweep: number;
  readonly repeated: number;
  /** From the list of a running app in which nothing was opened yet. */
  readonly firstOpened: number;
  /** From the list of a running app that has shown a study. */
  readonly next: NextFigures;
};
export type NextFigures = Readonly<
  Record<'rawFirst' | 'rawReady' | 'jpegLsFirst' | 'jpegLsReady', number> &
    Partial<Record<'chestFirst' | 'chestReady' | 'petFirst', number>>
>;
export type OwnFigures = SideFigures & {
  readonly aheadFirst: number;
  readonly aheadReady: number;
  readonly aheadFirstOpened: number;
};

export type Studies = {
  readonly warmUp: BenchStudy;
  readonly raw: BenchStudy;
  readonly jpegLs: BenchStudy;
  readonly chest: BenchStudy | null;
  readonly pet: BenchStudy | null;
};

/** How a study is opened from a list that stands, in either app. */
type Way = {
  /** One press or click before the images. */
  choose(page: Page, study: BenchStudy): Promise<void>;
  readonly start: 'keydown' | 'click';
  open(page: Page): Promise<void>;
  back(page: Page): Promise<void>;
  /** The page's own word that all of a made study is here. */
  confirm(page: Page, study: BenchStudy): Promise<void>;
};

const own: Way = {
  choose: chooseOwn,
  start: 'keydown',
  open: openFromOwnList,
  back: backToOwnList,
  confirm: saysReady,
};
const ohif: Way = {
  choose: unfoldOhif,
  start: 'click',
  open: openFromOhifList,
  back: backToOhifList,
  confirm: async () => undefined,
};

/** Milliseconds that either app has stood on its list before a study is opened: "running" (spec/performance.md 6), not "just being loaded". */
const atRest = 5_000;

type Opened = { readonly first: number; readonly ready: number };

const wantedOf = (study: BenchStudy) => (study.mark === null ? { studyUid: study.studyUid } : { mark: study.mark });

/** A page that shows another series than the one that was opened ends the bench. */
function check(study: BenchStudy, sight: Sight, what: string): readonly string[] {
  const wanted = { mark: study.mark, studyUid: study.studyUid, instances: instancesOf(study) };
  if (sight.others.length > 0)
    throw new Error(`${what}, ${study.name}: the image of case ${sight.others.join(', ')} stood on the screen`);
  mustBe(`${what}, ${study.name}`, sight, wanted);
  return seriesOf(study, sight.named?.instanceUid ?? null);
}

async function openNext(page: Page, way: Way, study: BenchStudy, what: string, whole = true): Promise<Opened> {
  await way.choose(page, study);
  await page.evaluate((kind) => window.viewerProbe.arm(kind), way.start);
  const first = firstIn(page, wantedOf(study));
  // Nobody listens to a second failure while the first is told.
  first.catch(() => undefined);
  await way.open(page);
  const sight = await first;
  const series = check(study, sight, what);
  const ready = whole ? await readyIn(page, series) : Number.NaN;
  if (study.mark !== null && whole) {
    await way.confirm(page, study);
    check(study, { ...sight, ...(await page.evaluate(() => window.viewerProbe.read())) }, what);
  }
  await way.back(page);
  return { first: sight.at, ready };
}

async function openAll(page: Page, way: Way, studies: Studies, what: string): Promise<NextFigures> {
  await openNext(page, way, studies.warmUp, what);
  const raw = await openNext(page, way, studies.raw, what);
  const jpegLs = await openNext(page, way, studies.jpegLs, what);
  const chest = studies.chest === null ? null : await openNext(page, way, studies.chest, what);
  // Of several series one alone is brought by itself in either app, and not the same one: its first image is what compares.
  const pet = studies.pet === null ? null : await openNext(page, way, studies.pet, what, false);
  return {
    rawFirst: raw.first,
    rawReady: raw.ready,
    jpegLsFirst: jpegLs.first,
    jpegLsReady: jpegLs.ready,
    ...(chest === null ? {} : { chestFirst: chest.first, chestReady: chest.ready }),
    ...(pet === null ? {} : { petFirst: pet.first }),
  };
}

type Started = Omit<SideFigures, 'next' | 'firstOpened'>;

/** From the loading of the page to the sweep, once its images are asked for. */
async function afterStart(
  page: Page,
  parts: {
    cpuSeconds(): number;
    memory(): number;
    before: number;
    study: BenchStudy;
    what: string;
    sight: Promise<Sight>;
  },
): Promise<Started> {
  const { study, what } = parts;
  const sight = await parts.sight;
  const series = check(study, sight, what);
  const startReady = await readyIn(page, series);
  const cpu = parts.cpuSeconds() - parts.before;
  await collectGarbage(page);
  const memory = parts.memory();
  // A sweep begins at an end of the stack; where a viewer begins within it, its own key goes there.
  const atEnd = (slices: number): boolean => [1, slices].includes(window.viewerProbe.read().mark?.slice ?? 0);
  if (!(await page.evaluate(atEnd, series.length))) await page.keyboard.press('Home');
  await page.waitForFunction(atEnd, series.length);
  const swept = await page.evaluate(([slices, mark]) => window.viewerProbe.sweep(slices, mark), [
    series.length,
    study.mark ?? 0,
  ] as const);
  if (swept.wrong.length > 0) throw new Error(`${what}, sweep: ${swept.wrong.slice(0, 3).join('; ')}`);
  check(study, { ...sight, ...(await page.evaluate(() => window.viewerProbe.read())) }, what);
  return { startFirst: sight.at, startReady, cpu, memory, sweep: swept.time, repeated: swept.repeated };
}

export async function ohifRound(url: string, studies: Studies): Promise<SideFigures> {
  const what = 'OHIF';
  const cold = await openOhif();
  let started: Started;
  try {
    const { page, measured } = cold;
    const before = measured.cpuSeconds();
    await page.goto(`${url}/viewer?StudyInstanceUIDs=${studies.raw.studyUid}`, { waitUntil: 'commit' });
    await page.evaluate(() => window.viewerProbe.armAtLoad());
    const sight = firstIn(page, wantedOf(studies.raw));
    started = await afterStart(page, { ...measured, before, study: studies.raw, what, sight });
  } finally {
    await cold.measured.close();
  }
  const atList = async <Found>(work: (page: Page) => Promise<Found>): Promise<Found> => {
    const running = await openOhif();
    try {
      await running.page.goto(`${url}/`);
      await running.page.waitForTimeout(atRest);
      return await work(running.page);
    } finally {
      await running.measured.close();
    }
  };
  const next = await atList((page) => openAll(page, ohif, studies, what));
  const { first } = await atList((page) => openNext(page, ohif, studies.raw, what, false));
  return { ...started, firstOpened: first, next };
}

/** With an empty cache of the host for each: nothing that one part of a round fetched helps the next. */
export async function ownRound(archive: string, studies: Studies): Promise<OwnFigures> {
  const what = 'ours';
  const count = Object.values(studies).filter((one) => one !== null).length;
  const started = await withOwn(archive, count, false, async (app) => {
    const address = await addressOf(app, studies.raw);
    const { page, measured } = await openOwn(app);
    try {
      const before = measured.cpuSeconds();
      // By the address of the case, as the other app is started by the address of the study.
      await page.goto(address, { waitUntil: 'commit' });
      await page.evaluate(() => window.viewerProbe.armAtLoad());
      const sight = firstIn(page, wantedOf(studies.raw));
      sight.catch(() => undefined);
      await sight;
      // One viewport, as in the other app, whatever the rule hangs.
      await page.keyboard.press('Alt+1');
      return await afterStart(page, { ...measured, before, study: studies.raw, what, sight });
    } finally {
      await measured.close();
    }
  });
  const atList = <Found>(isAhead: boolean, work: (page: Page) => Promise<Found>): Promise<Found> =>
    withOwn(archive, count, isAhead, async (app) => {
      if (isAhead) await untilAhead(app, studies.raw);
      const { page, measured, url } = await openOwn(app);
      try {
        await page.goto(url);
        await page.waitForTimeout(atRest);
        return await work(page);
      } finally {
        await measured.close();
      }
    });
  const next = await atList(false, (page) => openAll(page, own, studies, what));
  const first = await atList(false, (page) => openNext(page, own, studies.raw, what, false));
  const ahead = await atList(true, async (page) => {
    await openNext(page, own, studies.warmUp, what);
    return openNext(page, own, studies.raw, what);
  });
  const aheadFirst = await atList(true, (page) => openNext(page, own, studies.raw, what, false));
  return {
    ...started,
    firstOpened: first.first,
    next,
    aheadFirst: ahead.first,
    aheadReady: ahead.ready,
    aheadFirstOpened: aheadFirst.first,
  };
}

export async function withOwn<Result>(
  archive: string,
  studies: number,
  imagesAhead: boolean,
  work: (app: OwnApp) => Promise<Result>,
): Promise<Result> {
  const app = await startOwn(archive, studies, imagesAhead);
  try {
    return await work(app);
  } finally {
    await app.stop();
  }
}
