import { type PointerEvent, useEffect, useRef, useState } from 'react';
import type { ViewerTool } from '../../case/index.ts';
import type { Point, ViewportHandle } from '../../imaging/index.ts';
import { type MeasureTool, measure, pointsNeeded } from './measurement.ts';

export type Draft = { readonly tool: MeasureTool; readonly points: readonly Point[]; readonly text: string };
export type FinishedMeasure = {
  readonly tool: MeasureTool;
  readonly points: readonly Point[];
  readonly value: number;
  readonly unit: string;
  readonly text: string;
  readonly imageId: string;
  readonly instanceUid: string;
  readonly frame: number;
  readonly seriesUid: string;
  readonly studyUid: string;
};

type Drag = { readonly tool: ViewerTool; readonly pointer: number; last: Point; carried: number; moved: boolean };

const slicePixels = 6;

/** What the mouse does in a viewport: left button the chosen tool, middle pan, right zoom, wheel slices (with Ctrl: zoom). */
export function useHand(options: {
  readonly tool: ViewerTool;
  readonly handle: () => ViewportHandle | null;
  readonly surface: () => HTMLElement | null;
  readonly onMeasure: (measure: FinishedMeasure) => void;
  readonly onActivity: () => void;
}) {
  const [draft, setDraft] = useState<Draft | null>(null);
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
      if (event.ctrlKey) {
        handle.zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
        return;
      }
      // A notch of a wheel is some 100 units; a touch pad sends many small ones, which add up to slices.
      carried += event.deltaMode === 1 ? event.deltaY * 33 : event.deltaY;
      const slices = Math.abs(event.deltaY) >= 50 ? Math.sign(event.deltaY) : Math.trunc(carried / 50);
      if (slices === 0) return;
      carried = 0;
      handle.goTo(handle.state().slice - 1 + slices);
    };
    surface.addEventListener('wheel', onWheel, { passive: false });
    return () => surface.removeEventListener('wheel', onWheel);
  }, []);

  function place(event: PointerEvent): Point {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  function extend(tool: MeasureTool, points: readonly Point[], finished: boolean): void {
    const handle = latest.current.handle();
    const current = handle?.current() ?? null;
    if (current === null) {
      setDraft(null);
      return;
    }
    const result = measure(tool, points, current.reference, current.frame);
    if (!finished) {
      setDraft({ tool, points, text: result?.text ?? '' });
      return;
    }
    setDraft(null);
    const [first, second] = points;
    const still =
      first !== undefined && second !== undefined && Math.hypot(first[0] - second[0], first[1] - second[1]) < 0.5;
    if (result === null || still) return;
    latest.current.onMeasure({
      ...result,
      tool,
      points,
      imageId: current.reference.imageId,
      instanceUid: current.reference.instanceUid,
      frame: current.reference.frame,
      seriesUid: current.series.seriesUid,
      studyUid: current.series.studyUid,
    });
  }

  function onPointerDown(event: PointerEvent<HTMLElement>): void {
    const handle = latest.current.handle();
    if (handle === null) return;
    const tool: ViewerTool = event.button === 1 ? 'pan' : event.button === 2 ? 'zoom' : latest.current.tool;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = place(event);
    drag.current = { tool, pointer: event.pointerId, last: at, carried: 0, moved: false };
    if (!isMeasureTool(tool)) return;
    const point = handle.toImage(at);
    if (point === null) return;
    if (draft !== null && draft.tool === 'angle' && tool === 'angle') {
      // The second press of an angle sets its other leg.
      extend('angle', [...draft.points.slice(0, 2), point], draft.points.length >= 2);
      drag.current = null;
      return;
    }
    extend(tool, pointsNeeded[tool] === 1 ? [point] : [point, point], tool === 'probe');
    if (tool === 'probe') drag.current = null;
  }

  function onPointerMove(event: PointerEvent<HTMLElement>): void {
    const handle = latest.current.handle();
    const at = place(event);
    if (handle === null) return;
    if (drag.current === null) {
      if (draft?.tool !== 'angle') return;
      const point = handle.toImage(at);
      if (point !== null) extend('angle', [...draft.points.slice(0, 2), point], false);
      return;
    }
    const one = drag.current;
    if (one.pointer !== event.pointerId) return;
    const delta: Point = [at[0] - one.last[0], at[1] - one.last[1]];
    one.last = at;
    one.moved = true;
    latest.current.onActivity();
    dragBy(handle, one, delta, at);
  }

  function dragBy(handle: ViewportHandle, one: Drag, delta: Point, at: Point): void {
    if (isMeasureTool(one.tool)) {
      const point = handle.toImage(at);
      const [first] = draft?.points ?? [];
      if (point !== null && first !== undefined) extend(one.tool, [first, point], false);
      return;
    }
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

  function onPointerUp(event: PointerEvent<HTMLElement>): void {
    const one = drag.current;
    drag.current = null;
    if (one === null || one.pointer !== event.pointerId || !isMeasureTool(one.tool) || draft === null) return;
    if (one.tool === 'angle') return;
    extend(one.tool, draft.points, true);
  }

  return {
    draft,
    /** A draft belongs to the image that it was begun on. */
    cancelDraft: () => {
      drag.current = null;
      setDraft(null);
    },
    pointer: { onPointerDown, onPointerMove, onPointerUp },
  };
}

function isMeasureTool(tool: ViewerTool): tool is MeasureTool {
  return Object.hasOwn(pointsNeeded, tool);
}
