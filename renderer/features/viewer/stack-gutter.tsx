import type { FrameReference } from '../../imaging/index.ts';

type Props = {
  readonly frames: readonly FrameReference[];
  /** 1-based. */
  readonly slice: number;
  readonly seen: ReadonlySet<string>;
  readonly onPick: (index: number) => void;
};

/** The stack at a viewport's right edge: light where it was shown, dark where never, a notch where it is now. */
export function StackGutter({ frames, slice, seen, onPick }: Props) {
  const count = frames.length;
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
        <title>Shown and not shown</title>
        {seenRuns(frames, seen).map(([from, to]) => (
          <rect key={from} className="seen" x={2} width={5} y={from} height={to - from} />
        ))}
        <rect className="here" x={0} width={9} y={slice - 1} height={Math.max(1, count / 120)} />
      </svg>
    </div>
  );
}

/** Half-open runs of slices that were painted. */
export function seenRuns(
  frames: readonly { readonly imageId: string }[],
  seen: ReadonlySet<string>,
): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  frames.forEach((frame, index) => {
    if (!seen.has(frame.imageId)) return;
    const last = runs.at(-1);
    if (last !== undefined && last[1] === index) last[1] = index + 1;
    else runs.push([index, index + 1]);
  });
  return runs;
}
