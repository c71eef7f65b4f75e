import { useLayoutEffect, useRef } from 'react';
import type { SegmentPlace, ViewportHandle } from '../../../imaging/index.ts';
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
    const element = canvas.current;
    const context = element?.getContext('2d') ?? null;
    if (element === null || context === null) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = Math.round(element.clientWidth * ratio);
    element.height = Math.round(element.clientHeight * ratio);
    const origin = handle.toScreen([0, 0]);
    const right = handle.toScreen([1, 0]);
    const down = handle.toScreen([0, 1]);
    if (origin === null || right === null || down === null) return;
    context.imageSmoothingEnabled = false;
    for (const { open, places, off } of shown) {
      for (const place of places) {
        const mask = maskOf(open, place, off, opacity);
        if (mask === null) continue;
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.transform(
          right[0] - origin[0],
          right[1] - origin[1],
          down[0] - origin[0],
          down[1] - origin[1],
          ...origin,
        );
        context.transform(...place.along, ...place.down, ...place.origin);
        context.drawImage(mask, 0, 0);
      }
    }
    element.dataset.places = String(shown.reduce((sum, one) => sum + one.places.length, 0));
  });
  return <canvas ref={canvas} className="segments" role="img" aria-label="Segments" />;
}
