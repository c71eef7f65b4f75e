import { type Browser, expect, type Page, test } from '@playwright/test';
import { createArchiveClient } from '../../electron/host/archive/index.ts';
import { type DemoStudy, demoInstances, generateDemoDay } from '../../electron/host/demo/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { orthancMissing, startOrthanc } from '../servers/orthanc/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import { plannedInstances } from './demo-day.ts';
import { firstAccount, launch, newPage, signIn, startShell } from './overread.ts';
import { paintedReading, readPixelsIn, readViewport, viewport } from './pixel-reading.ts';

/** Two CTs of the demo day on an archive of another maker. Fast switching among planes of cases is read back in test/imaging-page. */
function twoStudies(): readonly DemoStudy[] {
  const plan = generateDemoDay({ now: instant(Date.now()), seed: 11 });
  const stacks = plan.studies
    .filter(
      (study) =>
        study.role === 'current' &&
        study.modality === 'CT' &&
        study.transferSyntax !== 'htj2k' &&
        study.transferSyntax !== 'deflated' &&
        study.series.some((series) => series.instances.length >= 12),
    )
    .sort((one, other) => one.instanceCount - other.instanceCount);
  return stacks.slice(0, 2);
}

let browser: Browser;
let orthanc: Awaited<ReturnType<typeof startOrthanc>>;
let shell: Awaited<ReturnType<typeof startShell>>;
const studies = twoStudies();
const planned = plannedInstances([{ studies } as never]);

test.skip(orthancMissing !== null, orthancMissing ?? '');
test.beforeAll(async () => {
  test.setTimeout(240_000);
  orthanc = await startOrthanc();
  const archive = createArchiveClient({
    name: 'orthanc',
    baseUrl: orthanc.url,
    credentials: { kind: 'none' },
    fetch: (request) => fetch(request),
    ports: testPorts(),
  });
  for (const study of studies)
    for await (const bytes of demoInstances(study)) expect((await archive.store(bytes)).ok).toBe(true);
  await archive.close();
  shell = await startShell({ args: ['--archive', orthanc.url, '--empty', '--key-file'] });
  await firstAccount(shell);
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await shell?.stop();
  await orthanc?.stop();
});

const list = (page: Page) => page.getByRole('grid', { name: 'Worklist' });

async function enter(): Promise<Page> {
  const { context, page } = await newPage(browser);
  await readPixelsIn(context);
  await signIn(page, shell, 'reader', 'demo-password');
  await expect(list(page).locator('.worklist-rows [role=row]')).toHaveCount(studies.length, { timeout: 60_000 });
  return page;
}

async function look(page: Page, row: number): Promise<void> {
  await list(page).waitFor();
  await page.keyboard.press('Home');
  for (let down = 0; down < row; down += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('l');
  await paintedReading(viewport(page), () => true);
  await page.keyboard.press('Alt+1');
  // The first series may be a localizer: planes need a stack.
  await paintedReading(viewport(page), ({ slice }) => slice > 0);
}

const corner = (page: Page, number: number): Promise<string> =>
  viewport(page, number).locator('.lower-left').innerText();

async function letters(page: Page, number: number): Promise<string> {
  const at = (edge: string): Promise<string> => viewport(page, number).locator(`.edge-${edge}`).innerText();
  return [await at('top'), await at('right'), await at('bottom'), await at('left')].join('');
}

async function planes(page: Page): Promise<void> {
  await page.keyboard.press('Alt+Shift+M');
  for (const [at, plane] of ['axial', 'coronal', 'sagittal', 'oblique'].entries()) {
    const group = viewport(page, at + 1);
    await expect(group).toHaveAttribute('data-plane', plane);
    await expect(group).toHaveAttribute('data-painted', 'true', { timeout: 60_000 });
  }
}

test('the axial planes of a CT hold the mark of the slice that lies there, and the others stand as they are looked at', async () => {
  test.setTimeout(240_000);
  const page = await enter();
  await look(page, 0);
  const group = viewport(page);
  await group.focus();
  // What the stack itself shows at each height, by the mark burned into it and the words beside it.
  const sliceAt = new Map<string, number>();
  const { slices } = await paintedReading(group, ({ slice }) => slice > 0);
  let expected = 0;
  for (const [key, on] of [
    ['Home', 1],
    ['ArrowDown', 1],
    ['PageDown', 10],
    ['ArrowDown', 1],
    ['ArrowDown', 1],
  ] as const) {
    await page.keyboard.press(key);
    expected = Math.min(expected + on, slices);
    const reading = await paintedReading(group, ({ slice }) => slice === expected);
    await expect(viewport(page).locator('.lower-left b')).toHaveText(String(expected));
    const height = /z (-?[\d.]+) mm/.exec(await corner(page, 1))?.[1] ?? '';
    if (reading.mark !== null) sliceAt.set(height, reading.mark.slice);
  }
  expect(sliceAt.size).toBeGreaterThanOrEqual(4);
  const acquired = await readViewport(group);
  await planes(page);
  await expect
    .poll(async () => [await letters(page, 1), await letters(page, 2), await letters(page, 3)])
    .toEqual(['ALPR', 'HLFR', 'HPFA']);
  await expect(viewport(page, 2).locator('.lower-left')).toContainText('MPR coronal, computed');
  await group.focus();
  await page.keyboard.press('End');
  const read = new Map<string, number>();
  const { slices: planesThere } = await readViewport(group);
  for (let plane = planesThere; plane > 0 && read.size < sliceAt.size; plane -= 1) {
    const reading = await paintedReading(group, ({ slice }) => slice === plane);
    const height = /z (-?[\d.]+) mm/.exec(await corner(page, 1))?.[1] ?? '';
    if (sliceAt.has(height)) {
      expect(reading.instanceUid, 'a computed picture names no instance').toBeNull();
      expect(reading.mark).toMatchObject({
        case: acquired.mark?.case,
        series: acquired.mark?.series,
        orientation: 'upright',
      });
      if (reading.mark !== null) read.set(height, reading.mark.slice);
    }
    await page.keyboard.press('ArrowUp');
  }
  expect(Object.fromEntries(read)).toEqual(Object.fromEntries(sliceAt));
  // Back to what hung before, with its own instance.
  await page.keyboard.press('Alt+Shift+M');
  await expect(viewport(page)).toHaveAttribute('data-plane', 'stack');
  const back = await paintedReading(viewport(page), () => true);
  expect(planned.get(back.instanceUid ?? '')?.study.studyUid).toBe(back.studyUid);
  await page.context().close();
});

test('a mark on a computed plane says so, and a computed plane is never a key image', async () => {
  test.setTimeout(120_000);
  const page = await enter();
  await look(page, 0);
  await planes(page);
  await viewport(page, 2).focus();
  await page.keyboard.press('3');
  await expect(page.getByText('A computed picture can be no key image')).toBeVisible();
  await page.keyboard.press('v');
  await page.keyboard.press('Shift+Enter');
  const marks = page.getByRole('list', { name: 'Measurements' });
  await expect(marks.getByText(/MPR coronal, computed/)).toBeVisible();
  await page.context().close();
});
