import { describe, expect, it } from 'vitest';
import type { DictatedText } from '../../../../shared/domain/dictation/index.ts';
import { createDictatedWords } from './dictated-words.ts';
import { putWords, sectionState, selectWords, textOf } from './section-state.ts';

/** A section as the editor has it: each step is followed. */
function section(text: string) {
  const dictated = createDictatedWords();
  let state = sectionState({ text, fields: [], sourced: [] });
  const take = (step: ReturnType<typeof putWords> | null): boolean => {
    if (step === null) return false;
    state = state.apply(step);
    dictated.follow(step);
    return true;
  };
  return {
    text: () => textOf(state.doc),
    caret: () => state.selection.head,
    moveTo: (at: number) => take(selectWords(state, at, at)),
    begin: () => dictated.mark(state),
    say: (words: string, doubtful: DictatedText['doubtful'] = []) =>
      take(dictated.put(state, { text: words, doubtful })),
    type: (words: string) => take(putWords(state, words)),
    scratch: () => take(dictated.scratch(state)),
    doubts: () => dictated.doubtful(),
  };
}

describe('dictated words', () => {
  it('go where the utterance began, though she writes elsewhere meanwhile, and her caret stays with her', () => {
    const one = section('Liver normal. Kidneys normal.');
    one.moveTo(13);
    one.begin();
    one.moveTo(0);
    one.type('CT. ');
    one.say('no stones.');
    expect(one.text()).toBe('CT. Liver normal. No stones. Kidneys normal.');
    expect(one.caret()).toBe(4);
  });

  it('follow each other, with the space and the capital that their place asks for', () => {
    const one = section('');
    one.begin();
    one.say('there is a nodule');
    one.begin();
    one.say('in the left lung. No effusion.');
    expect(one.text()).toBe('There is a nodule in the left lung. No effusion.');
  });

  it('of the last utterance are scratched, wherever they stand by then; changed ones are not', () => {
    const one = section('Clear.');
    one.moveTo(6);
    one.say('no effusion.');
    one.moveTo(0);
    one.type('Lungs: ');
    expect(one.scratch()).toBe(true);
    expect(one.text()).toBe('Lungs: Clear.');
    expect(one.scratch()).toBe(false);
    one.moveTo(13);
    one.say('no effusion.');
    one.moveTo(16);
    one.type('t');
    expect(one.scratch()).toBe(false);
    expect(one.text()).toBe('Lungs: Clear. Not effusion.');
  });

  it('that were not heard well are marked until they are touched', () => {
    const one = section('Seen. ');
    one.moveTo(6);
    one.say('no fracture of the left wrist.', [
      { from: 0, to: 2, grave: true },
      { from: 3, to: 11, grave: false },
      { from: 19, to: 23, grave: true },
    ]);
    expect(one.doubts()).toEqual(['No', 'left']);
    one.moveTo(0);
    one.type('Not ');
    expect(one.doubts()).toEqual(['No', 'left']);
    one.moveTo(31);
    one.type('x');
    expect(one.doubts()).toEqual(['No']);
  });
});
