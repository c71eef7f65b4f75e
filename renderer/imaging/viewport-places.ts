import type { Types } from '@cornerstonejs/core';
import type { ImagePart } from '../../shared/domain/mammography/index.ts';
import { pixelOnPlane, placeOnPlane, type Vector } from '../../shared/domain/volume/index.ts';
import { type Drawing, drawnPixelSize } from './cornerstone.ts';
import { type EdgeLetters, edgeLetters } from './orientation.ts';
import type { FrameReference, Point } from './types.ts';
import { planeOfFrame } from './volume/plane-frames.ts';

export const noLetters: EdgeLetters = { top: '', right: '', bottom: '', left: '' };

export type ViewportPlaces = {
  /** Screen (CSS) pixels from the viewport's upper left to image pixels (column, row) of this frame; null when it cannot be told. */
  toImage(of: FrameReference, point: Point): Point | null;
  toScreen(of: FrameReference, point: Point): Point;
  /** Screen pixels per image pixel along a row. */
  zoom(of: FrameReference): number;
  letters(of: FrameReference): EdgeLetters;
  /** The part of this frame on the canvas, and at how many pixels of the screen per image pixel; null where it cannot be told. */
  onCanvas(of: FrameReference): { readonly part: ImagePart; readonly scale: number } | null;
  /** Moves the picture by screen (CSS) pixels. */
  panBy(delta: Point): void;
  /** Larger by this factor, between a fiftieth and 64 screen pixels a pixel; false when it stays as it is. */
  zoomBy(of: FrameReference, factor: number): boolean;
  /** How the reader looks at this frame, to look at another one of the same volume in the same way. */
  keep(of: FrameReference): KeptPlace | null;
  restore(of: FrameReference, place: KeptPlace): void;
};

/** Screen pixels a millimetre, and the place in the patient (or the image pixel) that stands in the middle. */
export type KeptPlace = { readonly zoom: number; readonly middle: Vector };

