import type { Instant } from '../../lib/instant.ts';

/** How large a reader measured one screen to be, as it is kept. */
export type ScreenSize = {
  /** `screenKey` of the screen. */
  readonly screen: string;
  readonly at: Instant;
  readonly by: string;
  /** Device pixels to a millimetre: the page's zoom changes CSS pixels, the glass stays. */
  readonly devicePixelsPerMillimetre: number;
};

/** Width of a bank card in millimetres (ISO/IEC 7810 ID-1), which most readers have at hand. */
export const cardWidth = 85.6;
/** Its height. */
export const cardHeight = 53.98;

/** Device pixels to a millimetre that screens have: walls of monitors to telephones. */
const least = 1;
const most = 30;

/**
 * The size of a screen by a box of `width` CSS pixels that measures `millimetres` on the glass; null for what no screen can be.
 */
export function measuredSize(width: number, millimetres: number, devicePixelRatio: number): number | null {
  const found = (width * devicePixelRatio) / millimetres;
  return Number.isFinite(found) && found >= least && found <= most ? found : null;
}

/** CSS pixels to a millimetre of this screen now; null where nobody has measured it. The newest measure counts. */
export function pixelsPerMillimetre(
  sizes: readonly ScreenSize[],
  screen: string,
  devicePixelRatio: number,
): number | null {
  const last = sizes.filter((one) => one.screen === screen).at(-1);
  return last === undefined || devicePixelRatio <= 0 ? null : last.devicePixelsPerMillimetre / devicePixelRatio;
}
