import type { Random } from './random.ts';
import { cross, ellipsoid, type Point, rod, type Solid, tube, turned } from './solids.ts';
import { tissue } from './tissues.ts';

export type HeadFinding = 'none' | 'subdural' | 'haemorrhage' | 'infarct' | 'mass' | 'atrophy';

/** A head about the middle of the brain; z from -90 (skull base) to 90 (vertex), nose towards -y. */
export function head(random: Random, finding: HeadFinding): Solid[] {
  const wide = random.between(0.96, 1.05);
  const atrophy = finding === 'atrophy' ? 1.5 : 1;
  const out: Solid[] = [
    // Headrest, scalp, skull.
    ...tube(
      tissue.couch,
      [
        [-90, 74, -200],
        [-90, 74, 120],
      ],
      3,
    ),
    ...Array.from({ length: 12 }, (_, index) => {
      const angle = (20 + index * 12) * (Math.PI / 180);
      return rod(
        tissue.couch,
        [106 * Math.cos(angle), 112 * Math.sin(angle), -200],
        [106 * Math.cos(angle), 112 * Math.sin(angle), 110],
        4,
      );
    }),
    ellipsoid(tissue.skin, [0, 0, 0], [81 * wide, 101, 104], { power: 2.2 }),
    ellipsoid(tissue.fat, [0, 0, 0], [79.5 * wide, 99.5, 102], { power: 2.2 }),
    ellipsoid(tissue.skin, [0, -92, -66], [34, 26, 60]),
    ellipsoid(tissue.fat, [0, -40, -110], [58, 62, 60]),
    ellipsoid(tissue.muscle, [0, -36, -112], [50, 54, 60]),
    ellipsoid(tissue.cortex, [0, 0, 0], [75.5 * wide, 95.5, 97], { power: 2.2 }),
    ellipsoid(tissue.marrow, [0, 0, 0], [73 * wide, 93, 95], { power: 2.2 }),
    ellipsoid(tissue.cortex, [0, 0, 0], [71 * wide, 91, 93], { power: 2.2 }),
    ellipsoid(tissue.csf, [0, 0, 3], [69 * wide, 88.5, 88], { power: 2.2 }),
    ellipsoid(tissue.gray, [0, 0, 3], [(68 - atrophy) * wide, 87.5 - atrophy, 87], { power: 2.2 }),
    ellipsoid(tissue.white, [-32 * wide, 0, 10], [27 * wide, 70, 56]),
    ellipsoid(tissue.white, [32 * wide, 0, 10], [27 * wide, 70, 56]),
  ];
  // Gyri: leaves of white matter into the grey, and sulci between them, both standing on the surface.
  for (let leaf = 0; leaf < 150; leaf++) {
    const direction = onSphere(random);
    const place: Point = [direction[0] * 58 * wide, direction[1] * 76, 3 + direction[2] * 76];
    const axes = standing(direction, random.between(0, Math.PI));
    out.push(ellipsoid(tissue.white, place, [13, 3.2, random.between(14, 24)], { axes, within: [tissue.gray] }));
  }
  for (let sulcus = 0; sulcus < 170; sulcus++) {
    const direction = onSphere(random);
    const place: Point = [direction[0] * 66 * wide, direction[1] * 85, 3 + direction[2] * 85];
    const axes = standing(direction, random.between(0, Math.PI));
    const radii: Point = [random.between(9, 17), random.between(0.8, 1.5) * atrophy, random.between(12, 26)];
    out.push(ellipsoid(tissue.csf, place, radii, { axes, within: [tissue.gray, tissue.white] }));
  }
  out.push(
    ellipsoid(tissue.csf, [0, 6, 12], [1.6 * atrophy, 84, 76]),
    ellipsoid(tissue.muscle, [0, 6, 24], [0.8, 84, 66]),
    // Deep nuclei and callosum.
    ellipsoid(tissue.white, [0, -4, 18], [22, 44, 9]),
    ...[-1, 1].flatMap((side) => [
      ellipsoid(tissue.gray, [side * 13, 12, 4], [9, 15, 11]),
      ellipsoid(tissue.gray, [side * 26, -6, 4], [7, 18, 12], { axes: turned('z', side * -14) }),
      ellipsoid(tissue.gray, [side * 17, -24, 10], [6, 11, 13]),
      ...tube(
        tissue.csf,
        [
          [side * 9, -40, 12],
          [side * 7, -26, 17],
          [side * 8, 0, 21],
          [side * 16, 30, 19],
          [side * 24, 50, 12],
        ],
        5 * atrophy,
      ),
      ...tube(
        tissue.csf,
        [
          [side * 16, 30, 19],
          [side * 28, 22, -8],
          [side * 30, -4, -18],
        ],
        3 * atrophy,
      ),
      ellipsoid(tissue.csf, [side * 46, -14, -4], [9, 2.4 * atrophy, 15], { axes: turned('z', side * 25) }),
    ]),
    ellipsoid(tissue.csf, [0, 6, 4], [2.2 * atrophy, 14, 12]),
    ellipsoid(tissue.cortex, [0, 26, 6], [2.4, 3, 2.4]),
    // Posterior fossa.
    ellipsoid(tissue.csf, [0, 48, -46], [56, 40, 32]),
    ellipsoid(tissue.gray, [0, 48, -46], [54, 38, 30]),
    ellipsoid(tissue.white, [0, 46, -46], [34, 22, 18]),
    ...[-1, 0, 1, 2, 3].map((level) =>
      ellipsoid(tissue.csf, [0, 76 - level * 3, -46 + level * 7], [40, 8, 0.9], { within: [tissue.gray] }),
    ),
    ellipsoid(tissue.csf, [0, 27, -42], [9, 6, 12]),
    rod(tissue.csf, [0, 14, -20], [0, 20, -140], 15),
    rod(tissue.white, [0, 12, -16], [0, 20, -140], 12, 8),
    ellipsoid(tissue.white, [0, 8, -38], [16, 13, 16]),
    ellipsoid(tissue.csf, [0, -8, -24], [15, 8, 8]),
    // Skull base, orbits, air spaces.
    ...[-1, 1].flatMap((side) => [
      ellipsoid(tissue.cortex, [side * 42, 14, -50], [28, 9, 13], { axes: turned('z', side * 32) }),
      ellipsoid(tissue.gas, [side * 56, 26, -52], [9, 8, 11]),
      ellipsoid(tissue.cortex, [side * 34, -66, -34], [24, 32, 22]),
      ellipsoid(tissue.fat, [side * 34, -70, -34], [21, 30, 19]),
      ellipsoid(tissue.water, [side * 34, -82, -34], [12.5, 12.5, 12.5]),
      ellipsoid(tissue.ligament, [side * 34, -91, -34], [6, 3, 6]),
      rod(tissue.muscle, [side * 33, -72, -34], [side * 14, -36, -34], 2.4),
      rod(tissue.muscle, [side * 22, -80, -34], [side * 16, -40, -34], 2.2),
      rod(tissue.muscle, [side * 46, -80, -34], [side * 22, -40, -34], 2.2),
      ellipsoid(tissue.cortex, [side * 32, -62, -74], [21, 22, 19]),
      ellipsoid(tissue.gas, [side * 32, -62, -74], [19, 20, 17]),
    ]),
    ellipsoid(tissue.gas, [0, -62, -44], [11, 26, 16]),
    ...[-7, -2.5, 2.5, 7].map((x) => ellipsoid(tissue.cortex, [x, -62, -44], [0.7, 24, 15])),
    ellipsoid(tissue.gas, [0, -26, -44], [12, 10, 9]),
    ellipsoid(tissue.gas, [0, -86, -10], [22, 4.5, 10]),
    ellipsoid(tissue.gas, [0, -70, -86], [14, 30, 26]),
    ellipsoid(tissue.muscle, [0, -68, -86], [2, 30, 26]),
  );
  // The orders tell of left weakness after a bleed and of lost speech after an infarct.
  const side = finding === 'infarct' ? 1 : finding === 'mass' ? random.pick([-1, 1]) : -1;
  const brain = [tissue.gray, tissue.white, tissue.csf];
  if (finding === 'subdural') {
    // A crescent along the inner table, thickest over the side.
    for (let around = -64; around <= 70; around += 9) {
      for (let up = -20; up <= 58; up += 9) {
        const [a, b] = [(around * Math.PI) / 180, (up * Math.PI) / 180];
        const at: Point = [
          side * 65 * wide * Math.cos(a) * Math.cos(b),
          84 * Math.sin(a) * Math.cos(b),
          3 + 83 * Math.sin(b),
        ];
        const thick = 5 + 6 * Math.cos(a) * Math.cos(b);
        out.push(ellipsoid(tissue.haemorrhage, at, [thick, 12, 12], { within: brain }));
      }
    }
  }
  if (finding === 'haemorrhage') {
    out.push(
      ellipsoid(tissue.oedema, [side * 28, 0, 8], [22, 29, 22], { within: brain }),
      ellipsoid(tissue.haemorrhage, [side * 27, -1, 8], [14, 21, 15]),
      ellipsoid(tissue.haemorrhage, [side * 18, 34, 16], [5, 12, 5]),
    );
  }
  if (finding === 'infarct') out.push(ellipsoid(tissue.mass, [side * 48, 10, 12], [20, 28, 24], { within: brain }));
  if (finding === 'mass') {
    out.push(
      ellipsoid(tissue.oedema, [side * 36, -32, 24], [24, 28, 22], { within: [tissue.white] }),
      ellipsoid(tissue.mass, [side * 38, -34, 24], [14, 13, 14]),
      ellipsoid(tissue.csf, [side * 38, -34, 24], [6, 5, 6]),
    );
  }
  return out;
}

/** Axes of a sheet that stands on a surface: outwards, across, along; `turn` in radians about the outward one. */
function standing(outward: Point, turn: number): readonly [Point, Point, Point] {
  const helper: Point = Math.abs(outward[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const raw = cross(outward, helper);
  const size = Math.hypot(...raw) || 1;
  const first: Point = [raw[0] / size, raw[1] / size, raw[2] / size];
  const second = cross(outward, first);
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const across: Point = [first[0] * c + second[0] * s, first[1] * c + second[1] * s, first[2] * c + second[2] * s];
  return [outward, across, cross(outward, across)];
}

function onSphere(random: Random): Point {
  const point: Point = [random.normal(), random.normal(), random.normal()];
  const size = Math.hypot(...point) || 1;
  return [point[0] / size, point[1] / size, point[2] / size];
}
