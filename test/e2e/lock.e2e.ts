import { type Browser, expect, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { displayDate, displayName } from '../../shared/domain/study/index.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { caretOf, expectWords, goToRow, launch, newPage, putCaretAt, signIn, startShell, wordsIn } from './overread.ts';
import { markOnScreen, paintedReading, readPixelsIn, viewport } from './pixel-reading.ts';

/** Longer than any test stands still by itself, and shorter than a claim is held without a sign of its reader. */
const idleMinutes = 5;
const jumpingClock = new URL('../servers/overread-host/jumping-clock.ts', import.meta.url);

let browser: Browser;
let day: DayShell;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  day = await startDay({
    env: {
      OVERREAD_IDLE_LOCK_MINUTES: String(idleMinutes),
      OVERREAD_TEST_JUMP_MINUTES: String(idleMinutes),
      NODE_OPTIONS: `--import ${jumpingClock}`,
    },
  });
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

/** Opens a CT to read, with words in Findings and the caret in the middle of them. */
async function inTheMiddleOfReading(page: Page, row: WorklistRow): Promise<void> {
  await goToRow(page, row.accession ?? '');
  await page.keyboard.press('Enter');
  const group = viewport(page);
  await paintedReading(group, ({ studyUid }) => studyUid === row.studyUid);
  await group.focus();
  await page.keyboard.press('Home');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'w']) await page.keyboard.press(key);
  await paintedReading(group, ({ slice }) => slice === 4);
}

function findings(page: Page) {
  return page.getByRole('region', { name: 'Report' }).getByRole('textbox', { name: 'Findings' });
}

type Kept = {
  readonly slice: string | null;
  readonly instance: string | null;
  readonly window: string;
  readonly text: string;
  readonly caret: number | null;
};

async function whatIsOpen(page: Page): Promise<Kept> {
  const group = viewport(page);
  return {
    slice: await group.getAttribute('data-slice'),
    instance: await group.getAttribute('data-instance-uid'),
    window: (await group.locator('.lower-right').innerText()).replace(/\s+/g, ' '),
    text: await wordsIn(findings(page)),
    caret: await caretOf(findings(page)),
  };
}

/** Everything of the patient that could be read: on the screen, in the accessibility tree, in the title. */
async function namesIn(page: Page, row: WorklistRow): Promise<readonly string[]> {
  const seen = [await page.locator('body').innerText(), await page.locator('body').ariaSnapshot(), await page.title()]
    .join('\n')
    .toLowerCase();
  const family = displayName(row.patient.name).split(',')[0] ?? '';
  return [family, row.accession ?? '', displayDate(row.patient.birthDate), row.patient.id ?? ''].filter(
    (word) => word !== '' && seen.includes(word.toLowerCase()),
  );
}

async function ctRow(skip = 0): Promise<WorklistRow> {
  const rows = await rowsOf(day);
  const row = rows.filter(
    (one) =>
      one.modality === 'CT' &&
      one.identity === 'same' &&
      one.desk?.pending === undefined &&
      one.images.present === one.images.expected &&
      one.state === 'queued',
  )[skip];
  if (row === undefined) throw new Error('the day has no CT that is ready');
  return row;
}

