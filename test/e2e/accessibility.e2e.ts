import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { goToRow, launch, newPage, signIn, startShell } from './overread.ts';

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

/** Serious and critical findings of axe (WCAG 2 A and AA, best practices), each with the first element that it names. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, impact, nodes }) =>
        `${id} (${impact}) x${nodes.length}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary?.split('\n')[1] ?? ''}`,
    );
}

type Focused = { readonly what: string; readonly visible: boolean };

/** What has focus, and whether a person sees that it has: an outline, a shadow or a border that it would not have without. */
async function focusedNow(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return { what: 'nothing', visible: true };
    const what = `${element.tagName.toLowerCase()}[${element.getAttribute('aria-label') ?? document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent ?? (element as HTMLInputElement).labels?.[0]?.textContent ?? element.textContent?.slice(0, 30) ?? ''}]`;
    const signs = (of: Element): string => {
      const style = getComputedStyle(of);
      const outline = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0 ? style.outline : '';
      return `${outline}|${style.boxShadow}|${style.borderColor}|${style.backgroundColor}`;
    };
    // Composite widgets show their focus on the active row.
    const active = element.getAttribute('aria-activedescendant');
    const bearers = [
      element,
      // A field may light up the frame that it stands in.
      ...[element.parentElement, element.parentElement?.parentElement].filter((one) => one instanceof HTMLElement),
      ...(active === null ? [] : [document.getElementById(active)].filter((one) => one !== null)),
    ];
    const box = element.getBoundingClientRect();
    const inSight = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
    const withFocus = bearers.map(signs);
    element.blur();
    const without = bearers.map(signs);
    element.focus({ preventScroll: true, focusVisible: true } as FocusOptions);
    return { what, visible: inSight && withFocus.some((sign, index) => sign !== without[index]) };
  });
}

/** Tabs once through the page; answers what had focus, in order, until it comes round. */
async function tabThrough(page: Page, most = 60): Promise<readonly Focused[]> {
  const all: Focused[] = [];
  for (let tab = 0; tab < most; tab += 1) {
    await page.keyboard.press('Tab');
    const now = await focusedNow(page);
    // After the last element focus leaves the page once, and comes in again at the first.
    if (now.what === 'nothing') continue;
    if (all.length > 3 && now.what === all[0]?.what) break;
    all.push(now);
  }
  return all;
}

const unseen = (all: readonly Focused[]): readonly string[] => all.filter((one) => !one.visible).map((one) => one.what);

/** Whether the names come in this order, others between them allowed. */
function inOrder(all: readonly Focused[], names: readonly RegExp[]): boolean {
  let at = 0;
  for (const { what } of all) if (at < names.length && names[at]?.test(what)) at += 1;
  return at === names.length;
}

test('sign-in, and the first-run acknowledgement', async () => {
  const fresh = await startShell({ args: ['--idle-lock-minutes', '30'] });
  try {
    const { page, context } = await newPage(browser);
    await page.goto(fresh.url);
    await page.getByRole('textbox', { name: 'User name' }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'User name' }).focus();
    await page.keyboard.press('Shift+Tab');
    const order = await tabThrough(page);
    expect(unseen(order)).toEqual([]);
    expect(inOrder(order, [/User name|input/, /Password|input/, /Sign in/])).toBe(true);
    await page.getByRole('textbox', { name: 'User name' }).fill('qa');
    await page.getByRole('textbox', { name: 'Password' }).fill('demo');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'I understand' }).waitFor();
    expect(await findings(page)).toEqual([]);
    await context.close();
  } finally {
    await fresh.stop();
  }
});

test('worklist, palette, help, about and keys', async () => {
  const { page, context } = await newPage(browser);
  await signIn(page, day);
  const grid = page.getByRole('grid', { name: 'Worklist' });
  await grid.getByRole('row').nth(15).waitFor({ state: 'attached' });
  expect(await findings(page)).toEqual([]);
  const order = await tabThrough(page);
  expect(unseen(order)).toEqual([]);
  // From the list on: what to do with the selected row, then round by the bar and the filters to the list again.
  expect(order.map(({ what }) => what).join('\n')).toMatch(/Read/);
  expect(order.map(({ what }) => what).join('\n')).toMatch(/Look/);
  expect(order.map(({ what }) => what).join('\n')).toMatch(/Filter the list/);
  expect(order.filter(({ what }) => what.startsWith('div[Worklist')).length).toBeLessThanOrEqual(1);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Find or do' })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  const option = page.getByRole('option', { selected: true });
  await expect(option).toHaveCount(1);
  await expect(page.getByRole('combobox')).toHaveAttribute(
    'aria-activedescendant',
    (await option.getAttribute('id')) ?? '',
  );
  for (const [words, dialog] of [
    ['help', /Help/],
    ['about', /About/],
    ['change the keys', /key/i],
  ] as const) {
    if (!(await page.getByRole('dialog', { name: 'Find or do' }).isVisible())) await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(words);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
    expect(await findings(page), words).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  await context.close();
});

test('reading screen, sign dialog and lock', async () => {
  const { page, context } = await newPage(browser);
  await signIn(page, day);
  const row = (await rowsOf(day)).find(
    (one) =>
      one.modality === 'CT' &&
      one.identity === 'same' &&
      one.desk?.pending === undefined &&
      one.images.present === one.images.expected &&
      one.state === 'queued',
  );
  await goToRow(page, row?.accession ?? 'no CT is ready');
  await page.keyboard.press('Enter');
  const group = page.getByRole('group', { name: 'Viewport 1' });
  await expect(group).toHaveAttribute('data-painted', 'true', { timeout: 60_000 });
  await page.keyboard.press('Alt+4');
  const report = page.getByRole('region', { name: 'Report' });
  await report.getByRole('textbox', { name: 'Findings' }).fill('Nothing acute.');
  await report.getByRole('textbox', { name: 'Impression' }).fill('Nothing acute.');
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved');
  expect(await findings(page)).toEqual([]);
  await group.focus();
  const order = await tabThrough(page, 90);
  expect(unseen(order)).toEqual([]);
  const names = order.map(({ what }) => what).join('\n');
  for (const name of ['Viewport 2', 'Findings', 'Impression', 'Sign final']) expect(names).toContain(name);
  expect(inOrder(order, [/Viewport 2/, /Findings/, /Impression/, /Sign final/])).toBe(true);
  await report.getByRole('button', { name: 'Sign final' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign report' });
  await expect(dialog).toBeVisible();
  expect(await findings(page)).toEqual([]);
  const inside = await tabThrough(page, 12);
  expect(unseen(inside)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('Alt+l');
  await expect(page.getByRole('dialog', { name: 'Locked' })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await context.close();
});
