import { type PointerEvent, useEffect, useRef, useState } from 'react';
import {
  type ImageMeasurement,
  type ImagePlace,
  isAnnotation,
  type MeasurementKind,
  measure,
  measurementText,
  type Point,
  pointsOf,
  type Quantity,
  type Spacing,
  samePlace,
} from '../../../shared/domain/measurement/index.ts';
import type { ViewerTool } from '../../case/index.ts';
import type { ViewportHandle } from '../../imaging/index.ts';
import { type Drawing, type DrawingStep, move, press, release, setPoint } from './drawing.ts';
import { pixelValuesOf, placeOfFrame, within } from './frame-pixels.ts';
import { mouse } from './mouse-map.ts';
import { sameSpacing, spacingAt } from './ultrasound-places.ts';
import { wheelStep } from './wheel.ts';

/** What was drawn, with the frame that it was drawn on and what it measures there. */
export type DrawnMark = {
  readonly kind: MeasurementKind;
  readonly points: readonly Point[];
  readonly place: ImagePlace;
  readonly spacing: Spacing;
  readonly quantities: readonly Quantity[];
};

/** On the image while the hand is at it: a mark being drawn, or one being moved. */
export type InHand = {
  readonly id: string | null;
  readonly kind: MeasurementKind;
  readonly points: readonly Point[];
  readonly text: string;
};

/** What keys do in a viewport. */
export type HandKeys = {
  /** Moves the crosshair, or the handle that is held, by so many image pixels as they are seen. */
  nudge(right: number, down: number): void;
  /** Sets a point of the chosen tool at the crosshair. */
  setPoint(): void;
  /** Takes the next handle of the chosen measurement. */
  nextHandle(): void;
};

type ViewDrag = {
  readonly kind: 'view';
  readonly tool: ViewerTool;
  readonly pointer: number;
  last: Point;
  carried: number;
};
type MarkDrag = {
  readonly kind: 'mark';
  readonly pointer: number;
  readonly mark: ImageMeasurement;
  /** Null moves all of it. */
  readonly index: number | null;
  readonly from: Point;
  readonly fromScreen: Point;
  moved: boolean;
};
type Drag = ViewDrag | MarkDrag | { readonly kind: 'draw'; readonly pointer: number };

const slicePixels = 6;
/** A larger region is measured when the hand lets go: the image follows the hand all the while. */
const mostPixelsInHand = 150_000;

