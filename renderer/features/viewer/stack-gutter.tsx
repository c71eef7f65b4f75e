import { type SeriesCoverage, type ShownWindow, shownAt } from '../../../shared/domain/coverage/index.ts';
import { shownTitle } from './coverage-words.ts';

type Props = {
  readonly seen: SeriesCoverage;
  /** 1-based. */
  readonly slice: number;
  /** The window in which the viewport shows its slices now. */
  readonly window: ShownWindow | null;
  readonly onPick: (index: number) => void;
};

/**
 * The stack at a viewport's right edge: dark where it was never shown, light where it was, lightest at the window of now; a thin line
 * where slices were shown pixel for pixel, a notch where it is now. For the reader alone.
 */
export function StackGutter({ seen, slice, window, onPick }: Props) {
  const count = seen.frames.length;
  return (
    <div
      className="gutter"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.stopPropagation();
        const box = event.currentTarget.getBoundingClientRect();
        onPick(Math.floor(((event.clientY - box.top) / Math.max(1, box.height)) * count));
      }}
    >
      <svg viewBox={`0 0 9 ${count}`} preserveAspectRatio="none">
        <title>{shownTitle(seen)}</title>
        {seen.shown.map(([from, to]) => (
          <rect key={from} className="seen" x={2} width={4} y={from} height={to - from} />
        ))}
        {shownAt(seen, window).map(([from, to]) => (
          <rect key={from} className="seen now" x={2} width={4} y={from} height={to - from} />
        ))}
        {seen.full.map(([from, to]) => (
          <rect key={from} className="seen full" x={7} width={1} y={from} height={to - from} />
        ))}
        <rect className="here" x={0} width={9} y={slice - 1} height={Math.max(1, count / 120)} />
      </svg>
    </div>
  );
}
