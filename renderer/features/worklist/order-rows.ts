import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import {
  compareRank,
  type Fit,
  type FitReader,
  fitOf,
  type TaskId,
  waitsForImages,
} from '../../../shared/domain/reading/index.ts';
import { displayName } from '../../../shared/domain/study/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { clockOf, standingOf } from './row-words.ts';
import { createTextRanks, type TextRanks } from './text-ranks.ts';

export const sortColumns = [
  'urgency',
  'priority',
  'left',
  'patient',
  'birth',
  'exam',
  'site',
  'accession',
  'images',
  'status',
  'reader',
] as const;
export type SortColumn = (typeof sortColumns)[number];
export type Sort = { readonly column: SortColumn; readonly descending: boolean };

/** The buttons that narrow the list by what a row is marked with, as they stand. */
export const marks = ['unread', 'mine', 'to-sign', 'late', 'no-order', 'no-images', 'identity'] as const;
export type Mark = (typeof marks)[number];

/** What the reader narrowed the list to. All given conditions hold together; `marks` and `modalities` are each "any of". */
export type Filter = {
  readonly text: string;
  readonly greyed: boolean;
  readonly marks: ReadonlySet<Mark>;
  readonly modalities: ReadonlySet<string>;
};

export const openFilter: Filter = { text: '', greyed: true, marks: new Set(), modalities: new Set() };

/** Whether it lets everything through, however it came to be so: words that were typed and taken back are none. */
export function isOpen(filter: Filter): boolean {
  return filter.text === '' && filter.greyed && filter.marks.size === 0 && filter.modalities.size === 0;
}

/** X-ray by either name is one button to a reader. */
export function modalityGroup(modality: string): string {
  return modality === 'DX' || modality === 'CR' ? 'CR DX' : modality;
}

export function hasMark(row: WorklistRow, mark: Mark, me: ReaderId, now: number): boolean {
  const standing = standingOf(row, me, now);
  switch (mark) {
    case 'mine':
      return standing === 'mine';
    // Whoever looks: a lead sees what waits, its writer what she gave.
    case 'to-sign':
      return standing !== 'done' && row.desk?.pending !== undefined;
    case 'late':
      return clockOf(row, standing, now) === 'late';
    case 'no-order':
      return row.link === 'images-without-order';
    case 'no-images':
      return row.link === 'order-without-images';
    case 'identity':
      return row.identity === 'ask' || row.identity === 'stop';
    case 'unread':
      return standing !== 'done';
    default:
      return assertNever(mark);
  }
}

/** What a row can be found by, made once for each row: typing must not cost a list of 100,000 its speed. */
const searchable = new WeakMap<WorklistRow, string>();

function searchableOf(row: WorklistRow): string {
  const known = searchable.get(row);
  if (known !== undefined) return known;
  const made = [
    displayName(row.patient.name),
    row.accession ?? '',
    row.patient.id ?? '',
    row.modality,
    row.bodyPart,
    row.procedure,
    row.site?.name ?? '',
    row.site?.state ?? '',
    row.reader?.name ?? '',
    row.reason,
    row.desk?.pending?.readerName ?? '',
  ]
    .join('\n')
    .toLowerCase();
  searchable.set(row, made);
  return made;
}

/** Every word must be found somewhere in the row, whatever the case; `^` of raw names is not asked of anybody. */
export function matchesText(row: WorklistRow, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 || words.every((word) => searchableOf(row).includes(word));
}

export function passes(row: WorklistRow, filter: Filter, me: ReaderId, now: number): boolean {
  if (!filter.greyed && !row.mayRead.allowed) return false;
  if (filter.modalities.size > 0 && !filter.modalities.has(modalityGroup(row.modality))) return false;
  if (filter.marks.size > 0 && ![...filter.marks].some((mark) => hasMark(row, mark, me, now))) return false;
  return matchesText(row, filter.text);
}

type TextColumn = 'patient' | 'birth' | 'exam' | 'site' | 'accession' | 'status' | 'reader';

function textOf(column: TextColumn, row: WorklistRow): string {
  switch (column) {
    case 'patient':
      return displayName(row.patient.name);
    case 'birth':
      return row.patient.birthDate ?? '9';
    case 'exam':
      return `${row.modality} ${row.procedure}`;
    case 'site':
      return `${row.site?.state ?? '~'} ${row.site?.name ?? ''}`;
    case 'accession':
      return row.accession ?? '~';
    case 'status':
      return `${row.state} ${row.report ?? ''}`;
    case 'reader':
      return row.reader?.name ?? '~';
    default:
      return assertNever(column);
  }
}