/** What the hand does in a viewport: left button the chosen tool, the rest as the mouse map says. */
export function useHand(options: {
  readonly tool: ViewerTool;
  readonly handle: () => ViewportHandle | null;
  readonly surface: () => HTMLElement | null;
  readonly marks: readonly ImageMeasurement[];
  readonly selected: string | null;
  readonly onDrawn: (mark: DrawnMark) => void;
  readonly onMoved: (id: string, points: readonly Point[], quantities: readonly Quantity[]) => void;
  readonly onSelect: (id: string) => void;
  readonly onActivity: () => void;
  /** The crosshair tool points at this image pixel. */
  readonly onPoint: (pixel: Point) => void;
}) {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [inHand, setInHand] = useState<InHand | null>(null);
  const [cursor, setCursor] = useState<Point | null>(null);
  const [grip, setGrip] = useState<{ readonly id: string; readonly index: number } | null>(null);
  const drag = useRef<Drag | null>(null);
  const latest = useRef(options);
  latest.current = options;

  useEffect(() => {
    const surface = latest.current.surface();
    if (surface === null) return;
    let carried = 0;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const handle = latest.current.handle();
      if (handle === null) return;
      latest.current.onActivity();
      const step = wheelStep(mouse.getState(), event, carried);
      carried = step.carried;
      if (step.zoom !== 1) handle.zoomBy(step.zoom);
      if (step.slices !== 0) handle.goTo(handle.state().slice - 1 + step.slices);
    };
    surface.addEventListener('wheel', onWheel, { passive: false });
    return () => surface.removeEventListener('wheel', onWheel);
  }, []);

  /** The frame on the canvas as a place, with what it measures by; null while none is painted. */
  function here() {
    const current = latest.current.handle()?.current() ?? null;
    if (current === null) return null;
    const { reference, series, frame } = current;
    const place = placeOfFrame(series, reference);
    return { place, frame, reference, pixels: pixelValuesOf(reference, frame) };
  }

  function valuesOf(kind: MeasurementKind, points: readonly Point[], inTheHand: boolean): readonly Quantity[] {
    const now = here();
    if (now === null) return [];
    const [first, last] = [points[0], points.at(-1)];
    const large =
      first !== undefined &&
      last !== undefined &&
      Math.abs(first[0] - last[0]) * Math.abs(first[1] - last[1]) > mostPixelsInHand;
    const at = spacingAt(now.reference, kind, points);
    if ('refused' in at) return [];
    return measure(kind, points, at.spacing, inTheHand && (large || kind === 'freehand') ? null : now.pixels);
  }

  function hold(id: string | null, kind: MeasurementKind, points: readonly Point[]): void {
    const now = here();
    if (now === null) {
      setInHand(null);
      return;
    }
    const whole = points.length >= pointsOf[kind] && kind !== 'freehand';
    const at = spacingAt(now.reference, kind, points);
    const text =
      'refused' in at
        ? at.refused
        : whole
          ? measurementText({ kind, quantities: valuesOf(kind, points, true), spacing: at.spacing, label: '' })
          : '';
    setInHand({ id, kind, points, text });
  }

  function take(step: DrawingStep): void {
    if (step.state === 'drawing') {
      setDrawing(step.drawing);
      hold(null, step.drawing.kind, step.drawing.points);
      return;
    }
    setDrawing(null);
    setInHand(null);
    const now = here();
    if (step.state === 'nothing' || now === null) return;
    const { kind, points } = step;
    const at = spacingAt(now.reference, kind, points);
    if ('refused' in at) {
      // Why nothing is kept stands on the image until the next press.
      hold(null, kind, points);
      return;
    }
    const quantities = valuesOf(kind, points, false);
    // A measurement that measures nothing (off the image, an angle without a leg) is not kept; words are.
    if (quantities.length === 0 && kind !== 'arrow' && kind !== 'text' && kind !== 'spine') return;
    latest.current.onDrawn({ kind, points, place: now.place, spacing: at.spacing, quantities });
  }

  function place(event: PointerEvent): Point {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  function imagePoint(at: Point): Point | null {
    const handle = latest.current.handle();
    const current = handle?.current() ?? null;
    const point = handle?.toImage(at) ?? null;
    return current === null || point === null ? null : within(point, current.frame);
  }

  function onPointerDown(event: PointerEvent<HTMLElement>): void {
    const handle = latest.current.handle();
    if (handle === null) return;
    // Thumb buttons are commands (`use-thumb-buttons.ts`), whichever part of the viewport is under them.
    if (event.button > 2) return;
    const { middle, right } = mouse.getState();
    const tool: ViewerTool = event.button === 1 ? middle : event.button === 2 ? right : latest.current.tool;
    const at = place(event);
    const pointer = event.pointerId;
    event.currentTarget.setPointerCapture(pointer);
    setGrip(null);
    setCursor(null);
    const point = imagePoint(at);
    const target = event.target instanceof Element ? event.target.closest<SVGElement>('[data-mark]') : null;
    const mark = latest.current.marks.find((one) => one.id === target?.dataset.mark);
    // Between the two lines of a mark being drawn, what lies under the hand is not what it means.
    if (mark !== undefined && event.button === 0 && point !== null && drawing === null) {
      const index = target?.dataset.handle === undefined ? null : Number(target.dataset.handle);
      // A whole mark follows the hand only once it is the chosen one: a slip of the hand moves no measurement.
      if (index !== null || mark.id === latest.current.selected)
        drag.current = { kind: 'mark', pointer, mark, index, from: point, fromScreen: at, moved: false };
      latest.current.onSelect(mark.id);
      return;
    }
    if (!isMeasureTool(tool)) {
      drag.current = { kind: 'view', tool, pointer, last: at, carried: 0 };
      if (tool === 'crosshair' && point !== null) latest.current.onPoint(point);
      return;
    }
    if (point === null) return;
    drag.current = { kind: 'draw', pointer };
    take(press(tool, drawing, point));
  }

  function onPointerMove(event: PointerEvent<HTMLElement>): void {
    const handle = latest.current.handle();
    if (handle === null) return;
    const at = place(event);
    const one = drag.current;
    const isOurs = one === null || one.pointer === event.pointerId;
    if (!isOurs) return;
    if (one?.kind === 'view') {
      const delta: Point = [at[0] - one.last[0], at[1] - one.last[1]];
      one.last = at;
      latest.current.onActivity();
      const pointed = one.tool === 'crosshair' ? imagePoint(at) : null;
      if (pointed !== null) latest.current.onPoint(pointed);
      else viewBy(handle, one, delta);
      return;
    }
    const point = imagePoint(at);
    if (point === null) return;
    if (one?.kind === 'mark') {
      if (!one.moved && Math.hypot(at[0] - one.fromScreen[0], at[1] - one.fromScreen[1]) < 3) return;
      one.moved = true;
      latest.current.onActivity();
      hold(one.mark.id, one.mark.kind, movedPoints(one, point));
    } else if (drawing !== null && (one !== null || drawing.kind === 'angle')) {
      if (one !== null) latest.current.onActivity();
      take({ state: 'drawing', drawing: move(drawing, point) });
    }
  }

  function movedPoints({ mark, index, from }: MarkDrag, to: Point): readonly Point[] {
    const current = latest.current.handle()?.current() ?? null;
    const [x, y] = [to[0] - from[0], to[1] - from[1]];
    return mark.points.map((point, at) => {
      if (index !== null && index !== at) return point;
      const moved: Point = [point[0] + x, point[1] + y];
      return current === null ? point : within(moved, current.frame);
    });
  }

  function onPointerUp(event: PointerEvent<HTMLElement>): void {
    const one = drag.current;
    if (one === null || one.pointer !== event.pointerId) return;
    drag.current = null;
    if (one.kind === 'draw' && drawing !== null) take(release(drawing));
    if (one.kind !== 'mark') return;
    setInHand(null);
    const now = here();
    const point = imagePoint(place(event));
    if (!one.moved || point === null || now === null || !samePlace(now.place, one.mark.place)) return;
    const points = movedPoints(one, point);
    moveMark(one.mark, points);
  }

  /** A mark keeps the scale that it was drawn by: it is not moved to where another holds, or none. */
  function moveMark(mark: ImageMeasurement, points: readonly Point[]): void {
    const now = here();
    const at = now === null ? null : spacingAt(now.reference, mark.kind, points);
    if (at === null || 'refused' in at || (!isAnnotation(mark.kind) && !sameSpacing(at.spacing, mark.spacing))) return;
    latest.current.onMoved(mark.id, points, valuesOf(mark.kind, points, false));
  }

  const keys: HandKeys = {
    nudge: (right, down) => {
      const handle = latest.current.handle();
      const now = here();
      const zoom = handle?.state().zoom ?? null;
      if (handle === null || now === null || zoom === null) return;
      const held = grip === null ? undefined : latest.current.marks.find((one) => one.id === grip.id);
      const start = held?.points[grip?.index ?? 0] ?? cursor ?? [now.frame.columns / 2, now.frame.rows / 2];
      const screen = handle.toScreen(start);
      const moved = screen === null ? null : handle.toImage([screen[0] + right * zoom, screen[1] + down * zoom]);
      if (moved === null) return;
      // To sixteenths: what keys do and undo comes out the same.
      const [x, y] = within(moved, now.frame);
      const point: Point = [Math.round(x * 16) / 16, Math.round(y * 16) / 16];
      latest.current.onActivity();
      if (held === undefined || grip === null) {
        setCursor(point);
        return;
      }
      if (!samePlace(held.place, now.place)) return;
      const points = held.points.map((one, at) => (at === grip.index ? point : one));
      moveMark(held, points);
    },
    setPoint: () => {
      const { tool } = latest.current;
      const now = here();
      if (!isMeasureTool(tool) || now === null) return;
      const at = cursor ?? [now.frame.columns / 2, now.frame.rows / 2];
      setGrip(null);
      setCursor(at);
      take(setPoint(tool, drawing, at));
    },
    nextHandle: () => {
      const { marks, selected } = latest.current;
      const now = here();
      const mark = marks.find((one) => one.id === selected);
      if (mark === undefined || now === null || !samePlace(mark.place, now.place)) return;
      setGrip({ id: mark.id, index: grip?.id === mark.id ? (grip.index + 1) % mark.points.length : 0 });
    },
  };

  return {
    inHand,
    cursor,
    grip,
    keys,
    /** A drawing belongs to the image that it was begun on. */
    cancel: () => {
      drag.current = null;
      setDrawing(null);
      setInHand(null);
      setCursor(null);
      setGrip(null);
    },
    pointer: { onPointerDown, onPointerMove, onPointerUp },
  };
}

function viewBy(handle: ViewportHandle, one: ViewDrag, delta: Point): void {
  switch (one.tool) {
    case 'window': {
      const { window } = handle.state();
      if (window === null) return;
      // A screen's width goes through some ten widths of the window, whatever the unit.
      const step = Math.max(0.01, window.width / 250);
      handle.setWindow({
        width: Math.max(step, window.width + delta[0] * step),
        center: window.center + delta[1] * step,
      });
      return;
    }
    case 'pan':
      handle.panBy(delta);
      return;
    case 'zoom':
      handle.zoomBy(1.01 ** -delta[1]);
      return;
    case 'scroll': {
      one.carried += delta[1];
      const slices = Math.trunc(one.carried / slicePixels);
      if (slices === 0) return;
      one.carried -= slices * slicePixels;
      handle.goTo(handle.state().slice - 1 + slices);
    }
  }
}

export function isMeasureTool(tool: ViewerTool): tool is MeasurementKind {
  return Object.hasOwn(pointsOf, tool);
}
