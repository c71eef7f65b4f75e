import type { Random } from './random.ts';
import { ellipsoid, type Point, rod, type Solid, tree, tube, turned } from './solids.ts';
import { tissue } from './tissues.ts';

/** What can be wrong in a trunk; it makes studies of one region differ. */
export type TrunkFinding = 'none' | 'nodule' | 'effusion' | 'embolus' | 'stone' | 'liver-mass' | 'obstruction';
export type TrunkOptions = {
  readonly sex: 'M' | 'F';
  readonly finding: TrunkFinding;
  /** 1 is a middling build; 0.85 slim, 1.15 large. */
  readonly build: number;
};

/** The spine from bottom to top, straight, with discs, canal and processes. */
function spine(y: number, from: number, to: number): Solid[] {
  const out: Solid[] = [];
  for (let z = from; z <= to; z += 28) {
    out.push(
      ellipsoid(tissue.cortex, [0, y, z], [21, 16, 12], { power: 4 }),
      ellipsoid(tissue.marrow, [0, y, z], [18.5, 13.5, 10], { power: 4 }),
      ellipsoid(tissue.disc, [0, y, z + 14], [20, 15, 3.5], { power: 4 }),
      rod(tissue.cortex, [-14, y + 14, z], [-10, y + 32, z - 2], 4),
      rod(tissue.cortex, [14, y + 14, z], [10, y + 32, z - 2], 4),
      rod(tissue.cortex, [-12, y + 33, z - 2], [-38, y + 36, z], 4),
      rod(tissue.cortex, [12, y + 33, z - 2], [38, y + 36, z], 4),
      rod(tissue.cortex, [0, y + 34, z - 3], [0, y + 58, z - 14], 4.5, 3.5),
    );
  }
  out.push(
    rod(tissue.fat, [0, y + 25, from - 40], [0, y + 25, to + 40], 10),
    rod(tissue.csf, [0, y + 25, from - 40], [0, y + 25, to + 40], 8),
    rod(tissue.cord, [0, y + 25, from - 40], [0, y + 25, to + 40], 4.5),
  );
  return out;
}

/** Ribs of one side as tubes on an ellipse around the cage, each sloping down to the front. */
function ribs(side: 1 | -1, across: number, deep: number, levels: readonly number[]): Solid[] {
  return levels.flatMap((z) => {
    const points: Point[] = [];
    for (let angle = 80; angle >= -62; angle -= 11) {
      const turn = (angle * Math.PI) / 180;
      points.push([side * across * Math.cos(turn), deep * Math.sin(turn), z - (80 - angle) * 0.42]);
    }
    return [...tube(tissue.cortex, points, 5.2), ...tube(tissue.marrow, points, 3)];
  });
}

