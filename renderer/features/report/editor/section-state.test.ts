import fc from 'fast-check';
import type { EditorState, Transaction } from 'prosemirror-state';
import { describe, expect, it, test } from 'vitest';
import type { DraftField, PlaceWords } from '../../../../shared/domain/report/index.ts';
import { applyEdit, editBetween, soundFields } from '../../../../shared/domain/report/index.ts';
import {
  arrowAtField,
  documentOf,
  enterField,
  fieldAtCaret,
  fillField,
  isFromOutside,
  putWords,
  removeField,
  sectionState,
  selectWords,
  spansOf,
  takeWords,
  textOf,
  wordsOf,
} from './section-state.ts';

const field = (key: string, from: number, to = from, required = false): DraftField => ({
  key,
  section: '59776-5',
  from,
  to,
  field: { id: key, name: `Name of ${key}`, kind: 'text', required },
  state: from === to ? 'empty' : 'filled',
});
const words = (text: string, ...fields: DraftField[]): PlaceWords => ({ text, fields, sourced: [] });
const since = (state: EditorState, ...steps: ((now: EditorState) => Transaction | null)[]): EditorState =>
  steps.reduce((now, step) => {
    const transaction = step(now);
    return transaction === null ? now : now.apply(transaction);
  }, state);
const type =
  (text: string) =>
  (now: EditorState): Transaction =>
    putWords(now, text);
const goTo =
  (at: number) =>
  (now: EditorState): Transaction =>
    selectWords(now, at, at);
const shown = (state: EditorState) => ({
  text: textOf(state.doc),
  fields: spansOf(state).fields.map((one) => [one.key, textOf(state.doc).slice(one.from, one.to), one.state]),
});

test('any text is the document and the document that text: line ends, spaces, halves of characters', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { maxLength: 40 }), fc.string(), (units, more) => {
      const text = String.fromCharCode(...units) + more;
      expect(textOf(documentOf(text))).toBe(text);
    }),
  );
});

describe('a field in a section', () => {
  const start = sectionState(words('A mass of  in the liver.', field('size', 10)));
  it('is filled by typing once the caret went there, and left by typing on elsewhere', () => {
    const typed = since(start, goTo(10), type('4'), type('8 mm'));
    expect(shown(typed)).toEqual({ text: 'A mass of 48 mm in the liver.', fields: [['size', '48 mm', 'filled']] });
    expect(shown(since(typed, goTo(24), type('large ')))).toMatchObject({ fields: [['size', '48 mm', 'filled']] });
  });
  it('is not entered by typing up to it', () => {
    const typed = since(start, goTo(9), type(' about'), type(' '));
    expect(fieldAtCaret(typed)).toBeNull();
    expect(shown(typed)).toEqual({ text: 'A mass of about   in the liver.', fields: [['size', '', 'empty']] });
  });
  it('is stepped into and out of by an arrow, so that words can stand on both its sides', () => {
    const inside = since(start, goTo(10));
    expect(fieldAtCaret(inside)?.one.key).toBe('size');
    const behind = since(inside, (now) => arrowAtField(now, 1), type('x'));
    expect(spansOf(behind).fields[0]).toMatchObject({ from: 10, to: 10 });
    const before = since(inside, (now) => arrowAtField(now, -1), type('x'));
    expect(spansOf(before).fields[0]).toMatchObject({ from: 11, to: 11 });
    // Past it the arrow is the browser's again.
    expect(
      arrowAtField(
        since(inside, (now) => arrowAtField(now, 1)),
        1,
      ),
    ).toBeNull();
  });
  it('that is entered has its words selected, so that what is typed takes their place', () => {
    const filled = sectionState(words('Side: left.', field('side', 6, 10)));
    const entered = since(filled, (now) => enterField(now, 'side'));
    expect(fieldAtCaret(entered)).toMatchObject({ text: 'left' });
    expect(shown(since(entered, type('r'), type('ight')))).toEqual({
      text: 'Side: right.',
      fields: [['side', 'right', 'filled']],
    });
  });
  it('takes a choice, gives it back, and is words alone once it is taken out', () => {
    const chosen = since(start, goTo(10), (now) => fillField(now, 'size', '6 mm'));
    expect(shown(chosen)).toEqual({ text: 'A mass of 6 mm in the liver.', fields: [['size', '6 mm', 'filled']] });
    expect(shown(since(chosen, (now) => fillField(now, 'size', '')))).toEqual(shown(start));
    expect(shown(since(chosen, (now) => removeField(now, 'size')))).toEqual({
      text: 'A mass of 6 mm in the liver.',
      fields: [],
    });
  });
  it('of two at one place is the one that the caret is in', () => {
    const two = sectionState(words('x', field('a', 1), field('b', 1)));
    const first = since(two, goTo(1), type('1'));
    expect(shown(first).fields).toEqual([
      ['a', '1', 'filled'],
      ['b', '', 'empty'],
    ]);
    const second = since(two, (now) => enterField(now, 'b'), type('2'));
    expect(shown(second).fields).toEqual([
      ['a', '', 'empty'],
      ['b', '2', 'filled'],
    ]);
  });
});

