import type { BuiltElement } from '../builders/part10.ts';
import { madeColumns, madePresentation, madeRows } from '../imaging-page/made-study.ts';

/** What dcmtk wants of every state beside what the viewer reads; upright, without graphics and shutter. */
const plain: readonly BuiltElement[] = [
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
        ['00700053', 'SL', [madeColumns, madeRows]],
        ['00700100', 'CS', 'SCALE TO FIT'],
        ['00700102', 'IS', '1\\1'],
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
  ['20500020', 'CS', 'IDENTITY'],
];

const table = (
  tag: string,
  descriptor: readonly [number, number, number],
  entries: readonly number[],
): BuiltElement[] => [
  ['00283002', 'US', descriptor],
  ...(tag === '00283000' ? ([['00283004', 'LO', 'US']] as const) : []),
  ['00283006', 'US', entries],
];
const curve = (length: number, bits: number, power: number): readonly number[] =>
  Array.from({ length }, (_, at) => Math.round((2 ** bits - 1) * (at / (length - 1)) ** power));

/** Stored values of the made slices run from 1000 to 1790, and 4000 in a corner. */
const modality: BuiltElement = ['00283000', 'SQ', [table('00283000', [1024, 900, 12], curve(1024, 12, 1.5))]];
const values = (item: readonly BuiltElement[]): BuiltElement => ['00283110', 'SQ', [item]];
const window = (center: number, width: number): readonly BuiltElement[] => [
  ['00281050', 'DS', String(center)],
  ['00281051', 'DS', String(width)],
];
const voiTable: readonly BuiltElement[] = [
  ['00283010', 'SQ', [table('00283010', [600, 1050, 10], curve(600, 10, 0.6))]],
];
const presentation: BuiltElement = ['20500010', 'SQ', [table('20500010', [256, 0, 12], curve(256, 12, 2))]];

const bits = (set: (row: number, column: number) => boolean): Uint8Array => {
  const out = new Uint8Array((madeRows * madeColumns) / 8);
  for (let row = 0; row < madeRows; row += 1)
    for (let column = 0; column < madeColumns; column += 1)
      if (set(row, column)) {
        const at = row * madeColumns + column;
        out[at >> 3] = (out[at >> 3] ?? 0) | (1 << (at & 7));
      }
  return out;
};
export const ownPlane = (
  group: string,
  set: (row: number, column: number) => boolean,
  layer = '',
): readonly BuiltElement[] => [
  [`${group}0010`, 'US', [madeRows]],
  [`${group}0011`, 'US', [madeColumns]],
  [`${group}0040`, 'CS', 'G'],
  [`${group}0050`, 'SS', [1, 1]],
  [`${group}0100`, 'US', [1]],
  [`${group}0102`, 'US', [0]],
  ...(layer === '' ? [] : ([[`${group}1001`, 'CS', layer]] as const)),
  [`${group}3000`, 'OW', bits(set)],
];

const rectangle: readonly BuiltElement[] = [
  ['00181602', 'IS', '5'],
  ['00181604', 'IS', '70'],
  ['00181606', 'IS', '9'],
  ['00181608', 'IS', '60'],
];
const grey: BuiltElement = ['00181622', 'US', [30_000]];

export type MadeState = {
  readonly name: string;
  readonly elements: readonly BuiltElement[];
  /** Pixels (from 0) that a shutter of lines covers: dcmtk draws none, so the clause is asked. An edge may lie in any pixel that it cuts. */
  readonly covers?: (x: number, y: number) => boolean;
  /** Pixels that a plane of the state draws white: nor does dcmtk draw these. */
  readonly draws?: (x: number, y: number) => boolean;
};

/** Left, right, upper and lower pixels are seen (PS3.3 C.7.6.11), counted from 1. */
const beyond = (x: number, y: number): boolean => x + 1 < 5 || x + 1 > 70 || y + 1 < 9 || y + 1 > 60;
const away = (x: number, y: number): number => Math.hypot(x + 1 - 40, y + 1 - 30);
/** Row and column of each corner, counted from 1; beyond the line through two of them, or not. */
const corners = [
  [5, 10],
  [8, 70],
  [55, 60],
  [50, 20],
] as const;
const outside = (x: number, y: number): boolean =>
  corners.some(([row, column], at) => {
    const [nextRow = 0, nextColumn = 0] = corners[(at + 1) % corners.length] ?? [];
    return (nextColumn - column) * (y + 1 - row) - (nextRow - row) * (x + 1 - column) < 0;
  });

export const madeStates: readonly MadeState[] = [
  { name: 'a Modality LUT before a window', elements: [modality, values(window(1500, 2400))] },
  { name: 'a Modality LUT alone: all that it can say', elements: [modality, ['00283110', 'SQ', []]] },
  { name: 'a VOI LUT', elements: [values(voiTable)] },
  {
    name: 'a rescale and a window behind it',
    elements: [
      ['00281052', 'DS', '-1000'],
      ['00281053', 'DS', '2'],
      ['00281054', 'LO', 'US'],
      values(window(900, 1500)),
    ],
  },
  { name: 'INVERSE', elements: [values(window(1400, 600)), ['20500020', 'CS', 'INVERSE']] },
  {
    name: 'Modality LUT, VOI window and Presentation LUT one behind the other',
    elements: [modality, values(window(1500, 2400)), presentation, ['20500020', 'CS', '']],
  },
  {
    name: 'a rectangular shutter in grey',
    elements: [['00181600', 'CS', 'RECTANGULAR'], ...rectangle, grey],
    covers: beyond,
  },
  {
    name: 'a circular shutter',
    elements: [['00181600', 'CS', 'CIRCULAR'], ['00181610', 'IS', '30\\40'], ['00181612', 'IS', '25'], grey],
    covers: (x, y) => away(x, y) > 25,
  },
  {
    name: 'a polygonal shutter',
    elements: [['00181600', 'CS', 'POLYGONAL'], ['00181620', 'IS', '5\\10\\8\\70\\55\\60\\50\\20'], grey],
    covers: outside,
  },
  {
    name: 'a bitmap shutter',
    elements: [
      ['00181600', 'CS', 'BITMAP'],
      grey,
      ['00181623', 'US', [0x6000]],
      ...ownPlane('6000', (row, column) => (row * 7 + column * 3) % 11 < 4),
    ],
  },
  {
    name: 'rectangular and circular shutters at once',
    elements: [
      ['00181600', 'CS', 'RECTANGULAR\\CIRCULAR'],
      ...rectangle,
      ['00181610', 'IS', '30\\40'],
      ['00181612', 'IS', '34'],
      grey,
    ],
    covers: (x, y) => beyond(x, y) || away(x, y) > 34,
  },
  {
    name: 'a plane of its own in the white of its layer',
    elements: [
      [
        '00700060',
        'SQ',
        [
          [
            ['00700002', 'CS', 'MARKS'],
            ['00700062', 'IS', '1'],
            ['00700066', 'US', [65_535]],
          ],
        ],
      ],
      ...ownPlane('6002', (row, column) => row > 10 && (row + column) % 9 === 0, 'MARKS'),
    ],
    draws: (x, y) => y > 10 && (x + y) % 9 === 0,
  },
];

export function madeState({ elements }: MadeState): Uint8Array {
  const tags = new Set(elements.map(([tag]) => tag));
  return madePresentation([...plain.filter(([tag]) => !tags.has(tag)), ...elements]);
}
