import {
  type MeasurementKind,
  mostPoints,
  type Point,
  pointsOf,
  thinned,
} from '../../../shared/domain/measurement/index.ts';

/** A mark that is being drawn. The last point follows the hand while `held`. */
export type Drawing = { readonly kind: MeasurementKind; readonly points: readonly Point[]; readonly held: boolean };
export type DrawingStep =
  | { readonly state: 'drawing'; readonly drawing: Drawing }
  | { readonly state: 'done'; readonly kind: MeasurementKind; readonly points: readonly Point[] }
  | { readonly state: 'nothing' };

const nothing: DrawingStep = { state: 'nothing' };
const drawing = (kind: MeasurementKind, points: readonly Point[], held: boolean): DrawingStep => ({
  state: 'drawing',
  drawing: { kind, points, held },
});
const done = (kind: MeasurementKind, points: readonly Point[]): DrawingStep => ({ state: 'done', kind, points });

/** A line shorter than half a pixel is a click, not a line. */
function isStill(points: readonly Point[]): boolean {
  const [from, to] = points.slice(-2);
  return from === undefined || to === undefined || Math.hypot(to[0] - from[0], to[1] - from[1]) < 0.5;
}

/** The button goes down: a mark begins, or goes on with its next line. A point can still be moved until the button comes up. */
export function press(kind: MeasurementKind, before: Drawing | null, at: Point): DrawingStep {
  if (pointsOf[kind] === 1 || kind === 'freehand') return drawing(kind, [at], true);
  const begun = before?.kind === kind && !before.held ? before.points : [];
  // The second press of an angle sets its other leg.
  if (kind === 'angle' && begun.length >= 2) return done(kind, [...begun.slice(0, 2), at]);
  // A line whose first point was set by key has only its end to come.
  if (begun.length % 2 === 1) return drawing(kind, [...begun.slice(0, 3), at], true);
  return drawing(kind, [...begun.slice(0, 2), at, at], true);
}

/** The hand moves, with the button or, between two lines, without. */
export function move(before: Drawing, at: Point): Drawing {
  if (before.kind === 'freehand') return before.held ? { ...before, points: [...before.points, at] } : before;
  if (before.held) return { ...before, points: [...before.points.slice(0, -1), at] };
  return before.kind === 'angle' ? { ...before, points: [...before.points.slice(0, 2), at] } : before;
}

/** The button comes up. */
export function release(before: Drawing): DrawingStep {
  const { kind, points } = before;
  if (!before.held) return { state: 'drawing', drawing: before };
  if (kind === 'freehand') {
    const outline = thinned(points, 0.75, mostPoints);
    return outline.length < pointsOf.freehand ? nothing : done(kind, outline);
  }
  if (pointsOf[kind] === 1) return done(kind, points);
  if (isStill(points)) return points.length <= 2 ? nothing : drawing(kind, points.slice(0, 2), false);
  return points.length >= pointsOf[kind] ? done(kind, points) : drawing(kind, points, false);
}

/** A point set by key. An outline ends where a point is set twice. */
export function setPoint(kind: MeasurementKind, before: Drawing | null, at: Point): DrawingStep {
  const begun = before?.kind === kind && !before.held ? before.points : [];
  const fixed = kind === 'angle' ? begun.slice(0, 2) : begun;
  const last = fixed.at(-1);
  const again = last !== undefined && last[0] === at[0] && last[1] === at[1];
  if (kind === 'freehand' && again)
    return fixed.length >= pointsOf.freehand ? done(kind, fixed) : drawing(kind, fixed, false);
  if (again) return drawing(kind, fixed, false);
  const points = [...fixed, at];
  if (kind !== 'freehand' && points.length >= pointsOf[kind]) return done(kind, points);
  return points.length > mostPoints ? nothing : drawing(kind, points, false);
}
