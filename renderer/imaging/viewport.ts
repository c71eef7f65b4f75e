import { Enums, type Types } from '@cornerstonejs/core';
import type { CaseImages } from './case-images.ts';
import { type Drawing, drawnPixelSize } from './cornerstone.ts';
import { drawGreys } from './draw-greys.ts';
import type { FrameStore } from './frame-store.ts';
import { defaultWindow, rescaleOf, valuesOfInterest } from './frame-values.ts';
import { type EdgeLetters, edgeLetters } from './orientation.ts';
import type { DecodedFrame, FrameReference, Point, SeriesImages, ValuesOfInterest, Window } from './types.ts';

/** What a viewport shows. Told synchronously: an observer can write it to the page before the next frame is drawn. */
export type ViewportState = {
  readonly studyUid: string | null;
  readonly seriesUid: string | null;
  readonly instanceUid: string | null;
  readonly frame: number | null;
  /** 1-based; 0 when nothing hangs. */
  readonly slice: number;
  readonly slices: number;
  /**
   * True only after Cornerstone3D fired IMAGE_RENDERED while its canvas held exactly the image of this case, instance and frame.
   * False from the moment that another case, series or slice is asked for.
   */
  readonly painted: boolean;
  /** True while the canvas may still hold an image of another series: the observer covers it. */
  readonly covered: boolean;
  readonly window: Window | null;
  readonly windowIsOwn: boolean;
  /** By which curve or table greys are made; null until the image is here. */
  readonly shownBy: ValuesOfInterest | null;
  readonly invert: boolean;
  readonly flippedHorizontally: boolean;
  readonly flippedVertically: boolean;
  /** Degrees clockwise: 0, 90, 180, 270. */
  readonly rotation: number;
  /** Screen pixels per image pixel along a row; null before the first image. */
  readonly zoom: number | null;
  readonly letters: EdgeLetters;
  /** What the reader must know of the wanted image and its stack beside the picture; empty for most. */
  readonly marks: readonly string[];
  /** Why the wanted image is not shown, in words; null when it is or is on its way. */
  readonly problem: string | null;
};

export type ViewportHandle = {
  state(): ViewportState;
  show(images: CaseImages, series: SeriesImages, index: number): void;
  clear(): void;
  /** 0-based slice of the series that hangs. Out of range is brought into range. */
  goTo(index: number): void;
  /** Asks again for what failed in the series that hangs. */
  again(): void;
  setWindow(window: Window | null): void;
  setInvert(invert: boolean): void;
  flip(axis: 'horizontal' | 'vertical'): void;
  rotate(): void;
  zoomBy(factor: number): void;
  /** By screen (CSS) pixels. */
  panBy(delta: Point): void;
  reset(): void;
  resize(): void;
  /** Screen (CSS) pixels from the viewport's upper left to image pixels (column, row); whole numbers are corners of pixels. */
  toImage(point: Point): Point | null;
  toScreen(point: Point): Point | null;
  /** The frame on the canvas with its pixels, null unless `painted`. */
  current(): { readonly reference: FrameReference; readonly series: SeriesImages; readonly frame: DecodedFrame } | null;
  close(): void;
};

type Aim = {
  readonly images: CaseImages;
  readonly series: SeriesImages;
  readonly index: number;
  readonly reference: FrameReference;
};

const noLetters: EdgeLetters = { top: '', right: '', bottom: '', left: '' };
let viewportsMade = 0;

/**
 * A stack viewport. Cornerstone3D compares only indices when an image comes late, so it could paint one case's slice 5 as another's:
 * here it is given an image only when that is decoded and still wanted, one change at a time.
 */
