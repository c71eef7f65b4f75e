import { addBone, addCurve, addEllipse, addRod, addSponge, type Film, type Place } from './radiograph.ts';
import type { RadiographFinding } from './radiograph-parts.ts';

/** Finger bones with a joint between each two. */
function finger(
  made: Film,
  from: Place,
  heading: number,
  lengths: readonly number[],
  thick: number,
  weight: number,
): void {
  let at = from;
  let radius = thick;
  for (const length of lengths) {
    const to: Place = [at[0] + Math.sin(heading) * length, at[1] - Math.cos(heading) * length];
    addBone(made, at, to, radius * 0.86, radius * 0.74, weight, 0.42);
    addSponge(made, at, [radius * 1.12, radius * 0.85], weight * 0.55, 0);
    addSponge(made, to, [radius * 0.95, radius * 0.75], weight * 0.5, 0);
    const gap = radius * 2.1;
    at = [to[0] + Math.sin(heading) * gap, to[1] - Math.cos(heading) * gap];
    radius *= 0.84;
  }
}

export function hand(whole: Film, s: number, finding: RadiographFinding, oblique: boolean): void {
  // Fingers are long: the hand lies low on its film.
  const made: Film = { ...whole, shiftY: 42 };
  const squeeze = oblique ? 0.72 : 1;
  const fingers = [
    { x: 30, y: 12, heading: 0.2, lengths: [52, 32, 20, 13], soft: 9 },
    { x: 12, y: 6, heading: 0.07, lengths: [58, 39, 25, 15], soft: 10 },
    { x: -6, y: 5, heading: -0.05, lengths: [60, 42, 27, 16], soft: 10.5 },
    { x: -23, y: 10, heading: -0.17, lengths: [60, 37, 22, 15], soft: 10 },
  ];
  addEllipse(made, [0, 4], [46 * squeeze, 58], 620, 0, 2.6);
  addRod(made, [0, 50], [0, 160], 31 * squeeze, 34 * squeeze, 620);
  for (const one of fingers) {
    const reach = one.lengths.reduce((sum, length) => sum + length + 9, 0);
    addRod(
      made,
      [s * one.x * squeeze, one.y - 40],
      [s * (one.x * squeeze + Math.sin(one.heading) * reach), one.y - Math.cos(one.heading) * reach],
      one.soft + 3,
      one.soft - 1,
      330,
    );
    finger(made, [s * one.x * squeeze, one.y], s * one.heading, one.lengths, 6.6, 720);
  }
  addRod(made, [s * -32, 20], [s * -82, -58], 14, 9, 420);
  finger(made, [s * -33 * squeeze, 24], s * -0.66, [40, 29, 20], 7.4, 760);
  for (const [x, y, across, down] of [
    [-24, 30, 9, 7],
    [-12, 25, 7, 8],
    [2, 26, 8, 10],
    [17, 27, 8, 8],
    [-18, 44, 9, 7],
    [-2, 43, 9, 7],
    [13, 44, 8, 7],
    [20, 42, 5, 5],
  ] as const) {
    addSponge(made, [s * x * squeeze, y], [across, down], 560);
  }
  addBone(made, [s * -12 * squeeze, 70], [s * -12 * squeeze, 170], 12, 10, 760);
  addSponge(made, [s * -12 * squeeze, 60], [17 * squeeze, 9], 620, 0, 3);
  addBone(made, [s * 17 * squeeze, 68], [s * 15 * squeeze, 170], 7.5, 8, 700);
  addSponge(made, [s * 17 * squeeze, 62], [9, 7], 520, 0, 3);
  if (finding === 'fracture')
    addCurve(
      made,
      [
        [s * 26 * squeeze, -16],
        [s * 33 * squeeze, -22],
        [s * 37 * squeeze, -18],
        [s * 44 * squeeze, -25],
      ],
      1.7,
      -560,
    );
}

export function kneeFrontal(made: Film, s: number, finding: RadiographFinding): void {
  addRod(made, [0, -180], [0, 180], 66, 50, 900);
  addBone(made, [0, -190], [0, -52], 16, 19, 820);
  addSponge(made, [0, -34], [38, 26], 620, 0, 2.6);
  for (const side of [-1, 1]) addSponge(made, [side * 23, -18], [20, 19], 430);
  addEllipse(made, [0, -6], [7, 13], -260);
  const narrow = finding === 'arthrosis' ? 3.5 : 0;
  addSponge(made, [0, 18 - narrow], [42, 12], 720, 0, 4);
  addSponge(made, [0, 32 - narrow], [35, 20], 380, 0, 3);
  for (const side of [-1, 1]) addRod(made, [side * 5, 8 - narrow], [side * 4, 2 - narrow], 5, 1.5, 260);
  addBone(made, [0, 52 - narrow], [s * -3, 190], 20, 14, 820);
  addSponge(made, [s * 38, 34], [10, 11], 520);
  addBone(made, [s * 38, 44], [s * 34, 190], 7, 6.5, 620);
  addSponge(made, [0, -34], [21, 21], 260);
  if (finding === 'arthrosis') for (const side of [-1, 1]) addRod(made, [side * 38, 8], [side * 47, 4], 4, 1.5, 420);
  if (finding === 'implant') implantKnee(made);
}

