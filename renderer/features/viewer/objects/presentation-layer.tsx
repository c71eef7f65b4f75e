import type {
  GraphicShape,
  GraphicText,
  GraphicUnits,
  Point,
  PresentedGraphics,
  ViewportHandle,
} from '../../../imaging/index.ts';

type Props = {
  readonly handle: ViewportHandle;
  readonly graphics: PresentedGraphics;
  /** Of the image. */
  readonly columns: number;
  readonly rows: number;
};

/** Places of one unit on the screen; null where they cannot be known. */
type ToScreen = (units: GraphicUnits, point: Point) => Point | null;

/** Shutters, graphics and words of a presentation state over the frame that it is for, in screen pixels. All of it is another's words. */
export function PresentationLayer({ handle, graphics, columns, rows }: Props) {
  const area = graphics.area ?? { from: [0, 0] as const, to: [columns, rows] as const };
  // What stands in shares of the displayed area neither turns nor flips with the image (PS3.3 C.10.5.1.1).
  const corners = [
    area.from,
    area.to,
    [area.from[0], area.to[1]] as const,
    [area.to[0], area.from[1]] as const,
  ].flatMap((corner) => {
    const seen = handle.toScreen(corner);
    return seen === null ? [] : [seen];
  });
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  const toScreen: ToScreen = (units, point) => {
    if (units === 'pixel') return handle.toScreen(point);
    if (corners.length < 4) return null;
    return [left + point[0] * (Math.max(...xs) - left), top + point[1] * (Math.max(...ys) - top)];
  };
  return (
    <svg className="measures presented" aria-hidden="true">
      <Shutters handle={handle} graphics={graphics} />
      {graphics.layers.map((layer) => (
        <g key={layer.name} style={layer.colour === null ? undefined : { color: layer.colour }}>
          {layer.shapes.map((shape, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: graphics have no other name than their place.
            <Shape key={at} shape={shape} toScreen={toScreen} />
          ))}
          {layer.texts.map((text, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above.
            <Words key={at} text={text} toScreen={toScreen} />
          ))}
        </g>
      ))}
    </svg>
  );
}

function Shutters({ handle, graphics }: Pick<Props, 'handle' | 'graphics'>) {
  const grey = Math.round(graphics.shutterGrey * 255);
  return graphics.shutters.map((shutter, at) => {
    const outline: readonly Point[] =
      shutter.kind === 'rectangle'
        ? [
            [shutter.left - 1, shutter.upper - 1],
            [shutter.right, shutter.upper - 1],
            [shutter.right, shutter.lower],
            [shutter.left - 1, shutter.lower],
          ]
        : shutter.kind === 'polygon'
          ? shutter.points.map(([x, y]): Point => [x - 0.5, y - 0.5])
          : round(96, (turn) => [
              shutter.center[0] - 0.5 + shutter.radius * Math.cos(turn),
              shutter.center[1] - 0.5 + shutter.radius * Math.sin(turn),
            ]);
    const path = pathOf(
      outline.flatMap((point) => handle.toScreen(point) ?? []).length === outline.length * 2
        ? outline.map((point) => handle.toScreen(point) ?? point)
        : [],
    );
    // Everything but what the shutter leaves: the outline is a hole in a plane larger than any screen.
    return path === '' ? null : (
      <path
        // biome-ignore lint/suspicious/noArrayIndexKey: a shutter is its place.
        key={at}
        className="shutter"
        fillRule="evenodd"
        style={{ fill: `rgb(${grey} ${grey} ${grey})` }}
        d={`M-20000,-20000H40000V40000H-20000Z${path}Z`}
      />
    );
  });
}

function round(steps: number, at: (turn: number) => Point): readonly Point[] {
  return Array.from({ length: steps }, (_, step) => at((step / steps) * 2 * Math.PI));
}

function pathOf(points: readonly Point[]): string {
  return points.length === 0 ? '' : `M${points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join('L')}`;
}

