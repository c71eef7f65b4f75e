import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { WorklistRow } from '../../../shared/api/index.ts';
import { can, may, type Reader } from '../../../shared/domain/reader/index.ts';
import {
  claimsJudgedAt,
  type FitReader,
  lastConfirmed,
  type Silent,
  type TaskId,
} from '../../../shared/domain/reading/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { shownTime } from '../../case/index.ts';
import { Button, Message, useCommands, useNow } from '../../ui/index.ts';
import type { WorklistFeed } from './feed.ts';
import { createListModel } from './list-model.ts';
import {
  createRankFor,
  type Filter,
  isOpen,
  nextBest,
  openFilter,
  passes,
  type Sort,
  type SortColumn,
} from './order-rows.ts';
import { heldByAnother } from './row-words.ts';
import { useHeldOrder } from './use-held-order.ts';
import { useKeptTop } from './use-kept-top.ts';
import { WhyPanel } from './why-panel.tsx';
import './worklist.css';
import { WorklistFilters } from './worklist-filters.tsx';
import { type RowAhead, WorklistGrid } from './worklist-grid.tsx';
import { EmptyList, StandingLine } from './worklist-messages.tsx';

export type WorklistProps = {
  readonly feed: WorklistFeed;
  readonly reader: Reader;
  /** Claims and opens. The list has checked what it knows; the host decides. */
  readonly onRead: (taskId: TaskId) => void;
  /** Opens without a claim. */
  readonly onLook: (taskId: TaskId) => void;
  /** Opens what stands between the study and its site. */
  readonly onDesk: (taskId: TaskId) => void;
  /** The order of the selected study, as the feature of orders shows it. */
  readonly orderOf: (row: WorklistRow) => ReactNode;
  /** The study that was open last: it is the selected one when the list comes back. */
  readonly returnTo: TaskId | null;
  /** What the rank knows of the reader: her subspecialties and the patients that she just read. */
  readonly fitReader: FitReader;
  /** Who does not answer, so that the list may have changed since; null while all do. */
  readonly silent: Silent;
  /** How far studies are fetched ahead, by task; none where nothing is. */
  readonly ahead: ReadonlyMap<string, RowAhead>;
  /** What she may arrange about the selected study; the app brings it, so that list and reading screen offer the same. */
  readonly deskOf: (row: WorklistRow, now: number) => ReactNode;
  /** What another feature has to tell for the whole list; it may come and go at any moment. */
  readonly below?: ReactNode;
};

type Refusal = { readonly taskId: TaskId; readonly title: string; readonly words: string; readonly again: boolean };

function cssPixels(name: string, fallback: number): number {
  const value = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(name));
  return Number.isFinite(value) ? value : fallback;
}

function isFirstSort(sort: Sort): boolean {
  return sort.column === 'urgency' && !sort.descending;
}

/** The row height that the tokens give this window; big screens have larger rows. */
function useRowHeight(): number {
  const [height, setHeight] = useState(() => cssPixels('--row', 24));
  useEffect(() => {
    const renew = (): void => setHeight(cssPixels('--row', 24));
    window.addEventListener('resize', renew);
    return () => window.removeEventListener('resize', renew);
  }, []);
  return height;
}

