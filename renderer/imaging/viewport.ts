import { Enums, type Types } from '@cornerstonejs/core';
import { notForInterpretation, unfitReason } from '../../shared/domain/mammography/index.ts';
import type { CaseImages } from './case-images.ts';
import type { Drawing } from './cornerstone.ts';
import { drawGreys } from './draw-greys.ts';
import type { FrameStore } from './frame-store.ts';
import { defaultWindow, rescaleOf, valuesOfInterest } from './frame-values.ts';
import type { Presentation } from './objects/presented.ts';
import { type Paint, shownWindow } from './paint.ts';
import { samePictures, sameStack } from './stack-kin.ts';
import type { DecodedFrame, FrameReference, Point, SeriesImages, ValuesOfInterest, Window } from './types.ts';
import { noLetters, viewportPlaces } from './viewport-places.ts';
import type { Home, ViewportHandle, ViewportState } from './viewport-state.ts';
import { presentedBy } from './window.ts';

type Aim = {
  readonly images: CaseImages;
  readonly series: SeriesImages;
  readonly index: number;
  readonly reference: FrameReference;
};

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
  const places = viewportPlaces(drawing, viewport);

  let closed = false;
  let aim: Aim | null = null;
  /** What Cornerstone3D was told to draw last, and the stack that it holds. */
  let drawn: Aim | null = null;
  let stackOf: SeriesImages | null = null;
  let pinned: string | null = null;
  /** True while other planes of the volume on the canvas take their place: what is seen meanwhile is the same patient's. */
  let exchanging = false;
  let painted = false;
  let paint: Paint | null = null;
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
  let home: (() => Home | null) | null = null;
  /** The size of the element, in CSS pixels, for which the canvas was made or last resized. */
  let sizedFor: Point = [element.clientWidth, element.clientHeight];
  /** Another's way to show images of this stack, chosen by the reader; gone with the stack. */
  let presentation: Presentation | null = null;
  /** The turn that it asked for of the image drawn last. */
  let turnedBy = '';

  /** The frame as it is shown: by the presentation state where one is chosen and names it. */
  function shownAs(of: Aim): FrameReference {
    return presentation?.frame(of.reference)?.reference ?? of.reference;
  }

  function currentWindow(of: Aim): Window | null {
    const shown = shownBy(of);
    const by = shown?.kind === 'presented' ? shown.by : shown;
    return by?.kind === 'window' ? by.window : (ownWindow ?? windowOf(of));
  }

  function windowOf(of: Aim): Window | null {
    const found = store.state(of.reference.imageId);
    return found.kind === 'loaded' ? defaultWindow(shownAs(of), of.series, found.frame) : shownAs(of).window;
  }

  function interestOf(of: Aim, frame: DecodedFrame): ValuesOfInterest {
    const presented = presentation?.frame(of.reference) ?? null;
    const asked = ownWindow === null && !frame.colour ? presented?.voi : null;
    // Its tables are around whatever window the reader chooses. What the image's own modality table has mapped is not mapped again.
    const tables =
      presented === null || frame.colour
        ? null
        : { modality: frame.modalityApplied ? null : presented.modality, table: presented.table };
    return presentedBy(asked ?? valuesOfInterest(shownAs(of), of.series, frame, ownWindow), tables);
  }

  function shownBy(of: Aim): ValuesOfInterest | null {
    const found = store.state(of.reference.imageId);
    return found.kind === 'loaded' ? interestOf(of, found.frame) : null;
  }

  function marksOf(of: Aim): readonly string[] {
    const found = store.state(of.reference.imageId);
    const unsaid =
      found.kind === 'loaded' && found.frame.lossy && !of.reference.marks.some((mark) => mark.startsWith('lossy'));
    const decoded = found.kind === 'loaded' ? found.frame : null;
    const presented = presentation === null ? [] : [presentation.words(of.reference, decoded)];
    const breast = of.series.breasts?.find((one) => one.instanceUid === of.reference.instanceUid);
    return [
      ...presented,
      ...(unsaid && breast !== undefined && unfitReason(breast) === null ? [notForInterpretation('lossy')] : []),
      ...(unsaid ? ['lossy (its header does not say so)'] : []),
      ...of.reference.marks,
      ...of.series.marks,
    ];
  }

  function state(): ViewportState {
    return {
      studyUid: aim?.series.studyUid ?? null,
      seriesUid: aim?.series.seriesUid ?? null,
      instanceUid: aim?.reference.instanceUid ?? null,
      frame: aim?.reference.frame ?? null,
      plane: aim?.series.computed?.kind ?? 'stack',
      slice: aim === null ? 0 : aim.index + 1,
      slices: aim?.series.frames.length ?? 0,
      partOf: aim?.series.partOf ?? null,
      painted,
      paint: painted ? paint : null,
      covered:
        aim === null || problem !== null || (drawn === null ? !exchanging : !sameStack(drawn.series, aim.series)),
      window: aim === null ? null : currentWindow(aim),
      windowIsOwn: ownWindow !== null,
      shownBy: aim === null ? null : shownBy(aim),
      invert,
      flippedHorizontally,
      flippedVertically,
      rotation,
      zoom: drawn === null || stackOf === null ? null : places.zoom(drawn.reference),
      letters:
        drawn === null || aim === null || drawn.series !== aim.series ? noLetters : places.letters(drawn.reference),
      marks: aim === null ? [] : marksOf(aim),
      problem,
    };
  }

  function tell(): void {
    if (!closed) onState(state());
  }

  function applyWindow(of: Aim): void {
    const found = store.state(of.reference.imageId);
    if (found.kind !== 'loaded') return;
    const reference = shownAs(of);
    drawGreys(viewport, drawing.cpu, {
      frame: found.frame,
      rescale: rescaleOf(reference, found.frame),
      voi: interestOf(of, found.frame),
      inverse: reference.inverse !== invert,
    });
  }

  function applyTurns(): void {
    viewport.setCamera({ flipHorizontal: flippedHorizontally, flipVertical: flippedVertically });
    (viewport as unknown as { setRotation(degrees: number): void }).setRotation(rotation);
    // The CPU path takes the rotation into its transform only with the next camera.
    if (drawing.cpu) viewport.setCamera({});
  }

  /** Turns as the presentation asks for this very image; the reader's own turns stay from one to the next of the same. */
  function turnAsPresented(of: Aim): void {
    const turn = presentation?.frame(of.reference)?.turn ?? null;
    const by = turn === null ? '' : `${turn.flipped} ${turn.rotation}`;
    if (by === turnedBy) return;
    turnedBy = by;
    flippedHorizontally = turn?.flipped ?? false;
    flippedVertically = false;
    rotation = turn?.rotation ?? 0;
    if (stackOf !== null) applyTurns();
  }

  /** True while the canvas still has the size of a place that the viewport had before: what is drawn now would be cut or lie elsewhere. */
  function awaitsResize(): boolean {
    return sizedFor[0] !== element.clientWidth || sizedFor[1] !== element.clientHeight;
  }

  /** Fits the image that is drawn, or brings it to the size and the edge at which it hangs. */
  function placeHome(): void {
    viewport.resetCamera();
    applyTurns();
    const wanted = drawn === null ? null : (home?.() ?? null);
    if (drawn === null || wanted === null || !(wanted.zoom > 0)) return;
    const { reference } = drawn;
    places.zoomBy(reference, wanted.zoom / places.zoom(reference));
    if (wanted.edge === 'center') return;
    const { rows, columns } = reference.description;
    const corners = [[0, 0] as const, [columns, 0] as const, [0, rows] as const, [columns, rows] as const];
    const across = corners.map((corner) => places.toScreen(reference, corner)[0]);
    places.panBy([wanted.edge === 'left' ? -Math.min(...across) : element.clientWidth - Math.max(...across), 0]);
  }

  function turnedByHand(): void {
    if (drawn === null) return;
    // A picture at its edge would leave the screen if it were turned about the middle of its place.
    if (home !== null && !ownPlace && stackOf !== null) placeHome();
    else applyTurns();
    redraw();
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
    // Its stack, described by now, takes the place of the one image that was: nobody sees that.
    const isFirst = drawn === null || drawn.series.partOf !== undefined;
    try {
      if (stackOf === series && viewport.getImageIds()[wanted.index] === reference.imageId) {
        await viewport.setImageIdIndex(wanted.index);
      } else {
        const place =
          drawn !== null && ownPlace && samePictures(drawn.series, series) ? places.keep(drawn.reference) : null;
        exchanging = drawn !== null && sameStack(drawn.series, series);
        drawn = null;
        stackOf = null;
        await viewport.setStack(
          series.frames.map((one) => one.imageId),
          wanted.index,
        );
        exchanging = false;
        if (closed) return;
        stackOf = series;
        drawn = wanted;
        placeHome();
        if (place !== null) places.restore(reference, place);
      }
    } catch (error) {
      exchanging = false;
      if (closed) return;
      problem = `This image could not be drawn (${error instanceof Error ? error.message : 'unknown'}).`;
      tell();
      return;
    }
    if (closed) return;
    drawn = wanted;
    turnAsPresented(wanted);
    applyWindow(wanted);
    if (isFirst && drawing.cpu) drawNow();
    else viewport.render();
  }

  /**
   * The first image of a stack, by the processor: in this very step, so that the screen's next frame has it. Where a whole new screen is
   * being drawn, the engine's own callback would come with the frame after that.
   */
  function drawNow(): void {
    const detail = (
      viewport as unknown as { customRenderViewportToCanvas(): { readonly viewportId: string } }
    ).customRenderViewportToCanvas();
    element.dispatchEvent(new CustomEvent(Enums.Events.IMAGE_RENDERED, { detail }));
    // The engine (Cornerstone3D 5.14) has noted to draw the same once more.
    const engine = drawing.engine as unknown as { readonly _implementation?: { readonly _needsRender?: Set<string> } };
    if (painted) engine._implementation?._needsRender?.delete(id);
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
      viewport.canvas.width > 0 &&
      !awaitsResize();
    if (exact === painted && !exact) return;
    painted = exact;
    paint = exact && aim !== null ? paintOf(aim) : null;
    tell();
  }

  function paintOf(of: Aim): Paint | null {
    const onCanvas = places.onCanvas(of.reference);
    const found = store.state(of.reference.imageId);
    if (onCanvas === null || found.kind !== 'loaded') return null;
    const { imageId } = of.reference;
    return { imageId, ...onCanvas, window: shownWindow(shownBy(of)), lossy: found.frame.lossy };
  }
  element.addEventListener(Enums.Events.IMAGE_RENDERED, onRendered);
  /** A canvas of another size is an empty one until it is drawn again; the engine fits all of them at once. */
  const stopResize = drawing.onResize(() => {
    sizedFor = [element.clientWidth, element.clientHeight];
    if (!painted) return;
    painted = false;
    tell();
  });

  function take(next: Aim | null): void {
    if (closed) return;
    if (next !== null && aim !== null && next.reference.imageId === aim.reference.imageId && next.series === aim.series)
      return;
    const kin = next !== null && aim !== null && samePictures(next.series, aim.series);
    if (next === null || aim === null || !sameStack(next.series, aim.series)) {
      // Another stack begins as it was acquired; the reader's turns and window belong to the one before.
      ownWindow = null;
      presentation = null;
      if (!kin) asAcquired();
      blank();
    }
    const waits = next === null || problem !== null || stackOf !== next.series || !isHere(next);
    aim = next;
    painted = false;
    problem = null;
    // A slice that is decoded stands on the canvas with the next frame, and what is said of it changes in that same frame.
    if (waits) tell();
    wake();
    void settle();
  }

  function isHere(of: Aim): boolean {
    return store.state(of.reference.imageId).kind === 'loaded';
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

  /** Neither turned nor inverted nor placed by the reader. */
  function asAcquired(): void {
    invert = false;
    flippedHorizontally = false;
    flippedVertically = false;
    rotation = 0;
    ownPlace = false;
    turnedBy = '';
  }

  function reset(): void {
    ownWindow = null;
    asAcquired();
    if (drawn === null) return;
    turnAsPresented(drawn);
    placeHome();
    redraw();
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
      turnedByHand();
    },
    rotate() {
      rotation = (rotation + 90) % 360;
      turnedByHand();
    },
    zoomBy(factor) {
      if (drawn === null || stackOf === null || !places.zoomBy(drawn.reference, factor)) return;
      ownPlace = true;
      redraw();
    },
    panBy(delta) {
      if (drawn === null) return;
      ownPlace = true;
      places.panBy(delta);
      redraw();
    },
    setHome(next) {
      home = next;
      // Where a new size is on its way, `resize` places it there.
      if (drawn === null || ownPlace || stackOf === null || awaitsResize()) return;
      placeHome();
      redraw();
    },
    reset,
    present(next) {
      presentation = next;
      reset();
    },
    resize() {
      if (closed || element.clientWidth === 0 || element.clientHeight === 0) return;
      drawing.resize();
      if (drawn === null) return;
      if (!ownPlace && stackOf !== null) {
        // The engine keeps the zoom that it measured in a canvas that may have been half way between two sizes.
        painted = false;
        placeHome();
        viewport.render();
      }
      tell();
    },
    toImage: (point) => (drawn === null || stackOf === null ? null : places.toImage(drawn.reference, point)),
    toScreen: (point) => (drawn === null || stackOf === null ? null : places.toScreen(drawn.reference, point)),
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
