import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { notShown, presentationState, withParts } from '../../renderer/imaging/objects/presentation-state.ts';
import { presentationOf, presentedFrame, presentedGraphics } from '../../renderer/imaging/objects/presented.ts';
import { readObject } from '../../renderer/imaging/objects/read-object.ts';
import { describeSeries } from '../../renderer/imaging/study-metadata.ts';
import type { DecodedFrame } from '../../renderer/imaging/types.ts';
import { madeState, madeStates } from '../imaging-golden/made-states.ts';
import { asked, described, type Json } from './described.ts';
import { madeColumns, madeInstanceUid, madePresentation, madeRows, madeSlices, madeStudyUid } from './made-study.ts';

describe('a presentation state', () => {
  let state: NonNullable<ReturnType<typeof presentationState>>;
  let slices: ReturnType<typeof describeSeries>;
  beforeAll(async () => {
    const all = await described([...madeSlices(), madePresentation()]);
    const found = all.map(presentationState).find((one) => one !== null);
    if (found === undefined || found === null) throw new Error('no state was read');
    state = found;
    const images = all.filter((one) => presentationState(one) === null);
    slices = describeSeries(
      { archive: 'a', epoch: 1, studyUid: madeStudyUid },
      `${madeStudyUid}.1`,
      images,
      images[0] ?? {},
    );
  });

  it('changes the images that it names, and no others', () => {
    const shown = slices.frames.map((frame) => presentedFrame(state, frame));
    expect(shown.map((one) => one !== null)).toEqual([true, true, true, false, false]);
    expect(shown[0]?.voi).toEqual({ kind: 'window', window: { center: 1400, width: 600 }, function: 'linear' });
    expect(shown[0]?.reference.inverse).toBe(true);
    expect(shown[0]?.turn).toEqual({ flipped: false, rotation: 90 });
    expect(presentedGraphics(state, madeInstanceUid(4), 1)).toBeNull();
  });

  it('brings its graphics, words, area and shutter', () => {
    const graphics = presentedGraphics(state, madeInstanceUid(1), 1);
    expect(graphics?.layers).toHaveLength(1);
    expect(graphics?.layers[0]?.shapes[0]).toMatchObject({
      type: 'polyline',
      units: 'pixel',
      points: [
        [10, 20],
        [40, 20],
      ],
    });
    expect(graphics?.layers[0]?.texts[0]).toMatchObject({
      words: 'WORDS <b>of elsewhere</b>',
      box: { units: 'display' },
    });
    expect(graphics?.area).toMatchObject({ from: [0, 0], to: [madeColumns, madeRows], size: 'fit' });
    expect(graphics?.shutters).toEqual([{ kind: 'rectangle', left: 3, right: 76, upper: 3, lower: 62 }]);
  });

  it('turned and then flipped is flipped in the image’s axes and turned the other way round', async () => {
    const [data] = await described([madePresentation([['00700041', 'CS', 'Y']])]);
    const flipped = presentationState(data ?? {});
    const [frame] = slices.frames;
    if (flipped === null || frame === undefined) throw new Error('nothing was read');
    expect(presentedFrame(flipped, frame)?.turn).toEqual({ flipped: true, rotation: 270 });
  });

  it('without values of interest shows all that the stored bits can say, as PS3.3 C.11.8 has it', async () => {
    const [data] = await described([madePresentation([['00283110', 'SQ', []]])]);
    const plain = presentationState(data ?? {});
    const [frame] = slices.frames;
    if (plain === null || frame === undefined) throw new Error('nothing was read');
    expect(presentedFrame(plain, frame)?.voi).toEqual({
      kind: 'window',
      window: { center: 2048, width: 4096 },
      function: 'linear',
    });
  });

  it('says on the image what of it is not shown, whatever that is', async () => {
    const [data] = await described([
      madePresentation([
        ['00181600', 'CS', 'BITMAP\\HEXAGONAL'],
        ['00181623', 'US', [0x6000]],
        ['00700042', 'US', [45]],
        ['00283000', 'SQ', [[['00283002', 'US', [1, 0, 16]]]]],
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
                    ['00700005', 'CS', 'MATRIX'],
                    ['00700022', 'FL', [1, 2, 3, 4]],
                    ['00700023', 'CS', 'POLYLINE'],
                  ],
                  [
                    ['00700005', 'CS', 'PIXEL'],
                    ['00700022', 'FL', [1, 2, 3, 4]],
                    ['00700023', 'CS', 'SPIRAL'],
                  ],
                  [
                    ['00700005', 'CS', 'PIXEL'],
                    ['00700022', 'FL', [1, 2, 3, 4]],
                    ['00700023', 'CS', 'POLYLINE'],
                    ['00700226', 'UL', [7]],
                  ],
                ],
              ],
              [
                '00700209',
                'SQ',
                [
                  [
                    ['00700226', 'UL', [7]],
                    ['00700294', 'CS', 'ARROW'],
                  ],
                  [
                    ['00700226', 'UL', [8]],
                    ['00700294', 'CS', 'RULER'],
                  ],
                ],
              ],
            ],
          ],
        ],
      ]),
    ]);
    const found = presentationState(data ?? {});
    const [frame] = slices.frames;
    if (found === null || frame === undefined) throw new Error('nothing was read');
    const words = presentationOf(found, 'MEIER').words(frame, null);
    expect(words).toBe(
      'Presentation state applied: MEIER; not all of this presentation state is shown: ' +
        [
          'its Modality LUT (the table did not come)',
          'its bitmap shutter (its overlay is not in the state)',
          'a shutter that could not be read (HEXAGONAL)',
          'its rotation by 45°',
          '1 graphics or words that could not be read',
          '1 graphics placed on a whole slide',
          'compound graphics without their simple form (ruler)',
        ].join(', '),
    );
    // The arrow is there as the line that its writer gives beside it.
    expect(found.annotations[0]?.shapes).toHaveLength(1);
  });

  it('is not half applied where the archive keeps tables and planes to itself: its file brings them', async () => {
    const [modality, voi, bent, covered] = [
      'a Modality LUT before a window',
      'a VOI LUT',
      'Modality LUT, VOI window and Presentation LUT one behind the other',
      'a bitmap shutter',
    ].map((name) => madeStates.find((one) => one.name === name));
    for (const one of [modality, voi, bent, covered]) {
      if (one === undefined) throw new Error('no such state');
      const bytes = madeState(one);
      const [data = {}] = await described([bytes]);
      const whole = presentationState(data);
      const left = presentationState(
        JSON.parse(
          JSON.stringify(data, (tag, value) => (tag === '00283006' ? { vr: 'OW', BulkDataURI: 'elsewhere' } : value)),
        ) as Json,
      );
      if (whole === null || left === null) throw new Error('nothing was read');
      expect(left.awaits.length, one.name).toBeGreaterThan(0);
      expect(notShown(left).join(), one.name).toContain('did not come');
      const read = await readObject(bytes, 'application/dicom', asked('presentation', '2.1'));
      if (!read.ok || read.value.what !== 'presentation') throw new Error('the file was not read');
      const { planes, ...completed } = withParts(left, read.value.parts);
      expect(completed.awaits, one.name).toEqual([]);
      expect({ ...completed, awaits: [], planes: [] }).toEqual({ ...whole, awaits: [], planes: [] });
      expect(planes.map((plane) => plane.group)).toEqual(one === covered ? [0x6000] : []);
    }
  });

  it('does not map again what the image’s own modality table has mapped, and says so', async () => {
    const one = madeStates.find(({ name }) => name === 'a Modality LUT before a window');
    const [data] = await described([madeState(one ?? { name: '', elements: [] })]);
    const found = presentationState(data ?? {});
    const [frame] = slices.frames;
    if (found === null || frame === undefined) throw new Error('nothing was read');
    const decoded = { colour: false, modalityApplied: true } as DecodedFrame;
    expect(presentationOf(found, 'MEIER').words(frame, decoded)).toContain(
      'not all of this presentation state is shown: its Modality LUT (the image’s own table was applied already)',
    );
    expect(presentationOf(found, 'MEIER').words(frame, { ...decoded, modalityApplied: false })).toBe(
      'Presentation state applied: MEIER',
    );
  });

  it('gives layers, shutters, lines and words the colours that it recommends', async () => {
    const white = [65_535, 32_896, 32_896];
    const [data] = await described([
      madePresentation([
        ['00181624', 'US', white],
        [
          '00700060',
          'SQ',
          [
            [
              ['00700002', 'CS', 'MARKS'],
              ['00700062', 'IS', '1'],
              ['00700066', 'US', [32_768]],
            ],
          ],
        ],
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
                    ['00700022', 'FL', [1, 2, 3, 4]],
                    ['00700023', 'CS', 'POLYLINE'],
                    [
                      '00700232',
                      'SQ',
                      [
                        [
                          ['00700251', 'US', white],
                          ['00700253', 'FL', [2]],
                          ['00700254', 'CS', 'DASHED'],
                          ['00700284', 'FL', [0.5]],
                        ],
                      ],
                    ],
                  ],
                ],
              ],
            ],
          ],
        ],
      ]),
    ]);
    const graphics = presentedGraphics(presentationState(data ?? {}) ?? state, madeInstanceUid(1), 1);
    expect(graphics?.shutterColour).toBe('rgb(255 255 255)');
    expect(graphics?.layers[0]?.colour).toBe('rgb(128 128 128)');
    expect(graphics?.layers[0]?.shapes[0]?.style).toEqual({
      colour: 'rgb(255 255 255)',
      thickness: 2,
      dashed: true,
      opacity: 0.5,
      fill: null,
    });
  });

  it('of any content is read or refused, and draws no more than its budget', () => {
    const element = fc.oneof(
      fc.record({
        vr: fc.string(),
        Value: fc.array(fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.integer())),
      }),
      fc.jsonValue(),
    );
    const tags = [
      '00700001',
      '00081115',
      '00283110',
      '0070005A',
      '00700060',
      '00181600',
      '00700042',
      '20500020',
      '00181620',
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...tags), element), (more) => {
        const found = presentationState({
          ...(more as Json),
          '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.11.1'] },
        });
        expect(found).not.toBeNull();
      }),
    );
    const point = {
      '00700023': { Value: ['POLYLINE'] },
      '00700022': { Value: Array.from({ length: 3_000 }, () => 1) },
    };
    const flood = presentationState({
      '00080016': { Value: ['1.2.840.10008.5.1.4.1.1.11.1'] },
      '00700001': { Value: [{ '00700009': { Value: Array.from({ length: 500 }, () => point) } }] },
    });
    const points = flood?.annotations.flatMap((one) => one.shapes).reduce((sum, one) => sum + one.points.length, 0);
    expect(points).toBeLessThanOrEqual(20_000);
  });
});
