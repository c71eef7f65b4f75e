import { type Browser, expect, type Page, test } from '@playwright/test';
import { createArchiveClient } from '../../electron/host/archive/index.ts';

import {
  type DemoDay,
  demoInstances,
  type FoundMark,
  generateDemoDay,
  orientations,
} from '../../electron/host/demo/index.ts';
import { cellSize } from '../../electron/host/demo/picture.ts';
import { randomFrom } from '../../electron/host/demo/random.ts';
import { instant } from '../../shared/lib/instant.ts';
import { startFaultProxy } from '../servers/fault-proxy/index.ts';
import { orthancMissing, startOrthanc } from '../servers/orthanc/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import { type DayShell, type Planned, plannedInstances, rowsOf, startDay } from './demo-day.ts';
import { firstAccount, launch, newPage, signIn, startShell } from './overread.ts';
import {
  paintedReading,
  type Reading,
  readPixelsIn,
  readViewport,
  takeReadings,
  viewport,
  watchPixels,
} from './pixel-reading.ts';

/**
 * The mark that the generator burned into each image is read back from the canvas and held against what the page says at that very
 * moment. `SCALE` multiplies the fast switching; `SEED` gives another run.
 */
const scale = Number(process.env.SCALE ?? 1);
const seed = Number(process.env.SEED ?? 1);
/** Milliseconds by which an answer of the archive is late at the most. Hands are as quick as this, so that answers come to a screen that has moved on. */
const latest = scale > 1 ? 2_000 : 700;

let browser: Browser;
let day: DayShell;
let planned: ReadonlyMap<string, Planned>;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  day = await startDay();
  planned = plannedInstances([day.plan]);
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

async function enter(size = { width: 1280, height: 800 }): Promise<{ page: Page; complaints: { all: string[] } }> {
  const { context, page, complaints } = await newPage(browser, size);
  await readPixelsIn(context);
  await signIn(page, day);
  return { page, complaints };
}

/** What is wrong with a reading: nothing, or a sentence that names both sides. */
function wrongWith(reading: Reading, plan: ReadonlyMap<string, Planned>): string | null {
  if (!reading.painted) return 'not painted';
  const { mark } = reading;
  const said = `the page says study ${reading.studyUid}, instance ${reading.instanceUid}, slice ${reading.slice} of ${reading.slices}`;
  if (mark === null) return `${said}; the canvas holds no mark`;
  const seen = `the canvas holds case ${mark.case}, series ${mark.series}, slice ${mark.slice}`;
  const expected = plan.get(reading.instanceUid ?? '');
  if (expected === undefined) return `${said}: no such instance was made; ${seen}`;
  const slice = expected.instance.frames > 1 ? reading.slice : expected.instance.number;
  const agrees =
    expected.study.studyUid === reading.studyUid &&
    expected.study.number === mark.case &&
    expected.series.number === mark.series &&
    slice === mark.slice &&
    reading.slice === mark.slice;
  return agrees
    ? null
    : `${said}: case ${expected.study.number}, series ${expected.series.number}, slice ${slice}; ${seen}`;
}

const rowOf = (page: Page, key: string) =>
  page
    .getByRole('grid', { name: 'Worklist' })
    .getByRole('row', { name: new RegExp(`${key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`) });

/** Selects a study by filter, so that its row is in the page whatever the window shows, and looks at it. */
async function look(page: Page, key: string): Promise<void> {
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Filter the list' }).fill(key);
  await rowOf(page, key).first().waitFor({ timeout: 20_000 });
  await page.keyboard.press('Enter');
  await page.keyboard.press('l');
  const images = page.getByRole('region', { name: 'Images' });
  const ask = page.getByRole('dialog', { name: 'Why do you look at this study?' });
  await images.or(ask).waitFor();
  if (await ask.isVisible()) {
    await ask.getByRole('radio', { name: /Quality/ }).check();
    await page.keyboard.press('Enter');
  }
  await images.waitFor();
}

/** One viewport over all of the place: what is measured on the screen is then large enough to be measured. */
async function alone(page: Page): Promise<void> {
  await paintedReading(viewport(page), () => true);
  await page.keyboard.press('Alt+1');
  await expect(page.getByRole('group', { name: /^Viewport/ })).toHaveCount(1);
}

async function backToList(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('grid', { name: 'Worklist' }).waitFor();
  await page.keyboard.press('Escape');
}

