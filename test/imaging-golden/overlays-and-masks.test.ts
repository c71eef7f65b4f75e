import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrameOverlay, isOverlaid } from '../../renderer/imaging/overlay-planes.ts';
import { type BuiltElement, buildPart10 } from '../builders/part10.ts';
import { madePresentation, madeSlices, madeStudyUid } from '../imaging-page/made-study.ts';
import { filesBelow, hasSharedData, sharedData } from '../servers/shared-data.ts';
import { type StaticDicomweb, staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { type GoldenPage, hasChromium, openGoldenPage } from './golden-page.ts';
import { missingDecoders } from './other-decoders.ts';

const run = promisify(execFile);
const here = hasChromium && missingDecoders.length === 0;
const rows = 40;
const columns = 56;

/** Every bit by chance, always the same: a bit out of its place is seen. */
const noise = (bits: number): Uint8Array =>
  Uint8Array.from({ length: Math.ceil(bits / 8) }, (_, at) => ((at + 1) * 2_654_435_761) >>> 21);

type Plane = {
  readonly group: string;
  readonly rows: number;
  readonly columns: number;
  /** Row, then column, from 1. */
  readonly origin: readonly [number, number];
  readonly type?: 'G' | 'R';
  readonly frames?: number;
  readonly firstFrame?: number;
};
type Made = {
  readonly name: string;
  readonly frames?: number;
  readonly planes: readonly Plane[];
  readonly convert?: string;
};

const whole = { group: '6000', rows, columns, origin: [1, 1] } as const;
const made: readonly Made[] = [
  { name: 'a plane over the whole image', planes: [whole] },
  { name: 'a small one that begins outside', planes: [{ group: '6000', rows: 13, columns: 21, origin: [-3, -6] }] },
  { name: 'one beyond the right and lower edge', planes: [{ group: '6002', rows: 30, columns: 45, origin: [25, 33] }] },
  {
    name: 'two groups, a region and graphics',
    planes: [
      { group: '6004', rows: 9, columns: 11, origin: [4, 5], type: 'R' },
      { group: '601E', rows: 7, columns: 30, origin: [20, 2] },
    ],
  },
  {
    name: 'frames of their own, from the second on, that share bytes',
    frames: 4,
    planes: [{ group: '6000', rows: 7, columns: 13, origin: [3, 3], frames: 2, firstFrame: 2 }],
  },
  { name: 'in big endian', planes: [whole], convert: '+tb' },
  { name: 'in implicit little endian', planes: [whole], convert: '+ti' },
  { name: 'deflated', planes: [whole], convert: '+td' },
];

function object({ frames = 1, planes }: Made, index: number): Uint8Array {
  const pixels = new Uint16Array(rows * columns * frames);
  return buildPart10([
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7'],
    ['00080018', 'UI', `2.25.4500.${index}.1.1`],
    ['00080060', 'CS', 'OT'],
    ['00100010', 'PN', 'OVERLAY^OLGA'],
    ['00100020', 'LO', 'OVERLAY'],
    ['0020000D', 'UI', `2.25.4500.${index}`],
    ['0020000E', 'UI', `2.25.4500.${index}.1`],
    ['00200013', 'IS', '1'],
    ['00280002', 'US', [1]],
    ['00280004', 'CS', 'MONOCHROME2'],
    ...(frames === 1 ? [] : ([['00280008', 'IS', String(frames)]] as const)),
    ['00280010', 'US', [rows]],
    ['00280011', 'US', [columns]],
    ['00280100', 'US', [16]],
    ['00280101', 'US', [12]],
    ['00280102', 'US', [11]],
    ['00280103', 'US', [0]],
    ['00281050', 'DS', '2000'],
    ['00281051', 'DS', '100'],
    ...planes.flatMap((plane): BuiltElement[] => [
      [`${plane.group}0010`, 'US', [plane.rows]],
      [`${plane.group}0011`, 'US', [plane.columns]],
      ...(plane.frames === undefined ? [] : [[`${plane.group}0015`, 'IS', String(plane.frames)] as const]),
      [`${plane.group}0022`, 'LO', `PLANE ${plane.group}`],
      [`${plane.group}0040`, 'CS', plane.type ?? 'G'],
      [`${plane.group}0050`, 'SS', plane.origin],
      ...(plane.firstFrame === undefined ? [] : [[`${plane.group}0051`, 'US', [plane.firstFrame]] as const]),
      [`${plane.group}0100`, 'US', [1]],
      [`${plane.group}0102`, 'US', [0]],
      [`${plane.group}3000`, 'OW', noise(plane.rows * plane.columns * (plane.frames ?? 1))],
    ]),
    ['7FE00010', 'OW', new Uint8Array(pixels.buffer)],
  ]);
}

/** A presentation state with a window and a Presentation LUT of 12 bits that bends it; upright, without graphics. */
function tableState(): Uint8Array {
  const entries = Array.from({ length: 256 }, (_, at) => Math.round(4095 * (at / 255) ** 2));
  return madePresentation([
    ['00080050', 'SH', ''],
    ['00080070', 'LO', 'Made'],
    ['00080090', 'PN', ''],
    ['00081111', 'SQ', []],
    ['00181600', 'CS', ''],
    ['00200010', 'SH', '1'],
    ['00700001', 'SQ', []],
    ['00700042', 'US', [0]],
    [
      '0070005A',
      'SQ',
      [
        [
          ['00700052', 'SL', [1, 1]],
          ['00700053', 'SL', [80, 64]],
          ['00700100', 'CS', 'SCALE TO FIT'],
          ['00700102', 'IS', '1\\1'],
        ],
      ],
    ],
    ['00700060', 'SQ', []],
    [
      '20500010',
      'SQ',
      [
        [
          ['00283002', 'US', [256, 0, 12]],
          ['00283006', 'US', entries],
        ],
      ],
    ],
    ['20500020', 'CS', ''],
  ]);
}

/** An angiogram of 4 frames: bone that stays, a vessel that fills from frame 3 on. Frames 1 and 2 are its mask. */
function angiogram(): Uint8Array {
  const pixels = new Uint16Array(rows * columns * 4);
  for (let frame = 0; frame < 4; frame += 1)
    for (let at = 0; at < rows * columns; at += 1) {
      const bone = at % columns < 20 ? 300 : 0;
      const vessel = frame >= 2 && Math.floor(at / columns) === 12 ? 200 : 0;
      pixels[frame * rows * columns + at] = 2000 - bone - vessel + (frame === 1 ? 2 : 0);
    }
  return buildPart10([
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.12.1'],
    ['00080018', 'UI', '2.25.4500.90.1.1'],
    ['00080060', 'CS', 'XA'],
    ['00100010', 'PN', 'ANGIO^ANNE'],
    ['00100020', 'LO', 'MASKS'],
    ['00181063', 'DS', '250'],
    ['0020000D', 'UI', '2.25.4500.90'],
    ['0020000E', 'UI', '2.25.4500.90.1'],
    ['00200013', 'IS', '1'],
    ['00280002', 'US', [1]],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280008', 'IS', '4'],
    ['00280010', 'US', [rows]],
    ['00280011', 'US', [columns]],
    ['00280100', 'US', [16]],
    ['00280101', 'US', [12]],
    ['00280102', 'US', [11]],
    ['00280103', 'US', [0]],
    ['00281040', 'CS', 'LOG'],
    ['00281050', 'DS', '2000'],
    ['00281051', 'DS', '1000'],
    ['00281090', 'CS', 'SUB'],
    [
      '00286100',
      'SQ',
      [
        [
          ['00286101', 'CS', 'AVG_SUB'],
          ['00286102', 'US', [3, 4]],
          ['00286110', 'US', [1, 2]],
        ],
      ],
    ],
    ['7FE00010', 'OW', new Uint8Array(pixels.buffer)],
  ]);
}

/** 1 where any plane is set, within the image. */
function maskOf(overlays: readonly FrameOverlay[], height: number, width: number): Uint8Array {
  const mask = new Uint8Array(height * width);
  for (const overlay of overlays)
    for (let row = 0; row < overlay.rows; row += 1)
      for (let column = 0; column < overlay.columns; column += 1) {
        const y = row + overlay.top;
        const x = column + overlay.left;
        if (y >= 0 && x >= 0 && y < height && x < width && isOverlaid(overlay, row, column)) mask[y * width + x] = 1;
      }
  return mask;
}

/** The same by dcmtk: all values black, overlays white over them. */
async function byDcmtk(file: string, frame: number, folder: string): Promise<Uint8Array> {
  const out = join(folder, 'overlaid.pgm');
  await run('dcm2pnm', ['+F', String(frame), '+Ww', '30000', '10', '+O', '0', '+Omr', '+op', file, out]);
  const drawn = await readFile(out);
  const [, width = '0', height = '0'] = /^P5\s+(?:#.*\n)?(\d+)\s+(\d+)\s/.exec(drawn.toString('latin1')) ?? [];
  return Uint8Array.from(drawn.subarray(drawn.length - Number(width) * Number(height)), (grey) => (grey > 127 ? 1 : 0));
}

describe.skipIf(!here)('golden: overlay planes and subtracted masks', () => {
  let folder = '';
  let golden: GoldenPage;
  const archives: Record<string, StaticDicomweb> = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-golden-overlays-'));
    for (const [index, one] of made.entries()) {
      const file = join(folder, `${index}.dcm`);
      await writeFile(file, object(one, index + 1));
      if (one.convert !== undefined) await run('dcmconv', [one.convert, file, file]);
      archives[`made-${index}`] = await staticDicomweb([file]);
    }
    await writeFile(join(folder, 'angiogram.dcm'), angiogram());
    archives.angiogram = await staticDicomweb([join(folder, 'angiogram.dcm')]);
    await mkdir(join(folder, 'presented'));
    await writeFile(join(folder, 'presented', 'image.dcm'), madeSlices(1)[0] ?? new Uint8Array());
    await writeFile(join(folder, 'presented', 'state.dcm'), tableState());
    archives.presented = await staticDicomweb([join(folder, 'presented')]);
    if (hasSharedData)
      archives.real = await staticDicomweb(filesBelow(join(sharedData, 'dicom', 'studies', 'mr-liver-overlay')));
    golden = await openGoldenPage(archives, 'cpu');
  }, 180_000);
  afterAll(async () => {
    await golden?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function overlaysInPage(instanceUid: string, frame: number): Promise<readonly FrameOverlay[]> {
    const found = await golden.page.evaluate(
      async ([uid, number]) => {
        for (const series of window.golden?.series ?? []) {
          const reference = series.frames.find((one) => one.instanceUid === uid && one.frame === number);
          const state = reference === undefined ? undefined : await window.golden?.images.want(series, reference);
          if (state?.kind === 'loaded')
            return (state.frame.overlays ?? []).map(({ bits, ...plane }) => ({ ...plane, bits: [...bits] }));
        }
        throw new Error('no such frame');
      },
      [instanceUid, frame] as const,
    );
    return found.map((one) => ({ ...one, bits: Uint8Array.from(one.bits) }));
  }

  async function held(archive: string): Promise<number> {
    const [studyUid = ''] = archives[archive]?.studies ?? [];
    const [{ file = '' } = {}] = archives[archive]?.files(studyUid) ?? [];
    let set = 0;
    for (const { instanceUid, frame, words } of await golden.open(archive, studyUid)) {
      expect(words).toBe('');
      const expected = await byDcmtk(file, frame, folder);
      const overlays = await overlaysInPage(instanceUid, frame);
      const height = archive === 'real' ? 300 : rows;
      const mask = maskOf(overlays, height, expected.length / height);
      expect(Buffer.compare(mask, expected), `${archive} frame ${frame}`).toBe(0);
      set += mask.reduce((sum, bit) => sum + bit, 0);
    }
    return set;
  }

  test.each(made.map((one, index) => [one.name, index] as const))('%s lies where dcmtk draws it', async (_, index) => {
    expect(await held(`made-${index}`)).toBeGreaterThan(20);
  });

  test.skipIf(!hasSharedData)('the overlay of a real MR lies where dcmtk draws it', async () => {
    expect(await held('real')).toBeGreaterThan(20);
  });

  test('it is drawn pixel by pixel over the picture, named, hidden by key, and no part of the values', async () => {
    const { page } = golden;
    await page.evaluate(() => window.probe.open('2.25.4500.2', null, 'made-1'));
    const viewport = page.getByRole('group', { name: 'Viewport 1' });
    await viewport.getByText('overlay shown: PLANE 6000').waitFor();
    const layer = viewport.getByRole('img', { name: 'Overlay planes of the image' });
    await layer.waitFor();
    const drawn = await page.evaluate(
      ([height, width]) => {
        const canvas = document.querySelector<HTMLCanvasElement>('canvas.overlay-planes');
        const context = canvas?.getContext('2d');
        if (canvas === null || context == null) throw new Error('nothing is drawn');
        const scale = Math.min(canvas.width / width, canvas.height / height);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        return Array.from({ length: height * width }, (_, at) => {
          const x = Math.floor(canvas.width / 2 + ((at % width) + 0.5 - width / 2) * scale);
          const y = Math.floor(canvas.height / 2 + (Math.floor(at / width) + 0.5 - height / 2) * scale);
          return (data[(y * canvas.width + x) * 4 + 3] ?? 0) > 127 ? 1 : 0;
        });
      },
      [rows, columns] as const,
    );
    expect(drawn).toEqual([...(await byDcmtk(join(folder, '1.dcm'), 1, folder))]);
    await page.keyboard.press('Alt+Shift+O');
    await viewport.getByText('overlay hidden (Alt+Shift+O)').waitFor();
    expect(await layer.count()).toBe(0);
    await page.keyboard.press('Alt+Shift+O');
    await layer.waitFor();
    await golden.open('made-1', '2.25.4500.2');
    const values = await golden.values({ instanceUid: '2.25.4500.2.1.1', frame: 1 });
    expect(values.every((value) => value === 0)).toBe(true);
    expect(await golden.errors()).toEqual([]);
  });

  test('a presentation state’s window and Presentation LUT give the greys that dcmtk gives, and say that they do', async () => {
    const { page } = golden;
    const out = join(folder, 'presented.pgm');
    const [state, image] = ['state.dcm', 'image.dcm'].map((name) => join(folder, 'presented', name));
    await run('dcmp2pgm', ['-p', state ?? '', image ?? '', out]);
    const expected = (await readFile(out)).subarray(-80 * 64);
    await page.evaluate((uid) => window.probe.open(uid, null, 'presented'), madeStudyUid);
    await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"]');
    await page.keyboard.press('Alt+Shift+P');
    const viewport = page.getByRole('group', { name: 'Viewport 1' });
    await viewport.getByText('W 600 L 1400, presentation table').waitFor();
    expect(await viewport.textContent()).not.toContain('without');
    const readGreys = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.viewport canvas');
        const context = canvas?.getContext('2d');
        if (canvas === null || context == null) throw new Error('nothing is drawn');
        const scale = Math.min(canvas.width / 80, canvas.height / 64);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        return Array.from({ length: 80 * 64 }, (_, at) => {
          const x = Math.floor(canvas.width / 2 + ((at % 80) + 0.5 - 40) * scale);
          const y = Math.floor(canvas.height / 2 + (Math.floor(at / 80) + 0.5 - 32) * scale);
          return data[(y * canvas.width + x) * 4] ?? 0;
        });
      });
    // dcmtk goes between the entries of the table by straight lines; at the rim of the bright corner the canvas does so between pixels.
    const apart = (drawn: readonly number[]): number =>
      Math.max(...drawn.map((grey, at) => (at % 80 < 9 && at < 9 * 80 ? 0 : Math.abs(grey - (expected[at] ?? 0)))));
    // The corner says it with the step that draws it, a frame before the canvas has it.
    await expect.poll(async () => apart(await readGreys())).toBeLessThanOrEqual(3);
    expect(new Set(await readGreys()).size).toBeGreaterThan(20);
    expect(await golden.errors()).toEqual([]);
  });

  test('a mask is subtracted on request, says that it is computed, and measurements stay those of the frame', async () => {
    const { page } = golden;
    await page.evaluate(() => window.probe.open('2.25.4500.90', null, 'angiogram'));
    const viewport = page.getByRole('group', { name: 'Viewport 1' });
    await viewport.getByText('names a mask: subtract with Alt+Shift+D').waitFor();
    /** Greys of three places: vessel over bone, bone beside it, soft tissue. */
    const greys = () =>
      page.evaluate(
        ([height, width]) => {
          const canvas = document.querySelector<HTMLCanvasElement>('.viewport canvas');
          const context = canvas?.getContext('2d');
          if (canvas === null || context == null) throw new Error('nothing is drawn');
          const scale = Math.min(canvas.width / width, canvas.height / height);
          return [
            [10, 12],
            [10, 30],
            [40, 30],
          ].map(([x = 0, y = 0]) => {
            const at = [
              canvas.width / 2 + (x + 0.5 - width / 2) * scale,
              canvas.height / 2 + (y + 0.5 - height / 2) * scale,
            ];
            return context.getImageData(Math.floor(at[0] ?? 0), Math.floor(at[1] ?? 0), 1, 1).data[0] ?? 0;
          });
        },
        [rows, columns] as const,
      );
    await page.keyboard.press('End');
    await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"][data-slice="4"]');
    const [, bone = 0, soft = 0] = await greys();
    expect(soft - bone).toBeGreaterThan(50);

    await page.keyboard.press('Alt+Shift+D');
    await viewport.getByText('COMPUTED: frame 4 less the mean of frames 1, 2').waitFor();
    await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"][data-slice="4"]');
    // 12 bits: the first window is 1024 wide about 0; the mask is 1 brighter by its second frame.
    const grey = (difference: number): number => Math.round(255 * ((difference + 0.5) / 1023 + 0.5));
    const subtracted = await greys();
    [grey(-201), grey(-1), grey(-1)].forEach((expected, at) => {
      expect(Math.abs((subtracted[at] ?? 0) - expected)).toBeLessThanOrEqual(1);
    });
    expect(await viewport.textContent()).toContain('W 1024 L 0');

    // A point measured on the vessel tells the frame's own value, and stands on the frame as acquired too.
    await page.keyboard.press('v');
    const box = await viewport.locator('.viewport-surface').boundingBox();
    if (box === null) throw new Error('no viewport');
    const scale = Math.min(box.width / columns, box.height / rows);
    await page.mouse.click(
      box.x + box.width / 2 + (10.5 - columns / 2) * scale,
      box.y + box.height / 2 + (12.5 - rows / 2) * scale,
    );
    await viewport.locator('.measures text').filter({ hasText: '1500' }).waitFor();

    await page.keyboard.press('Control+ArrowDown');
    await viewport.getByText('mask moved by pixels: 0.5 down').waitFor();
    await page.keyboard.press('Home');
    await viewport.getByText('not subtracted: the mask is not for this frame').waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Alt+Shift+D');
    await viewport.getByText('names a mask: subtract with Alt+Shift+D').waitFor();
    await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"][data-slice="4"]');
    expect((await greys())[2]).toBe(soft);
    expect(await viewport.locator('.measures text').filter({ hasText: '1500' }).count()).toBe(1);
    expect(await viewport.textContent()).toContain('W 1000 L 2000');

    await page.keyboard.press('Alt+Shift+X');
    await viewport.getByText('not subtracted: the mask is not for this frame').waitFor();
    await page.keyboard.press('Home');
    await viewport.getByText('COMPUTED: frame 1 less frame 4').waitFor();
    expect(await golden.errors()).toEqual([]);
  });
});
