import type { WorklistRow } from '../../../shared/api/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import { compareUrgency, type TaskId } from '../../../shared/domain/reading/index.ts';
import { displayName } from '../../../shared/domain/study/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { clockOf, standingOf } from './row-words.ts';

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

/** Every word must be found somewhere in the row, whatever the case; `^` of raw names is not asked of anybody. */
export function matchesText(row: WorklistRow, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const hay = [
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
  return words.every((word) => hay.includes(word));
}

export function passes(row: WorklistRow, filter: Filter, me: ReaderId, now: number): boolean {
  if (!filter.greyed && !row.mayRead.allowed) return false;
  if (filter.modalities.size > 0 && !filter.modalities.has(modalityGroup(row.modality))) return false;
  if (filter.marks.size > 0 && ![...filter.marks].some((mark) => hasMark(row, mark, me, now))) return false;
  return matchesText(row, filter.text);
}

const byText = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

function compareBy(column: SortColumn, left: WorklistRow, right: WorklistRow, now: number): number {
  switch (column) {
    case 'urgency':
      return compareUrgency(left, right, instant(now));
    case 'priority': {
      const order = ['stat', 'asap', 'urgent', 'unknown', 'routine'];
      return order.indexOf(left.priority) - order.indexOf(right.priority);
    }
    case 'left':
      return (left.dueAt ?? Number.MAX_SAFE_INTEGER) - (right.dueAt ?? Number.MAX_SAFE_INTEGER);
    case 'patient':
      return byText.compare(displayName(left.patient.name), displayName(right.patient.name));
    case 'birth':
      return byText.compare(left.patient.birthDate ?? '9', right.patient.birthDate ?? '9');
    case 'exam':
      return byText.compare(`${left.modality} ${left.procedure}`, `${right.modality} ${right.procedure}`);
    case 'site':
      return byText.compare(
        `${left.site?.state ?? '~'} ${left.site?.name ?? ''}`,
        `${right.site?.state ?? '~'} ${right.site?.name ?? ''}`,
      );
    case 'accession':
      return byText.compare(left.accession ?? '~', right.accession ?? '~');
    case 'images':
      return left.images.present - right.images.present;
    case 'status':
      return byText.compare(`${left.state} ${left.report ?? ''}`, `${right.state} ${right.report ?? ''}`);
    case 'reader':
      return byText.compare(left.reader?.name ?? '~', right.reader?.name ?? '~');
    default:
      return assertNever(column);
  }
}

/** Filtered and sorted; equal rows stand by urgency, then by task id, so that the order of one list is one order. */
export function orderRows(
  rows: Iterable<WorklistRow>,
  filter: Filter,
  sort: Sort,
  me: ReaderId,
  now: number,
): readonly TaskId[] {
  const kept: WorklistRow[] = [];
  for (const row of rows) if (passes(row, filter, me, now)) kept.push(row);
  const sign = sort.descending ? -1 : 1;
  kept.sort(
    (left, right) =>
      sign * compareBy(sort.column, left, right, now) ||
      compareUrgency(left, right, instant(now)) ||
      (left.taskId < right.taskId ? -1 : left.taskId > right.taskId ? 1 : 0),
  );
  return kept.map((row) => row.taskId);
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

/** The first study of the list that this reader could claim now; null when there is none. */
export function nextBest(
  order: readonly TaskId[],
  rows: ReadonlyMap<TaskId, WorklistRow>,
  me: ReaderId,
  now: number,
): TaskId | null {
  for (const id of order) {
    const row = rows.get(id);
    if (row === undefined || row.link === 'order-without-images') continue;
    const standing = standingOf(row, me, now);
    if (standing === 'open' || standing === 'mine') return id;
  }
  return null;
}
