import type { Point } from './measurement.ts';

type Region = 'ellipse' | 'rectangle' | 'freehand';

export type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

export function boxOf(points: readonly Point[]): Box {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const [x, y] of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

/** Whether a point lies in a region; on the rim of an ellipse or a rectangle it does. A drawn outline is read even-odd. */
export function isInside(kind: Region, points: readonly Point[], [x, y]: Point): boolean {
  if (kind === 'freehand') return isInPolygon(points, x, y);
  const box = boxOf(points);
  if (kind === 'rectangle') return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  const across = (x - (box.left + box.right) / 2) / ((box.right - box.left) / 2);
  const down = (y - (box.top + box.bottom) / 2) / ((box.bottom - box.top) / 2);
  return across * across + down * down <= 1;
}

function isInPolygon(points: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  let [beforeX, beforeY] = points.at(-1) ?? [0, 0];
  for (const [nextX, nextY] of points) {
    if (nextY > y !== beforeY > y && x < ((beforeX - nextX) * (y - nextY)) / (beforeY - nextY) + nextX) {
      inside = !inside;
    }
    beforeX = nextX;
    beforeY = nextY;
  }
  return inside;
}

/** Area in square pixels; null for an outline that crosses itself, whose area is nobody's meaning. */
export function pixelArea(kind: Region, points: readonly Point[]): number | null {
  if (kind === 'freehand') return crossesItself(points) ? null : Math.abs(shoelace(points));
  const box = boxOf(points);
  const around = (box.right - box.left) * (box.bottom - box.top);
  return kind === 'ellipse' ? (around * Math.PI) / 4 : around;
}

function shoelace(points: readonly Point[]): number {
  let twice = 0;
  let [beforeX, beforeY] = points.at(-1) ?? [0, 0];
  for (const [x, y] of points) {
    twice += beforeX * y - x * beforeY;
    beforeX = x;
    beforeY = y;
  }
  return twice / 2;
}

const side = (a: Point, b: Point, c: Point): number =>
  Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));

export function crossesItself(points: readonly Point[]): boolean {
  const count = points.length;
  for (let one = 0; one < count; one += 1) {
    const a = points[one];
    const b = points[(one + 1) % count];
    if (a === undefined || b === undefined) continue;
    for (let other = one + 2; other < count; other += 1) {
      if ((other + 1) % count === one) continue;
      const c = points[other];
      const d = points[(other + 1) % count];
      if (c === undefined || d === undefined) continue;
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}

/** A drawn outline with no two neighbours nearer than `apart` pixels, and no more points than `most`. */
export function thinned(points: readonly Point[], apart: number, most: number): readonly Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last === undefined || Math.hypot(point[0] - last[0], point[1] - last[1]) >= apart) kept.push(point);
  }
  return kept.length <= most ? kept : thinned(points, apart * 1.5, most);
}

/** The rim of a region as a closed line of points, for drawing it. */
export function outlineOf(kind: Region, points: readonly Point[]): readonly Point[] {
  if (kind === 'freehand') return points;
  const { left, top, right, bottom } = boxOf(points);
  if (kind === 'rectangle') {
    return [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ];
  }
  return Array.from({ length: 64 }, (_, step): Point => {
    const angle = (step / 64) * 2 * Math.PI;
    return [
      (left + right) / 2 + (Math.cos(angle) * (right - left)) / 2,
      (top + bottom) / 2 + (Math.sin(angle) * (bottom - top)) / 2,
    ];
  });
}
