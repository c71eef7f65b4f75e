import { type BuiltElement, buildPart10 } from '../builders/part10.ts';

const study = '2.25.4400';
export const madeStudyUid = study;
export const madeInstanceUid = (slice: number): string => `${study}.1.${slice}`;
/** Of today: old studies without an order are nobody's work and stand in no list. */
export const madeStudyDate = new Date().toISOString().slice(0, 10).replaceAll('-', '');
export const madeRows = 64;
export const madeColumns = 80;
const frameOfReference = `${study}.9`;

type Items = readonly (readonly BuiltElement[])[];
const image = 'CT';

const patient = (id = 'OBJ-1', name = 'OBJECTS^ODETTE'): readonly BuiltElement[] => [
  ['00080005', 'CS', 'ISO_IR 192'],
  ['00080020', 'DA', madeStudyDate],
  ['00080030', 'TM', '101500'],
  ['00100010', 'PN', name],
  ['00100020', 'LO', id],
  ['00100030', 'DA', '19700102'],
  ['00100040', 'CS', 'F'],
  ['0020000D', 'UI', study],
];

/** Slices of 80 by 64 pixels, 1 mm, 2 mm apart; grey rises from left to right, a bright corner stands upper left. */
export function madeSlices(count = 5): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => {
    const slice = at + 1;
    const pixels = new Uint16Array(madeRows * madeColumns);
    for (let row = 0; row < madeRows; row += 1)
      for (let column = 0; column < madeColumns; column += 1)
        pixels[row * madeColumns + column] = row < 8 && column < 8 ? 4000 : 1000 + column * 10;
    return buildPart10([
      ...patient(),
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
      ['00080018', 'UI', madeInstanceUid(slice)],
      ['00080060', 'CS', image],
      ['0008103E', 'LO', 'Made slices'],
      ['0020000E', 'UI', `${study}.1`],
      ['00200011', 'IS', '1'],
      ['00200013', 'IS', String(slice)],
      ['00200032', 'DS', `0\\0\\${slice * 2}`],
      ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
      ['00200052', 'UI', frameOfReference],
      ['00280002', 'US', [1]],
      ['00280004', 'CS', 'MONOCHROME2'],
      ['00280010', 'US', [madeRows]],
      ['00280011', 'US', [madeColumns]],
      ['00280030', 'DS', '1\\1'],
      ['00280100', 'US', [16]],
      ['00280101', 'US', [12]],
      ['00280102', 'US', [11]],
      ['00280103', 'US', [0]],
      ['00281050', 'DS', '1500'],
      ['00281051', 'DS', '1000'],
      ['00281052', 'DS', '0'],
      ['00281053', 'DS', '1'],
      ['7FE00010', 'OW', new Uint8Array(pixels.buffer)],
    ]);
  });
}

const images = (...slices: readonly number[]): Items =>
  slices.map((slice) => [
    ['00081150', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    ['00081155', 'UI', madeInstanceUid(slice)],
  ]);

/** A presentation state on slices 1 to 3: inverse, turned by 90°, an arrow's line, words in display units, a shutter. */
export function madePresentation(more: readonly BuiltElement[] = [], at = 1): Uint8Array {
  const own: BuiltElement[] = [
    ...patient(),
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.11.1'],
    ['00080018', 'UI', `${study}.2.${at}`],
    ['00080060', 'CS', 'PR'],
    ['0020000E', 'UI', `${study}.2`],
    ['00200011', 'IS', '2'],
    ['00200013', 'IS', String(at)],
    [
      '00081115',
      'SQ',
      [
        [
          ['00081140', 'SQ', images(1, 2, 3)],
          ['0020000E', 'UI', `${study}.1`],
        ],
      ],
    ],
    [
      '00283110',
      'SQ',
      [
        [
          ['00281050', 'DS', '1400'],
          ['00281051', 'DS', '600'],
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
            '00700008',
            'SQ',
            [
              [
                ['00700003', 'CS', 'DISPLAY'],
                ['00700006', 'ST', 'WORDS <b>of elsewhere</b>'],
                ['00700010', 'FL', [0.1, 0.8]],
                ['00700011', 'FL', [0.6, 0.9]],
                ['00700012', 'CS', 'LEFT'],
              ],
            ],
          ],
          [
            '00700009',
            'SQ',
            [
              [
                ['00700005', 'CS', 'PIXEL'],
                ['00700020', 'US', [2]],
                ['00700021', 'US', [2]],
                ['00700022', 'FL', [10, 20, 40, 20]],
                ['00700023', 'CS', 'POLYLINE'],
                ['00700024', 'CS', 'N'],
              ],
            ],
          ],
        ],
      ],
    ],
    [
      '00700060',
      'SQ',
      [
        [
          ['00700002', 'CS', 'MARKS'],
          ['00700062', 'IS', '1'],
        ],
      ],
    ],
    ['00700041', 'CS', 'N'],
    ['00700042', 'US', [90]],
    [
      '0070005A',
      'SQ',
      [
        [
          ['00700052', 'SL', [1, 1]],
          ['00700053', 'SL', [madeColumns, madeRows]],
          ['00700100', 'CS', 'SCALE TO FIT'],
        ],
      ],
    ],
    ['00700080', 'CS', 'SURGEON'],
    ['00700081', 'LO', 'for the theatre'],
    ['00700082', 'DA', '20260301'],
    ['00700083', 'TM', '120000'],
    ['00700084', 'PN', 'MEIER^ANNA'],
    ['00181600', 'CS', 'RECTANGULAR'],
    ['00181602', 'IS', '3'],
    ['00181604', 'IS', '76'],
    ['00181606', 'IS', '3'],
    ['00181608', 'IS', '62'],
    ['00181622', 'US', [0]],
    ['20500020', 'CS', 'INVERSE'],
  ];
  const tags = new Set(more.map(([tag]) => tag));
  return buildPart10([...own.filter(([tag]) => !tags.has(tag)), ...more]);
}

