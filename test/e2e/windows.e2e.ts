import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { displayDate, displayName } from '../../shared/domain/study/index.ts';
import { type DayShell, type Planned, plannedInstances, rowsOf, startDay } from './demo-day.ts';
import { type Complaints, expectWords, goToRow, launch, listenForComplaints, newPage, signIn } from './overread.ts';
import { markOnScreen, paintedReading, readPixelsIn, takeReadings, viewport, watchPixels } from './pixel-reading.ts';

/**
 * Image windows beside the reading window. What they show is read from their pixels (the mark burned into each image) and from the words
 * of their patient bar, never from what they say of themselves.
 */
const shots = 'test-results/screens';
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

async function toRead(): Promise<readonly WorklistRow[]> {
  return (await rowsOf(day)).filter(
    (row) =>
      row.modality === 'CT' &&
      row.identity === 'same' &&
      row.desk?.pending === undefined &&
      row.images.present === row.images.expected &&
      row.state === 'queued' &&
      row.mayRead.allowed,
  );
}

async function openToRead(page: Page, row: WorklistRow): Promise<void> {
  await goToRow(page, row.accession ?? '');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Report' }).waitFor();
}

async function openImageWindow(page: Page): Promise<{ images: Page; complaints: Complaints }> {
  const made = page.context().waitForEvent('page');
  await page.keyboard.press('Alt+w');
  const images = await made;
  return { images, complaints: listenForComplaints(images) };
}

/** The case whose mark a person before this window sees, with one viewport; and whose name stands above it. */
async function seesCase(images: Page, row: WorklistRow): Promise<void> {
  await paintedReading(viewport(images), ({ studyUid }) => studyUid === row.studyUid);
  await viewport(images).focus();
  await images.keyboard.press('Alt+1');
  await expect(images.getByRole('group', { name: /^Viewport/ })).toHaveCount(1);
  await expect(images.getByRole('region', { name: 'Patient' })).toContainText(row.accession ?? '-');
  const number = day.plan.studies.find((study) => study.studyUid === row.studyUid)?.number;
  await expect.poll(async () => (await markOnScreen(images))?.case).toBe(number);
}

/** Everything of the patient that could be read in the window. */
async function namesIn(images: Page, row: WorklistRow): Promise<readonly string[]> {
  const seen = [await images.locator('body').innerText(), await images.title()].join('\n').toLowerCase();
  const family = displayName(row.patient.name).split(',')[0] ?? '';
  return [family, row.accession ?? '', displayDate(row.patient.birthDate), row.patient.id ?? ''].filter(
    (word) => word !== '' && seen.includes(word.toLowerCase()),
  );
}

async function showsNothingOf(images: Page, row: WorklistRow, words: RegExp): Promise<void> {
  await expect(images.getByText(words)).toBeVisible();
  expect(await namesIn(images, row)).toEqual([]);
  expect(await markOnScreen(images)).toBeNull();
}

async function drawLength(images: Page, from: number): Promise<void> {
  const box = await viewport(images).boundingBox();
  if (box === null) throw new Error('the viewport has no place');
  await viewport(images).focus();
  await images.keyboard.press('d');
  await images.mouse.move(box.x + box.width * from, box.y + box.height * 0.5);
  await images.mouse.down();
  await images.mouse.move(box.x + box.width * (from + 0.1), box.y + box.height * 0.6, { steps: 6 });
  await images.mouse.up();
}

const measured = (page: Page, count: number) =>
  expect(
    page
      .getByRole('region', { name: 'Marks' })
      .getByText(count === 1 ? '1 measurement' : `${count} measurements`, { exact: true }),
  ).toBeVisible();
const findings = (page: Page) =>
  page.getByRole('region', { name: 'Report' }).getByRole('textbox', { name: 'Findings' });

async function readingWindow(): Promise<{ context: BrowserContext; page: Page; complaints: Complaints }> {
  const made = await newPage(browser, { width: 1600, height: 1000 });
  await readPixelsIn(made.context);
  await signIn(made.page, day);
  return made;
}

