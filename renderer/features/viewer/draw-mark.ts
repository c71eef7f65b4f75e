import {
  type ImageMeasurement,
  isRegion,
  measurementText,
  outlineOf,
  type Point,
} from '../../../shared/domain/measurement/index.ts';

const line = '#ffd65c';

/** One mark over a picture, as the measurement layer draws it over a viewport: its lines, and its number with what it says. */
export function drawMark(
  context: OffscreenCanvasRenderingContext2D,
  mark: ImageMeasurement,
  toCanvas: (point: Point) => Point,
): void {
  const points = mark.points.map(toCanvas);
  for (const path of pathsOf(mark, points, toCanvas)) stroke(context, path.points, path.closed);
  const [top] = [...points].sort((left, right) => left[1] - right[1]);
  const text = labelOf(mark);
  if (top === undefined || text === '') return;
  context.font = '500 18px sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  // Words that would leave the picture stand before the mark instead of behind it.
  const width = context.measureText(text).width;
  const x = Math.max(4, Math.min(top[0] + 8, context.canvas.width - width - 4));
  const y = Math.max(20, top[1] - 8);
  context.strokeStyle = '#000';
  context.lineWidth = 4;
  context.lineJoin = 'round';
  context.strokeText(text, x, y);
  context.fillStyle = line;
  context.fillText(text, x, y);
}

function labelOf(one: ImageMeasurement): string {
  const text = measurementText(one);
  if (one.kind === 'spine' || one.kind === 'text' || one.kind === 'arrow') return text;
  return `${one.number} · ${one.label === '' ? text : `${one.label}: ${text}`}`;
}

type Path = { readonly points: readonly Point[]; readonly closed: boolean };

function pathsOf(mark: ImageMeasurement, points: readonly Point[], toCanvas: (point: Point) => Point): readonly Path[] {
  const { kind } = mark;
  if (isRegion(kind)) return [{ points: outlineOf(kind, mark.points).map(toCanvas), closed: true }];
  const open = (some: readonly Point[]): Path => ({ points: some, closed: false });
  switch (kind) {
    case 'probe': {
      const [at] = points;
      if (at === undefined) return [];
      const cross = (x: number, y: number): Path =>
        open([
          [at[0] - x, at[1] - y],
          [at[0] + x, at[1] + y],
        ]);
      return [cross(7, 0), cross(0, 7)];
    }
    case 'text':
    case 'spine':
      return [];
    case 'length':
    case 'angle':
      return [open(points)];
    case 'arrow': {
      const [head, tail] = points;
      if (head === undefined || tail === undefined) return [];
      const angle = Math.atan2(tail[1] - head[1], tail[0] - head[0]);
      const barb = (turn: number): Point => [
        head[0] + 16 * Math.cos(angle + turn),
        head[1] + 16 * Math.sin(angle + turn),
      ];
      return [open([head, tail]), open([barb(0.45), head, barb(-0.45)])];
    }
    case 'bidirectional':
    case 'cobb':
    case 'heart-thorax':
      return [open(points.slice(0, 2)), open(points.slice(2, 4))];
  }
}

function stroke(context: OffscreenCanvasRenderingContext2D, points: readonly Point[], closed: boolean): void {
  for (const [colour, width] of [
    ['#000', 5],
    [line, 2.5],
  ] as const) {
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    if (closed) context.closePath();
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.lineJoin = 'round';
    context.stroke();
  }
}
