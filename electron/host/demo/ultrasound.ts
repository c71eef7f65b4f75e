import { noiseTable, type Random } from './random.ts';

export type UltrasoundSubject = 'gallbladder' | 'kidney' | 'thyroid' | 'uterus' | 'carotid-doppler' | 'heart';
export type UltrasoundOptions = {
  readonly width: number;
  readonly height: number;
  readonly subject: UltrasoundSubject;
  /** Where in the beat this frame is, 0 to 1. */
  readonly phase: number;
};

/** A soft-edged ellipse in beam coordinates: depth and sideways place in mm. */
type Blob = {
  readonly at: readonly [number, number];
  readonly radii: readonly [number, number];
  readonly echo: number;
  /** How much the tissue behind gains (fluid) or loses (stone, bone). */
  readonly behind?: number;
};

/** Superficial parts are seen with a linear probe. */
export function isLinear(subject: UltrasoundSubject): boolean {
  return subject === 'thyroid' || subject === 'carotid-doppler';
}

/** mm between pixels: the depth that the probe reaches. */
export function ultrasoundSpacing(subject: UltrasoundSubject): number {
  return isLinear(subject) ? 0.2 : 0.4;
}

/** Where in the picture the fan begins, in pixels. */
export function fanOf(
  width: number,
  height: number,
  linear: boolean,
): { apexX: number; apexY: number; near: number; far: number; half: number } {
  return linear
    ? { apexX: width / 2, apexY: height * 0.16, near: 0, far: height * 0.7, half: width * 0.3 }
    : { apexX: width / 2, apexY: height * 0.02, near: height * 0.13, far: height * 0.86, half: 0.62 };
}

function anatomy(subject: UltrasoundSubject, phase: number): { readonly blobs: Blob[]; readonly base: number } {
  const beat = Math.sin(phase * Math.PI * 2);
  if (subject === 'gallbladder') {
    const breath = beat * 5;
    return {
      base: 92,
      blobs: [
        { at: [-34 + breath, 96], radii: [26, 14], echo: 120 },
        { at: [10 + breath, 62], radii: [30, 15], echo: 6, behind: 1.5 },
        { at: [24 + breath + beat * 2, 71], radii: [6, 4.5], echo: 235, behind: 0.25 },
        { at: [-44 + breath, 50], radii: [7, 5], echo: 12 },
        { at: [-20, 122], radii: [60, 5], echo: 240, behind: 0.6 },
      ],
    };
  }
  if (subject === 'kidney') {
    const breath = beat * 6;
    return {
      base: 84,
      blobs: [
        { at: [4 + breath, 74], radii: [52, 25], echo: 60 },
        { at: [4 + breath, 75], radii: [34, 11], echo: 175 },
        { at: [12 + breath, 76], radii: [9, 5], echo: 10, behind: 1.3 },
        { at: [-30 + breath, 74], radii: [6, 6], echo: 34 },
        { at: [30 + breath, 70], radii: [6, 6], echo: 34 },
        { at: [0, 124], radii: [70, 4], echo: 220, behind: 0.6 },
      ],
    };
  }
  if (subject === 'thyroid') {
    return {
      base: 66,
      blobs: [
        { at: [-24, 28], radii: [17, 13], echo: 130 },
        { at: [24, 28], radii: [16, 12], echo: 130 },
        { at: [0, 22], radii: [12, 4], echo: 125 },
        { at: [0, 33], radii: [10, 9], echo: 16, behind: 0.2 },
        { at: [-26, 27], radii: [7, 6], echo: 52 },
        { at: [46, 34], radii: [7 + beat, 7 + beat], echo: 5, behind: 1.3 },
        { at: [-46, 34], radii: [7 + beat, 7 + beat], echo: 5, behind: 1.3 },
        { at: [0, 10], radii: [70, 3], echo: 170 },
      ],
    };
  }
  if (subject === 'uterus') {
    return {
      base: 74,
      blobs: [
        { at: [-6, 78], radii: [40, 23], echo: 100 },
        { at: [-10, 78], radii: [26, 5], echo: 190 },
        { at: [46, 82 + beat * 2], radii: [13, 11], echo: 58 },
        { at: [43, 80 + beat * 2], radii: [4, 4], echo: 6 },
        { at: [50, 85 + beat * 2], radii: [3.4, 3.4], echo: 6 },
        { at: [10, 40], radii: [40, 14 + beat], echo: 4, behind: 1.4 },
      ],
    };
  }
  if (subject === 'heart') {
    const squeeze = 1 - 0.22 * Math.max(0, beat);
    return {
      base: 60,
      blobs: [
        { at: [4, 76], radii: [40, 44], echo: 128 },
        { at: [16, 60], radii: [15 * squeeze, 26 * squeeze], echo: 8 },
        { at: [-20, 62], radii: [11 * squeeze, 22 * squeeze], echo: 8 },
        { at: [15, 104], radii: [15, 13 * (2 - squeeze)], echo: 8 },
        { at: [-18, 104], radii: [13, 12 * (2 - squeeze)], echo: 8 },
        { at: [10 - beat * 4, 88], radii: [7, 1.6], echo: 210 },
        { at: [22 + beat * 4, 88], radii: [7, 1.6], echo: 210 },
      ],
    };
  }
  return {
    base: 72,
    blobs: [
      { at: [0, 12], radii: [80, 3], echo: 160 },
      { at: [0, 34], radii: [90, 8 + beat * 0.8], echo: 205 },
      { at: [0, 34], radii: [90, 6.8 + beat * 0.8], echo: 5 },
      { at: [14, 39.5], radii: [11, 1.8], echo: 150 },
      { at: [0, 56], radii: [80, 4], echo: 110 },
    ],
  };
}