describe('words from outside', () => {
  it('come in without being told back, and leave the caret in its words', () => {
    const start = since(sectionState(words('Nodule.')), goTo(7));
    const taken = takeWords(start, words('48 mm Nodule.'));
    if (taken === null) throw new Error('nothing was taken');
    expect(isFromOutside(taken)).toBe(true);
    expect(start.apply(taken).selection.head).toBe(13);
    expect(takeWords(start, words('Nodule.'))).toBeNull();
  });
});

describe('what is put in', () => {
  it('is plain words in the place of what was selected, with the caret behind it', () => {
    const start = since(sectionState(words('No acute finding.')), (now) => selectWords(now, 3, 8));
    const put = since(start, type('old\r\n\u202e'));
    expect(textOf(put.doc)).toBe('No old\n finding.');
    expect(put.selection.head).toBe(7);
  });
});

test('whatever is done, by hand and from outside, text and fields are what the draft has, and go together', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '7', '\u{1F9B4}'), maxLength: 8 });
  const act = fc.oneof(
    fc.record({ kind: fc.constant('type' as const), text }),
    fc.record({ kind: fc.constant('go' as const), at: fc.nat(30), to: fc.nat(30) }),
    fc.record({ kind: fc.constant('enter' as const), at: fc.nat(3) }),
    fc.record({ kind: fc.constant('arrow' as const), by: fc.constantFrom(1 as const, -1 as const) }),
    fc.record({ kind: fc.constant('outside' as const), at: fc.nat(30), text }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
      let state = sectionState(words('ab cd ef', field('a', 2), field('b', 3, 5, true), field('c', 8)));
      for (const one of acts) {
        const before = wordsOf(state);
        const step =
          one.kind === 'type'
            ? putWords(state, one.text)
            : one.kind === 'go'
              ? selectWords(state, one.at, one.to)
              : one.kind === 'enter'
                ? enterField(state, spansOf(state).fields[one.at]?.key ?? '')
                : one.kind === 'arrow'
                  ? arrowAtField(state, one.by)
                  : takeWords(state, { ...before, text: before.text.slice(0, one.at), fields: [] });
        if (step === null) continue;
        state = state.apply(step);
        const now = wordsOf(state);
        expect(now.fields).toEqual(soundFields(now.fields, now.text));
        const edit = editBetween(before.text, now.text);
        expect(edit === null ? before.text : applyEdit(before.text, edit)).toBe(now.text);
        if (one.kind !== 'outside' && before.fields.some((f) => f.key === 'b'))
          expect(now.fields.map((f) => f.key)).toContain('b');
        const caret = spansOf(state).caret.inside;
        if (caret !== null) expect(now.fields.map((f) => f.key)).toContain(caret);
      }
    }),
    { numRuns: 300 },
  );
});
