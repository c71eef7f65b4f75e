import {
  type Draft,
  type DraftPlace,
  type PlaceWords,
  type Prefill,
  prefillOf,
  prefillSources,
} from '../../../../shared/domain/report/index.ts';

/** Where words of a text came from, for its head. `all` are those of the whole draft; `whole` where nobody has touched any of it. Null where they are the reader's own. */
export function sourceLine(
  all: Draft['sourced'],
  place: DraftPlace,
  words: PlaceWords,
  prefill: Prefill,
): { readonly words: string; readonly whole: boolean } | null {
  if (place.kind !== 'section' || words.text === '') return null;
  // A draft that was begun before sources were kept with the words.
  const known = prefillSources[place.code];
  if (all === undefined && known !== undefined && place.exam === null) {
    return words.text === prefillOf(prefill, place.code) ? { words: known.words, whole: true } : null;
  }
  // Each number from the images says so where it stands.
  const shown = words.sourced.filter((one) => one.source !== 'measurement');
  const first = shown[0];
  if (first === undefined) return null;
  const whole = shown.length === 1 && first.rest !== true && first.from === 0 && first.to === words.text.length;
  return { words: [...new Set(shown.map((one) => one.words))].join(', '), whole };
}
