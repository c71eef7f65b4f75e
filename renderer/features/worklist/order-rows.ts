import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import { compareRank, type Fit, type FitReader, fitOf, type TaskId } from '../../../shared/domain/reading/index.ts';
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

export type Mark = 'mine' | 'late' | 'no-order' | 'no-images' | 'identity' | 'unread';

/** What the reader narrowed the list to. All given conditions hold together; `marks` and `modalities` are each "any of". */
export type Filter = {
  readonly text: string;
  readonly greyed: boolean;
  readonly marks: ReadonlySet<Mark>;
  readonly modalities: ReadonlySet<string>;
};

export const openFilter: Filter = { text: '', greyed: true, marks: new Set(), modalities: new Set() };

/** X-ray by either name is one button to a reader. */
export function modalityGroup(modality: string): string {
  return modality === 'DX' || modality === 'CR' ? 'CR DX' : modality;
}

export function hasMark(row: WorklistRow, mark: Mark, me: ReaderId, now: number): boolean {
  const standing = standingOf(row, me, now);
  switch (mark) {
    case 'mine':
      return standing === 'mine';
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

/** The texts of one column, each made once for its row, and the places of all of them, made once for the list. */
class TextKeys {
  readonly #texts = new WeakMap<WorklistRow, string>();
  readonly #ranks: TextRanks = createTextRanks();
  readonly #column: TextColumn;

  constructor(column: TextColumn) {
    this.#column = column;
  }

  learn(rows: readonly WorklistRow[]): void {
    this.#ranks.learn(rows.map((row) => this.#textOf(row)));
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

function compareNumbers(
  column: NumberColumn,
  left: WorklistRow,
  right: WorklistRow,
  now: number,
  rank: RankFor,
): number {
  switch (column) {
    case 'urgency':
      return rank(left, right, now);
    case 'priority': {
      const order = ['stat', 'asap', 'urgent', 'unknown', 'routine'];
      return order.indexOf(left.priority) - order.indexOf(right.priority);
    }
    case 'left':
      return (left.dueAt ?? Number.MAX_SAFE_INTEGER) - (right.dueAt ?? Number.MAX_SAFE_INTEGER);
    case 'images':
      return left.images.present - right.images.present;
    default:
      return assertNever(column);
  }
}

/**
 * All rows in order; equal rows stand by rank, so that the order of one list is one order. `before` is the order of
 * the last time: a list that is nearly sorted is sorted in one pass.
 */
type SortRows = (
  rows: ReadonlyMap<TaskId, WorklistRow>,
  before: readonly WorklistRow[],
  sort: Sort,
  now: number,
  rank: RankFor,
) => readonly WorklistRow[];

/** Remembers how the texts of its list compare; what it knows of patients goes with it. */
export function createSorter(): SortRows {
  const keys = new Map<TextColumn, TextKeys>();
  const keysOf = (column: TextColumn): TextKeys => {
    const known = keys.get(column) ?? new TextKeys(column);
    keys.set(column, known);
    return known;
  };
  const compareOf = (column: SortColumn, rows: readonly WorklistRow[], now: number, rank: RankFor) => {
    if (!isText(column))
      return (left: WorklistRow, right: WorklistRow): number => compareNumbers(column, left, right, now, rank);
    const texts = keysOf(column);
    texts.learn(rows);
    return (left: WorklistRow, right: WorklistRow): number => texts.compare(left, right);
  };
  return (rows, before, sort, now, rank) => {
    const sorted: WorklistRow[] = [];
    const taken = new Set<TaskId>();
    for (const old of before) {
      const row = rows.get(old.taskId);
      if (row === undefined) continue;
      sorted.push(row);
      taken.add(row.taskId);
    }
    if (taken.size < rows.size) for (const row of rows.values()) if (!taken.has(row.taskId)) sorted.push(row);
    const sign = sort.descending ? -1 : 1;
    const compare = compareOf(sort.column, sorted, now, rank);
    return sorted.sort((left, right) => sign * compare(left, right) || rank(left, right, now));
  };
}

/** The sorted rows that pass the filter, by task id. */
export function filterRows(
  sorted: readonly WorklistRow[],
  filter: Filter,
  me: ReaderId,
  now: number,
): readonly TaskId[] {
  const kept: TaskId[] = [];
  for (const row of sorted) if (passes(row, filter, me, now)) kept.push(row.taskId);
  return kept;
}

/**
 * How many rows would come, go or change place if `next` were shown instead of `shown`: the count behind which changes are held while
 * the reader is in the list. A row that others move past has not moved itself (longest common order).
 */
export function countHeldChanges(shown: readonly TaskId[], next: readonly TaskId[]): number {
  const place = new Map(shown.map((id, index) => [id, index]));
  const common: number[] = [];
  for (const id of next) {
    const index = place.get(id);
    if (index !== undefined) common.push(index);
  }
  const added = next.length - common.length;
  const gone = shown.length - common.length;
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

/** The best-ranked study of those shown that this reader could claim now, however the list is sorted; null when there is none. */
export function nextBest(
  order: readonly TaskId[],
  rows: ReadonlyMap<TaskId, WorklistRow>,
  me: ReaderId,
  now: number,
  rank: RankFor,
): TaskId | null {
  let best: WorklistRow | null = null;
  for (const id of order) {
    const row = rows.get(id);
    if (row === undefined || row.link === 'order-without-images') continue;
    const standing = standingOf(row, me, now);
    if (standing !== 'open' && standing !== 'mine') continue;
    if (best === null || rank(row, best, now) < 0) best = row;
  }
  return best?.taskId ?? null;
}
