import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftField, ReportField, SourcedWords } from './report-field.ts';
import { type CaretField, noField, shiftFields, shiftSourced, soundFields, soundSourced } from './span-shift.ts';
import { applyEdit, splitsCharacter, type TextEdit } from './text-edit.ts';

const size: ReportField = { id: 'size', name: 'Lesion size', kind: 'measurement', required: false, unit: 'mm' };
const field = (key: string, from: number, to: number, required = false): DraftField => ({
  key,
  section: '59776-5',
  from,
  to,
  field: { ...size, required },
  state: from === to ? 'empty' : 'filled',
});
const spans = (fields: readonly DraftField[]) => fields.map(({ key, from, to, state }) => [key, from, to, state]);
const write = (at: number, text: string): TextEdit => ({ from: at, to: at, text });
const erase = (from: number, to: number): TextEdit => ({ from, to, text: '' });
const inside = (key: string): CaretField => ({ inside: key, past: null });

describe('a field', () => {
  it('is filled by what is typed while the caret is in it', () => {
    const typed = shiftFields([field('a', 5, 5)], write(5, '1'), inside('a'));
    expect(spans(typed)).toEqual([['a', 5, 6, 'filled']]);
    expect(spans(shiftFields(typed, write(6, '2'), inside('a')))).toEqual([['a', 5, 7, 'filled']]);
  });
  it('goes on when words are written before it, and stays when they are written behind it', () => {
    expect(spans(shiftFields([field('a', 5, 5)], write(5, 'xy')))).toEqual([['a', 7, 7, 'empty']]);
    expect(spans(shiftFields([field('a', 5, 5)], write(5, 'xy'), { inside: null, past: 'a' }))).toEqual([
      ['a', 5, 5, 'empty'],
    ]);
    expect(spans(shiftFields([field('a', 5, 8)], write(8, '.')))).toEqual([['a', 5, 8, 'filled']]);
  });
  it('beside another at one place takes the words that are meant for it alone', () => {
    const both = [field('a', 3, 3), field('b', 3, 3)];
    expect(spans(shiftFields(both, write(3, 'x'), inside('b')))).toEqual([
      ['a', 3, 3, 'empty'],
      ['b', 3, 4, 'filled'],
    ]);
    expect(spans(shiftFields(both, write(3, 'x'), inside('a')))).toEqual([
      ['a', 3, 4, 'filled'],
      ['b', 4, 4, 'empty'],
    ]);
  });
  it('is empty again when its own words are deleted, and gone with the words around it', () => {
    expect(spans(shiftFields([field('a', 5, 8)], erase(5, 8)))).toEqual([['a', 5, 5, 'empty']]);
    expect(spans(shiftFields([field('a', 5, 8)], erase(4, 9)))).toEqual([]);
    expect(spans(shiftFields([field('a', 5, 5)], erase(4, 6)))).toEqual([]);
  });
  it('that is required stays open whatever is deleted around it', () => {
    expect(spans(shiftFields([field('a', 5, 8, true)], { from: 0, to: 20, text: 'New.' }))).toEqual([
      ['a', 4, 4, 'empty'],
    ]);
  });
  it('keeps what is left of it when a part is deleted', () => {
    expect(spans(shiftFields([field('a', 5, 8)], erase(3, 6)))).toEqual([['a', 3, 5, 'filled']]);
    expect(spans(shiftFields([field('a', 5, 8)], erase(7, 12)))).toEqual([['a', 5, 7, 'filled']]);
  });
});

const sourced = (from: number, to: number): SourcedWords => ({
  key: 's',
  section: '55752-0',
  from,
  to,
  source: 'order',
  words: 'from the order',
  value: '6 mm nodule',
});

describe('words from elsewhere', () => {
  const text = 'Known 6 mm nodule.';
  const mark = sourced(6, 17);
  it('are marked until they are touched', () => {
    expect(shiftSourced([mark], write(0, 'Well '), text)).toEqual([{ ...mark, from: 11, to: 22 }]);
    expect(shiftSourced([mark], write(8, 'x'), text)).toEqual([]);
    expect(shiftSourced([mark], erase(16, 18), text)).toEqual([]);
  });
  it('are the reader’s own once a neighbour makes another number of them', () => {
    expect(shiftSourced([mark], write(6, '1'), text)).toEqual([]);
    expect(shiftSourced([mark], write(6, 'about '), text)).toHaveLength(1);
    expect(shiftSourced([sourced(6, 7)], write(7, '.5'), text)).toEqual([]);
    expect(shiftSourced([mark], write(17, 's'), text)).toEqual([]);
    expect(shiftSourced([mark], write(18, ' No change.'), text)).toHaveLength(1);
    // The space between them goes: "Known6" is another word.
    expect(shiftSourced([mark], erase(5, 6), text)).toEqual([]);
  });
});

