import { cleanDicomJson, number, text } from './dicom-json.ts';

/** A stack of a study, and the Instance Number (0020,0013) of the image that is looked at before all of it is described. */
export type StackToLookAt = {
  readonly seriesUid: string;
  /** Images that its archive counts (0020,1209). */
  readonly images: number;
  readonly instanceNumber: number;
};

/** Below so many images a study is described before one of them could be asked for by itself. */
const worthwhile = 40;
const mostSeries = 6;
/** Stacks of which any one image stands for the series; of others the views decide what hangs where. */
const stacks = new Set(['CT', 'MR']);
/** What says nothing of which images hang, or how. Key objects are not among them: a rejection note is one. */
const beside = new Set(['SR', 'PR', 'SEG', 'DOC', 'REG', 'RTSTRUCT', 'RTPLAN', 'RTDOSE']);

/**
 * The stacks of a study, by the rows that an archive lists of its series (PS3.18 10.6), each with its middle image, which hangs first (the
 * viewer's `firstSlice`, by Instance Number where positions are not known yet). Null where a study is not to be looked at by one image of each.
 */
export function stacksToLookAt(rows: readonly unknown[]): readonly StackToLookAt[] | null {
  const found: StackToLookAt[] = [];
  for (const row of rows) {
    const clean = cleanDicomJson(row);
    if (!clean.ok) return null;
    const modality = text(clean.value, '00080060') ?? '';
    if (beside.has(modality)) continue;
    const seriesUid = text(clean.value, '0020000E');
    const images = number(clean.value, '00201209') ?? 0;
    if (!stacks.has(modality) || seriesUid === null || !Number.isSafeInteger(images) || images < 1) return null;
    found.push({ seriesUid, images, instanceNumber: Math.floor(images / 2) + 1 });
  }
  const all = found.reduce((sum, { images }) => sum + images, 0);
  return found.length > mostSeries || all < worthwhile ? null : found;
}

/** Query of instances of a series by that number; two, so that one alone is known to be the only one (PS3.18 10.6.1.2). */
export const numberedQuery = (instanceNumber: number): string => `?InstanceNumber=${instanceNumber}&limit=2`;
