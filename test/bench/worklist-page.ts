import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { secured } from '../../electron/host/routes/headers.ts';
import { servePage } from '../../electron/host/routes/page.ts';
import { createGeneratedHost, type GeneratedHost, generatedRow } from '../../renderer/app/testing/generated-host.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { instant } from '../../shared/lib/instant.ts';

/** What one list of so many rows took, in milliseconds from the key or the event to the painted row. */
export type ListFigures = {
  readonly filterAndSort: number;
  readonly filter: number;
  readonly sort: number;
  /** The slower of a letter typed into the search and its taking back, which brings every row again. */
  readonly firstRows: number;
  readonly oneRow: number;
  readonly coldStart: number;
  readonly delta: number;
};

export type PageBench = {
  /** One round with a list of that many rows, in a browser profile of its own. */
  measure(rows: number): Promise<ListFigures>;
  /** Whether the newest of ten thousand studies, a STAT that has just come, stands on row 1. */
  newestIsFirst(): Promise<boolean>;
  close(): Promise<void>;
};

const middleOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Every number is taken inside the page, from the event to the frame in which its outcome is painted. */
async function untilPainted(page: Page, what: 'filter' | 'sort'): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve, reject) => {
        const grid = document.querySelector('[role=grid][aria-label="Worklist"]');
        const button =
          wanted === 'sort'
            ? [...document.querySelectorAll<HTMLElement>('[role=columnheader] button')].find((one) =>
                one.textContent?.startsWith('Patient'),
              )
            : [...document.querySelectorAll<HTMLElement>('button')].find((one) => one.textContent?.trim() === 'CT');
        if (grid === null || button === undefined) {
          reject(new Error(`the page has nothing to ${wanted}`));
          return;
        }
        const before = firstRow();
        const started = performance.now();
        button.click();
        const look = (): void => {
          if (performance.now() - started > 20_000) {
            reject(new Error(`nothing came of ${wanted}`));
            return;
          }
          // The row on top differs: the outcome is in the page; the next message after a frame comes when it is painted.
          if (firstRow() !== before) {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => resolve(performance.now() - started);
            channel.port2.postMessage(null);
          } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
        function firstRow(): string {
          const rows = [...document.querySelectorAll<HTMLElement>('.worklist-rows [role=row]')];
          const top = rows.sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)[0];
          return `${top?.getAttribute('aria-label')} of ${document.querySelector('.worklist-grid')?.getAttribute('aria-rowcount') ?? ''}`;
        }
      }),
    what,
  );
}

/** Milliseconds from a key press, as the browser stamps it, to the frame in which other rows are painted. */
async function untilKeyPainted(page: Page, key: string): Promise<number> {
  // Answered once the page listens: a key that comes before would be waited for for ever.
  await page.evaluate(() => {
    Object.assign(window, {
      keyPainted: new Promise<number>((resolve, reject) => {
        const shown = (): string =>
          `${document.querySelector('.worklist-rows [role=row]')?.getAttribute('aria-label')} of ${document.querySelector('.worklist-grid')?.getAttribute('aria-rowcount') ?? ''}`;
        const before = shown();
        addEventListener(
          'keydown',
          ({ timeStamp }) => {
            const look = (): void => {
              if (performance.now() - timeStamp > 20_000) reject(new Error('nothing came of the key'));
              else if (shown() === before) requestAnimationFrame(look);
              else {
                const channel = new MessageChannel();
                channel.port1.onmessage = () => resolve(performance.now() - timeStamp);
                channel.port2.postMessage(null);
              }
            };
            requestAnimationFrame(look);
          },
          { capture: true, once: true },
        );
      }),
    });
  });
  await page.keyboard.press(key);
  return page.evaluate(() => (window as unknown as { keyPainted: Promise<number> }).keyPainted);
}

/** The number of the generated row that stands on top: what changes in it is in sight. */
async function topRow(page: Page): Promise<number> {
  const id = await page.locator('.worklist-rows [role=row]').evaluateAll((found) => {
    const tops = found.map((row) => ({ id: row.id, top: row.getBoundingClientRect().top }));
    return tops.sort((one, other) => one.top - other.top)[0]?.id ?? '';
  });
  const number = Number(/^row-task-(\d+)$/.exec(id)?.[1] ?? Number.NaN);
  if (Number.isNaN(number)) throw new Error(`the top row is none of the generated ones: ${id}`);
  return number;
}

