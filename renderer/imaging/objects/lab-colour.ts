/** A CIELab value in PCS, 16 bits each (PS3.3 C.10.7.1.1), as the screen's "rgb(…)"; null for what is none. */
export function labColour(three: readonly number[]): string | null {
  const [l, a, b] = three;
  if (l === undefined || a === undefined || b === undefined || three.length !== 3) return null;
  const [red, green, blue] = labToRgb((l * 100) / 65_535, (a * 255) / 65_535 - 128, (b * 255) / 65_535 - 128);
  return `rgb(${red} ${green} ${blue})`;
}

/** A P-value of 16 bits, for a display without colours (PS3.3 C.7.6.11), as "rgb(…)". */
export function greyColour(value: number): string {
  const grey = Math.round(Math.min(1, Math.max(0, value / 65_535)) * 255);
  return `rgb(${grey} ${grey} ${grey})`;
}

/** CIELab (D50) to sRGB from 0 to 255, by way of XYZ with the Bradford adaptation to D65. */
function labToRgb(l: number, a: number, b: number): readonly [number, number, number] {
  const y = (l + 16) / 116;
  const cubed = (t: number): number => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29));
  const x = 0.9642 * cubed(y + a / 500);
  const z = 0.8249 * cubed(y - b / 200);
  const Y = cubed(y);
  const linear = [
    3.1338561 * x - 1.6168667 * Y - 0.4906146 * z,
    -0.9787684 * x + 1.9161415 * Y + 0.033454 * z,
    0.0719453 * x - 0.2289914 * Y + 1.4052427 * z,
  ];
  const [red = 0, green = 0, blue = 0] = linear.map((one) => {
    const light = one <= 0.0031308 ? 12.92 * one : 1.055 * one ** (1 / 2.4) - 0.055;
    return Number.isFinite(light) ? Math.round(255 * Math.min(1, Math.max(0, light))) : 0;
  });
  return [red, green, blue];
}
