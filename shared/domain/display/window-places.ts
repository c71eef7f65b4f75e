/** Where a window lies on the desktop, in CSS pixels. */
export type Place = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

/** A screen as the system tells of it: the part of it that windows may take. */
export type DesktopScreen = Place & { readonly devicePixelRatio: number };

/** How the windows lay the last time on one set of screens. Names no patient. */
export type WindowLayout = {
  readonly screens: string;
  readonly windows: readonly { readonly id: string; readonly place: Place }[];
  /** Images stood in image windows alone; list and report had the reading window. */
  readonly imagesElsewhere: boolean;
};

/** Layouts that are kept, and image windows of one. */
const mostLayouts = 12;
export const mostWindows = 6;

/** Names a set of screens: the same screens in the same places are the same set, in whatever order they are told. */
export function screensKey(screens: readonly DesktopScreen[]): string {
  return screens
    .map(({ left, top, width, height, devicePixelRatio }) => [left, top, width, height, devicePixelRatio].join('/'))
    .toSorted()
    .join(' ');
}

export function layoutOf(book: readonly WindowLayout[], screens: string): WindowLayout {
  return book.find((one) => one.screens === screens) ?? { screens, windows: [], imagesElsewhere: false };
}

/** The book with this layout as the newest; the oldest go. */
export function withLayout(book: readonly WindowLayout[], layout: WindowLayout): readonly WindowLayout[] {
  const others = book.filter((one) => one.screens !== layout.screens);
  const empty = layout.windows.length === 0 && !layout.imagesElsewhere;
  return empty ? others : [...others, layout].slice(-mostLayouts);
}

/** A window lies here now; the same layout where it lay there before, or where no more windows are kept. */
export function withPlace(layout: WindowLayout, id: string, place: Place): WindowLayout {
  const before = layout.windows.find((one) => one.id === id);
  if (before === undefined)
    return layout.windows.length >= mostWindows ? layout : { ...layout, windows: [...layout.windows, { id, place }] };
  const { left, top, width, height } = before.place;
  if (left === place.left && top === place.top && width === place.width && height === place.height) return layout;
  return { ...layout, windows: layout.windows.map((one) => (one.id === id ? { id, place } : one)) };
}

function shared(one: Place, other: Place): number {
  const across = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const down = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return across > 0 && down > 0 ? across * down : 0;
}

/** The screen on which the most of a window lies; null where none of it lies on any. */
export function screenOfWindow(screens: readonly DesktopScreen[], place: Place): DesktopScreen | null {
  return screens.reduce<DesktopScreen | null>(
    (best, one) => (shared(one, place) > (best === null ? 0 : shared(best, place)) ? one : best),
    null,
  );
}

/** Where one more window goes: the whole of the largest screen that has none yet; null where every screen has one. */
export function freeScreen(screens: readonly DesktopScreen[], windows: readonly Place[]): DesktopScreen | null {
  const taken = new Set(windows.map((one) => screenOfWindow(screens, one)));
  const [best] = screens
    .filter((one) => !taken.has(one))
    .toSorted((one, other) => other.width * other.height - one.width * one.height || one.left - other.left);
  return best ?? null;
}

/** The third argument of `window.open`. */
export function windowFeatures(place: Place | null): string {
  if (place === null) return 'popup';
  const { left, top, width, height } = place;
  return `popup,left=${Math.round(left)},top=${Math.round(top)},width=${Math.round(width)},height=${Math.round(height)}`;
}

function placeIn(value: unknown): Place | null {
  if (typeof value !== 'object' || value === null) return null;
  const { left, top, width, height } = value as { readonly [name: string]: unknown };
  const all = [left, top, width, height];
  if (!all.every((one) => typeof one === 'number' && Number.isFinite(one) && Math.abs(one) < 100_000)) return null;
  const place = { left: Number(left), top: Number(top), width: Number(width), height: Number(height) };
  return place.width >= 100 && place.height >= 100 ? place : null;
}

/** A book as it was kept; what cannot be read of it is left out. */
export function readLayouts(value: unknown): readonly WindowLayout[] {
  if (!Array.isArray(value)) return [];
  return value
    .flatMap((one: unknown): readonly WindowLayout[] => {
      if (typeof one !== 'object' || one === null) return [];
      const { screens, windows, imagesElsewhere } = one as { readonly [name: string]: unknown };
      if (typeof screens !== 'string' || !Array.isArray(windows)) return [];
      const read = windows.flatMap((each: unknown) => {
        const { id, place } = (each ?? {}) as { readonly [name: string]: unknown };
        const where = placeIn(place);
        return typeof id === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(id) && where !== null
          ? [{ id, place: where }]
          : [];
      });
      return [{ screens, windows: read.slice(0, mostWindows), imagesElsewhere: imagesElsewhere === true }];
    })
    .slice(-mostLayouts);
}
