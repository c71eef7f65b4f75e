import type { SeriesImages } from './types.ts';

/**
 * One acquired stack; the planes of one kind through one volume, whatever their slab or lean; or one series with its masks subtracted,
 * wherever the masks lie: window, zoom and turns stay with them.
 */
export function sameStack(one: SeriesImages, other: SeriesImages): boolean {
  if (one === other || isPart(one, other) || isPart(other, one)) return true;
  if (one.subtracted !== undefined) return one.subtracted.source === other.subtracted?.source;
  return (
    one.computed !== undefined &&
    one.computed.source === other.computed?.source &&
    one.computed.kind === other.computed.kind
  );
}

/** One acquired series, of which not all images were described when it was hung first. */
function isPart(part: SeriesImages, whole: SeriesImages): boolean {
  return (
    part.partOf !== undefined &&
    part.epoch === whole.epoch &&
    part.archive === whole.archive &&
    part.studyUid === whole.studyUid &&
    part.seriesUid === whole.seriesUid &&
    whole.computed === undefined &&
    whole.subtracted === undefined
  );
}

/** The same pictures or those subtracted from one another: place and turns stay, windows do not mean the same. */
export function samePictures(one: SeriesImages, other: SeriesImages): boolean {
  return sameStack(one, other) || acquiredSeries(one) === acquiredSeries(other);
}

/** The series whose frames these are, where masks were subtracted from them; else itself. */
export function acquiredSeries(series: SeriesImages): SeriesImages {
  return series.subtracted?.source ?? series;
}
