import { useLayoutEffect, useRef } from 'react';
import { type FrameOverlay, isOverlaid, type ViewportHandle } from '../../../imaging/index.ts';
import { canvasOverFrame } from './frame-canvas.ts';

/** Drawn bitmaps, for as long as the frame that they lie over is kept. */
const masks = new WeakMap<FrameOverlay, HTMLCanvasElement>();

function maskOf(overlay: FrameOverlay, colour: readonly [number, number, number]): HTMLCanvasElement | null {
  const kept = masks.get(overlay);
  if (kept !== undefined) return kept;
  const canvas = document.createElement('canvas');
  canvas.width = overlay.columns;
  canvas.height = overlay.rows;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const image = context.createImageData(overlay.columns, overlay.rows);
  for (let row = 0; row < overlay.rows; row += 1)
    for (let column = 0; column < overlay.columns; column += 1)
      if (isOverlaid(overlay, row, column)) image.data.set([...colour, 255], (row * overlay.columns + column) * 4);
  context.putImageData(image, 0, 0);
  masks.set(overlay, canvas);
  return canvas;
}

/** Overlay planes (PS3.3 C.9.2) over the very frame that brought them, cut at the image's edge; they follow zoom and turns. */
export function OverlayPlaneLayer(props: {
  readonly handle: ViewportHandle;
  readonly overlays: readonly FrameOverlay[];
  readonly rows: number;
  readonly columns: number;
}) {
  const { handle, overlays, rows, columns } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const over = canvasOverFrame(canvas.current, handle);
    if (over === null) return;
    const { element, context, across, ratio } = over;
    over.toImage();
    context.beginPath();
    context.rect(0, 0, columns, rows);
    context.clip();
    // Lines of one pixel must not fall out where several image pixels share one of the screen.
    context.imageSmoothingEnabled = Math.hypot(...across) * ratio < 1;
    context.imageSmoothingQuality = 'high';
    for (const overlay of overlays) {
      const mask = maskOf(overlay, [124, 205, 232]);
      if (mask !== null) context.drawImage(mask, overlay.left, overlay.top);
    }
    element.dataset.planes = String(overlays.length);
  });
  return <canvas ref={canvas} className="overlay-planes" role="img" aria-label="Overlay planes of the image" />;
}
