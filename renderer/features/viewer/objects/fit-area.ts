import type { Point, PresentedGraphics, ViewportHandle } from '../../../imaging/index.ts';

/**
 * Brings the displayed area of a presentation state onto the viewport (PS3.3 C.10.4). `TRUE SIZE` is fitted where the screen was not measured
 * (`screenMillimetre`: CSS pixels) or the state does not say the size of its pixels.
 */
export function fitArea(
  handle: ViewportHandle,
  area: NonNullable<PresentedGraphics['area']>,
  [width, height]: readonly [number, number],
  screenMillimetre: number | null,
): void {
  const box = boxOf(handle, area.from, area.to);
  const zoom = handle.state().zoom;
  if (box === null || zoom === null || box.width <= 0 || box.height <= 0) return;
  const asked = area.size === 'magnify' ? area.magnification : trueSizeZoom(area, screenMillimetre);
  const factor = asked !== null ? asked / zoom : Math.min(width / box.width, height / box.height);
  if (Math.abs(factor - 1) > 0.001) handle.zoomBy(factor);
  const after = boxOf(handle, area.from, area.to);
  if (after === null) return;
  const away: Point = [width / 2 - (after.left + after.width / 2), height / 2 - (after.top + after.height / 2)];
  if (Math.hypot(...away) > 0.5) handle.panBy(away);
}

/** Screen (CSS) pixels for each image pixel at which an area has the size on the glass that it asks for; null where it does not or cannot. */
export function trueSizeZoom(
  area: NonNullable<PresentedGraphics['area']>,
  screenMillimetre: number | null,
): number | null {
  if (area.size !== 'true-size' || area.spacing === null || screenMillimetre === null) return null;
  return area.spacing * screenMillimetre;
}

function boxOf(handle: ViewportHandle, from: Point, to: Point) {
  const one = handle.toScreen(from);
  const other = handle.toScreen(to);
  if (one === null || other === null) return null;
  return {
    left: Math.min(one[0], other[0]),
    top: Math.min(one[1], other[1]),
    width: Math.abs(one[0] - other[0]),
    height: Math.abs(one[1] - other[1]),
  };
}
