import { markFor, markSize } from '../../../electron/host/demo/mark.ts';
import { type Attributes, type PixelData, writePixelObject } from '../../../electron/host/demo/part10-writer.ts';
import { cellSize } from '../../../electron/host/demo/picture.ts';
import { encodeFrames } from '../../../electron/host/demo/pixel-codecs.ts';
import { randomFrom } from '../../../electron/host/demo/random.ts';

/** A CT that is made for a bench: every image carries a mark with the number of its case, series and slice. */
export type MadeStudy = {
  /** 1 to 1023; the mark's. */
  readonly number: number;
  readonly slices: number;
  readonly side: number;
  readonly syntax: 'explicit' | 'jpeg-ls';
  readonly description: string;
};

/** Studies without an order are offered while they are new: all are of today. */
export const dateOfStudy = new Date().toISOString().slice(0, 10).replaceAll('-', '');
const root = '2.25.884422001';
export const studyUidOf = (one: MadeStudy): string => `${root}.${one.number}`;
export const seriesUidOf = (one: MadeStudy): string => `${root}.${one.number}.1`;
export const instanceUidOf = (one: MadeStudy, slice: number): string => `${root}.${one.number}.1.${slice}`;
export const accessionOf = (one: MadeStudy): string => `BENCH${String(one.number).padStart(4, '0')}`;

/** Fields of noise that slices begin at different places of: a Gaussian for each pixel of 300 slices would take minutes. */
function noiseOf(length: number): Int16Array {
  const random = randomFrom('bench noise');
  const noise = new Int16Array(length);
  for (let at = 0; at < length; at += 1) {
    let sum = 0;
    for (let part = 0; part < 6; part += 1) sum += random.next();
    // Six uniform numbers have a variance of a half: 16 HU, as of a CT that compresses losslessly by two to three.
    noise[at] = Math.round((sum - 3) * (16 / Math.SQRT1_2));
  }
  return noise;
}

let noise: Int16Array | null = null;

/** Stored values of a slice: value = HU + 1024. A body with two lungs that change from slice to slice, and the mark. */
export function slicePixels(one: MadeStudy, slice: number): Uint8Array {
  const { side } = one;
  noise ??= noiseOf(1_048_573);
  const pixels = new Uint16Array(side * side);
  let from = (slice * 104_729 + one.number * 7_919) % noise.length;
  const turn = (slice / one.slices) * Math.PI;
  for (let y = 0; y < side; y += 1) {
    const down = (y - side / 2) / (side * 0.36);
    for (let x = 0; x < side; x += 1) {
      const across = (x - side / 2) / (side * 0.46);
      const lung = Math.hypot((Math.abs(across) - 0.42) / 0.3, (down + 0.05) / (0.35 + 0.3 * Math.sin(turn)));
      const value = across * across + down * down > 1 ? -1_000 : lung < 1 ? -820 : 40 + 20 * down;
      from = from + 1 === noise.length ? 0 : from + 1;
      pixels[y * side + x] = Math.max(0, Math.round(value + 1_024) + (noise[from] ?? 0));
    }
  }
  const cells = markFor({ case: one.number, series: 1, slice });
  const cell = cellSize(side, side);
  for (let y = 0; y < markSize * cell; y += 1)
    for (let x = 0; x < markSize * cell; x += 1)
      pixels[y * side + x] = cells[Math.floor(y / cell) * markSize + Math.floor(x / cell)] === 1 ? 2_024 : 24;
  return new Uint8Array(pixels.buffer);
}

function attributesOf(one: MadeStudy, slice: number): Attributes {
  const name = `Bench^Case ${one.number}`;
  return {
    '00080008': ['CS', ['ORIGINAL', 'PRIMARY', 'AXIAL']],
    '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.2'],
    '00080018': ['UI', instanceUidOf(one, slice)],
    '00080020': ['DA', dateOfStudy],
    '00080030': ['TM', `12${String(one.number % 60).padStart(2, '0')}00`],
    '00080050': ['SH', accessionOf(one)],
    '00080060': ['CS', 'CT'],
    '00080070': ['LO', 'Overread bench'],
    '00080090': ['PN', ''],
    '00081030': ['LO', one.description],
    '0008103e': ['LO', `Axial ${one.slices}`],
    '00100010': ['PN', name],
    '00100020': ['LO', `BENCH-${one.number}`],
    '00100030': ['DA', '19700101'],
    '00100040': ['CS', 'O'],
    '00180015': ['CS', 'CHEST'],
    '00180050': ['DS', 1],
    '00180060': ['DS', 120],
    '0020000d': ['UI', studyUidOf(one)],
    '0020000e': ['UI', seriesUidOf(one)],
    '00200010': ['SH', String(one.number)],
    '00200011': ['IS', 1],
    '00200013': ['IS', slice],
    '00200032': ['DS', [-180, -180, slice]],
    '00200037': ['DS', [1, 0, 0, 0, 1, 0]],
    '00200052': ['UI', `${root}.${one.number}.9`],
    '00280002': ['US', 1],
    '00280004': ['CS', 'MONOCHROME2'],
    '00280010': ['US', one.side],
    '00280011': ['US', one.side],
    '00280030': ['DS', [0.7, 0.7]],
    '00280100': ['US', 16],
    '00280101': ['US', 12],
    '00280102': ['US', 11],
    '00280103': ['US', 0],
    '00281050': ['DS', 40],
    '00281051': ['DS', 400],
    '00281052': ['DS', -1_024],
    '00281053': ['DS', 1],
    '00281054': ['LO', 'HU'],
  };
}

/** The frame as it is stored. */
export async function sliceFrame(one: MadeStudy, slice: number): Promise<PixelData> {
  const bytes = slicePixels(one, slice);
  const frame = { width: one.side, height: one.side, bitsPerSample: 16 as const, components: 1 as const, bytes };
  return encodeFrames([frame], one.syntax, 12);
}

/** The Part 10 files of a study, one after another. */
export async function* filesOf(one: MadeStudy): AsyncGenerator<Uint8Array> {
  for (let slice = 1; slice <= one.slices; slice += 1)
    yield writePixelObject(attributesOf(one, slice), await sliceFrame(one, slice), one.syntax);
}
