import type { SeriesImages } from './types.ts';

/**
 * One acquired stack; the planes of one kind through one volume, whatever their slab or lean; or one series with its masks subtracted,
 * wherever the masks lie: window, zoom and turns stay with them.
 */
export function sameStack(one: SeriesImages, other: SeriesImages): boolean {
  if (one === other) return true;
  if (one.subtracted !== undefined) return one.subtracted.source === other.subtracted?.source;
  return (
    one.computed !== undefined &&
    one.computed.source === other.computed?.source &&
    one.computed.kind === other.computed.kind
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
