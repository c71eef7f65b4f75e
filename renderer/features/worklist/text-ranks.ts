const byText = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

/**
 * Places of texts among all texts of one column: sorting compares numbers, and no text is collated twice. A hundred thousand names cost
 * their collation once; a new name costs its own.
 */
export type TextRanks = {
  /** Makes every text of the list known, and forgets all when most of what is known stands in it no more. */
  learn(texts: readonly string[]): void;
  /** Negative, zero (equal but for case and accents) or positive, as a collator answers. Unknown texts are collated. */
  compare(left: string, right: string): number;
  /** The place of a known text, from 0 and without gaps; undefined for one that was not learnt. */
  rankOf(text: string): number | undefined;
};

/** Texts that are kept however short the list is. */
const fewest = 1_000;

export function createTextRanks(): TextRanks {
  let sorted: readonly string[] = [];
  let ranks = new Map<string, number>();

  const number = (): void => {
    ranks = new Map();
    let rank = -1;
    let before: string | null = null;
    for (const text of sorted) {
      if (before === null || byText.compare(before, text) !== 0) rank += 1;
      ranks.set(text, rank);
      before = text;
    }
  };

  return {
    learn: (texts) => {
      if (ranks.size > 2 * texts.length + fewest) {
        sorted = [];
        ranks = new Map();
      }
      const fresh = new Set<string>();
      for (const text of texts) if (!ranks.has(text)) fresh.add(text);
      if (fresh.size === 0) return;
      const added = [...fresh].sort(byText.compare);
      const merged: string[] = [];
      let place = 0;
      for (const text of added) {
        // Few are new among many: found by halving, not by a walk.
        let high = sorted.length;
        let low = place;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (byText.compare(sorted[middle] ?? '', text) <= 0) low = middle + 1;
          else high = middle;
        }
        for (; place < low; place += 1) merged.push(sorted[place] ?? '');
        merged.push(text);
      }
      for (; place < sorted.length; place += 1) merged.push(sorted[place] ?? '');
      sorted = merged;
      number();
    },
    rankOf: (text) => ranks.get(text),
    compare: (left, right) => {
      const [one, other] = [ranks.get(left), ranks.get(right)];
      return one === undefined || other === undefined ? byText.compare(left, right) : one - other;
    },
  };
}
