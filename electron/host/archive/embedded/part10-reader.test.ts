import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { personName } from '../../../../shared/interop/dicom-json/index.ts';
import {
  type BuiltElement,
  buildImage,
  buildPart10,
  datasetBytes,
  pixelBytes,
} from '../../../../test/builders/part10.ts';
import { processorTime } from '../../../../test/processor-time.ts';
import { metadataOf } from './dataset-json.ts';
import { mapFrames } from './frame-map.ts';
import { readPart10 } from './part10-reader.ts';

const shared = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const petra = { study: '2.25.1', series: '2.25.2', instance: '2.25.3' };

function opened(file: Uint8Array) {
  const parsed = readPart10(file);
  if (!parsed.ok) throw new Error(`${parsed.error.code}: ${parsed.error.message}`);
  return parsed.value;
}

/** Each frame's bytes as the archive would hand them out, joined from their pieces. */
function framesOf(file: Uint8Array): Buffer[] {
  const parsed = opened(file);
  const map = mapFrames(parsed);
  if (!map.ok || map.value === null) throw new Error(map.ok ? 'no pixels' : map.error);
  return map.value.frames.map((pieces) =>
    Buffer.concat(pieces.map(([offset, length]) => parsed.data.subarray(offset, offset + length))),
  );
}

describe('a Part 10 object', () => {
  test.each([
    ['implicit', '1.2.840.10008.1.2'],
    ['explicit', '1.2.840.10008.1.2.1'],
    ['deflated', '1.2.840.10008.1.2.1.99'],
  ])('reads the same in %s VR little endian', (_words, transferSyntax) => {
    const more: BuiltElement[] = [
      ['00081140', 'SQ', [[['00081155', 'UI', '2.25.9']], []]],
      ['00280106', 'SS', [-5]],
      ['00280103', 'US', [1]],
      ['00090010', 'LO', 'PRIVATE'],
      ['00281050', 'DS', '40\\'],
    ];
    const { json } = metadataOf(opened(buildImage({ ...petra, transferSyntax, more })));
    expect(json['00281050']).toEqual({ vr: 'DS', Value: [40, null] });
    expect(json['00280106']).toEqual({ vr: 'SS', Value: [-5] });
    expect(json['00081140']).toEqual({ vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['2.25.9'] } }, {}] });
    expect(json['00090010']).toBeUndefined();
    expect(json['7FE00010']).toEqual({ vr: 'OW', BulkDataURI: 'bulkdata/7FE00010' });
    expect(personName(json, '00100010')).toBe('Probe^Petra');
    expect(framesOf(buildImage({ ...petra, transferSyntax, number: 4 }))[0]).toEqual(Buffer.from(pixelBytes(512, 4)));
  });

  test('that grows without end when inflated is refused within the budget', () => {
    const bomb = deflateRawSync(Buffer.alloc(300 * 1024 * 1024));
    const head = buildPart10([['00080018', 'UI', '2.25.3']], '1.2.840.10008.1.2.1.99');
    const bodyAt = head.length - deflatedLength([['00080018', 'UI', '2.25.3']]);
    const taken = processorTime(() => {
      expect(readPart10(Buffer.concat([head.subarray(0, bodyAt), bomb]))).toMatchObject({
        ok: false,
        error: { code: 'too-large' },
      });
    });
    expect(taken).toBeLessThan(5_000);
  });

  test('nested 10,000 deep is refused, not followed', () => {
    let item: BuiltElement[] = [['00100010', 'PN', 'X']];
    for (let depth = 0; depth < 100; depth += 1) item = [['00081140', 'SQ', [item]]];
    expect(readPart10(buildPart10(item))).toMatchObject({ ok: false, error: { code: 'too-deep' } });
    // Undefined lengths nest without any inner length to check.
    const opening = Buffer.concat([
      Buffer.from([0x08, 0, 0x40, 0x11]),
      Buffer.from('SQ\0\0'),
      Buffer.alloc(4, 0xff),
      Buffer.from([0xfe, 0xff, 0, 0xe0]),
      Buffer.alloc(4, 0xff),
    ]);
    const deep = Buffer.concat([buildPart10([]), ...Array.from({ length: 10_000 }, () => opening)]);
    expect(readPart10(deep)).toMatchObject({ ok: false, error: { code: 'too-deep' } });
  });

  test('that is cut anywhere is refused or read without its end, and never throws', () => {
    const whole = buildImage({ ...petra, more: [['00081140', 'SQ', [[['00081155', 'UI', '2.25.9']]]]] });
    let refused = 0;
    for (let length = 0; length < whole.length; length += 1) {
      const parsed = readPart10(whole.subarray(0, length));
      if (!parsed.ok) refused += 1;
    }
    expect(refused).toBeGreaterThan(whole.length / 2);
  });

  test('with any bytes changed is read or refused within a moment', () => {
    const whole = buildImage({ ...petra, more: [['00081140', 'SQ', [[['00081155', 'UI', '2.25.9']]]]] });
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
        const mutant = Uint8Array.from(whole);
        for (const [at, byte] of changes) mutant[at] = byte;
        const taken = processorTime(() => {
          const parsed = readPart10(mutant);
          if (parsed.ok) {
            metadataOf(parsed.value);
            mapFrames(parsed.value);
          }
        });
        expect(taken).toBeLessThan(500);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the frames of an object', () => {
  const start = Buffer.of(0xff, 0xd8, 0xff, 0xe0);
  const fragment = (seed: number): Buffer => Buffer.concat([start, pixelBytes(96, seed)]);
  const rest = (seed: number): Buffer => Buffer.from(pixelBytes(100, seed)).fill(1, 0, 1);
  const encapsulated = (
    frames: number,
    list: readonly Buffer[],
    table: readonly number[],
    more: readonly BuiltElement[] = [],
  ): Uint8Array =>
    buildImage({
      ...petra,
      frames,
      transferSyntax: '1.2.840.10008.1.2.4.50',
      pixels: ['7FE00010', 'FRAGMENTS', { table, list }],
      more,
    });

  test('of one frame in several fragments are joined', () => {
    const list = [fragment(1), rest(2), rest(3)];
    expect(framesOf(encapsulated(1, list, []))).toEqual([Buffer.concat(list)]);
  });

  test('are told apart by the offset table, each with all its fragments', () => {
    const list = [fragment(1), rest(2), fragment(3), rest(4), rest(5)];
    expect(framesOf(encapsulated(2, list, [0, 216]))).toEqual([
      Buffer.concat(list.slice(0, 2)),
      Buffer.concat(list.slice(2)),
    ]);
  });

  test('are told apart by where codestreams begin when there is no offset table, or a wrong one', () => {
    const list = [fragment(1), rest(2), fragment(3)];
    const expected = [Buffer.concat(list.slice(0, 2)), list[2]];
    expect(framesOf(encapsulated(2, list, []))).toEqual(expected);
    expect(framesOf(encapsulated(2, list, [0, 50]))).toEqual(expected);
  });

  test('that cannot be told apart are refused, not guessed', () => {
    const mapped = mapFrames(opened(encapsulated(2, [rest(1), rest(2), rest(3)], [])));
    expect(mapped).toMatchObject({ ok: false });
    expect(
      mapFrames(opened(buildImage({ ...petra, frames: 3, pixels: ['7FE00010', 'OW', pixelBytes(1024, 1)] }))),
    ).toMatchObject({ ok: false });
  });
});

