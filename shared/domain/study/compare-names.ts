import { type NameGroup, type NameWord, nameWords, type PersonName, sameWord } from './person-name.ts';

/**
 * How two names stand to each other.
 * `same`: equal, or different only in what is no difference (case, padding, diacritics, ideographic groups, an absent part).
 * `order`: the same words in another order. `fuller`: one has words more, an initial for a name, a double family name.
 * `spelling`: one or two letters apart. `family`, `given`, `middle`, `suffix`: that part is another.
 * `whole`: nothing in common.
 */
export type NameRelation =
  | 'same'
  | 'order'
  | 'fuller'
  | 'spelling'
  | 'family'
  | 'given'
  | 'middle'
  | 'suffix'
  | 'whole';

type Words = {
  readonly family: readonly NameWord[];
  readonly given: readonly NameWord[];
  readonly middle: readonly NameWord[];
  readonly suffix: readonly NameWord[];
  readonly all: readonly NameWord[];
};

function wordsOf(group: NameGroup): Words {
  let family = nameWords(group.family);
  let given = nameWords(group.given);
  const middle = nameWords(group.middle);
  // "QUILLFEATHER OTTOLINE" and "Quillfeather, Ottoline" in one component: senders that know no `^`.
  if (given.length === 0 && middle.length === 0 && family.length > 1) {
    given = family.slice(1);
    family = family.slice(0, 1);
  }
  return { family, given, middle, suffix: nameWords(group.suffix), all: [...family, ...given, ...middle] };
}

export function compareNames(left: PersonName, right: PersonName): NameRelation {
  if (left.alphabetic !== null && right.alphabetic !== null) return compareGroups(left.alphabetic, right.alphabetic);
  const others = [
    [left.ideographic, right.ideographic],
    [left.phonetic, right.phonetic],
  ] as const;
  for (const [one, other] of others) {
    if (one !== null && other !== null) return compareGroups(one, other);
  }
  // Nothing is written in the same script on both sides: there is nothing to compare.
  return 'same';
}

function compareGroups(leftGroup: NameGroup, rightGroup: NameGroup): NameRelation {
  const left = wordsOf(leftGroup);
  const right = wordsOf(rightGroup);
  if (left.all.length === 0 || right.all.length === 0) return displayedAlike(leftGroup, rightGroup) ? 'same' : 'whole';
  // JR and SR, II and III: father and son share everything else.
  if (left.suffix.length > 0 && right.suffix.length > 0 && !sameWords(left.suffix, right.suffix)) return 'suffix';
  if (sameWords(left.all, right.all) || joined(left.all) === joined(right.all)) return 'same';
  if (sameSet(left.all, right.all)) return 'order';

  const family = comparePart(left.family, right.family, sameWord);
  const given = comparePart(left.given, right.given, sameWordOrInitial);
  const middle = comparePart(left.middle, right.middle, sameWordOrInitial);
  if (family === 'same' && given === 'same' && middle === 'absent') return 'same';
  if (eitherWithin(left.all, right.all, sameWord)) return 'fuller';
  if (agrees(family) && agrees(given)) {
    if (middle === 'other') return 'middle';
    return [family, given, middle].includes('close') ? 'spelling' : 'fuller';
  }
  if (agrees(family)) return 'given';
  if (agrees(given) && given !== 'absent') return 'family';
  return left.all.some((word) => right.all.some((other) => sameWord(word, other))) ? 'family' : 'whole';
}

/** Names that hold no letter or figure ("***") are the same only as they stand. */
function displayedAlike(left: NameGroup, right: NameGroup): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

type PartRelation = 'same' | 'absent' | 'fuller' | 'close' | 'other';

function agrees(part: PartRelation): boolean {
  return part !== 'other';
}

function comparePart(left: readonly NameWord[], right: readonly NameWord[], matches: WordMatch): PartRelation {
  if (left.length === 0 && right.length === 0) return 'same';
  if (left.length === 0 || right.length === 0) return 'absent';
  if (sameWords(left, right) || joined(left) === joined(right)) return 'same';
  if (eitherWithin(left, right, matches)) return 'fuller';
  return left.length === right.length && left.every((word, index) => isClose(word, right[index])) ? 'close' : 'other';
}

function sameWords(left: readonly NameWord[], right: readonly NameWord[]): boolean {
  return (
    left.length === right.length &&
    left.every((word, index) => {
      const other = right[index];
      return other !== undefined && sameWord(word, other);
    })
  );
}

function joined(words: readonly NameWord[]): string {
  return words.map((word) => word[0] ?? '').join('');
}

function sameSet(left: readonly NameWord[], right: readonly NameWord[]): boolean {
  return left.length === right.length && unmatched(left, right, sameWord).length === 0;
}

type WordMatch = (word: NameWord, partner: NameWord) => boolean;

/** Each word of the shorter has a partner of its own in the longer. */
function eitherWithin(left: readonly NameWord[], right: readonly NameWord[], matches: WordMatch): boolean {
  const [shorter, longer] = left.length <= right.length ? [left, right] : [right, left];
  return unmatched(shorter, longer, matches).length === 0;
}

/** For given and middle names only: an initial is no evidence of a family name, and S^J is not JONES^SMITH. */
function sameWordOrInitial(left: NameWord, right: NameWord): boolean {
  return sameWord(left, right) || isInitialOf(left, right) || isInitialOf(right, left);
}

function isInitialOf(initial: NameWord, word: NameWord): boolean {
  return initial.some((letter) => letter.length === 1 && word.some((spelling) => spelling.startsWith(letter)));
}

function unmatched(words: readonly NameWord[], partners: readonly NameWord[], matches: WordMatch): readonly NameWord[] {
  const free = [...partners];
  return words.filter((word) => {
    const exact = free.findIndex((partner) => sameWord(word, partner));
    const at = exact >= 0 ? exact : free.findIndex((partner) => matches(word, partner));
    if (at < 0) return true;
    free.splice(at, 1);
    return false;
  });
}

/** One letter apart from four letters on, two from eight on; a swap of neighbours is one. */
function isClose(left: NameWord, right: NameWord | undefined): boolean {
  if (right === undefined) return false;
  return left.some((one) =>
    right.some((other) => {
      const length = Math.max(one.length, other.length);
      if (length > 64) return one === other;
      return letterDistance(one, other) <= (length >= 8 ? 2 : length >= 4 ? 1 : 0);
    }),
  );
}

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function letterDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (last[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      let best = Math.min(replaced, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}

export function hasName(name: PersonName): boolean {
  return name.alphabetic !== null || name.ideographic !== null || name.phonetic !== null;
}
