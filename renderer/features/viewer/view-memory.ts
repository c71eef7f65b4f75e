import type { CaseCoverage } from '../../../shared/domain/coverage/index.ts';
import type { CaseMarks } from '../../../shared/domain/measurement/index.ts';
import type { Vector } from '../../../shared/domain/volume/index.ts';
import type { ViewerLayout, ViewerTool } from '../../case/index.ts';
import type { Point, ViewportHandle, ViewportState } from '../../imaging/index.ts';
import type { HandMatches } from './hand-matches.ts';
import type { CaseStudy, Hung, Plane } from './hung.ts';
import type { PlanesView } from './planes.ts';

/** One viewport as it stood: which slice of which series, and how it was shown. Names images by their UIDs, never by the case's epoch. */
export type KeptSlot = {
  readonly studyUid: string;
  readonly plane: Plane;
  readonly seriesUid: string;
  readonly instanceUid: string | null;
  readonly frame: number | null;
  readonly index: number;
  readonly window: { readonly center: number; readonly width: number } | null;
  readonly invert: boolean;
  readonly flippedHorizontally: boolean;
  readonly flippedVertically: boolean;
  readonly rotation: number;
  readonly zoom: number | null;
  /** The image point that stood in the middle of the viewport. */
  readonly middle: Point | null;
};

/** Planes through a series as they stood: slab, lean of the oblique one, crosshair, and what hung before them. */
export type KeptPlanes = {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly view: PlanesView;
  readonly crosshair: Vector | null;
  readonly before: {
    readonly slots: readonly (KeptSlot | null)[];
    readonly layout: ViewerLayout;
    readonly chosen: number;
  };
};

/** The PET that lay over the images: of which series, which top of the colours and which opacity. */
export type KeptFusion = {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly level: number;
  readonly strength: number;
};

/** What tied the viewports to each other. */
export type KeptTies = {
  readonly linked: boolean;
  readonly lines: boolean;
  readonly matches: HandMatches;
};

/** How the images of one study stood when its reading was suspended. Kept in memory alone. */
export type KeptView = {
  readonly studyUid: string;
  readonly layout: ViewerLayout;
  readonly active: number;
  readonly tool: ViewerTool;
  readonly slots: readonly (KeptSlot | null)[];
  /** Null where no planes were open. */
  readonly planes: KeptPlanes | null;
  readonly ties: KeptTies;
  /** Null where nothing lay over the images. */
  readonly fusion: KeptFusion | null;
  readonly marks: CaseMarks;
  readonly selected: string | null;
  readonly coverage: CaseCoverage;
};

export type ViewerHandle = {
  /** Null while there is nothing worth keeping. */
  keep(): KeptView | null;
};

export function keptSlot(hung: Hung | null, handle: ViewportHandle | null, size: Point | null): KeptSlot | null {
  if (hung === null || handle === null) return null;
  const state = handle.state();
  if (state.seriesUid !== hung.series.seriesUid) return null;
  return {
    studyUid: hung.series.studyUid,
    plane: hung.plane,
    seriesUid: hung.series.seriesUid,
    instanceUid: state.instanceUid,
    frame: state.frame,
    index: Math.max(0, state.slice - 1),
    // A window of differences says nothing of the frames as they were acquired.
    window: state.windowIsOwn && hung.series.subtracted === undefined ? state.window : null,
    invert: state.invert,
    flippedHorizontally: state.flippedHorizontally,
    flippedVertically: state.flippedVertically,
    rotation: state.rotation,
    zoom: state.zoom,
    middle: size === null ? null : handle.toImage([size[0] / 2, size[1] / 2]),
  };
}

/** What hung in a viewport without a picture of it, to hang again: at its slice, as a new case would show it. */
export function keptHanging(hung: Hung | null): KeptSlot | null {
  const reference = hung?.series.frames[hung.index];
  if (hung === null || reference === undefined) return null;
  return {
    studyUid: hung.series.studyUid,
    plane: hung.plane,
    seriesUid: hung.series.seriesUid,
    instanceUid: reference.instanceUid,
    frame: reference.frame,
    index: hung.index,
    window: null,
    invert: false,
    flippedHorizontally: false,
    flippedVertically: false,
    rotation: 0,
    zoom: null,
    middle: null,
  };
}

/** Where a kept viewport hangs now: only in the very series, found by UID among the studies of this case; the slice by its instance. */
export function placeOf(
  slot: KeptSlot,
  studies: readonly CaseStudy[],
): { study: CaseStudy; series: Hung['series']; index: number } | null {
  for (const study of studies) {
    if (study.images.studyUid !== slot.studyUid) continue;
    const series = study.images.series.find((one) => one.seriesUid === slot.seriesUid && one.frames.length > 0);
    if (series === undefined) continue;
    const found = series.frames.findIndex((one) => one.instanceUid === slot.instanceUid && one.frame === slot.frame);
    return { study, series, index: found === -1 ? Math.min(slot.index, series.frames.length - 1) : found };
  }
  return null;
}

/** Shows a viewport as it was: window, invert, turn and flips, size and place. Called once its image is painted. */
export function applySlot(slot: KeptSlot, handle: ViewportHandle, state: ViewportState, size: Point | null): void {
  if (slot.window !== null) handle.setWindow(slot.window);
  if (slot.invert !== state.invert) handle.setInvert(slot.invert);
  for (let turn = state.rotation; turn % 360 !== slot.rotation % 360 && turn < state.rotation + 360; turn += 90)
    handle.rotate();
  // Flips are kept in the image's own axes and asked for as they are seen: a quarter turn exchanges the two.
  const turned = slot.rotation % 180 !== 0;
  if (slot.flippedHorizontally !== state.flippedHorizontally) handle.flip(turned ? 'vertical' : 'horizontal');
  if (slot.flippedVertically !== state.flippedVertically) handle.flip(turned ? 'horizontal' : 'vertical');
  if (slot.zoom !== null && state.zoom !== null && state.zoom > 0) handle.zoomBy(slot.zoom / state.zoom);
  const here = slot.middle === null ? null : handle.toScreen(slot.middle);
  if (here !== null && size !== null) handle.panBy([size[0] / 2 - here[0], size[1] / 2 - here[1]]);
}
