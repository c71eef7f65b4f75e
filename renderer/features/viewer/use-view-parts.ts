import { useEffect, useRef, useState } from 'react';
import { isFullResolution, noRanges } from '../../../shared/domain/coverage/index.ts';
import { areaName, nextPart, type ViewStanding, viewStandings } from '../../../shared/domain/mammography/index.ts';
import type { StudyToRead } from '../../case/index.ts';
import type { ViewportHandle, ViewportState } from '../../imaging/index.ts';
import { type CaseStudy, type Hung, placeOf } from './hung.ts';
import type { Coverage } from './use-coverage.ts';
import type { Slots } from './use-slots.ts';

export type ViewParts = {
  /** The next part never shown, of the view that hangs or of the next one. */
  next(): void;
  /** How far the image that hangs there was shown, in words; null for what need not be shown pixel for pixel. */
  words(hung: Hung | null, instanceUid: string | null): string | null;
  /** Brings what was asked for to its place once it is painted. */
  note(slot: number, state: ViewportState, handle: ViewportHandle | null): void;
  /** What came of the last press, in words. */
  readonly said: string | null;
};

/** Mammograms part by part, each image pixel on at least one pixel of the screen. */
export function useViewParts(parts: {
  readonly slots: Slots;
  readonly coverage: Coverage;
  readonly studies: readonly CaseStudy[];
  readonly toRead: readonly StudyToRead[];
  readonly hang: Slots['hang'];
}): ViewParts {
  const { slots, coverage, studies, toRead } = parts;
  /** The image that is on its way to the chosen viewport, to be shown pixel for pixel. */
  const wanted = useRef<{ readonly instanceUid: string; readonly slot: number } | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const latest = useRef(parts);
  latest.current = parts;
  const standings: readonly ViewStanding[] = toRead.flatMap((study) =>
    viewStandings(study.breasts, (uid) => coverage.all[uid]),
  );
  const left = standings.filter((one) => !one.shown);
  useEffect(() => {
    if (left.length > 0) setSaid(null);
  }, [left.length]);

  /** One part after another of the image that is painted there; false where all of it was shown. */
  function showPart(standing: ViewStanding, handle: ViewportHandle): boolean {
    const { paint } = handle.state();
    if (paint === null) return false;
    if (!isFullResolution(paint.scale)) handle.zoomBy(1 / paint.scale);
    const scale = Math.max(1, paint.scale);
    // As many pixels of the screen as before, at the size that they have now.
    const screen = {
      width: ((paint.part.right - paint.part.left) * paint.scale) / scale,
      height: ((paint.part.bottom - paint.part.top) * paint.scale) / scale,
    };
    const { image } = standing;
    const shown = latest.current.coverage.now()[image.seriesUid]?.areas[areaName(image)] ?? noRanges;
    const part = nextPart(image, shown, screen);
    if (part === null) return false;
    const from = handle.toScreen([(part.left + part.right) / 2, (part.top + part.bottom) / 2]);
    const middle = middleOf(handle);
    if (from !== null && middle !== null) handle.panBy([middle[0] - from[0], middle[1] - from[1]]);
    return true;
  }

  function hangView(standing: ViewStanding): void {
    const { image } = standing;
    const study = studies.find((one) => one.images.series.some((series) => series.seriesUid === image.seriesUid));
    const place = study === undefined ? null : placeOf(study, image.instanceUid, null);
    if (study === undefined || place === null) {
      setSaid(`${standing.name} is not among the images that can be shown.`);
      return;
    }
    wanted.current = { instanceUid: image.instanceUid, slot: 0 };
    if (slots.count > 1) slots.changeLayout('1x1');
    slots.activate(0);
    parts.hang(0, study, place.series, place.index);
  }

  return {
    said,
    next() {
      const { handle } = slots;
      const here = handle?.state().instanceUid ?? null;
      const now = coverage.now();
      const left = toRead
        .flatMap((study) => viewStandings(study.breasts, (uid) => now[uid]))
        .filter((one) => !one.shown);
      const own = left.find((one) => one.image.instanceUid === here);
      if (standings.length === 0) return setSaid('No mammogram is read here.');
      if (own && handle?.state().painted && slots.count === 1) {
        if (showPart(own, handle)) return;
        // Of a tomosynthesis, the slices that were never shown.
        if (own.slicesLeft > 0 && own.share >= 1) {
          const seen = coverage.now()[own.image.seriesUid];
          const series = slots.active?.series;
          const next = series?.frames.findIndex(
            (one, place) =>
              one.instanceUid === own.image.instanceUid &&
              !(seen?.shown.some(([from, to]) => from <= place && place < to) ?? false),
          );
          if (next !== undefined && next >= 0) handle.goTo(next);
          return;
        }
      }
      const next = own ?? left[0];
      if (next === undefined) return setSaid('Every view was shown pixel for pixel.');
      hangView(next);
    },
    words(hung, instanceUid) {
      const standing = standings.find((one) => one.image.instanceUid === instanceUid);
      if (hung === null || standing === undefined) return null;
      if (standing.shown) return 'shown pixel for pixel';
      return `${Math.floor(standing.share * 100)}% shown pixel for pixel`;
    },
    note(slot, state, handle) {
      const want = wanted.current;
      if (want === null || slot !== want.slot || handle === null) return;
      if (state.paint === null || state.instanceUid !== want.instanceUid) return;
      wanted.current = null;
      // After the engine has told of this image: it may not be drawn anew while it tells.
      setTimeout(() => {
        const standing = latest.current.toRead
          .flatMap((study) => viewStandings(study.breasts, (uid) => latest.current.coverage.now()[uid]))
          .find((one) => one.image.instanceUid === want.instanceUid);
        if (standing !== undefined) showPart(standing, handle);
      }, 0);
    },
  };
}

/** The middle of the viewport, in screen (CSS) pixels; null before anything is drawn. */
function middleOf(handle: ViewportHandle): readonly [number, number] | null {
  const { paint } = handle.state();
  if (paint === null) return null;
  const { left, top, right, bottom } = paint.part;
  return handle.toScreen([(left + right) / 2, (top + bottom) / 2]);
}
