import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createSpelling, distance, namesIn, readDictionary, readWordList, wordsIn } from './index.ts';

const root = new URL('../../../', import.meta.url);
const file = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const base = readDictionary(file('node_modules/dictionary-en/index.aff'), file('node_modules/dictionary-en/index.dic'));
const list = readWordList(file('resources/spelling/radiology.txt'));
const spelling = createSpelling(base, list);
const none: ReadonlySet<string> = new Set();
const wrongIn = (text: string, own: ReadonlySet<string> = none): readonly string[] =>
  wordsIn(text)
    .map(({ word }) => word)
    .filter((word) => !spelling.knows(word, own));

describe('a Hunspell dictionary', () => {
  const affixes = [
    'NOSUGGEST !',
    'ONLYINCOMPOUND c',
    'PFX U Y 1',
    'PFX U 0 un .',
    'SFX D Y 2',
    'SFX D 0 d e',
    'SFX D y ied [^aeiou]y',
    'SFX X N 1',
    'SFX X 0 ish .',
  ].join('\n');
  it('has every form that its rules make, both ends at once where they cross', () => {
    const { forms } = readDictionary(affixes, '3\ntie/UD\nmud/UX\nCT');
    expect([...forms].sort()).toEqual(['CT', 'mud', 'mudish', 'tie', 'tied', 'unmud', 'untie', 'untied']);
    expect([...readDictionary(affixes, '1\ncry/D').forms]).toEqual(['cry', 'cried']);
  });
  it('has no word that stands in compounds alone, and keeps apart what is not suggested', () => {
    const { forms, unsuggested } = readDictionary(affixes, '2\nth/c\nrude/!D');
    expect([...forms]).toEqual(['rude', 'ruded']);
    expect([...unsuggested]).toEqual(['rude', 'ruded']);
  });
});

describe('words that are looked at', () => {
  const looked = (text: string): readonly string[] => wordsIn(text).map(({ word }) => word);
  it('are none in capitals, no units, no codes and nothing that is glued to a figure', () => {
    expect(looked('CT of L4 and C5-6, 3mm, 5 cc at 2 mGy; T1-weighted, HbA1c, a@b.example, report.pdf')).toEqual([
      ...['of', 'and', 'at'],
      'weighted',
    ]);
  });
  it('are none that are a name behind a title', () => {
    expect(looked('Discussed with Dr. Ottoline Quillfeather by phone. Mrs Brambel agreed.')).toEqual([
      ...['Discussed', 'with', 'Dr', 'by', 'phone', 'Mrs', 'agreed'],
    ]);
  });
  it('are each part of a word with hyphens or strokes, and stand where they stand', () => {
    const text = 'ground-glass and/or patient’s';
    expect(looked(text)).toEqual(['ground', 'glass', 'and', 'or', 'patient’s']);
    for (const { from, to, word } of wordsIn(text)) expect(text.slice(from, to)).toBe(word);
  });
  test('whatever the text is, they lie in it in order and apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let last = 0;
        for (const { from, to, word } of wordsIn(text)) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(text.slice(from, to)).toBe(word);
          last = to;
        }
      }),
    );
  });
});

describe('spelling of a report', () => {
  it('knows the words of the trade and everyday ones, with a capital too, and finds what is misspelt', () => {
    expect(
      wrongIn(
        'No pneumothorax. Perihilar ground-glass opacities. Patient’s bibasilar atelectases are unchanged. Retrocardiac.',
      ),
    ).toEqual([]);
    expect(wrongIn('No pnuemothorax. Thier is atelectisis.')).toEqual(['pnuemothorax', 'Thier', 'atelectisis']);
  });
  it('offers what is meant, with the capital that was typed, and two words where the space is missing', () => {
    expect(spelling.suggest('pnuemothorax', none)[0]).toBe('pneumothorax');
    expect(spelling.suggest('Cardiomegly', none)[0]).toBe('Cardiomegaly');
    expect(spelling.suggest('teh', none)[0]).toBe('the');
    expect(spelling.suggest('inthe', none)).toContain('in the');
    expect(spelling.suggest('qqqqqqqq', none)).toEqual([]);
  });
  it('takes words that were added and names of the case as right', () => {
    expect(wrongIn('The Zephyrix stent, per Okonkwo.')).toEqual(['Zephyrix', 'Okonkwo']);
    const own = new Set([...namesIn(['OKONKWO^ADA']), 'zephyrix']);
    expect(wrongIn('The Zephyrix stent, per Okonkwo.', own)).toEqual([]);
    expect(spelling.suggest('zephyrx', own)[0]).toBe('zephyrix');
  });
  it('never suggests what it would mark again', () => {
    for (const word of ['efusion', 'hepatomegly', 'osteophyts', 'lungz', 'inthe'])
      for (const one of spelling.suggest(word, none)) expect(wrongIn(one), `${word}: ${one}`).toEqual([]);
  });
});

const notShown = ['also', 'id', 'field', 'code', 'schema', 'fill', 'unit', 'language'];
/** Everything of a file that stands in a report or a list; other spellings that a reader may say do not. */
function shownIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => (notShown.includes(key) ? [] : shownIn(one)));
}

it.each(['templates', 'macros'])('every word of our %s is spelt right, or stands in the list', (folder) => {
  for (const name of readdirSync(new URL(`resources/${folder}/`, root)).filter((one) => one.endsWith('.json'))) {
    expect(wrongIn(shownIn(JSON.parse(file(`resources/${folder}/${name}`))).join('\n')), name).toEqual([]);
  }
});

it('every meaning of a code that we write is spelt right', () => {
  const folders = ['shared/interop/dicom-sr', 'shared/interop/dicom-json', 'shared/interop/fhir', 'shared/interop'];
  for (const folder of folders)
    for (const name of readdirSync(new URL(`${folder}/`, root)).filter((one) => /(?<!test)\.ts$/.test(one))) {
      const meanings = [...file(`${folder}/${name}`).matchAll(/\b(?:meaning|display): '([^']+)'/g)].map(
        ([, words]) => words,
      );
      expect(wrongIn(meanings.join('\n')), name).toEqual([]);
    }
});

test('the distance between two words counts a swapped pair once and gives up beyond what is asked', () => {
  expect(distance('teh', 'the', 2)).toBe(1);
  expect(distance('lung', 'lungs', 2)).toBe(1);
  expect(distance('lung', 'liver', 2)).toBeNull();
  expect(distance('', 'ab', 2)).toBe(2);
});
