import { type CSSProperties, type KeyboardEvent, memo, type ReactNode, useEffect, useRef } from 'react';
import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ReaderId, Role } from '../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { formatInZone, timeLeft } from '../../../shared/domain/turnaround/index.ts';
import { shownAge, shownDate, shownExam, shownLeft, shownName, shownProcedure } from '../../case/index.ts';
import { Mark, Tag, VirtualRows, type VirtualRowsHandle } from '../../ui/index.ts';
import { Horizon, HorizonHeading } from './horizon.tsx';
import type { Sort, SortColumn } from './order-rows.ts';
import {
  clockOf,
  imagesWords,
  linkedWords,
  priorityWords,
  shortReader,
  sideWords,
  standingOf,
  statusOf,
} from './row-words.ts';

const columns: readonly { readonly name: string; readonly sort: SortColumn; readonly right?: true }[] = [
  { name: 'Priority', sort: 'priority' },
  { name: 'Left', sort: 'left', right: true },
  { name: 'Horizon', sort: 'urgency' },
  { name: 'Patient', sort: 'patient' },
  { name: 'Birth, sex, age', sort: 'birth' },
  { name: 'Exam', sort: 'exam' },
  { name: 'Site', sort: 'site' },
  { name: 'Accession', sort: 'accession' },
  { name: 'Images', sort: 'images', right: true },
  { name: 'Status', sort: 'status' },
  { name: 'Reader', sort: 'reader' },
];

function Cell(props: { readonly className?: string; readonly title?: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: the grid has one focus and names its active row (ARIA grid); a table cannot be virtualised.
    <span role="gridcell" className={props.className} title={props.title}>
      {props.children}
    </span>
  );
}

type CellsProps = {
  readonly row: WorklistRow;
  readonly me: ReaderId;
  readonly role: Role;
  readonly now: number;
  /** When claims are judged: before `now` while nobody can confirm them. */
  readonly claimsAt: number;
  readonly next: boolean;
  readonly ahead: RowAhead | undefined;
};

/** How far a study is fetched ahead: in a word, in a sentence, and whether all of it is here. */
export type RowAhead = { readonly words: string; readonly title: string; readonly isWhole: boolean };

function TimeCells({ row, me, now, claimsAt }: CellsProps) {
  const standing = standingOf(row, me, claimsAt);
  const clock = clockOf(row, standing, now);
  const left = row.dueAt === null || clock === 'none' ? '' : shownLeft(timeLeft(row.dueAt, row.clockPausedAt, now));
  const reason = row.mayRead.allowed || standing === 'done' ? null : row.mayRead.reason;
  const acts = standing === 'open' || standing === 'mine';
  const tone = standing === 'paused' ? 'paused' : !acts ? 'mute' : clock === 'none' ? 'safe' : clock;
  return (
    <>
      <Cell className={`left ${acts ? clock : ''}`}>
        {clock === 'risk' && acts ? <Mark shape="diamond" /> : null}
        {left === '' ? <span className="mute">·</span> : left}
      </Cell>
      <Cell className="horizon-cell">
        {reason !== null ? (
          <span className="why-not cut" title={reason}>
            <Mark shape="cross" /> {reason}
          </span>
        ) : row.dueAt === null || clock === 'none' ? null : (
          <Horizon dueAt={row.dueAt} now={now} tone={tone} />
        )}
      </Cell>
    </>
  );
}

