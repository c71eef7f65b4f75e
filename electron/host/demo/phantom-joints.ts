import type { Random } from './random.ts';
import { ellipsoid, type Point, rod, type Solid, tube, turned } from './solids.ts';
import { tissue } from './tissues.ts';

/** A bone's shaft with its marrow. */
function bone(from: Point, to: Point, first: number, last = first, shell = 3): Solid[] {
  return [rod(tissue.cortex, from, to, first, last), rod(tissue.marrow, from, to, first - shell, last - shell)];
}

/** Rounded bone end with cartilage over it. */
function boneEnd(centre: Point, radii: Point, cartilage = 2.6): Solid[] {
  const grown = (by: number): Point => [radii[0] + by, radii[1] + by, radii[2] + by];
  return [
    ellipsoid(tissue.cartilage, centre, grown(cartilage)),
    ellipsoid(tissue.cortex, centre, grown(0)),
    ellipsoid(tissue.marrow, centre, grown(-1.6)),
  ];
}

export type KneeFinding = 'none' | 'cruciate-tear' | 'meniscus-tear' | 'bruise';

/** A knee about its joint line. `side` 1 is the left knee (its outer side towards +x), -1 the right. */
export function knee(random: Random, side: 1 | -1, finding: KneeFinding): Solid[] {
  const size = random.between(0.96, 1.05);
  const lateral = side;
  const meniscus = (compartment: 1 | -1): Solid[] => {
    const points: Point[] = [];
    for (let angle = 40; angle <= 320; angle += 20) {
      const turn = (angle * Math.PI) / 180;
      points.push([compartment * 23 - compartment * 15 * Math.cos(turn), 4 + 19 * Math.sin(turn), 0]);
    }
    return tube(tissue.ligament, points, 4.2);
  };
  const out: Solid[] = [
    rod(tissue.skin, [0, -2, 160], [0, 6, -160], 70 * size, 55 * size),
    rod(tissue.fat, [0, -2, 160], [0, 6, -160], 68 * size, 53.5 * size),
    ellipsoid(tissue.fat, [0, -36, 14], [42, 24, 46]),
    // Muscles of thigh and calf.
    ellipsoid(tissue.muscle, [0, -40, 132], [50, 24, 88]),
    ellipsoid(tissue.muscle, [side * -38, 6, 120], [22, 32, 96]),
    ellipsoid(tissue.muscle, [side * 34, 34, 110], [22, 22, 92]),
    ellipsoid(tissue.muscle, [-26, 40, -40], [21, 17, 92]),
    ellipsoid(tissue.muscle, [24, 40, -40], [21, 17, 92]),
    ellipsoid(tissue.muscle, [lateral * 26, -4, -110], [20, 22, 72]),
    ellipsoid(tissue.muscle, [0, 24, -100], [34, 18, 76]),
    rod(tissue.fat, [0, 36, 120], [0, 32, -20], 14, 9),
    rod(tissue.blood, [3, 38, 160], [2, 33, -120], 4.5),
    rod(tissue.blood, [-5, 42, 160], [-6, 37, -120], 4.5),
    rod(tissue.ligament, [8, 47, 160], [14, 44, -90], 3),
    // Joint fluid, then bones.
    ellipsoid(tissue.water, [0, -28, 34], [22, finding === 'none' ? 6 : 10, finding === 'none' ? 20 : 30]),
    ellipsoid(tissue.water, [0, 4, 2], [44, 28, 7]),
    ...bone([0, -6, 40], [0, -10, 200], 19, 15, 4),
    ...boneEnd([-24, 4, 20], [21, 30, 22]),
    ...boneEnd([24, 4, 20], [20, 29, 21]),
    ellipsoid(tissue.cortex, [0, -6, 32], [34, 24, 24]),
    ellipsoid(tissue.marrow, [0, -6, 32], [32.5, 22.5, 22.5]),
    ellipsoid(tissue.fat, [0, 24, 14], [9, 15, 17]),
    ellipsoid(tissue.cartilage, [0, 2, -13], [42, 28, 12], { power: 4 }),
    ellipsoid(tissue.cortex, [0, 2, -15], [41, 27, 12], { power: 4 }),
    ellipsoid(tissue.marrow, [0, 2, -16], [39.4, 25.4, 11.4], { power: 4 }),
    ...bone([0, 0, -26], [0, 6, -200], 27, 14, 2.4),
    rod(tissue.marrow, [0, 0, -20], [0, 2, -60], 30, 20),
    ...bone([lateral * 36, 24, -28], [lateral * 30, 24, -200], 10, 7, 2.4),
    ellipsoid(tissue.cartilage, [0, -42, 22], [21, 11, 22]),
    ellipsoid(tissue.cortex, [0, -44, 22], [21, 11, 22]),
    ellipsoid(tissue.marrow, [0, -44, 22], [19, 9, 20]),
    ellipsoid(tissue.fat, [0, -36, -4], [22, 14, 17]),
    ...tube(
      tissue.ligament,
      [
        [0, -46, 140],
        [0, -52, 44],
      ],
      5,
    ),
    ...tube(
      tissue.ligament,
      [
        [0, -52, 2],
        [0, -34, -38],
      ],
      4,
    ),
    ...meniscus(1),
    ...meniscus(-1),
    rod(tissue.ligament, [side * -5, 20, 18], [side * -3, 26, -14], 5),
    rod(tissue.ligament, [lateral * 44, 6, 26], [lateral * 40, 20, -26], 2.2),
    rod(tissue.ligament, [lateral * -46, 2, 26], [lateral * -42, 0, -44], 2),
  ];
  if (finding === 'cruciate-tear') {
    out.push(
      ellipsoid(tissue.oedema, [side * 3, 2, 8], [9, 14, 12]),
      rod(tissue.ligament, [side * 8, 16, 20], [side * 7, 10, 12], 3),
      ellipsoid(tissue.oedema, [lateral * 24, -8, 8], [12, 14, 9], { within: [tissue.marrow] }),
      ellipsoid(tissue.oedema, [lateral * 24, 18, -22], [13, 10, 9], { within: [tissue.marrow] }),
    );
  } else {
    out.push(rod(tissue.ligament, [side * 8, 16, 20], [side * -2, -12, -4], 4.2));
  }
  if (finding === 'meniscus-tear') out.push(rod(tissue.water, [lateral * -30, 24, 3], [lateral * -30, 14, -3], 1.6));
  if (finding === 'bruise')
    out.push(ellipsoid(tissue.oedema, [-24, -6, 20], [16, 18, 16], { within: [tissue.marrow] }));
  return out;
}

