import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { readyForFinal, rowWhere, signReport } from '../host/case-driver.ts';
import { signIn as signInByCall } from '../servers/overread-host/start-host.ts';
import { type DayShell, startDay } from './demo-day.ts';
import { expectWords, launch, newPage, signIn } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
const findings = 'Words that belong to another exam.\nNothing acute.';

test.describe('a report that was signed for the wrong patient', () => {
  let shell: DayShell;
  let browser: Browser;
  let row: WorklistRow;
  let right: WorklistRow;
  test.beforeAll(async () => {
    test.setTimeout(240_000);
    shell = await startDay();
    browser = await launch();
    mkdirSync(screens, { recursive: true });
    const reader = await signInByCall(shell.url, 'reader', 'demo');
    row = await readyForFinal(reader);
    right = await rowWhere(
      reader,
      'the right exam',
      (one) =>
        one.state === 'queued' &&
        one.patient.id !== row.patient.id &&
        one.accession !== null &&
        one.link === 'order-and-images' &&
        one.identity === 'same' &&
        one.desk?.pending === undefined &&
        one.mayRead.allowed &&
        one.images.present === one.images.expected,
    );
    await signReport(reader, row.taskId, { findings, impression: 'Normal.' }, { epoch: 501 });
    await reader.call('closeCase', { params: { taskId: row.taskId }, input: { epoch: 501 } });
  });
  test.afterAll(async () => {
    await browser?.close();
    await shell?.stop();
  });

  test('is withdrawn by keyboard, shown until every receiver has it, and its words go where they belong, marked', async () => {
    test.setTimeout(240_000);
    const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
    await signIn(page, shell);
    await page.keyboard.press('Control+f');
    await page.getByRole('combobox', { name: 'Find any study' }).fill(row.accession ?? '');
    await expect(page.getByRole('listbox', { name: 'Studies found' })).toContainText('Open the report');
    await page.keyboard.press('Enter');
    const report = page.getByRole('region', { name: 'Report', exact: true });
    await expect(report.getByRole('button', { name: 'Wrong patient, or in error…' })).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Alt+Shift+Q');
    const dialog = page.getByRole('dialog', { name: 'Withdraw report' });
    await expect(dialog).toContainText(row.accession ?? '');
    const withdraw = dialog.getByRole('button', { name: 'Withdraw' });
    await expect(withdraw).toBeDisabled();
    await page.keyboard.press('Space');
    await expect(dialog.getByRole('radio', { name: /Wrong patient/ })).toBeChecked();
    await dialog.getByRole('textbox', { name: 'Exam that the words belong to' }).fill(right.accession ?? '');
    await dialog.getByRole('list', { name: 'Exams found' }).getByRole('button').first().click();
    await expect(dialog).toContainText('The words belong to');
    await dialog.getByRole('textbox', { name: 'What happened' }).fill('Dictated while another exam was open.');
    await expect(withdraw).toBeDisabled();
    await dialog.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.screenshot({ path: join(screens, 'withdraw-dialog-1280.png') });
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('status')).toContainText('That is not your password. Nothing was', {
      timeout: 20_000,
    });
    await dialog.getByRole('textbox', { name: 'Password' }).fill('demo');
    await page.keyboard.press('Enter');
    await expect(dialog).toHaveCount(0, { timeout: 20_000 });

    const standing = report.getByRole('region', { name: 'Withdrawal', exact: true });
    await expect(standing).toContainText('Wrong patient, withdrawn by Dr M. Tandewright', { timeout: 20_000 });
    await expect(standing).toContainText('Withdrawn at every receiver', { timeout: 60_000 });
    await expect(standing.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 });
    await expect(standing.getByRole('list', { name: 'Receivers of the withdrawal' })).toContainText('The lead is told');
    await expect(report.getByRole('status', { name: 'Report status' })).toHaveText('Entered in error');
    await page.screenshot({ path: join(screens, 'withdrawn-case-1280.png') });

    const lead = await newPage(browser, { width: 2560, height: 1440 });
    await signIn(lead.page, shell, 'lead');
    const board = lead.page.getByRole('region', { name: 'Withdrawals' });
    await expect(board).toContainText(row.accession ?? '', { timeout: 30_000 });
    await expect(board).toContainText('wrong patient, Dr M. Tandewright');
    await lead.page.screenshot({ path: join(screens, 'withdrawals-lead-2560.png') });

    await standing.getByRole('button', { name: /Open the right exam/ }).click();
    const offered = report.getByRole('region', { name: 'Words that you withdrew' });
    await expect(offered).toContainText('Nothing acute.', { timeout: 60_000 });
    await expect(offered).toContainText(`filed under ${row.accession}`);
    await page.screenshot({ path: join(screens, 'withdrawn-words-offered-1280.png') });
    await page.keyboard.press('Alt+Shift+N');
    await expectWords(report.getByRole('textbox', { name: 'Findings' }), /Words that belong to another exam\./);
    await expectWords(report.getByRole('textbox', { name: 'Impression' }), /Normal\./);
    await expect(offered).toHaveCount(0);
    await page.setViewportSize({ width: 2560, height: 1440 });
    await page.screenshot({ path: join(screens, 'withdrawn-words-carried-2560.png') });
    expect(complaints.all).toEqual([]);
    expect(lead.complaints.all).toEqual([]);
  });

  test('a final over another reader’s preliminary is signed with her agreement, and its reader sees it on the list', async () => {
    test.setTimeout(240_000);
    const reader = await signInByCall(shell.url, 'reader', 'demo');
    const over = await readyForFinal(reader, 'preliminary');
    const words = { findings: 'Nothing acute.', impression: 'Normal.' };
    const detail = await signReport(reader, over.taskId, words, { kind: 'preliminary', epoch: 601 });
    const params = { taskId: over.taskId };
    await reader.call('releaseClaim', {
      params,
      input: { fencingToken: detail.claim?.fencingToken ?? 0, reason: 'for the overread' },
    });
    await reader.call('closeCase', { params, input: { epoch: 601 } });

    const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
    await signIn(page, shell, 'lead');
    await page.keyboard.press('Control+f');
    await page.getByRole('combobox', { name: 'Find any study' }).fill(over.accession ?? '');
    await expect(page.getByRole('listbox', { name: 'Studies found' })).toContainText('Read');
    await page.keyboard.press('Enter');
    const report = page.getByRole('region', { name: 'Report', exact: true });
    await expectWords(report.getByRole('textbox', { name: 'Impression' }), /Normal\./, { timeout: 60_000 });
    await expect(report).toContainText('Final report by Dr M. Tandewright or a colleague');
    await page.keyboard.press('F12');
    const dialog = page.getByRole('dialog', { name: 'Sign report' });
    const choice = dialog.getByRole('group', { name: 'Preliminary by Dr M. Tandewright' });
    await expect(choice).toBeVisible({ timeout: 30_000 });
    await expect(dialog.getByRole('button', { name: /^Sign/ })).toBeDisabled();
    await dialog.getByRole('button', { name: /^Back/ }).focus();
    await page.keyboard.press('m');
    await expect(choice.getByRole('radio', { name: /Disagree, minor/ })).toBeChecked();
    await page.screenshot({ path: join(screens, 'overread-sign-1280.png') });
    // What the checks ask of this demo exam is answered by its first reason, one key each.
    const sign = dialog.getByRole('button', { name: /^Sign/ });
    await dialog.getByRole('textbox', { name: 'Password' }).fill('demo');
    await expect(async () => {
      await dialog.getByRole('button', { name: /^Back/ }).focus();
      if (await sign.isDisabled()) await page.keyboard.press('1');
      await expect(sign).toBeEnabled({ timeout: 500 });
    }).toPass({ timeout: 30_000 });
    await sign.click();
    await expect(dialog).toHaveCount(0, { timeout: 20_000 });
    await expect(report.getByRole('status', { name: 'Report status' })).toHaveText('Final', { timeout: 20_000 });
    expect(complaints.all).toEqual([]);

    const hers = await newPage(browser, { width: 2560, height: 1440 });
    await signIn(hers.page, shell);
    const board = hers.page.getByRole('region', { name: 'Overreads' });
    await expect(board).toContainText('disagrees with your preliminary, minor', { timeout: 30_000 });
    await hers.page.screenshot({ path: join(screens, 'overreads-list-2560.png') });
    // A question that failed is said beside the lines of before, with the way to ask again.
    await hers.page.route('**/api/overreads', (route) =>
      route.fulfill({ status: 502, json: { code: 'upstream-unreachable', message: 'The record did not answer.' } }),
    );
    await expect(board.getByRole('status')).toContainText('This may be older: The record did not answer.', {
      timeout: 30_000,
    });
    await hers.page.unroute('**/api/overreads');
    await board.getByRole('button', { name: 'Ask again' }).click();
    await expect(board.getByRole('status')).toHaveCount(0);
    await board.getByRole('button', { name: 'Seen' }).click();
    await expect(board).toHaveCount(0, { timeout: 20_000 });
    expect(hers.complaints.all).toEqual([]);
  });
});
