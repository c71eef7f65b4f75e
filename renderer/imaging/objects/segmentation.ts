import { cosines, vector } from '../describe-frames.ts';
import { type DataSet, items, number, numbers, text, uid } from '../dicom-json.ts';
import type { Vector } from '../types.ts';
import { labColour } from './lab-colour.ts';

export type Segment = {
  readonly number: number;
  readonly label: string;
  /** "Tissue: Liver (SRT T-62000)", what it says it is. */
  readonly code: string;
  /** "semiautomatic, SlicerEditor". */
  readonly made: string;
  /** "rgb(…)"; one of our own where it recommends none. */
  readonly colour: string;
};

export type SegmentFrame = {
  /** 0 in a label map, whose pixels name their segment. */
  readonly segment: number;
  /** The images that it was made from; empty where it names none. */
  readonly sources: readonly { readonly instanceUid: string; readonly frame: number | null }[];
  readonly plane: SegmentPlane | null;
};

export type SegmentPlane = {
  readonly position: Vector;
  readonly row: Vector;
  readonly column: Vector;
  /** Millimetres between rows, and between columns. */
  readonly spacing: readonly [number, number];
  /** Millimetres; null where it says none. */
  readonly thickness: number | null;
};

export type Segmentation = {
  readonly kind: 'binary' | 'fractional' | 'label-map';
  readonly rows: number;
  readonly columns: number;
  readonly bits: number;
  /** The value that stands for all of a pixel; 1 for binary. */
  readonly full: number;
  readonly frameOfReferenceUid: string | null;
  readonly segments: readonly Segment[];
  readonly frames: readonly SegmentFrame[];
  /** Why it cannot be laid over any image; null when it can. */
  readonly refused: string | null;
};

const most = { segments: 1_000, frames: 20_000, sources: 64, pixels: 1_000_000_000 };
/** Told apart on grey and by those who see no red or green. */
const ownColours = ['rgb(230 159 0)', 'rgb(86 180 233)', 'rgb(0 158 115)', 'rgb(240 228 66)', 'rgb(204 121 167)'];

/** Segmentation Storage and Label Map Segmentation Storage (PS3.4 B.5). */
const classes: Readonly<Record<string, true>> = {
  '1.2.840.10008.5.1.4.1.1.66.4': true,
  '1.2.840.10008.5.1.4.1.1.66.7': true,
};

/** A segmentation from its metadata (PS3.3 A.51); null for another object. */
export function segmentation(data: DataSet): Segmentation | null {
  if (!Object.hasOwn(classes, text(data, '00080016'))) return null;
  const type = text(data, '00620001');
  const kind = type === 'FRACTIONAL' ? 'fractional' : type === 'LABELMAP' ? 'label-map' : 'binary';
  const rows = number(data, '00280010') ?? 0;
  const columns = number(data, '00280011') ?? 0;
  const bits = number(data, '00280100') ?? 0;
  const count = number(data, '00280008') ?? 1;
  const shared = items(data, '52009229')[0] ?? {};
  const perFrame = items(data, '52009230').slice(0, most.frames);
  const frames = perFrame.map((own) => frameOf(own, shared));
  const fits = rows > 0 && columns > 0 && rows * columns * count <= most.pixels;
  const expected = kind === 'binary' ? [1, 8] : kind === 'label-map' ? [8, 16] : [8];
  const refused = !fits
    ? `it says that it has ${count} frames of ${columns} by ${rows} pixels`
    : !expected.includes(bits)
      ? `it is ${kind} with ${bits} bits a pixel`
      : frames.length !== count
        ? `it says that it has ${count} frames and describes ${frames.length}`
        : null;
  return {
    kind,
    rows,
    columns,
    bits,
    full: kind === 'fractional' ? Math.max(1, number(data, '0062000E') ?? 255) : 1,
    frameOfReferenceUid: uid(data, '00200052'),
    segments: items(data, '00620002').slice(0, most.segments).map(segmentOf),
    frames: refused === null ? frames : [],
    refused: refused === null ? null : `This segmentation is not shown: ${refused}.`,
  };
}

function segmentOf(item: DataSet, at: number): Segment {
  const [category] = items(item, '00620003');
  const [type] = items(item, '0062000F');
  const meaning = (code: DataSet | undefined): string => (code === undefined ? '' : text(code, '00080104'));
  const scheme = type === undefined ? '' : `${text(type, '00080102')} ${text(type, '00080100')}`.trim();
  const said = [meaning(category), meaning(type)].filter((word) => word !== '').join(': ');
  return {
    number: number(item, '00620004') ?? at + 1,
    label: text(item, '00620005').slice(0, 64),
    code: scheme === '' ? said : `${said} (${scheme})`.trim(),
    made: [text(item, '00620008').toLowerCase(), text(item, '00620009')].filter((word) => word !== '').join(', '),
    colour: labColour(numbers(item, '0062000D')) ?? ownColours[at % ownColours.length] ?? 'rgb(230 159 0)',
  };
}

function frameOf(own: DataSet, shared: DataSet): SegmentFrame {
  const group = (tag: string): DataSet => items(own, tag)[0] ?? items(shared, tag)[0] ?? {};
  const sources = [...items(own, '00089124'), ...items(shared, '00089124')]
    .flatMap((derivation) => items(derivation, '00082112'))
    .slice(0, most.sources)
    .flatMap((source) => {
      const instanceUid = uid(source, '00081155');
      return instanceUid === null ? [] : [{ instanceUid, frame: number(source, '00081160') }];
    });
  const axes = cosines(numbers(group('00209116'), '00200037'));
  const position = vector(numbers(group('00209113'), '00200032'));
  const measures = group('00289110');
  const [row = 0, column = 0] = numbers(measures, '00280030');
  return {
    segment: number(group('0062000A'), '0062000B') ?? 0,
    sources,
    plane:
      axes === null || position === null || row <= 0 || column <= 0
        ? null
        : { position, ...axes, spacing: [row, column], thickness: number(measures, '00180050') },
  };
}
