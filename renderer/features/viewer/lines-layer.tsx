import { useSyncExternalStore } from 'react';
import {
  type Plane,
  type PlaneKind,
  pixelOnPlane,
  referenceLine,
  type Vector,
} from '../../../shared/domain/volume/index.ts';
import { type Point, planeOfFrame, type ViewportHandle } from '../../imaging/index.ts';
import { type ShownFrames, sameSpace } from './shown-frames.ts';
import type { SpacePoint } from './use-volumes.ts';

type Props = {
  readonly slot: number;
  readonly handle: ViewportHandle;
  readonly shown: ShownFrames;
  readonly lines: boolean;
  readonly point: SpacePoint | null;
};

const names: { readonly [Kind in PlaneKind]: string } = {
  axial: 'axial',
  coronal: 'coronal',
  sagittal: 'sagittal',
  oblique: 'oblique',
};

/** Where the other viewports' images cut this one, and the crosshair's point. Only for the frame that is on the canvas. */
export function LinesLayer({ slot, handle, shown, lines, point }: Props) {
  useSyncExternalStore(shown.subscribe, shown.version);
  const here = shown.at(slot);
  const plane = here === null ? null : planeOfFrame(here.reference);
  if (here === null || plane === null || handle.state().covered) return null;
  const others = lines
    ? shown.all().filter(([other, one]) => other !== slot && sameSpace(one.series, here.series))
    : [];
  const cross = point !== null && sameSpace(point.series, here.series) ? onScreen(handle, plane, point.place) : null;
  return (
    <svg className="plane-lines" aria-hidden="true">
      {others.map(([other, one]) => {
        const theirs = planeOfFrame(one.reference);
        const line = theirs === null ? null : referenceLine(plane, theirs);
        const ends = line?.map((end) => onScreen(handle, plane, end)) ?? [];
        const [from, to] = ends;
        if (from == null || to == null) return null;
        const kind = one.series.computed?.kind;
        const [label, far] = from[0] <= to[0] ? [from, to] : [to, from];
        // Off the middle of the edge, where the letters of the sides stand.
        const at = (axis: 0 | 1): number => label[axis] + 0.12 * (far[axis] - label[axis]);
        return (
          <g key={other} className={`reference ${kind ?? 'stack'}`}>
            <line x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} />
            <text x={at(0) + 4} y={at(1) - 4}>
              {kind === undefined ? `${other + 1}` : names[kind]}
            </text>
          </g>
        );
      })}
      {cross === null ? null : (
        <path className="cross" d={`M${cross[0] - 14},${cross[1]}h9m10,0h9M${cross[0]},${cross[1] - 14}v9m0,10v9`} />
      )}
    </svg>
  );
}

function onScreen(handle: ViewportHandle, plane: Plane, place: Vector): Point | null {
  const { pixel } = pixelOnPlane(plane, place);
  return handle.toScreen([pixel[0], pixel[1]]);
}
