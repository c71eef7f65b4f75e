import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { compareRank } from '../../shared/domain/reading/index.ts';
import { displayName } from '../../shared/domain/study/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { goToRow, launch, newPage, signIn, startShell } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');

let browser: Browser;
let day: DayShell;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  mkdirSync(screens, { recursive: true });
  day = await startDay();
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

const gridOf = (page: Page): Locator => page.getByRole('grid', { name: 'Worklist' });
const selectedOf = (page: Page): Locator => gridOf(page).locator('[role=row][aria-selected=true]');

async function enter(userName = 'reader', size = { width: 1280, height: 800 }): Promise<Page> {
  const { page } = await newPage(browser, size);
  await signIn(page, day, userName);
  await gridOf(page).getByRole('row').nth(20).waitFor({ state: 'attached' });
  return page;
}

/** Names of the rows from top to bottom as they stand on the screen. */
async function shownRows(page: Page): Promise<string[]> {
  return gridOf(page)
    .locator('[role=row][aria-label]')
    .evaluateAll((rows) =>
      rows
        .map((row) => ({ name: row.getAttribute('aria-label') ?? '', top: row.getBoundingClientRect().top }))
        .sort((one, other) => one.top - other.top)
        .map((row) => row.name),
    );
}

/** The row, found by its number or name: those below the window are not in the page. */
async function findRow(page: Page, row: WorklistRow): Promise<Locator> {
  await page.keyboard.press('/');
  await page
    .getByRole('searchbox', { name: 'Filter the list' })
    .fill(row.accession ?? row.patient.name.split('^')[0] ?? '');
  await page.keyboard.press('Enter');
  return gridOf(page).getByRole('row', { name: nameOf(row) });
}

const nameOf = (row: WorklistRow): string => `${row.accession ?? 'No accession'} ${displayName(row.patient.name)}`;
const found = (rows: readonly WorklistRow[], what: string, fits: (row: WorklistRow) => boolean): WorklistRow => {
  const row = rows.find(fits);
  if (row === undefined) throw new Error(`the day has no ${what}`);
  return row;
};
const ready = (row: WorklistRow): boolean =>
  row.link === 'order-and-images' &&
  row.identity === 'same' &&
  row.desk?.pending === undefined &&
  row.state === 'queued' &&
  row.mayRead.allowed &&
  row.images.present === row.images.expected;

test('each row is named by accession and patient, what is STAT stands on top, then the other priorities, and the list says the same as the host', async () => {
  const page = await enter();
  let rows = await rowsOf(day);
  let names = await shownRows(page);
  expect(new Set(names).size).toBe(names.length);
  let now = instant(Date.now());
  // The day goes on between the two looks: they are taken again until they are of the same moment.
  await expect
    .poll(async () => {
      [rows, names, now] = [await rowsOf(day), await shownRows(page), instant(Date.now())];
      const expected = [...rows].sort((left, right) => compareRank(left, right, now)).map(nameOf);
      // Rows below the window are not in the page; those that are stand in this order.
      return isDeepStrictEqual(names, expected.slice(0, names.length));
    })
    .toBe(true);
  expect(names.length).toBeGreaterThanOrEqual(20);
  const stat = rows.filter((row) => row.priority === 'stat' && row.state !== 'completed');
  expect(stat.length).toBeGreaterThan(0);
  expect(new Set(names.slice(0, stat.length))).toEqual(new Set(stat.map(nameOf)));
  await page.context().close();
});