function implantKnee(made: Film): void {
  for (const side of [-1, 1]) addEllipse(made, [side * 22, -16], [21, 16], 1500, 0, 2.6);
  addEllipse(made, [0, 14], [41, 5], 1700, 0, 6);
  addRod(made, [0, 16], [0, 66], 8, 5, 1300);
}

export function kneeLateral(made: Film, finding: RadiographFinding): void {
  addRod(made, [34, -190], [10, -10], 70, 58, 860);
  addRod(made, [10, -10], [30, 190], 56, 44, 860);
  addBone(made, [40, -190], [18, -56], 16, 17, 820);
  addSponge(made, [14, -28], [31, 27], 760, 18);
  addSponge(made, [22, -22], [26, 25], 320, 18);
  addSponge(made, [10, 22], [31, 13], 760, 6, 3.4);
  addBone(made, [12, 38], [30, 190], 19, 14, 820);
  addSponge(made, [-12, 44], [9, 11], 360);
  addSponge(made, [36, 38], [9, 10], 420);
  addBone(made, [37, 46], [44, 190], 6.5, 6, 520);
  addSponge(made, [-34, -34], [10, 21], 720, 12, 3);
  addCurve(
    made,
    [
      [-36, -12],
      [-26, 40],
    ],
    4,
    130,
  );
  if (finding === 'effusion' || finding === 'arthrosis') addEllipse(made, [-18, -78], [12, 34], 210, 10);
}

export function ankleFrontal(made: Film, s: number, finding: RadiographFinding, mortise: boolean): void {
  const turn = mortise ? 4 : 0;
  addRod(made, [0, -180], [0, 20], 46, 40, 880);
  addRod(made, [0, 20], [s * 4, 100], 42, 40, 900);
  addBone(made, [s * -6, -190], [s * -5, -34], 15, 18, 820);
  addSponge(made, [s * -5, -16], [24, 15], 700, 0, 3.4);
  addSponge(made, [s * -27, 2], [8, 15], 560, s * -12);
  addBone(made, [s * (26 + turn), -190], [s * (27 + turn), -16], 7, 8, 640);
  addSponge(made, [s * (29 + turn), 8], [8.5, 24], 620);
  addSponge(made, [s * 1, 22], [23, 17], 760, 0, 3);
  addSponge(made, [s * 3, 52], [25, 20], 520, s * 8, 2.8);
  addSponge(made, [s * 3, 84], [22, 22], 420);
  if (finding === 'fracture') {
    addCurve(
      made,
      [
        [s * 18, -20],
        [s * 30, -8],
        [s * 40, 0],
      ],
      1.6,
      -620,
    );
    addEllipse(made, [s * 46, 4], [10, 34], 220);
  }
}

export function ankleLateral(made: Film): void {
  addRod(made, [20, -180], [16, 10], 46, 40, 880);
  addRod(made, [46, 46], [-120, 62], 34, 24, 860);
  addBone(made, [16, -190], [12, -30], 16, 18, 820);
  addSponge(made, [12, -14], [21, 14], 680, 0, 3);
  addBone(made, [30, -190], [24, -10], 7, 7, 380);
  addSponge(made, [24, 2], [8, 18], 340);
  addSponge(made, [2, 16], [28, 15], 760, 10);
  addSponge(made, [36, 50], [36, 21], 740, -14, 2.6);
  addSponge(made, [-36, 24], [13, 15], 620);
  addSponge(made, [-20, 46], [16, 12], 480, -10);
  for (let ray = 0; ray < 4; ray++) {
    addSponge(made, [-58, 34 + ray * 7], [11, 8], 320);
    addBone(made, [-70, 38 + ray * 7], [-130, 62 + ray * 4], 7, 6, 380);
  }
}

export function foot(made: Film, s: number, finding: RadiographFinding): void {
  addEllipse(made, [0, 40], [42, 110], 560, 0, 2.8);
  const rays = [
    { x: -26, heading: -0.12, lengths: [58, 30, 20], thick: 10 },
    { x: -10, heading: -0.02, lengths: [68, 24, 10, 8], thick: 6.2 },
    { x: 3, heading: 0.07, lengths: [66, 23, 9, 8], thick: 6 },
    { x: 16, heading: 0.15, lengths: [64, 21, 8, 7], thick: 6 },
    { x: 28, heading: 0.22, lengths: [62, 19, 7, 7], thick: 6 },
  ];
  for (const ray of rays) {
    const reach = ray.lengths.reduce((sum, length) => sum + length + 8, 0);
    addRod(
      made,
      [s * ray.x, 20],
      [s * (ray.x + Math.sin(ray.heading) * reach), 20 - Math.cos(ray.heading) * reach],
      ray.thick + 6,
      ray.thick + 3,
      330,
    );
    finger(made, [s * ray.x, 20], s * ray.heading, ray.lengths, ray.thick, 720);
  }
  for (const [x, y, across, down] of [
    [-24, 34, 11, 10],
    [-8, 34, 7, 9],
    [5, 34, 8, 9],
    [22, 40, 13, 16],
    [-12, 52, 18, 8],
  ] as const)
    addSponge(made, [s * x, y], [across, down], 560);
  addSponge(made, [s * -8, 76], [20, 20], 640);
  addSponge(made, [s * 8, 104], [22, 44], 620, 0, 2.6);
  if (finding === 'fracture')
    addCurve(
      made,
      [
        [s * 18, 6],
        [s * 26, 2],
        [s * 38, 6],
      ],
      1.7,
      -620,
    );
}