function Shape({ shape, toScreen }: { readonly shape: GraphicShape; readonly toScreen: ToScreen }) {
  const outline = outlineOf(shape).map((point) => toScreen(shape.units, point));
  if (outline.includes(null)) return null;
  const points = outline.filter((point) => point !== null);
  const [first] = points;
  if (first === undefined) return null;
  if (shape.type === 'point') return <circle className="dot" cx={first[0]} cy={first[1]} r={3} />;
  return <path className={shape.filled ? 'filled' : undefined} d={pathOf(points)} />;
}

/** Points along a graphic in its own units (PS3.3 C.10.5.1.2). */
function outlineOf({ type, points }: GraphicShape): readonly Point[] {
  const [a, b, c, d] = points;
  if (type === 'circle' && a !== undefined && b !== undefined) {
    const radius = Math.hypot(b[0] - a[0], b[1] - a[1]);
    return [
      ...round(72, (turn) => [a[0] + radius * Math.cos(turn), a[1] + radius * Math.sin(turn)]),
      [a[0] + radius, a[1]],
    ];
  }
  if (type === 'ellipse' && a !== undefined && b !== undefined && c !== undefined && d !== undefined) {
    const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const long: Point = [a[0] - middle[0], a[1] - middle[1]];
    const short: Point = [(c[0] - d[0]) / 2, (c[1] - d[1]) / 2];
    const at = (turn: number): Point => [
      middle[0] + long[0] * Math.cos(turn) + short[0] * Math.sin(turn),
      middle[1] + long[1] * Math.cos(turn) + short[1] * Math.sin(turn),
    ];
    return [...round(72, at), at(0)];
  }
  return type === 'interpolated' ? curved(points) : points;
}

/** A Catmull-Rom curve through all points: the standard leaves open which curve is meant. */
function curved(points: readonly Point[]): readonly Point[] {
  if (points.length < 3) return points;
  const at = (index: number): Point => points[Math.min(points.length - 1, Math.max(0, index))] ?? [0, 0];
  const steps = points.length > 500 ? 1 : 8;
  const curve = points.slice(0, -1).flatMap((_, index) =>
    Array.from({ length: steps }, (_step, step): Point => {
      const t = step / steps;
      const [p0, p1, p2, p3] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
      const axis = (k: 0 | 1): number =>
        0.5 *
        (2 * p1[k] +
          (p2[k] - p0[k]) * t +
          (2 * p0[k] - 5 * p1[k] + 4 * p2[k] - p3[k]) * t ** 2 +
          (3 * p1[k] - p0[k] - 3 * p2[k] + p3[k]) * t ** 3);
      return [axis(0), axis(1)];
    }),
  );
  return [...curve, at(points.length - 1)];
}

function Words({ text, toScreen }: { readonly text: GraphicText; readonly toScreen: ToScreen }) {
  const anchor = text.anchor === null ? null : toScreen(text.anchor.units, text.anchor.at);
  const from = text.box === null ? null : toScreen(text.box.units, text.box.from);
  const to = text.box === null ? null : toScreen(text.box.units, text.box.to);
  const box =
    from === null || to === null
      ? null
      : {
          left: Math.min(from[0], to[0]),
          right: Math.max(from[0], to[0]),
          top: Math.min(from[1], to[1]),
          bottom: Math.max(from[1], to[1]),
        };
  const at: Point | null =
    box !== null
      ? [text.align === 'right' ? box.right : text.align === 'center' ? (box.left + box.right) / 2 : box.left, box.top]
      : anchor === null
        ? null
        : [anchor[0] + 6, anchor[1] - 14];
  if (at === null) return null;
  const ends = { left: 'start', center: 'middle', right: 'end' } as const;
  return (
    <>
      {anchor !== null && text.anchor?.visible === true && box !== null ? (
        <path
          className="faint"
          d={`M${anchor[0]},${anchor[1]}L${(box.left + box.right) / 2},${(box.top + box.bottom) / 2}`}
        />
      ) : null}
      <text textAnchor={box === null ? 'start' : ends[text.align]}>
        {text.words
          .split('\n')
          .slice(0, 40)
          .map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
            <tspan key={index} x={at[0]} y={at[1] + 13 + index * 15}>
              {line}
            </tspan>
          ))}
      </text>
    </>
  );
}
