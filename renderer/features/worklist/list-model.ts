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
  /** 1 for each row of `urgent` that passes the filter; null where all do, undefined where it is not known after a change. */
  readonly passing: Uint8Array | null | undefined;
  /** Those that pass the filter, in the chosen order; `urgent` itself where all do and urgency is chosen. */
  readonly shown: readonly WorklistRow[];
  readonly byTask: Map<TaskId, WorklistRow>;
  readonly view: ListView;
};

const isSameTask = (left: WorklistRow, right: WorklistRow): boolean => left.taskId === right.taskId;

/** So many changes at once are no longer cheaper one by one. */
const few = 2_000;

function idsOf(shown: readonly WorklistRow[]): readonly TaskId[] {
  const ids: TaskId[] = new Array(shown.length);
  for (let place = 0; place < shown.length; place += 1) ids[place] = (shown[place] as WorklistRow).taskId;
  return ids;
}

/** The same array where it says the same. */
function orderOf(shown: readonly WorklistRow[], before: readonly TaskId[]): readonly TaskId[] {
  if (shown.length !== before.length) return idsOf(shown);
  for (let place = 0; place < shown.length; place += 1)
    if ((shown[place] as WorklistRow).taskId !== before[place]) return idsOf(shown);
  return before;
}

function passingOf(urgent: readonly WorklistRow[], { filter, me, now }: ListAsk): Uint8Array | null {
  const passing = new Uint8Array(urgent.length);
  let count = 0;
  for (let place = 0; place < urgent.length; place += 1) {
    if (!passes(urgent[place] as WorklistRow, filter, me, now)) continue;
    passing[place] = 1;
    count += 1;
  }
  return count === urgent.length ? null : passing;
}

/** The rows that pass, in the order of `places` (null: as they stand). */
function chosen(
  urgent: readonly WorklistRow[],
  places: Uint32Array | null,
  passing: Uint8Array | null,
): readonly WorklistRow[] {
  if (places === null) return passing === null ? urgent : urgent.filter((_row, place) => passing[place] === 1);
  const shown: WorklistRow[] = [];
  for (const place of places) if (passing === null || passing[place] === 1) shown.push(urgent[place] as WorklistRow);
  return shown;
}

/**
 * The list, kept so that a change costs what changed and not what is there: rows that changed are taken out of the order and put where
 * they now belong. What cannot be done so (another sort or filter, another minute, a new list) is computed in full, with the same outcome.
 */
export function createListModel(): (ask: ListAsk) => ListView {
  const sorter = createSorter();
  let state: State | null = null;

  const inFull = (ask: ListAsk, before: State | null): State => {
    const sameRows = before !== null && before.version === ask.version && before.rows === ask.rows;
    const sameMoment = sameRows && before.now === ask.now && before.me === ask.me && before.rank === ask.rank;
    const urgent = sameMoment ? before.urgent : sortByUrgency(ask.rows, before?.urgent ?? [], ask.now, ask.rank);
    const known = sameMoment && before.filter === ask.filter ? before.passing : undefined;
    const passing = known === undefined ? passingOf(urgent, ask) : known;
    const shown = chosen(urgent, sorter.byColumn(urgent, ask.sort, ask.now, ask.rank), passing);
    return {
      ...ask,
      urgent,
      passing,
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
    const byUrgency = sorter.compare({ column: 'urgency', descending: false }, ask.now, ask.rank);
    const urgent = replaceInOrder(before.urgent, went, came, byUrgency, isSameTask);
    if (urgent === null) return null;
    const all = before.shown === before.urgent && came.every(kept);
    const compare = sorter.compare(ask.sort, ask.now, ask.rank);
    const shown = all
      ? urgent
      : replaceInOrder(before.shown, went.filter(kept), came.filter(kept), compare, isSameTask);
    if (shown === null) return null;
    for (const row of went) before.byTask.delete(row.taskId);
    for (const row of came) before.byTask.set(row.taskId, row);
    return {
      ...ask,
      urgent: urgent.rows,
      passing: all ? null : undefined,
      shown: shown.rows,
      byTask: before.byTask,
      view: {
        order: shown.samePlaces ? before.view.order : orderOf(shown.rows, before.view.order),
        urgent: urgent.rows,
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
