import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { startOrthanc } from '../servers/orthanc/index.ts';
import { launchMeasured } from './viewer/browser.ts';
import { type Fifty, openOneAfterAnother } from './viewer/fifty.ts';
import { figure, leastTime, median, type Rounds, rounded, spread } from './viewer/figures.ts';
import { decodeTime, streamTime } from './viewer/limits.ts';
import type { MadeStudy } from './viewer/made-studies.ts';
import { ohifConfiguration } from './viewer/ohif-app.ts';
import { ohifDist } from './viewer/ohif-pack.ts';
import { type OwnFigures, ohifRound, ownRound, type SideFigures, type Studies, withOwn } from './viewer/rounds.ts';
import { serveBeside } from './viewer/same-origin.ts';
import { type BenchStudy, storeMade, storeReal } from './viewer/studies.ts';

/**
 * `npm run bench:viewer`: our viewer against the published OHIF, on one Orthanc and in one Chromium, round by round (P1 to P8). The
 * processor draws in both. `BENCH_ROUNDS` (5), `BENCH_SLICES` (300), `BENCH_FIFTY` (50; 0 leaves them out) say how much; `BENCH_OHIF` is a
 * folder or a file with the package, or `none` for what needs no OHIF. A page that shows another series than it was asked for ends it.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? '5');
const slices = Number(process.env.BENCH_SLICES ?? '300');
const many = Number(process.env.BENCH_FIFTY ?? '50');
/** As the page has them: one of its workers is kept for single images. */
const seriesWorkers = Math.max(2, Math.min(5, availableParallelism())) - 1;

type Limits = { readonly raw: number; readonly jpegLs: number; readonly decode: number };

const work = await mkdtemp(join(tmpdir(), 'overread-bench-viewer-'));
process.env.NODE_ENV = 'production';
const dist = await ohifDist(work, process.env.BENCH_OHIF);
await build({ configFile: 'vite.config.ts', logLevel: 'error' });
const orthanc = await startOrthanc();
const site =
  dist === null
    ? null
    : await serveBeside({ folder: dist, archive: orthanc.url, page: { 'app-config.js': ohifConfiguration }, work });

const ct = { side: 512, syntax: 'explicit' as const };
const compressed: MadeStudy = { ...ct, number: 3, slices, syntax: 'jpeg-ls', description: `CT ${slices} JPEG-LS` };
const studies: Studies = {
  warmUp: await storeMade(orthanc.restUrl, { ...ct, number: 1, slices: 12, description: 'Warm up' }),
  raw: await storeMade(orthanc.restUrl, { ...ct, number: 2, slices, description: `CT ${slices} raw` }),
  jpegLs: await storeMade(orthanc.restUrl, compressed),
  chest: await storeReal(orthanc, 'real chest CT', 'ct-chest-lungdx-A0001'),
  pet: await storeReal(orthanc, 'real PET/CT', 'petct-acrin-nsclc-042'),
};

async function limitsNow(): Promise<Limits> {
  const measured = await launchMeasured();
  try {
    const page = await measured.open();
    const raw = await streamTime(page, orthanc.url, studies.raw);
    const jpegLs = await streamTime(page, orthanc.url, studies.jpegLs);
    return { raw, jpegLs, decode: await decodeTime(page, compressed, 12) };
  } finally {
    await measured.close();
  }
}

/** A round that breaks off for another reason than a wrong image is told and counts as missing. */
async function attempt<Value>(what: string, round: () => Promise<Value>): Promise<Value | null> {
  try {
    return await round();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    if (/wanted is|no image of|another slice|stood on the screen|sweep:/.test(words)) throw error;
    console.log(`  ${what}: ${words.split('\n')[0]}`);
    return null;
  }
}

