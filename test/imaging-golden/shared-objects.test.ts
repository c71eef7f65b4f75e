import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import dicomParser from 'dicom-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { element } from '../imaging-page/phantom.ts';
import { filesBelow, hasSharedData, sharedData } from '../servers/shared-data.ts';
import { type StaticDicomweb, staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { type DecodedByPage, type GoldenPage, hasChromium, openGoldenPage } from './golden-page.ts';
import { greyScale } from './grey-scale.ts';
import {
  decodedElsewhere,
  mayRound,
  missingDecoders,
  type ReferenceFrames,
  transferSyntaxOf,
} from './other-decoders.ts';

const here = hasSharedData && hasChromium && missingDecoders.length === 0;
if (!here) {
  console.warn(
    `Skipped: the golden checks of real objects need ../shared/data, Chromium and ${missingDecoders.join(', ') || 'no more'}; the made objects are checked all the same.`,
  );
}

const areas = ['transfer-syntaxes', 'dicomdir', 'charsets', 'studies'] as const;

/** Of studies of hundreds of images every eighth here; all of them in the long run (`npm run test:long`). */
const stride = process.env.SCALE === undefined ? 8 : 1;

/** The largest and the mean difference of two frames. */
function apart(one: Int32Array, other: Int32Array): { readonly most: number; readonly mean: number } {
  let most = 0;
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) {
    const difference = Math.abs((one[at] ?? 0) - (other[at] ?? 0));
    if (difference > most) most = difference;
    sum += difference;
  }
  return { most, mean: sum / Math.max(1, one.length) };
}