test('idle time locks: the whole screen is covered, nobody is named, and unlocking returns image, window and caret', async () => {
  // In a window of this size no overlay lies over the mark.
  const { context, page, complaints } = await newPage(browser, { width: 1600, height: 1000 });
  await readPixelsIn(context);
  await signIn(page, day);
  const row = await ctRow();
  await inTheMiddleOfReading(page, row);
  // Its rule hangs a prior beside it; alone it is large enough for its mark to be read on the screen.
  await viewport(page).focus();
  await page.keyboard.press('Alt+1');
  await expect(page.getByRole('group', { name: /^Viewport/ })).toHaveCount(1);
  await paintedReading(viewport(page), ({ slice }) => slice === 4);
  await findings(page).fill('No acute finding in the chest.');
  await putCaretAt(findings(page), 8);
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved');
  await expect.poll(() => markOnScreen(page)).not.toBeNull();
  const before = await whatIsOpen(page);
  expect(before.caret).toBe(8);
  expect((await namesIn(page, row)).length).toBeGreaterThanOrEqual(3);

  const dialog = page.getByRole('dialog', { name: 'Locked' });
  // Minutes without a hand on anything: the host finds them gone by.
  day.process.kill('SIGUSR2');
  await expect(dialog).toBeVisible({ timeout: 30_000 });
  expect(await namesIn(page, row)).toEqual([]);
  expect(await page.locator('body').innerText()).not.toContain('Tandewright');
  expect(await markOnScreen(page)).toBeNull();
  // Neither a tab out of the dialog nor a click through it reaches what lies beneath.
  for (let tab = 0; tab < 8; tab += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.screen') === null)).toBe(true);
  }
  await page.mouse.click(20, 20);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();

  await dialog.getByRole('textbox', { name: 'Password' }).fill('not-this');
  await dialog.getByRole('button', { name: 'Unlock' }).click();
  await expect(dialog.getByRole('alert')).toContainText('do not go together');
  expect(await namesIn(page, row)).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Password' }).fill('demo');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect.poll(async () => (await whatIsOpen(page)).caret).toBe(8);
  // What was announced while the screen was locked has a place of its own: the images are as they were.
  await expect.poll(() => whatIsOpen(page)).toEqual(before);
  await expect.poll(() => markOnScreen(page)).not.toBeNull();
  await page.keyboard.type('very ');
  await expectWords(findings(page), 'No acutevery  finding in the chest.');
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('a locked window stays locked through a reload, and another window of the same user is not let in by it', async () => {
  const { context, page } = await newPage(browser);
  await signIn(page, day);
  const row = await ctRow();
  await page.keyboard.press('Alt+l');
  await expect(page.getByRole('dialog', { name: 'Locked' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('dialog', { name: 'Locked' })).toBeVisible();
  expect(await namesIn(page, row)).toEqual([]);
  const other = await context.newPage();
  await other.goto(day.url);
  await expect(other.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Password' }).fill('demo');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'Worklist' })).toBeVisible();
  await context.close();
});

test('a wrong password is refused at sign-in; signing out forgets the session, in this window and at the host', async () => {
  const { context, page } = await newPage(browser);
  await page.goto(day.url);
  await page.getByRole('textbox', { name: 'User name' }).fill('reader');
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('do not go together');
  await expect(page.getByRole('textbox', { name: 'Password' })).toHaveValue('');
  await signIn(page, day);
  const token = await page.evaluate(() => sessionStorage.getItem('overread.token'));
  expect(token).not.toBeNull();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('sign out');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByText('You signed out.')).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.getItem('overread.token'))).toBeNull();
  const again = await fetch(`${day.url}/api/session`, { headers: { Authorization: `Bearer ${token}` } });
  expect(again.status).toBe(401);
  await page.goBack();
  await expect(page.getByRole('grid', { name: 'Worklist' })).toHaveCount(0);
  await context.close();
});

test('a second start with the same data prints the first address and ends', async () => {
  const second = await startShell({ directory: day.directory }).then(
    async (shell) => {
      await shell.stop();
      return 'a second host ran on the same data';
    },
    (reason: unknown) => String(reason),
  );
  expect(second).toContain(`Overread runs already with this data folder: ${day.url}/`);
});

test('when the host is killed and comes back, the page says so, and every saved word is there', async () => {
  const { context, page } = await newPage(browser);
  await readPixelsIn(context);
  await signIn(page, day);
  const row = await ctRow(1);
  await inTheMiddleOfReading(page, row);
  await findings(page).fill('Words that outlive their host.');
  const status = page.getByRole('status', { name: 'Report status' });
  await expect(status).toContainText('Saved');
  const port = Number(new URL(day.url).port);
  await day.kill();
  await expect(page.getByText(/Offline since/).first()).toBeVisible({ timeout: 45_000 });
  await findings(page).press('End');
  await page.keyboard.type(' And one more, offline.');
  const restarted = await startShell({ directory: day.directory, port });
  try {
    // Sessions live in the host's memory: the new host knows none, and says so instead of showing an empty list.
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('You were signed out.')).toBeVisible();
    await expect(page.getByText('Drafts that were saved are kept.')).toBeVisible();
    await page.getByRole('textbox', { name: 'User name' }).fill('reader');
    await page.getByRole('textbox', { name: 'Password' }).fill('demo');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('grid', { name: 'Worklist' }).waitFor();
    await goToRow(page, row.accession ?? '');
    await page.keyboard.press('Enter');
    await expectWords(findings(page), /^Words that outlive their host\./);
    await expectWords(findings(page), /And one more, offline\.$/);
  } finally {
    await context.close();
    await restarted.stop();
  }
});
