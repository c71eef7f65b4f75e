import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  type CaseCoverage,
  frameName,
  isFullResolution,
  isShown,
  mergeCoverage,
  noCoverage,
  noteArea,
  notePainted,
  notePlanes,
  nothingSeen,
  overFrames,
  type SeriesCoverage,
} from '../../../shared/domain/coverage/index.ts';
import { areaName, cellsWithin, evenCells } from '../../../shared/domain/mammography/index.ts';
import type { CoverageHolder } from '../../case/index.ts';
import type { DecodedFrame, Paint, SeriesImages, ViewportHandle, ViewportState } from '../../imaging/index.ts';
import type { Hung } from './hung.ts';

export type Coverage = {
  /** What was painted in this opening of the case, and before it where this computer has kept it. */
  readonly all: CaseCoverage;
  /** SOP Instance UIDs whose pixels came in a lossy transfer syntax, whatever their header says. */
  readonly lossy: ReadonlySet<string>;
  /** Of one series, over its images as they are now. */
  of(series: SeriesImages): SeriesCoverage;
  /** A viewport's state as it changes. Only what the engine says that it drew is noted. */
  note(hung: Hung | null, state: ViewportState, handle: ViewportHandle | null): void;
  add(coverage: CaseCoverage): void;
  /** `all` as it is at this moment, for what a key asks in between. */
  now(): CaseCoverage;
};

const names = new WeakMap<SeriesImages, readonly string[]>();

function namesOf(series: SeriesImages): readonly string[] {
  const known = names.get(series);
  if (known !== undefined) return known;
  const made = series.frames.map((one) => frameName(one.instanceUid, one.frame));
  names.set(series, made);
  return made;
}

export function coverageOf(all: CaseCoverage, series: SeriesImages): SeriesCoverage {
  const found = all[series.seriesUid];
  return found === undefined
    ? noCoverage(series.studyUid, series.seriesUid, namesOf(series))
    : overFrames(found, namesOf(series));
}

/** One drawing, added to what was seen of its series. Answers the same value where nothing of it is new. */
export function afterPaint(all: CaseCoverage, series: SeriesImages, place: number, paint: Paint): CaseCoverage {
  const before = coverageOf(all, series);
  let after = notePainted(before, { place, scale: paint.scale, window: paint.window });
  const breast = series.breasts?.find((one) => one.instanceUid === series.frames[place]?.instanceUid);
  if (breast !== undefined && isFullResolution(paint.scale))
    after = noteArea(after, areaName(breast), cellsWithin(breast, paint.part));
  const source = series.computed?.source;
  const opened = source === undefined ? null : coverageOf(all, source);
  const planes = opened === null ? null : notePlanes(opened);
  if (after === all[series.seriesUid] && planes === opened) return all;
  return {
    ...all,
    [series.seriesUid]: after,
    ...(planes === null || planes === opened ? {} : { [planes.seriesUid]: planes }),
  };
}

/**
 * What stands on the screen is noted as it is painted and told to React a few times a second. A prior is a comparison from the moment
 * that one of its images stands there, whoever hung it, and never for having been asked for; `onPriorPainted` hears of it once.
 */
export function useCoverage(
  epoch: number,
  holder: CoverageHolder | null,
  onPriorPainted: (studyUid: string) => void,
): Coverage {
  const [all, setAll] = useState<CaseCoverage>(nothingSeen);
  const [lossy, setLossy] = useState<ReadonlySet<string>>(new Set());
  const noted = useRef<CaseCoverage>(nothingSeen);
  const last = useRef(new WeakSet<Paint>());
  const evened = useRef(new Set<string>());
  const compared = useRef(new Set<string>());
  const latest = useRef(onPriorPainted);
  latest.current = onPriorPainted;

  useEffect(() => {
    const timer = setInterval(() => setAll(noted.current), 250);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (all !== nothingSeen) holder?.put(epoch, 'images', all);
  }, [holder, epoch, all]);

  const add = useCallback((more: CaseCoverage): void => {
    noted.current = mergeCoverage(noted.current, more);
    setAll(noted.current);
  }, []);
  useEffect(() => {
    if (holder === null) return;
    const take = (state: ReturnType<typeof holder.state.getState>): void => {
      if (state.epoch === epoch && (state.from === 'kept' || state.from === 'window')) add(state.coverage);
    };
    take(holder.state.getState());
    return holder.state.subscribe(take);
  }, [holder, epoch, add]);

  /** Where machines made the air one black, there is nothing to be seen: told once an image, after its drawing. */
  const noteEven = useCallback((series: SeriesImages, instanceUid: string, frame: DecodedFrame): void => {
    const breast = series.breasts?.find((one) => one.instanceUid === instanceUid);
    if (breast === undefined || breast.frames > 1 || frame.colour || evened.current.has(instanceUid)) return;
    if (frame.rows !== breast.rows || frame.columns !== breast.columns) return;
    evened.current.add(instanceUid);
    setTimeout(() => {
      const even = evenCells(breast, frame.pixels);
      const before = coverageOf(noted.current, series);
      noted.current = { ...noted.current, [series.seriesUid]: noteArea(before, areaName(breast), even) };
    }, 0);
  }, []);

  const note = useCallback(
    (hung: Hung | null, state: ViewportState, handle: ViewportHandle | null): void => {
      const { paint } = state;
      const frame = hung?.series.frames[state.slice - 1];
      if (paint === null || hung === null || frame === undefined || frame.imageId !== paint.imageId) return;
      if (last.current.has(paint)) return;
      last.current.add(paint);
      const { series } = hung;
      noted.current = afterPaint(noted.current, series, state.slice - 1, paint);
      if (series.breasts !== undefined) {
        if (paint.lossy)
          setLossy((before) => (before.has(frame.instanceUid) ? before : new Set([...before, frame.instanceUid])));
        const shown = handle?.current();
        if (shown?.reference.imageId === paint.imageId) noteEven(series, frame.instanceUid, shown.frame);
      }
      const { studyUid } = series;
      if (hung.study.prior === null || compared.current.has(studyUid)) return;
      compared.current.add(studyUid);
      latest.current(studyUid);
    },
    [noteEven],
  );
  const of = useCallback((series: SeriesImages) => coverageOf(all, series), [all]);
  const now = useCallback(() => noted.current, []);
  return useMemo(() => ({ all, lossy, of, note, add, now }), [all, lossy, of, note, add, now]);
}

/** Brings the next slice that was never painted to the viewport; nothing where all were. */
export function goToUnseen(hung: Hung | null, handle: ViewportHandle | null, coverage: Coverage): void {
  if (hung === null || handle === null) return;
  const here = handle.state().slice - 1;
  const seen = coverage.of(hung.series);
  const { length } = hung.series.frames;
  const order = Array.from({ length }, (_, step) => (here + 1 + step) % length);
  const next = order.find((place) => !isShown(seen, place));
  if (next !== undefined) handle.goTo(next);
}
