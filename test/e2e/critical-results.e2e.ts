import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');

test.describe('a critical result, on the demo day', () => {
  let shell: DayShell;
  let browser: Browser;
  test.beforeAll(async () => {
    test.setTimeout(240_000);
    shell = await startDay();
    browser = await launch();
    mkdirSync(screens, { recursive: true });
  });
  test.afterAll(async () => {
    await browser?.close();
    await shell?.stop();
  });

  const both = async (page: Page, name: string): Promise<void> => {
    await page.screenshot({ path: join(screens, `critical-${name}-1280.png`) });
    await page.setViewportSize({ width: 2560, height: 1440 });
    await page.screenshot({ path: join(screens, `critical-${name}-2560.png`) });
    await page.setViewportSize({ width: 1280, height: 800 });
  };
  const serious = async (page: Page): Promise<readonly string[]> =>
    (await new AxeBuilder({ page }).analyze()).violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  /** A chest CT that wants a final: what is said of it fits it. */
  const chest = async (): Promise<WorklistRow> => {
    const finals = new Set(
      shell.plan.orders.filter((one) => one.requestedReport === 'final').map((one) => one.accession as string),
    );
    const row = (await rowsOf(shell)).find(
      (one) =>
        one.modality === 'CT' &&
        one.procedure.toLowerCase().includes('chest') &&
        one.state === 'queued' &&
        one.identity === 'same' &&
        one.desk?.pending === undefined &&
        one.mayRead.allowed &&
        one.link === 'order-and-images' &&
        one.images.present === one.images.expected &&
        finals.has(one.accession ?? ''),
    );
    if (row === undefined) throw new Error('the day has no chest CT that is ready and wants a final');
    return row;
  };

  test('is begun by a key, outlives a line that is cut, is not closed by a voice mail, closes by a read-back, and stands in what is signed', async () => {
    test.setTimeout(300_000);
    const row = await chest();
    const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
    await signIn(page, shell);
    await page.keyboard.press('/');
    await page.keyboard.type(row.accession ?? '');
    await expect(
      page.getByRole('grid', { name: 'Worklist' }).getByRole('row', { name: row.accession ?? 'none' }),
    ).toBeVisible();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const report = page.getByRole('region', { name: 'Report', exact: true });
    const region = report.getByRole('region', { name: 'Critical results' });
    await expect(region).toContainText('none', { timeout: 60_000 });
    const impression = report.getByRole('textbox', { name: 'Impression' });
    await impression.fill('Right tension pneumothorax with midline shift.');
    await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved', { timeout: 20_000 });

    // The check at signing asks, and leads to the form with the sentence that asked for it.
    await page.keyboard.press('F12');
    const dialog = page.getByRole('dialog', { name: 'Sign report' });
    await expect(dialog.getByRole('button', { name: /^Start a critical result/ }).first()).toBeVisible({
      timeout: 20_000,
    });
    await page.screenshot({ path: join(screens, 'critical-asked-1280.png') });
    await page.keyboard.press('F4');
    await expect(dialog).toHaveCount(0);
    const finding = region.getByRole('textbox', { name: 'What has to be told' });
    await expect(finding).toBeFocused();
    await expect(finding).toHaveValue('Right tension pneumothorax with midline shift.');
    await expect(region.getByRole('combobox', { name: 'Level' })).toHaveValue('1');
    await both(page, 'start');

    // The line is cut: what is pressed is kept, said to be so, and the calling goes on.
    await page.route('**/critical-results**', (route) => route.abort());
    await page.keyboard.press('Enter');
    const contact = region.getByRole('form', { name: 'Record a contact' });
    await expect(contact.getByRole('combobox', { name: 'How' })).toBeFocused({ timeout: 20_000 });
    await contact.getByRole('combobox', { name: 'How' }).selectOption({ label: 'Voice mail' });
    await contact.getByRole('textbox', { name: 'What was left or said' }).fill('Call back at once.');
    await page.keyboard.press('Enter');
    await expect(region.getByRole('list', { name: 'Not sent yet' }).getByRole('listitem')).toHaveCount(2, {
      timeout: 20_000,
    });
    await expect(region.getByRole('list', { name: 'Attempts' })).toContainText('voice mail');
    await both(page, 'offline');
    await page.unroute('**/critical-results**');
    await expect(region.getByRole('list', { name: 'Not sent yet' })).toHaveCount(0, { timeout: 40_000 });
    await expect(region).toContainText('1 open');
    await expect(region).toContainText(/0:5\d left, by/);
    await expect(region.getByRole('list', { name: 'Attempts' })).toContainText('voice mail');

    // The lead sees it below the list with its time left, and the site's desk on its page without what was found.
    const lead = await newPage(browser, { width: 1280, height: 800 });
    await signIn(lead.page, shell, 'lead');
    const board = lead.page.getByRole('region', { name: 'Open critical results' });
    await expect(board).toContainText('Level 1: Right tension pneumothorax', { timeout: 30_000 });
    await expect(board).toContainText(/0:5\d left/);
    await both(lead.page, 'board');
    expect(await serious(lead.page)).toEqual([]);

    // A conversation with somebody who cannot act is an attempt; the button says which it would be.
    await page.keyboard.press('Shift+F4');
    await expect(contact.getByRole('combobox', { name: 'How' })).toBeFocused();
    await contact.getByRole('combobox', { name: 'How' }).selectOption({ label: 'Spoke by phone' });
    await contact.getByRole('textbox', { name: 'Whom, by name' }).fill('Dr O. Fenwick');
    await contact.getByRole('combobox', { name: 'Who that is' }).selectOption({ label: 'Clerk' });
    await expect(contact.getByRole('button', { name: 'Record the attempt' })).toBeVisible();
    await contact.getByRole('combobox', { name: 'Who that is' }).selectOption({ label: 'Physician' });
    await contact.getByRole('checkbox', { name: 'Can act on it for this patient' }).check();
    await contact.getByRole('textbox', { name: 'Call-back number' }).fill('555-0104');
    const words = contact.getByRole('textbox', { name: 'Read back, in their words' });
    await words.fill('Right tension pneumothorax, chest tube now.');
    await expect(contact.getByRole('button', { name: 'Close: read back' })).toBeEnabled();
    expect(await serious(page)).toEqual([]);
    await both(page, 'read-back');
    await words.press('Enter');
    await expect(region).toContainText('none open', { timeout: 20_000 });
    await expect(region).toContainText('read back by phone by Dr O. Fenwick, physician, 555-0104');
    await expect(board).toHaveCount(0, { timeout: 30_000 });

    // The section wrote itself; the check asks no more, and the signed text holds every line.
    const section = report.getByRole('group', { name: /^Communication/ });
    await expect(section).toContainText('tried to reach: voice mail');
    await expect(section).toContainText('who read it back: "Right tension pneumothorax, chest tube now."');
    await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved', { timeout: 20_000 });
    await both(page, 'closed');
    await page.keyboard.press('F12');
    await expect(dialog).toBeVisible({ timeout: 20_000 });
    await expect(dialog.getByRole('button', { name: /^Start a critical result/ })).toHaveCount(0);
    const password = dialog.getByLabel('Password');
    if (await password.isVisible()) await password.fill('demo');
    await page.screenshot({ path: join(screens, 'critical-sign-1280.png') });
    await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
    await expect(dialog).toHaveCount(0, { timeout: 60_000 });
    const signed = report.getByRole('list', { name: 'Versions' });
    await expect(signed).toContainText('Communication', { timeout: 60_000 });
    await expect(signed).toContainText('who read it back: "Right tension pneumothorax, chest tube now."');
    await expect(signed).toContainText('tried to reach: voice mail');

    // What comes after the signature changes nothing of it: it is proposed as an addendum.
    await page.keyboard.press('F4');
    await region.getByRole('textbox', { name: 'What has to be told' }).fill('Nodule in the left upper lobe.');
    await region.getByRole('combobox', { name: 'Level' }).selectOption('3');
    await region.getByRole('button', { name: 'Start the clock' }).click();
    await region.getByRole('button', { name: 'Propose an addendum' }).click({ timeout: 30_000 });
    await expect(report.getByRole('textbox', { name: 'Addendum' })).toContainText('Nodule in the left upper lobe.', {
      timeout: 30_000,
    });
    await expect(signed).not.toContainText('Nodule in the left upper lobe.');
    await both(page, 'addendum');
    expect(complaints.all.filter((one) => !one.includes('ERR_FAILED'))).toEqual([]);
    expect(lead.complaints.all).toEqual([]);
  });

  test('a recommended exam is offered in the words, tracked by key, corrected, and followed by lead and site', async () => {
    test.setTimeout(300_000);
    const row = await chest();
    const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
    const shots = async (of: Page, name: string): Promise<void> => {
      await of.screenshot({ path: join(screens, `follow-up-${name}-1280.png`) });
      await of.setViewportSize({ width: 2560, height: 1440 });
      await of.screenshot({ path: join(screens, `follow-up-${name}-2560.png`) });
      await of.setViewportSize({ width: 1280, height: 800 });
    };
    await signIn(page, shell);
    await page.keyboard.press('/');
    await page.keyboard.type(row.accession ?? '');
    await expect(
      page.getByRole('grid', { name: 'Worklist' }).getByRole('row', { name: row.accession ?? 'none' }),
    ).toBeVisible();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const report = page.getByRole('region', { name: 'Report', exact: true });
    const region = report.getByRole('region', { name: 'Recommended exams' });
    await expect(region).toContainText('none', { timeout: 60_000 });
    await report
      .getByRole('textbox', { name: 'Impression' })
      .fill('Nodule of 7 mm. No effusion. CT of the chest is recommended in 3 to 6 months.');
    const offered = region.getByRole('list', { name: 'Found in the words' }).getByRole('listitem');
    await expect(offered).toHaveCount(1);
    await expect(offered).toContainText(/CT chest, in 3 to 6 months: \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d/);
    await shots(page, 'offered');
    await page.keyboard.press('Shift+F8');
    await expect(region.getByRole('button', { name: /^Track it/ })).toBeFocused();
    await page.route('**/follow-ups**', (route) => route.abort());
    await page.keyboard.press('Enter');
    await expect(region.getByRole('list', { name: 'Recommended exams not sent yet' })).toContainText('CT chest');
    await page.unroute('**/follow-ups**');
    const tracked = region.getByRole('list', { name: 'Tracked' }).getByRole('listitem');
    await expect(tracked).toContainText('not in a signed report yet', { timeout: 40_000 });
    await expect(offered).toHaveCount(0);
    expect(await serious(page)).toEqual([]);
    await shots(page, 'tracked');
    await tracked.getByRole('button', { name: /^Correct/ }).click();
    await region.getByRole('form', { name: 'Correct the recommended exam' }).getByLabel('Latest, in').fill('5');
    await shots(page, 'correct');
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect(tracked).toContainText('in 3 to 5 months');

    // The lead's list shows what is overdue, due soon, open and done; a matching exam is suggested, and a person confirms it.
    const lead = await newPage(browser, { width: 1280, height: 800 });
    await signIn(lead.page, shell, 'lead');
    const board = lead.page.getByRole('region', { name: 'Follow-up of recommended exams' });
    await expect(board).toContainText('1 overdue, 1 due soon, 1 open, 1 done', { timeout: 120_000 });
    await lead.page.keyboard.press('f');
    const late = board.getByRole('listitem').filter({ hasText: 'overdue by' });
    await expect(late).toContainText('Ambleford');
    await expect(late).toContainText('Same patient');
    expect(await serious(lead.page)).toEqual([]);
    await shots(lead.page, 'lead');
    await late.getByRole('button', { name: /^This is it/ }).click();
    await expect(board).toContainText('1 due soon, 1 open, 2 done', { timeout: 20_000 });

    // The site's desk hands the one that is due soon to a person of its own.
    const site = await newPage(browser, { width: 1280, height: 800 });
    await site.page.goto(`${shell.url}/site`);
    await site.page.getByRole('textbox', { name: 'User name' }).fill('site');
    await site.page.getByLabel('Password').fill('demo');
    await site.page.keyboard.press('Enter');
    const desk = site.page.getByRole('region', { name: 'Recommended exams' });
    const soon = desk.getByRole('listitem').filter({ hasText: 'due soon' });
    await soon.getByRole('button', { name: /^Hand on/ }).click();
    await desk.getByRole('textbox', { name: 'Or what that person is' }).fill('Nodule nurse');
    await site.page.keyboard.press('Enter');
    await expect(soon).toContainText('with Nodule nurse, handed on');
    await desk.scrollIntoViewIfNeeded();
    expect(await serious(site.page)).toEqual([]);
    await shots(site.page, 'site');
    for (const { complaints: own } of [lead, site]) expect(own.all).toEqual([]);
    expect(complaints.all.filter((one) => !one.includes('follow-ups'))).toEqual([]);
    await lead.context.close();
    await site.context.close();
  });
});