/** The reader's list: most urgent first, everything by keyboard, and nothing that moves under her hand. */
export function Worklist({
  feed,
  reader,
  onRead,
  onLook,
  onDesk,
  orderOf,
  returnTo,
  fitReader,
  silent,
  ahead,
  deskOf,
  below,
}: WorklistProps) {
  const state = useStore(feed.state);
  const now = useNow(10_000);
  const rowHeight = useRowHeight();
  const [filter, setFilter] = useState<Filter>(openFilter);
  const [sort, setSort] = useState<Sort>({ column: 'urgency', descending: false });
  const [selected, setSelected] = useState<TaskId | null>(returnTo);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const text = useRef<HTMLInputElement>(null);
  const me = reader.id;
  const { role } = reader;

  const rank = useMemo(() => createRankFor(fitReader), [fitReader]);
  const [model] = useState(createListModel);
  const { rows: allRows, version, standing } = state;
  // What the mirror shows before the host has answered is as old as the mirror.
  const unheard: Silent = silent ?? (standing.kind === 'stale' || standing.kind === 'opening' ? 'host' : null);
  const asOf = state.asOf === null ? null : instant(state.asOf);
  const claimsAt = claimsJudgedAt(instant(now), asOf, unheard);
  const confirmedIn = (zone: string | null): string =>
    lastConfirmed(asOf, zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, instant(now));
  const confirmed = unheard === null ? null : confirmedIn(null);
  const {
    order: next,
    tally,
    urgent,
  } = useMemo(
    () => model({ rows: allRows, version, changedSince: feed.changedSince, sort, rank, filter, me, now }),
    [model, allRows, version, feed, sort, rank, filter, me, now],
  );
  const choice = useMemo(
    () => JSON.stringify([filter.text, filter.greyed, [...filter.marks], [...filter.modalities], sort]),
    [filter, sort],
  );
  const { order, held, showChanges, setPointerInside, noteKey } = useHeldOrder(next, choice);
  const best = useMemo(() => {
    // Whose role reads nothing has no next one.
    if (!can(role, 'read')) return null;
    if (order === next) return nextBest(urgent, (row) => passes(row, filter, me, now), me, claimsAt);
    const shown = new Set(order);
    return nextBest(urgent, (row) => shown.has(row.taskId), me, claimsAt);
  }, [role, order, next, urgent, filter, me, now, claimsAt]);
  const longestAccession = Math.max(8, ...tally.byAccessionLength.keys());
  useKeptTop(feed, next, state, isOpen(filter) && isFirstSort(sort));
  const current = selected !== null && order.includes(selected) ? selected : (best ?? order[0] ?? null);
  const row = current === null ? null : (state.rows.get(current) ?? null);

  const focusGrid = useCallback(() => {
    document.querySelector<HTMLElement>('[role="grid"][aria-label="Worklist"]')?.focus({ preventScroll: true });
  }, []);

  const read = useCallback(
    (taskId: TaskId) => {
      const asked = state.rows.get(taskId);
      setSelected(taskId);
      setRefusal(null);
      if (asked === undefined) return;
      const permission = may(role, 'read', asked.state);
      if (!permission.allowed && permission.because === 'role') {
        // Whose role reads nothing looks: the same key, and no promise that the host would refuse.
        onLook(taskId);
      } else if (!permission.allowed) {
        setRefusal({ taskId, title: 'This study cannot be read now.', words: permission.words, again: false });
      } else if (!asked.mayRead.allowed) {
        setRefusal({ taskId, title: 'This study is not yours to read.', words: asked.mayRead.reason, again: false });
      } else if (asked.reader !== null && heldByAnother(asked, me, Date.now())) {
        const until =
          asked.leaseUntil === null ? '' : ` until ${shownTime(asked.leaseUntil, asked.site?.zone ?? null)}`;
        setRefusal({
          taskId,
          title: `${asked.reader.name} has it${until}.`,
          words: 'You may look; signing is theirs while the claim runs.',
          again: true,
        });
      } else if (asked.state === 'held') {
        const by = asked.reader === null ? '' : asked.reader.id === me ? ' by you' : ` by ${asked.reader.name}`;
        setRefusal({
          taskId,
          title: `This study is on hold${by}.`,
          words: 'Resume it beside the list to read it.',
          again: false,
        });
      } else onRead(taskId);
    },
    [state.rows, me, role, onRead, onLook],
  );
  const look = useCallback(
    (taskId: TaskId | null) => {
      if (taskId === null || !state.rows.has(taskId)) return;
      setRefusal(null);
      onLook(taskId);
    },
    [state.rows, onLook],
  );

  useCommands([
    {
      id: 'worklist.read',
      title: 'Read the selected study',
      group: 'Worklist',
      keys: null,
      hint: 'Enter',
      run: () => current !== null && read(current),
      enabled: () => can(role, 'read'),
    },
    {
      id: 'worklist.look',
      title: 'Look at the selected study, without a claim',
      group: 'Worklist',
      keys: 'L',
      run: () => look(current),
    },
    {
      id: 'worklist.desk',
      title: 'Ask the site about the selected study',
      group: 'Worklist',
      keys: 'Q',
      run: () => current !== null && onDesk(current),
      enabled: () => current !== null,
    },
    {
      id: 'worklist.next-best',
      title: 'Go to the next best study',
      group: 'Worklist',
      keys: 'N',
      run: () => {
        if (best !== null) setSelected(best);
        focusGrid();
      },
      enabled: () => can(role, 'read'),
    },
    {
      id: 'worklist.show-changes',
      title: 'Show the changes held',
      group: 'Worklist',
      keys: 'U',
      run: showChanges,
      enabled: () => held > 0,
    },
    { id: 'worklist.filter', title: 'Filter the list', group: 'Worklist', keys: '/', run: () => text.current?.focus() },
    {
      id: 'worklist.greyed',
      title: filter.greyed ? 'Hide what you may not read' : 'Show what you may not read, with the reason',
      group: 'Worklist',
      keys: 'G',
      run: () => setFilter((before) => ({ ...before, greyed: !before.greyed })),
    },
    { id: 'worklist.renew', title: 'Ask for the list again', group: 'Worklist', keys: 'R', run: feed.refresh },
    {
      id: 'worklist.all',
      title: 'Show all: no filter, by urgency',
      group: 'Worklist',
      keys: 'Escape',
      run: () => {
        setRefusal(null);
        setFilter(openFilter);
        setSort({ column: 'urgency', descending: false });
        focusGrid();
      },
    },
  ]);

  const onSort = (column: SortColumn): void =>
    setSort((before) => ({ column, descending: before.column === column ? !before.descending : false }));

  return (
    <div className="main">
      <section className="column" aria-label="Studies" onKeyDown={noteKey}>
        <WorklistFilters
          tally={tally}
          filter={filter}
          held={held}
          confirmed={confirmed}
          textRef={text}
          onFilter={setFilter}
          onShowChanges={showChanges}
          onLeaveText={focusGrid}
        />
        {order.length === 0 ? (
          <EmptyList
            standing={state.standing}
            total={tally.rows}
            hiddenGreyed={filter.greyed ? 0 : tally.greyed}
            onShowAll={() => setFilter(openFilter)}
          />
        ) : null}
        <WorklistGrid
          order={order}
          rows={state.rows}
          accessionLength={longestAccession}
          selected={current}
          next={best}
          me={me}
          role={role}
          now={now}
          claimsAt={claimsAt}
          ahead={ahead}
          sort={sort}
          busy={state.standing.kind === 'loading'}
          rowHeight={rowHeight}
          onSelect={setSelected}
          onSort={onSort}
          onRead={read}
          onInside={setPointerInside}
        />
        {/* Below the rows, so that a message that comes or goes moves none of them under the hand. */}
        {below}
        <StandingLine standing={standing} silent={silent} confirmed={confirmed} now={now} onRetry={feed.refresh} />
        {refusal === null ? null : (
          <Message
            tone="ask"
            title={refusal.title}
            action={
              <>
                <Button keys="L" onClick={() => look(refusal.taskId)}>
                  Look
                </Button>
                {refusal.again ? (
                  <Button kind="quiet" onClick={() => onRead(refusal.taskId)}>
                    Ask the host again
                  </Button>
                ) : null}
              </>
            }
          >
            {refusal.words}
          </Message>
        )}
      </section>
      <WhyPanel
        row={row}
        isNext={current !== null && current === best}
        me={me}
        role={role}
        now={now}
        age={{ claimsAt, confirmed: unheard === null ? null : confirmedIn }}
        fitReader={fitReader}
        onRead={() => current !== null && read(current)}
        onLook={() => look(current)}
        onDesk={() => current !== null && onDesk(current)}
        order={row === null ? null : orderOf(row)}
        desk={row === null ? null : deskOf(row, now)}
      />
    </div>
  );
}
