import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { serve } from '@hono/node-server';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { secured } from '../../electron/host/routes/headers.ts';
import { servePage } from '../../electron/host/routes/page.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { notADeviceSentence } from './not-a-device.tsx';
import { mirroredPages, storedWords } from './testing/browser-stores.ts';
import { createGeneratedHost, type GeneratedHost, generatedRow } from './testing/generated-host.ts';

/** The built page under the production CSP in real Chromium, against a host that answers the table of calls with generated rows. */
let host: GeneratedHost;
let browser: Browser;
let page: Page;
let origin: string;
let closeServer: () => void;
let folder: string;
const wrong: string[] = [];
const shots = process.env.OVERREAD_SHOTS;

async function shot(name: string): Promise<void> {
  if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`) });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-page-'));
  // Vitest says `test` here, and React would come in its development form: the page under test is the one that is shipped.
  process.env.NODE_ENV = 'production';
  await build({ configFile: 'vite.config.ts', logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/api') || pathname === '/events' || pathname.startsWith('/dicomweb')) {
        return secured(await host.fetch(request));
      }
      const { response, immutable } = await servePage(folder, request);
      return secured(response, immutable ? 'immutable' : 'no-store');
    },
  });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closeServer = () => server.close();
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-unsafe-swiftshader',
    ],
  });
});

afterAll(async () => {
  await browser?.close();
  closeServer?.();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  host = createGeneratedHost({ rows: 40, now: () => Date.now() });
  wrong.length = 0;
  for (const context of browser.contexts()) await context.close();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error' && /Content Security Policy|Uncaught/.test(line.text())) wrong.push(line.text());
  });
});

async function signIn(): Promise<void> {
  await page.goto(origin);
  await page.getByRole('textbox', { name: 'User name' }).fill('reader');
  await page.getByRole('textbox', { name: 'Password' }).fill('demo');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function signInToList(): Promise<void> {
  host.acknowledged = true;
  await signIn();
  await page.getByRole('grid', { name: 'Worklist' }).waitFor();
  await page.getByRole('row', { name: /LAR-88200/ }).waitFor();
}

/** Accession numbers from top to bottom as they are on screen. */
async function shownOrder(): Promise<string[]> {
  const rows = await page.locator('.worklist-rows [role=row]').evaluateAll((elements) =>
    elements
      .map((element) => ({ name: element.getAttribute('aria-label') ?? '', top: element.getBoundingClientRect().top }))
      .sort((left, right) => left.top - right.top)
      .map((one) => one.name.split(' ')[0] ?? ''),
  );
  return rows;
}

/** What axe finds of serious or critical harm to those who use a keyboard or a screen reader. */
async function axe(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

describe('coming in', () => {
  test('outside the demo the first run makes the first account, and then asks to sign in', async () => {
    host = createGeneratedHost({ rows: 1, now: () => Date.now(), demo: false });
    host.needsFirstAccount = true;
    await page.goto(origin);
    await page.getByText(notADeviceSentence).waitFor();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Dr M. Tandewright');
    await page.getByRole('textbox', { name: 'User name' }).fill('tandewright');
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill('a long password');
    await page.getByRole('textbox', { name: 'Password again' }).fill('another password');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('alert').getByText('The two passwords differ.').waitFor();
    await page.getByRole('textbox', { name: 'Password again' }).fill('a long password');
    await shot('first-account-1280');
    expect(await axe()).toEqual([]);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(host.asked.find((one) => one.name === 'firstAccount')?.input).toMatchObject({
      userName: 'tandewright',
      npi: null,
    });
  });

  test('a host that does not answer is said, and asked again by one button', async () => {
    host.away = true;
    await page.goto(origin);
    await page.getByText('Overread’s host does not answer.').waitFor();
    host.away = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  test('sign-in says what Overread is not, shows the demo users, refuses a wrong password and takes the right one', async () => {
    await page.goto(origin);
    await page.getByText(notADeviceSentence).waitFor();
    await page.getByText('the password is').waitFor();
    // Said once, not by page and host.
    expect(await page.getByText(/Demo/).count()).toBe(1);
    await shot('sign-in-1280');
    expect(await axe()).toEqual([]);
    await page.getByRole('textbox', { name: 'User name' }).fill('reader');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('do not go together').waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill('demo');
    await page.getByRole('button', { name: 'Sign in' }).click();
    // The first run of each user: recorded once, and asked no second time.
    await page.getByText(notADeviceSentence).waitFor();
    await page.getByText('Before you read').waitFor();
    await shot('acknowledgement-1280');
    expect(await axe()).toEqual([]);
    await page.getByRole('button', { name: 'I understand' }).click();
    await page.getByRole('grid', { name: 'Worklist' }).waitFor();
    expect(host.asked.some((one) => one.name === 'acknowledge')).toBe(true);
    expect(wrong).toEqual([]);
  });

  test('outside the demo no user and no password is shown', async () => {
    host = createGeneratedHost({ rows: 1, now: () => Date.now(), demo: false });
    await page.goto(origin);
    await page.getByRole('textbox', { name: 'User name' }).waitFor();
    expect(await page.getByText('demo').count()).toBe(0);
  });

  test('a reload keeps the session of the window and comes back to the list', async () => {
    await signInToList();
    await page.reload();
    await page.getByRole('row', { name: /LAR-88200/ }).waitFor();
    expect(host.asked.filter((one) => one.name === 'signIn')).toHaveLength(1);
  });

  test('the self-test at start is told to the host and passes here', async () => {
    await signInToList();
    await expect.poll(() => host.asked.find((one) => one.name === 'selfTest')).toBeTruthy();
    const told = host.asked.find((one) => one.name === 'selfTest')?.input as {
      results: { name: string; passed: boolean }[];
    };
    expect(told.results.filter((result) => !result.passed)).toEqual([]);
    expect(told.results.map((result) => result.name)).toContain('worker');
    await page.keyboard.press('F1');
    await page.getByRole('dialog', { name: 'Help' }).getByText('cross-origin isolated').waitFor();
    await shot('help-1280');
  });
});

describe('keys that come before the list', () => {
  /** Signs in at a slow host and types on at once; answers how many of the letters the list took for its keys. */
  async function signInAndType(...keys: readonly string[]): Promise<void> {
    host.acknowledged = true;
    const answer = host.fetch;
    host.fetch = async (request) => {
      if (/^\/api\/(session|worklist)$/.test(new URL(request.url).pathname))
        await new Promise((resolve) => setTimeout(resolve, 300));
      return answer(request);
    };
    await page.goto(origin);
    await page.getByRole('textbox', { name: 'User name' }).fill('reader');
    await page.getByRole('textbox', { name: 'Password' }).fill('demo');
    await page.keyboard.press('Enter');
    for (const key of keys) await page.keyboard.press(key);
    await page
      .getByRole('row', { name: /LAR-88200|Nightjar/ })
      .first()
      .waitFor();
  }
  const opened = (): number => host.asked.filter((one) => one.name === 'openCase').length;

  test('the filter’s key and the name typed after it filter the list, and open nothing', async () => {
    await signInAndType('/', ...'nightjar');
    const filter = page.getByRole('searchbox', { name: 'Filter the list' });
    await expect.poll(() => filter.inputValue()).toBe('nightjar');
    await page.keyboard.type(' l');
    expect(await filter.inputValue()).toBe('nightjar l');
    expect(opened()).toBe(0);
  });

  test('Ctrl+K and words find in the palette', async () => {
    await signInAndType('Control+k', ...'about');
    const dialog = page.getByRole('dialog', { name: 'Find or do' });
    await expect.poll(() => dialog.getByRole('combobox').inputValue()).toBe('about');
    expect(opened()).toBe(0);
  });

  test('letters and Enter alone do nothing: no study is claimed or looked at blindly, and a key after a pause works', async () => {
    await signInAndType('l', 'n', 'Enter', ...'lll');
    await page.waitForTimeout(800);
    expect(opened()).toBe(0);
    await page.keyboard.press('l');
    await page.getByText('Looking only').waitFor();
    expect(opened()).toBe(1);
  });
});

describe('the worklist', () => {
  test('shows every study by urgency, named by accession and patient, and is drawn at both sizes', async () => {
    await signInToList();
    const order = await shownOrder();
    // STAT by what is due soonest: a late study of lower priority does not pass one. Finished work is last, and so not among the first rows.
    expect(order.slice(0, 2)).toEqual(['LAR-88200', 'SAL-88205']);
    expect(order.slice(0, 20)).not.toContain('CED-88222');
    await page.getByRole('row', { name: /LAR-88200 Quillfeather, Ottoline/ }).waitFor();
    await shot('worklist-1280');
    expect(await axe()).toEqual([]);
    await page.setViewportSize({ width: 2560, height: 1440 });
    await page.getByRole('row', { name: /LAR-88200/ }).waitFor();
    await shot('worklist-2560');
    expect(wrong).toEqual([]);
  });

  test('arrows move one selection, / filters, Escape shows all, a heading sorts', async () => {
    await signInToList();
    for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    const selected = page.locator('[role=row][aria-selected=true]');
    expect(await selected.count()).toBe(1);
    await page.keyboard.press('/');
    await page.keyboard.type('nightjar');
    await expect.poll(async () => (await shownOrder()).length).toBeLessThan(10);
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await shownOrder()).length).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'Patient' }).click();
    const names = await page
      .locator('.worklist-rows [role=row]')
      .evaluateAll((rows) =>
        rows.map((row) => row.getAttribute('aria-label')?.replace(/^(No accession|\S+) /, '') ?? ''),
      );
    expect(names).toEqual([...names].sort((left, right) => left.localeCompare(right, 'en', { sensitivity: 'base' })));
  });

  test('a row never moves under the hand: changes wait behind a count until they are shown', async () => {
    await signInToList();
    await page.getByRole('row', { name: /LAR-88200/ }).hover();
    const before = await shownOrder();
    const urgent = {
      ...generatedRow(50, Date.now()),
      priority: 'stat' as const,
      dueAt: generatedRow(2, Date.now()).dueAt,
    };
    host.change([urgent]);
    await page.getByText('1 change held').waitFor();
    expect(await shownOrder()).toEqual(before);
    await shot('worklist-held-1280');
    await page.keyboard.press('u');
    await page.getByRole('row', { name: new RegExp(urgent.accession ?? 'x') }).waitFor();
    expect(await shownOrder()).not.toEqual(before);
  });

  test('what is withdrawn loses its words at once although its place is held', async () => {
    await signInToList();
    await page.getByRole('row', { name: /LAR-88200/ }).hover();
    host.change([], ['task-4' as TaskId]);
    await page.getByText('Withdrawn: no longer on your list').waitFor();
    expect(await page.getByRole('row', { name: /LAR-88204/ }).count()).toBe(0);
  });

  test('a study that another holds says who, and offers to look', async () => {
    await signInToList();
    await page.getByRole('row', { name: /SAL-88201/ }).dblclick();
    await page.getByText(/Dr C. Woldt has it until/).waitFor();
    await page.getByRole('button', { name: 'Look', exact: true }).first().click();
    await page.getByText('Looking only').waitFor();
    expect(
      host.asked.filter((one) => one.name === 'openCase').map((one) => (one.input as { mode: string }).mode),
    ).toEqual(['look']);
  });

  test('Enter reads, Escape comes back to the same row', async () => {
    await signInToList();
    // The face that the patient's numbers stand in is there before a case is opened.
    await expect.poll(() => page.evaluate(() => document.fonts.check('600 1em "IBM Plex Mono"'))).toBe(true);
    for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    const name = await page.locator('[role=row][aria-selected=true]').getAttribute('aria-label');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Patient' }).waitFor();
    expect(page.url()).toMatch(/\/case\/task-\d+$/);
    await page.keyboard.press('Escape');
    await page.getByRole('grid', { name: 'Worklist' }).waitFor();
    expect(await page.locator('[role=row][aria-selected=true]').getAttribute('aria-label')).toBe(name);
  });

  test('when the host goes away the list stays, with its age, and comes back by itself', async () => {
    await signInToList();
    host.away = true;
    await page.keyboard.press('r');
    await page
      .getByText(/Offline since/)
      .first()
      .waitFor();
    expect((await shownOrder()).length).toBeGreaterThan(20);
    await expect
      .poll(() => page.getByRole('status', { name: 'State of the list' }).innerText())
      .toMatch(/Last confirmed \d\d:\d\d [A-Z]/);
    // What another had when it was last confirmed is told as that, and is no free study.
    await page.getByRole('row', { name: /SAL-88201/ }).click();
    await page.getByText('Dr C. Woldt had it').waitFor();
    await page.getByText(/claim until \d\d:\d\d \S+, last confirmed \d\d:\d\d/).waitFor();
    await shot('worklist-offline-1280');
    expect(await axe()).toEqual([]);
    await page.setViewportSize({ width: 2560, height: 1440 });
    await shot('worklist-offline-2560');
    await page.setViewportSize({ width: 1280, height: 800 });
    host.away = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => page.getByText(/ast confirmed/).count()).toBe(0);
    await page.getByText('Dr C. Woldt has it').waitFor();
  });

  test('in the reading screen whom and what stand whole, and the claim is told as of its last confirmation while nobody answers', async () => {
    const row = { ...generatedRow(0, Date.now()), dueAt: generatedRow(2, Date.now()).dueAt };
    const procedure = 'Chest, abdomen and pelvis with intravenous contrast, portal venous';
    const name = 'Featherstonehaugh-Cholmondeley^Ottoline Wilhelmina^Marguerite';
    host.rows.set(row.taskId, { ...row, procedure, laterality: 'R', patient: { ...row.patient, name } });
    await signInToList();
    await page.getByRole('row', { name: /LAR-88200/ }).dblclick();
    const bar = page.getByRole('region', { name: 'Patient' });
    const told = (): Promise<string> => bar.innerText();
    // The whole of whom and what, cut nowhere and under nothing; its height moves the images.
    const heightWhole = (): Promise<number | string> =>
      bar.evaluate((node) => {
        const { right, bottom, height } = node.getBoundingClientRect();
        const cells = [...node.children].map((cell) => cell.getBoundingClientRect());
        const cut = cells.some((cell, at) => cell.bottom > bottom || cell.right > (cells[at + 1]?.left ?? right));
        return cut || node.scrollWidth > node.clientWidth ? `cut at ${cells.map((cell) => cell.right)}` : height;
      });
    await expect.poll(told).toMatch(/\nconfirmed \d\d:\d\d P[SD]T/);
    for (const words of ['Featherstonehaugh-Cholmondeley, Ottoline', procedure, 'LAR-88200', '1940-01-10', '\n0:0'])
      expect(await told()).toContain(words);
    const height = await heightWhole();
    expect(height).toBeLessThan(80);
    host.away = true;
    host.publish({ type: 'worklist-changed', version: 99 });
    await expect.poll(told).toMatch(/Yours until \d\d:\d\d P[SD]T\s+last confirmed \d\d:\d\d P[SD]T/);
    expect(await heightWhole()).toBe(height);
    await shot('claim-offline-1280');
    expect(await axe()).toEqual([]);
    await page.setViewportSize({ width: 2560, height: 1440 });
    expect(await heightWhole()).toBeLessThan(80);
    await shot('claim-offline-2560');
    await page.setViewportSize({ width: 1280, height: 800 });
    host.away = false;
    host.publish({ type: 'worklist-changed', version: 99 });
    await expect.poll(told).toMatch(/\nconfirmed/);
  });

  test('after a reload without a host the sealed mirror shows the list, with its age', async () => {
    await signInToList();
    await expect.poll(() => mirroredPages(page), { timeout: 20_000 }).toBeGreaterThan(0);
    const answer = host.fetch;
    host.fetch = async (request) =>
      new URL(request.url).pathname === '/api/worklist' ? new Response('', { status: 599 }) : answer(request);
    await page.reload();
    await page.getByRole('row', { name: /LAR-88200 Quillfeather/ }).waitFor();
    await page
      .getByText(/Offline since/)
      .first()
      .waitFor();
  });
});

describe('the program around it', () => {
  test('the palette finds and does, and shows the keys', async () => {
    await signInToList();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Find or do' }).waitFor();
    await shot('palette-1280');
    expect(await axe()).toEqual([]);
    await page.keyboard.type('about');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'About Overread' }).getByText(notADeviceSentence).waitFor();
    await page.getByRole('button', { name: 'Third-party notices' }).press('Enter');
    const notices = page.getByRole('dialog', { name: 'Third-party notices' });
    await notices.getByText('ONNX Runtime (in the library of sherpa-onnx)').waitFor();
    await shot('notices-1280');
    expect(await axe()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'About Overread' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('the lock covers everything, names nobody, and gives the same place and caret back', async () => {
    await signInToList();
    await page.keyboard.press('/');
    await page.keyboard.type('quill');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Alt+l');
    await page.getByRole('dialog', { name: 'Locked' }).waitFor();
    expect(await page.getByText('Quillfeather').first().isVisible()).toBe(false);
    expect(await page.getByText('Tandewright').first().isVisible()).toBe(false);
    await shot('lock-1280');
    expect(await axe()).toEqual([]);
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('alert').getByText('do not go together').waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill('demo');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Locked' }).waitFor({ state: 'detached' });
    const filter = page.getByRole('searchbox', { name: 'Filter the list' });
    await expect.poll(() => filter.evaluate((field) => document.activeElement === field)).toBe(true);
    expect(await filter.evaluate((field: HTMLInputElement) => [field.value, field.selectionStart])).toEqual([
      'quill',
      4,
    ]);
  });

  test('a session that the host has locked is locked here, and a reload does not open it', async () => {
    await signInToList();
    host.locked = true;
    host.publish({ type: 'session-locked' });
    await page.getByRole('dialog', { name: 'Locked' }).waitFor();
    await page.reload();
    await page.getByRole('dialog', { name: 'Locked' }).waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill('demo');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /LAR-88200/ }).waitFor();
  });

  test('an identity clash stands under the patient bar until a reason is recorded', async () => {
    await signInToList();
    await page.getByRole('row', { name: /LAR-88208/ }).dblclick();
    await page.getByText('Order and images name two birth dates').waitFor();
    await shot('identity-1280');
    await page.keyboard.press('F8');
    await page.getByRole('textbox', { name: 'Reason' }).fill('Site called: the clerk mistyped the order');
    await page.getByRole('button', { name: 'Record the reason' }).click();
    await page.getByText(/Identity resolved by Dr M. Tandewright/).waitFor();
    expect(wrong).toEqual([]);
  });

  test('signing out forgets the token and asks for it again', async () => {
    await signInToList();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('sign out');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem('overread.token'))).toBeNull();
  });

  test('nothing readable of a patient lies in the browser’s stores', async () => {
    await signInToList();
    await page.waitForTimeout(500);
    const found = await storedWords(page);
    expect(found.size).toBeGreaterThan(10_000);
    expect(found.text).not.toMatch(/Quillfeather|Ottoline|LAR-882|reader-1|Tandewright/);
  });
});