test('every study of the demo day shows its own images, series by series and slice by slice', async () => {
  test.setTimeout(600_000);
  const { page, complaints } = await enter();
  const rows = (await rowsOf(day)).filter((row) => row.images.present > 0);
  expect(rows.length).toBeGreaterThanOrEqual(24);
  const casesOf = new Map<string, Set<number>>();
  const wrong: string[] = [];
  let readings = 0;
  for (const row of rows) {
    const planOf = day.plan.studies.find((study) => study.studyUid === row.studyUid);
    expect(planOf, `${row.studyUid} was planned`).toBeDefined();
    // Studies without an order have no accession: their patient's family name finds them.
    await look(page, row.accession ?? row.patient.name.split(/[\^=]/)[0] ?? '');
    const group = viewport(page);
    const items = page.getByRole('list', { name: 'Series' }).getByRole('button');
    await paintedReading(group, ({ studyUid }) => studyUid === row.studyUid);
    const count = await items.count();
    expect(count, `series of ${row.accession}`).toBeGreaterThan(0);
    for (let index = 0; index < count; index += 1) {
      const name = (await items.nth(index).getAttribute('aria-label')) ?? '';
      if (name.startsWith('Prior')) continue;
      await items.nth(index).click();
      await expect(items.nth(index)).toHaveAttribute('aria-pressed', 'true');
      const slices = Number(/of (\d+) images shown/.exec(name)?.[1]);
      await group.focus();
      for (const [key, slice] of [
        ['Home', 1],
        ['PageDown', Math.min(11, slices)],
        ['End', slices],
        ['ArrowUp', Math.max(1, slices - 1)],
      ] as const) {
        await page.keyboard.press(key);
        const reading = await paintedReading(group, (now) => now.slice === slice);
        readings += 1;
        expect(reading.slices, `slices of ${name}`).toBe(slices);
        const complaint = wrongWith(reading, planned);
        if (complaint !== null) wrong.push(complaint);
        if (reading.mark !== null && reading.studyUid !== null)
          casesOf.set(reading.studyUid, (casesOf.get(reading.studyUid) ?? new Set()).add(reading.mark.case));
        await expect(group.getByText(/^(.* )?Slice \d+ of \d+/)).toContainText(
          `Slice ${reading.mark?.slice} of ${slices}`,
        );
      }
    }
    await backToList(page);
  }
  expect(wrong).toEqual([]);
  // One study, one case; no two studies the same one.
  expect([...casesOf.values()].every((cases) => cases.size === 1)).toBe(true);
  expect(new Set([...casesOf.values()].flatMap((cases) => [...cases])).size).toBe(rows.length);
  expect(readings).toBeGreaterThanOrEqual(rows.length * 4);
  expect(complaints.all).toEqual([]);
  console.log(`read-backs, every study: ${readings}`);
  await page.context().close();
});

/** The four letters, clockwise from the top. */
type Letters = readonly [top: string, right: string, bottom: string, left: string];

/** Where the letters of an upright picture stand once it is mirrored left to right where it says so, then turned clockwise. */
function turned(upright: Letters, orientation: FoundMark['orientation']): Letters {
  const number = orientations.indexOf(orientation);
  let [top, right, bottom, left] = upright;
  if (number >= 4) [right, left] = [left, right];
  for (let turn = 0; turn < number % 4; turn += 1) [top, right, bottom, left] = [left, top, right, bottom];
  return [top, right, bottom, left];
}

/** What a turn (R), a flip left and right (H) and a flip up and down (K) of the picture as it is seen make of it. */
function afterKey(before: FoundMark['orientation'], key: string): FoundMark['orientation'] {
  const number = orientations.indexOf(before);
  const [mirrored, turns] = [number >= 4, number % 4];
  if (key === 'r') return orientations[(mirrored ? 4 : 0) + ((turns + 1) % 4)] ?? 'upright';
  // Mirroring what was turned turns it the other way; up and down is left and right, turned by half.
  return orientations[(mirrored ? 0 : 4) + ((4 - turns + (key === 'k' ? 2 : 0)) % 4)] ?? 'upright';
}

/** Facts of anatomy, not of our code: an axial slice is seen from the feet, a frontal radiograph as if facing the patient. */
const anatomy: readonly {
  readonly what: string;
  readonly modality: string;
  readonly body?: RegExp;
  readonly letters: Letters | null;
}[] = [
  { what: 'an axial CT', modality: 'CT', letters: ['A', 'L', 'P', 'R'] },
  { what: 'a frontal radiograph of the chest', modality: 'CR', body: /chest/i, letters: ['H', 'L', 'F', 'R'] },
  { what: 'an MR', modality: 'MR', letters: null },
  { what: 'a mammogram', modality: 'MG', letters: null },
];