describe.skipIf(!existsSync(join(shared, 'dicom/charsets')))('names in the character sets of the shared data', () => {
  test.each([
    ['chrArab.dcm', 'قباني^لنزار'],
    ['chrFren.dcm', 'Buc^Jérôme'],
    ['chrFrenMulti.dcm', 'Buc^Jérôme'],
    ['chrGerm.dcm', 'Äneas^Rüdiger'],
    ['chrGreek.dcm', 'Διονυσιος'],
    ['chrH31.dcm', 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
    ['chrH32.dcm', 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう'],
    ['chrHbrw.dcm', 'שרון^דבורה'],
    ['chrI2.dcm', 'Hong^Gildong=洪^吉洞=홍^길동'],
    ['chrJapMulti.dcm', 'やまだ^たろう'],
    ['chrJapMultiExplicitIR6.dcm', 'やまだ^たろう'],
    ['chrKoreanMulti.dcm', '김희중'],
    ['chrRuss.dcm', 'Люкceмбypг'],
    ['chrX1.dcm', 'Wang^XiaoDong=王^小東'],
    ['chrX2.dcm', 'Wang^XiaoDong=王^小东'],
  ])('%s is %s', (file, name) => {
    expect(personName(metadataOf(opened(readFileSync(join(shared, 'dicom/charsets', file)))).json, '00100010')).toBe(
      name,
    );
  });

  test('are right inside sequences too', () => {
    const { json } = metadataOf(opened(readFileSync(join(shared, 'dicom/charsets/chrSQEncoding.dcm'))));
    expect(JSON.stringify(json)).toContain('ﾔﾏﾀﾞ');
  });
});

test.skipIf(!existsSync(join(shared, 'malformed')))(
  'every malformed file of the shared data is read or refused with words, within two seconds',
  () => {
    for (const folder of ['made', 'pydicom', 'orthanc', 'cornerstone']) {
      for (const name of readdirSync(join(shared, 'malformed', folder))) {
        const bytes = readFileSync(join(shared, 'malformed', folder, name));
        const taken = processorTime(() => {
          const parsed = readPart10(bytes);
          if (!parsed.ok) expect(parsed.error.message, name).not.toBe('');
          else mapFrames(parsed.value);
        });
        expect(taken, name).toBeLessThan(2_000);
      }
    }
  },
);

function deflatedLength(elements: readonly BuiltElement[]): number {
  const length = deflateRawSync(datasetBytes(elements)).length;
  return length + (length % 2);
}
