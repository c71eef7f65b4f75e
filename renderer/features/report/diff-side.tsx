import type { DiffPart } from '../../../shared/lib/word-diff.ts';

/** One of two texts that stand beside each other, with what the other does not have marked. `drop`: the parts that are the other's. */
export function DiffSide({
  title,
  parts,
  drop,
}: {
  readonly title: string;
  readonly parts: readonly DiffPart[];
  readonly drop: 'gone' | 'new';
}) {
  return (
    <div>
      <h4 className="mute small">{title}</h4>
      <p className="report-text">
        {parts.map((part, at) => {
          if (part.kind === drop) return null;
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one comparison never move
          if (part.kind === 'same') return <span key={at}>{part.text}</span>;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one comparison never move
            <mark key={at} className="report-differs">
              {part.text}
            </mark>
          );
        })}
      </p>
    </div>
  );
}
