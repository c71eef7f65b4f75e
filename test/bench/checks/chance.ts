/** Chance that can be had again: the same seed gives the same reports and the same faults (mulberry32). */
export type Chance = {
  /** 0 up to, not with, 1. */
  next(): number;
  pick<Value>(from: readonly Value[]): Value;
  shuffle<Value>(from: readonly Value[]): Value[];
};

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const pick = <Value>(from: readonly Value[]): Value => {
    const found = from[Math.floor(next() * from.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  };
  return {
    next,
    pick,
    shuffle: (from) => {
      const all = [...from];
      for (let last = all.length - 1; last > 0; last -= 1) {
        const other = Math.floor(next() * (last + 1));
        [all[last], all[other]] = [all[other] as never, all[last] as never];
      }
      return all;
    },
  };
}