const code = (value: string, words: string): Items => [
  [
    ['00080100', 'SH', value],
    ['00080102', 'SH', 'SCT'],
    ['00080104', 'LO', words],
  ],
];

/** Two segments on slices 2 and 3: a box each. `offset` moves the planes along the axis. */
export function madeSegmentation(
  options: { readonly fractional?: boolean; readonly offset?: number; readonly patientId?: string } = {},
): Uint8Array {
  const { fractional = false, offset = 0 } = options;
  const frames = [
    [1, 2],
    [1, 3],
    [2, 2],
  ] as const;
  const count = madeRows * madeColumns;
  const values = new Uint8Array(count * frames.length);
  for (const [frame, [segment]] of frames.entries())
    for (let row = 20; row < 40; row += 1)
      for (let column = segment * 20; column < segment * 20 + 15; column += 1)
        values[frame * count + row * madeColumns + column] = fractional ? 128 : 1;
  const packed = new Uint8Array(Math.ceil(values.length / 8));
  for (const [at, value] of values.entries())
    if (value !== 0) packed[at >> 3] = (packed[at >> 3] ?? 0) | (1 << (at & 7));
  return buildPart10([
    ...patient(options.patientId),
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.66.4'],
    ['00080018', 'UI', `${study}.3.${fractional ? 2 : 1}`],
    ['00080060', 'CS', 'SEG'],
    ['0020000E', 'UI', `${study}.3`],
    ['00200011', 'IS', '3'],
    ['00200013', 'IS', fractional ? '2' : '1'],
    ['00200052', 'UI', frameOfReference],
    ['00280002', 'US', [1]],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280008', 'IS', String(frames.length)],
    ['00280010', 'US', [madeRows]],
    ['00280011', 'US', [madeColumns]],
    ['00280100', 'US', [fractional ? 8 : 1]],
    ['00280101', 'US', [fractional ? 8 : 1]],
    ['00280102', 'US', [fractional ? 7 : 0]],
    ['00280103', 'US', [0]],
    ['00620001', 'CS', fractional ? 'FRACTIONAL' : 'BINARY'],
    [
      '00620002',
      'SQ',
      [1, 2].map((segment): readonly BuiltElement[] => [
        ['00620003', 'SQ', code('49755003', 'Morphologically abnormal structure')],
        ['00620004', 'US', [segment]],
        ['00620005', 'LO', segment === 1 ? 'Nodule' : 'Vessel'],
        ['00620008', 'CS', 'MANUAL'],
        ['0062000D', 'US', segment === 1 ? [35_000, 53_000, 50_000] : [40_000, 20_000, 45_000]],
        ['0062000F', 'SQ', code('27925004', segment === 1 ? 'Nodule' : 'Vessel')],
      ]),
    ],
    ['0062000E', 'US', [255]],
    ['00700080', 'CS', 'LESIONS'],
    ['00700084', 'PN', 'READER^OTHER'],
    [
      '52009229',
      'SQ',
      [
        [
          ['00209116', 'SQ', [[['00200037', 'DS', '1\\0\\0\\0\\1\\0']]]],
          [
            '00289110',
            'SQ',
            [
              [
                ['00180050', 'DS', '2'],
                ['00280030', 'DS', '1\\1'],
              ],
            ],
          ],
        ],
      ],
    ],
    [
      '52009230',
      'SQ',
      frames.map(([segment, slice]): readonly BuiltElement[] => [
        ['00089124', 'SQ', [[['00082112', 'SQ', images(slice)]]]],
        ['00209113', 'SQ', [[['00200032', 'DS', `0\\0\\${slice * 2 + offset}`]]]],
        ['0062000A', 'SQ', [[['0062000B', 'US', [segment]]]]],
      ]),
    ],
    fractional ? ['7FE00010', 'OB', values] : ['7FE00010', 'OB', packed],
  ]);
}