/** How many defects the order has: a diamond and a number, so that neither colour nor the panel is needed to see it. */
function OrderMark({ row, quiet }: { readonly row: WorklistRow; readonly quiet: boolean }) {
  const defects = row.fit?.defects ?? 0;
  if (defects === 0) return null;
  const words = defects === 1 ? '1 order defect' : `${defects} order defects`;
  return (
    <span className={`order-mark ${quiet ? 'mute' : 'signal'}`} title={words}>
      <Mark shape="diamond" />
      <span aria-hidden="true">{defects}</span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

/** How many exams of the same patient go with this one; which, in the title and beside the list. */
function LinkedMark({ row }: { readonly row: WorklistRow }) {
  if (row.linked === undefined) return null;
  const words = linkedWords(row.linked);
  return (
    <span className="linked-mark" title={words}>
      <span aria-hidden="true">+{row.linked.length}</span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

/** That it was read on paper in downtime, and when: its words are on the timeline. */
function PaperMark({ row }: { readonly row: WorklistRow }) {
  if (row.readOnPaperAt === undefined) return null;
  const words = `Read on paper ${formatInZone(row.readOnPaperAt, row.site?.zone ?? 'UTC')}, entered after downtime`;
  return (
    <span className="linked-mark" title={words}>
      <span aria-hidden="true">paper</span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

const Cells = memo(function Cells(props: CellsProps) {
  const { row, me, role, now, claimsAt, next, ahead } = props;
  const standing = standingOf(row, me, claimsAt);
  const priority =
    row.codeStudy === undefined ? priorityWords(row.priority) : ({ words: 'CODE', form: 'filled' } as const);
  const quiet = standing === 'held' || standing === 'not-yours' || standing === 'done';
  const name = shownName(row.patient.name);
  const status = statusOf(row, standing, now, me, role);
  const { present, expected } = row.images;
  const incomplete = row.arrival?.kind === 'arriving' || (expected === null ? present === 0 : present < expected);
  return (
    <>
      <Cell>
        <Tag form={quiet && priority.form === 'filled' ? 'outlined' : priority.form}>{priority.words}</Tag>
      </Cell>
      <TimeCells {...props} />
      <Cell className="patient cut" title={name.whole}>
        {name.family}
        {name.given === '' ? null : <span>, {name.given}</span>}
      </Cell>
      <Cell className="narrow birth">
        {shownDate(row.patient.birthDate)} {row.patient.sex ?? '?'} {shownAge(row.patient.birthDate, new Date(now))}
      </Cell>
      <Cell className="exam" title={shownExam(row)}>
        <span className="mono">{row.modality}</span>
        {row.laterality === null ? null : <Tag form="boxed">{sideWords[row.laterality]}</Tag>}
        <span className="cut">{shownProcedure(row)}</span>
        <LinkedMark row={row} />
        <PaperMark row={row} />
        <OrderMark row={row} quiet={quiet} />
      </Cell>
      <Cell className="narrow cut" title={row.site?.name}>
        {row.site === null ? (
          <span className="mute">site ?</span>
        ) : (
          <>
            <span className="mono">{row.site.state}</span> {row.site.name}
          </>
        )}
      </Cell>
      <Cell className="mono narrow accession" title={row.accession ?? undefined}>
        {row.accession ?? (row.link === 'images-without-order' ? 'no order' : 'none')}
      </Cell>
      <Cell className={`images ${incomplete && !quiet ? 'signal' : ''}`} title={ahead?.title}>
        {/* While images still arrive at the archive, that is what counts. */}
        {ahead === undefined || incomplete ? (
          imagesWords(row.images)
        ) : (
          <>
            <span className="ahead narrow">{ahead.words}</span>
            {ahead.isWhole ? imagesWords(row.images) : null}
          </>
        )}
        {ahead?.isWhole === false && !incomplete ? null : (
          <i className={present === 0 ? 'square' : incomplete ? 'square part' : 'square full'} aria-hidden="true" />
        )}
      </Cell>
      <Cell className={`status narrow ${quiet ? '' : status.tone}`} title={status.whole ?? status.words}>
        <Mark shape={next ? 'disc' : status.shape} />
        <span className="cut">{next && status.words === 'Unread' ? <b>Next for you</b> : status.words}</span>
      </Cell>
      <Cell className="narrow cut dim reader" title={row.reader?.name}>
        {row.reader === null ? '' : row.reader.id === me ? 'you' : shortReader(row.reader.name)}
      </Cell>
    </>
  );
});

export type WorklistGridProps = {
  readonly order: readonly TaskId[];
  readonly rows: ReadonlyMap<TaskId, WorklistRow>;
  readonly selected: TaskId | null;
  readonly next: TaskId | null;
  readonly me: ReaderId;
  readonly role: Role;
  readonly now: number;
  readonly claimsAt: number;
  readonly ahead: ReadonlyMap<string, RowAhead>;
  readonly sort: Sort;
  readonly busy: boolean;
  readonly rowHeight: number;
  /** Letters of the longest accession: it is never cut, so its column is as wide as the list needs. */
  readonly accessionLength: number;
  readonly onSelect: (taskId: TaskId) => void;
  readonly onSort: (column: SortColumn) => void;
  readonly onRead: (taskId: TaskId) => void;
  /** The pointer is over the list or has left it: under it, nothing moves. */
  readonly onInside: (inside: boolean) => void;
};

/** The accessible name of a row (issue 2, stable hooks): accession number and the patient's name. */
export function rowName(row: WorklistRow): string {
  return `${row.accession ?? 'No accession'} ${shownName(row.patient.name).whole}`;
}

/** All studies as a grid: one focus, arrows move it, Enter reads. Rows in sight only; the selected one always stays in the page. */
export function WorklistGrid(props: WorklistGridProps) {
  const { order, rows, selected, me, role, now, claimsAt } = props;
  const grid = useRef<HTMLDivElement>(null);
  const handle = useRef<VirtualRowsHandle>(null);
  const index = selected === null ? -1 : order.indexOf(selected);

  const moveTo = (to: number): void => {
    const clamped = Math.max(0, Math.min(order.length - 1, to));
    const id = order[clamped];
    if (id === undefined) return;
    props.onSelect(id);
    handle.current?.scrollTo(clamped);
    // Focus goes back to the grid itself, so that it cannot be lost with a row that scrolls out of the page.
    if (document.activeElement !== grid.current) grid.current?.focus({ preventScroll: true });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((grid.current?.clientHeight ?? 600) / props.rowHeight) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: order.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      moveTo(to);
    } else if (event.key === 'Enter' && selected !== null && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      props.onRead(selected);
    }
  };

  useEffect(() => grid.current?.focus({ preventScroll: true }), []);

  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are virtualised, which a table's layout does not bear; roles and indexes say the rest.
    <div
      ref={grid}
      className="worklist-grid"
      style={{ '--accession': `calc(var(--t-2) * ${Math.min(16, props.accessionLength) * 0.57})` } as CSSProperties}
      role="grid"
      aria-label="Worklist"
      aria-rowcount={order.length + 1}
      aria-colcount={columns.length}
      aria-busy={props.busy}
      aria-activedescendant={index >= 0 ? `row-${selected}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      // Not "enter": the list may come up under a pointer, and then there was nothing left for React to enter from. A pointer that
      // only rests there is no hand in the list; one that moves or presses is.
      onPointerMove={() => props.onInside(true)}
      onPointerDown={() => props.onInside(true)}
      onPointerLeave={() => props.onInside(false)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
      <div className="worklist-row heading" role="row" aria-rowindex={1} tabIndex={-1}>
        {columns.map((column) => {
          const sorted = props.sort.column === column.sort;
          return (
            // biome-ignore lint/a11y/useSemanticElements: as above.
            <span
              key={column.name}
              role="columnheader"
              aria-sort={sorted ? (props.sort.descending ? 'descending' : 'ascending') : 'none'}
              className={`${column.right ? 'right' : ''} ${column.sort} ${sorted ? 'sorted' : ''}`}
              tabIndex={-1}
            >
              <button type="button" tabIndex={-1} onClick={() => props.onSort(column.sort)}>
                {column.name === 'Horizon' ? (
                  <>
                    <span className="visually-hidden">Urgency</span>
                    <HorizonHeading now={now} />
                  </>
                ) : (
                  column.name
                )}
                {sorted && column.sort !== 'urgency' ? (props.sort.descending ? ' ↓' : ' ↑') : null}
              </button>
            </span>
          );
        })}
      </div>
      <VirtualRows
        className="worklist-rows"
        count={order.length}
        rowHeight={props.rowHeight}
        keep={index >= 0 ? index : null}
        handle={handle}
        render={(at, offset) => {
          const id = order[at];
          const row = id === undefined ? undefined : rows.get(id);
          const isSelected = id === selected;
          const standing = row === undefined ? 'done' : standingOf(row, me, claimsAt);
          return (
            // biome-ignore lint/a11y/useSemanticElements: as above.
            <div
              key={id ?? at}
              id={`row-${id}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={at + 2}
              aria-selected={isSelected}
              aria-label={row === undefined ? 'Withdrawn' : rowName(row)}
              className={`worklist-row ${standing} ${isSelected ? 'selected' : ''}`}
              style={{ transform: `translateY(${offset}px)` }}
              onFocus={(event) => {
                if (event.target === event.currentTarget && id !== undefined && !isSelected) props.onSelect(id);
              }}
              onPointerDown={() => id !== undefined && props.onSelect(id)}
              onDoubleClick={() => id !== undefined && row !== undefined && props.onRead(id)}
            >
              {row === undefined ? (
                <Cell className="mute withdrawn">Withdrawn: no longer on your list</Cell>
              ) : (
                <Cells
                  {...{ row, me, role, now, claimsAt }}
                  next={id === props.next}
                  ahead={props.ahead.get(row.taskId)}
                />
              )}
            </div>
          );
        }}
      />
    </div>
  );
}
