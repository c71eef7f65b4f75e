import type { Plane } from './plane.ts';
import { along, between, cross, dot, lengthOf, unit, type Vector } from './vector.ts';

export type Segment = readonly [Vector, Vector];

/**
 * Where another picture cuts this one: the part of their common line that lies within both, in patient coordinates. Null where they are
 * parallel (within one degree) or meet outside of either.
 */
export function referenceLine(plane: Plane, other: Plane): Segment | null {
  const normal = unit(cross(plane.row, plane.column));
  const otherNormal = unit(cross(other.row, other.column));
  const direction = cross(normal, otherNormal);
  if (lengthOf(direction) < Math.sin(Math.PI / 180)) return null;
  const way = unit(direction);
  // The point of both planes that is nearest to this one's origin.
  const inPlane = unit(cross(way, normal));
  const toOther = dot(between(plane.origin, other.origin), otherNormal);
  const start = along(plane.origin, [toOther / dot(inPlane, otherNormal), inPlane]);
  const own = within(plane, start, way);
  const theirs = within(other, start, way);
  if (own === null || theirs === null) return null;
  const from = Math.max(own[0], theirs[0]);
  const to = Math.min(own[1], theirs[1]);
  return from < to ? [along(start, [from, way]), along(start, [to, way])] : null;
}

/** The part of a line within the sides of a picture, as distances along it. */
function within(plane: Plane, start: Vector, way: Vector): readonly [number, number] | null {
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;
  const sides = [
    [plane.row, plane.spacing.column, plane.columns],
    [plane.column, plane.spacing.row, plane.rows],
  ] as const;
  const offset = between(plane.origin, start);
  for (const [axis, step, count] of sides) {
    const at = dot(offset, axis);
    const speed = dot(way, axis);
    const [least, most] = [-step / 2, (count - 0.5) * step];
    if (Math.abs(speed) < 1e-9) {
      if (at < least || at > most) return null;
      continue;
    }
    const [one, two] = [(least - at) / speed, (most - at) / speed];
    from = Math.max(from, Math.min(one, two));
    to = Math.min(to, Math.max(one, two));
  }
  return from < to ? [from, to] : null;
}
