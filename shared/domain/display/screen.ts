/** What the system tells of the screen that a window stands on. Lengths in CSS pixels of the unzoomed page. */
export type ScreenFacts = {
  readonly width: number;
  readonly height: number;
  /** Where the screen lies among the others; tells two of one size apart. */
  readonly left: number;
  readonly top: number;
  /** Device pixels per CSS pixel; holds the system's scaling and the browser's zoom together. */
  readonly devicePixelRatio: number;
  /** Bits per pixel of all colours together: 24 is 8 bits a colour, 30 is 10. */
  readonly colorDepth: number;
  /** The system swaps light and dark, or puts colours of its own in place of ours. */
  readonly inverted: boolean;
  readonly forcedColors: boolean;
  /** The browser's zoom, where it can be told from the window's sizes; null where it cannot. */
  readonly zoom: number | null;
};

/** By which a check finds its screen again: a screen that moves, or another of another size, is another one. */
export function screenKey(facts: Pick<ScreenFacts, 'width' | 'height' | 'left' | 'top' | 'colorDepth'>): string {
  return [facts.width, facts.height, facts.left, facts.top, facts.colorDepth].join('/');
}

export function screenWords(facts: ScreenFacts): string {
  const across = Math.round(facts.width * facts.devicePixelRatio);
  const down = Math.round(facts.height * facts.devicePixelRatio);
  const where = facts.left === 0 && facts.top === 0 ? '' : `, at ${facts.left}, ${facts.top}`;
  return `${across} x ${down} pixels, ${facts.colorDepth} bits${where}`;
}

/** The same of a screen that is only known by its key and the scaling that was met; null where that is no key. */
export function keyWords(key: string, devicePixelRatio: number): string | null {
  const [width, height, left, top, colorDepth] = key.split('/').map(Number);
  const sizes = [width, height, left, top, colorDepth];
  if (key.split('/').length !== 5 || sizes.some((one) => one === undefined || !Number.isFinite(one))) return null;
  const of = (one: number | undefined): number => one ?? 0;
  return screenWords({
    ...{ width: of(width), height: of(height), left: of(left), top: of(top), colorDepth: of(colorDepth) },
    ...{ devicePixelRatio, inverted: false, forcedColors: false, zoom: null },
  });
}

/** What of the system's settings changes greys or sizes; empty where nothing is told. */
export function screenTroubles(facts: ScreenFacts): readonly string[] {
  const found: string[] = [];
  if (facts.inverted) found.push('The system inverts colours: every grey is shown as its opposite. Turn it off.');
  if (facts.forcedColors) found.push('The system replaces colours (high contrast): turn it off to read images.');
  if (facts.zoom !== null && Math.abs(facts.zoom - 1) > 0.02)
    found.push(`The page is zoomed to ${Math.round(facts.zoom * 100)}%: press Ctrl 0.`);
  if (!Number.isInteger(Math.round(facts.devicePixelRatio * 1000) / 1000))
    found.push(
      `The system or the browser scales by ${Math.round(facts.devicePixelRatio * 100)}%: lines of one pixel may blur on some screens. Judge the line patterns.`,
    );
  if (facts.colorDepth < 24)
    found.push(`The screen is driven with ${facts.colorDepth} bits a pixel: 24 are needed for 256 greys.`);
  return found;
}

/** What no program can see of a screen; said, so that nobody takes silence for all being well. */
export const notTold =
  'Night light, colour filters, brightness, and the greys that the screen makes of ours (DICOM PS3.14) are not told to a program: judge them by the pattern.';
