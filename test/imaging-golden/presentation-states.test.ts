import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { madeColumns, madeRows, madeSlices, madeStudyUid } from '../imaging-page/made-study.ts';
import { type StaticDicomweb, staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { type GoldenPage, hasChromium, openGoldenPage } from './golden-page.ts';
import { madeState, madeStates } from './made-states.ts';
import { missingDecoders } from './other-decoders.ts';

const run = promisify(execFile);
const pixels = madeRows * madeColumns;
const shutterGrey = 117;

describe.skipIf(!hasChromium || missingDecoders.length > 0)('golden: presentation states', () => {
  let folder = '';
  let golden: GoldenPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-golden-states-'));
    const archives: Record<string, StaticDicomweb> = {};
    for (const [at, state] of madeStates.entries()) {
      const own = join(folder, String(at));
      await mkdir(own);
      await writeFile(join(own, 'image.dcm'), madeSlices(1)[0] ?? new Uint8Array());
      await writeFile(join(own, 'state.dcm'), madeState(state));
      archives[`state-${at}`] = await staticDicomweb([own]);
    }
    golden = await openGoldenPage(archives, 'cpu');
  }, 180_000);
  afterAll(async () => {
    await golden?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function byDcmtk(at: number): Promise<readonly number[]> {
    const own = join(folder, String(at));
    const out = join(own, 'presented.pgm');
    await run('dcmp2pgm', ['-p', join(own, 'state.dcm'), join(own, 'image.dcm'), out]);
    return [...(await readFile(out)).subarray(-pixels)];
  }

  /** What stands on the screen at the middle of every image pixel, with all that lies over the image; the words beside it aside. */
  async function onScreen(): Promise<readonly number[]> {
    const viewport = golden.page.getByRole('group', { name: 'Viewport 1' });
    await viewport.evaluate((element) => {
      for (const part of element.querySelectorAll<HTMLElement>('*'))
        if (
          part.closest('canvas, svg.presented, .viewport-surface') === null &&
          part.querySelector('canvas, svg') === null
        )
          part.style.visibility = 'hidden';
    });
    const picture = (await viewport.locator('.viewport-surface').screenshot()).toString('base64');
    return golden.page.evaluate(
      async ([base64, rows, columns]) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        if (context === null) throw new Error('nothing to draw on');
        context.drawImage(bitmap, 0, 0);
        const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        const scale = Math.min(width / columns, height / rows);
        return Array.from({ length: rows * columns }, (_, at) => {
          const x = Math.floor(width / 2 + ((at % columns) + 0.5 - columns / 2) * scale);
          const y = Math.floor(height / 2 + (Math.floor(at / columns) + 0.5 - rows / 2) * scale);
          return data[(y * width + x) * 4] ?? 0;
        });
      },
      [picture, madeRows, madeColumns] as const,
    );
  }

  test.each(madeStates.map((state, at) => [state.name, at] as const))(
    '%s is drawn as dcmtk draws it, and as the clause says where dcmtk draws nothing',
    async (_, at) => {
      const { page } = golden;
      const { covers, draws } = madeStates[at] ?? {};
      const expected = (await byDcmtk(at)).map((grey, pixel) => {
        const place = [pixel % madeColumns, Math.floor(pixel / madeColumns)] as const;
        return draws?.(...place) === true ? 255 : covers?.(...place) === true ? shutterGrey : grey;
      });
      const isCut = (pixel: number): boolean => {
        const x = pixel % madeColumns;
        const y = Math.floor(pixel / madeColumns);
        const here = covers?.(x, y);
        return [-1, 0, 1].some((dx) => [-1, 0, 1].some((dy) => covers?.(x + dx, y + dy) !== here));
      };
      await page.evaluate(([uid, archive]) => window.probe.open(uid, null, archive), [
        madeStudyUid,
        `state-${at}`,
      ] as const);
      await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"]');
      await page.keyboard.press('Alt+Shift+P');
      const viewport = page.getByRole('group', { name: 'Viewport 1' });
      await viewport.getByText('Presentation state applied').waitFor();
      const said = await viewport.textContent();
      expect(said).not.toContain('not all of this');
      // At the rim of the bright corner the canvas goes between pixels; dcmtk goes between the entries of a Presentation LUT.
      const wrong = (drawn: readonly number[]): readonly string[] =>
        drawn.flatMap((grey, pixel) => {
          const x = pixel % madeColumns;
          const y = Math.floor(pixel / madeColumns);
          const isRim = x < 9 && y < 9;
          return isRim || isCut(pixel) || Math.abs(grey - (expected[pixel] ?? 0)) <= 3
            ? []
            : [`${x},${y}: ${grey} for ${expected[pixel]}`];
        });
      await expect.poll(async () => wrong(await onScreen())).toEqual([]);
      expect(new Set(expected).size).toBeGreaterThan(20);
      expect(await golden.errors()).toEqual([]);
    },
  );
});
