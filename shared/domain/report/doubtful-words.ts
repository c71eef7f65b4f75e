import { type DraftPlace, placesIn, samePlace, textAt } from './draft-place.ts';
import type { Draft, SectionCode } from './report.ts';
import { editBetween } from './text-edit.ts';

/** Dictated words that were not heard well, until somebody touches them. They lie beside the text: no signature covers them. */
export type DoubtfulWords = {
  readonly in: SectionCode | 'addendum' | 'reason';
  /** Study Instance UID of another exam of a report over several. */
  readonly exam?: string | undefined;
  /** UTF-16 offsets in that text. */
  readonly from: number;
  readonly to: number;
  /** The words as they were put in: with others there the doubt is over. */
  readonly words: string;
  /** A negation, side, number, level or date: shown again before it is signed. */
  readonly grave: boolean;
};

/** A doubt within one text. */
export type Doubt = Pick<DoubtfulWords, 'from' | 'to' | 'words' | 'grave'>;

/** More are kept of no draft: the oldest stay, since nobody has looked at them the longest. */
export const mostDoubts = 500;

const placeOf = (one: Pick<DoubtfulWords, 'in' | 'exam'>): DraftPlace =>
  one.in === 'addendum' || one.in === 'reason'
    ? { kind: one.in }
    : { kind: 'section', code: one.in, exam: one.exam ?? null };

const stands = (one: Doubt, text: string): boolean => one.from < one.to && text.slice(one.from, one.to) === one.words;

/** Doubts about the words of one text, in its order, each where its words stand. */
export function doubtsAt(draft: Draft, place: DraftPlace): readonly Doubt[] {
  const text = textAt(draft, place);
  return (draft.doubtful ?? [])
    .filter((one) => samePlace(placeOf(one), place) && stands(one, text))
    .map(({ from, to, words, grave }) => ({ from, to, words, grave }))
    .toSorted((left, right) => left.from - right.from);
}

/** The draft with these doubts about the words of one text; those of others stay. */
export function withDoubts(draft: Draft, place: DraftPlace, doubts: readonly Doubt[]): Draft {
  const before = draft.doubtful ?? [];
  const others = before.filter((one) => !samePlace(placeOf(one), place));
  if (doubts.length === 0 && others.length === before.length) return draft;
  const where =
    place.kind === 'section'
      ? { in: place.code, ...(place.exam === null ? {} : { exam: place.exam }) }
      : { in: place.kind };
  const own = doubts.map(({ from, to, words, grave }) => ({ ...where, from, to, words, grave }));
  return { ...draft, doubtful: [...others, ...own].slice(0, mostDoubts) };
}

/**
 * The draft `after` with its doubts where their words now stand, those about changed words gone. A change that brings doubts of its own
 * (dictation, undo) is taken at its word.
 */
export function keepDoubts(before: Draft, after: Draft): Draft {
  const { doubtful } = after;
  if (doubtful === undefined || doubtful.length === 0 || doubtful !== before.doubtful) return after;
  let changed = false;
  const kept: DoubtfulWords[] = [];
  for (const place of placesIn(after)) {
    const own = doubtful.filter((one) => samePlace(placeOf(one), place));
    if (own.length === 0) continue;
    const text = textAt(after, place);
    const edit = editBetween(textAt(before, place), text);
    if (edit === null) {
      kept.push(...own);
      continue;
    }
    changed = true;
    for (const one of own) {
      const touched = edit.from < one.to && one.from < edit.to;
      // Words put in right before it are not in it.
      const by = edit.text.length - (edit.to - edit.from);
      const moved = one.from >= edit.to ? { ...one, from: one.from + by, to: one.to + by } : one;
      if (!touched && stands(moved, text)) kept.push(moved);
    }
  }
  return changed || kept.length !== doubtful.length ? { ...after, doubtful: kept } : after;
}
