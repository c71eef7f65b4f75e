import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { emptyTally, type Tally, tallied } from './list-tally.ts';
import { createSorter, type Filter, passes, type RankFor, type Sort, sortByUrgency } from './order-rows.ts';
import { replaceInOrder } from './replace-in-order.ts';

export type ListAsk = {
  readonly rows: ReadonlyMap<TaskId, WorklistRow>;
  /** Grows with each change of `rows`. */
  readonly version: number;
  /** Tasks that changed, came or went after that version; null where it is not known any more. */
  readonly changedSince: (version: number) => ReadonlySet<TaskId> | null;
  readonly sort: Sort;
  readonly rank: RankFor;
  readonly filter: Filter;
  readonly me: ReaderId;
  readonly now: number;
};

/** What the list shows. A part that did not change is the very same value as before. */
export type ListView = {
  /** Tasks that pass the filter, in order. */
  readonly order: readonly TaskId[];
  readonly tally: Tally;
  /** All rows, most urgent first, whatever is chosen to be shown. */
  readonly urgent: readonly WorklistRow[];
};

type State = ListAsk & {
  /** All rows as they stood, most urgent first. */
  readonly urgent: readonly WorklistRow[];
  /** All rows by the chosen column; the same array where that is urgency. */
  readonly sorted: readonly WorklistRow[];
  /** Those that pass the filter; the same array where all do. */
  readonly shown: readonly WorklistRow[];
  readonly byTask: Map<TaskId, WorklistRow>;
  readonly view: ListView;
};

/** So many changes at once are no longer cheaper one by one. */
const few = 2_000;

function orderOf(shown: readonly WorklistRow[], before: readonly TaskId[]): readonly TaskId[] {
  if (shown.length === before.length && shown.every((row, place) => row.taskId === before[place])) return before;
  return shown.map((row) => row.taskId);
}

/**
 * The list, kept so that a change costs what changed and not what is there: rows that changed are taken out of the order and put where
 * they now belong. What cannot be done so (another sort or filter, another minute, a new list) is computed in full, with the same outcome.
 */
export function createListModel(): (ask: ListAsk) => ListView {
  const sorter = createSorter();
  let state: State | null = null;

  const filtered = (sorted: readonly WorklistRow[], ask: ListAsk): readonly WorklistRow[] => {
    const shown = sorted.filter((row) => passes(row, ask.filter, ask.me, ask.now));
    return shown.length === sorted.length ? sorted : shown;
  };

  const inFull = (ask: ListAsk, before: State | null): State => {
    const sameRows = before !== null && before.version === ask.version && before.rows === ask.rows;
    const sameMoment = sameRows && before.now === ask.now && before.me === ask.me && before.rank === ask.rank;
    const urgent = sameMoment ? before.urgent : sortByUrgency(ask.rows, before?.urgent ?? [], ask.now, ask.rank);
    const sorted =
      sameMoment && before.sort === ask.sort ? before.sorted : sorter.byColumn(urgent, ask.sort, ask.now, ask.rank);
    const shown = filtered(sorted, ask);
    return {
      ...ask,
      urgent,
      sorted,
      shown,
      byTask: sameRows ? before.byTask : new Map(ask.rows),
      view: {
        order: orderOf(shown, before?.view.order ?? []),
        urgent,
        tally: sameMoment ? before.view.tally : tallied(emptyTally, urgent, [], ask.me, ask.now),
      },
    };
  };

  /** Null where the change is not small, or the old order cannot be trusted to find its rows. */
  const byChange = (ask: ListAsk, before: State): State | null => {
    if (ask.rows !== before.rows || ask.sort !== before.sort || ask.filter !== before.filter) return null;
    if (ask.me !== before.me || ask.now !== before.now || ask.rank !== before.rank) return null;
    const changed = ask.changedSince(before.version);
    if (changed === null || changed.size > few) return null;
    const went: WorklistRow[] = [];
    const came: WorklistRow[] = [];
    for (const id of changed) {
      const [old, row] = [before.byTask.get(id), ask.rows.get(id)];
      if (old === row) continue;
      if (old !== undefined) went.push(old);
      if (row !== undefined) came.push(row);
    }
    const kept = (row: WorklistRow): boolean => passes(row, ask.filter, ask.me, ask.now);
    const urgent = replaceInOrder(
      before.urgent,
      went,
      came,
      sorter.compare({ column: 'urgency', descending: false }, ask.now, ask.rank),
    );
    const compare = sorter.compare(ask.sort, ask.now, ask.rank);
    const sorted = before.sorted === before.urgent ? urgent : replaceInOrder(before.sorted, went, came, compare);
    if (urgent === null || sorted === null) return null;
    const all = before.shown === before.sorted && came.every(kept);
    const shown = all ? sorted : replaceInOrder(before.shown, went.filter(kept), came.filter(kept), compare);
    if (shown === null) return null;
    for (const row of went) before.byTask.delete(row.taskId);
    for (const row of came) before.byTask.set(row.taskId, row);
    return {
      ...ask,
      urgent,
      sorted,
      shown,
      byTask: before.byTask,
      view: {
        order: orderOf(shown, before.view.order),
        urgent,
        tally: tallied(before.view.tally, came, went, ask.me, ask.now),
      },
    };
  };

  return (ask) => {
    const before = state;
    const unchanged =
      before !== null &&
      before.rows === ask.rows &&
      before.version === ask.version &&
      before.sort === ask.sort &&
      before.filter === ask.filter &&
      before.me === ask.me &&
      before.rank === ask.rank &&
      before.now === ask.now;
    const next = unchanged ? before : ((before === null ? null : byChange(ask, before)) ?? inFull(ask, before));
    state = next;
    return next.view;
  };
}
