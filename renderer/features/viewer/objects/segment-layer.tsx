import { useLayoutEffect, useRef } from 'react';
import type { SegmentPlace, ViewportHandle } from '../../../imaging/index.ts';
import { canvasOverFrame } from './frame-canvas.ts';
import { maskOf, type OpenSegmentation } from './segment-mask.ts';

export type ShownSegments = {
  readonly open: OpenSegmentation;
  readonly places: readonly SegmentPlace[];
  /** Numbers of segments that the reader took off. */
  readonly off: ReadonlySet<number>;
};

/** Segments over the very frame that they lie on; drawn anew with every state of the viewport, so that they follow zoom and turns. */
export function SegmentLayer(props: {
  readonly handle: ViewportHandle;
  readonly shown: readonly ShownSegments[];
  readonly opacity: number;
}) {
  const { handle, shown, opacity } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const over = canvasOverFrame(canvas.current, handle);
    if (over === null) return;
    const { element, context } = over;
    context.imageSmoothingEnabled = false;
    for (const { open, places, off } of shown) {
      for (const place of places) {
        const mask = maskOf(open, place, off, opacity);
        if (mask === null) continue;
        over.toImage();
        context.transform(...place.along, ...place.down, ...place.origin);
        context.drawImage(mask, 0, 0);
      }
    }
    element.dataset.places = String(shown.reduce((sum, one) => sum + one.places.length, 0));
  });
  return <canvas ref={canvas} className="segments" role="img" aria-label="Segments" />;
}
