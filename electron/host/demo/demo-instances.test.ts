import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { instant } from '../../../shared/lib/instant.ts';
import { generateDemoDay } from './demo-day.ts';
import { demoInstances } from './demo-instances.ts';
import { readMark } from './mark.ts';
import { localTime, objectAttributes } from './object-attributes.ts';
import { type TransferSyntax, transferSyntaxes, writePixelObject } from './part10-writer.ts';
import { encodeFrames, type Frame } from './pixel-codecs.ts';
import { seriesRenderer, sliceGeometry } from './render-series.ts';
import type { DemoInstance, DemoSeries, DemoStudy } from './types.ts';

const day = generateDemoDay({ now: instant(Date.parse('2026-11-22T10:14:00Z')), seed: 1 });
const require = createRequire(import.meta.url);

function installed(tool: string): boolean {
  return spawnSync('which', [tool]).status === 0;
}

/** Gray bytes of a frame through a window wide enough for every stored value. */
function asShown(frame: Frame): Uint8Array {
  const count = frame.width * frame.height;
  if (frame.components === 3) return Uint8Array.from({ length: count }, (_, at) => frame.bytes[at * 3] ?? 0);
  const samples = new Uint16Array(frame.bytes.buffer, frame.bytes.byteOffset, count);
  return Uint8Array.from(samples, (value) => value >> 4);
}

function first(study: DemoStudy): { series: DemoSeries; instance: DemoInstance } {
  const series = study.series[0];
  const instance = series?.instances[Math.floor(series.instances.length / 2)];
  if (series === undefined || instance === undefined) throw new Error('a study without images');
  return { series, instance };
}

/** The last item of the encapsulated pixel data, found from its end. */
function lastFragment(file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const start = bytes.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42]));
  let at = start + 12;
  let found: Buffer = Buffer.alloc(0);
  while (bytes.readUInt16LE(at + 2) === 0xe000) {
    const length = bytes.readUInt32LE(at + 4);
    found = bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length;
  }
  return found;
}