export function openViewport(
  drawing: Drawing,
  store: FrameStore,
  element: HTMLDivElement,
  onState: (state: ViewportState) => void,
): ViewportHandle {
  viewportsMade += 1;
  const id = `viewport-${viewportsMade}`;
  drawing.engine.enableElement({ viewportId: id, type: Enums.ViewportType.STACK, element });
  const viewport = drawing.engine.getViewport(id) as Types.IStackViewport;

  let closed = false;
  let aim: Aim | null = null;
  /** What Cornerstone3D was told to draw last, and the stack that it holds. */
  let drawn: Aim | null = null;
  let stackOf: SeriesImages | null = null;
  let pinned: string | null = null;
  let painted = false;
  let problem: string | null = null;
  let settling = false;
  let wake: () => void = () => undefined;
  let ownWindow: Window | null = null;
  let invert = false;
  let flippedHorizontally = false;
  let flippedVertically = false;
  let rotation = 0;
  /** The reader has zoomed or moved this stack herself; until then it fits its place whatever that place becomes. */
  let ownPlace = false;

  function currentWindow(of: Aim): Window | null {
    const state = store.state(of.reference.imageId);
    if (state.kind !== 'loaded') return ownWindow ?? of.reference.window;
    return ownWindow ?? defaultWindow(of.reference, of.series, state.frame);
  }

  function shownBy(of: Aim): ValuesOfInterest | null {
    const found = store.state(of.reference.imageId);
    return found.kind === 'loaded' ? valuesOfInterest(of.reference, of.series, found.frame, ownWindow) : null;
  }

  function marksOf(of: Aim): readonly string[] {
    const found = store.state(of.reference.imageId);
    const unsaid =
      found.kind === 'loaded' && found.frame.lossy && !of.reference.marks.some((mark) => mark.startsWith('lossy'));
    return [...(unsaid ? ['lossy (its header does not say so)'] : []), ...of.reference.marks, ...of.series.marks];
  }

  function state(): ViewportState {
    const zoom = drawn === null || stackOf === null ? null : measuredZoom();
    return {
      studyUid: aim?.series.studyUid ?? null,
      seriesUid: aim?.series.seriesUid ?? null,
      instanceUid: aim?.reference.instanceUid ?? null,
      frame: aim?.reference.frame ?? null,
      slice: aim === null ? 0 : aim.index + 1,
      slices: aim?.series.frames.length ?? 0,
      painted,
      covered: aim === null || drawn === null || drawn.series !== aim.series || problem !== null,
      window: aim === null ? null : currentWindow(aim),
      windowIsOwn: ownWindow !== null,
      shownBy: aim === null ? null : shownBy(aim),
      invert,
      flippedHorizontally,
      flippedVertically,
      rotation,
      zoom,
      letters: drawn === null || aim === null || drawn.series !== aim.series ? noLetters : letters(drawn.reference),
      marks: aim === null ? [] : marksOf(aim),
      problem,
    };
  }

  function tell(): void {
    if (!closed) onState(state());
  }

  /** CPU drawing sizes its canvas in CSS pixels but converts by the device's ratio (Cornerstone3D 5.14): this undoes it. */
  function cpuRatio(): number {
    const { canvas } = viewport;
    if (!drawing.cpu || canvas.width === 0) return 1;
    return (window.devicePixelRatio || 1) * (canvas.clientWidth / canvas.width);
  }

  function axes(of: FrameReference): {
    readonly origin: Types.Point3;
    readonly row: Types.Point3;
    readonly column: Types.Point3;
  } {
    const size = drawnPixelSize(of);
    const row = of.orientation.kind === 'cosines' ? of.orientation.row : ([1, 0, 0] as const);
    const column = of.orientation.kind === 'cosines' ? of.orientation.column : ([0, 1, 0] as const);
    const origin = of.position ?? ([0, 0, 0] as const);
    return {
      origin: [...origin],
      row: [row[0] * size.column, row[1] * size.column, row[2] * size.column],
      column: [column[0] * size.row, column[1] * size.row, column[2] * size.row],
    };
  }

  /** WebGL places whole indices at pixel centres, the CPU path at their corners. */
  const half = drawing.cpu ? 0 : 0.5;

  function toWorld(of: FrameReference, point: Point): Types.Point3 {
    const { origin, row, column } = axes(of);
    const x = point[0] - half;
    const y = point[1] - half;
    return [
      origin[0] + row[0] * x + column[0] * y,
      origin[1] + row[1] * x + column[1] * y,
      origin[2] + row[2] * x + column[2] * y,
    ];
  }

  function toScreen(point: Point): Point | null {
    if (drawn === null || stackOf === null) return null;
    const canvas = viewport.worldToCanvas(toWorld(drawn.reference, point));
    const ratio = cpuRatio();
    return [canvas[0] * ratio, canvas[1] * ratio];
  }

  function toImage(point: Point): Point | null {
    if (drawn === null || stackOf === null) return null;
    const ratio = cpuRatio();
    const world = viewport.canvasToWorld([point[0] / ratio, point[1] / ratio]);
    if (world === undefined) return null;
    const { origin, row, column } = axes(drawn.reference);
    const away: Types.Point3 = [world[0] - origin[0], world[1] - origin[1], world[2] - origin[2]];
    return [share(away, row) + half, share(away, column) + half];
  }

  function measuredZoom(): number | null {
    const from = toScreen([0, 0]);
    const to = toScreen([1, 0]);
    return from === null || to === null ? null : Math.hypot(to[0] - from[0], to[1] - from[1]);
  }

  function letters(reference: FrameReference): EdgeLetters {
    const from = toScreen([0, 0]);
    const along = toScreen([1, 0]);
    const down = toScreen([0, 1]);
    if (from === null || along === null || down === null) return noLetters;
    return edgeLetters(reference.orientation, {
      alongRow: [along[0] - from[0], along[1] - from[1]],
      alongColumn: [down[0] - from[0], down[1] - from[1]],
    });
  }

  function applyWindow(of: Aim): void {
    const found = store.state(of.reference.imageId);
    if (found.kind !== 'loaded') return;
    const { reference, series } = of;
    drawGreys(viewport, drawing.cpu, {
      frame: found.frame,
      rescale: rescaleOf(reference, found.frame),
      voi: valuesOfInterest(reference, series, found.frame, ownWindow),
      inverse: reference.inverse !== invert,
    });
  }

  function applyTurns(): void {
    viewport.setCamera({ flipHorizontal: flippedHorizontally, flipVertical: flippedVertically });
    (viewport as unknown as { setRotation(degrees: number): void }).setRotation(rotation);
    // The CPU path takes the rotation into its transform only with the next camera.
    if (drawing.cpu) viewport.setCamera({});
  }

  async function settle(): Promise<void> {
    if (settling) return;
    settling = true;
    try {
      while (!closed && aim !== null && aim !== drawn && problem === null) {
        const wanted: Aim = aim;
        const changed = new Promise<null>((resolve) => {
          wake = () => resolve(null);
        });
        const answer = await Promise.race([wanted.images.want(wanted.series, wanted.reference), changed]);
        if (closed) return;
        if (aim !== wanted || answer === null) continue;
        if (answer.kind === 'failed') {
          problem = answer.failure.code === 'cancelled' ? null : answer.failure.words;
          if (answer.failure.code === 'cancelled') return;
          tell();
          return;
        }
        await draw(wanted, answer.frame);
      }
    } finally {
      settling = false;
    }
  }

  async function draw(wanted: Aim, frame: DecodedFrame): Promise<void> {
    const { series, reference } = wanted;
    if (pinned !== null) store.unpin(pinned);
    pinned = reference.imageId;
    store.pin(pinned);
    drawing.offer(series, reference, frame);
    try {
      if (stackOf === series && viewport.getImageIds()[wanted.index] === reference.imageId) {
        await viewport.setImageIdIndex(wanted.index);
      } else {
        drawn = null;
        stackOf = null;
        await viewport.setStack(
          series.frames.map((one) => one.imageId),
          wanted.index,
        );
        if (closed) return;
        stackOf = series;
        drawn = wanted;
        viewport.resetCamera();
        applyTurns();
      }
    } catch (error) {
      if (closed) return;
      problem = `This image could not be drawn (${error instanceof Error ? error.message : 'unknown'}).`;
      tell();
      return;
    }
    if (closed) return;
    drawn = wanted;
    applyWindow(wanted);
    viewport.render();
  }

  function onRendered(event: Event): void {
    const detail = (event as CustomEvent<{ viewportId?: string }>).detail;
    if (closed || detail?.viewportId !== id) return;
    const held = viewport.getCornerstoneImage()?.imageId;
    const exact =
      aim !== null &&
      aim === drawn &&
      held === aim.reference.imageId &&
      viewport.getCurrentImageId() === held &&
      viewport.canvas.width > 0;
    if (exact === painted && !exact) return;
    painted = exact;
    tell();
  }
  element.addEventListener(Enums.Events.IMAGE_RENDERED, onRendered);
  /** A canvas of another size is an empty one until it is drawn again; the engine fits all of them at once. */
  const stopResize = drawing.onResize(() => {
    if (!painted) return;
    painted = false;
    tell();
  });

  function take(next: Aim | null): void {
    if (closed) return;
    if (next !== null && aim !== null && next.reference.imageId === aim.reference.imageId && next.series === aim.series)
      return;
    if (next === null || aim === null || next.series !== aim.series) {
      // Another stack begins as it was acquired; the reader's turns and window belong to the one before.
      ownWindow = null;
      invert = false;
      flippedHorizontally = false;
      flippedVertically = false;
      rotation = 0;
      ownPlace = false;
      blank();
    }
    aim = next;
    painted = false;
    problem = null;
    tell();
    wake();
    void settle();
  }

  /** Nothing of another series stays on the canvas while the next one loads. */
  function blank(): void {
    const context = viewport.canvas.getContext('2d');
    if (context === null) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = 'black';
    context.fillRect(0, 0, viewport.canvas.width, viewport.canvas.height);
  }

  function redraw(): void {
    if (closed || drawn === null) return;
    applyWindow(drawn);
    viewport.render();
    tell();
  }

  function aimAt(images: CaseImages, series: SeriesImages, index: number): Aim | null {
    const last = series.frames.length - 1;
    const inside = Math.min(last, Math.max(0, Math.round(index)));
    const reference = series.frames[inside];
    return reference === undefined ? null : { images, series, index: inside, reference };
  }

  return {
    state,
    show: (images, series, index) => take(aimAt(images, series, index)),
    clear: () => take(null),
    goTo: (index) => {
      if (aim !== null) take(aimAt(aim.images, aim.series, index));
    },
    again() {
      if (aim === null) return;
      aim.images.retry(aim.series);
      problem = null;
      tell();
      void settle();
    },
    setWindow(window) {
      ownWindow = window;
      redraw();
    },
    setInvert(next) {
      invert = next;
      redraw();
    },
    flip(axis) {
      // Flips are kept in the image's own axes, but "left and right" is meant as it is seen: a quarter turn exchanges the two.
      const own = rotation % 180 === 0 ? axis : axis === 'horizontal' ? 'vertical' : 'horizontal';
      if (own === 'horizontal') flippedHorizontally = !flippedHorizontally;
      else flippedVertically = !flippedVertically;
      if (drawn === null) return;
      applyTurns();
      redraw();
    },
    rotate() {
      rotation = (rotation + 90) % 360;
      if (drawn === null) return;
      applyTurns();
      redraw();
    },
    zoomBy(factor) {
      if (drawn === null || !Number.isFinite(factor) || factor <= 0) return;
      const { parallelScale } = viewport.getCamera();
      const zoom = measuredZoom();
      if (parallelScale === undefined || zoom === null || zoom * factor > 64 || zoom * factor < 0.02) return;
      ownPlace = true;
      viewport.setCamera({ parallelScale: parallelScale / factor });
      redraw();
    },
    panBy(delta) {
      if (drawn === null) return;
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
      ownPlace = true;
      viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
      redraw();
    },
    reset() {
      ownWindow = null;
      invert = false;
      flippedHorizontally = false;
      flippedVertically = false;
      rotation = 0;
      ownPlace = false;
      if (drawn === null) return;
      applyTurns();
      viewport.resetCamera();
      redraw();
    },
    resize() {
      if (closed || element.clientWidth === 0 || element.clientHeight === 0) return;
      drawing.resize();
      if (drawn === null) return;
      if (!ownPlace && stackOf !== null) {
        // The engine keeps the zoom that it measured in a canvas that may have been half way between two sizes.
        painted = false;
        viewport.resetCamera();
        applyTurns();
        viewport.render();
      }
      tell();
    },
    toImage,
    toScreen,
    current() {
      if (!painted || drawn === null) return null;
      const found = store.state(drawn.reference.imageId);
      return found.kind === 'loaded' ? { reference: drawn.reference, series: drawn.series, frame: found.frame } : null;
    },
    close() {
      if (closed) return;
      closed = true;
      painted = false;
      wake();
      stopResize();
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, onRendered);
      if (pinned !== null) store.unpin(pinned);
      drawing.engine.disableElement(id);
    },
  };
}

function share(vector: Types.Point3, axis: Types.Point3): number {
  const square = axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2];
  return square === 0 ? 0 : (vector[0] * axis[0] + vector[1] * axis[1] + vector[2] * axis[2]) / square;
}