/** Opens the built page under the production policy against a generated host. */
export async function openPageBench(): Promise<PageBench> {
  const folder = await mkdtemp(join(tmpdir(), 'overread-bench-page-'));
  process.env.NODE_ENV = 'production';
  await build({ configFile: 'vite.config.ts', logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  let host: GeneratedHost = createGeneratedHost({ rows: 1, now: () => Date.now() });
  /** While true the host answers no list: what is on screen comes from the mirror. */
  let holdsList = false;
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === '/api/worklist' && holdsList) return secured(new Response('held', { status: 503 }));
      if (pathname.startsWith('/api') || pathname === '/events') return secured(await host.fetch(request));
      const { response, immutable } = await servePage(folder, request);
      return secured(response, immutable ? 'immutable' : 'no-store');
    },
  });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser: Browser = await chromium.launch({
    executablePath: process.env.OVERREAD_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });

  const openList = async (rows: number): Promise<Page> => {
    host = createGeneratedHost({ rows, now: () => Date.now() });
    host.acknowledged = true;
    holdsList = false;
    const context = await browser.newContext({ viewport: { width: 1280, height: 1100 } });
    const page = await context.newPage();
    await page.addInitScript(() => {
      // The moment of the first painted row, from the start of the navigation.
      const observer = new MutationObserver(() => {
        if (document.querySelector('.worklist-rows [role=row]') === null) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => Object.assign(window, { firstRowAt: performance.now() });
          channel.port2.postMessage(null);
        });
      });
      observer.observe(document, { childList: true, subtree: true });
    });
    await page.goto(origin);
    await page.getByRole('textbox', { name: 'User name' }).fill('reader');
    await page.getByRole('textbox', { name: 'Password' }).fill('demo');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.worklist-rows [role=row]').first().waitFor({ timeout: 120_000 });
    await page.mouse.move(5, 5);
    return page;
  };

  /** Milliseconds from the host's word of a change to the row that shows it. */
  const changeShown = async (page: Page, words: string, change: () => void): Promise<number> => {
    const shown = page.evaluate(
      (wanted) =>
        new Promise<number>((resolve, reject) => {
          const until = performance.now() + 60_000;
          const look = (): void => {
            if (document.querySelector('.worklist-rows')?.textContent?.includes(wanted) === true)
              resolve(performance.timeOrigin + performance.now());
            else if (performance.now() > until) reject(new Error(`no row shows "${wanted}"`));
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }),
      words,
    );
    const started = performance.timeOrigin + performance.now();
    change();
    return (await shown) - started;
  };

  const changed = (index: number, words: string) => {
    const row = host.rows.get(`task-${index}` as TaskId);
    if (row === undefined) throw new Error(`the list has no row ${index}`);
    return { ...row, procedure: words };
  };

  return {
    measure: async (rows) => {
      const page = await openList(rows);
      const times: { readonly filter: number; readonly sort: number }[] = [];
      // The page settles after its first load: the first goes uncounted.
      for (let turn = 0; turn < 4; turn += 1) {
        const filter = await untilPainted(page, 'filter');
        const sort = await untilPainted(page, 'sort');
        await page.keyboard.press('Escape');
        await untilPainted(page, 'filter');
        if (turn > 0) times.push({ filter, sort });
        await page.waitForTimeout(300);
      }
      await page.keyboard.press('Escape');
      await page.waitForTimeout(500);
      const keys: number[] = [];
      await page.getByRole('searchbox').first().focus();
      for (let turn = 0; turn < 4; turn += 1) {
        // A digit: every generated row has most letters somewhere, and a key that narrows nothing would never show.
        const typed = await untilKeyPainted(page, '3');
        const back = await untilKeyPainted(page, 'Backspace');
        if (turn > 0) keys.push(Math.max(typed, back));
        await page.waitForTimeout(200);
      }
      await page.keyboard.press('Escape');
      await page.mouse.move(5, 5);
      await page.waitForTimeout(500);
      const top = await topRow(page);
      const row = await changeShown(page, 'One row differs', () => host.change([changed(top, 'One row differs')]));
      const others = Array.from({ length: 100 }, (_unused, place) => place).filter((place) => place !== top);
      const several = [top, ...others.slice(0, 99)].map((place) => changed(place, `Changed ${place} `));
      const delta = await changeShown(page, `Changed ${top} `, () => host.change(several));
      // The mirror has what the list showed: from here it is all there is.
      await page.waitForTimeout(rows > 10_000 ? 15_000 : 3_000);
      holdsList = true;
      await page.reload();
      await page.locator('.worklist-rows [role=row]').first().waitFor({ timeout: 120_000 });
      await page.waitForFunction(() => 'firstRowAt' in window);
      const coldStart = await page.evaluate(() => (window as unknown as { firstRowAt: number }).firstRowAt);
      await page.context().close();
      return {
        filterAndSort: middleOf(times.map(({ filter, sort }) => filter + sort)),
        filter: middleOf(times.map(({ filter }) => filter)),
        sort: middleOf(times.map(({ sort }) => sort)),
        firstRows: middleOf(keys),
        oneRow: row,
        coldStart,
        delta,
      };
    },
    newestIsFirst: async () => {
      const page = await openList(10_000);
      const newest = {
        ...generatedRow(20_005, Date.now()),
        procedure: 'The newest study',
        priority: 'stat' as const,
        state: 'queued' as const,
        dueAt: instant(Date.now() - 60 * 60_000),
        mayRead: { allowed: true as const },
      };
      host.change([newest]);
      // A list under the hand holds its changes; U shows them.
      await page.waitForTimeout(1_500);
      await page.keyboard.press('u');
      await page.waitForTimeout(500);
      const first = await page.locator('.worklist-rows [role=row]').evaluateAll((found) => {
        const top = found.sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)[0];
        return top?.textContent ?? '';
      });
      await page.context().close();
      return first.includes('The newest study');
    },
    close: async () => {
      await browser.close();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
