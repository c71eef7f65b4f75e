import type { EditorState, Transaction } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import { putWords, sectionState, selectWords, textOf } from './section-state.ts';
import { createSpelledWords, misspellingBeside } from './spelled-words.ts';

/** A section whose pauses end when the test says so; words that begin with x are wrong. */
function section(text: string) {
  let state: EditorState = sectionState({ text, fields: [], sourced: [] });
  let waiting: (() => void) | null = null;
  let writing = true;
  let drawn = 0;
  const asked: string[][] = [];
  let right: ReadonlySet<string> = new Set();
  const spelled = createSpelledWords({
    state: () => state,
    isWriting: () => writing,
    unknown: async (words) => {
      asked.push([...words]);
      return new Set(words.filter((word) => word.startsWith('x') && !right.has(word)));
    },
    draw: () => {
      drawn += 1;
    },
    later: (run) => {
      waiting = run;
      return () => {
        waiting = null;
      };
    },
  });
  spelled.renew();
  const step = (transaction: Transaction): void => {
    spelled.follow(transaction);
    state = state.apply(transaction);
  };
  return {
    spelled,
    asked,
    type: (words: string, at?: number) =>
      step(putWords(state, words, at === undefined ? state.selection : { from: at, to: at })),
    cut: (from: number, to: number) => step(putWords(state, '', { from, to })),
    go: (at: number) => step(selectWords(state, at, at)),
    leave: () => {
      writing = false;
      spelled.leave();
    },
    learn: (word: string) => {
      right = new Set([word]);
      spelled.renew();
    },
    pause: async () => {
      const run = waiting;
      waiting = null;
      run?.();
      await new Promise((done) => setTimeout(done, 0));
    },
    wrong: () => spelled.all().map(({ word }) => word),
    drawn: () => drawn,
    text: () => textOf(state.doc),
  };
}

describe('misspelt words of a section', () => {
  it('are marked after a pause, and the text stays as it was written', async () => {
    const here = section('An xlung and\nxheart.');
    expect(here.wrong()).toEqual([]);
    await here.pause();
    expect(here.wrong()).toEqual(['xlung', 'xheart']);
    expect(here.text()).toBe('An xlung and\nxheart.');
  });
  it('of other lines are not looked at again when one line changes', async () => {
    const here = section('An xlung.\nThe heart.');
    await here.pause();
    here.type(' xbig', 19);
    here.go(0);
    await here.pause();
    expect(here.asked.at(-1)).toEqual(['The', 'heart', 'xbig']);
    expect(here.wrong()).toEqual(['xlung', 'xbig']);
  });
  it('are not marked while the caret is at the end of the word, and are once it went on or left', async () => {
    const here = section('A ');
    here.type('xmass', 2);
    await here.pause();
    expect(here.wrong()).toEqual([]);
    here.type(' ');
    await here.pause();
    expect(here.wrong()).toEqual(['xmass']);
    here.type('xb');
    await here.pause();
    expect(here.wrong()).toEqual(['xmass']);
    here.leave();
    await here.pause();
    expect(here.wrong()).toEqual(['xmass', 'xb']);
  });
  it('move with the words before them, and are no more once they are mended', async () => {
    const here = section('An xlung.');
    await here.pause();
    here.type('Well, ', 0);
    expect(here.spelled.all()).toEqual([{ from: 9, to: 14, word: 'xlung' }]);
    here.cut(9, 10);
    expect(here.wrong()).toEqual([]);
    await here.pause();
    expect(here.wrong()).toEqual([]);
  });
  it('are not told from an answer about a text that has changed since', async () => {
    const here = section('An xlung.');
    const asking = here.pause();
    here.cut(3, 8);
    await asking;
    expect(here.wrong()).toEqual([]);
    await here.pause();
    expect(here.wrong()).toEqual([]);
  });
  it('are right once the word was added', async () => {
    const here = section('An xlung.');
    await here.pause();
    expect(here.wrong()).toEqual(['xlung']);
    here.learn('xlung');
    await here.pause();
    expect(here.wrong()).toEqual([]);
    expect(here.drawn()).toBe(2);
  });
});

it('the next one is the first at the caret or behind it, the one before ends before it', () => {
  const all = [
    { from: 3, to: 8, word: 'xlung' },
    { from: 20, to: 22, word: 'xb' },
  ];
  expect(misspellingBeside(all, 3, 1)?.word).toBe('xlung');
  expect(misspellingBeside(all, 8, 1)?.word).toBe('xb');
  expect(misspellingBeside(all, 22, 1)).toBeNull();
  expect(misspellingBeside(all, 19, -1)?.word).toBe('xlung');
  expect(misspellingBeside(all, 7, -1)).toBeNull();
});
