import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, expect, type Locator, type Page } from '@playwright/test';
import { calls } from '../../shared/api/index.ts';
import { wordsIn } from './section-words.ts';

export { caretOf, putCaretAt, wordsIn } from './section-words.ts';

/** The words of a section come to be these: what `toHaveValue` says of a plain field. */
export async function expectWords(
  field: Locator,
  expected: string | RegExp,
  options: { readonly timeout?: number } = {},
): Promise<void> {
  const words = expect.poll(() => wordsIn(field), { timeout: options.timeout ?? 10_000 });
  await (typeof expected === 'string' ? words.toBe(expected) : words.toMatch(expected));
}

/** Debian's Chromium without a GPU; the flags of spec/toolchain.md. */
export const browserOptions = {
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
};

/** The browser shell as a user starts it, in a process of its own. */
export type Shell = {
  readonly url: string;
  readonly directory: string;
  readonly process: ChildProcess;
  /** What it printed. */
  printed(): string;
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** As `npm start` and `npm run host` start the program. */
const youngSpace = '--min-semi-space-size=16';
const serve = fileURLToPath(new URL('../../electron/serve.ts', import.meta.url));

export async function startShell(
  options: {
    readonly directory?: string;
    readonly port?: number;
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Shell> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'overread-e2e-')));
  const args = [
    youngSpace,
    serve,
    '--data',
    directory,
    '--no-open',
    '--port',
    String(options.port ?? 0),
    ...(options.args ?? []),
  ];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let asked = false;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // A host that dies by itself is why everything after it fails: its last words belong into the run's output.
  child.once('exit', (code, signal) => {
    if (!asked) process.stderr.write(`the shell ended by itself (${code ?? signal}):\n${text.slice(-4_000)}\n`);
  });
  const url = await new Promise<string>((resolve, reject) => {
    const read = (bytes: Buffer): void => {
      text += bytes.toString();
      const ready = /Overread ready (http:\/\/127\.0\.0\.1:\d+)\//.exec(text);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => reject(new Error(`the shell ended before it was ready:\n${text}`)));
  });
  return {
    url,
    directory,
    process: child,
    printed: () => text,
    kill: async () => {
      asked = true;
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      asked = true;
      child.kill('SIGTERM');
      await ended;
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What a page must never do, collected while it is open: uncaught errors and violations of the policy. */
export type Complaints = { readonly all: string[] };

export function listenForComplaints(page: Page): Complaints {
  const all: string[] = [];
  page.on('pageerror', (error) => all.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Refused to/.test(message.text()))
      all.push(`policy: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    all.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { all };
}

export async function signIn(
  page: Page,
  shell: Pick<Shell, 'url'>,
  userName = 'reader',
  password = 'demo',
): Promise<void> {
  await page.goto(`${shell.url}/`);
  await page.getByRole('textbox', { name: 'User name' }).fill(userName);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const grid = page.getByRole('grid', { name: 'Worklist' });
  const acknowledge = page.getByRole('button', { name: 'I understand' });
  await expect(grid.or(acknowledge).first()).toBeVisible({ timeout: 20_000 });
  if (await acknowledge.isVisible()) await acknowledge.click();
  await expect(grid).toBeVisible();
}

/** Narrows the list to one study by its accession number, and stands on its row: the next key is about it. */
export async function goToRow(page: Page, accession: string): Promise<void> {
  const row = page.getByRole('grid', { name: 'Worklist' }).getByRole('row', { name: accession }).first();
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Filter the list' }).fill(accession);
  // The list may still be without its rows: an Enter before them would go nowhere.
  await expect(row).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(row).toHaveAttribute('aria-selected', 'true');
}

/** The first account of a host that does not play the demo day. */
export async function firstAccount(
  shell: Pick<Shell, 'url'>,
  userName = 'reader',
  password = 'demo-password',
): Promise<void> {
  const made = await fetch(`${shell.url}${calls.firstAccount.path}`, {
    method: calls.firstAccount.method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userName, name: 'Dr M. Tandewright', password, npi: null }),
  });
  if (!made.ok) throw new Error(`the first account was refused: ${await made.text()}`);
}

export async function newPage(
  browser: Browser,
  size: { width: number; height: number } = { width: 1280, height: 800 },
): Promise<{ context: BrowserContext; page: Page; complaints: Complaints }> {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  return { context, page, complaints: listenForComplaints(page) };
}

export const launch = (): Promise<Browser> => chromium.launch(browserOptions);
