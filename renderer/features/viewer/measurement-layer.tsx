import type { Point, ViewportHandle } from '../../imaging/index.ts';
import type { MeasureTool } from './measurement.ts';

export type DrawnMeasurement = {
  readonly id: string;
  readonly number: number;
  readonly imageId: string;
  readonly tool: MeasureTool;
  readonly points: readonly Point[];
  readonly text: string;
};

type Props = {
  readonly handle: ViewportHandle;
  readonly drawn: readonly DrawnMeasurement[];
  readonly draft: { readonly tool: MeasureTool; readonly points: readonly Point[]; readonly text: string } | null;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
};

/** Measures over the image, in screen pixels. They are drawn only over the very image that they were made on. */
export function MeasurementLayer({ handle, drawn, draft, selected, onSelect }: Props) {
  const all = [
    ...drawn.map((one) => ({ ...one, label: `${one.number} · ${one.text}` })),
    ...(draft === null ? [] : [{ ...draft, id: 'draft', label: draft.text }]),
  ];
  return (
    <svg className="measures" aria-hidden="true">
      {all.map((one) => {
        const points = one.points.map((point) => handle.toScreen(point)).filter((point) => point !== null);
        const [label] = [...points].sort((left, right) => left[1] - right[1]);
        if (label === undefined) return null;
        return (
          <g
            key={one.id}
            className={one.id === selected ? 'measure chosen' : 'measure'}
            onPointerDown={(event) => {
              if (one.id === 'draft') return;
              event.stopPropagation();
              onSelect(one.id);
            }}
          >
            <Shape tool={one.tool} points={points} corners={one.points} handle={handle} />
            <text x={label[0] + 6} y={label[1] - 6}>
              {one.label}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function Shape(props: {
  readonly tool: MeasureTool;
  readonly points: readonly Point[];
  readonly corners: readonly Point[];
  readonly handle: ViewportHandle;
}) {
  const { tool, points, corners, handle } = props;
  const [first] = points;
  if (first === undefined) return null;
  if (tool === 'probe') return <circle cx={first[0]} cy={first[1]} r={3} />;
  if (tool === 'length' || tool === 'angle') {
    return (
      <>
        <polyline points={points.map((point) => point.join(',')).join(' ')} />
        {points.map((point) => (
          <circle key={point.join(',')} cx={point[0]} cy={point[1]} r={2.5} />
        ))}
      </>
    );
  }
  const outline = outlineOf(tool, corners)
    .map((point) => handle.toScreen(point))
    .filter((point) => point !== null);
  return <polygon points={outline.map((point) => point.join(',')).join(' ')} />;
}

/** In image pixels, so that a turned or flipped image turns and flips its regions. */
function outlineOf(tool: 'ellipse' | 'rectangle', corners: readonly Point[]): readonly Point[] {
  const [one, other] = corners;
  if (one === undefined || other === undefined) return [];
  if (tool === 'rectangle') return [one, [other[0], one[1]], other, [one[0], other[1]]];
  const center = [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2] as const;
  return Array.from({ length: 64 }, (_, step) => {
    const angle = (step / 64) * 2 * Math.PI;
    return [
      center[0] + (Math.cos(angle) * (other[0] - one[0])) / 2,
      center[1] + (Math.sin(angle) * (other[1] - one[1])) / 2,
    ] as const;
  });
}