async function lettersOf(page: Page): Promise<Letters> {
  const group = viewport(page);
  const one = (edge: string): Promise<string> => group.locator(`.edge-${edge}`).innerText();
  return [await one('top'), await one('right'), await one('bottom'), await one('left')];
}

/** The study whose header exchanges left and right on purpose. */
const mirrored = (): DemoDay['studies'][number] => {
  const found = day.plan.studies.find((study) =>
    study.series.some(({ recipe }) => recipe.kind === 'radiograph' && recipe.mirroredHeader),
  );
  if (found === undefined) throw new Error('no study is mirrored in its header');
  return found;
};

test('a header that exchanges left and right shows its letters exchanged, over letters of lead that stand upright', async () => {
  const { page } = await enter();
  const study = mirrored();
  await look(page, study.accession ?? '');
  await alone(page);
  const reading = await paintedReading(viewport(page), ({ studyUid }) => studyUid === study.studyUid);
  expect(wrongWith(reading, planned)).toBeNull();
  // The picture is as it was made; what the header says of it is shown as it says it.
  expect(reading.mark?.orientation).toBe('upright');
  await expect.poll(() => lettersOf(page)).toEqual(['H', 'R', 'F', 'L']);
  await page.screenshot({ path: 'test-results/screens/mirrored-header.png' });
  await viewport(page).focus();
  await page.keyboard.press('h');
  await expect.poll(async () => (await readViewport(viewport(page))).mark?.orientation).toBe('mirrored');
  await expect.poll(() => lettersOf(page)).toEqual(['H', 'L', 'F', 'R']);
  await page.context().close();
});

test('letters at the edges go with the mark through every flip and turn', async () => {
  const { page } = await enter();
  for (const kind of anatomy) {
    const row = (await rowsOf(day)).find(
      (one) =>
        one.modality === kind.modality &&
        one.images.present > 0 &&
        one.accession !== null &&
        one.studyUid !== mirrored().studyUid &&
        (kind.body === undefined || kind.body.test(`${one.procedure} ${one.bodyPart}`)),
    );
    expect(row, kind.what).toBeDefined();
    await look(page, row?.accession ?? '');
    const group = viewport(page);
    await alone(page);
    const first = await paintedReading(group, ({ studyUid }) => studyUid === row?.studyUid);
    expect(first.mark?.orientation).toBe('upright');
    const upright = await lettersOf(page);
    if (kind.letters !== null) expect(upright, kind.what).toEqual(kind.letters);
    expect(new Set(upright.map((letter) => letter[0])).size, `${kind.what}: four directions`).toBe(4);
    await group.focus();
    const seen = new Set<string>();
    let expected: FoundMark['orientation'] = 'upright';
    for (const key of ['r', 'r', 'r', 'r', 'h', 'r', 'r', 'r', 'k', 'r', 'h', 'h', 'k', 'r']) {
      await page.keyboard.press(key);
      expected = afterKey(expected, key);
      await expect
        .poll(async () => (await readViewport(group)).mark?.orientation, { message: `${kind.what} after ${key}` })
        .toBe(expected);
      const reading = await readViewport(group);
      expect(wrongWith(reading, planned), `${kind.what} after ${key}`).toBeNull();
      const orientation = reading.mark?.orientation ?? 'upright';
      seen.add(orientation);
      await expect
        .poll(() => lettersOf(page), { message: `${kind.what}, ${orientation}, after ${key}` })
        .toEqual(turned(upright, orientation));
    }
    expect(seen.size, `${kind.what} was turned and mirrored`).toBe(8);
    await page.keyboard.press('f');
    await expect.poll(async () => (await readViewport(group)).mark?.orientation).toBe('upright');
    await backToList(page);
  }
  await page.context().close();
});

