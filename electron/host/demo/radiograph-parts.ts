import type { Plane } from './picture.ts';
import {
  addBone,
  addCurve,
  addEllipse,
  addRod,
  addSponge,
  develop,
  type Film,
  film,
  type Place,
} from './radiograph.ts';
import type { Random } from './random.ts';

/** Views that the demo day takes. */
export type RadiographView =
  | 'chest-pa'
  | 'chest-lateral'
  | 'chest-ap'
  | 'hand-pa'
  | 'hand-oblique'
  | 'knee-ap'
  | 'knee-lateral'
  | 'ankle-ap'
  | 'ankle-mortise'
  | 'ankle-lateral'
  | 'shoulder-ap'
  | 'shoulder-y'
  | 'pelvis-ap'
  | 'hip-frog'
  | 'foot-ap';
export type RadiographFinding =
  | 'none'
  | 'fracture'
  | 'pneumonia'
  | 'effusion'
  | 'nodule'
  | 'lines'
  | 'arthrosis'
  | 'implant';
export type RadiographOptions = {
  readonly width: number;
  readonly height: number;
  /** mm between pixels. */
  readonly spacing: number;
  readonly side: 'L' | 'R' | null;
  readonly finding: RadiographFinding;
};

/** A radiograph as the detector gives it: 12 bits, dense parts bright. */
export function radiograph(view: RadiographView, options: RadiographOptions, random: Random): Plane {
  const made = film(options.width, options.height, options.spacing);
  // Limbs are drawn as left ones seen from the front, the outer side to the right of the film; right ones are their mirror image.
  const s = options.side === 'R' ? -1 : 1;
  if (view === 'chest-pa' || view === 'chest-ap') chestFrontal(made, options.finding, random, view === 'chest-ap');
  else if (view === 'chest-lateral') chestLateral(made, random);
  else if (view.startsWith('hand')) hand(made, s, options.finding, view === 'hand-oblique');
  else if (view === 'knee-ap') kneeFrontal(made, s, options.finding);
  else if (view === 'knee-lateral') kneeLateral(made, options.finding);
  else if (view === 'ankle-lateral') ankleLateral(made);
  else if (view.startsWith('ankle')) ankleFrontal(made, s, options.finding, view === 'ankle-mortise');
  else if (view === 'shoulder-y') shoulderScapular(made, s);
  else if (view === 'shoulder-ap') shoulder(made, s, options.finding);
  else if (view === 'foot-ap') foot(made, s, options.finding);
  else if (view === 'hip-frog') hipFrog(made, s);
  else pelvis(made, options.finding);
  develop(made, random, 1, view.startsWith('chest') ? 0.9 : 0.7);
  return made.plane;
}