test('an image window shows the case of its reading window, gives its marks to that report, and follows to the next study', async () => {
  const { context, page, complaints } = await readingWindow();
  const [row] = await toRead();
  if (row === undefined) throw new Error('the day has no CT that is ready');
  await openToRead(page, row);
  const { images, complaints: imagesComplaints } = await openImageWindow(page);
  await seesCase(images, row);
  // No list, no report, no session of its own beyond memory.
  expect(await images.getByRole('region', { name: 'Report' }).count()).toBe(0);
  expect(await images.evaluate(() => sessionStorage.length)).toBe(0);
  expect(images.url()).toMatch(/\/window\/[0-9a-f-]{36}$/);
  await images.screenshot({ path: `${shots}/windows-images-1600.png` });

  // What is drawn here stands in the reading window, and is taken back there by undo here.
  await drawLength(images, 0.4);
  await measured(images, 1);
  await measured(page, 1);
  await images.keyboard.press('Control+z');
  await measured(page, 0);
  await images.keyboard.press('Control+y');
  await measured(page, 1);

  // The whole reading window for the report; keys pressed there go to the images, and a mark still reaches the draft.
  await page.keyboard.press('Alt+Shift+E');
  await expect(page.getByRole('region', { name: 'Images' })).toHaveCount(0);
  await page.screenshot({ path: `${shots}/windows-elsewhere-1600.png` });
  await drawLength(images, 0.6);
  await measured(images, 2);
  await findings(page).fill('Two lengths were measured. ');
  await images.keyboard.press('m');
  await expectWords(findings(page), / mm/);
  await expect(images.getByRole('status').filter({ hasText: 'went to the report' })).toBeVisible();
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved');
  await page.getByRole('region', { name: 'Report' }).click({ position: { x: 4, y: 4 } });
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Alt+4');
  await expect(images.getByRole('group', { name: /^Viewport/ })).toHaveCount(4);
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('Alt+Shift+E');
  await measured(page, 2);

  // A signature is asked for in the reading window alone.
  await page.getByRole('region', { name: 'Report' }).getByRole('textbox', { name: 'Impression' }).fill('Two lengths.');
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved');
  await viewport(images).focus();
  await images.keyboard.press('F12');
  await expect(page.getByRole('dialog', { name: /Sign/ })).toBeVisible();
  expect(await images.getByRole('dialog').count()).toBe(0);
  await expect(images.getByRole('status').filter({ hasText: 'goes on in the reading window' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  // Locked from here: all windows are covered, and come back as they were.
  await images.keyboard.press('Alt+l');
  const dialog = page.getByRole('dialog', { name: 'Locked' });
  await expect(dialog).toBeVisible();
  await showsNothingOf(images, row, /Unlock in the reading window/);
  await images.screenshot({ path: `${shots}/windows-locked-1600.png` });
  await dialog.getByRole('textbox', { name: 'Password' }).fill('demo');
  await page.keyboard.press('Enter');
  await seesCase(images, row);
  await measured(images, 2);

  // To the list: nothing stays. The next study: only its own images come.
  await watchPixels(images);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid', { name: 'Worklist' })).toBeVisible();
  await showsNothingOf(images, row, /No study is open/);
  await takeReadings(images);
  await page.keyboard.press('Alt+n');
  await page.getByRole('region', { name: 'Patient' }).waitFor();
  const accession = page.getByRole('region', { name: 'Patient' }).locator('b.mono');
  const next = (await rowsOf(day)).find((one) => page.url().endsWith(`/case/${one.taskId}`));
  if (next === undefined) throw new Error(`no row is at ${page.url()}`);
  await expect(accession).toHaveText(next.accession ?? 'none');
  await seesCase(images, next);
  const readings = await takeReadings(images);
  expect(readings.length).toBeGreaterThan(0);
  for (const { mark, instanceUid } of readings)
    if (mark !== null) expect(planned.get(instanceUid ?? '')?.study.number).toBe(mark.case);
  expect(readings.filter(({ studyUid }) => studyUid === row.studyUid)).toEqual([]);
  expect([...complaints.all, ...imagesComplaints.all]).toEqual([]);
  await context.close();
});

test('an image window that is loaded anew has the present case; one that is not answered shows nothing; it closes with its reading window', async () => {
  const { context, page } = await readingWindow();
  const [row] = await toRead();
  if (row === undefined) throw new Error('the day has no CT that is ready');
  await openToRead(page, row);
  const { images } = await openImageWindow(page);
  const { images: second } = await openImageWindow(page);
  await seesCase(images, row);
  await seesCase(second, row);
  await second.reload();
  await seesCase(second, row);
  await expect(second.getByText('Image window 3 of 3')).toBeVisible();

  // The reading window is there and says nothing: within the bound both are covered, and its first answer brings them back.
  await page.evaluate(() => {
    const send = MessagePort.prototype.postMessage;
    MessagePort.prototype.postMessage = () => undefined;
    Object.assign(window, { answerAgain: () => Object.assign(MessagePort.prototype, { postMessage: send }) });
  });
  await showsNothingOf(images, row, /does not answer/);
  await showsNothingOf(second, row, /does not answer/);
  await images.screenshot({ path: `${shots}/windows-silent-1600.png` });
  await page.evaluate(() => (window as unknown as { answerAgain(): void }).answerAgain());
  await seesCase(images, row);

  // The reading window is loaded anew: nothing until it has a case again.
  await page.reload();
  await page.getByRole('region', { name: 'Report' }).waitFor();
  await seesCase(images, row);

  // A second reading window of the same browser writes nothing in this report, and brings nothing into these windows.
  const other = await context.newPage();
  await signIn(other, day);
  await openToRead(other, row);
  await expect(other.getByText('This report is being written in another window')).toBeVisible();
  await seesCase(images, row);
  await other.close();

  // Signed out: the windows go with the session.
  const gone = [images, second].map((one) => one.waitForEvent('close'));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('sign out');
  await page.keyboard.press('Enter');
  await Promise.all(gone);

  // And with the window itself. Its place is kept: one key brings it back.
  await signIn(page, day);
  const back = context.waitForEvent('page');
  await page.keyboard.press('Alt+Shift+W');
  const restored = await back;
  expect([images.url(), second.url()]).toContain(restored.url());
  await expect(restored.getByText('No study is open.')).toBeVisible();
  const closed = restored.waitForEvent('close');
  await page.close();
  await closed;
  const alone = await context.newPage();
  await alone.goto(restored.url());
  await expect(alone.getByText('This image window has no reading window.')).toBeVisible();
  await alone.screenshot({ path: `${shots}/windows-alone-1600.png` });
  await context.close();
});