/** Where a pixel of the image lies in the window, learnt from the mark alone: nothing of the viewer's own arithmetic is used. */
function placeOf(
  reading: Reading,
  image: { readonly width: number; readonly height: number },
  x: number,
  y: number,
): { x: number; y: number } {
  const { mark, canvas } = reading;
  if (mark === null) throw new Error('no mark to go by');
  const zoom = mark.cell / cellSize(image.width, image.height);
  const shown = canvas.shownWidth / canvas.width;
  // The bright ring begins one cell inside the image's corner; the bar's ends are centres of pixels.
  return {
    x: canvas.left + (mark.left - mark.cell + (x + 0.5) * zoom) * shown,
    y: canvas.top + (mark.top - mark.cell + (y + 0.5) * zoom) * shown,
  };
}

test('the drawn bar of 100 mm measures 100 mm, in every modality', async () => {
  const { page } = await enter({ width: 1600, height: 1000 });
  const rows = await rowsOf(day);
  const measured: string[] = [];
  for (const modality of ['CT', 'MR', 'CR', 'DX', 'MG', 'US']) {
    const row = rows.find((one) => {
      const study = day.plan.studies.find((planOne) => planOne.studyUid === one.studyUid);
      return (
        one.modality === modality &&
        one.accession !== null &&
        one.images.present > 0 &&
        study?.series.some((series) => series.instances[0]?.bar)
      );
    });
    if (row === undefined) continue;
    await look(page, row.accession ?? '');
    const group = viewport(page);
    await alone(page);
    await paintedReading(group, ({ studyUid }) => studyUid === row.studyUid);
    await page.mouse.move(0, 0);
    await group.focus();
    await page.keyboard.press('d');
    const reading = await readViewport(group);
    const shown = planned.get(reading.instanceUid ?? '');
    const bar = shown?.instance.bar ?? null;
    if (shown === undefined || bar === null) {
      await backToList(page);
      continue;
    }
    const from = placeOf(reading, shown.series, bar.fromX, bar.fromY);
    const to = placeOf(reading, shown.series, bar.toX, bar.toY);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
    await page.mouse.move(to.x, to.y);
    await page.mouse.up();
    const label = group.locator('.measures text').last();
    await expect(label).toHaveText(/mm/);
    const words = (await label.textContent()) ?? '';
    const millimetres = Number(/(\d+(?:\.\d+)?) ?mm/.exec(words)?.[1]);
    expect(Math.abs(millimetres - 100), `${modality}: ${words}`).toBeLessThanOrEqual(1.5);
    measured.push(modality);
    await backToList(page);
  }
  expect(measured).toEqual(expect.arrayContaining(['CT', 'MR', 'CR', 'US']));
  await page.context().close();
});

/** Small studies of every modality, in transfer syntaxes that Orthanc serves by frame, of days that the list looks back to. */
function smallStudies(plan: DemoDay): DemoDay['studies'] {
  const served = plan.studies.filter(
    (study) =>
      study.role === 'current' &&
      study.performedAt > Date.now() - 48 * 3_600_000 &&
      study.transferSyntax !== 'htj2k' &&
      study.transferSyntax !== 'deflated',
  );
  return ['CT', 'MR', 'CR', 'DX', 'MG', 'US'].flatMap((modality) => {
    const smallest = served
      .filter((study) => study.modality === modality)
      .sort((one, other) => one.instanceCount - other.instanceCount);
    return smallest.slice(0, modality === 'CR' || modality === 'DX' ? 2 : 1);
  });
}