export type LumbarFinding = 'none' | 'herniation' | 'fracture' | 'stenosis';
/** Middles and tilts of L1 to S1 of the lordotic spine used below; discs lie between. */
const lumbarLevels: readonly { readonly y: number; readonly z: number; readonly tilt: number }[] = [
  { y: 10, z: 112, tilt: 10 },
  { y: 2, z: 76, tilt: 6 },
  { y: -3, z: 40, tilt: 1 },
  { y: -3, z: 4, tilt: -6 },
  { y: 3, z: -32, tilt: -16 },
];

/** A lumbar spine about L3; z from -110 (sacrum) to 140 (T12). */
export function lumbar(random: Random, finding: LumbarFinding): Solid[] {
  const wide = random.between(0.95, 1.06);
  const back = (index: number): Point => {
    const level = lumbarLevels[Math.min(4, Math.max(0, index))];
    return [0, (level?.y ?? 0) + 29, level?.z ?? 0];
  };
  const canal: Point[] = [[0, 40, 190], ...[0, 1, 2, 3, 4].map(back), [0, 52, -72], [0, 74, -112]];
  const out: Solid[] = [
    ellipsoid(tissue.skin, [0, -10, 0], [170, 128, 620], { power: 2.4 }),
    ellipsoid(tissue.fat, [0, -10, 0], [167, 126, 620], { power: 2.4 }),
    ellipsoid(tissue.muscle, [0, -10, 0], [140, 92, 620], { power: 2.3 }),
    ellipsoid(tissue.fat, [0, -40, 0], [128, 52, 620], { power: 2.2 }),
    ...Array.from({ length: 16 }, () => {
      const at: Point = [random.between(-80, 80), random.between(-80, -40), random.between(-120, 140)];
      return ellipsoid(tissue.bowel, at, [random.between(12, 24), random.between(9, 15), random.between(12, 26)]);
    }),
    ...[-1, 1].flatMap((side) => [
      ellipsoid(tissue.muscle, [side * 32, 74, 0], [32, 30, 320], { power: 2.4 }),
      rod(tissue.muscle, [side * 30, 4, 120], [side * 50, 0, -130], 17, 23),
      ellipsoid(tissue.kidney, [side * 66, 20, 70], [26, 24, 52]),
    ]),
    rod(tissue.blood, [12, -36, 190], [8, -30, -50], 9),
    rod(tissue.blood, [-16, -34, 190], [-14, -28, -50], 10),
    ellipsoid(tissue.fat, [0, 82, 0], [5, 40, 320]),
    ...tube(tissue.fat, canal, 13),
    ...tube(tissue.csf, canal, 9.5),
    rod(tissue.cord, [0, 38, 190], [0, 41, 104], 5, 3.5),
    ...Array.from({ length: 12 }, () => {
      const x = random.between(-6, 6);
      const y = random.between(2, 7);
      return tube(
        tissue.cord,
        canal.slice(1).map((point): Point => [x + point[0], y + point[1], point[2]]),
        0.8,
      );
    }).flat(),
  ];
  for (const [index, level] of [{ y: 16, z: 148, tilt: 12 }, ...lumbarLevels].entries()) {
    const axes = turned('x', level.tilt);
    const broken = finding === 'fracture' && index === 2;
    const height = broken ? 10 : 14.5;
    out.push(
      ellipsoid(tissue.ligament, [0, level.y, level.z], [27 * wide, 19.5, height + 2], { axes, power: 5 }),
      ellipsoid(tissue.cortex, [0, level.y, level.z], [26 * wide, 18.5, height + 0.6], { axes, power: 5 }),
      ellipsoid(broken ? tissue.oedema : tissue.marrow, [0, level.y, level.z], [24.6 * wide, 17, height - 0.8], {
        axes,
        power: 5,
      }),
      // Disc below, and its nucleus.
      ellipsoid(tissue.ligament, [0, level.y + 1.5, level.z - 18.4], [26 * wide, 19, 4.4], { axes, power: 3 }),
      ellipsoid(
        finding === 'stenosis' && index > 2 ? tissue.muscle : tissue.disc,
        [0, level.y + 2, level.z - 18.4],
        [21 * wide, 13.5, 3.6],
        { axes, power: 2.5 },
      ),
      rod(tissue.cortex, [-17, level.y + 14, level.z + 4], [-15, level.y + 36, level.z - 2], 5),
      rod(tissue.marrow, [-17, level.y + 14, level.z + 4], [-15, level.y + 36, level.z - 2], 3.4),
      rod(tissue.cortex, [17, level.y + 14, level.z + 4], [15, level.y + 36, level.z - 2], 5),
      rod(tissue.marrow, [17, level.y + 14, level.z + 4], [15, level.y + 36, level.z - 2], 3.4),
      rod(tissue.cortex, [0, level.y + 46, level.z - 8], [0, level.y + 72, level.z - 15], 7, 8),
      rod(tissue.marrow, [0, level.y + 46, level.z - 8], [0, level.y + 72, level.z - 15], 5.4, 6.4),
    );
  }
  for (const [index, at] of [
    [14, -66, -34],
    [28, -92, -44],
    [44, -114, -50],
    [58, -132, -54],
  ].entries()) {
    const [y, z, tilt] = [at[0] ?? 0, at[1] ?? 0, at[2] ?? 0];
    const axes = turned('x', tilt);
    out.push(
      ellipsoid(tissue.cortex, [0, y, z], [26 - index * 3, 14 - index * 2, 13], { axes, power: 4 }),
      ellipsoid(tissue.marrow, [0, y, z], [24 - index * 3, 12.4 - index * 2, 11.6], { axes, power: 4 }),
    );
  }
  if (finding === 'herniation') out.push(ellipsoid(tissue.muscle, [random.between(4, 6), 21, -15], [8, 7, 6]));
  if (finding === 'stenosis') {
    out.push(ellipsoid(tissue.ligament, [0, 37, -14], [11, 5, 6]), ellipsoid(tissue.ligament, [0, 36, 22], [11, 5, 6]));
  }
  return out;
}