test('filter by words and by mark, sort by a heading, and back', async () => {
  const page = await enter();
  // The day goes on while it is looked at: rows may come, none may be gone.
  const all = await shownRows(page);
  await page.keyboard.press('/');
  await page.keyboard.type('quillfeather abdomen');
  await expect.poll(() => shownRows(page)).toEqual([expect.stringContaining('Quillfeather')]);
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await shownRows(page)).length).toBeGreaterThanOrEqual(all.length);
  await page.getByRole('button', { name: 'MR', exact: true }).click();
  await expect
    .poll(async () => {
      const shown = await shownRows(page);
      const meant = (await rowsOf(day)).filter((row) => row.modality === 'MR').map(nameOf);
      return { some: shown.length > 0, same: isDeepStrictEqual(new Set(shown), new Set(meant)) };
    })
    .toEqual({ some: true, same: true });
  await page.getByRole('button', { name: 'MR', exact: true }).click();
  for (const [heading, key] of [
    ['Accession', (name: string) => name.split(' ')[0] ?? ''],
    ['Patient', (name: string) => name.replace(/^(No accession|\S+) /, '')],
  ] as const) {
    const column = gridOf(page).getByRole('columnheader', { name: heading });
    await column.getByRole('button').click();
    await expect(column).toHaveAttribute('aria-sort', 'ascending');
    let keys: string[] = [];
    await expect
      .poll(async () => {
        keys = (await shownRows(page)).filter((name) => !name.startsWith('No accession')).map(key);
        const sorted = keys.toSorted((one, other) =>
          one.localeCompare(other, 'en', { sensitivity: 'base', numeric: true }),
        );
        return keys.length > 0 && isDeepStrictEqual(keys, sorted);
      })
      .toBe(true);
    await column.getByRole('button').click();
    await expect(column).toHaveAttribute('aria-sort', 'descending');
    await expect
      .poll(async () => (await shownRows(page)).filter((name) => !name.startsWith('No accession')).map(key)[0])
      .not.toBe(keys[0]);
  }
  await page.keyboard.press('Escape');
  await expect(gridOf(page).getByRole('columnheader', { name: 'Patient' })).toHaveAttribute('aria-sort', 'none');
  await page.context().close();
});

