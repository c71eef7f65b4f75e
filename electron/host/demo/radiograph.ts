import { blankPlane, type Plane, soften } from './picture.ts';
import { noiseTable, type Random } from './random.ts';

/** A radiograph in the making: sums of attenuation along the beam. Places are in mm from the middle, x right and y down on the film. */
export type Film = {
  readonly plane: Plane;
  readonly spacing: number /** mm that everything lies lower. */;
  readonly shiftY?: number;
};
export type Place = readonly [number, number];

export function film(width: number, height: number, spacing: number): Film {
  return { plane: blankPlane(width, height), spacing };
}

/** Calls for every pixel in a box of mm, with its place in mm and its index. */
function visit(
  made: Film,
  left: number,
  top: number,
  right: number,
  bottom: number,
  call: (x: number, y: number, index: number) => void,
): void {
  const { width, height } = made.plane;
  const shift = made.shiftY ?? 0;
  const toColumn = (x: number): number => x / made.spacing + (width - 1) / 2;
  const toRow = (y: number): number => (y + shift) / made.spacing + (height - 1) / 2;
  const x0 = Math.max(0, Math.floor(toColumn(left)));
  const x1 = Math.min(width - 1, Math.ceil(toColumn(right)));
  const y0 = Math.max(0, Math.floor(toRow(top)));
  const y1 = Math.min(height - 1, Math.ceil(toRow(bottom)));
  for (let row = y0; row <= y1; row++) {
    const y = (row - (height - 1) / 2) * made.spacing - shift;
    for (let column = x0; column <= x1; column++) {
      call((column - (width - 1) / 2) * made.spacing, y, row * width + column);
    }
  }
}

function each(
  made: Film,
  left: number,
  top: number,
  right: number,
  bottom: number,
  weigh: (x: number, y: number) => number,
): void {
  const { values } = made.plane;
  visit(made, left, top, right, bottom, (x, y, index) => {
    values[index] = (values[index] ?? 0) + weigh(x, y);
  });
}

/** An ellipsoid seen through: `weight` where it is thickest. `degrees` turns it clockwise; `power` above 2 makes it boxier. */
export function addEllipse(
  made: Film,
  centre: Place,
  radii: Place,
  weight: number,
  degrees = 0,
  power = 2,
  clip: (x: number, y: number) => boolean = () => true,
): void {
  const c = Math.cos((degrees * Math.PI) / 180);
  const s = Math.sin((degrees * Math.PI) / 180);
  const across = Math.abs(c) * radii[0] + Math.abs(s) * radii[1];
  const down = Math.abs(s) * radii[0] + Math.abs(c) * radii[1];
  each(made, centre[0] - across, centre[1] - down, centre[0] + across, centre[1] + down, (x, y) => {
    const u = ((x - centre[0]) * c + (y - centre[1]) * s) / radii[0];
    const v = (-(x - centre[0]) * s + (y - centre[1]) * c) / radii[1];
    const distance = power === 2 ? u * u + v * v : Math.abs(u) ** power + Math.abs(v) ** power;
    return distance >= 1 || !clip(x, y) ? 0 : weight * Math.sqrt(1 - distance);
  });
}

/** A round rod seen from the side. */
export function addRod(made: Film, from: Place, to: Place, first: number, last: number, weight: number): void {
  const most = Math.max(first, last);
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const square = Math.max(1e-9, dx * dx + dy * dy);
  const [left, right] = [Math.min(from[0], to[0]) - most, Math.max(from[0], to[0]) + most];
  each(made, left, Math.min(from[1], to[1]) - most, right, Math.max(from[1], to[1]) + most, (x, y) => {
    const t = Math.min(1, Math.max(0, ((x - from[0]) * dx + (y - from[1]) * dy) / square));
    const radius = first + (last - first) * t;
    const away = ((x - from[0] - dx * t) ** 2 + (y - from[1] - dy * t) ** 2) / (radius * radius);
    return away >= 1 ? 0 : weight * Math.sqrt(1 - away) * (radius / most);
  });
}

/** A rod through many places, drawn once where its pieces meet. */
export function addCurve(made: Film, places: readonly Place[], radius: number, weight: number): void {
  const { values } = made.plane;
  const most = radius * radius;
  /** Square of the distance to the curve, for the pixels near it. */
  const nearest = new Map<number, number>();
  for (let index = 1; index < places.length; index++) {
    const from = places[index - 1];
    const to = places[index];
    if (from === undefined || to === undefined) continue;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const square = Math.max(1e-9, dx * dx + dy * dy);
    const left = Math.min(from[0], to[0]) - radius;
    const top = Math.min(from[1], to[1]) - radius;
    const right = Math.max(from[0], to[0]) + radius;
    const bottom = Math.max(from[1], to[1]) + radius;
    visit(made, left, top, right, bottom, (x, y, at) => {
      const t = Math.min(1, Math.max(0, ((x - from[0]) * dx + (y - from[1]) * dy) / square));
      const away = (x - from[0] - dx * t) ** 2 + (y - from[1] - dy * t) ** 2;
      if (away < most && away < (nearest.get(at) ?? most)) nearest.set(at, away);
    });
  }
  for (const [at, away] of nearest) {
    values[at] = (values[at] ?? 0) + weight * Math.sqrt(1 - away / most);
  }
}

/** A long bone: dense walls, paler marrow, ends that flare. */
export function addBone(
  made: Film,
  from: Place,
  to: Place,
  first: number,
  last: number,
  weight: number,
  wall = 0.3,
): void {
  addRod(made, from, to, first, last, weight);
  addRod(made, from, to, first * (1 - wall), last * (1 - wall), -weight * 0.62);
}

/** A spongy bone end: a rim and trabeculae inside. */
export function addSponge(made: Film, centre: Place, radii: Place, weight: number, degrees = 0, power = 2.4): void {
  addEllipse(made, centre, radii, weight, degrees, power);
  addEllipse(made, centre, [radii[0] - 1.6, radii[1] - 1.6], -weight * 0.45, degrees, power);
}

/** Quantum noise, fine trabecular grain where it is dense, a soft edge, and a scale to 12 bits with air near black. */
export function develop(made: Film, random: Random, scale: number, grain = 1): void {
  const { plane } = made;
  const noise = noiseTable();
  let at = random.integer(0, noise.length - 1);
  soften(plane);
  const { values } = plane;
  for (let index = 0; index < values.length; index++) {
    at = (at + 1) & (noise.length - 1);
    if ((index & 0xffff) === 0) at = random.integer(0, noise.length - 1);
    const value = values[index] ?? 0;
    values[index] = 140 + value * scale + (noise[at] ?? 0) * (6 + Math.sqrt(Math.max(0, value)) * grain);
  }
  soften(plane);
}