describe('words of a template', () => {
  const text = 'Liver: Normal. No mass.\nSpleen: \nKidneys: No stone.';
  const mark: SourcedWords = { ...sourced(0, text.length), source: 'template', key: 't-1', value: text };
  const marked = (edits: readonly TextEdit[]): readonly (readonly [string, string])[] => {
    let now = text;
    let marks: readonly SourcedWords[] = [mark];
    for (const edit of edits) {
      marks = shiftSourced(marks, edit, now);
      now = applyEdit(now, edit);
    }
    return marks.map((one) => [one.key, now.slice(one.from, one.to)] as const);
  };
  it('lose the mark in the sentence that was touched and nowhere else', () => {
    expect(marked([write(32, '12 cm.')])).toEqual([
      ['t-1', 'Liver: Normal. No mass.'],
      ['t-1~1', 'Kidneys: No stone.'],
    ]);
    expect(marked([erase(15, 18)])).toEqual([
      ['t-1', 'Liver: Normal.'],
      ['t-1~1', 'Spleen: \nKidneys: No stone.'],
    ]);
  });
  it('keep it where a new sentence is written behind one, and lose it where one is written on', () => {
    expect(marked([write(23, ' Cyst.')])).toEqual([
      ['t-1', 'Liver: Normal. No mass.'],
      ['t-1~1', 'Spleen: \nKidneys: No stone.'],
    ]);
    expect(marked([write(22, ' now')])[0]).toEqual(['t-1', 'Liver: Normal.']);
  });
  it('are cut again and again, each piece under a key of its own', () => {
    const pieces = marked([write(32, 'x'), write(3, 'x'), write(text.length + 1, 'x')]);
    expect(pieces.map(([, words]) => words)).toEqual(['No mass.']);
    const three = marked([write(32, 'x'), write(8, 'x')]);
    expect(new Set(three.map(([key]) => key)).size).toBe(three.length);
    expect(three.map(([, words]) => words)).toEqual(['No mass.', 'Kidneys: No stone.']);
  });
  it('are all the reader’s once all were touched, and those of an order are as soon as one was', () => {
    expect(marked([{ from: 0, to: text.length, text: 'Normal.' }])).toEqual([]);
    expect(shiftSourced([{ ...mark, source: 'order' }], write(32, 'x'), text)).toEqual([]);
  });
});

const textArbitrary = fc.string({
  unit: fc.constantFrom('a', 'b', '.', ' ', '\n', '6', '\u{1F9B4}', 'é'),
  maxLength: 24,
});
const aligned = (text: string, at: number): number => (splitsCharacter(text, at) ? at - 1 : at);

describe('any edits in any order', () => {
  it('keep every field and mark in the text, whole, in order and apart', () => {
    const start = fc.record({
      text: textArbitrary,
      cuts: fc.array(fc.nat(24), { maxLength: 10 }),
      required: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      edits: fc.array(
        fc.record({ a: fc.nat(60), b: fc.nat(60), text: textArbitrary, caret: fc.nat(5), past: fc.boolean() }),
        { maxLength: 12 },
      ),
    });
    fc.assert(
      fc.property(start, ({ text: first, cuts, required, edits }) => {
        let text = first;
        const ends = cuts.map((cut) => aligned(text, Math.min(cut, text.length))).sort((x, y) => x - y);
        const pairs = ends.flatMap((end, at) => (at % 2 === 0 ? [[end, ends[at + 1] ?? end] as const] : []));
        let fields = soundFields(
          pairs.map(([from, to], at) => field(`f${at}`, from, to, required[at] ?? false)),
          text,
        );
        let marks = soundSourced(
          pairs.map(([from, to], at) => ({
            ...sourced(from, to),
            key: `s${at}`,
            source: at % 2 === 0 ? 'template' : 'order',
            value: text.slice(from, to),
          })),
          text,
        );
        for (const one of edits) {
          const [x, y] = [one.a, one.b].map((at) => aligned(text, Math.min(at, text.length))) as [number, number];
          const edit = { from: Math.min(x, y), to: Math.max(x, y), text: one.text };
          const key = fields[one.caret]?.key ?? null;
          const caret = one.past ? { inside: null, past: key } : { inside: key, past: null };
          const before = { text, fields };
          fields = shiftFields(fields, edit, one.caret === 5 ? noField : caret);
          marks = shiftSourced(marks, edit, text);
          text = applyEdit(text, edit);
          expect(soundFields(fields, text)).toEqual(fields);
          expect(soundSourced(marks, text)).toEqual(marks);
          // Required ones are never lost; marks say what they said; words that nobody touched stay in their field.
          const needed = before.fields.filter((f) => f.field.required).map((f) => f.key);
          expect(fields.map((f) => f.key)).toEqual(expect.arrayContaining(needed));
          for (const mark of marks) expect(text.slice(mark.from, mark.to)).toBe(mark.value);
          expect(new Set(marks.map(({ key: one }) => one)).size).toBe(marks.length);
          for (const now of fields) {
            const was = before.fields.find((f) => f.key === now.key);
            if (was === undefined || was.to < edit.from || was.from > edit.to)
              expect(text.slice(now.from, now.to)).toBe(before.text.slice(was?.from, was?.to));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