test('by keyboard alone: arrows, N, L, Escape, Enter', async () => {
  const page = await enter();
  await expect(gridOf(page)).toBeFocused();
  const before = await rowsOf(day);
  const lastOf = (rows: readonly WorklistRow[]): string => {
    const last = [...rows].sort((left, right) => compareRank(left, right, instant(Date.now()))).at(-1);
    return last === undefined ? '' : nameOf(last);
  };
  // A code that comes before the first key stands on top at once; with the key the order is held.
  await page.keyboard.press('Home');
  await expect
    .poll(async () => (await shownRows(page))[0] === (await selectedOf(page).getAttribute('aria-label')))
    .toBe(true);
  const names = await shownRows(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(selectedOf(page)).toHaveAttribute('aria-label', names[1] ?? '');
  await expect(selectedOf(page)).toHaveCount(1);
  // What comes while the keys are pressed waits behind the count of changes: the last of those shown is looked at.
  await page.keyboard.press('End');
  await expect
    .poll(async () => (await shownRows(page)).at(-1) === (await selectedOf(page).getAttribute('aria-label')))
    .toBe(true);
  // It is the last of the host's list too, as that was before the first key or is now.
  const last = await selectedOf(page).getAttribute('aria-label');
  expect([lastOf(before), lastOf(await rowsOf(day))]).toContain(last);
  await expect(selectedOf(page)).toBeInViewport();
  await page.keyboard.press('n');
  await expect(selectedOf(page)).toContainText('Next for you');
  const best = await selectedOf(page).getAttribute('aria-label');
  await page.keyboard.press('l');
  await expect(page.getByRole('region', { name: 'Patient' })).toContainText('Looking only');
  await page.keyboard.press('Escape');
  await expect(selectedOf(page)).toHaveAttribute('aria-label', best ?? '');
  await page.context().close();
});

test('to look claims nothing; to read claims, shows the name to others, and lets them look but not sign', async () => {
  const rows = await rowsOf(day);
  const row = found(rows, 'study that is ready', ready);
  const reader = await enter('reader');
  const lead = await enter('lead');
  const name = nameOf(row);
  const atLead = await findRow(lead, row);

  await (await findRow(reader, row)).click();
  await reader.keyboard.press('l');
  await expect(reader.getByRole('region', { name: 'Patient' })).toContainText('Looking only');
  expect((await rowsOf(day, 'lead')).find((one) => one.taskId === row.taskId)).toMatchObject({
    state: 'queued',
    reader: null,
  });
  await reader.keyboard.press('Escape');

  await gridOf(reader).getByRole('row', { name }).click();
  await reader.keyboard.press('Enter');
  await expect(reader.getByRole('region', { name: 'Patient' })).toContainText('Yours until');
  await expect(atLead).toContainText(/Tandewright/, { timeout: 30_000 });

  await atLead.dblclick();
  await expect(lead.getByText(/Tandewright has it until/)).toBeVisible();
  await lead.getByRole('button', { name: 'Look', exact: true }).first().click();
  const patient = lead.getByRole('region', { name: 'Patient' });
  await expect(patient).toContainText('With Dr M. Tandewright');
  await expect(patient).toContainText('Looking only');
  await expect(lead.getByRole('region', { name: 'Images' })).toBeVisible();
  // Whether the buttons are absent or off, nothing that signs can be pressed by who only looks.
  for (const button of await lead.getByRole('button', { name: /^Sign (final|preliminary)/ }).all())
    await expect(button).toBeDisabled();
  await lead.keyboard.press('F12');
  await expect(lead.getByRole('dialog', { name: 'Sign report' })).toHaveCount(0);
  await lead.context().close();
  await reader.context().close();
});

test('a study without an order and an order without images are marked, and each opens as what it is', async () => {
  const page = await enter();
  const rows = await rowsOf(day);
  const orphan = found(rows, 'study without an order', (row) => row.link === 'images-without-order');
  const waiting = found(rows, 'order without images', (row) => row.link === 'order-without-images');
  for (const [chip, row, words] of [
    ['No order', orphan, /No order/],
    ['No images', waiting, /No images yet/],
  ] as const) {
    await page.getByRole('button', { name: new RegExp(`^${chip}`) }).click();
    const shown = gridOf(page).getByRole('row', { name: nameOf(row) });
    await expect(shown).toContainText(words);
    await page.getByRole('button', { name: new RegExp(`^${chip}`) }).click();
  }
  await goToRow(page, waiting.accession ?? '');
  await page.keyboard.press('l');
  await expect(page.getByText('No images have come for this order.')).toBeVisible();
  await page.context().close();
});

test('an identity stop shows both values, and a recorded reason resolves it', async () => {
  const page = await enter();
  const row = found(await rowsOf(day), 'identity stop', (one) => one.identity === 'stop');
  const study = day.plan.studies.find((one) => one.studyUid === row.studyUid);
  const order = day.plan.orders.find((one) => one.id === study?.orderId);
  const shown = (date: string | null | undefined): string =>
    (date ?? '').replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  expect(study?.patient.birthDate).not.toBe(order?.patient.birthDate);
  const inList = await findRow(page, row);
  await expect(inList).toContainText('Identity');
  await inList.dblclick();
  const line = page.getByRole('alert').filter({ hasText: 'birth date' });
  await expect(line).toContainText(shown(order?.patient.birthDate));
  await expect(line).toContainText(shown(study?.patient.birthDate));
  await page.screenshot({ path: join(screens, 'identity-stop-1280.png') });
  await line.getByRole('button', { name: 'Resolve with reason' }).click();
  const dialog = page.getByRole('dialog', { name: 'Resolve identity' });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('short');
  await dialog.getByRole('button', { name: 'Record the reason' }).click();
  await expect(dialog.getByRole('alert')).toContainText('8 letters');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Site called: the clerk mistyped the order');
  await dialog.getByRole('button', { name: 'Record the reason' }).click();
  await expect(page.getByText(/Identity resolved by Dr M. Tandewright/)).toBeVisible();
  await expect(page.getByText('Site called: the clerk mistyped the order')).toBeVisible();
  // It is in the record, not in the page alone.
  await page.reload();
  await expect(page.getByText(/Identity resolved by Dr M. Tandewright/)).toBeVisible();
  await page.context().close();
});

/** Texts of a row that are cut: what names the patient and the study must be whole on every screen (look/README.md). */
async function clipped(page: Page): Promise<string[]> {
  return gridOf(page)
    .locator('.worklist-rows [role=row]')
    .evaluateAll((rows) =>
      rows.flatMap((row) =>
        ['accession', 'patient', 'birth'].flatMap((name) => {
          const cell = row.querySelector<HTMLElement>(`.${name}`);
          if (cell === null) return [`no ${name} in ${row.getAttribute('aria-label')}`];
          return cell.scrollWidth > cell.clientWidth
            ? [`${name}: ${cell.textContent} (${cell.scrollWidth} in ${cell.clientWidth})`]
            : [];
        }),
      ),
    );
}

for (const size of [
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
]) {
  test(`at ${size.width} x ${size.height} nothing scrolls sideways and no name, birth date or accession is cut`, async () => {
    const page = await enter('reader', size);
    await page.screenshot({ path: join(screens, `worklist-${size.width}.png`) });
    const cut = await clipped(page);
    // One invented name is as long as DICOM allows a component group (64): its end may be cut, its whole stands in the panel.
    const longest = cut.filter((words) => words.includes('Featherstonehope'));
    expect(cut.filter((words) => !longest.includes(words))).toEqual([]);
    expect(longest.every((words) => words.startsWith('patient'))).toBe(true);
    const sideways = await page.evaluate(() =>
      [
        document.documentElement,
        ...document.querySelectorAll<HTMLElement>('.main, .column, .worklist-grid, .worklist-rows'),
      ]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => `${element.tagName}.${element.className}: ${element.scrollWidth} in ${element.clientWidth}`),
    );
    expect(sideways).toEqual([]);
    await page.context().close();
  });
}

