import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOfWords, changesOfWords, type DictatedReport, dictatedFigures } from './dictated-figures.ts';
import type { ReportSection } from './report.ts';

const findings = (text: string, exam?: string): ReportSection => ({
  code: '59776-5',
  title: 'Findings',
  text,
  ...(exam === undefined ? {} : { exam }),
});
const impression = (text: string): ReportSection => ({ code: '19005-8', title: 'Impression', text });
const twenty = 'The lungs are clear. No effusion. The heart is of normal size. No fracture of the ribs is seen today.';

describe('how much of a resident’s report was changed before it was signed', () => {
  it('is nothing where every word stayed, white space aside', () => {
    expect(changeOfWords([findings('Clear  lungs.\n')], [findings('Clear lungs.')])).toBe('unchanged');
    expect(changeOfWords([], [])).toBe('unchanged');
  });

  it('is small up to one word in ten, and large beyond; a replaced word is one', () => {
    const given = [findings(twenty)];
    expect(twenty.split(' ')).toHaveLength(20);
    expect(changeOfWords(given, [findings(twenty.replace('clear', 'hazy'))])).toBe('small');
    expect(changeOfWords(given, [findings(twenty.replace('clear', 'hazy').replace('normal', 'enlarged'))])).toBe(
      'small',
    );
    expect(changeOfWords(given, [findings(twenty.replace('The lungs are clear.', 'Both lungs show haze.'))])).toBe(
      'large',
    );
  });

  it('counts a section that came or went, and words that stand under another exam as changed', () => {
    expect(changeOfWords([findings(twenty), impression('Normal.')], [findings(twenty)])).toBe('small');
    expect(changeOfWords([findings(twenty)], [findings(twenty), impression('Normal chest, and no fracture.')])).toBe(
      'large',
    );
    expect(changeOfWords([findings('Clear.', '1.2.1')], [findings('Clear.', '1.2.2')])).toBe('large');
    const both = [findings('Clear.', '1.2.1'), findings('No bleed.', '1.2.2')];
    expect(changeOfWords(both, [...both].reverse())).toBe('unchanged');
  });
});

describe('a resident’s figures', () => {
  const report = (modality: string, month: string, change: DictatedReport['change']): DictatedReport => ({
    modality,
    month,
    change,
  });

  it('are by modality, most first, and by month, newest first', () => {
    const figures = dictatedFigures([
      report('CT', '2026-10', 'unchanged'),
      report('CT', '2026-11', 'large'),
      report('MR', '2026-11', null),
    ]);
    expect(figures.all).toEqual({ signed: 3, unchanged: 1, small: 0, large: 1, unknown: 1 });
    expect(figures.byModality.map((one) => [one.name, one.signed])).toEqual([
      ['CT', 2],
      ['MR', 1],
    ]);
    expect(figures.byMonth.map((one) => [one.name, one.signed])).toEqual([
      ['2026-11', 2],
      ['2026-10', 1],
    ]);
  });

  it('add up, whatever they are of', () => {
    const any = fc.array(
      fc.record({
        modality: fc.constantFrom('CT', 'MR', 'XR'),
        month: fc.constantFrom('2026-09', '2026-10', '2026-11'),
        change: fc.constantFrom(...changesOfWords, null),
      }),
    );
    fc.assert(
      fc.property(any, (reports) => {
        const { all, byModality, byMonth } = dictatedFigures(reports);
        expect(all.signed).toBe(reports.length);
        for (const table of [byModality, byMonth])
          for (const field of ['signed', 'unchanged', 'small', 'large', 'unknown'] as const)
            expect(table.reduce((sum, one) => sum + one[field], 0)).toBe(all[field]);
        for (const one of [all, ...byModality])
          expect(one.unchanged + one.small + one.large + one.unknown).toBe(one.signed);
      }),
    );
  });
});