/** A 12-lead ECG of ten seconds at 500 Hz: a spike of 1 mV in every lead each second, signed words of 1 uV. */
export function madeEcg(interpretation = 'SS'): Uint8Array {
  const leads = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
  const samples = new Int16Array(5000 * leads.length);
  for (let at = 0; at < 5000; at += 1)
    for (let lead = 0; lead < leads.length; lead += 1)
      samples[at * leads.length + lead] = at % 500 < 10 ? 1000 : Math.round(50 * Math.sin(at / 40 + lead));
  return buildPart10([
    ...patient(),
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.9.1.1'],
    ['00080018', 'UI', `${study}.4.1`],
    ['00080060', 'CS', 'ECG'],
    ['0020000E', 'UI', `${study}.4`],
    ['00200011', 'IS', '4'],
    ['00200013', 'IS', '1'],
    [
      '0040B020',
      'SQ',
      [
        [
          ['0040A0B0', 'US', [1, 0]],
          ['00700006', 'ST', 'Sinus rhythm <i>by machine</i>'],
        ],
      ],
    ],
    [
      '54000100',
      'SQ',
      [
        [
          ['003A0004', 'CS', 'ORIGINAL'],
          ['003A0005', 'US', [leads.length]],
          ['003A0010', 'UL', [5000]],
          ['003A001A', 'DS', '500'],
          ['003A0020', 'SH', 'RHYTHM'],
          [
            '003A0200',
            'SQ',
            leads.map((lead): readonly BuiltElement[] => [
              [
                '003A0208',
                'SQ',
                [
                  [
                    ['00080100', 'SH', `2:${lead}`],
                    ['00080102', 'SH', 'MDC'],
                    ['00080104', 'LO', `Lead ${lead}`],
                  ],
                ],
              ],
              ['003A0210', 'DS', '1'],
              [
                '003A0211',
                'SQ',
                [
                  [
                    ['00080100', 'SH', 'uV'],
                    ['00080102', 'SH', 'UCUM'],
                    ['00080104', 'LO', 'microvolt'],
                  ],
                ],
              ],
              ['003A0212', 'DS', '1'],
              ['003A0213', 'DS', '0'],
              ['003A0215', 'DS', '0'],
              ['003A021A', 'US', [16]],
              ['003A0220', 'DS', '0.05'],
              ['003A0221', 'DS', '150'],
            ]),
          ],
          ['54001004', 'US', [interpretation === 'MB' ? 8 : 16]],
          ['54001006', 'CS', interpretation],
          ['54001010', 'OW', new Uint8Array(samples.buffer)],
        ],
      ],
    ],
  ]);
}

/** A PDF in DICOM (PS3.3 A.45.1); of another patient where one is given. */
export function madePdf(pdf: Uint8Array, at = 1, patientId?: string, patientName?: string): Uint8Array {
  return buildPart10([
    ...patient(patientId, patientName),
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.104.1'],
    ['00080018', 'UI', `${study}.5${at}.1`],
    ['00080060', 'CS', 'DOC'],
    ['0020000E', 'UI', `${study}.5${at}`],
    ['00200011', 'IS', `5${at}`],
    ['00200013', 'IS', '1'],
    ['00420010', 'ST', 'Letter of the practice'],
    ['00420012', 'LO', 'application/pdf'],
    ['00420011', 'OB', pdf],
  ]);
}

/** A document that is kept and not drawn: CDA. */
export function madeCda(): Uint8Array {
  return buildPart10([
    ...patient(),
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.104.2'],
    ['00080018', 'UI', `${study}.6.1`],
    ['00080060', 'CS', 'DOC'],
    ['0020000E', 'UI', `${study}.6`],
    ['00200011', 'IS', '60'],
    ['00420012', 'LO', 'text/XML'],
    [
      '00420011',
      'OB',
      Buffer.from('<ClinicalDocument><script>window.probe.errors.push(9)</script></ClinicalDocument>'),
    ],
  ]);
}