function chestFrontal(made: Film, finding: RadiographFinding, random: Random, portable: boolean): void {
  const lift = portable ? 14 : 0;
  addEllipse(made, [0, 40], [178, 330], 1150, 0, 3);
  addEllipse(made, [0, -150], [60, 110], 420, 0, 2.4);
  for (const side of [-1, 1]) addEllipse(made, [side * 150, -120], [80, 60], 420, side * 25);
  // A lung ends at its diaphragm, higher on the patient's right (left of the film), and at the middle.
  const dome =
    (side: number) =>
    (x: number, y: number): boolean =>
      y < (side < 0 ? 78 : 92) - lift + ((x - side * 70) / 62) ** 2 * 26;
  for (const side of [-1, 1]) addEllipse(made, [side * 72, -10], [63, 150], -880, side * 3, 2.7, dome(side));
  const heart = portable ? 1.15 : random.between(0.92, 1.02);
  addEllipse(made, [24, 48 - lift], [62 * heart, 56], 620, 28, 2.4);
  addEllipse(made, [-22, 40 - lift], [34 * heart, 50], 380);
  addEllipse(made, [0, -30], [30, 120], 420, 0, 3);
  addEllipse(made, [30, -62], [16, 18], 360);
  addRod(made, [0, -190], [2, -66], 9, 9, -300);
  addRod(made, [2, -66], [-30, -40], 7, 6, -200);
  addRod(made, [2, -66], [36, -38], 6, 5, -200);
  for (let level = -170; level < 190; level += 25) {
    addEllipse(made, [0, level], [19, 10.5], 240, 0, 4);
    addEllipse(made, [0, level + 4], [4, 6], 150);
  }
  for (const side of [-1, 1]) {
    addEllipse(made, [side * 32, -14], [15, 26], 230, side * -18);
    for (let branch = 0; branch < 13; branch++) {
      const turn = (-75 + branch * 13 + random.normal() * 4) * (Math.PI / 180);
      let at: Place = [side * 34, -8];
      let radius = 4.4;
      let heading = turn;
      for (let step = 0; step < 4; step++) {
        heading += random.normal() * 0.22;
        const to: Place = [at[0] + side * Math.cos(heading) * 22, at[1] + Math.sin(heading) * 26];
        addRod(made, at, to, radius, radius * 0.72, radius * 28);
        at = to;
        radius *= 0.7;
      }
    }
    for (let rib = 0; rib < 10; rib++) {
      const top = -150 + rib * 25;
      const wide = 62 + Math.min(rib, 6) * 12;
      const behind: Place[] = [];
      const before: Place[] = [];
      for (let step = 0; step <= 9; step++) {
        const turn = (step / 9) * Math.PI * 0.56;
        behind.push([side * (20 + wide * Math.sin(turn)), top + 34 * (1 - Math.cos(turn)) - 7 * Math.sin(2 * turn)]);
        before.push([side * (20 + wide - (wide - 34) * (step / 9)), top + 40 + 46 * (step / 9) ** 0.8]);
      }
      addCurve(made, behind, 5.2, 175);
      addCurve(made, behind, 3.4, -70);
      if (rib < 7) addCurve(made, before, 5, 85);
    }
    addCurve(
      made,
      [
        [side * 12, -124],
        [side * 60, -142],
        [side * 100, -136],
        [side * 140, -150],
      ],
      6.5,
      260,
    );
    addEllipse(made, [side * 120, -70], [22, 64], 190, side * 14, 2.6);
    addEllipse(made, [side * 156, -112], [21, 22], 330);
    addBone(made, [side * 162, -104], [side * 178, 20], 15, 11, 340);
  }
  addEllipse(made, [62, 110 - lift], [26, 12], -210);
  if (finding === 'pneumonia')
    for (let puff = 0; puff < 26; puff++)
      addEllipse(made, [-72 + random.normal() * 20, 30 + random.normal() * 17], [13, 11], 105);
  if (finding === 'effusion') addEllipse(made, [78, 92], [62, 46], 760, 0, 2.6, (x, y) => y > 58 - (x - 30) * 0.35);
  if (finding === 'nodule') addEllipse(made, [84, -62], [10, 10], 300);
  if (portable || finding === 'lines') {
    addCurve(
      made,
      [
        [0, -200],
        [1, -90],
      ],
      3.6,
      330,
    );
    addCurve(
      made,
      [
        [-60, -200],
        [-38, -120],
        [-26, -60],
        [-24, 10],
      ],
      1.5,
      460,
    );
    addCurve(
      made,
      [
        [6, -200],
        [8, -40],
        [18, 90],
        [50, 130],
      ],
      1.7,
      400,
    );
    for (const at of [
      [-92, -60],
      [96, -52],
      [70, 118],
    ] as const)
      addEllipse(made, at, [6, 6], 620, 0, 6);
  }
}

