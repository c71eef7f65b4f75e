import { describe, expect, it } from 'vitest';
import { caseVocabulary } from './case-vocabulary.ts';

describe('words of the open case for a speech engine', () => {
  it('are the plain words of its texts, each once, the first text first', () => {
    expect(
      caseVocabulary([
        'CT abdomen; known Sarcoidosis, s/p splenectomy.',
        'Sarcoidosis with “hilar” nodes: 12 mm (L4).',
      ]),
    ).toEqual(['abdomen', 'known', 'sarcoidosis', 'splenectomy', 'with', 'hilar', 'nodes']);
  });

  it('hold no number, no letters of other scripts and nothing beyond four hundred', () => {
    expect(caseVocabulary(['1978-04-03 A1234567 Öztürk 12.5 x2000'])).toEqual([]);
    const many = Array.from(
      { length: 900 },
      (_, at) => `word${String.fromCharCode(97 + (at % 26), 97 + Math.floor(at / 26))}`,
    );
    expect(caseVocabulary([many.join(' ')])).toHaveLength(400);
  });

  it('of one case are never among those of the next', () => {
    caseVocabulary(['meningioma']);
    expect(caseVocabulary(['fracture'])).toEqual(['fracture']);
  });
});