type Decoder = {
  getEncodedBuffer(size: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  delete(): void;
};

async function decoded(stream: Uint8Array, file: string, name: string): Promise<Uint8Array> {
  const module = (await (require(file) as () => Promise<{ [name: string]: new () => Decoder }>)()) as {
    [name: string]: new () => Decoder;
  };
  const Make = module[name];
  if (Make === undefined) throw new Error(`no ${name}`);
  const decoder = new Make();
  decoder.getEncodedBuffer(stream.length).set(stream);
  decoder.decode();
  const out = Uint8Array.from(decoder.getDecodedBuffer());
  decoder.delete();
  return out;
}

describe('the pictures of the demo day', () => {
  it.each(day.studies.map((study) => [study.number, study.description, study] as const))(
    'case %i (%s) says in every series which case, series and slice it is',
    (_number, _description, study) => {
      for (const series of study.series) {
        const instance = series.instances.at(-1);
        if (instance === undefined) throw new Error('an empty series');
        const frames = seriesRenderer(study, series)(instance);
        const frame = frames.at(-1);
        if (frame === undefined) throw new Error('no frame');
        const found = readMark(asShown(frame), frame.width, frame.height);
        expect(found).toMatchObject({
          case: study.number,
          series: series.number,
          slice: instance.frames > 1 ? instance.frames : instance.number,
          side: instance.side,
          orientation: 'upright',
        });
        expect(found?.cell).toBeGreaterThanOrEqual(6);
      }
    },
  );

  it('has one study whose header says left for right, while the letters of lead in its picture stand where they belong', () => {
    const mirrored = day.studies.filter((study) =>
      study.series.some(({ recipe }) => recipe.kind === 'radiograph' && recipe.mirroredHeader),
    );
    expect(mirrored).toHaveLength(1);
    const [series] = mirrored[0]?.series ?? [];
    const [instance] = series?.instances ?? [];
    if (mirrored[0] === undefined || series === undefined || instance === undefined) throw new Error('no such study');
    const [frame] = seriesRenderer(mirrored[0], series)(instance);
    if (frame === undefined) throw new Error('no frame');
    expect(readMark(asShown(frame), frame.width, frame.height)?.orientation).toBe('upright');
    expect(objectAttributes(mirrored[0], series, instance)['00200020']).toEqual(['CS', ['R', 'F']]);
  });

  it('are the same bytes each time they are made', async () => {
    const study = day.studies.find((one) => one.modality === 'DX');
    if (study === undefined) throw new Error('no DX');
    const once: Uint8Array[] = [];
    for await (const bytes of demoInstances(study)) once.push(bytes);
    const again: Uint8Array[] = [];
    for await (const bytes of demoInstances(study)) again.push(bytes);
    expect(again).toEqual(once);
    expect(once).toHaveLength(study.instanceCount);
  });

  it('hold a bar that is exactly 100 mm by their own spacing', () => {
    const kinds = new Set<string>();
    for (const series of day.studies.flatMap((study) => study.series)) {
      for (const { bar } of series.instances) {
        if (bar === null) continue;
        kinds.add(series.modality);
        expect((bar.toX - bar.fromX) * series.spacing).toBeCloseTo(100, 6);
        expect(bar.fromX).toBeGreaterThan(0);
        expect(bar.toX).toBeLessThan(series.width);
      }
    }
    expect(kinds).toEqual(new Set(['CR', 'DX', 'CT', 'MR', 'US', 'MG']));
  });

  it('lie one after another from the far end of the normal, evenly spaced', () => {
    const study = day.studies.find((one) => one.modality === 'MR');
    for (const series of study?.series ?? []) {
      const places = series.instances.map((_, index) => {
        const { origin, row, column } = sliceGeometry(series, index);
        return (
          origin[0] * (row[1] * column[2] - row[2] * column[1]) +
          origin[1] * (row[2] * column[0] - row[0] * column[2]) +
          origin[2] * (row[0] * column[1] - row[1] * column[0])
        );
      });
      const gaps = places.slice(1).map((place, index) => (places[index] ?? 0) - place);
      for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0] ?? 0, 6);
      expect(gaps[0]).toBeGreaterThan(0);
    }
  });

  it('tell their date and time as the clock on the wall of their site', () => {
    expect(localTime(instant(Date.parse('2026-11-22T03:30:05Z')), 'America/Denver')).toEqual({
      date: '20261121',
      time: '203005',
      offset: '-0700',
    });
    expect(localTime(instant(Date.parse('2026-07-01T00:00:00Z')), 'America/New_York').offset).toBe('-0400');
  });
});

/** Mean of a part of a frame, in fractions of its size. */
function brightness(frame: Frame, left: number, top: number, right: number, bottom: number): number {
  const samples = new Uint16Array(frame.bytes.buffer, frame.bytes.byteOffset, frame.width * frame.height);
  let sum = 0;
  let count = 0;
  for (let y = Math.floor(top * frame.height); y < bottom * frame.height; y++) {
    for (let x = Math.floor(left * frame.width); x < right * frame.width; x++) {
      sum += samples[y * frame.width + x] ?? 0;
      count++;
    }
  }
  return sum / count;
}

describe('left and right', () => {
  const frameOf = (study: DemoStudy, series: DemoSeries, number: number): Frame => {
    const instance = series.instances[number - 1];
    const frame = instance === undefined ? undefined : seriesRenderer(study, series)(instance)[0];
    if (frame === undefined) throw new Error('no frame');
    return frame;
  };

  it('a mammogram has its chest wall where Patient Orientation says: rows go forward on the left breast, backward on the right', () => {
    for (const study of day.studies.filter((one) => one.modality === 'MG')) {
      for (const series of study.series) {
        const frame = frameOf(study, series, 1);
        const instance = series.instances[0];
        if (instance === undefined) throw new Error('no instance');
        const direction = objectAttributes(study, series, instance)['00200020']?.[1];
        const along = Array.isArray(direction) ? direction[0] : null;
        const wallAtLeft = brightness(frame, 0, 0.4, 0.1, 0.7) > brightness(frame, 0.9, 0.4, 1, 0.7);
        expect([instance.side, along]).toEqual(wallAtLeft ? ['L', 'A'] : ['R', 'P']);
      }
    }
  });

  it('an abdomen has its liver to the patient’s right, which is the left of an axial slice', () => {
    const study = day.studies.find((one) => one.description === 'CT abdomen pelvis with contrast');
    const series = study?.series[0];
    if (study === undefined || series === undefined) throw new Error('no abdomen');
    const geometry = sliceGeometry(series, 4);
    expect([geometry.row, geometry.column, geometry.origin[0] < 0]).toEqual([[1, 0, 0], [0, 1, 0], true]);
    const frame = frameOf(study, series, 5);
    expect(brightness(frame, 0.25, 0.45, 0.4, 0.55)).toBeGreaterThan(brightness(frame, 0.6, 0.45, 0.75, 0.55) + 10);
  });
});

