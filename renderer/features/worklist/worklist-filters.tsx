import type { Ref } from 'react';
import { Button, Chip, Mark } from '../../ui/index.ts';
import type { Tally } from './list-tally.ts';
import { type Filter, marks, type Mark as RowMark } from './order-rows.ts';

const markWords: Readonly<Record<RowMark, string>> = {
  unread: 'Unread',
  mine: 'Mine',
  'to-sign': 'To sign',
  late: 'Late',
  'no-order': 'No order',
  'no-images': 'No images',
  identity: 'Identity',
};

const upperFirst = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function toggled<Item>(set: ReadonlySet<Item>, item: Item): ReadonlySet<Item> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

/** Buttons with the count of what each would show, the text filter, and the changes that wait. */
export function WorklistFilters(props: {
  readonly tally: Tally;
  readonly filter: Filter;
  readonly held: number;
  /** When the list was last confirmed, in words; null while it is live. */
  readonly confirmed: string | null;
  readonly textRef: Ref<HTMLInputElement>;
  readonly onFilter: (filter: Filter) => void;
  readonly onShowChanges: () => void;
  readonly onLeaveText: () => void;
}) {
  const { tally, filter } = props;
  const { greyed, byModality, byMark } = tally;
  return (
    <div className="worklist-filters" role="toolbar" aria-label="Filters">
      <input
        ref={props.textRef}
        className="find-input"
        type="search"
        aria-label="Filter the list"
        placeholder="Filter  /"
        value={filter.text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => props.onFilter({ ...filter, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            props.onFilter({ ...filter, text: '' });
            props.onLeaveText();
          } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
            event.preventDefault();
            props.onLeaveText();
          }
        }}
      />
      <div className="chips">
        {marks.map((mark) => {
          const count = byMark.get(mark) ?? 0;
          const pressed = filter.marks.has(mark);
          return count === 0 && !pressed ? null : (
            <Chip
              key={mark}
              pressed={pressed}
              count={count}
              onClick={() => props.onFilter({ ...filter, marks: toggled(filter.marks, mark) })}
            >
              {markWords[mark]}
            </Chip>
          );
        })}
        {[...byModality].sort().map(([modality, count]) => (
          <Chip
            key={modality}
            pressed={filter.modalities.has(modality)}
            title={`${count} ${count === 1 ? 'study' : 'studies'}`}
            onClick={() => props.onFilter({ ...filter, modalities: toggled(filter.modalities, modality) })}
          >
            {modality}
          </Chip>
        ))}
        {greyed === 0 ? null : (
          <Chip
            pressed={filter.greyed}
            count={greyed}
            onClick={() => props.onFilter({ ...filter, greyed: !filter.greyed })}
          >
            Greyed
          </Chip>
        )}
      </div>
      <span className="grow" />
      {props.confirmed === null ? null : (
        <span className="confirmed signal" role="status" aria-label="State of the list">
          <Mark shape="diamond" /> {upperFirst(props.confirmed)}
        </span>
      )}
      {props.held === 0 ? null : (
        <span className="held" role="status">
          <span className="mute">
            <span className="signal">
              {props.held} {props.held === 1 ? 'change' : 'changes'} held
            </span>
            <span className="where"> while you are in the list</span>
          </span>
          <Button keys="U" onClick={props.onShowChanges}>
            Show
          </Button>
        </span>
      )}
    </div>
  );
}
