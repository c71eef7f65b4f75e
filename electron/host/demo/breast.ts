import { blankPlane, type Plane, soften } from './picture.ts';
import { noiseTable, type Random } from './random.ts';

export type BreastOptions = {
  readonly width: number;
  readonly height: number;
  readonly side: 'L' | 'R';
  readonly view: 'CC' | 'MLO';
  /** 0 fatty to 1 dense. */
  readonly density: number;
  readonly finding: 'none' | 'mass' | 'calcifications';
};

/** Smooth random field of one period, by a coarse lattice. */
function field(random: Random, period: number): (x: number, y: number) => number {
  const noise = noiseTable();
  const start = random.integer(0, noise.length - 1);
  const at = (x: number, y: number): number => noise[(start + x * 7919 + y * 104_729) & (noise.length - 1)] ?? 0;
  return (x, y) => {
    const [gx, gy] = [x / period, y / period];
    const [x0, y0] = [Math.floor(gx), Math.floor(gy)];
    const smooth = (t: number): number => t * t * (3 - 2 * t);
    const [tx, ty] = [smooth(gx - x0), smooth(gy - y0)];
    const upper = at(x0, y0) * (1 - tx) + at(x0 + 1, y0) * tx;
    return upper * (1 - ty) + (at(x0, y0 + 1) * (1 - tx) + at(x0 + 1, y0 + 1) * tx) * ty;
  };
}

/**
 * A mammogram for presentation, 12 bits. The chest wall is at the left edge of a left breast and at the right edge of a right one; the
 * skin line, subcutaneous fat, gland, pectoral muscle (MLO) and nipple are where they belong.
 */
export function breast(options: BreastOptions, random: Random): Plane {
  const { width, height, side, view, density } = options;
  const plane = blankPlane(width, height, 40);
  const octaves = [
    field(random, width / 7),
    field(random, width / 15),
    field(random, width / 34),
    field(random, width / 80),
  ];
  const middle = view === 'CC' ? height * 0.5 : height * 0.56;
  const reach = width * random.between(0.68, 0.78);
  const half = height * (view === 'CC' ? 0.36 : 0.42);
  const noise = noiseTable();
  let at = random.integer(0, noise.length - 1);
  for (let y = 0; y < height; y++) {
    const v = (y - middle) / half;
    for (let across = 0; across < width; across++) {
      const x = side === 'L' ? across : width - 1 - across;
      at = (at + 1) & (noise.length - 1);
      const sag = view === 'MLO' ? 1 + 0.09 * Math.max(0, Math.min(1, v * 2)) ** 2 : 1;
      const u = across / (reach * sag);
      const edge = 1 - (Math.abs(u) ** 2.1 + Math.abs(v) ** 2.3);
      let value = 60 + (noise[at] ?? 0) * 8;
      if (edge > 0) {
        const rough = (octaves[0]?.(across, y) ?? 0) * 0.5 + (octaves[1]?.(across, y) ?? 0) * 0.32;
        const fine = (octaves[2]?.(across, y) ?? 0) * 0.22 + (octaves[3]?.(across, y) ?? 0) * 0.14;
        const thickness = Math.min(1, edge * 5);
        const cone = 1 - Math.min(1, Math.hypot((u - 0.52) / 0.44, v / 0.72));
        const gland = Math.max(0, Math.min(1, cone * 1.6 + (rough + fine) * 0.75 - 0.28 + density * 0.5));
        const strands = Math.max(0, fine + rough * 0.3) * 260;
        value =
          700 * thickness +
          260 +
          (gland > 0 ? gland * 1250 : 0) * (0.4 + density * 0.6) * thickness +
          strands * thickness;
        if (edge < 0.035) value += 240;
      }
      // The nipple stands out of the skin line at the front.
      if (((across - reach * 0.985) / (width * 0.03)) ** 2 + ((y - middle) / (height * 0.024)) ** 2 < 1)
        value = Math.max(value, 1500);
      if (view === 'MLO' && across < width * 0.42 - y * 0.52)
        value = Math.max(value, 2150 + (octaves[3]?.(across, y) ?? 0) * 60);
      plane.values[y * width + x] = Math.min(3600, value + (noise[(at + 77) & (noise.length - 1)] ?? 0) * 26);
    }
  }
  if (options.finding !== 'none') {
    const cx = side === 'L' ? width * 0.42 : width * 0.58;
    const cy = middle - half * 0.25;
    if (options.finding === 'mass') {
      for (let spike = 0; spike < 1400; spike++) {
        const turn = random.between(0, Math.PI * 2);
        const far = Math.abs(random.normal()) * width * (Math.sin(turn * 9) > 0.6 ? 0.05 : 0.026);
        splash(plane, cx + Math.cos(turn) * far, cy + Math.sin(turn) * far, 3, 26);
      }
    } else {
      for (let grain = 0; grain < 34; grain++)
        splash(
          plane,
          cx + random.normal() * width * 0.02,
          cy + random.normal() * height * 0.014,
          random.pick([1, 1, 2]),
          1500,
        );
    }
  }
  soften(plane);
  return plane;
}

function splash(plane: Plane, x: number, y: number, radius: number, more: number): void {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      const index = Math.round(y + dy) * plane.width + Math.round(x + dx);
      if (dx * dx + dy * dy <= radius * radius) plane.values[index] = Math.min(3900, (plane.values[index] ?? 0) + more);
    }
  }
}
