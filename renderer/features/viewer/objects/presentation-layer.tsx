import { Fragment, useId } from 'react';
import type { GraphicShape, Point, PresentedGraphics, Shutter, ViewportHandle } from '../../../imaging/index.ts';
import { type ColouredPlane, OverlayPlaneLayer } from './overlay-plane-layer.tsx';
import { PresentedWords, type ToScreen } from './presented-words.tsx';

type Props = {
  readonly handle: ViewportHandle;
  readonly graphics: PresentedGraphics;
  /** Of the image. */
  readonly columns: number;
  readonly rows: number;
};

/**
 * Shutters, overlay planes, graphics and words of a presentation state over the frame that it is for, in screen pixels. All of it is
 * another's words. A layer with planes lies over all that is below it, so what is above begins a sheet of its own.
 */
export function PresentationLayer({ handle, graphics, columns, rows }: Props) {
  const area = graphics.area ?? { from: [0, 0] as const, to: [columns, rows] as const };
  // What stands in shares of the displayed area neither turns nor flips with the image (PS3.3 C.10.5.1.1).
  const corners = cornersOf(handle, area.from, area.to);
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  const toScreen: ToScreen = (units, point) => {
    if (units === 'pixel') return handle.toScreen(point);
    if (corners.length < 4) return null;
    return [left + point[0] * (Math.max(...xs) - left), top + point[1] * (Math.max(...ys) - top)];
  };
  const { bitmapShutter, shutterColour } = graphics;
  return (
    <>
      {bitmapShutter === null ? null : (
        <OverlayPlaneLayer
          handle={handle}
          planes={[{ overlay: bitmapShutter, colour: shutterColour }]}
          rows={rows}
          columns={columns}
          name="Bitmap shutter of the presentation state"
        />
      )}
      {sheetsOf(graphics.layers).map((sheet, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sheet is its place.
        <Fragment key={at}>
          {sheet.planes.length === 0 ? null : (
            <OverlayPlaneLayer
              handle={handle}
              planes={sheet.planes}
              rows={rows}
              columns={columns}
              name="Overlay planes of the presentation state"
            />
          )}
          <svg className="measures presented" aria-hidden="true">
            {at === 0 ? <Shutters handle={handle} graphics={graphics} columns={columns} rows={rows} /> : null}
            {sheet.layers.map((layer) => (
              <g key={layer.name} style={layer.colour === null ? undefined : { color: layer.colour }}>
                {layer.shapes.map((shape, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: graphics have no other name than their place.
                  <Shape key={index} shape={shape} toScreen={toScreen} />
                ))}
                {layer.texts.map((text, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above.
                  <PresentedWords key={index} text={text} toScreen={toScreen} />
                ))}
              </g>
            ))}
          </svg>
        </Fragment>
      ))}
    </>
  );
}

type Layer = PresentedGraphics['layers'][number];
type Sheet = { readonly planes: readonly ColouredPlane[]; readonly layers: readonly Layer[] };

/** The first sheet also holds the shutters, so it begins without planes. */
function sheetsOf(layers: readonly Layer[]): readonly Sheet[] {
  const sheets: { planes: readonly ColouredPlane[]; layers: Layer[] }[] = [{ planes: [], layers: [] }];
  for (const layer of layers) {
    if (layer.planes.length > 0)
      sheets.push({ planes: layer.planes.map((overlay) => ({ overlay, colour: layer.colour })), layers: [] });
    sheets.at(-1)?.layers.push(layer);
  }
  return sheets;
}

/** Corners of a part of the image as they are seen, around it; fewer than four where nothing is drawn yet. */
function cornersOf(handle: ViewportHandle, from: Point, to: Point): readonly Point[] {
  return [from, [to[0], from[1]] as const, to, [from[0], to[1]] as const].flatMap((corner) => {
    const seen = handle.toScreen(corner);
    return seen === null ? [] : [seen];
  });
}

function Shutters({ handle, graphics, columns, rows }: Props) {
  const clip = useId();
  const image = pathOf(cornersOf(handle, [0, 0], [columns, rows]));
  if (graphics.shutters.length === 0 || image === '') return null;
  return (
    <>
      <clipPath id={clip}>
        <path d={`${image}Z`} />
      </clipPath>
      {graphics.shutters.map((shutter, at) => {
        const seen = outlineOfShutter(shutter).map((point) => handle.toScreen(point));
        const path = seen.includes(null) ? '' : pathOf(seen.filter((point) => point !== null));
        // Everything of the image but what the shutter leaves: the outline is a hole in a plane larger than any screen.
        return path === '' ? null : (
          <path
            // biome-ignore lint/suspicious/noArrayIndexKey: a shutter is its place.
            key={at}
            className="shutter"
            clipPath={`url(#${clip})`}
            fillRule="evenodd"
            style={{ fill: graphics.shutterColour }}
            d={`M-20000,-20000H40000V40000H-20000Z${path}Z`}
          />
        );
      })}
    </>
  );
}

/** In image pixels, whole numbers being corners. */
function outlineOfShutter(shutter: Shutter): readonly Point[] {
  if (shutter.kind === 'polygon') return shutter.points.map(([x, y]): Point => [x - 0.5, y - 0.5]);
  if (shutter.kind === 'rectangle')
    return [
      [shutter.left - 1, shutter.upper - 1],
      [shutter.right, shutter.upper - 1],
      [shutter.right, shutter.lower],
      [shutter.left - 1, shutter.lower],
    ];
  const { center, radius } = shutter;
  return round(96, (turn) => [center[0] - 0.5 + radius * Math.cos(turn), center[1] - 0.5 + radius * Math.sin(turn)]);
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
  const { style } = shape;
  const line = style?.colour ?? undefined;
  if (shape.type === 'point')
    return <circle className="dot" cx={first[0]} cy={first[1]} r={3} style={{ fill: line }} />;
  const fill = shape.filled ? (style?.fill ?? null) : null;
  return (
    <path
      className={shape.filled ? 'filled' : undefined}
      style={
        style === null
          ? undefined
          : {
              stroke: line,
              strokeOpacity: style.opacity,
              strokeWidth: 1.5 * style.thickness,
              strokeDasharray: style.dashed ? '6 4' : undefined,
              ...(fill === null ? {} : { fill: fill.colour ?? 'currentColor', fillOpacity: fill.opacity }),
            }
      }
      d={pathOf(points)}
    />
  );
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
