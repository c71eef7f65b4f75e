import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DictatedText, fitDictated, formatDictated, type TextAround } from './format.ts';
import type { RecognisedWord } from './recognised.ts';

const fitted = (words: readonly RecognisedWord[], around: TextAround): DictatedText =>
  fitDictated(formatDictated(words), around);
const sure = (said: string, confidence: number | null = 0.95): readonly RecognisedWord[] =>
  said.split(' ').map((word) => ({ word, confidence }));
const written = (said: string, around = { before: 'Seen. ', after: '' }): string => fitted(sure(said), around).text;
/** In the middle of a sentence, so that capitals stay out of it. */
const within = (said: string): string => written(said, { before: 'with ', after: '' });

describe('what is said becomes what a report has', () => {
  it.each([
    ['the lungs are clear period no pneumothorax period', 'The lungs are clear. No pneumothorax.'],
    ['liver comma spleen comma and pancreas full stop', 'Liver, spleen, and pancreas.'],
    ['findings colon clear', 'Findings: clear'],
    ['the sigmoid colon is normal period', 'The sigmoid colon is normal.'],
    ['over a period of three weeks', 'Over a period of 3 weeks'],
    ['clear period new paragraph the heart is normal', 'Clear.\n\nThe heart is normal'],
    ['clear new line normal', 'Clear\nNormal'],
    ['nodule open parenthesis image four close parenthesis', 'Nodule (image 4)'],
    ['follow hyphen up', 'Follow-up'],
    ['literal period', 'Period'],
    ['literal comma', 'Comma'],
    ['capitalize smith and all caps stat', 'Smith and STAT'],
    ['ct of the chest with iv contrast', 'CT of the chest with IV contrast'],
    ['x ray of the hand', 'X-ray of the hand'],
    ['bi rads category four', 'BI-RADS category 4'],
  ])('%s', (said, expected) => expect(written(said)).toBe(expected));

  it.each([
    ['three point five by two centimetres', '3.5 x 2 cm'],
    ['three point five by two by one point zero centimeters', '3.5 x 2 x 1.0 cm'],
    ['three centimeters by two centimeters', '3 x 2 cm'],
    ['three centimeters by five millimeters', '3 cm x 5 mm'],
    ['point five centimeters', '0.5 cm'],
    ['five millimeters', '5 mm'],
    ['one hundred and twenty milliliters', '120 mL'],
    ['fifty percent', '50%'],
    ['forty five hounsfield units', '45 HU'],
    ['three to four millimeters', '3 to 4 mm'],
    ['two nodules', 'two nodules'],
    ['twelve nodules', '12 nodules'],
    ['six week follow up', '6 week follow up'],
    ['series three image forty five', 'series 3 image 45'],
    ['one of the nodules', 'one of the nodules'],
    ['at that point five nodules', 'at that point five nodules'],
    ['seven thousand two hundred milliliters', '7200 mL'],
    ['12 mm', '12 mm'],
  ])('numbers and sizes: %s', (said, expected) => expect(within(said)).toBe(expected));

  it.each([
    ['l four l five', 'L4-L5'],
    ['l four five', 'L4-L5'],
    ['l five s one', 'L5-S1'],
    ['c seven t one', 'C7-T1'],
    ['t twelve l one', 'T12-L1'],
    ['l three l five', 'L3 L5'],
    ['c three through c six', 'C3 through C6'],
    ['l four five millimeters', 'L4 5 mm'],
    ['t two hyperintense', 'T2 hyperintense'],
    ['l four dash l five', 'L4-L5'],
    ['l fourteen', 'l 14'],
  ])('levels: %s', (said, expected) => expect(within(said)).toBe(expected));

  it.each([
    ['march third twenty twenty five', 'March 3, 2025'],
    ['march third', 'March 3'],
    ['third of march two thousand twenty five', 'March 3, 2025'],
    ['january twenty twenty five', 'January 2025'],
    ['june twelve nineteen ninety eight', 'June 12, 1998'],
    ['august twenty first twenty oh nine', 'August 21, 2009'],
    ['may represent', 'may represent'],
    ['may two', 'may two'],
    ['the third rib', 'the third rib'],
  ])('dates: %s', (said, expected) => expect(within(said)).toBe(expected));

  it('fits between the words that stand there already', () => {
    expect(written('and spleen', { before: 'Liver', after: ' are normal.' })).toBe(' and spleen');
    expect(written('the spleen', { before: '', after: 'is normal' })).toBe('The spleen ');
    expect(written('clear', { before: 'Lungs:\n', after: '' })).toBe('Clear');
    expect(written('period', { before: 'Lungs clear', after: '' })).toBe('.');
  });
});

