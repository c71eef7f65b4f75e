import type { Point, PresentedGraphics, ViewportHandle } from '../../../imaging/index.ts';

/** Brings the displayed area of a presentation state onto the viewport (PS3.3 C.10.4). `TRUE SIZE` is fitted: the screen is not measured. */
export function fitArea(
  handle: ViewportHandle,
  area: NonNullable<PresentedGraphics['area']>,
  [width, height]: readonly [number, number],
): void {
  const box = boxOf(handle, area.from, area.to);
  const zoom = handle.state().zoom;
  if (box === null || zoom === null || box.width <= 0 || box.height <= 0) return;
  const factor =
    area.size === 'magnify' && area.magnification !== null
      ? area.magnification / zoom
      : Math.min(width / box.width, height / box.height);
  if (Math.abs(factor - 1) > 0.001) handle.zoomBy(factor);
  const after = boxOf(handle, area.from, area.to);
  if (after === null) return;
  const away: Point = [width / 2 - (after.left + after.width / 2), height / 2 - (after.top + after.height / 2)];
  if (Math.hypot(...away) > 0.5) handle.panBy(away);
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
