import type { WordForms } from './dictionary.ts';

export type Spelling = {
  /** Whether a word is spelt as a known one. `own`: words of reader and group and names of the case, in small letters. */
  knows(word: string, own: ReadonlySet<string>): boolean;
  /** Words that may be meant, the likeliest first; five at most. */
  suggest(word: string, own: ReadonlySet<string>): readonly string[];
};

/** What a compound of medicine may begin with. What follows must itself be a known word of five letters or more. */
const beginnings =
  'abdomino acromio angio anterio antero anti arterio atlanto auto bi broncho calcaneo capsulo cardio carpo cerebro cervico cholangio cholecysto chondro costo cranio cysto dorso echo electro endo entero epi esophago extra femoro fibro gastro glosso hemi hemo hepato hydro hyper hypo ileo ilio infero infra inter intra iso juxta kerato laryngo latero lympho macro medio mega meta micro mid mono multi musculo myelo myo nephro neuro non occipito oligo omento osteo para parieto peri phleb pleuro pneumo poly post postero pre pseudo pubo pyelo radio reno retro sacro salpingo scapho semi sero sino spleno spondylo sterno sub super supero supra syn tarso thoraco thrombo thyro tibio trans tri uni uretero utero vaso veno ventriculo vertebro vesico'.split(
    ' ',
  );

export function createSpelling(base: WordForms, medical: ReadonlySet<string>): Spelling {
  const written = (word: string): boolean => base.forms.has(word) || medical.has(word);
  const isKnown = (word: string, own: ReadonlySet<string>): boolean => {
    if (written(word)) return true;
    const low = word.toLowerCase();
    // A capital begins a sentence or a heading; a word that is written with one only is none in small letters.
    return own.has(low) || (low !== word && written(low));
  };
  const isCompound = (word: string): boolean => {
    const low = word.toLowerCase();
    return beginnings.some((one) => {
      const rest = low.startsWith(one) ? low.slice(one.length) : '';
      return rest.length >= 5 && written(rest);
    });
  };
  const knows: Spelling['knows'] = (given, own) => {
    const word = given.replaceAll('’', "'");
    if (isKnown(word, own)) return true;
    const bare = word.replace(/'s?$/i, '');
    return (bare !== word && isKnown(bare, own)) || isCompound(bare);
  };
  let byLength: ReadonlyMap<number, readonly string[]> | null = null;
  const candidates = (length: number): readonly string[] => {
    if (byLength === null) {
      const made = new Map<number, string[]>();
      for (const one of [...medical, ...base.forms]) {
        if (base.unsuggested.has(one) || one.includes("'")) continue;
        const same = made.get(one.length);
        if (same === undefined) made.set(one.length, [one]);
        else same.push(one);
      }
      byLength = made;
    }
    return [-2, -1, 0, 1, 2].flatMap((by) => byLength?.get(length + by) ?? []);
  };
  return {
    knows,
    suggest: (given, own) => {
      const word = given.toLowerCase();
      const most = word.length < 5 ? 1 : 2;
      const found = new Map<string, number>();
      for (const one of [...own, ...candidates(word.length)]) {
        const steps = distance(word, one.toLowerCase(), most);
        if (steps === null) continue;
        // The trade's own word is likelier in a report than an everyday one; the first letter is seldom wrong; a name has its capital.
        const cost =
          steps * 10 +
          (medical.has(one) || own.has(one) ? 0 : 3) +
          (one.charAt(0).toLowerCase() === word.charAt(0) ? 0 : 4) +
          (given === word && /^\p{Lu}/u.test(one) ? 6 : 0);
        found.set(one, Math.min(cost, found.get(one) ?? cost));
      }
      for (let at = 2; at <= word.length - 2; at += 1) {
        const [left, right] = [word.slice(0, at), word.slice(at)];
        // Of the shortest words the everyday ones of the list alone: the dictionary knows "ix" and "ob".
        if ([left, right].every((one) => (one.length < 3 ? medical.has(one) : isKnown(one, own))))
          found.set(`${left} ${right}`, 14);
      }
      return [...found]
        .sort(([left, low], [right, high]) => low - high || (left < right ? -1 : 1))
        .map(([one]) => asWritten(one, given))
        .filter((one, at, all) => all.indexOf(one) === at)
        .slice(0, 5);
    },
  };
}

/** With the capital of the word that it replaces. */
function asWritten(word: string, given: string): string {
  return /^\p{Lu}/u.test(given) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}

/**
 * Letters to put in, take out, change or swap with their neighbour until one word is the other (optimal string alignment); null where
 * that is more than `most`.
 */
export function distance(left: string, right: string, most: number): number | null {
  if (Math.abs(left.length - right.length) > most) return null;
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i += 1) {
    const now = [i];
    let least = i;
    for (let j = 1; j <= right.length; j += 1) {
      const same = left.charCodeAt(i - 1) === right.charCodeAt(j - 1);
      let cost = Math.min((last[j] ?? 0) + 1, (now[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped =
        i > 1 &&
        j > 1 &&
        left.charCodeAt(i - 1) === right.charCodeAt(j - 2) &&
        left.charCodeAt(i - 2) === right.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      now.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return null;
    before = last;
    last = now;
  }
  const cost = last[right.length] ?? 0;
  return cost > most ? null : cost;
}
