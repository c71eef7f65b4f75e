import { type Ref, useMemo } from 'react';
import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import { Button, Chip } from '../../ui/index.ts';
import { type Filter, hasMark, type Mark, modalityGroup } from './order-rows.ts';

const marks: readonly { readonly mark: Mark; readonly words: string }[] = [
  { mark: 'unread', words: 'Unread' },
  { mark: 'mine', words: 'Mine' },
  { mark: 'late', words: 'Late' },
  { mark: 'no-order', words: 'No order' },
  { mark: 'no-images', words: 'No images' },
  { mark: 'identity', words: 'Identity' },
];

function toggled<Item>(set: ReadonlySet<Item>, item: Item): ReadonlySet<Item> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

type Counts = {
  readonly greyed: number;
  readonly byModality: ReadonlyMap<string, number>;
  readonly byMark: ReadonlyMap<Mark, number>;
};

function countsOf(rows: readonly WorklistRow[], me: ReaderId, now: number): Counts {
  let greyed = 0;
  const byModality = new Map<string, number>();
  const byMark = new Map<Mark, number>();
  for (const row of rows) {
    if (!row.mayRead.allowed) greyed += 1;
    const group = modalityGroup(row.modality);
    if (group !== '') byModality.set(group, (byModality.get(group) ?? 0) + 1);
    for (const { mark } of marks) if (hasMark(row, mark, me, now)) byMark.set(mark, (byMark.get(mark) ?? 0) + 1);
  }
  return { greyed, byModality, byMark };
}

/** Buttons with the count of what each would show, the text filter, and the changes that wait. */
export function WorklistFilters(props: {
  readonly rows: readonly WorklistRow[];
  readonly filter: Filter;
  readonly me: ReaderId;
  readonly now: number;
  readonly held: number;
  readonly textRef: Ref<HTMLInputElement>;
  readonly onFilter: (filter: Filter) => void;
  readonly onShowChanges: () => void;
  readonly onLeaveText: () => void;
}) {
  const { rows, filter, me, now } = props;
  const { greyed, byModality, byMark } = useMemo(() => countsOf(rows, me, now), [rows, me, now]);
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
        {marks.map(({ mark, words }) => {
          const count = byMark.get(mark) ?? 0;
          const pressed = filter.marks.has(mark);
          return count === 0 && !pressed ? null : (
            <Chip
              key={mark}
              pressed={pressed}
              count={count}
              onClick={() => props.onFilter({ ...filter, marks: toggled(filter.marks, mark) })}
            >
              {words}
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