test('fast switching among cases, series and slices, with every answer late: never the pixels of another', async () => {
  test.skip(orthancMissing !== null, orthancMissing ?? '');
  test.setTimeout(240_000 * Math.max(1, scale));
  const plan = generateDemoDay({ now: instant(Date.now()), seed: 5 + seed });
  const remotePlan = plannedInstances([plan]);
  const studies = smallStudies(plan);
  const orthanc = await startOrthanc();
  const archive = createArchiveClient({
    name: 'orthanc',
    baseUrl: orthanc.url,
    credentials: { kind: 'none' },
    fetch: (request) => fetch(request),
    ports: testPorts(),
  });
  const proxy = await startFaultProxy({
    target: orthanc.url,
    rules: [
      // Soon enough for an opening to hear whether what is remembered still stands, mostly.
      { path: /\/metadata$/, fault: { kind: 'delay-random', from: 0, to: latest / 3, seed } },
      { path: /\/(?:frames|series|instances)\//, fault: { kind: 'delay-random', from: 0, to: latest, seed } },
    ],
  });
  let shell: Awaited<ReturnType<typeof startShell>> | null = null;
  try {
    for (const study of studies)
      for await (const bytes of demoInstances(study)) expect((await archive.store(bytes)).ok).toBe(true);
    const started = await startShell({ args: ['--archive', proxy.url, '--empty', '--key-file'] });
    shell = started;
    await firstAccount(started);
    // Up to four mammograms share the screen by rule: on a smaller one their marks are a few pixels a cell, too few to be read back.
    const { context, page, complaints } = await newPage(browser, { width: 1920, height: 1200 });
    await readPixelsIn(context);
    const random = randomFrom(`switching ${seed}`);
    // The host keeps what it has fetched; the page's own answers are made late too, so that every one of them is.
    await page.route(/\/dicomweb\//, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, random.between(0, latest / 3)));
      await route.continue().catch(() => undefined);
    });
    let remembered = 0;
    let stood = 0;
    page.on('response', async (response) => {
      const found = /\/api\/cases\/[^/]+\/(remember|open)$/.exec(new URL(response.url()).pathname)?.[1];
      const told = found === undefined ? null : await response.json().catch(() => null);
      if (found === 'remember' && told?.remembered !== undefined) remembered += 1;
      if (found === 'open' && told?.rememberedStands !== undefined) stood += 1;
    });
    await signIn(page, started, 'reader', 'demo-password');
    const rows = page.getByRole('grid', { name: 'Worklist' }).locator('.worklist-rows [role=row]');
    await expect(rows).toHaveCount(studies.length, { timeout: 60_000 });
    // What the window remembers of its next studies is shown at an opening without being asked for again: it is among what is read back.
    await expect.poll(() => remembered, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
    await watchPixels(page, 60);
    const readings: Reading[] = [];
    const steps = 60 * scale;
    let open = false;
    let switches = 0;
    for (let step = 0; step < steps; step += 1) {
      const kind = random.next();
      if (!open || kind < 0.3) {
        if (open) await page.keyboard.press('Escape');
        await page.getByRole('grid', { name: 'Worklist' }).waitFor();
        await page.keyboard.press('Home');
        for (let down = random.integer(0, studies.length - 1); down > 0; down -= 1)
          await page.keyboard.press('ArrowDown');
        await page.keyboard.press('l');
        await viewport(page).waitFor();
        open = true;
        switches += 1;
      } else if (kind < 0.5) {
        await page.keyboard.press(random.pick(['ArrowRight', 'ArrowLeft', 'Alt+2', 'Alt+1']));
      } else {
        for (let times = random.integer(1, 4); times > 0; times -= 1)
          await page.keyboard.press(random.pick(['ArrowDown', 'PageDown', 'End', 'Home', 'ArrowUp', 'g']));
      }
      if (random.next() < 0.5)
        await viewport(page)
          .locator('xpath=self::*[@data-painted="true"]')
          .waitFor({ timeout: 4_000 })
          .catch(() => undefined);
      else await page.waitForTimeout(random.integer(0, 350));
      readings.push(...(await takeReadings(page)));
    }
    await paintedReading(viewport(page), () => true, 20_000);
    readings.push(...(await takeReadings(page)));
    expect(readings.map((reading) => wrongWith(reading, remotePlan)).filter((words) => words !== null)).toEqual([]);
    const distinct = new Set(readings.map((reading) => `${reading.instanceUid} ${reading.slice}`));
    console.log(
      `read-backs, fast switching: ${readings.length} of ${distinct.size} images in ${switches} openings, ${stood} of them remembered`,
    );
    expect(stood).toBeGreaterThanOrEqual(3);
    expect(switches).toBeGreaterThanOrEqual(steps / 5);
    expect(readings.length).toBeGreaterThanOrEqual(steps);
    expect(distinct.size).toBeGreaterThanOrEqual(8);
    // The judgement can fail: another case's mark under this case's name is told.
    const [one] = readings;
    const other = readings.find((reading) => reading.studyUid !== one?.studyUid);
    if (one === undefined || other === undefined) throw new Error('only one study was seen');
    expect(wrongWith({ ...one, mark: other.mark }, remotePlan)).toContain('the canvas holds case');
    expect(new Set(readings.map((reading) => reading.studyUid)).size).toBeGreaterThanOrEqual(3);
    expect(proxy.requests().filter((request) => request.fault === 'delay-random').length).toBeGreaterThanOrEqual(10);
    expect(complaints.all).toEqual([]);
    await context.close();
  } finally {
    await shell?.stop();
    await archive.close();
    await proxy.stop();
    await orthanc.stop();
  }
});