describe('a lossless transfer syntax', () => {
  const ct = day.studies.find((study) => study.modality === 'CT');
  if (ct === undefined) throw new Error('no CT');
  const { series, instance } = first(ct);
  const frame = seriesRenderer(ct, series)(instance)[0];
  if (frame === undefined) throw new Error('no frame');
  const stored = async (syntax: TransferSyntax): Promise<Uint8Array> =>
    writePixelObject(objectAttributes(ct, series, instance), await encodeFrames([frame], syntax, 12), syntax);

  it.each([
    ['jpeg-ls', '@cornerstonejs/codec-charls', 'JpegLSDecoder'],
    ['jpeg-2000', '@cornerstonejs/codec-openjpeg', 'J2KDecoder'],
    ['htj2k', '@cornerstonejs/codec-openjph', 'HTJ2KDecoder'],
  ] as const)('%s gives back every sample', async (syntax, file, name) => {
    const samples = await decoded(lastFragment(await stored(syntax)), file, name);
    expect(Buffer.compare(samples, frame.bytes)).toBe(0);
  });

  it('jpeg-lossless gives back every sample', async () => {
    const { Decoder } = (await import('@cornerstonejs/jpeg-lossless-decoder-js')) as unknown as {
      Decoder: new () => {
        decode(buffer: ArrayBuffer, offset: number, length: number, bytes: number): { buffer: ArrayBuffer };
      };
    };
    const stream = Uint8Array.from(lastFragment(await stored('jpeg-lossless')));
    const samples = new Uint8Array(new Decoder().decode(stream.buffer as ArrayBuffer, 0, stream.length, 2).buffer);
    expect(Buffer.compare(samples.subarray(0, frame.bytes.length), frame.bytes)).toBe(0);
  });

  it('deflated inflates to the very dataset of the explicit one', async () => {
    const dataset = (bytes: Uint8Array): Buffer => {
      const file = Buffer.from(bytes);
      return file.subarray(132 + 12 + file.readUInt32LE(140));
    };
    expect(inflateRawSync(dataset(await stored('deflated'))).equals(dataset(await stored('explicit')))).toBe(true);
  });

  it.skipIf(!installed('dcmdrle') || !installed('dcmdjpls') || !installed('dcmdjpeg') || !installed('dcmconv'))(
    'run-length, jpeg-ls, jpeg-lossless, implicit and deflated open in dcmtk with every sample as it was',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'overread-demo-'));
      try {
        const tools = {
          'run-length': 'dcmdrle',
          'jpeg-ls': 'dcmdjpls',
          'jpeg-lossless': 'dcmdjpeg',
          implicit: 'dcmconv',
          deflated: 'dcmconv',
        } as const;
        for (const [syntax, tool] of Object.entries(tools) as [keyof typeof tools, string][]) {
          const [from, to] = [join(folder, `${syntax}.dcm`), join(folder, `${syntax}-plain.dcm`)];
          await writeFile(from, await stored(syntax));
          const ran = spawnSync(tool, tool === 'dcmconv' ? ['+te', from, to] : [from, to], { encoding: 'utf8' });
          expect([syntax, ran.status, ran.stderr]).toEqual([syntax, 0, '']);
          const raw = spawnSync('dcmdump', ['+W', folder, '+P', '7fe0,0010', to], { encoding: 'utf8' });
          expect(raw.status).toBe(0);
          const { readFile, readdir, unlink } = await import('node:fs/promises');
          const name = (await readdir(folder)).find((one) => one.endsWith('.raw'));
          if (name === undefined) throw new Error('dcmdump wrote no pixels');
          expect(Buffer.compare(await readFile(join(folder, name)), frame.bytes)).toBe(0);
          await unlink(join(folder, name));
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

describe('a JPEG baseline cine', () => {
  const study = day.studies.find((one) => one.transferSyntax === 'jpeg-baseline');
  if (study === undefined) throw new Error('no JPEG baseline');

  it('is sequential, with colour halved along the row as YBR_FULL_422 says, and its mark survives', async () => {
    const { value } = await demoInstances(study).next();
    if (!(value instanceof Uint8Array)) throw new Error('no object');
    const stream = lastFragment(value);
    let at = 2;
    while (stream[at + 1] !== 0xc0 && stream[at + 1] !== 0xda)
      at += 2 + (stream[at + 2] ?? 0) * 256 + (stream[at + 3] ?? 0);
    // SOF0 with three components; the first is sampled twice along the row, once down.
    expect([stream[at + 1], stream[at + 9], stream[at + 11], stream[at + 14]]).toEqual([0xc0, 3, 0x21, 0x11]);
    const rgb = await decoded(stream, '@cornerstonejs/codec-libjpeg-turbo-8bit', 'JPEGDecoder');
    const { series, instance } = first(study);
    const shown = Uint8Array.from({ length: series.width * series.height }, (_, pixel) => rgb[pixel * 3] ?? 0);
    expect(readMark(shown, series.width, series.height)).toMatchObject({
      case: study.number,
      series: 1,
      slice: instance.frames,
    });
  });
});

/** One study of each kind of object and transfer syntax. */
const kinds = new Map<string, DemoStudy>();
for (const study of day.studies) {
  const { instance } = first(study);
  kinds.set(`${study.modality} ${instance.frames > 1 ? 'multi-frame' : 'single'} ${study.transferSyntax}`, study);
}
for (const study of day.studies) if (study.modality === 'US') kinds.set(`US still ${study.number}`, study);

describe('a demo object', () => {
  // dciodvfy of Debian knows neither deflated nor HTJ2K: there it gets the same attributes in explicit little endian.
  const foreign: readonly TransferSyntax[] = ['deflated', 'htj2k'];
  it.skipIf(!installed('dciodvfy') || !installed('dcmftest') || !installed('dcmdump')).each([...kinds])(
    '%s satisfies dciodvfy, dcmftest and dcmdump',
    async (_kind, study) => {
      const folder = await mkdtemp(join(tmpdir(), 'overread-demo-'));
      try {
        const series = study.series.at(-1);
        const instance = series?.instances.at(-1);
        if (series === undefined || instance === undefined) throw new Error('an empty study');
        const frames = seriesRenderer(study, series)(instance);
        const bits = series.modality === 'US' ? 8 : 12;
        const write = async (syntax: TransferSyntax): Promise<string> => {
          const file = join(folder, `${syntax}.dcm`);
          if (syntax === study.transferSyntax) {
            const last = { from: study.instanceCount - 1 };
            for await (const bytes of demoInstances(study, last)) await writeFile(file, bytes);
            return file;
          }
          await writeFile(
            file,
            writePixelObject(
              objectAttributes(study, series, instance),
              await encodeFrames(frames, syntax, bits),
              syntax,
            ),
          );
          return file;
        };
        const file = await write(study.transferSyntax);
        expect(spawnSync('dcmftest', [file], { encoding: 'utf8' }).stdout).toMatch(/^yes:/);
        const dump = spawnSync('dcmdump', ['-Un', file], { encoding: 'utf8' });
        expect([dump.status, dump.stderr.split('\n').filter((line) => /^[EF]:/.test(line))]).toEqual([0, []]);
        expect(dump.stdout).toContain(`[${instance.instanceUid}]`);
        expect(transferSyntaxes[study.transferSyntax]).toBe(study.transferSyntaxUid);
        const checked = foreign.includes(study.transferSyntax) ? await write('explicit') : file;
        const verdict = spawnSync('dciodvfy', [checked], { encoding: 'utf8' });
        const lines = `${verdict.stdout}\n${verdict.stderr}`.split('\n');
        expect(lines.filter((line) => line.includes('Error'))).toEqual([]);
        // It did read the object: the name of its class is the last thing it says.
        expect(lines.some((line) => /Image|XRay|Multiframe/i.test(line))).toBe(true);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});