function chestLateral(made: Film, random: Random): void {
  addEllipse(made, [0, 40], [122, 330], 1450, 0, 3);
  addEllipse(made, [30, -160], [60, 90], 480);
  addEllipse(made, [2, -14], [98, 142], -900, -6, 2.5, (x, y) => y < 86 + ((x + 10) / 90) ** 2 * 30 + x * 0.14);
  addEllipse(made, [-36, 46], [54, 56], 560, 30);
  addEllipse(made, [0, -20], [30, 36], 240);
  addRod(made, [10, -190], [20, -40], 9, 8, -280);
  for (let level = -150; level < 190; level += 25) {
    const x = 72 + 10 * Math.sin((level + 150) / 110);
    addSponge(made, [x, level], [17, 10.5], 330, 4, 4);
    addRod(made, [x + 18, level + 2], [x + 44, level + 14], 5, 4, 170);
  }
  for (let rib = 0; rib < 10; rib++) {
    const top = -140 + rib * 25;
    const curve: Place[] = [];
    for (let step = 0; step <= 10; step++)
      curve.push([84 - step * 17, top + step * 6 + 26 * Math.sin((step / 10) * Math.PI) + random.normal() * 0.4]);
    addCurve(made, curve, 4.8, 110);
    addCurve(
      made,
      curve.map((at): Place => [at[0] + 5, at[1] + 5]),
      4.8,
      80,
    );
  }
  addCurve(
    made,
    [
      [-84, -110],
      [-94, -50],
      [-92, 20],
    ],
    5.5,
    250,
  );
  for (let vessel = 0; vessel < 12; vessel++) {
    const heading = random.between(0, 6.28);
    addRod(made, [6, -12], [6 + 50 * Math.cos(heading), -12 + 62 * Math.sin(heading)], 4, 1.5, 100);
  }
}

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

