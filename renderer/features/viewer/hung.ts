import type { ImageSize } from '../../../shared/domain/hanging/index.ts';
import type { ViewerLayout } from '../../case/index.ts';
import type { CaseImages, SeriesImages, StudyImages, Window } from '../../imaging/index.ts';

/** A study of the case: its own (`prior` null), or an earlier one with the words beside it: "3 months". */
export type CaseStudy = {
  readonly images: StudyImages;
  readonly prior: string | null;
  /** No earlier study but an exam that is read together with this one; `prior` is then its accession. */
  readonly linked?: boolean;
};

/** "PRIOR 3 months", "LINKED LKG-12": what no image of another study is ever without. Only asked of those that are not the case's own. */
export function studyWord(study: CaseStudy): string {
  return `${kindOfStudy(study)} ${study.prior ?? ''}`.trim();
}

/** The first of these words, alone. */
export const kindOfStudy = ({ linked }: CaseStudy): 'LINKED' | 'PRIOR' => (linked === true ? 'LINKED' : 'PRIOR');

/** What a viewport shows of its series: its images one by one, or planes cut through all of them. */
export type Plane = 'stack' | 'axial' | 'coronal' | 'sagittal' | 'oblique';

/** How an image that a hanging protocol hung is shown, until the reader shows it otherwise. */
export type Display = {
  readonly window: Window | null;
  /** Under which name its window is remembered: a series in two boxes has two. */
  readonly windowName: string;
  readonly invert: boolean;
  /** Left and right exchanged, so that a chest wall hangs where it belongs. */
  readonly flip: boolean;
  readonly size: ImageSize;
  readonly justification: 'left' | 'center' | 'right';
  /** What it hangs there as: "Comparison, prior 3 months". */
  readonly because: string;
};

export const asAcquired: Display = {
  window: null,
  windowName: '',
  invert: false,
  flip: false,
  size: 'fit',
  justification: 'center',
  because: '',
};

/** A series in a viewport. A fresh object for each hanging, so that hanging again starts again. */
export type Hung = {
  readonly images: CaseImages;
  readonly study: CaseStudy;
  readonly series: SeriesImages;
  readonly index: number;
  readonly plane: Plane;
  /** How it is to be shown at first; null as it was acquired. */
  readonly display: Display | null;
};

/** Where an image that a document names hangs in its study; null where it is not among those shown. */
export function placeOf(
  study: CaseStudy,
  instanceUid: string,
  frame: number | null,
): { readonly series: SeriesImages; readonly index: number } | null {
  for (const series of study.images.series) {
    const index = series.frames.findIndex(
      (one) => one.instanceUid === instanceUid && (frame === null || one.frame === frame),
    );
    if (index !== -1) return { series, index };
  }
  return null;
}

/** Viewports that the largest layout has. */
export const mostSlots = 16;

/** Rows and columns of a layout: "3x2" is three rows of two. */
export function gridOf(layout: ViewerLayout): { readonly rows: number; readonly columns: number } {
  const [rows = '1', columns = '1'] = layout.split('x');
  return { rows: Number(rows), columns: Number(columns) };
}

export function slotsOf(layout: ViewerLayout): number {
  const { rows, columns } = gridOf(layout);
  return rows * columns;
}

/** The slice to begin with: the middle of a cross-sectional stack, the first of all others. */
export function firstSlice(series: SeriesImages): number {
  return ['CT', 'MR', 'PT', 'NM'].includes(series.modality) && series.frameTime === null
    ? Math.floor(series.frames.length / 2)
    : 0;
}

/** "3 Portal venous 2.5 mm" */
export function seriesName(series: SeriesImages): string {
  const name = series.description === '' ? series.modality : series.description;
  return series.number === null ? name : `${series.number} ${name}`;
}
