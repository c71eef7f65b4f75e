import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import dicomParser from 'dicom-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltElement, buildPart10 } from '../builders/part10.ts';
import { type StaticDicomweb, staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { type GoldenPage, hasChromium, openGoldenPage } from './golden-page.ts';
import { greyScale } from './grey-scale.ts';
import { decodedElsewhere, missingDecoders } from './other-decoders.ts';

const run = promisify(execFile);
const here = hasChromium && missingDecoders.length === 0;
if (!here) console.warn(`Skipped: the golden checks of made objects need Chromium and ${missingDecoders.join(', ')}`);

const side = 64;
const pixels = side * side;

type Made = {
  readonly name: string;
  /** Elements beside those that every made image has. */
  readonly elements: readonly BuiltElement[];
  readonly from: number;
  readonly to: number;
  readonly bits?: 8 | 16;
  readonly frames?: number;
};

const table = (first: number, entries: readonly number[], bits: number, words = ''): readonly BuiltElement[] => [
  // The second value of a descriptor is signed where its values are; as bits the two are the same.
  ['00283002', 'US', [entries.length, first & 0xffff, bits]],
  ['00283003', 'LO', words],
  ['00283006', 'US', entries],
];
/** A curve that no window can draw: it rises, rests and falls. */
const curve = (count: number, bits: number): number[] =>
  Array.from({ length: count }, (_, at) => Math.round((2 ** bits - 1) * Math.abs(Math.sin((at / count) * 2.2)) ** 1.7));
const window = (center: number | string, width: number | string, by?: string): readonly BuiltElement[] => [
  ['00281050', 'DS', String(center)],
  ['00281051', 'DS', String(width)],
  ...(by === undefined ? [] : ([['00281056', 'CS', by]] as const)),
];
const rescale = (slope: number, intercept: number): readonly BuiltElement[] => [
  ['00281052', 'DS', String(intercept)],
  ['00281053', 'DS', String(slope)],
];

const shown: readonly Made[] = [
  { name: 'a linear window', from: 0, to: 4095, elements: [...window(40, 400), ...rescale(1, -1024)] },
  { name: 'a linear window of width 1', from: -5, to: 5, elements: window(0.5, 1) },
  { name: 'LINEAR_EXACT', from: 0, to: 255, bits: 8, elements: window(100, 50.5, 'LINEAR_EXACT') },
  { name: 'LINEAR_EXACT narrower than 1', from: -2, to: 2, elements: window(0.4, 0.5, 'LINEAR_EXACT') },
  { name: 'SIGMOID', from: 0, to: 4095, elements: window(2048, 1024, 'SIGMOID') },
  {
    name: 'SIGMOID of signed values through a rescale',
    from: -2000,
    to: 2000,
    elements: [...window(50, 350, 'SIGMOID'), ...rescale(2, -17)],
  },
  {
    name: 'SIGMOID of MONOCHROME1',
    from: 0,
    to: 4095,
    elements: [...window(1500, 700, 'SIGMOID'), ['00280004', 'CS', 'MONOCHROME1']],
  },
  {
    name: 'a VOI table before a window',
    from: 0,
    to: 4095,
    elements: [
      ['00283010', 'SQ', [table(600, curve(2800, 12), 12, 'NORMAL'), table(0, [0, 4095], 12)]],
      ...window(1, 2),
    ],
  },
  {
    name: 'a VOI table that begins below zero',
    from: -900,
    to: 900,
    elements: [['00283010', 'SQ', [table(-500, curve(1200, 16), 16)]]],
  },
  {
    name: 'a VOI table of 8 bits',
    from: 0,
    to: 255,
    bits: 8,
    elements: [['00283010', 'SQ', [table(0, curve(256, 8), 8)]]],
  },
  {
    name: 'a VOI table of MONOCHROME1',
    from: 0,
    to: 1023,
    elements: [
      ['00280004', 'CS', 'MONOCHROME1'],
      ['00283010', 'SQ', [table(100, curve(800, 10), 10)]],
    ],
  },
  {
    name: 'a modality table and a window',
    from: 0,
    to: 700,
    elements: [['00283000', 'SQ', [table(50, curve(600, 12), 12)]], ...window(2000, 3000)],
  },
  {
    name: 'a modality table and a VOI table',
    from: 0,
    to: 700,
    elements: [
      ['00283000', 'SQ', [table(50, curve(600, 12), 12)]],
      ['00283010', 'SQ', [table(300, curve(3000, 14), 14)]],
    ],
  },
  { name: 'MONOCHROME1', from: 0, to: 4095, elements: [...window(2000, 3000), ['00280004', 'CS', 'MONOCHROME1']] },
  {
    name: 'MONOCHROME2 with INVERSE',
    from: 0,
    to: 4095,
    elements: [...window(2000, 3000), ['20500020', 'CS', 'INVERSE']],
  },
  {
    name: 'MONOCHROME1 with IDENTITY',
    from: 0,
    to: 4095,
    elements: [...window(2000, 3000), ['00280004', 'CS', 'MONOCHROME1'], ['20500020', 'CS', 'IDENTITY']],
  },
  { name: 'a negative slope', from: 0, to: 4095, elements: [...window(-2000, 3000), ...rescale(-1, 0)] },
  { name: 'signed bytes', from: -128, to: 127, bits: 8, elements: window(0, 200) },
];

function values({ from, to, frames = 1 }: Made): Int32Array {
  const span = to - from + 1;
  // Every value where there is room, not in order: neighbours differ, so that a pixel out of its place is seen.
  return Int32Array.from(
    { length: pixels * frames },
    (_, at) => from + (((at * 2_654_435_761) % 4_294_967_296) % span),
  );
}

function bytesIn(made: Made): Uint8Array {
  const cells = values(made);
  return made.bits === 8 ? Uint8Array.from(cells) : new Uint8Array(Uint16Array.from(cells).buffer);
}

/** HTJ2K lossless (T.814) by Grok. */
async function highThroughput(made: Made, index: number, folder: string): Promise<Uint8Array> {
  const raw = join(folder, 'plain.rawl');
  await writeFile(raw, bytesIn(made));
  const shape = `${side},${side},1,${made.bits ?? 16},${made.from < 0 ? 's' : 'u'}`;
  await run('grk_compress', ['-i', raw, '-o', join(folder, 'plain.j2k'), '-F', shape, '-M', '64']);
  const list = [await readFile(join(folder, 'plain.j2k'))];
  return object(made, index, ['7FE00010', 'FRAGMENTS', { table: [], list }], '1.2.840.10008.1.2.4.201');
}

function object(made: Made, index: number, encoded?: BuiltElement, transferSyntax?: string): Uint8Array {
  const bits = made.bits ?? 16;
  const own = new Set(made.elements.map(([tag]) => tag));
  const common: readonly BuiltElement[] = [
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7'],
    ['00080018', 'UI', `1.2.826.0.1.3680043.10.511.77.${index}.1.1`],
    ['00080060', 'CS', 'OT'],
    ['00100010', 'PN', 'GOLDEN^MADE'],
    ['00100020', 'LO', 'GOLDEN'],
    ['0020000D', 'UI', `1.2.826.0.1.3680043.10.511.77.${index}`],
    ['0020000E', 'UI', `1.2.826.0.1.3680043.10.511.77.${index}.1`],
    ['00200013', 'IS', '1'],
    ['00280002', 'US', [1]],
    ['00280004', 'CS', 'MONOCHROME2'],
    ...(made.frames === undefined ? [] : ([['00280008', 'IS', String(made.frames)]] as const)),
    ['00280010', 'US', [side]],
    ['00280011', 'US', [side]],
    ['00280100', 'US', [bits]],
    ['00280101', 'US', [bits]],
    ['00280102', 'US', [bits - 1]],
    ['00280103', 'US', [made.from < 0 ? 1 : 0]],
    encoded ?? ['7FE00010', 'OW', bytesIn(made)],
  ];
  return buildPart10([...common.filter(([tag]) => !own.has(tag)), ...made.elements], transferSyntax);
}

/** The same values in other clothes. */
const clothes: readonly (readonly [name: string, made: Made, tool: string, parameters: readonly string[]])[] = [
  ['signed bytes in JPEG-LS', { name: '', from: -128, to: 127, bits: 8, elements: [] }, 'dcmcjpls', []],
  ['signed words in JPEG-LS', { name: '', from: -2000, to: 2000, elements: [] }, 'dcmcjpls', []],
  ['signed bytes in RLE', { name: '', from: -128, to: 127, bits: 8, elements: [] }, 'dcmcrle', []],
  ['signed words in RLE', { name: '', from: -2000, to: 2000, elements: [] }, 'dcmcrle', []],
  ['bytes in lossless JPEG', { name: '', from: 0, to: 255, bits: 8, elements: [] }, 'dcmcjpeg', ['+e1']],
  ['words in lossless JPEG', { name: '', from: 0, to: 65_535, elements: [] }, 'dcmcjpeg', ['+e1']],
  ['signed words in JPEG 2000', { name: '', from: -2000, to: 2000, elements: [] }, 'gdcmconv', ['--j2k']],
  ['signed bytes in JPEG 2000', { name: '', from: -128, to: 127, bits: 8, elements: [] }, 'gdcmconv', ['--j2k']],
  ['bytes in HTJ2K', { name: '', from: 0, to: 255, bits: 8, elements: [] }, 'grk_compress', []],
  ['signed bytes in HTJ2K', { name: '', from: -128, to: 127, bits: 8, elements: [] }, 'grk_compress', []],
  ['signed words in HTJ2K', { name: '', from: -2000, to: 2000, elements: [] }, 'grk_compress', []],
  ['bytes in big endian', { name: '', from: 0, to: 255, bits: 8, frames: 3, elements: [] }, 'dcmconv', ['+tb']],
  ['signed words in big endian', { name: '', from: -2000, to: 2000, elements: [] }, 'dcmconv', ['+tb']],
  ['deflated words', { name: '', from: 0, to: 4095, elements: [] }, 'dcmconv', ['+td']],
  ['implicit words', { name: '', from: -9, to: 4000, elements: [] }, 'dcmconv', ['+ti']],
];

describe.skipIf(!here)('golden: made objects', () => {
  let folder = '';
  const archives: Record<string, StaticDicomweb> = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-golden-made-'));
    for (const [index, made] of shown.entries()) {
      await writeFile(join(folder, `shown-${index}.dcm`), object(made, index + 1));
      archives[`shown-${index}`] = await staticDicomweb([join(folder, `shown-${index}.dcm`)]);
    }
    for (const [index, [, made, tool, parameters]] of clothes.entries()) {
      const plain = join(folder, 'plain.dcm');
      await writeFile(plain, object(made, index + 101));
      const out = join(folder, `clothes-${index}.dcm`);
      if (tool === 'grk_compress') await writeFile(out, await highThroughput(made, index + 101, folder));
      else await run(tool, [...parameters, plain, out]);
      archives[`clothes-${index}`] = await staticDicomweb([join(folder, `clothes-${index}.dcm`)]);
    }
  }, 120_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  describe.each([
    ['cpu', 1],
    // The graphics card is given a curve in 1024 steps and joins them by straight lines.
    ['gpu', 2],
  ] as const)('drawn by %s', (drawBy, allowed) => {
    let golden: GoldenPage;
    beforeAll(async () => {
      golden = await openGoldenPage(archives, drawBy);
    }, 120_000);
    afterAll(async () => {
      await golden?.close();
    });

    test.each(shown.map((made, index) => [made.name, index] as const))(
      '%s is drawn by its formula',
      async (_, index) => {
        const made = shown[index];
        const [studyUid = ''] = archives[`shown-${index}`]?.studies ?? [];
        if (made === undefined) throw new Error('no such object');
        await golden.open(`shown-${index}`, studyUid);
        const data = dicomParser.parseDicom(await readFile(join(folder, `shown-${index}.dcm`)));
        const greys = greyScale(data)?.(values(made), 1);
        if (greys === undefined) throw new Error('no grey');
        const result = await golden.draw({ instanceUid: data.string('x00080018') ?? '', frame: 1 }, greys);
        expect(result).toMatchObject({ words: '', pixels });
        expect(result.most).toBeLessThanOrEqual(allowed);
        // A picture of one grey would prove nothing.
        expect(new Set(greys.levels).size).toBeGreaterThan(1);
      },
    );

    test('a reader’s own window on a sigmoid is a sigmoid, and a straight one follows it', async () => {
      const at = shown.findIndex((made) => made.name === 'SIGMOID');
      const straight = shown.findIndex((made) => made.name === 'a linear window');
      for (const [index, by] of [
        [at, 'SIGMOID'],
        [straight, 'LINEAR'],
        [at, 'SIGMOID'],
      ] as const) {
        const made = shown[index];
        if (made === undefined) throw new Error('no such object');
        await golden.open(`shown-${index}`, archives[`shown-${index}`]?.studies[0] ?? '');
        const levels = Array.from({ length: 4096 }, (_, stored) => {
          const value = by === 'SIGMOID' ? stored : stored - 1024;
          if (by === 'SIGMOID') return Math.round(255 / (1 + Math.exp((-4 * (value - 900)) / 333)));
          return Math.round(255 * Math.min(1, Math.max(0, (value - 899.5) / 332 + 0.5)));
        });
        const instanceUid = `1.2.826.0.1.3680043.10.511.77.${index + 1}.1.1`;
        const result = await golden.draw({ instanceUid, frame: 1 }, { lowest: 0, levels }, { center: 900, width: 333 });
        expect(result).toMatchObject({ words: '', pixels });
        expect(result.most).toBeLessThanOrEqual(allowed);
      }
    });
  });

  test('another program draws them alike', async () => {
    const wrong: string[] = [];
    for (const [index, made] of shown.entries()) {
      // dcmtk 3.6.7 knows neither LINEAR_EXACT nor a shape that contradicts the photometric interpretation.
      if (/LINEAR_EXACT|with|width 1/.test(made.name)) continue;
      const file = join(folder, `shown-${index}.dcm`);
      const hasTable = made.elements.some(([tag]) => tag === '00283010');
      const out = join(folder, 'drawn.pgm');
      const by = made.name.startsWith('SIGMOID') ? ['+Wfs'] : [];
      await run('dcm2pnm', [...(hasTable ? ['+Wl', '1'] : ['+Wi', '1', ...by]), '+op', file, out]);
      const drawn = await readFile(out);
      const data = dicomParser.parseDicom(await readFile(file));
      const greys = greyScale(data)?.(values(made), 1);
      const stored = greys?.modality ?? values(made);
      let most = 0;
      stored.forEach((value, at) => {
        const expected = greys?.levels[value - greys.lowest] ?? 0;
        most = Math.max(most, Math.abs(expected - (drawn[drawn.length - pixels + at] ?? 0)));
      });
      if (most > 1) wrong.push(`${made.name}: ${most}`);
    }
    expect(wrong).toEqual([]);
  });

  test.each(clothes.map(([name], index) => [name, index] as const))('%s keep their values', async (_, index) => {
    const made = clothes[index]?.[1];
    if (made === undefined) throw new Error('no such object');
    const all = values(made);
    const file = join(folder, `clothes-${index}.dcm`);
    // What Grok wrote is not read by it again: the values are known.
    const other = isHighThroughput(index) ? null : await decodedElsewhere(file, await mkdtemp(join(folder, 'other-')));
    other?.frames.forEach((frame, at) => {
      expect(Buffer.compare(bytesOf(frame), bytesOf(all.slice(at * pixels, (at + 1) * pixels)))).toBe(0);
    });
    const golden = await decodedPage();
    const [studyUid = ''] = archives[`clothes-${index}`]?.studies ?? [];
    const decoded = await golden.open(`clothes-${index}`, studyUid);
    expect(decoded.map((one) => one.words)).toEqual(Array(made.frames ?? 1).fill(''));
    for (const one of decoded) {
      const ours = await golden.values(one);
      expect(Buffer.compare(bytesOf(ours), bytesOf(all.slice((one.frame - 1) * pixels, one.frame * pixels)))).toBe(0);
    }
  });

  let opened: Promise<GoldenPage> | null = null;
  const decodedPage = (): Promise<GoldenPage> => {
    opened ??= openGoldenPage(archives, 'cpu');
    return opened;
  };
  afterAll(async () => {
    await (await opened)?.close();
  });
});

const isHighThroughput = (index: number): boolean => clothes[index]?.[2] === 'grk_compress';

function bytesOf(frame: Int32Array): Buffer {
  return Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
}
