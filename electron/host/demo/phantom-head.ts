import type { Random } from './random.ts';
import { ellipsoid, type Point, rod, type Solid, tube, turned } from './solids.ts';
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
  // Gyri: fingers of white matter, then sulci between them.
  for (let finger = 0; finger < 130; finger++) {
    const direction = onSphere(random);
    const side = direction[0] < 0 ? -1 : 1;
    const base: Point = [side * 30 + direction[0] * 20, direction[1] * 62, 8 + direction[2] * 48];
    const tip: Point = [direction[0] * 60 * wide, direction[1] * 79, 3 + direction[2] * 78];
    out.push(rod(tissue.white, base, tip, 5.5, 2.6, [tissue.gray]));
  }
  for (let sulcus = 0; sulcus < 150; sulcus++) {
    const direction = onSphere(random);
    const depth = random.between(0.76, 0.9);
    const outer: Point = [direction[0] * 69 * wide, direction[1] * 88, 3 + direction[2] * 88];
    const inner: Point = [outer[0] * depth, outer[1] * depth, 3 + (outer[2] - 3) * depth];
    out.push(rod(tissue.csf, outer, inner, 1.8 * atrophy, 0.9 * atrophy, [tissue.gray, tissue.white]));
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
  const side = random.pick([-1, 1]);
  const brain = [tissue.gray, tissue.white, tissue.csf];
  if (finding === 'subdural') {
    const inner = 56 * wide;
    out.push(
      ellipsoid(tissue.haemorrhage, [side * 8, -4, 14], [61 * wide, 78, 70], { within: brain }),
      ellipsoid(tissue.gray, [side * -2, -4, 14], [inner + 2, 88, 82], { within: [tissue.haemorrhage] }),
    );
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

function onSphere(random: Random): Point {
  const point: Point = [random.normal(), random.normal(), random.normal()];
  const size = Math.hypot(...point) || 1;
  return [point[0] / size, point[1] / size, point[2] / size];
}