const ours: (OwnFigures | null)[] = [];
const theirs: (SideFigures | null)[] = [];
const limits: (Limits | null)[] = [];
let fifty: Fifty | null = null;
try {
  for (let round = 0; round < rounds; round += 1) {
    console.log(`round ${round + 1} of ${rounds}, load of the machine ${loadavg()[0]?.toFixed(1)}`);
    limits.push(await attempt('limits', limitsNow));
    const turns = [
      async () => void ours.push(await attempt('ours', () => ownRound(orthanc.url, studies))),
      async () => void theirs.push(site === null ? null : await attempt('OHIF', () => ohifRound(site.url, studies))),
    ];
    // Whoever comes second finds the machine warmer: they take turns.
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  if (many > 1) {
    const all: BenchStudy[] = [];
    for (let index = 0; index < many; index += 1) {
      const one = { ...ct, number: 100 + index, slices: 24, description: `One of ${many}` };
      all.push(await storeMade(orthanc.restUrl, one));
    }
    const count = Object.values(studies).filter((one) => one !== null).length + many;
    fifty = await attempt('one after another', () =>
      withOwn(orthanc.url, count, false, (app) => openOneAfterAnother(app, all)),
    );
  }
} finally {
  await site?.stop();
  await orthanc.stop();
  await rm(work, { recursive: true, force: true });
}

const of = (take: (one: OwnFigures) => number): Rounds => ours.map((one) => (one === null ? null : take(one)));
const ofTheirs = (take: (one: SideFigures) => number | undefined): Rounds =>
  theirs.map((one) => (one === null ? null : (take(one) ?? null)));
const limitsOf = (take: (one: Limits) => number): Rounds => limits.map((one) => (one === null ? null : take(one)));

const figures: Record<string, number | null> = {};
const words = (values: Rounds): string => {
  const [middle, ends] = [median(values), spread(values)];
  if (middle === null || ends === null) return 'nothing'.padEnd(24);
  const digits = middle < 100 ? 1 : 0;
  return `${middle.toFixed(digits)} (${ends[0].toFixed(digits)}-${ends[1].toFixed(digits)})`.padEnd(24);
};
function line(name: string, what: string, one: Rounds, other: Rounds, bar: number | null): void {
  const found = figure(one, other, rounds);
  if (found !== null || bar !== null) figures[name] = found === null ? null : rounded(found);
  const missed = found === null ? '' : bar !== null && found > bar ? '  MISSED' : '';
  console.log(
    `${name.padEnd(9)} ${what.padEnd(52)} ${words(one)} ${words(other)} ${found === null ? 'none' : found.toFixed(3)}${bar === null ? '' : ` (${bar})`}${missed}`,
  );
}

console.log(
  `\n@ohif/app 3.13.2 behind ${site?.by ?? 'nothing'}; the processor draws in both; ${availableParallelism()} cores; medians of ${rounds} rounds (least-most), ratio of the rounds (must reach)`,
);
console.log(`${''.padEnd(62)} ${'ours'.padEnd(24)} ${'the other'.padEnd(24)} ratio`);
if (site !== null) {
  // The bars were set against an app that runs and has opened nothing yet (spec/performance.md 1: OHIF 3.8 s, a page of ours 0.9 s).
  line(
    'P1',
    'from the list, fetched ahead: first image, ms',
    of((o) => o.aheadFirstOpened),
    ofTheirs((o) => o.firstOpened),
    0.1,
  );
  line(
    'P1c',
    'from the list, not fetched ahead: first image, ms',
    of((o) => o.firstOpened),
    ofTheirs((o) => o.firstOpened),
    0.25,
  );
  line(
    'P1_warm',
    'once a study was shown, fetched ahead, ms',
    of((o) => o.aheadFirst),
    ofTheirs((o) => o.next.rawFirst),
    null,
  );
  line(
    'P1c_warm',
    'once a study was shown, not fetched ahead, ms',
    of((o) => o.next.rawFirst),
    ofTheirs((o) => o.next.rawFirst),
    null,
  );
  line(
    'P2',
    'the same: whole series decoded, ms',
    of((o) => o.next.rawReady),
    ofTheirs((o) => o.next.rawReady),
    0.2,
  );
  line(
    'P3',
    'start of the app to the first image, ms',
    of((o) => o.startFirst),
    ofTheirs((o) => o.startFirst),
    0.4,
  );
}
line(
  'P4',
  'whole series / Chromium reads it, ms',
  of((o) => o.next.rawReady),
  limitsOf((o) => o.raw),
  2.5,
);
line(
  'P5',
  'whole JPEG-LS series / stream or decoders, ms',
  of((o) => o.next.jpegLsReady),
  limitsOf((o) => leastTime(o.jpegLs, slices, o.decode, seriesWorkers)),
  1.5,
);
if (site !== null) {
  line(
    'P6',
    `sweep, every slice seen in a frame, ms`,
    of((o) => o.sweep),
    ofTheirs((o) => o.sweep),
    0.6,
  );
  line(
    'P7',
    'memory of the browser after the series, MB',
    of((o) => o.memory),
    ofTheirs((o) => o.memory),
    0.8,
  );
  line(
    'P8',
    'processor time of the browser, start to series, s',
    of((o) => o.cpu),
    ofTheirs((o) => o.cpu),
    0.3,
  );
  line(
    'P2_jls',
    'next study, JPEG-LS: whole series decoded, ms',
    of((o) => o.next.jpegLsReady),
    ofTheirs((o) => o.next.jpegLsReady),
    null,
  );
  line(
    'P1c_chest',
    'next study, real chest CT: first image, ms',
    of((o) => o.next.chestFirst ?? Number.NaN),
    ofTheirs((o) => o.next.chestFirst),
    null,
  );
  line(
    'P2_chest',
    'next study, real chest CT: its series decoded, ms',
    of((o) => o.next.chestReady ?? Number.NaN),
    ofTheirs((o) => o.next.chestReady),
    null,
  );
  line(
    'P1c_pet',
    'next study, real PET/CT: first image, ms',
    of((o) => o.next.petFirst ?? Number.NaN),
    ofTheirs((o) => o.next.petFirst),
    null,
  );
}
if (many > 1) {
  const found = fifty === null ? null : fifty.afterAll / fifty.afterOne;
  figures[`P7_${many}`] = found === null ? null : rounded(found);
  console.log(
    fifty === null || found === null
      ? `P7_${many} was not measured`
      : `P7_${many}     memory after ${fifty.opened} studies / after 1: ${fifty.afterAll.toFixed(0)} MB / ${fifty.afterOne.toFixed(0)} MB = ${found.toFixed(3)} (1.15)${found > 1.15 ? '  MISSED' : ''}; listeners ${fifty.listeners.join(' -> ')}, workers ${fifty.workers.join(' -> ')}; every image read back`,
  );
  if (fifty !== null && (fifty.listeners[1] > fifty.listeners[0] * 1.1 || fifty.workers[1] > fifty.workers[0]))
    throw new Error('listeners or workers of closed studies are left');
}
const again = [...ours, ...theirs].reduce((sum, one) => sum + (one?.repeated ?? 0), 0);
if (again > 0) console.log(`${again} turns of the wheel showed nothing within five seconds and were made again`);
console.log(`load of the machine ${loadavg()[0]?.toFixed(1)}`);
if (Object.values(figures).some((one) => one === null)) process.exitCode = 1;
console.log(JSON.stringify(figures));