/** One frame in colour (RGB by pixel): fan, speckle that moves with the tissue, grey ramp, and flow where the subject has it. */
export function ultrasoundFrame(options: UltrasoundOptions, random: Random): Uint8Array {
  const { width, height, subject, phase } = options;
  const linear = isLinear(subject);
  const fan = fanOf(width, height, linear);
  const { blobs, base } = anatomy(subject, phase);
  const noise = noiseTable();
  const seed = random.integer(0, noise.length - 1);
  const depthSpan = (fan.far - fan.near) * ultrasoundSpacing(subject);
  const out = new Uint8Array(width * height * 3);
  const grey = (index: number, value: number): void => {
    const level = Math.max(0, Math.min(255, Math.round(value)));
    out[index * 3] = level;
    out[index * 3 + 1] = level;
    out[index * 3 + 2] = level;
  };
  const beat = Math.max(0, Math.sin(phase * Math.PI * 2));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - fan.apexX, y - fan.apexY];
      const radius = linear ? dy : Math.hypot(dx, dy);
      const angle = linear ? dx / fan.half : Math.atan2(dx, dy) / fan.half;
      if (radius < fan.near || radius > fan.far || Math.abs(angle) > 1) continue;
      const depth = ((radius - fan.near) / (fan.far - fan.near)) * depthSpan;
      const sideways = linear ? dx * ultrasoundSpacing(subject) : (dx / (fan.far - fan.near)) * depthSpan;
      let echo = base;
      let gain = 1;
      for (const blob of blobs) {
        const [u, v] = [(sideways - blob.at[0]) / blob.radii[0], (depth - blob.at[1]) / blob.radii[1]];
        const inside = u * u + v * v;
        if (inside < 1) echo = blob.echo;
        else if (inside < 1.16) echo = Math.max(echo, Math.min(235, blob.echo * 0.5 + 95));
        if (blob.behind !== undefined && depth > blob.at[1] && Math.abs(u) < 0.85 && inside >= 1)
          gain *= 1 + (blob.behind - 1) * Math.min(1, (0.85 - Math.abs(u)) * 5);
      }
      // Speckle: grains long across the beam, short along it.
      const grain = ((Math.floor(depth * 2.6) * 557) ^ (Math.floor(angle * (70 + depth)) * 8191)) + seed;
      const speckle = Math.abs(
        (noise[grain & (noise.length - 1)] ?? 0) * 0.55 + (noise[(grain * 3 + 11) & (noise.length - 1)] ?? 0) * 0.35,
      );
      const value = echo * gain * (0.45 + speckle) * (1.08 - (depth / depthSpan) * 0.42) + 5;
      grey(y * width + x, value);
      if (subject === 'carotid-doppler' && Math.abs(sideways) < 24 && Math.abs(depth - 34) < 6.4 + beat) {
        const flow = (1 - ((depth - 34) / 7.4) ** 2) * (0.35 + 0.65 * beat);
        const index = (y * width + x) * 3;
        out[index] = 90 + 165 * flow;
        out[index + 1] = 150 * flow * flow;
        out[index + 2] = 20;
      }
    }
  }
  smooth(out, width, height);
  for (let y = 0; y < 128; y++)
    for (let x = 0; x < 10; x++) grey((y + Math.round(height * 0.5)) * width + width - 24 + x, 255 - y * 2);
  return out;
}

/** Each pixel with its right and lower neighbours: the blur of a real beam. */
function smooth(rgb: Uint8Array, width: number, height: number): void {
  const row = width * 3;
  for (let at = 0; at < (height - 1) * row - 3; at++) {
    rgb[at] = ((rgb[at] ?? 0) * 2 + (rgb[at + 3] ?? 0) * 3 + (rgb[at + row] ?? 0) * 2 + (rgb[at + row + 3] ?? 0)) >> 3;
  }
}
