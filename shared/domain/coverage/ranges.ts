/** Whole numbers from the first up to, not with, the second. */
export type Range = readonly [from: number, to: number];

/** Ranges in order, none empty, none touching the next: one set of whole numbers has one such list. */
export type Ranges = readonly Range[];

export const noRanges: Ranges = [];

/** Ranges of any order, overlapping or empty, as one list. */
function merged(ranges: readonly Range[]): Ranges {
  const sorted = ranges.filter(([from, to]) => to > from).sort((one, other) => one[0] - other[0]);
  const found: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = found.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

export function holds(ranges: Ranges, place: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.[1] ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  const range = ranges[low];
  return range !== undefined && range[0] <= place && place < range[1];
}

/** The same list where nothing is new, so that who compares by identity sees that nothing changed. */
export function withRange(ranges: Ranges, from: number, to: number): Ranges {
  if (to <= from) return ranges;
  const there = ranges.some((one) => one[0] <= from && to <= one[1]);
  return there ? ranges : merged([...ranges, [from, to]]);
}

/** The same list where the other adds nothing. */
export function withRanges(ranges: Ranges, more: Ranges): Ranges {
  const there = more.every(([from, to]) => ranges.some((one) => one[0] <= from && to <= one[1]));
  return there ? ranges : merged([...ranges, ...more]);
}

export function countOf(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0);
}

export function placesOf(ranges: Ranges): readonly number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, step) => from + step));
}

export function rangesOf(places: readonly number[]): Ranges {
  return merged(places.map((place) => [place, place + 1]));
}

/** Each place where it is now; those that `move` answers null for are gone. */
export function moved(ranges: Ranges, move: (place: number) => number | null): Ranges {
  return rangesOf(placesOf(ranges).flatMap((place) => move(place) ?? []));
}
