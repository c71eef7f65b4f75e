import type { ViewportHandle } from '../../../imaging/index.ts';

/** What is drawn over a frame in its own pixels. */
export type FrameCanvas = {
  readonly element: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels of one image pixel to the right. */
  readonly across: readonly [number, number];
  /** Device pixels of one CSS pixel. */
  readonly ratio: number;
  /** Makes image pixels the unit of what is drawn next. */
  toImage(): void;
};

/** An empty canvas over the viewport, at the device's own pixels; null where nothing is drawn there yet. */
export function canvasOverFrame(element: HTMLCanvasElement | null, handle: ViewportHandle): FrameCanvas | null {
  const context = element?.getContext('2d') ?? null;
  if (element === null || context === null) return null;
  const ratio = window.devicePixelRatio || 1;
  element.width = Math.round(element.clientWidth * ratio);
  element.height = Math.round(element.clientHeight * ratio);
  const origin = handle.toScreen([0, 0]);
  const right = handle.toScreen([1, 0]);
  const down = handle.toScreen([0, 1]);
  if (origin === null || right === null || down === null) return null;
  const across: readonly [number, number] = [right[0] - origin[0], right[1] - origin[1]];
  const toImage = (): void => {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.transform(...across, down[0] - origin[0], down[1] - origin[1], ...origin);
  };
  return { element, context, across, ratio, toImage };
}
