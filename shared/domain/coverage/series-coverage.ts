import { countOf, holds, moved, noRanges, type Ranges, withRange, withRanges } from './ranges.ts';

/** A window as greys were made by it: centre and width in modality values, or the name of a table. */
export type ShownWindow =
  | { readonly center: number; readonly width: number }
  /** LUT Explanation (0028,3003) of a VOI table. */
  | { readonly table: string };

/** Slices that were shown at one window. */
export type WindowCoverage = { readonly window: ShownWindow; readonly shown: Ranges };

/**
 * What of one series stood on the screen. A reader's aid, hers alone, and gone with the release of the report (features 1b): nothing of
 * it is a proof of anything. Only what was painted is noted.
 */
export type SeriesCoverage = {
  readonly studyUid: string;
  readonly seriesUid: string;
  /** The frames that ranges count, each by `frameName`, in the order of the stack. */
  readonly frames: readonly string[];
  /** Frames that were painted, at whatever size and window. */
  readonly shown: Ranges;
  /** Of those, frames whose every image pixel on screen had at least one pixel of the screen. */
  readonly full: Ranges;
  readonly windows: readonly WindowCoverage[];
  /** True when planes computed from this series were painted: it was opened, and no slice of it was seen thereby. */
  readonly planes: boolean;
  /** By frame name: which parts of a large image were shown pixel for pixel. Of mammograms alone. */
  readonly areas: { readonly [frame: string]: Ranges };
};

/** What a viewport painted, as far as coverage asks. */
export type Painted = {
  /** 0-based place in the stack. */
  readonly place: number;
  /** Screen pixels per image pixel, the smaller of its two directions. */
  readonly scale: number;
  readonly window: ShownWindow | null;
};

/** A window that is dragged passes many; two so near each other are one. */
const nearWindow = 0.1;
/** Windows that are told apart in one series; of more, the one with the fewest slices is left out. */
export const mostWindows = 12;

/** A camera never stands on a whole number exactly. */
const roundedScale = 0.995;

/** One image pixel on at least one pixel of the screen. */
export function isFullResolution(scale: number): boolean {
  return scale >= roundedScale;
}

export function frameName(instanceUid: string, frame: number): string {
  return `${instanceUid}#${frame}`;
}

export function noCoverage(studyUid: string, seriesUid: string, frames: readonly string[]): SeriesCoverage {
  return {
    studyUid,
    seriesUid,
    frames,
    shown: noRanges,
    full: noRanges,
    windows: [],
    planes: false,
    areas: {},
  };
}

export function isOpened(coverage: SeriesCoverage | undefined): boolean {
  return coverage !== undefined && (coverage.planes || coverage.shown.length > 0);
}

export function sameWindow(one: ShownWindow, other: ShownWindow): boolean {
  if ('table' in one || 'table' in other) return 'table' in one && 'table' in other && one.table === other.table;
  const near = nearWindow * Math.max(1, Math.min(one.width, other.width));
  return Math.abs(one.center - other.center) <= near && Math.abs(one.width - other.width) <= near;
}

/** Slices that were shown at this window; none where it is not known. */
export function shownAt(coverage: SeriesCoverage, window: ShownWindow | null): Ranges {
  return window === null
    ? noRanges
    : coverage.windows
        .filter((one) => sameWindow(one.window, window))
        .reduce<Ranges>((all, one) => withRanges(all, one.shown), noRanges);
}

/** The same value where nothing is new. */
export function notePainted(coverage: SeriesCoverage, painted: Painted): SeriesCoverage {
  const { place, window } = painted;
  if (place < 0 || place >= coverage.frames.length) return coverage;
  const shown = withRange(coverage.shown, place, place + 1);
  const full = isFullResolution(painted.scale) ? withRange(coverage.full, place, place + 1) : coverage.full;
  const windows = window === null ? coverage.windows : withWindow(coverage.windows, window, [[place, place + 1]]);
  return shown === coverage.shown && full === coverage.full && windows === coverage.windows
    ? coverage
    : { ...coverage, shown, full, windows };
}

export function notePlanes(coverage: SeriesCoverage): SeriesCoverage {
  return coverage.planes ? coverage : { ...coverage, planes: true };
}

/** Parts of one frame that were shown pixel for pixel, as `areas` counts them. The same value where none is new. */
export function noteArea(coverage: SeriesCoverage, frame: string, cells: Ranges): SeriesCoverage {
  const before = coverage.areas[frame] ?? noRanges;
  const after = withRanges(before, cells);
  return after === before ? coverage : { ...coverage, areas: { ...coverage.areas, [frame]: after } };
}

function withWindow(
  windows: readonly WindowCoverage[],
  window: ShownWindow,
  places: Ranges,
): readonly WindowCoverage[] {
  const at = windows.findIndex((one) => sameWindow(one.window, window));
  const there = windows[at];
  if (there !== undefined) {
    const shown = withRanges(there.shown, places);
    return shown === there.shown ? windows : windows.with(at, { ...there, shown });
  }
  const all = [...windows, { window, shown: places }];
  if (all.length <= mostWindows) return all;
  const fewest = Math.min(...windows.map((one) => countOf(one.shown)));
  const left = windows.findIndex((one) => countOf(one.shown) === fewest);
  return all.toSpliced(left, 1);
}

/** The same coverage over the stack as it is now: images that came are not seen, those that are gone count no more. */
export function overFrames(coverage: SeriesCoverage, frames: readonly string[]): SeriesCoverage {
  if (frames.length === coverage.frames.length && frames.every((name, place) => name === coverage.frames[place]))
    return coverage;
  const places = new Map(frames.map((name, place) => [name, place]));
  const move = (place: number): number | null => places.get(coverage.frames[place] ?? '') ?? null;
  return {
    ...coverage,
    frames,
    shown: moved(coverage.shown, move),
    full: moved(coverage.full, move),
    windows: coverage.windows.flatMap(({ window, shown }) => {
      const now = moved(shown, move);
      return now.length === 0 ? [] : [{ window, shown: now }];
    }),
    areas: Object.fromEntries(Object.entries(coverage.areas).filter(([name]) => places.has(name))),
  };
}

/** What either has seen of one series, over the frames of the first. */
export function mergeSeries(one: SeriesCoverage, other: SeriesCoverage): SeriesCoverage {
  const there = overFrames(other, one.frames);
  return {
    ...one,
    shown: withRanges(one.shown, there.shown),
    full: withRanges(one.full, there.full),
    windows: there.windows.reduce((all, { window, shown }) => withWindow(all, window, shown), one.windows),
    planes: one.planes || there.planes,
    areas: {
      ...one.areas,
      ...Object.fromEntries(
        Object.entries(there.areas).map(([name, cells]) => [name, withRanges(one.areas[name] ?? noRanges, cells)]),
      ),
    },
  };
}

export function isShown(coverage: SeriesCoverage | undefined, place: number): boolean {
  return coverage !== undefined && holds(coverage.shown, place);
}