function hand(made: Film, s: number, finding: RadiographFinding, oblique: boolean): void {
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

function kneeFrontal(made: Film, s: number, finding: RadiographFinding): void {
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

function kneeLateral(made: Film, finding: RadiographFinding): void {
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

function ankleFrontal(made: Film, s: number, finding: RadiographFinding, mortise: boolean): void {
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

function ankleLateral(made: Film): void {
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

function shoulder(made: Film, s: number, finding: RadiographFinding): void {
  addEllipse(made, [s * -20, 20], [110, 130], 720, 0, 3);
  addRod(made, [s * 40, -20], [s * 62, 180], 52, 44, 560);
  addEllipse(made, [s * -90, 70], [66, 110], -460);
  for (let rib = 0; rib < 6; rib++) {
    const top = -40 + rib * 30;
    addCurve(
      made,
      [
        [s * -140, top - 8],
        [s * -90, top],
        [s * -50, top + 22],
        [s * -30, top + 54],
      ],
      5,
      190,
    );
  }
  addCurve(
    made,
    [
      [s * -140, -70],
      [s * -80, -82],
      [s * -20, -74],
      [s * 22, -76],
    ],
    7.5,
    480,
  );
  addSponge(made, [s * 34, -70], [20, 9], 420, s * 8, 3);
  addEllipse(made, [s * -30, 40], [30, 78], 260, s * 12, 2.6);
  addCurve(
    made,
    [
      [s * -6, -16],
      [s * -16, 50],
      [s * -34, 110],
    ],
    5,
    260,
  );
  addCurve(
    made,
    [
      [s * -60, -40],
      [s * -20, -38],
      [s * 26, -66],
    ],
    6,
    240,
  );
  addSponge(made, [s * -2, -18], [9, 23], 460, s * 6);
  addRod(made, [s * -22, -46], [s * 4, -40], 7, 6, 300);
  const shift = finding === 'fracture' ? 8 : 0;
  addSponge(made, [s * 30, -20], [28, 27], 760);
  addSponge(made, [s * 46, -12], [13, 19], 380);
  addBone(made, [s * (40 + shift), 14], [s * (60 + shift), 190], 19, 14, 820);
  if (finding === 'fracture')
    addCurve(
      made,
      [
        [s * 10, 8],
        [s * 32, 16],
        [s * 62, 6],
      ],
      2.2,
      -680,
    );
}

function shoulderScapular(made: Film, s: number): void {
  addEllipse(made, [s * -10, 30], [92, 140], 780, 0, 3);
  addEllipse(made, [s * -70, 60], [70, 110], -380);
  for (let rib = 0; rib < 6; rib++)
    addCurve(
      made,
      [
        [s * -130, -20 + rib * 30],
        [s * -70, rib * 30],
        [s * -24, 40 + rib * 30],
      ],
      5,
      190,
    );
  addCurve(
    made,
    [
      [s * 8, -10],
      [s * -8, 60],
      [s * -30, 130],
    ],
    7,
    520,
  );
  addCurve(
    made,
    [
      [s * 8, -14],
      [s * -28, -48],
      [s * -38, -60],
    ],
    6,
    420,
  );
  addCurve(
    made,
    [
      [s * 8, -14],
      [s * 44, -56],
      [s * 24, -70],
    ],
    7,
    460,
  );
  addCurve(
    made,
    [
      [s * 24, -72],
      [s * -90, -64],
    ],
    6,
    380,
  );
  addSponge(made, [s * 10, -12], [25, 25], 680);
  addBone(made, [s * 12, 10], [s * 26, 190], 17, 14, 760);
}

function pelvis(made: Film, finding: RadiographFinding): void {
  addEllipse(made, [0, -30], [180, 200], 1000, 0, 3);
  for (const side of [-1, 1]) addRod(made, [side * 88, 60], [side * 96, 220], 74, 66, 380);
  for (let level = -200; level < -60; level += 34) {
    addSponge(made, [0, level], [25, 14], 420, 0, 4);
    addRod(made, [-26, level], [-46, level - 3], 5, 3, 200);
    addRod(made, [26, level], [46, level - 3], 5, 3, 200);
  }
  addSponge(made, [0, -34], [44, 44], 420, 0, 2.4);
  for (let hole = 0; hole < 3; hole++)
    for (const side of [-1, 1]) addEllipse(made, [side * (17 - hole * 2), -54 + hole * 20], [5, 5], -150);
  for (const side of [-1, 1]) {
    addSponge(made, [side * 92, -66], [46, 56], 360, side * 26, 2.6);
    addCurve(
      made,
      [
        [side * 46, -76],
        [side * 82, -124],
        [side * 124, -106],
        [side * 132, -62],
      ],
      6,
      330,
    );
    addSponge(made, [side * 76, 14], [32, 30], 420);
    addCurve(
      made,
      [
        [side * 4, 34],
        [side * 44, 22],
        [side * 64, 14],
      ],
      11,
      420,
    );
    addCurve(
      made,
      [
        [side * 6, 40],
        [side * 26, 76],
        [side * 56, 86],
        [side * 66, 40],
      ],
      10,
      400,
    );
    const metal = finding === 'implant' && side === 1;
    addSponge(made, [side * 88, 18], [24, 24], metal ? 1700 : 480, 0, 2);
    if (metal) addRod(made, [92, 22], [124, 50], 9, 9, 1500);
    else addBone(made, [side * 92, 22], [side * 122, 52], 17, 17, 420, 0.2);
    addSponge(made, [side * 132, 44], [17, 22], 480);
    addBone(made, [side * 122, 62], [side * 112, 230], 20, 15, 720);
    if (metal) addRod(made, [124, 50], [114, 170], 10, 5, 1500);
    if (finding === 'fracture' && side === -1)
      addCurve(
        made,
        [
          [-94, 38],
          [-104, 30],
          [-110, 26],
          [-122, 20],
        ],
        2.6,
        -720,
      );
  }
  addCurve(
    made,
    [
      [0, 32],
      [0, 48],
    ],
    3,
    -320,
  );
}

function hipFrog(made: Film, s: number): void {
  addEllipse(made, [s * -40, -40], [130, 120], 900, 0, 3);
  addRod(made, [s * 10, 20], [s * 130, 110], 66, 54, 640);
  addSponge(made, [s * -40, -60], [46, 60], 380, s * 20);
  addSponge(made, [s * -14, -4], [32, 30], 420);
  addCurve(
    made,
    [
      [s * -90, 20],
      [s * -60, 10],
      [s * -30, 6],
    ],
    11,
    420,
  );
  addCurve(
    made,
    [
      [s * -90, 30],
      [s * -70, 64],
      [s * -40, 70],
      [s * -26, 26],
    ],
    10,
    380,
  );
  addSponge(made, [s * -4, 0], [25, 25], 480);
  addBone(made, [s * 0, 4], [s * 40, 26], 17, 17, 480, 0.2);
  addSponge(made, [s * 46, 14], [16, 20], 420);
  addBone(made, [s * 44, 34], [s * 150, 130], 19, 16, 760);
}

function foot(made: Film, s: number, finding: RadiographFinding): void {
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
