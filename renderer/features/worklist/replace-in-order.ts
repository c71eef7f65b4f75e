export type Replaced<Row> = {
  readonly rows: readonly Row[];
  /** Every row that went has its successor (`isSame`) in its very place: nothing moved, came or went for good. */
  readonly samePlaces: boolean;
};

/**
 * A sorted array without `went` and with `came`, each where `compare` (a total order) puts it; the rest is copied in pieces. Null where
 * a row of `went` does not stand where the order says: the array was sorted by another order, and must be sorted anew.
 */
export function replaceInOrder<Row>(
  sorted: readonly Row[],
  went: readonly Row[],
  came: readonly Row[],
  compare: (left: Row, right: Row) => number,
  isSame: (left: Row, right: Row) => boolean,
): Replaced<Row> | null {
  if (went.length === 0 && came.length === 0) return { rows: sorted, samePlaces: true };
  const placeOf = (row: Row): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(sorted[middle] as Row, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const cuts: number[] = [];
  for (const row of went) {
    const place = placeOf(row);
    if (sorted[place] !== row) return null;
    cuts.push(place);
  }
  cuts.sort((left, right) => left - right);
  const added = [...came].sort(compare).map((row) => ({ row, place: placeOf(row) }));
  const samePlaces =
    added.length === cuts.length &&
    added.every(({ row, place }, at) => {
      const cut = cuts[at] as number;
      return (place === cut || place === cut + 1) && isSame(row, sorted[cut] as Row);
    });
  if (samePlaces) {
    const rows = sorted.slice();
    for (const [at, { row }] of added.entries()) rows[cuts[at] as number] = row;
    return { rows, samePlaces };
  }
  const pieces: Row[][] = [];
  let from = 0;
  let cut = 0;
  const copyUpTo = (to: number): void => {
    while (cut < cuts.length && (cuts[cut] as number) < to) {
      const place = cuts[cut] as number;
      if (place > from) pieces.push(sorted.slice(from, place));
      from = place + 1;
      cut += 1;
    }
    if (to > from) {
      pieces.push(sorted.slice(from, to));
      from = to;
    }
  };
  for (const { row, place } of added) {
    copyUpTo(place);
    pieces.push([row]);
  }
  copyUpTo(sorted.length);
  return { rows: ([] as Row[]).concat(...pieces), samePlaces };
}
