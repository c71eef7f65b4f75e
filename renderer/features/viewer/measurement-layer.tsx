import {
  type ImageMeasurement,
  isRegion,
  type MeasurementKind,
  measurementText,
  outlineOf,
  type Point,
} from '../../../shared/domain/measurement/index.ts';
import type { ViewportHandle } from '../../imaging/index.ts';
import type { InHand } from './use-hand.ts';

type Props = {
  readonly handle: ViewportHandle;
  /** Only those of the very frame on the canvas. */
  readonly marks: readonly ImageMeasurement[];
  readonly inHand: InHand | null;
  readonly selected: string | null;
  readonly cursor: Point | null;
  readonly grip: { readonly id: string; readonly index: number } | null;
};

type Drawn = {
  readonly id: string | null;
  readonly kind: MeasurementKind;
  readonly points: readonly Point[];
  readonly label: string;
};

/** Marks over the image, in screen pixels, computed from image pixels: a turned or flipped image turns and flips them. */
export function MeasurementLayer({ handle, marks, inHand, selected, cursor, grip }: Props) {
  const all: readonly Drawn[] = [
    ...marks
      .filter((one) => one.id !== inHand?.id)
      .map((one) => ({ ...one, label: one.number === 0 ? `SR ${labelOf(one)}` : `${one.number} · ${labelOf(one)}` })),
    ...(inHand === null ? [] : [{ ...inHand, label: inHand.text }]),
  ];
  const cross = cursor === null ? null : handle.toScreen(cursor);
  return (
    <svg className="measures" aria-hidden="true">
      {all.map((one) => (
        <Mark
          key={one.id ?? 'in hand'}
          drawn={one}
          handle={handle}
          chosen={one.id !== null && one.id === selected}
          held={grip !== null && grip.id === one.id ? grip.index : null}
        />
      ))}
      {cross === null ? null : (
        <path className="crosshair" d={`M${cross[0] - 12},${cross[1]}h9m6,0h9M${cross[0]},${cross[1] - 12}v9m0,6v9`} />
      )}
    </svg>
  );
}

function labelOf(one: ImageMeasurement): string {
  const text = measurementText(one);
  if (one.kind === 'spine' || one.kind === 'text' || one.kind === 'arrow') return text === '' ? '?' : text;
  return one.label === '' ? text : `${one.label}: ${text}`;
}

function Mark(props: {
  readonly drawn: Drawn;
  readonly handle: ViewportHandle;
  readonly chosen: boolean;
  readonly held: number | null;
}) {
  const { drawn, handle, chosen, held } = props;
  const points = drawn.points.map((point) => handle.toScreen(point)).filter((point) => point !== null);
  const [label] = [...points].sort((left, right) => left[1] - right[1]);
  if (label === undefined) return null;
  const isTold = drawn.id?.startsWith('told ') === true;
  const id = isTold ? undefined : (drawn.id ?? undefined);
  // A drawn outline has more points than hands want to see.
  const handles = drawn.kind === 'freehand' || isTold ? [] : points;
  return (
    <g className={`measure${chosen ? ' chosen' : ''}${isTold ? ' told' : ''}`} data-mark={id}>
      <Shape kind={drawn.kind} points={points} corners={drawn.points} handle={handle} />
      {handles.map((point, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a handle is its place in the mark.
        <g key={index}>
          <circle
            className={held === index ? 'dot held' : 'dot'}
            cx={point[0]}
            cy={point[1]}
            r={held === index ? 5 : 3}
          />
          <circle className="grab" data-mark={id} data-handle={index} cx={point[0]} cy={point[1]} r={9} />
        </g>
      ))}
      {drawn.label === '' ? null : (
        <text x={label[0] + 6} y={label[1] - 6}>
          {drawn.label}
        </text>
      )}
    </g>
  );
}

function Shape(props: {
  readonly kind: MeasurementKind;
  readonly points: readonly Point[];
  readonly corners: readonly Point[];
  readonly handle: ViewportHandle;
}) {
  const { kind, points, corners, handle } = props;
  if (isRegion(kind)) {
    const outline = outlineOf(kind, corners)
      .map((point) => handle.toScreen(point))
      .filter((point) => point !== null);
    return <polygon points={joined(outline)} />;
  }
  switch (kind) {
    case 'probe':
    case 'text':
    case 'spine':
      return null;
    case 'length':
    case 'angle':
      return <polyline points={joined(points)} />;
    case 'arrow': {
      const [head, tail] = points;
      if (head === undefined || tail === undefined) return null;
      const angle = Math.atan2(tail[1] - head[1], tail[0] - head[0]);
      const barb = (turn: number): Point => [
        head[0] + 11 * Math.cos(angle + turn),
        head[1] + 11 * Math.sin(angle + turn),
      ];
      return (
        <>
          <polyline points={joined([head, tail])} />
          <polyline points={joined([barb(0.45), head, barb(-0.45)])} />
        </>
      );
    }
    case 'bidirectional':
    case 'cobb':
    case 'heart-thorax':
      return (
        <>
          <polyline points={joined(points.slice(0, 2))} />
          <polyline points={joined(points.slice(2, 4))} />
          {kind === 'cobb' && points.length === 4 ? (
            <polyline className="faint" points={joined(middles(points))} />
          ) : null}
        </>
      );
  }
}

const joined = (points: readonly Point[]): string => points.map((point) => point.join(',')).join(' ');

function middles(points: readonly Point[]): readonly Point[] {
  const [a, b, c, d] = points;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return [];
  return [
    [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
    [(c[0] + d[0]) / 2, (c[1] + d[1]) / 2],
  ];
}
