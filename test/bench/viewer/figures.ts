/** One value of each round; null where the round brought none. */
export type Rounds = readonly (number | null)[];

/** Middle value, the mean of the middle two where their number is even; null of none. Values that are no numbers are left out. */
export function median(values: Rounds): number | null {
  const sorted = values.filter(isNumber).toSorted((one, other) => one - other);
  const half = sorted.length >> 1;
  const [below, above] = [sorted[half - 1], sorted[half]];
  if (above === undefined) return null;
  return sorted.length % 2 === 1 || below === undefined ? above : (below + above) / 2;
}

/** Least and greatest; null of none. */
export function spread(values: Rounds): readonly [least: number, most: number] | null {
  const numbers = values.filter(isNumber);
  return numbers.length === 0 ? null : [Math.min(...numbers), Math.max(...numbers)];
}

/** Ratio of each round in which both sides brought a value: what loads the machine loads both sides of a round. */
export function ratios(ours: Rounds, theirs: Rounds): readonly number[] {
  return ours.flatMap((one, round) => {
    const other = theirs[round];
    return isNumber(one) && isNumber(other) && other > 0 ? [one / other] : [];
  });
}

/** Median of the rounds' ratios; null where fewer than half of the rounds, or none, brought both sides: that is no figure. */
export function figure(ours: Rounds, theirs: Rounds, rounds: number): number | null {
  const found = ratios(ours, theirs);
  return found.length === 0 || found.length * 2 < rounds ? null : median(found);
}

/** Milliseconds that a series must take at least: its bytes through the browser, or its frames through the decoders. */
export function leastTime(streamed: number, frames: number, decodeEach: number, workers: number): number {
  return Math.max(streamed, (frames * decodeEach) / Math.max(1, workers));
}

export function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
