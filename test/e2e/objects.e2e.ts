import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { createArchiveClient } from '../../electron/host/archive/index.ts';
import { madeState, ownPlane } from '../imaging-golden/made-states.ts';
import {
  madeCda,
  madeEcg,
  madePdf,
  madePresentation,
  madeSegmentation,
  madeSlices,
} from '../imaging-page/made-study.ts';
import { orthancMissing, startOrthanc } from '../servers/orthanc/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import { firstAccount, launch, newPage, type Shell, signIn, startShell } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
/** Shutters in blue, a plane of its own and a line in the colours of layer and line; 45° is what cannot be shown. */
function colouredState(): Uint8Array {
  const green = [51_000, 18_000, 45_000];
  return madeState({
    name: 'coloured',
    elements: [
      ['00080018', 'UI', '2.25.4400.2.7'],
      ['00200013', 'IS', '7'],
      ['00700080', 'CS', 'COLOURS'],
      ['00181600', 'CS', 'CIRCULAR\\BITMAP'],
      ['00181610', 'IS', '32\\40'],
      ['00181612', 'IS', '34'],
      ['00181623', 'US', [0x6000]],
      ['00181624', 'US', [18_000, 34_000, 24_000]],
      ...ownPlane('6000', (row, column) => row > 40 && column > 60),
      ...ownPlane('6002', (row, column) => Math.abs(Math.hypot(row - 40, column - 30) - 9) < 0.7, 'MARKS'),
      [
        '00700060',
        'SQ',
        [
          [
            ['00700002', 'CS', 'MARKS'],
            ['00700062', 'IS', '1'],
            ['00700401', 'US', green],
          ],
        ],
      ],
      ['00700042', 'US', [45]],
      [
        '00700001',
        'SQ',
        [
          [
            ['00700002', 'CS', 'MARKS'],
            [
              '00700009',
              'SQ',
              [
                [
                  ['00700005', 'CS', 'PIXEL'],
                  ['00700022', 'FL', [10, 20, 40, 20]],
                  ['00700023', 'CS', 'POLYLINE'],
                  [
                    '00700232',
                    'SQ',
                    [
                      [
                        ['00700253', 'FL', [2]],
                        ['00700254', 'CS', 'DASHED'],
                      ],
                    ],
                  ],
                ],
              ],
            ],
          ],
        ],
      ],
    ],
  });
}

/** Objects that are no images, in somebody else's archive, through the host and under its policy. */
test.describe('objects beside the images', () => {
  test.skip(orthancMissing !== null, orthancMissing ?? '');
  let browser: Browser;
  let shell: Shell;
  let orthanc: Awaited<ReturnType<typeof startOrthanc>>;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    mkdirSync(screens, { recursive: true });
    orthanc = await startOrthanc();
    const archive = createArchiveClient({
      name: 'orthanc',
      baseUrl: orthanc.url,
      credentials: { kind: 'none' },
      fetch: (request) => fetch(request),
      ports: testPorts(),
    });
    const document = await PDFDocument.create();
    const font = await document.embedFont('Helvetica');
    document.addPage([400, 500]).drawText('Letter of the practice', { x: 40, y: 420, size: 24, font });
    const pdf = await document.save();
    const files = [
      ...madeSlices(),
      madePresentation(),
      colouredState(),
      madeSegmentation(),
      madeEcg(),
      madePdf(pdf),
      madeCda(),
    ];
    for (const bytes of files) expect((await archive.store(bytes)).ok).toBe(true);
    shell = await startShell({ args: ['--archive', orthanc.url, '--empty', '--key-file'] });
    await firstAccount(shell);
    browser = await launch();
  });
  test.afterAll(async () => {
    await browser?.close();
    await shell?.stop();
    await orthanc?.stop();
  });

  async function open(page: Page, patient: string): Promise<void> {
    const rows = page.getByRole('grid', { name: 'Worklist' }).locator('.worklist-rows [role=row]');
    await expect(rows).toHaveCount(1, { timeout: 90_000 });
    await rows.filter({ hasText: patient }).first().click();
    await page.keyboard.press('l');
    await page.getByRole('list', { name: 'Series' }).waitFor({ timeout: 30_000 });
  }

  for (const size of [
    { width: 1280, height: 800 },
    { width: 2560, height: 1440 },
  ])
    test(`are shown at ${size.width} by keys alone, each with its mark, and break no policy`, async () => {
      test.setTimeout(180_000);
      const { page, context, complaints } = await newPage(browser, size);
      await signIn(page, shell, 'reader', 'demo-password');
      await open(page, 'Odette');
      const viewport = page.getByRole('group', { name: 'Viewport 1' });
      await expect(viewport).toHaveAttribute('data-painted', 'true', { timeout: 30_000 });
      await page.keyboard.press('Home');
      await expect(viewport).toHaveAttribute('data-slice', '1');
      await page.keyboard.press('Alt+Shift+P');
      await expect(viewport).toContainText('Presentation state applied: SURGEON for the theatre, by MEIER ANNA');
      await expect(page.locator('.presented text')).toHaveText('WORDS <b>of elsewhere</b>');
      await page.screenshot({ path: join(screens, `objects-presentation-${size.width}.png`) });
      await page.keyboard.press('Alt+Shift+P');
      await expect(viewport).toContainText(
        'COLOURS for the theatre, by MEIER ANNA, at 2026-03-01 12:00 site’s zone; not all of this presentation state is shown: its rotation by 45°',
      );
      await expect(page.getByRole('img', { name: 'Overlay planes of the presentation state' })).toHaveCount(1);
      await expect(page.getByRole('img', { name: 'Bitmap shutter of the presentation state' })).toHaveCount(1);
      await page.screenshot({ path: join(screens, `objects-state-colours-${size.width}.png`) });
      await page.keyboard.press('Alt+Shift+P');
      await expect(page.locator('.presented')).toHaveCount(0);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Alt+Shift+G');
      await expect(page.getByRole('img', { name: 'Segments' })).toHaveAttribute('data-places', '2', {
        timeout: 20_000,
      });
      await page.screenshot({ path: join(screens, `objects-segments-${size.width}.png`) });

      const panel = page.getByRole('region', { name: 'Document' });
      const next = async (words: RegExp): Promise<void> => {
        for (let step = 0; step < 16; step += 1) {
          await page.keyboard.press('Alt+Shift+R');
          // A document that comes late is met again on the next round through all of them.
          const isIt = await panel
            .filter({ hasText: words })
            .waitFor({ timeout: 700 })
            .then(
              () => true,
              () => false,
            );
          if (isIt) return;
        }
        throw new Error(`no document says ${words}`);
      };
      await next(/12-lead ECG/);
      await expect(panel).toContainText('Sinus rhythm <i>by machine</i>');
      await expect(panel).toContainText('small square 40 ms × 0.10 mV');
      await page.screenshot({ path: join(screens, `objects-ecg-${size.width}.png`) });
      await next(/Letter of the practice/);
      await expect(panel.getByRole('img', { name: 'Letter of the practice' })).toBeVisible({ timeout: 30_000 });
      await page.waitForSelector('.pdf-page canvas[data-page="1"]');
      await page.screenshot({ path: join(screens, `objects-pdf-${size.width}.png`) });
      await next(/Not drawn: a clinical document in XML/);
      expect(complaints.all).toEqual([]);
      await context.close();
    });
});
