import type { Random } from './random.ts';

/** Millimetres in patient coordinates: x to the left, y to the back, z to the head (PS3.3 C.7.6.2.1.1). */
export type Point = readonly [number, number, number];

/** A body part as a simple solid filled with one tissue. Later solids cover earlier ones. */
export type Solid =
  | {
      readonly kind: 'ellipsoid';
      readonly centre: Point;
      readonly radii: Point;
      readonly tissue: number;
      /** Axes of the radii; those of the patient where absent. */
      readonly axes?: readonly [Point, Point, Point];
      /** 2 is an ellipsoid; larger is boxier, with flat sides. */
      readonly power?: number;
      /** Only where these tissues are now. */
      readonly within?: readonly number[];
    }
  | {
      /** A rod with round ends that may taper. */
      readonly kind: 'rod';
      readonly from: Point;
      readonly to: Point;
      readonly radii: readonly [number, number];
      readonly tissue: number;
      readonly within?: readonly number[];
    };

export function add(a: Point, b: Point, times = 1): Point {
  return [a[0] + b[0] * times, a[1] + b[1] * times, a[2] + b[2] * times];
}
export function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
export function cross(a: Point, b: Point): Point {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Axes turned about one patient axis by degrees. */
export function turned(about: 'x' | 'y' | 'z', degrees: number): readonly [Point, Point, Point] {
  const c = Math.cos((degrees * Math.PI) / 180);
  const s = Math.sin((degrees * Math.PI) / 180);
  if (about === 'x')
    return [
      [1, 0, 0],
      [0, c, s],
      [0, -s, c],
    ];
  if (about === 'y')
    return [
      [c, 0, -s],
      [0, 1, 0],
      [s, 0, c],
    ];
  return [
    [c, s, 0],
    [-s, c, 0],
    [0, 0, 1],
  ];
}

export function ellipsoid(
  tissue: number,
  centre: Point,
  radii: Point,
  more: { axes?: readonly [Point, Point, Point]; power?: number; within?: readonly number[] } = {},
): Solid {
  return { kind: 'ellipsoid', tissue, centre, radii, ...more };
}

export function rod(
  tissue: number,
  from: Point,
  to: Point,
  first: number,
  last = first,
  within?: readonly number[],
): Solid {
  return { kind: 'rod', tissue, from, to, radii: [first, last], within };
}

/** Rods through points. */
export function tube(tissue: number, points: readonly Point[], radius: number, within?: readonly number[]): Solid[] {
  const out: Solid[] = [];
  for (let index = 1; index < points.length; index++) {
    const from = points[index - 1];
    const to = points[index];
    if (from !== undefined && to !== undefined) out.push(rod(tissue, from, to, radius, radius, within));
  }
  return out;
}

/** A branching tree of vessels or airways that narrows as it goes. */
export function tree(
  tissue: number,
  from: Point,
  direction: Point,
  length: number,
  radius: number,
  depth: number,
  random: Random,
  within?: readonly number[],
): Solid[] {
  const size = Math.hypot(...direction) || 1;
  const end = add(from, direction, length / size);
  const out: Solid[] = [rod(tissue, from, end, radius, radius * 0.75, within)];
  if (depth === 0) return out;
  for (let branch = 0; branch < 2 + (depth > 2 ? 1 : 0); branch++) {
    const next: Point = [
      direction[0] / size + random.normal() * 0.55,
      direction[1] / size + random.normal() * 0.55,
      direction[2] / size + random.normal() * 0.55,
    ];
    out.push(...tree(tissue, end, next, length * random.between(0.62, 0.9), radius * 0.7, depth - 1, random, within));
  }
  return out;
}

/** Where a slice lies: centre of its first pixel, the directions of rows and columns, and the pixel spacing in mm. */
export type SliceGeometry = {
  readonly width: number;
  readonly height: number;
  readonly origin: Point;
  readonly row: Point;
  readonly column: Point;
  readonly spacing: number;
};

/** Tissue of every pixel of a slice. */
export function sliceTissues(solids: readonly Solid[], slice: SliceGeometry, into?: Uint8Array): Uint8Array {
  const labels = into ?? new Uint8Array(slice.width * slice.height);
  labels.fill(0);
  const normal = cross(slice.row, slice.column);
  for (const solid of solids) paint(solid, slice, normal, labels);
  return labels;
}

function paint(solid: Solid, slice: SliceGeometry, normal: Point, labels: Uint8Array): void {
  const centre: Point = solid.kind === 'ellipsoid' ? solid.centre : solid.from;
  const from = add(centre, slice.origin, -1);
  // A box on the slice that holds the solid.
  let x0: number;
  let x1: number;
  let y0: number;
  let y1: number;
  const { spacing, width, height } = slice;
  if (solid.kind === 'ellipsoid') {
    const axes = solid.axes;
    const reach = (direction: Point): number =>
      axes === undefined || solid.power !== undefined
        ? solid.power === undefined
          ? Math.hypot(direction[0] * solid.radii[0], direction[1] * solid.radii[1], direction[2] * solid.radii[2])
          : Math.abs(dot(direction, axes?.[0] ?? [1, 0, 0])) * solid.radii[0] +
            Math.abs(dot(direction, axes?.[1] ?? [0, 1, 0])) * solid.radii[1] +
            Math.abs(dot(direction, axes?.[2] ?? [0, 0, 1])) * solid.radii[2]
        : Math.hypot(
            dot(direction, axes[0]) * solid.radii[0],
            dot(direction, axes[1]) * solid.radii[1],
            dot(direction, axes[2]) * solid.radii[2],
          );
    if (Math.abs(dot(from, normal)) > reach(normal)) return;
    const x = dot(from, slice.row);
    const y = dot(from, slice.column);
    const across = reach(slice.row);
    const down = reach(slice.column);
    [x0, x1, y0, y1] = [x - across, x + across, y - down, y + down];
  } else {
    const to = add(solid.to, slice.origin, -1);
    const radius = Math.max(...solid.radii);
    const near = dot(from, normal);
    const far = dot(to, normal);
    if (Math.min(near, far) > radius || Math.max(near, far) < -radius) return;
    const xs = [dot(from, slice.row), dot(to, slice.row)] as const;
    const ys = [dot(from, slice.column), dot(to, slice.column)] as const;
    x0 = Math.min(...xs) - radius;
    x1 = Math.max(...xs) + radius;
    y0 = Math.min(...ys) - radius;
    y1 = Math.max(...ys) + radius;
  }
  const left = Math.max(0, Math.floor(x0 / spacing));
  const right = Math.min(width - 1, Math.ceil(x1 / spacing));
  const top = Math.max(0, Math.floor(y0 / spacing));
  const bottom = Math.min(height - 1, Math.ceil(y1 / spacing));
  const inside = insideTest(solid);
  const allowed = solid.within;
  const span = rowSpan(solid, slice);
  for (let y = top; y <= bottom; y++) {
    const rowStart = add(slice.origin, slice.column, y * spacing);
    const limits = span?.(rowStart);
    if (limits === null) continue;
    const first = limits === undefined ? left : Math.max(left, Math.ceil(limits[0] / spacing));
    const last = limits === undefined ? right : Math.min(right, Math.floor(limits[1] / spacing));
    if (limits !== undefined && allowed === undefined) {
      if (last >= first) labels.fill(solid.tissue, y * width + first, y * width + last + 1);
      continue;
    }
    for (let x = first; x <= last; x++) {
      const index = y * width + x;
      if (allowed !== undefined && !allowed.includes(labels[index] ?? 0)) continue;
      const step = x * spacing;
      if (
        limits !== undefined ||
        inside(rowStart[0] + slice.row[0] * step, rowStart[1] + slice.row[1] * step, rowStart[2] + slice.row[2] * step)
      ) {
        labels[index] = solid.tissue;
      }
    }
  }
}

/**
 * Where a row of a slice is inside a solid, in mm along the row from its start, in closed form; null is nowhere. Undefined where
 * there is none: rods, and boxy solids that are turned.
 */
function rowSpan(solid: Solid, slice: SliceGeometry): ((start: Point) => readonly [number, number] | null) | undefined {
  if (solid.kind !== 'ellipsoid') return undefined;
  const { centre, radii, power, axes } = solid;
  if (power !== undefined) {
    const along = slice.row.indexOf(1);
    if (axes !== undefined || along < 0) return undefined;
    const [middle, reach] = [centre[along] ?? 0, radii[along] ?? 1];
    return (start) => {
      let rest = 1;
      for (let axis = 0; axis < 3; axis++) {
        if (axis !== along) rest -= Math.abs(((start[axis] ?? 0) - (centre[axis] ?? 0)) / (radii[axis] ?? 1)) ** power;
      }
      if (rest <= 0) return null;
      const half = reach * rest ** (1 / power);
      const from = middle - (start[along] ?? 0);
      return [from - half, from + half];
    };
  }
  const frame =
    axes ??
    ([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const);
  const scaled = frame.map((axis, index): Point => {
    const radius = radii[index] ?? 1;
    return [axis[0] / radius, axis[1] / radius, axis[2] / radius];
  });
  const steps = scaled.map((axis) => dot(axis, slice.row));
  const a = steps.reduce((sum, step) => sum + step * step, 0);
  return (start) => {
    const from = add(start, centre, -1);
    let b = 0;
    let c = -1;
    for (const [index, axis] of scaled.entries()) {
      const at = dot(axis, from);
      b += at * (steps[index] ?? 0);
      c += at * at;
    }
    const square = b * b - a * c;
    if (square < 0) return null;
    const root = Math.sqrt(square);
    return [(-b - root) / a, (-b + root) / a];
  };
}

function insideTest(solid: Solid): (x: number, y: number, z: number) => boolean {
  if (solid.kind === 'ellipsoid') {
    const [cx, cy, cz] = solid.centre;
    const [a, b, c] = solid.axes ?? [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const [ra, rb, rc] = solid.radii;
    const [ax, ay, az] = [a[0] / ra, a[1] / ra, a[2] / ra];
    const [bx, by, bz] = [b[0] / rb, b[1] / rb, b[2] / rb];
    const [dx, dy, dz] = [c[0] / rc, c[1] / rc, c[2] / rc];
    const power = solid.power;
    return (x, y, z) => {
      const px = x - cx;
      const py = y - cy;
      const pz = z - cz;
      const u = px * ax + py * ay + pz * az;
      const v = px * bx + py * by + pz * bz;
      const w = px * dx + py * dy + pz * dz;
      if (power === undefined) return u * u + v * v + w * w <= 1;
      return Math.abs(u) ** power + Math.abs(v) ** power + Math.abs(w) ** power <= 1;
    };
  }
  const [fx, fy, fz] = solid.from;
  const along = add(solid.to, solid.from, -1);
  const square = Math.max(1e-9, dot(along, along));
  const [first, last] = solid.radii;
  return (x, y, z) => {
    const px = x - fx;
    const py = y - fy;
    const pz = z - fz;
    const t = Math.min(1, Math.max(0, (px * along[0] + py * along[1] + pz * along[2]) / square));
    const dx = px - along[0] * t;
    const dy = py - along[1] * t;
    const dz = pz - along[2] * t;
    const radius = first + (last - first) * t;
    return dx * dx + dy * dy + dz * dz <= radius * radius;
  };
}
