import type { GraphicText, GraphicUnits, Point } from '../../../imaging/index.ts';

/** Places of one unit on the screen; null where they cannot be known. */
export type ToScreen = (units: GraphicUnits, point: Point) => Point | null;

const lineHeight = 15;
const mostLines = 40;

/** Words of a presentation state in their box or beside their anchor (PS3.3 C.10.5.1.1). */
export function PresentedWords({ text, toScreen }: { readonly text: GraphicText; readonly toScreen: ToScreen }) {
  const anchor = text.anchor === null ? null : toScreen(text.anchor.units, text.anchor.at);
  const from = text.box === null ? null : toScreen(text.box.units, text.box.from);
  const to = text.box === null ? null : toScreen(text.box.units, text.box.to);
  const box = from === null || to === null ? null : boxOf(from, to);
  const lines = text.words.split('\n').slice(0, mostLines);
  const at =
    box === null
      ? anchor === null
        ? null
        : ([anchor[0] + 6, anchor[1] - 14] as const)
      : placeIn(box, text, lines.length);
  if (at === null) return null;
  const { style } = text;
  const ends = { left: 'start', center: 'middle', right: 'end' } as const;
  return (
    <>
      {anchor !== null && text.anchor?.visible === true && box !== null ? (
        <path
          className="faint"
          d={`M${anchor[0]},${anchor[1]}L${(box.left + box.right) / 2},${(box.top + box.bottom) / 2}`}
        />
      ) : null}
      <text
        textAnchor={box === null ? 'start' : ends[text.align]}
        style={
          style === null
            ? undefined
            : {
                fill: style.colour ?? undefined,
                fontWeight: style.bold ? 700 : undefined,
                fontStyle: style.italic ? 'italic' : undefined,
                textDecoration: style.underlined ? 'underline' : undefined,
              }
        }
      >
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
          <tspan key={index} x={at[0]} y={at[1] + 13 + index * lineHeight}>
            {line}
          </tspan>
        ))}
      </text>
    </>
  );
}

type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

function boxOf(from: Point, to: Point): Box {
  return {
    left: Math.min(from[0], to[0]),
    right: Math.max(from[0], to[0]),
    top: Math.min(from[1], to[1]),
    bottom: Math.max(from[1], to[1]),
  };
}

function placeIn(box: Box, { align, style }: GraphicText, lines: number): Point {
  const x = align === 'right' ? box.right : align === 'center' ? (box.left + box.right) / 2 : box.left;
  // Never above the box: its first line is what is read first.
  const spare = Math.max(0, box.bottom - box.top - lines * lineHeight);
  const share = style?.vertical === 'bottom' ? 1 : style?.vertical === 'center' ? 0.5 : 0;
  return [x, box.top + spare * share];
}
