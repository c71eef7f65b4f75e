import { addBone, addCurve, addEllipse, addRod, addSponge, type Film, type Place } from './radiograph.ts';
import type { RadiographFinding } from './radiograph-parts.ts';
import type { Random } from './random.ts';

export function chestFrontal(made: Film, finding: RadiographFinding, random: Random, portable: boolean): void {
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
  addEllipse(made, [24, 48 - lift], [62 * heart, 56], 540, 28, 2.4);
  addEllipse(made, [-22, 40 - lift], [34 * heart, 50], 260);
  addEllipse(made, [0, -30], [30, 120], 260, 0, 3);
  addEllipse(made, [30, -62], [16, 18], 360);
  addRod(made, [0, -190], [2, -66], 9, 9, -300);
  addRod(made, [2, -66], [-30, -40], 7, 6, -200);
  addRod(made, [2, -66], [36, -38], 6, 5, -200);
  for (let level = -170; level < 190; level += 25) {
    addEllipse(made, [0, level], [19, 10.5], 150, 0, 4);
    addEllipse(made, [0, level + 4], [4, 6], 90);
  }
  for (const side of [-1, 1]) {
    addEllipse(made, [side * 32, -14], [15, 26], 230, side * -18);
    for (let branch = 0; branch < 13; branch++) {
      const turn = (-75 + branch * 13 + random.normal() * 4) * (Math.PI / 180);
      let at: Place = [side * (34 + 15 * Math.cos(turn)), -8 + 20 * Math.sin(turn)];
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

export function chestLateral(made: Film, random: Random): void {
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
    addRod(
      made,
      [6 + 16 * Math.cos(heading), -12 + 18 * Math.sin(heading)],
      [6 + 52 * Math.cos(heading), -12 + 64 * Math.sin(heading)],
      4,
      1.5,
      100,
    );
  }
}

export function shoulder(made: Film, s: number, finding: RadiographFinding): void {
  addEllipse(made, [s * -20, 20], [110, 130], 520, 0, 3);
  addEllipse(made, [s * -110, 70], [110, 170], 620, 0, 3);
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

export function shoulderScapular(made: Film, s: number): void {
  addEllipse(made, [s * -10, 30], [92, 140], 560, 0, 3);
  addEllipse(made, [s * -90, 60], [100, 160], 560, 0, 3);
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

export function pelvis(made: Film, finding: RadiographFinding): void {
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

export function hipFrog(made: Film, s: number): void {
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
