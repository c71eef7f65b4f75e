import { type Browser, expect, type Page, test } from '@playwright/test';
import { type DayShell, type Planned, plannedInstances, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';
import { paintedReading, readPixelsIn, viewport } from './pixel-reading.ts';

const shots = process.env.OVERREAD_SHOTS;
let browser: Browser;
let day: DayShell;
let planned: ReadonlyMap<string, Planned>;

test.beforeAll(async () => {
  test.setTimeout(400_000);
  day = await startDay();
  planned = plannedInstances([day.plan]);
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

async function open(page: Page, name: string): Promise<void> {
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Filter the list' }).fill(name);
  await page
    .getByRole('row', { name: new RegExp(name) })
    .first()
    .waitFor();
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

async function shot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  await page.mouse.move(640, 400);
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${shots}/hanging-${name}-1280.png` });
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.waitForTimeout(1200);
  await page.screenshot({ path: `${shots}/hanging-${name}-2560.png` });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.waitForTimeout(600);
}

const line = (page: Page) => page.getByRole('region', { name: 'Hanging' });
const shownIn = async (page: Page, number: number): Promise<Planned> => {
  const { instanceUid } = await paintedReading(viewport(page, number), () => true);
  const found = planned.get(instanceUid ?? '');
  if (found === undefined) throw new Error(`viewport ${number} shows no planned image`);
  return found;
};
const viewOf = ({ series, instance }: Planned): string =>
  series.recipe.kind === 'radiograph' ? (series.recipe.views[instance.number - 1] ?? '') : series.recipe.kind;

test('a chest radiograph hangs beside its prior by rule, its stages by key, and nothing over what was hung by hand', async () => {
  test.setTimeout(240_000);
  const { context, page, complaints } = await newPage(browser);
  await readPixelsIn(context);
  await signIn(page, day);
  await open(page, 'Tanabrook');
  await expect(line(page)).toContainText('Chest radiograph, prior beside');
  await expect(line(page)).toContainText('Frontal with prior');
  await expect(line(page)).toContainText('by CR, chest');
  const [current, prior] = [await shownIn(page, 1), await shownIn(page, 2)];
  expect([current.study.role, viewOf(current)]).toEqual(['current', 'chest-pa']);
  expect([prior.study.role, prior.study.patient.id]).toEqual(['prior', current.study.patient.id]);
  expect(viewOf(prior)).toMatch(/chest-(pa|ap)/);
  await expect(viewport(page, 2)).toContainText('PRIOR');
  await shot(page, 'chest');

  await viewport(page).focus();
  await page.keyboard.press('Shift+PageDown');
  await expect(line(page)).toContainText('Frontal and lateral (2 of');
  await expect.poll(async () => viewOf(await shownIn(page, 2))).toBe('chest-lateral');
  expect((await shownIn(page, 2)).study.role).toBe('current');
  await page.keyboard.press('Shift+PageUp');
  await expect.poll(async () => (await shownIn(page, 2)).study.role).toBe('prior');

  // By hand: the rule says that it stands back, and hangs again when it is asked.
  await page.getByRole('combobox', { name: 'Layout' }).selectOption('3x4');
  await expect(page.getByRole('group', { name: /^Viewport/ })).toHaveCount(12);
  await expect(line(page)).toContainText('Changed by you');
  await shot(page, 'twelve');
  await viewport(page).focus();
  await page.keyboard.press('Alt+Z');
  await expect(page.getByRole('group', { name: /^Viewport/ })).toHaveCount(2);
  await expect(line(page)).toContainText('Frontal with prior');
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('the chest walls of a mammogram face each other, its views at one scale over those of the prior', async () => {
  test.setTimeout(240_000);
  const { context, page } = await newPage(browser);
  await readPixelsIn(context);
  await signIn(page, day);
  await open(page, 'Winterquay');
  await expect(line(page)).toContainText('Four views');
  const hung = [];
  for (const number of [1, 2, 3, 4]) hung.push(await shownIn(page, number));
  const names = hung.map(({ series, instance }) =>
    series.recipe.kind === 'breast' ? `${instance.side} ${series.recipe.view}` : series.recipe.kind,
  );
  expect(names).toEqual(['R CC', 'L CC', 'R MLO', 'L MLO']);
  // Patient Orientation says which edge the chest wall is at: posterior letters stand in the middle, where both meet.
  const letter = (number: number, edge: 'left' | 'right') =>
    viewport(page, number).locator(`.edge-${edge}`).textContent();
  await expect.poll(() => letter(1, 'right')).toContain('P');
  await expect.poll(() => letter(2, 'left')).toContain('P');
  const zooms = () => page.locator('.corner.lower-right').allTextContents();
  await expect.poll(async () => new Set((await zooms()).map((one) => /zoom [\d.]+/.exec(one)?.[0])).size).toBe(1);
  // The wall lies at the inner edge: the picture's last column is where the viewport ends.
  const gap = () =>
    viewport(page, 1).evaluate((group) => {
      const canvas = group.querySelector('canvas');
      const context2d = canvas?.getContext('2d');
      if (canvas == null || context2d == null) return -1;
      const { data, width, height } = context2d.getImageData(0, 0, canvas.width, canvas.height);
      for (let x = width - 1; x >= 0; x -= 1)
        for (let y = 0; y < height; y += 1) if ((data[(y * width + x) * 4] ?? 0) > 8) return width - 1 - x;
      return -1;
    });
  await expect
    .poll(async () => {
      const found = await gap();
      return found >= 0 && found < 6 ? 'at the edge' : found;
    })
    .toBe('at the edge');
  await shot(page, 'mammogram');
  await viewport(page).focus();
  await page.keyboard.press('Shift+PageDown');
  await expect(line(page)).toContainText('CC over prior');
  await expect.poll(async () => (await shownIn(page, 3)).study.role).toBe('prior');
  await expect.poll(async () => (await shownIn(page, 4)).study.role).toBe('prior');
  await shot(page, 'mammogram-prior');
  await context.close();
});

test('one CT series hangs in two windows, and a window that was changed is there again in another stage', async () => {
  test.setTimeout(240_000);
  const { context, page } = await newPage(browser);
  await readPixelsIn(context);
  await signIn(page, day);
  await open(page, 'Saltmarsh');
  await expect(line(page)).toContainText('CT head, prior beside');
  await paintedReading(viewport(page), () => true);
  await expect(viewport(page).locator('.lower-right')).toContainText('W 80 L 40 brain');
  await viewport(page).focus();
  await page.keyboard.press('Alt+6');
  await expect(viewport(page).locator('.lower-right')).toContainText('W 40 L 40 stroke');
  await page.keyboard.press('Shift+PageDown');
  await expect(line(page)).toContainText('Brain and bone');
  await expect(viewport(page).locator('.lower-right')).toContainText('W 40 L 40 stroke');
  await expect(viewport(page, 2).locator('.lower-right')).toContainText('W 1800 L 400 bone');
  // Each row of tools more is taken from the images.
  const rows = await page
    .getByRole('toolbar', { name: 'Image tools' })
    .evaluate((bar) => new Set([...bar.querySelectorAll('button')].map((one) => one.getBoundingClientRect().top)).size);
  expect(rows).toBeLessThanOrEqual(2);
  await shot(page, 'ct-head');
  await context.close();
});

test('what is on screen becomes a rule: tried on the latest studies, kept, hung by, undone, and taken in from a file', async () => {
  test.setTimeout(300_000);
  const { context, page, complaints } = await newPage(browser);
  await readPixelsIn(context);
  await signIn(page, day);
  await open(page, 'Thimblewick');
  await expect(line(page)).toContainText('CT head, prior beside');
  await paintedReading(viewport(page), () => true);
  await page.getByRole('combobox', { name: 'Layout' }).selectOption('2x1');
  await viewport(page, 2).focus();
  const second = page.getByRole('list', { name: 'Series' }).getByRole('button').nth(1);
  await second.click();
  await expect(second).toHaveAttribute('aria-pressed', 'true');
  await paintedReading(viewport(page, 2), () => true);
  await viewport(page, 2).focus();
  await page.keyboard.press('Alt+7');
  await expect(viewport(page, 2).locator('.lower-right')).toContainText('subdural');

  await page.keyboard.press('Alt+S');
  const dialog = page.getByRole('dialog', { name: 'Save what I see' });
  await expect(dialog.getByRole('status').last()).toContainText(/Of \d+ studies [1-9]\d* would hang by it/, {
    timeout: 60_000,
  });
  // The other head of the day arrives meanwhile: tried on its first series alone, the rule has nothing for its second place.
  await expect(dialog.getByRole('list', { name: 'Preview' })).toContainText(
    /this rule (2×1: Axial brain|1×1: Axial brain)/,
  );
  await dialog.getByRole('textbox', { name: 'Name of the rule' }).fill('Bone over brain');
  await shot(page, 'save');
  await dialog.getByRole('button', { name: 'Keep the rule' }).click();
  await expect(dialog).toBeHidden();
  await expect(line(page)).toContainText('“Bone over brain” is kept');

  // Another head hangs by it from now on, and it is said whose rule it is.
  await page.keyboard.press('Escape');
  await page.getByRole('grid', { name: 'Worklist' }).waitFor();
  await page.keyboard.press('Escape');
  await open(page, 'Saltmarsh');
  await expect(line(page)).toContainText('Bone over brain, yours');
  await expect(page.getByRole('group', { name: /^Viewport/ })).toHaveCount(2);
  await expect(viewport(page, 2).locator('.lower-right')).toContainText('subdural');
  await shot(page, 'by-own-rule');

  await line(page).getByRole('button', { name: 'Rules' }).click();
  const rules = page.getByRole('dialog', { name: 'Hanging rules' });
  await shot(page, 'rules');
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    rules.getByRole('button', { name: 'Export Your own' }).click(),
  ]);
  const path = await saved.path();
  await rules.getByRole('button', { name: 'Undo Your own' }).click();
  await expect(rules.getByRole('region', { name: 'Rules: Your own' })).toContainText('No rule yet');
  await rules
    .locator('input[type=file]')
    .setInputFiles({ name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from('{"schema": 1}') });
  await expect(rules).toContainText('broken.json was not taken in: nothing is changed.');
  await rules.locator('input[type=file]').setInputFiles(path);
  await expect(rules.getByRole('region', { name: 'Rules: Your own' })).toContainText('Bone over brain');
  await rules.getByRole('button', { name: 'Take away Bone over brain' }).click();
  await expect(rules.getByRole('region', { name: 'Rules: Your own' })).toContainText('No rule yet');
  await page.keyboard.press('Escape');
  await expect(line(page)).toContainText('CT head, prior beside');
  expect(complaints.all).toEqual([]);
  await context.close();
});