/** The place of each row in a column, from 0; equal rows have one place. */
type Ranks = { readonly ranks: Float64Array; readonly highest: number };

/** The texts of one column, each made once for its row, and the places of all of them, made once for the list. */
class TextKeys {
  readonly #texts = new WeakMap<WorklistRow, string>();
  readonly #ranks: TextRanks = createTextRanks();
  readonly #column: TextColumn;

  constructor(column: TextColumn) {
    this.#column = column;
  }

  /** The place of each row in this column. */
  ranksOf(rows: readonly WorklistRow[]): Ranks {
    const texts = rows.map((row) => this.#textOf(row));
    this.#ranks.learn(texts);
    let highest = 0;
    const ranks = Float64Array.from(texts, (text) => {
      const rank = this.#ranks.rankOf(text) ?? 0;
      if (rank > highest) highest = rank;
      return rank;
    });
    return { ranks, highest };
  }

  compare(left: WorklistRow, right: WorklistRow): number {
    return this.#ranks.compare(this.#textOf(left), this.#textOf(right));
  }

  #textOf(row: WorklistRow): string {
    const known = this.#texts.get(row);
    if (known !== undefined) return known;
    const made = textOf(this.#column, row);
    this.#texts.set(row, made);
    return made;
  }
}

function isText(column: SortColumn): column is TextColumn {
  return column !== 'urgency' && column !== 'priority' && column !== 'left' && column !== 'images';
}

type NumberColumn = Exclude<SortColumn, TextColumn>;

/** What the list ranks an exam by beside its own facts: who reads. Made anew only when she, or what she just read, changes. */
export type RankFor = (left: WorklistRow, right: WorklistRow, now: number) => number;

export function createRankFor(reader: FitReader): RankFor {
  const fits = new WeakMap<WorklistRow, Fit>();
  const fitFor = (row: WorklistRow): Fit => {
    const known = fits.get(row);
    if (known !== undefined) return known;
    const made = fitOf(row, reader);
    fits.set(row, made);
    return made;
  };
  const neutral = reader.subspecialties.length === 0 && reader.justRead.size === 0;
  return (left, right, now) => compareRank(left, right, instant(now), neutral ? undefined : fitFor);
}

const priorities = ['stat', 'asap', 'urgent', 'unknown', 'routine'];

function numberOf(column: Exclude<NumberColumn, 'urgency'>, row: WorklistRow): number {
  switch (column) {
    case 'priority':
      return priorities.indexOf(row.priority);
    case 'left':
      return row.dueAt ?? Number.MAX_SAFE_INTEGER;
    case 'images':
      return row.images.present;
    default:
      return assertNever(column);
  }
}

type Compare = (left: WorklistRow, right: WorklistRow) => number;

/** All rows, most urgent first. `before` is the order of the last time: a list that is nearly sorted is sorted in one pass. */
export function sortByUrgency(
  rows: ReadonlyMap<TaskId, WorklistRow>,
  before: readonly WorklistRow[],
  now: number,
  rank: RankFor,
): readonly WorklistRow[] {
  const sorted: WorklistRow[] = [];
  const taken = new Set<TaskId>();
  for (const old of before) {
    const row = rows.get(old.taskId);
    if (row === undefined) continue;
    sorted.push(row);
    taken.add(row.taskId);
  }
  if (taken.size < rows.size) for (const row of rows.values()) if (!taken.has(row.taskId)) sorted.push(row);
  sorted.sort((left, right) => rank(left, right, now));
  // A minute that moves nothing leaves the very array, and what was made from it.
  return isEqual(sorted, before) ? before : sorted;
}

function isEqual<Item>(left: readonly Item[], right: readonly Item[]): boolean {
  if (left.length !== right.length) return false;
  for (let place = 0; place < left.length; place += 1) if (left[place] !== right[place]) return false;
  return true;
}

/** Orders a list by its columns; equal rows stand by urgency. Remembers how texts compare; what it knows of patients goes with it. */
export type Sorter = {
  /** Places in `urgent` (most urgent first at `now`) in the order of another column; null where it is the order of `urgent` itself. */
  byColumn(urgent: readonly WorklistRow[], sort: Sort, now: number, rank: RankFor): Uint32Array | null;
  /** The same order as a comparison, for the place of a few rows among many. */
  compare(sort: Sort, now: number, rank: RankFor): Compare;
};

/** Places of numbers among themselves, from 0 and without gaps. */
function ranksOf(values: Float64Array): Ranks {
  const places = new Map<number, number>();
  for (const value of values.slice().sort()) if (!places.has(value)) places.set(value, places.size);
  return { ranks: values.map((value) => places.get(value) ?? 0), highest: places.size - 1 };
}

export function createSorter(): Sorter {
  const keys = new Map<TextColumn, TextKeys>();
  const keysOf = (column: TextColumn): TextKeys => {
    const known = keys.get(column) ?? new TextKeys(column);
    keys.set(column, known);
    return known;
  };
  const compare = (sort: Sort, now: number, rank: RankFor): Compare => {
    const sign = sort.descending ? -1 : 1;
    const { column } = sort;
    if (column === 'urgency') return (left, right) => sign * rank(left, right, now);
    if (!isText(column))
      return (left, right) => sign * (numberOf(column, left) - numberOf(column, right)) || rank(left, right, now);
    const texts = keysOf(column);
    return (left, right) => sign * texts.compare(left, right) || rank(left, right, now);
  };
  /** Ranks of the column that was asked last, for as long as the rows are the same: turning a column round asks no row again. */
  let last: { readonly column: SortColumn; readonly urgent: readonly WorklistRow[]; readonly found: Ranks } | null =
    null;
  const columnRanks = (column: Exclude<SortColumn, 'urgency'>, urgent: readonly WorklistRow[]): Ranks => {
    if (last?.column === column && last.urgent === urgent) return last.found;
    const found = isText(column)
      ? keysOf(column).ranksOf(urgent)
      : ranksOf(Float64Array.from(urgent, (row) => numberOf(column, row)));
    last = { column, urgent, found };
    return found;
  };
  return {
    compare,
    byColumn: (urgent, sort, now, rank) => {
      const { column } = sort;
      if (column === 'urgency') {
        if (!sort.descending) return null;
        const ordered = compare(sort, now, rank);
        return Uint32Array.from(urgent.keys()).sort((left, right) =>
          ordered(urgent[left] as WorklistRow, urgent[right] as WorklistRow),
        );
      }
      // Sorted as numbers, each the rank in its column and the place by urgency in one: no comparison is called a million times.
      const { ranks, highest } = columnRanks(column, urgent);
      const count = urgent.length;
      const packed = ranks.map((one, place) => (sort.descending ? highest - one : one) * count + place).sort();
      return Uint32Array.from(packed, (one) => one % count);
    },
  };
}

/**
 * How many rows would come, go or change place if `next` were shown instead of `shown`: the count behind which changes are held while
 * the reader is in the list. A row that others move past has not moved itself (longest common order).
 */
export function countHeldChanges(shown: readonly TaskId[], next: readonly TaskId[]): number {
  // Most of two lists is the same, from the top and from the end: only what lies between is compared.
  let top = 0;
  while (top < shown.length && top < next.length && shown[top] === next[top]) top += 1;
  let end = 0;
  const most = Math.min(shown.length, next.length) - top;
  while (end < most && shown[shown.length - 1 - end] === next[next.length - 1 - end]) end += 1;
  const place = new Map<TaskId, number>();
  for (let index = top; index < shown.length - end; index += 1) place.set(shown[index] as TaskId, index);
  const common: number[] = [];
  for (let at = top; at < next.length - end; at += 1) {
    const index = place.get(next[at] as TaskId);
    if (index !== undefined) common.push(index);
  }
  const added = next.length - end - top - common.length;
  const gone = shown.length - end - top - common.length;
  // Ends of the longest increasing run of each length (patience sorting): what is not in it has moved.
  const ends: number[] = [];
  for (const index of common) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    ends[low] = index;
  }
  return added + gone + (common.length - ends.length);
}

/**
 * The best study that this reader could claim now, of rows that stand most urgent first; null when there is none. `isShown` says
 * which of them are in her list: what she filtered away, or what is held back under her hand, is not offered.
 */
export function nextBest(
  urgent: readonly WorklistRow[],
  isShown: (row: WorklistRow) => boolean,
  me: ReaderId,
  now: number,
): TaskId | null {
  for (const row of urgent) {
    if (row.link === 'order-without-images') continue;
    const standing = standingOf(row, me, now);
    // What she has already is hers to go on with, whatever is still to come.
    if (standing === 'open' && waitsForImages(row, instant(now))) continue;
    if ((standing === 'open' || standing === 'mine') && isShown(row)) return row.taskId;
  }
  return null;
}
