import type { Sentence, Token } from './sentences.ts';

export type Side = 'L' | 'R' | 'B';

/** A side that a sentence names, with the clause that it stands in. */
export type SideMention = {
  readonly side: Side;
  /** Token of the side in the sentence. */
  readonly at: number;
  readonly clause: readonly Token[];
  readonly sentence: Sentence;
};

const sides: ReadonlyMap<string, Side> = new Map([
  ['left', 'L'],
  ['lt', 'L'],
  ['leftward', 'L'],
  ['right', 'R'],
  ['rt', 'R'],
  ['rightward', 'R'],
  ['bilateral', 'B'],
  ['bilaterally', 'B'],
  ['both', 'B'],
  ['biapical', 'B'],
  ['bibasilar', 'B'],
  ['bibasal', 'B'],
  ['lul', 'L'],
  ['lll', 'L'],
  ['rul', 'R'],
  ['rml', 'R'],
  ['rll', 'R'],
]);

/** A chamber of the heart, a vessel and a hand that writes have a side of their own, which is not that of the exam. */
const ofOrgan =
  /^(ventric\w*|atri\w*|heart|handed|coronary|circumflex|colon|portal|hepatic|gastric|mainstem|bundle|axis|dominant|dominance)$/;
/** A way of lying or of turning. */
const position = /^(handed|decubitus|oblique|heart)$/;

export function sideOf(token: string): Side | null {
  return sides.get(token) ?? null;
}

/** Whether the side before this word is that of a chamber, a vessel or a hand, not of the exam. */
export function isOfOrgan(next: string): boolean {
  return ofOrgan.test(next);
}

const breaks = /^(but|however|although|though|whereas|while|,|:|\(|\)|and|with)$/;

/** The sides that a sentence names, each with its own clause. */
export function sidesIn(sentence: Sentence): readonly SideMention[] {
  const { tokens } = sentence;
  return tokens.flatMap(({ text }, at): SideMention[] => {
    const side = sideOf(text);
    const next = tokens[at + 1]?.text ?? '';
    if (side === null || position.test(next)) return [];
    const both = besideOther(tokens, at, side === 'L' ? /^(right|rt)$/ : /^(left|lt)$/);
    return [{ side: both ? 'B' : side, at, clause: clauseOf(tokens, at), sentence }];
  });
}

/** "Left greater than right", "left and right", "left or right": both are meant. */
function besideOther(tokens: readonly Token[], at: number, other: RegExp): boolean {
  const text = (place: number): string => tokens[place]?.text ?? '';
  const joined = (word: string): boolean => /^(and|or|to|\/|&|>|<)$/.test(word);
  if ((joined(text(at + 1)) && other.test(text(at + 2))) || (joined(text(at - 1)) && other.test(text(at - 2))))
    return true;
  const than = tokens.findIndex((one, place) => one.text === 'than' && Math.abs(place - at) < 9);
  return than >= 0 && tokens.slice(Math.max(0, than - 8), than + 5).some((one) => other.test(one.text));
}

function clauseOf(tokens: readonly Token[], at: number): readonly Token[] {
  let from = at;
  while (from > 0 && !breaks.test(tokens[from - 1]?.text ?? '')) from -= 1;
  let to = at + 1;
  while (to < tokens.length && !breaks.test(tokens[to]?.text ?? '')) to += 1;
  return tokens.slice(from, to);
}