test('a minute later the list differs, and nothing moves under the hand until it is asked for', async () => {
  test.setTimeout(170_000);
  const fresh = await startShell();
  try {
    const { page, context } = await newPage(browser);
    await signIn(page, fresh);
    const rows = gridOf(page).locator('.worklist-rows [role=row]');
    await expect(rows.nth(1)).toBeVisible({ timeout: 60_000 });
    await rows.nth(1).hover();
    // From here on each place that a row takes is noted, with what stands above the list at that moment.
    await page.evaluate(() => {
      const places = new Map<string, number>();
      const moves: string[] = [];
      setInterval(() => {
        for (const row of document.querySelectorAll<HTMLElement>('.worklist-rows [role=row]')) {
          const top = Math.round(row.getBoundingClientRect().top);
          const name = row.getAttribute('aria-label') ?? '';
          const before = places.get(row.id);
          if (before !== undefined && before !== top)
            moves.push(
              `${name}: ${before} to ${top}, under "${document.querySelector('.main')?.previousElementSibling?.textContent ?? 'nothing'}"`,
            );
          places.set(row.id, top);
        }
      }, 50);
      Object.assign(window, { rowMoves: moves });
    });
    const moves = (): Promise<string[]> =>
      page.evaluate(() => [...(window as unknown as { rowMoves: string[] }).rowMoves]);
    const held = page.getByText(/changes? held/);
    const before = await shownRows(page);
    await expect(held).toBeVisible({ timeout: 90_000 });
    await expect
      .poll(async () => Number(/(\d+) changes?/.exec((await held.textContent()) ?? '')?.[1]), { timeout: 60_000 })
      .toBeGreaterThan(2);
    expect(await moves()).toEqual([]);
    expect((await shownRows(page)).slice(0, before.length)).toEqual(before);
    await page.screenshot({ path: join(screens, 'worklist-held-1280.png') });
    // What was held may be rows that come or rows that move; more may be held again a moment later, since the day goes on.
    await expect(async () => {
      await page.keyboard.press('u');
      expect(await shownRows(page)).not.toEqual(before);
    }).toPass({ timeout: 20_000 });
    await context.close();
  } finally {
    await fresh.stop();
  }
});