/** A chest from the neck's root (z about 170) to the dome of the liver (z about -150). */
export function chest(random: Random, options: TrunkOptions): Solid[] {
  const b = options.build;
  const heart = random.between(0.9, 1.12);
  const lungs = [tissue.lung];
  const cage = Array.from({ length: 11 }, (_, index) => 175 - index * 31);
  const out: Solid[] = [
    ellipsoid(tissue.couch, [0, 124 * b + 14, 0], [200, 9, 900], { power: 8 }),
    ellipsoid(tissue.air, [0, 124 * b + 14, 0], [196, 6.5, 900], { power: 8 }),
    ellipsoid(tissue.skin, [0, 0, 0], [187 * b, 122 * b, 620], { power: 2.4 }),
    ellipsoid(tissue.fat, [0, 0, 0], [184 * b, 119 * b, 620], { power: 2.4 }),
  ];
  if (options.sex === 'F') {
    for (const side of [-1, 1]) {
      out.push(
        ellipsoid(tissue.fat, [side * 85 * b, -112 * b, 5], [62 * b, 52 * b, 60]),
        ellipsoid(tissue.muscle, [side * 85 * b, -125 * b, 0], [34 * b, 26 * b, 30]),
      );
    }
  }
  out.push(
    ellipsoid(tissue.muscle, [0, 2, 0], [163, 104, 620], { power: 2.3 }),
    ellipsoid(tissue.fat, [0, 0, 0], [148, 92, 620], { power: 2.2 }),
    ellipsoid(tissue.muscle, [0, 0, 0], [143, 88, 620], { power: 2.2 }),
    // Shoulder blades.
    ...[-1, 1].flatMap((side) => [
      ellipsoid(tissue.cortex, [side * 110, 84, 100], [45, 4, 60], { axes: turned('z', side * -28) }),
      ellipsoid(tissue.marrow, [side * 110, 84, 100], [42, 2, 57], { axes: turned('z', side * -28) }),
    ]),
    ellipsoid(tissue.lung, [-76, 4, 0], [64, 82, 170], { power: 2.3 }),
    ellipsoid(tissue.lung, [76, 4, 0], [62, 82, 170], { power: 2.3 }),
    ellipsoid(tissue.fat, [0, -10, 20], [38, 74, 150], { power: 2.3 }),
    ellipsoid(tissue.liver, [-72, 0, -172], [92, 88, 92]),
    ellipsoid(tissue.spleen, [92, 30, -186], [50, 52, 82]),
    ellipsoid(tissue.bowel, [62, -25, -176], [58, 50, 74]),
    ellipsoid(tissue.gas, [62, -38, -170], [42, 26, 52]),
    // Vessels and airways.
    ...[-1, 1].flatMap((side) =>
      [0, 1, 2, 3, 4, 5].flatMap((branch) =>
        tree(
          tissue.blood,
          [side * 34, 12, 12],
          [side * (0.6 + random.next() * 0.5), random.normal() * 0.7, 1 - branch * 0.42],
          34,
          7,
          5,
          random,
          lungs,
        ),
      ),
    ),
    ellipsoid(tissue.fat, [22, -26, -64], [70 * heart, 56, 62], { axes: turned('z', 32) }),
    ellipsoid(tissue.muscle, [24, -26, -64], [65 * heart, 51, 58], { axes: turned('z', 32) }),
    ellipsoid(tissue.blood, [38, -20, -68], [36 * heart, 28, 38], { axes: turned('z', 32) }),
    ellipsoid(tissue.blood, [-4, -42, -60], [34 * heart, 22, 36], { axes: turned('z', 20) }),
    ellipsoid(tissue.blood, [2, 8, -30], [36, 22, 26]),
    ellipsoid(tissue.blood, [-30, -16, -46], [20, 24, 32]),
    ...tube(
      tissue.blood,
      [
        [-4, -22, -30],
        [-12, -28, 30],
        [-6, -14, 62],
        [12, 20, 70],
        [24, 44, 46],
        [24, 50, -300],
      ],
      14,
    ),
    ...tube(
      tissue.blood,
      [
        [14, -40, -20],
        [12, -28, 12],
        [4, -8, 22],
        [-36, 6, 20],
      ],
      12,
    ),
    ...tube(
      tissue.blood,
      [
        [4, -8, 22],
        [30, 10, 26],
        [42, 18, 20],
      ],
      11,
    ),
    ...tube(
      tissue.blood,
      [
        [-24, -20, 130],
        [-26, -18, -30],
      ],
      9,
    ),
    ...tube(
      tissue.blood,
      [
        [-6, -14, 68],
        [-16, -10, 190],
      ],
      6,
    ),
    ...tube(
      tissue.blood,
      [
        [10, 6, 74],
        [22, 0, 190],
      ],
      6,
    ),
    ...tube(
      tissue.muscle,
      [
        [2, 34, 200],
        [4, 38, -160],
      ],
      8,
    ),
    ...tube(
      tissue.muscle,
      [
        [0, 12, 200],
        [0, 14, 34],
      ],
      11,
    ),
    ...tube(
      tissue.gas,
      [
        [0, 12, 200],
        [0, 14, 34],
      ],
      9,
    ),
    ...tube(
      tissue.gas,
      [
        [0, 14, 34],
        [-34, 20, 6],
        [-52, 24, -20],
      ],
      6.5,
    ),
    ...tube(
      tissue.gas,
      [
        [0, 14, 34],
        [38, 22, 2],
        [56, 26, -24],
      ],
      6,
    ),
    ...spine(78, -196, 196),
    ...ribs(1, 152, 94, cage),
    ...ribs(-1, 152, 94, cage),
    ellipsoid(tissue.cortex, [0, -93, 50], [19, 7, 88], { power: 3 }),
    ellipsoid(tissue.marrow, [0, -93, 50], [16, 4.5, 85], { power: 3 }),
    rod(tissue.cortex, [-16, -88, 148], [-120, -20, 172], 7),
    rod(tissue.cortex, [16, -88, 148], [120, -20, 172], 7),
  );
  const where: Point = [-random.between(64, 92), random.between(-30, 30), random.between(20, 70)];
  if (options.finding === 'nodule') {
    out.push(ellipsoid(tissue.mass, where, [8, 7.5, 8]));
    for (let spike = 0; spike < 9; spike++) {
      const to: Point = [
        where[0] + random.normal() * 9,
        where[1] + random.normal() * 9,
        where[2] + random.normal() * 9,
      ];
      out.push(rod(tissue.mass, where, to, 1.6, 0.6, lungs));
    }
  }
  if (options.finding === 'effusion')
    out.push(ellipsoid(tissue.water, [-82, 74, -70], [70, 46, 120], { within: lungs }));
  if (options.finding === 'embolus') {
    out.push(
      rod(tissue.clot, [-8, -2, 22], [-38, 8, 18], 5.5, 5, [tissue.blood]),
      rod(tissue.clot, [18, 2, 25], [40, 18, 20], 5, 4, [tissue.blood]),
    );
  }
  return out;
}

