import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wordsIn } from '../e2e/section-words.ts';
import { rowWhere } from '../host/case-driver.ts';
import { testPassword } from '../host/people.ts';
import { type PriorsHost, startPriorsHost, uid } from '../host/prior-exams.ts';
import type { TestReader } from '../servers/overread-host/start-host.ts';
import { buildReportPage } from './serve.ts';

const executablePath = '/usr/bin/chromium';
const flags =
  '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  );
/** Screens are written here where it is set. */
const shots = process.env.REPORT_SHOTS ?? '';

describe.skipIf(!existsSync(executablePath))('priors beside a report in Chromium, against a real host', () => {
  let folder = '';
  let started: PriorsHost;
  let browser: Browser;
  let ann: TestReader;
  let taskId: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-priors-page-'));
    await buildReportPage(join(folder, 'page'));
    started = await startPriorsHost({
      people: { ann: 'radiologist', quinn: 'qa' },
      orthanc: false,
      pageDirectory: join(folder, 'page'),
    });
    ann = await started.host.signIn('ann', testPassword);
    const row = await rowWhere(
      ann,
      'the exam of the day',
      (one) => one.studyUid === uid(1) && one.link === 'order-and-images',
      120_000,
    );
    ({ taskId } = row);
    browser = await chromium.launch({ executablePath, args: flags });
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await started?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const priors = (page: Page) => page.getByRole('region', { name: 'Priors', exact: true });
  const item = (page: Page, words: string) => priors(page).locator('details').filter({ hasText: words });
  const textOf = async (page: Page): Promise<string> => (await priors(page).textContent()) ?? '';
  async function open(user = 'ann', mode = 'read', before?: (page: Page) => Promise<void>): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    await before?.(page);
    await page.goto(
      `${started.host.url}/?task=${taskId}&mode=${mode}&user=${user}&password=${encodeURIComponent(testPassword)}`,
    );
    await priors(page).waitFor();
    return page;
  }
  async function shoot(page: Page, name: string): Promise<void> {
    if (shots === '') return;
    for (const [width, height] of [
      [1280, 800],
      [2560, 1440],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(150);
      await page.screenshot({ path: join(shots, `${name}-${width}.png`) });
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  const errorsOf = (page: Page): Promise<readonly string[]> => page.evaluate(() => window.reportProbe.errors);
  const nothingSerious = async (page: Page): Promise<void> => {
    const found = await new AxeBuilder({ page: page as never }).include('.priors').analyze();
    expect(found.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical')).toEqual([]);
  };

  test('each shows whose it is, by which issuer, and why it is taken for the same patient; nobody else’s is named', async () => {
    const page = await open();
    await expect.poll(() => textOf(page), { timeout: 30_000 }).toContain('3 of this patient, 1 probable');
    const text = await textOf(page);
    expect(text).toContain('An exam of 2024-05-05 10:15 UTC-05:00 is not shown');
    expect(text).toContain('Probable: closed until a reader confirms that it is the same patient');
    for (const foreign of ['1971-05-15', 'Marsh', 'DOE', 'stranger', 'somebody else.'])
      expect(text).not.toContain(foreign);

    // By keyboard alone: to the section, into the first prior, to its images.
    await page.keyboard.press('Alt+V');
    await page.keyboard.press('Enter');
    const first = item(page, 'Place SALTFLAT');
    await expect.poll(() => first.textContent()).toContain('other name Thistlewood, Astrid agrees');
    expect(await first.textContent()).toContain('born 1971-05-05 · S77 (SALTFLAT)');
    // A report is text and nothing but text, and enters no draft by itself.
    expect(await first.textContent()).toContain('Small effusion <img src=x onerror=alert(1)>');
    expect(await first.locator('img').count()).toBe(0);
    expect(await wordsIn(page.getByRole('textbox', { name: 'Findings', exact: true }))).toBe('');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => window.reportProbe.hung)).toEqual([uid(2)]);
    await shoot(page, 'priors');
    await nothingSerious(page);
    expect(await errorsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a probable one is confirmed with a reason, and leaves again when that is taken back', async () => {
    const page = await open();
    const probable = item(page, 'Place LARKSPUR');
    await probable.locator('summary').click();
    expect(await probable.textContent()).toContain('(spelt differently)');
    expect(await probable.getByRole('button', { name: /^Show beside/ }).count()).toBe(0);
    const confirm = probable.getByRole('button', { name: 'Confirm: same patient' });
    await confirm.click();
    await expect.poll(() => probable.getByRole('alert').textContent()).toContain('Say in a few words how you know');
    await shoot(page, 'priors-probable');
    await probable.getByRole('textbox').fill('Larkspur read the name out <b>twice</b>.');
    await confirm.click();
    await expect.poll(() => probable.textContent()).toContain('Larkspur read the name out <b>twice</b>.');
    await expect.poll(() => probable.getByRole('button', { name: /^Show beside/ }).count()).toBe(1);
    const hangs = (): Promise<readonly string[]> =>
      page.evaluate(() => {
        const state = window.reportProbe.caseStore.state.getState();
        return state.kind === 'open' ? state.detail.priors.map((one) => one.study.studyUid as string) : [];
      });
    expect(await hangs()).toEqual([uid(2), uid(7), uid(4)]);
    await shoot(page, 'priors-confirmed');
    await nothingSerious(page);
    await probable.getByRole('button', { name: 'Take the confirmation back' }).click();
    await expect.poll(() => confirm.count()).toBe(1);
    expect(await hangs()).toEqual([uid(2), uid(7)]);
    expect(await errorsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a search that fails says so and is tried again; one that finds nothing says what was searched', async () => {
    let answer: 'refuse' | 'nothing' | 'pass' = 'refuse';
    const page = await open('ann', 'read', async (fresh) => {
      await fresh.route('**/api/cases/*/priors?*', async (route) => {
        if (answer === 'refuse')
          await route.fulfill({
            status: 502,
            json: { code: 'upstream-unreachable', message: 'The archive is silent.' },
          });
        else if (answer === 'nothing') await route.fulfill({ json: { priors: [], more: 0, whole: true, told: [] } });
        else await route.continue();
      });
    });
    await expect.poll(() => textOf(page), { timeout: 30_000 }).toContain('Priors could not be searched for.');
    expect(await textOf(page)).toContain('The archive is silent. What hangs stays');
    await shoot(page, 'priors-failed');
    answer = 'nothing';
    await priors(page).getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => textOf(page)).toContain('No earlier exam was found by number, name and birth date');
    await shoot(page, 'priors-none');
    answer = 'pass';
    await priors(page).getByRole('button', { name: 'Search again' }).click();
    await expect.poll(() => textOf(page), { timeout: 30_000 }).toContain('3 of this patient');
    await page.context().close();
  });

  test('a reviewer who looks sees them and is told that she confirms nothing', async () => {
    const page = await open('quinn', 'look');
    const probable = item(page, 'Place LARKSPUR');
    await probable.locator('summary').click();
    expect(await probable.textContent()).toContain('A radiologist or a lead may confirm');
    expect(await probable.getByRole('button').count()).toBe(0);
    await page.context().close();
  });
});
