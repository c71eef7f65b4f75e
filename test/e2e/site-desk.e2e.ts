import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { type DayShell, startDay } from './demo-day.ts';
import { launch, newPage } from './overread.ts';

let browser: Browser;
let day: DayShell;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  day = await startDay();
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

async function signInAtDesk(page: Page): Promise<void> {
  await page.goto(`${day.url}/site`);
  await expect(page.getByRole('textbox', { name: 'User name' })).toBeFocused();
  await page.keyboard.type('site');
  await page.keyboard.press('Tab');
  await page.keyboard.type('demo');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Site desk' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Studies' }).getByRole('row').nth(1)).toBeVisible();
}

/** Serious and critical findings of axe, each with the first element that it names. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} x${nodes.length}: ${nodes[0]?.html.slice(0, 160)}`);
}

for (const size of [
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
]) {
  test(`a site’s desk at ${size.width}: nothing serious for axe, nothing wider than the screen`, async () => {
    test.setTimeout(90_000);
    const { context, page, complaints } = await newPage(browser, size);
    await signInAtDesk(page);
    await expect(page.getByRole('region', { name: 'Fit to bill' }).getByRole('row').nth(1)).toBeVisible();
    await expect(page.getByText(/Reader on call: /).first()).toBeVisible();
    await page.getByRole('button', { name: /messages, about / }).click();
    await expect(page.getByRole('list', { name: 'Messages' })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
    if (process.env.OVERREAD_SCREENS !== undefined)
      await page.screenshot({ path: `${process.env.OVERREAD_SCREENS}/site-desk-${size.width}.png` });
    expect(complaints.all).toEqual([]);
    await context.close();
  });
}

test('by keys alone: the desk writes to the reader, whose words stay text, and answers a question with one press', async () => {
  test.setTimeout(90_000);
  const { context, page, complaints } = await newPage(browser);
  await signInAtDesk(page);
  const write = page.getByRole('button', { name: /^Write, about / }).first();
  await write.focus();
  await page.keyboard.press('Enter');
  // The form has the hand at once.
  await page.keyboard.type('<img src=x onerror=alert(1)> is she fasting?');
  await page.keyboard.press('Control+Enter');
  const thread = page.getByRole('list', { name: 'Messages' }).first();
  await expect(thread.getByText('<img src=x onerror=alert(1)> is she fasting?')).toBeVisible();
  await expect(thread.getByText('not seen yet')).toBeVisible();

  const open = page.getByRole('region', { name: 'Open questions' });
  const asked = open.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Right', exact: true }) });
  const question = (await asked.first().innerText()).split('\n')[0] ?? '';
  await asked.first().getByRole('button', { name: 'Right', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(open.getByRole('listitem').filter({ hasText: question })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Answered' }).getByText('Right')).toBeVisible();
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('by keys alone: the desk supplies what a study lacks for billing, is told what is wrong with it, and the list is judged anew', async () => {
  test.setTimeout(90_000);
  const { context, page, complaints } = await newPage(browser);
  await signInAtDesk(page);
  const billing = page.getByRole('region', { name: 'Fit to bill' });
  const opens = billing.locator('summary', { hasText: 'Supply the authorization' });
  await opens.first().focus();
  await page.keyboard.press('Enter');
  const opened = billing.getByRole('form', { name: /^Supply the authorization, / }).first();
  // By its own name: studies come while it is filled in, and what they lack stands in the same list.
  const form = billing.getByRole('form', { name: (await opened.getAttribute('aria-label')) ?? '', exact: true });
  await form.getByRole('textbox', { name: 'Authorization number' }).focus();
  await page.keyboard.type('PA-4711');
  await page.keyboard.press('Tab');
  await page.keyboard.type('2020-01-01');
  await page.keyboard.press('Tab');
  await page.keyboard.type('2020-01-02');
  await page.keyboard.press('Enter');
  await expect(form.getByRole('alert')).toContainText('on that day this authorization does not hold');
  if (process.env.OVERREAD_SCREENS !== undefined)
    await page.screenshot({ path: `${process.env.OVERREAD_SCREENS}/site-correct.png`, fullPage: true });
  await form.getByRole('textbox', { name: 'Until' }).fill('2099-12-31');
  await page.keyboard.press('Enter');
  await expect(form).toHaveCount(0);
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('without the host the desk says that what is shown is as it was, and keeps what was typed', async () => {
  test.setTimeout(90_000);
  const { context, page } = await newPage(browser);
  await signInAtDesk(page);
  await page
    .getByRole('button', { name: /^Write, about / })
    .first()
    .click();
  await page.getByRole('textbox', { name: 'Message about this case' }).fill('Still here');
  await context.setOffline(true);
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page.getByText(/^Not sent: /)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message about this case' })).toHaveValue('Still here');
  await expect(page.getByText('What is shown is as it was last known.')).toBeVisible();
  await context.close();
});
