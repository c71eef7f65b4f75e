import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpret, type Utterance } from './interpret.ts';
import { isOneApart } from './spoken-command.ts';

const names = {
  windows: ['lung', 'bone', 'soft tissue'],
  macros: ['Normal chest', 'Normal head'],
  templates: ['CT head', 'Chest, 2 views'],
};
const saying = (said: string, more: Partial<Utterance> & { readonly confidence?: number | null } = {}): Utterance => ({
  words: said.split(' ').map((word) => ({ word, confidence: more.confidence === undefined ? 0.9 : more.confidence })),
  pauseBefore: 600,
  pauseAfter: 600,
  held: 'nothing',
  ...more,
});
const commands = [
  ...[
    'next field',
    'previous field',
    'scratch that',
    'next series',
    'previous series',
    'next prior',
    'insert measurement',
  ],
  ...[
    'mark key image',
    'sign report',
    'window lung',
    'insert macro normal chest',
    'template ct head',
    'normal except hepatic steatosis',
  ],
];

describe('a command', () => {
  it.each([
    ['next field', { type: 'next-field' }],
    ['scratch that', { type: 'scratch-that' }],
    ['window soft tissue', { type: 'window', name: 'soft tissue' }],
    ['insert macro normal chest', { type: 'insert-macro', name: 'Normal chest' }],
    ['insert macro normal chess', { type: 'insert-macro', name: 'Normal chest' }],
    ['template chest 2 views', { type: 'apply-template', name: 'Chest, 2 views' }],
    ['normal except mild cardiomegaly', { type: 'normal-except', words: ['mild', 'cardiomegaly'] }],
    ['sign report', { type: 'sign-report' }],
    ['start critical result', { type: 'start-critical-result' }],
  ])('%s stands alone between pauses', (said, command) => {
    expect(interpret(saying(said), names)).toEqual({ kind: 'command', command });
  });

  it('without a pause before or after it is text, and says why', () => {
    for (const pause of [{ pauseBefore: 399 }, { pauseAfter: 399 }])
      expect(interpret(saying('next field', pause), names)).toMatchObject({
        kind: 'text',
        because: 'no-pause-around-it',
      });
  });
  it('after "literal" is text without that word', () => {
    expect(interpret(saying('literal next field'), names)).toMatchObject({
      kind: 'text',
      because: 'literal',
      words: [{ word: 'next' }, { word: 'field' }],
    });
  });
  it('of which the engine was not sure is neither done nor written', () => {
    expect(interpret(saying('sign report', { confidence: 0.4 }), names)).toMatchObject({
      kind: 'nothing',
      because: 'not-sure',
    });
  });
  it('with an unknown name is asked about, never guessed', () => {
    expect(interpret(saying('insert macro normal foot'), names)).toMatchObject({
      kind: 'nothing',
      because: 'no-such-name',
      near: ['Normal chest', 'Normal head'],
    });
  });
  it('whose name is found by whoever takes it goes there with the name as it was said; a sentence does not', () => {
    const unlisted = { windows: [], macros: null, templates: null };
    expect(interpret(saying('template ct head'), unlisted)).toEqual({
      kind: 'command',
      command: { type: 'apply-template', name: 'ct head' },
    });
    expect(interpret(saying('template matching was used in all of the cases'), unlisted)).toMatchObject({
      kind: 'text',
    });
  });
  it('“normal except” is asked for again where one of its exceptions was not heard well', () => {
    expect(interpret(saying('normal except left effusion', { confidence: 0.6 }), names)).toMatchObject({
      kind: 'nothing',
      because: 'not-sure',
    });
  });
  it('with a name that fits two is asked about', () => {
    expect(interpret(saying('insert macro heed'), { ...names, macros: ['head', 'heel'] })).toMatchObject({
      kind: 'nothing',
      near: ['head', 'heel'],
    });
  });
  it('held as a command by the device’s button needs no pause, and other words then do nothing', () => {
    const held = { held: 'command', pauseBefore: 0, pauseAfter: 0 } as const;
    expect(interpret(saying('next field', held), names)).toMatchObject({ kind: 'command' });
    expect(interpret(saying('no fracture', held), names)).toMatchObject({ kind: 'nothing', because: 'not-a-command' });
    expect(interpret(saying('next field', { held: 'record' }), names)).toMatchObject({ kind: 'text' });
  });
});

describe('text', () => {
  it.each([
    'the patient will sign the report in the next field of view',
    'window of the aorta',
    'template matching was used',
    'normal except',
    'sign report please',
    'the next series',
  ])('is never a command: %s', (said) => {
    expect(interpret(saying(said), names)).toMatchObject({ kind: 'text', because: 'words' });
  });
  it('with any words around a command is text with all of its words', () => {
    const word = fc.constantFrom('the', 'lungs', 'are', 'clear', 'no', 'left', 'report', 'next', 'of', 'field', 'that');
    fc.assert(
      fc.property(
        fc.constantFrom(...commands.filter((one) => !/^(?:normal|insert|window|template)/.test(one))),
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (command, more, before) => {
          const said = before ? `${more.join(' ')} ${command}` : `${command} ${more.join(' ')}`;
          const found = interpret(saying(said), names);
          // Two commands in one breath, or one that says its last word twice, are text as well.
          expect(found.kind).toBe('text');
          if (found.kind === 'text') expect(found.words.map((one) => one.word).join(' ')).toBe(said);
        },
      ),
    );
  });
  it('and no words at all are nothing', () => {
    expect(interpret({ ...saying('x'), words: [] }, names)).toMatchObject({ kind: 'nothing', because: 'silence' });
  });
});

it('one apart: a letter more, less or other, and no further', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.nat(11), (name, place) => {
      const at = place % name.length;
      expect(isOneApart(name, name)).toBe(false);
      expect(isOneApart(name, name.slice(0, at) + name.slice(at + 1))).toBe(true);
      expect(isOneApart(name.slice(0, at) + name.slice(at + 1), name)).toBe(true);
      expect(isOneApart(name, `${name}xy`)).toBe(false);
    }),
  );
});
