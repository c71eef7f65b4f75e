import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { instanceUidOf, type MadeStudy, studyUidOf } from '../bench/viewer/made-studies.ts';
import { storeMade } from '../bench/viewer/studies.ts';
import { startFaultProxy } from '../servers/fault-proxy/index.ts';
import { orthancMissing, startOrthanc } from '../servers/orthanc/index.ts';
import { firstAccount, launch, newPage, type Shell, signIn, startShell } from './overread.ts';
import { viewport } from './pixel-reading.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
const ct: MadeStudy = { number: 21, slices: 60, side: 256, syntax: 'explicit', description: 'CT of many slices' };
/** The middle slice hangs first. */
const middle = 31;
/** Milliseconds that this archive takes to describe a series, as one with many slices on a disk does. */
const describing = 4_000;

let browser: Browser;
let shell: Shell;
let orthanc: Awaited<ReturnType<typeof startOrthanc>>;
let proxy: Awaited<ReturnType<typeof startFaultProxy>>;

test.skip(orthancMissing !== null, orthancMissing ?? '');

test.beforeAll(async () => {
  test.setTimeout(240_000);
  orthanc = await startOrthanc();
  await storeMade(orthanc.restUrl, ct);
  proxy = await startFaultProxy({
    target: orthanc.url,
    rules: [{ path: /\/series\/[0-9.]+\/metadata$/, fault: { kind: 'delay', ms: describing } }],
  });
  shell = await startShell({
    args: ['--archive', proxy.url, '--empty', '--key-file', '--images-ahead-mb', '0'],
  });
  await firstAccount(shell);
  browser = await launch();
  mkdirSync(screens, { recursive: true });
});
test.afterAll(async () => {
  await browser?.close();
  await shell?.stop();
  await proxy?.stop();
  await orthanc?.stop();
});

/** The print of what the canvas holds. */
const drawnOn = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const drawn = document.querySelector<HTMLCanvasElement>('.viewport canvas')?.toDataURL() ?? 'no canvas';
    const print = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(drawn));
    return [...new Uint8Array(print)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  });

test('the first image of a large study is looked at while the archive describes the rest, and stays where it is', async () => {
  test.setTimeout(120_000);
  const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, shell, 'reader', 'demo-password');
  const row = page.getByRole('grid', { name: 'Worklist' }).locator('.worklist-rows [role=row]');
  await expect(row).toHaveCount(1, { timeout: 60_000 });
  const image = viewport(page);
  const described = page.waitForResponse((answer) =>
    /\/series\/[0-9.]+\/metadata$/.test(new URL(answer.url()).pathname),
  );
  let isDescribed = false;
  void described.then(() => {
    isDescribed = true;
  });
  await row.dblclick();

  await expect(image).toHaveAttribute('data-painted', 'true', { timeout: describing - 500 });
  await expect(image).toHaveAttribute('data-instance-uid', instanceUidOf(ct, middle));
  await expect(image).toHaveAttribute('data-study-uid', studyUidOf(ct));
  await expect(image).toContainText('one of 60 images: the others are being described');
  // Where it lies in its stack is not known yet, and not said.
  await expect(image).not.toHaveAttribute('data-slice', /.*/);
  await expect(image).not.toContainText('Slice');
  await expect(image).toContainText('BENCH');
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(screens, 'first-look-1280.png') });
  // What she does to it stays when the rest is there.
  await page.getByRole('button', { name: 'Lung', exact: true }).click();
  await expect(image).toContainText('W 1500 L -600');
  await page.waitForTimeout(200);
  const first = await drawnOn(page);
  // Keys that go to other images find none yet, and nothing of what they ask is kept from the rule that hangs the study.
  for (const key of ['ArrowDown', 'PageDown', 'End', 'Alt+2']) await page.keyboard.press(key);
  await expect(image).toHaveAttribute('data-instance-uid', instanceUidOf(ct, middle));
  expect(isDescribed).toBe(false);

  await expect(image).toHaveAttribute('data-slice', String(middle), { timeout: describing + 20_000 });
  await expect(image).toHaveAttribute('data-slices', '60');
  await expect(image).toHaveAttribute('data-painted', 'true');
  await expect(image).toHaveAttribute('data-instance-uid', instanceUidOf(ct, middle));
  await expect(image).not.toContainText('being described');
  await expect(page.getByRole('group', { name: /^Viewport/ })).toHaveCount(1);
  await expect(image).toContainText('W 1500 L -600');
  expect(await drawnOn(page)).toBe(first);
  await expect(image).not.toContainText(' of 60 images', { timeout: 30_000 });
  // One image was shown, at its own place in the stack.
  await expect(page.getByRole('list', { name: 'Series' }).getByRole('button')).toHaveAccessibleName(
    /1 of 60 images shown$/,
  );
  await page.screenshot({ path: join(screens, 'first-look-described-1280.png') });
  await page.keyboard.press('ArrowDown');
  await expect(image).toHaveAttribute('data-instance-uid', instanceUidOf(ct, middle + 1));
  await expect(image).toHaveAttribute('data-slice', String(middle + 1));
  expect(complaints.all).toEqual([]);
  await page.context().close();
});