describe('what the engine was not sure of', () => {
  const doubts = (words: readonly RecognisedWord[]): readonly string[] => {
    const { text, doubtful } = fitted(words, { before: '', after: '' });
    return doubtful.filter((one) => one.grave).map(({ from, to }) => text.slice(from, to));
  };
  it('is shown where it turns the meaning: negations, sides, numbers with units, levels and dates', () => {
    const said = 'no fracture of the left wrist at l four l five of three by two millimeters since may third';
    expect(doubts(sure(said, 0.3))).toEqual(['No', 'left', 'L4-L5', '3 x 2 mm', 'May 3']);
    expect(doubts(sure(said, 0.9))).toEqual([]);
  });
  it('is all of these where an engine does not tell how sure it was', () => {
    expect(doubts(sure('no lesion on the right', null))).toEqual(['No', 'right']);
  });
  it('is marked in other words too, which are not shown again', () => {
    const said = sure('there is a nodule').map((one) => (one.word === 'nodule' ? { ...one, confidence: 0.2 } : one));
    expect(formatDictated(said).doubtful).toEqual([{ from: 11, to: 17, grave: false }]);
    expect(formatDictated(sure('there is a nodule', null)).doubtful).toEqual([]);
  });
  it('is the whole size when one figure of it is unsure', () => {
    const said = sure('three by two millimeters').map((one) =>
      one.word === 'two' ? { ...one, confidence: 0.2 } : one,
    );
    expect(doubts(said)).toEqual(['3 x 2 mm']);
  });
});

const onesSaid = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const teensSaid = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const tensSaid = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
function said(value: number): string {
  if (value < 10) return onesSaid[value] ?? '';
  if (value < 20) return teensSaid[value - 10] ?? '';
  if (value < 100) return `${tensSaid[Math.floor(value / 10)]}${value % 10 === 0 ? '' : ` ${onesSaid[value % 10]}`}`;
  if (value < 1_000)
    return `${onesSaid[Math.floor(value / 100)]} hundred${value % 100 === 0 ? '' : ` ${said(value % 100)}`}`;
  return `${said(Math.floor(value / 1_000))} thousand${value % 1_000 === 0 ? '' : ` ${said(value % 1_000)}`}`;
}

describe('a figure is never lost or changed', () => {
  it('in any whole number with any unit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999 }),
        fc.constantFrom(['millimeters', 'mm'], ['hounsfield units', 'HU']),
        (value, [unit, sign]) => {
          expect(within(`${said(value)} ${unit}`)).toBe(`${value} ${sign}`);
        },
      ),
    );
  });
  it('in any decimal, and any size of up to three of them', () => {
    const decimal = fc.tuple(
      fc.integer({ min: 0, max: 99 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 3 }), (sides) => {
        const words = sides.map(
          ([whole, digits]) => `${said(whole)} point ${digits.map((one) => onesSaid[one]).join(' ')}`,
        );
        const figures = sides.map(([whole, digits]) => `${whole}.${digits.join('')}`);
        expect(within(`${words.join(' by ')} centimeters`)).toBe(`${figures.join(' x ')} cm`);
      }),
    );
  });
  it('and no word of the vocabulary is dropped, whatever stands beside it', () => {
    const plain = fc.constantFrom(
      'no',
      'not',
      'left',
      'right',
      'nodule',
      'the',
      'lung',
      'without',
      'effusion',
      'may',
      'colon',
      'point',
      'by',
      'l',
      't',
    );
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 12 }), (words) => {
        expect(within(words.join(' ')).toLowerCase().split(/[ :]+/).filter(Boolean)).toEqual(words);
      }),
    );
  });
  it('and every doubtful stretch lies inside the text', () => {
    const any = fc.constantFrom(
      'no',
      'left',
      'three',
      'point',
      'by',
      'millimeters',
      'l',
      'five',
      'period',
      'may',
      'third',
      'new',
      'paragraph',
      'literal',
      'percent',
      'the',
      'oh',
      'hundred',
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 15 }), fc.string(), fc.string(), (words, before, after) => {
        const { text, doubtful } = fitted(
          words.map((word) => ({ word, confidence: 0.1 })),
          { before, after },
        );
        let last = 0;
        for (const { from, to } of doubtful) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          expect(text.slice(from, to).trim()).not.toBe('');
          last = to;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