/** Where points of the frame that a viewport draws lie on the screen, and how its camera moves. */
export function viewportPlaces(drawing: Drawing, viewport: Types.IStackViewport): ViewportPlaces {
  /** CPU drawing sizes its canvas in CSS pixels but converts by the device's ratio (Cornerstone3D 5.14): this undoes it. */
  function cpuRatio(): number {
    const { canvas } = viewport;
    if (!drawing.cpu || canvas.width === 0) return 1;
    return (window.devicePixelRatio || 1) * (canvas.clientWidth / canvas.width);
  }

  /** WebGL places whole indices at pixel centres, the CPU path at their corners. */
  const half = drawing.cpu ? 0 : 0.5;

  function toScreen(of: FrameReference, [column, row]: Point): Point {
    const { origin, alongRow, alongColumn } = axes(of);
    const x = column - half;
    const y = row - half;
    const canvas = viewport.worldToCanvas([
      origin[0] + alongRow[0] * x + alongColumn[0] * y,
      origin[1] + alongRow[1] * x + alongColumn[1] * y,
      origin[2] + alongRow[2] * x + alongColumn[2] * y,
    ]);
    const ratio = cpuRatio();
    return [canvas[0] * ratio, canvas[1] * ratio];
  }

  function zoom(of: FrameReference): number {
    const from = toScreen(of, [0, 0]);
    const to = toScreen(of, [1, 0]);
    return Math.hypot(to[0] - from[0], to[1] - from[1]);
  }

  function toImage(of: FrameReference, point: Point): Point | null {
    const ratio = cpuRatio();
    const world = viewport.canvasToWorld([point[0] / ratio, point[1] / ratio]);
    if (world === undefined) return null;
    const { origin, alongRow, alongColumn } = axes(of);
    const away: Types.Point3 = [world[0] - origin[0], world[1] - origin[1], world[2] - origin[2]];
    return [share(away, alongRow) + half, share(away, alongColumn) + half];
  }

  const middleOfScreen = (): Point => [viewport.canvas.clientWidth / 2, viewport.canvas.clientHeight / 2];

  function panBy(delta: Point): void {
    const ratio = cpuRatio();
    const from = viewport.canvasToWorld([0, 0]);
    const to = viewport.canvasToWorld([delta[0] / ratio, delta[1] / ratio]);
    const { focalPoint, position } = viewport.getCamera();
    if (focalPoint === undefined || position === undefined) return;
    const moved = (point: Types.Point3): Types.Point3 => [
      point[0] - (to[0] - from[0]),
      point[1] - (to[1] - from[1]),
      point[2] - (to[2] - from[2]),
    ];
    viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
  }

  function zoomBy(of: FrameReference, factor: number): boolean {
    if (!Number.isFinite(factor) || factor <= 0) return false;
    const { parallelScale } = viewport.getCamera();
    const now = zoom(of);
    if (parallelScale === undefined || now * factor > 64 || now * factor < 0.02) return false;
    viewport.setCamera({ parallelScale: parallelScale / factor });
    return true;
  }

  return {
    toScreen,
    toImage,
    zoom,
    panBy,
    zoomBy,
    keep(of) {
      const plane = planeOfFrame(of);
      const middle = toImage(of, middleOfScreen());
      if (plane === null || middle === null) return null;
      return { zoom: zoom(of) / plane.spacing.column, middle: placeOnPlane(plane, middle) };
    },
    restore(of, place) {
      const plane = planeOfFrame(of);
      if (plane === null) return;
      zoomBy(of, (place.zoom * plane.spacing.column) / zoom(of));
      const at = toScreen(of, pixelOnPlane(plane, place.middle).pixel);
      const middle = middleOfScreen();
      panBy([middle[0] - at[0], middle[1] - at[1]]);
    },
    onCanvas(of) {
      const { canvas } = viewport;
      const [from, to] = [toImage(of, [0, 0]), toImage(of, [canvas.clientWidth, canvas.clientHeight])];
      if (from === null || to === null || canvas.clientWidth === 0) return null;
      const origin = toScreen(of, [0, 0]);
      const steps = [toScreen(of, [1, 0]), toScreen(of, [0, 1])];
      const smaller = Math.min(...steps.map((step) => Math.hypot(step[0] - origin[0], step[1] - origin[1])));
      // A canvas of fewer pixels than the screen has there shows no more than its own.
      const ratio = Math.min(window.devicePixelRatio || 1, canvas.width / canvas.clientWidth);
      return {
        scale: smaller * ratio,
        part: {
          left: Math.min(from[0], to[0]),
          top: Math.min(from[1], to[1]),
          right: Math.max(from[0], to[0]),
          bottom: Math.max(from[1], to[1]),
        },
      };
    },
    letters(of) {
      const from = toScreen(of, [0, 0]);
      const along = toScreen(of, [1, 0]);
      const down = toScreen(of, [0, 1]);
      return edgeLetters(of.orientation, {
        alongRow: [along[0] - from[0], along[1] - from[1]],
        alongColumn: [down[0] - from[0], down[1] - from[1]],
      });
    },
  };
}

function axes(of: FrameReference): {
  readonly origin: Types.Point3;
  readonly alongRow: Types.Point3;
  readonly alongColumn: Types.Point3;
} {
  const size = drawnPixelSize(of);
  const row = of.orientation.kind === 'cosines' ? of.orientation.row : ([1, 0, 0] as const);
  const column = of.orientation.kind === 'cosines' ? of.orientation.column : ([0, 1, 0] as const);
  return {
    origin: [...(of.position ?? ([0, 0, 0] as const))],
    alongRow: [row[0] * size.column, row[1] * size.column, row[2] * size.column],
    alongColumn: [column[0] * size.row, column[1] * size.row, column[2] * size.row],
  };
}

function share(vector: Types.Point3, axis: Types.Point3): number {
  const square = axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2];
  return square === 0 ? 0 : (vector[0] * axis[0] + vector[1] * axis[1] + vector[2] * axis[2]) / square;
}
