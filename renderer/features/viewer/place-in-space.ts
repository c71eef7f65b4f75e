import type { ImagePlace, MeasurementKind, Point } from '../../../shared/domain/measurement/index.ts';
import { between, cross, dot, type Vector } from '../../../shared/domain/volume/index.ts';
import { pointsInPlane, type SpacePoint, type SpatialGraphics } from '../../../shared/interop/dicom-sr/index.ts';
import type { FrameReference, SeriesImages } from '../../imaging/index.ts';

/** Millimetres from a picture's plane within which a point lies on it, at the least and at the most. */
const nearest = 0.5;
const farthest = 5;

type Plane = {
  readonly frame: FrameReference;
  readonly normal: Vector;
  readonly toImage: (point: SpacePoint) => Point;
  readonly distance: (point: SpacePoint) => number;
};

/** The plane of an acquired frame (PS3.3 C.7.6.2.1.1); null where its size or place in the patient is not known. */
function planeOf(frame: FrameReference): Plane | null {
  const { orientation, position, pixelSize } = frame;
  if (orientation.kind !== 'cosines' || position === null || pixelSize.kind !== 'patient') return null;
  const { row, column } = orientation;
  const normal = cross(row, column);
  return {
    frame,
    normal,
    distance: (point) => Math.abs(dot(between(position, point), normal)),
    // The position is the middle of the first pixel, and our points count from its corner.
    toImage: (point) => {
      const from = between(position, point);
      return [dot(from, row) / pixelSize.column + 0.5, dot(from, column) / pixelSize.row + 0.5];
    },
  };
}

/** Half the way to the next parallel plane of the stack: beyond it the point is another picture's. */
function reachOf(plane: Plane, all: readonly Plane[]): number {
  let gap = 0;
  for (const other of all) {
    const { position } = other.frame;
    if (position === null || dot(other.normal, plane.normal) < 0.999) continue;
    const away = plane.distance(position);
    if (away > 0.01 && (gap === 0 || away < gap)) gap = away;
  }
  return Math.min(farthest, Math.max(nearest, gap / 2));
}

/**
 * The picture on which a measurement lies that names a place in the patient alone (SCOORD3D, PS3.3 C.18.9), and its points there. Only a
 * picture of the same frame of reference, on whose plane and within whose edges all of its points lie; of several the nearest. Null
 * where there is none: it is told in words then, and drawn nowhere.
 */
export function placeInSpace(
  kind: MeasurementKind,
  space: SpatialGraphics,
  series: readonly SeriesImages[],
): { readonly place: ImagePlace; readonly points: readonly Point[] } | null {
  const all = space.graphics.flatMap((one) => one.points);
  let best: { readonly off: number; readonly plane: Plane; readonly series: SeriesImages } | null = null;
  for (const one of series) {
    if (one.frameOfReferenceUid !== space.frameOfReferenceUid || one.computed !== undefined) continue;
    const planes = one.frames.map(planeOf).filter((plane) => plane !== null);
    for (const plane of planes) {
      const off = Math.max(...all.map(plane.distance));
      if (off > farthest || off >= (best?.off ?? farthest + 1) || off > reachOf(plane, planes)) continue;
      const { rows, columns } = plane.frame.description;
      const inside = all
        .map(plane.toImage)
        .every(([column, row]) => column >= 0 && row >= 0 && column <= columns && row <= rows);
      if (inside) best = { off, plane, series: one };
    }
  }
  if (best === null) return null;
  const { studyUid, seriesUid, frameOfReferenceUid } = best.series;
  const { instanceUid, frame } = best.plane.frame;
  return {
    place: { studyUid, seriesUid, instanceUid, frame, frameOfReferenceUid },
    points: pointsInPlane(kind, space, best.plane.toImage),
  };
}