const digestOf = (values: Int32Array): string =>
  createHash('sha256')
    .update(Buffer.from(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

describe.skipIf(!here)('golden: every object of the shared data', () => {
  let folder = '';
  let golden: GoldenPage;
  const archives: Record<string, StaticDicomweb> = {};
  const wrongValues: string[] = [];
  const wrongGreys: string[] = [];
  const decoders = new Map<string, number>();
  let frames = 0;
  let drawn = 0;

  async function reference(file: string): Promise<ReferenceFrames> {
    const own = await mkdtemp(join(folder, 'other-'));
    try {
      return await decodedElsewhere(file, own);
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-golden-data-'));
    const dicom = join(sharedData, 'dicom');
    for (const area of ['studies', 'dicomdir']) {
      const archive = await staticDicomweb([join(dicom, area)]);
      archives[area] = archive;
    }
    // Variants of one image share their UIDs: each is an archive of its own.
    for (const area of ['transfer-syntaxes', 'charsets']) {
      for (const path of filesBelow(join(dicom, area))) {
        let file = path;
        const bytes = new Uint8Array(await readFile(path));
        if (!hasStudy(bytes)) {
          // No archive would hold an object without a study: a copy is given one.
          const named = withStudy(bytes);
          if (named === null) continue;
          file = join(folder, relative(dicom, path).replaceAll('/', '-'));
          await writeFile(file, named);
        }
        const archive = relative(dicom, path).replaceAll('/', '-');
        archives[archive] = await staticDicomweb([file]);
      }
    }
    golden = await openGoldenPage(archives, 'cpu');
  }, 300_000);
  afterAll(async () => {
    await golden?.close();
    await rm(folder, { recursive: true, force: true });
  });

  type Held = { readonly name: string; readonly file: string; readonly instanceUid: string; readonly isDrawn: boolean };

  /** Both checks of one object, since another decoder's pixels are needed for both. */
  async function check(
    { name, file, instanceUid, isDrawn }: Held,
    ours: ReadonlyMap<string, DecodedByPage>,
  ): Promise<void> {
    const bytes = await readFile(file);
    const data = dicomParser.parseDicom(bytes);
    if (data.elements.x7fe00010 === undefined) {
      if ((ours.get(`${instanceUid}/1`)?.words ?? '') === '')
        wrongValues.push(`${name}: no pixels, and nothing says so`);
      return;
    }
    const other = await reference(file).catch((error: unknown) => String(error).slice(0, 300));
    if (typeof other === 'string') {
      wrongValues.push(`${name}: ${other}`);
      return;
    }
    const syntax = transferSyntaxOf(bytes);
    for (const [index, values] of other.frames.entries()) {
      const own = ours.get(`${instanceUid}/${index + 1}`);
      frames += 1;
      decoders.set(other.decoder, (decoders.get(other.decoder) ?? 0) + 1);
      if (own?.digest === digestOf(values)) continue;
      const verdict =
        own === undefined || own.digest === ''
          ? (own?.words ?? 'not there')
          : await nearly(own, values, syntax, other.colour);
      if (verdict !== null) wrongValues.push(`${name} frame ${index + 1} by ${other.decoder}: ${verdict}`);
    }
    const scale = greyScale(data);
    const frame = Math.ceil(other.frames.length / 2);
    const values = other.frames[frame - 1];
    if (!isDrawn || scale === null || values === undefined || mayRound(syntax) || !isSquare(data)) return;
    const result = await golden.draw({ instanceUid, frame }, scale(values, frame));
    drawn += 1;
    if (result.words !== '' || result.most > 1) wrongGreys.push(`${name}: ${JSON.stringify(result)}`);
  }

  /** Null when what differs is rounding that the standards allow; else how far the frames are apart. */
  async function nearly(
    own: DecodedByPage,
    values: Int32Array,
    syntax: string,
    colour: boolean,
  ): Promise<string | null> {
    const ours = await golden.values(own);
    if (own.colour !== colour || ours.length !== values.length) return `${ours.length} of ${values.length} values`;
    const { most, mean } = apart(ours, values);
    // Sequential JPEG: the inverse transform's rounding; in colour also the way that halved chroma is enlarged.
    if (mayRound(syntax)) return mean < (colour ? 3 : 1) ? null : `mean ${mean.toFixed(2)}, most ${most}`;
    // Colour equations in whole numbers or in fractions, and irreversible wavelets, may round either way.
    if ((colour || /\.4\.(91|203)$/.test(syntax)) && most <= 1) return null;
    return `most ${most}, mean ${mean.toFixed(3)}`;
  }

  test.each(areas)(
    'every frame of %s has the values of another decoder and is drawn by the standard’s formula',
    async (area) => {
      for (const [name, archive] of Object.entries(archives)) {
        if (!name.startsWith(area)) continue;
        for (const studyUid of archive.studies) {
          const ours = new Map<string, DecodedByPage>();
          for (const one of await golden.open(name, studyUid)) ours.set(`${one.instanceUid}/${one.frame}`, one);
          for (const [index, { file, metadata }] of archive.files(studyUid).entries()) {
            const instanceUid = String(metadata['00080018']?.Value?.[0] ?? '');
            if (!ours.has(`${instanceUid}/1`)) continue;
            const isLong = archive.files(studyUid).length > 20;
            if (isLong && index % stride !== 0) continue;
            // Of a long stack in one window every fourth picture is drawn.
            const isDrawn = !isLong || index % 4 === 0;
            await check({ name: `${name} ${basename(file)}`, file, instanceUid, isDrawn }, ours);
          }
        }
      }
      expect(wrongValues).toEqual([]);
      expect(wrongGreys).toEqual([]);
      expect(await golden.errors()).toEqual([]);
    },
    600_000,
  );

  test('and these were hundreds', () => {
    console.info(
      `golden: ${frames} frames compared (${[...decoders].map((one) => one.join(' ')).join(', ')}), ${drawn} drawn and read back`,
    );
    expect(frames).toBeGreaterThan(stride === 1 ? 700 : 200);
    expect(drawn).toBeGreaterThan(100);
  });
});

/** Pixels that are not square are stretched when they are drawn, and no screen pixel is one of theirs. */
function isSquare(data: dicomParser.DataSet): boolean {
  const [row, column] = ['x00280030', 'x00181164', 'x00280034'].flatMap((tag) => {
    const pair = [data.floatString(tag, 0), data.floatString(tag, 1)];
    return pair.includes(undefined) ? [] : [pair];
  })[0] ?? [1, 1];
  return row === column;
}

function hasStudy(bytes: Uint8Array): boolean {
  try {
    return (dicomParser.parseDicom(bytes).string('x0020000d') ?? '') !== '';
  } catch {
    return true;
  }
}

/** The object with a study and a series of its own, in explicit little endian; null where it is no image. */
function withStudy(bytes: Uint8Array): Buffer | null {
  const first = dicomParser.parseDicom(bytes).elements.x00280002;
  if (first === undefined) return null;
  const at = first.dataOffset - 8;
  const uids = [element(0x20, 0x0d, 'UI', '1.2.3.99'), element(0x20, 0x0e, 'UI', '1.2.3.99.1')];
  return Buffer.concat([bytes.subarray(0, at), ...uids, bytes.subarray(at)]);
}
