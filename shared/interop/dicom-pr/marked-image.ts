import { type DicomJson, items, number, text, texts } from '../dicom-json/index.ts';

/** What a presentation state must say of an image that it is for: it replaces the image's own grey scale (PS3.4 N.2.1). */
export type MarkedImage = {
  readonly instanceUid: string;
  readonly seriesUid: string;
  readonly sopClassUid: string;
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly rescale: { readonly slope: number; readonly intercept: number; readonly type: string } | null;
  readonly window: { readonly center: number; readonly width: number; readonly function: string | null } | null;
  readonly inverse: boolean;
  /** (0028,0030) or (0018,1164): rows, then columns, in mm; null where the image says none. */
  readonly spacing: readonly [number, number] | null;
};

/** Reads it from an image's metadata; why none can be written for it, in words, otherwise. */
export function markedImage(data: DicomJson, frames: number): MarkedImage | string {
  const instanceUid = text(data, '00080018');
  const seriesUid = text(data, '0020000E');
  const sopClassUid = text(data, '00080016');
  const rows = number(data, '00280010') ?? 0;
  const columns = number(data, '00280011') ?? 0;
  if (instanceUid === null || seriesUid === null || sopClassUid === null || rows < 1 || columns < 1)
    return 'the archive does not describe those images';
  const photometric = text(data, '00280004') ?? '';
  // Colour wants a profile (PS3.3 A.33.2) that no image of ours brings.
  if (photometric !== 'MONOCHROME1' && photometric !== 'MONOCHROME2')
    return 'presentation states are written for grey images only; the measurements are in the SR';
  if (items(data, '00283000').length > 0) return 'those images have a Modality LUT, which is not copied';
  if (items(data, '52009229').length > 0)
    return 'those images are enhanced multi-frame, whose grey scale is not copied; the measurements are in the SR';
  const slope = number(data, '00281053');
  const intercept = number(data, '00281052');
  const center = number(data, '00281050');
  const width = number(data, '00281051');
  const shape = text(data, '20500020');
  return {
    instanceUid,
    seriesUid,
    sopClassUid,
    frames,
    rows,
    columns,
    rescale: slope === null || intercept === null ? null : { slope, intercept, type: text(data, '00281054') ?? 'US' },
    window: center === null || width === null || width < 1 ? null : { center, width, function: text(data, '00281056') },
    inverse: shape === null ? photometric === 'MONOCHROME1' : shape === 'INVERSE',
    spacing: pair(texts(data, '00280030')) ?? pair(texts(data, '00181164')),
  };
}

function pair(values: readonly string[]): readonly [number, number] | null {
  const [row, column] = values.map(Number);
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? [row, column] : null;
}
