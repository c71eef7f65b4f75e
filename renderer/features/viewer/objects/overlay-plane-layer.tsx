import { useLayoutEffect, useRef } from 'react';
import { type FrameOverlay, isOverlaid, type ViewportHandle } from '../../../imaging/index.ts';
import { canvasOverFrame } from './frame-canvas.ts';

/** A plane, and "rgb(…)" in which it is drawn; null: the colour of the images' own. */
export type ColouredPlane = { readonly overlay: FrameOverlay; readonly colour: string | null };

/** Drawn bitmaps and their colours, for as long as the plane that they show is kept. */
const masks = new WeakMap<FrameOverlay, { readonly colour: string; readonly canvas: HTMLCanvasElement }>();
const usual = 'rgb(124 205 232)';

function maskOf(overlay: FrameOverlay, colour: string): HTMLCanvasElement | null {
  const kept = masks.get(overlay);
  if (kept?.colour === colour) return kept.canvas;
  const canvas = document.createElement('canvas');
  canvas.width = overlay.columns;
  canvas.height = overlay.rows;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number);
  const image = context.createImageData(overlay.columns, overlay.rows);
  for (let row = 0; row < overlay.rows; row += 1)
    for (let column = 0; column < overlay.columns; column += 1)
      if (isOverlaid(overlay, row, column))
        image.data.set([red, green, blue, 255], (row * overlay.columns + column) * 4);
  context.putImageData(image, 0, 0);
  masks.set(overlay, { colour, canvas });
  return canvas;
}

/** Overlay planes (PS3.3 C.9.2) over the very frame that they are for, cut at the image's edge; they follow zoom and turns. */
export function OverlayPlaneLayer(props: {
  readonly handle: ViewportHandle;
  readonly planes: readonly ColouredPlane[];
  readonly rows: number;
  readonly columns: number;
  /** Whose they are. */
  readonly name?: string;
}) {
  const { handle, planes, rows, columns, name = 'Overlay planes of the image' } = props;
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
    for (const { overlay, colour } of planes) {
      const mask = maskOf(overlay, colour ?? usual);
      if (mask !== null) context.drawImage(mask, overlay.left, overlay.top);
    }
    element.dataset.planes = String(planes.length);
  });
  return <canvas ref={canvas} className="overlay-planes" role="img" aria-label={name} />;
}
