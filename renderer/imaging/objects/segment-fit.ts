import { cross, dot } from '../describe-frames.ts';
import type { FrameReference, SeriesImages, Vector } from '../types.ts';
import type { Segmentation, SegmentFrame, SegmentPlane } from './segmentation.ts';

/** Where pixels of a segmentation's frame lie on an image: image column and row = origin + along x column + down x row. */
export type SegmentPlace = {
  /** 0-based. */
  readonly frame: number;
  readonly origin: readonly [number, number];
  readonly along: readonly [number, number];
  readonly down: readonly [number, number];
};

export type SegmentFit =
  | { readonly ok: true; readonly byImage: ReadonlyMap<string, readonly SegmentPlace[]>; readonly unplaced: number }
  | { readonly ok: false; readonly why: string };

/** Cosine of the angle between planes that count as parallel. */
const parallel = 0.999;

/**
 * Which frames lie on which images of one series. A frame goes onto the image that it was made from, or, where it names none, onto those
 * of its frame of reference in whose plane it lies. What contradicts itself is laid over nothing: a contour on the wrong slice is worse
 * than none.
 */
export function fitSegmentation(segmentation: Segmentation, series: SeriesImages): SegmentFit {
  if (segmentation.refused !== null) return { ok: false, why: segmentation.refused };
  const byInstance = new Map<string, FrameReference[]>();
  for (const one of series.frames) byInstance.set(one.instanceUid, [...(byInstance.get(one.instanceUid) ?? []), one]);
  const sameReference =
    segmentation.frameOfReferenceUid !== null && segmentation.frameOfReferenceUid === series.frameOfReferenceUid;
  const otherReference =
    segmentation.frameOfReferenceUid !== null &&
    series.frameOfReferenceUid !== null &&
    segmentation.frameOfReferenceUid !== series.frameOfReferenceUid;
  const byImage = new Map<string, SegmentPlace[]>();
  let unplaced = 0;
  let contradicts = 0;
  for (const [at, frame] of segmentation.frames.entries()) {
    const named = frame.sources.flatMap(({ instanceUid, frame: only }) =>
      (byInstance.get(instanceUid) ?? []).filter((one) => only === null || one.frame === only),
    );
    const candidates = named.length > 0 ? named : sameReference && frame.plane !== null ? series.frames : [];
    const places = candidates.flatMap((image) => {
      const place = placeOn(segmentation, frame, at, image, named.length > 0);
      if (place === 'contradiction') {
        contradicts += 1;
        return [];
      }
      return place === null ? [] : [{ image, place }];
    });
    if (places.length === 0) unplaced += 1;
    for (const { image, place } of places) {
      const there = byImage.get(image.imageId);
      if (there === undefined) byImage.set(image.imageId, [place]);
      else there.push(place);
    }
  }
  if (byImage.size > 0) return { ok: true, byImage, unplaced };
  const why =
    contradicts > 0
      ? 'it lies in other planes than the images that it names'
      : otherReference
        ? 'it is of another frame of reference than this series, and names none of its images'
        : 'none of its frames lies on an image of this series';
  return { ok: false, why: `Not laid over these images: ${why}.` };
}

function placeOn(
  { rows, columns }: Segmentation,
  frame: SegmentFrame,
  at: number,
  image: FrameReference,
  isNamed: boolean,
): SegmentPlace | 'contradiction' | null {
  const same: SegmentPlace = { frame: at, origin: [0, 0], along: [1, 0], down: [0, 1] };
  const { orientation, position, pixelSize, description } = image;
  if (frame.plane === null || orientation.kind !== 'cosines' || position === null || pixelSize.kind === 'unknown') {
    // Without places in space only pixel on pixel can be meant.
    if (!isNamed) return null;
    return description.rows === rows && description.columns === columns ? same : 'contradiction';
  }
  return byPlane(frame.plane, at, orientation, position, [pixelSize.row, pixelSize.column], isNamed);
}

function byPlane(
  plane: SegmentPlane,
  at: number,
  axes: { readonly row: Vector; readonly column: Vector },
  position: Vector,
  spacing: readonly [number, number],
  isNamed: boolean,
): SegmentPlace | 'contradiction' | null {
  const normal = cross(axes.row, axes.column);
  const away: Vector = [
    plane.position[0] - position[0],
    plane.position[1] - position[1],
    plane.position[2] - position[2],
  ];
  const offPlane = Math.abs(dot(away, normal));
  const isParallel = Math.abs(dot(cross(plane.row, plane.column), normal)) >= parallel;
  // Slices of one stack are rarely nearer than this; positions are rounded by writers.
  const allowed = Math.max(0.05, Math.min(0.5, (plane.thickness ?? 1) * 0.1));
  if (!isParallel || offPlane > allowed) return isNamed ? 'contradiction' : null;
  // Centres of first pixels, in image pixels; corners are half a pixel before them.
  const toImage = (vector: Vector): readonly [number, number] => [
    dot(vector, axes.row) / spacing[1],
    dot(vector, axes.column) / spacing[0],
  ];
  const scaled = (vector: Vector, by: number): Vector => [vector[0] * by, vector[1] * by, vector[2] * by];
  const centre = toImage(away);
  const along = toImage(scaled(plane.row, plane.spacing[1]));
  const down = toImage(scaled(plane.column, plane.spacing[0]));
  const origin: [number, number] = [
    centre[0] + 0.5 - (along[0] + down[0]) / 2,
    centre[1] + 0.5 - (along[1] + down[1]) / 2,
  ];
  const figures = [...origin, ...along, ...down];
  if (!figures.every(Number.isFinite) || figures.some((one) => Math.abs(one) > 1e6)) return 'contradiction';
  return { frame: at, origin: snapped(origin), along, down };
}

/** Rounding of writers must not draw a seam a hundredth of a pixel wide. */
function snapped(origin: readonly [number, number]): readonly [number, number] {
  const near = (value: number): number => (Math.abs(value - Math.round(value)) < 0.02 ? Math.round(value) : value);
  return [near(origin[0]), near(origin[1])];
}