/** An abdomen and pelvis from the diaphragm (z about 150) to the hip joints (z about -230). */
export function abdomen(random: Random, options: TrunkOptions): Solid[] {
  const b = options.build;
  const loops: Solid[] = [];
  const wide = options.finding === 'obstruction' ? 19 : 11;
  for (let loop = 0; loop < 15; loop++) {
    let at: Point = [random.between(-70, 70), random.between(-62, -18), random.between(-150, 10)];
    const points: Point[] = [at];
    for (let step = 0; step < 4; step++) {
      const away: Point = [at[0] + random.normal() * 26, at[1] + random.normal() * 12, at[2] + random.normal() * 18];
      at = [
        Math.max(-92, Math.min(92, away[0])),
        Math.max(-68, Math.min(-8, away[1])),
        Math.max(-175, Math.min(30, away[2])),
      ];
      points.push(at);
    }
    const radius = random.between(wide - 2, wide + 2);
    loops.push(...tube(tissue.muscle, points, radius), ...tube(tissue.bowel, points, radius - 2));
    const middle = points[2];
    if (middle !== undefined && loop % 3 === 0) {
      loops.push(
        ellipsoid(tissue.gas, [middle[0], middle[1] - radius * 0.4, middle[2]], [radius * 0.7, radius * 0.45, radius]),
      );
    }
  }
  const out: Solid[] = [
    ellipsoid(tissue.couch, [0, 118 * b + 14, 0], [200, 9, 900], { power: 8 }),
    ellipsoid(tissue.air, [0, 118 * b + 14, 0], [196, 6.5, 900], { power: 8 }),
    ellipsoid(tissue.skin, [0, 0, -40], [178 * b, 118 * b, 720], { power: 2.3 }),
    ellipsoid(tissue.fat, [0, 0, -40], [175 * b, 115 * b, 720], { power: 2.3 }),
    ellipsoid(tissue.muscle, [0, 4, -40], [150, 98, 720], { power: 2.3 }),
    ellipsoid(tissue.fat, [0, 0, -40], [137, 84, 720], { power: 2.2 }),
    ...[-1, 1].flatMap((side) => [
      ellipsoid(tissue.muscle, [side * 40, 92, -40], [34, 22, 720], { power: 2.4 }),
      rod(tissue.muscle, [side * 34, 58, 20], [side * 62, 26, -180], 17, 24),
    ]),
    // Lung bases.
    ellipsoid(tissue.lung, [-78, 18, 190], [62, 74, 92]),
    ellipsoid(tissue.lung, [78, 18, 190], [62, 74, 92]),
    ellipsoid(tissue.liver, [-66, -6, 82], [80, 82, 80], { power: 2.4 }),
    ellipsoid(tissue.liver, [-4, -34, 96], [62, 44, 46]),
    ...[0, 1, 2, 3, 4].flatMap(() =>
      tree(tissue.blood, [-36, 6, 74], [-0.9, random.normal() * 0.6, random.normal() * 0.7], 34, 5, 3, random, [
        tissue.liver,
      ]),
    ),
    ellipsoid(tissue.water, [-50, -42, 36], [14, 20, 30]),
    ellipsoid(tissue.spleen, [102, 30, 92], [30, 44, 52], { axes: turned('z', 25) }),
    ellipsoid(tissue.muscle, [56, -34, 88], [46, 36, 52]),
    ellipsoid(tissue.bowel, [56, -32, 88], [42, 32, 48]),
    ellipsoid(tissue.gas, [54, -48, 92], [30, 15, 34]),
    ...tube(
      tissue.kidney,
      [
        [-26, -6, 30],
        [10, -14, 44],
        [44, -2, 58],
        [84, 22, 66],
      ],
      11,
    ),
    ...[-1, 1].flatMap((side) => [
      ellipsoid(tissue.kidney, [side * 66, 44, side * 6 + 6], [27, 24, 54], { axes: turned('z', side * 30) }),
      ellipsoid(tissue.fat, [side * 56, 40, side * 6 + 6], [13, 11, 30], { axes: turned('z', side * 30) }),
      ellipsoid(tissue.water, [side * 54, 38, side * 6 + 6], [8, 6, 17]),
      ...tube(
        tissue.water,
        [
          [side * 50, 38, side * 6],
          [side * 40, 32, -60],
          [side * 44, 36, -150],
          [side * 16, 20, -206],
        ],
        2.4,
      ),
    ]),
    rod(tissue.blood, [12, 40, 400], [10, 38, -92], 10),
    ...tube(
      tissue.blood,
      [
        [10, 38, -92],
        [46, 30, -160],
        [66, -10, -260],
      ],
      7,
    ),
    ...tube(
      tissue.blood,
      [
        [10, 38, -92],
        [-40, 30, -160],
        [-66, -10, -260],
      ],
      7,
    ),
    rod(tissue.blood, [-20, 38, 400], [-18, 40, -96], 12),
    ...tube(
      tissue.blood,
      [
        [-20, 38, 40],
        [-10, 6, 52],
        [-38, 4, 74],
      ],
      7,
    ),
    ...tube(
      tissue.muscle,
      [
        [-108, 20, -130],
        [-112, 10, -60],
        [-106, -20, 20],
        [-40, -66, 10],
        [40, -66, 16],
        [104, -10, 44],
        [114, 24, -20],
        [108, 20, -120],
        [60, 20, -160],
        [10, 50, -190],
      ],
      19,
    ),
    ...tube(
      tissue.bowel,
      [
        [-108, 20, -130],
        [-112, 10, -60],
        [-106, -20, 20],
        [-40, -66, 10],
        [40, -66, 16],
        [104, -10, 44],
        [114, 24, -20],
        [108, 20, -120],
        [60, 20, -160],
        [10, 50, -190],
      ],
      17,
    ),
    ...[
      [-108, 4, -110],
      [-108, 0, -20],
      [-40, -74, 10],
      [40, -74, 16],
      [106, -10, 30],
      [110, 10, -70],
    ].map((at) => ellipsoid(tissue.gas, [at[0] ?? 0, at[1] ?? 0, at[2] ?? 0], [11, 9, 24])),
    ...loops,
    ellipsoid(tissue.muscle, [0, -24, -226], [48, 38, 34]),
    ellipsoid(tissue.water, [0, -24, -226], [45, 35, 31]),
    ...spine(72, -150, 220),
    ...ribs(1, 146, 92, [150, 119, 88]),
    ...ribs(-1, 146, 92, [150, 119, 88]),
    // Pelvis: wings, sacrum, hips.
    ellipsoid(tissue.cortex, [0, 82, -196], [46, 20, 50], { power: 2.5 }),
    ellipsoid(tissue.marrow, [0, 82, -196], [43, 17, 47], { power: 2.5 }),
    ...[-1, 1].flatMap((side) => [
      ellipsoid(tissue.cortex, [side * 96, 36, -170], [11, 62, 74], { axes: turned('z', side * 32) }),
      ellipsoid(tissue.marrow, [side * 96, 36, -170], [8, 58, 70], { axes: turned('z', side * 32) }),
      ellipsoid(tissue.cortex, [side * 92, 4, -246], [36, 36, 36]),
      ellipsoid(tissue.marrow, [side * 92, 4, -246], [32, 32, 32]),
    ]),
  ];
  if (options.finding === 'stone')
    out.push(
      ellipsoid(tissue.cortex, [-41, 33, -62], [4.5, 4.5, 6]),
      ellipsoid(tissue.water, [-54, 38, 2], [15, 12, 28]),
    );
  if (options.finding === 'liver-mass') {
    for (const at of [
      [-92, 10, 96],
      [-60, -30, 66],
      [-84, 34, 60],
    ]) {
      const size = random.between(11, 20);
      out.push(ellipsoid(tissue.mass, [at[0] ?? 0, at[1] ?? 0, at[2] ?? 0], [size, size * 0.9, size]));
    }
  }
  return out;
}
