import { describe, expect, it } from 'vitest';
import { afterPreliminaryText, isChanged, overreadOf } from './overread.ts';
import type { ReportContent, ReportVersion } from './report.ts';

const preliminary = {
  version: 1,
  kind: 'preliminary',
  content: { signer: { id: 'okonjo', name: 'Dr A. Okonjo', npi: null } },
} as ReportVersion;
const sections = [{ code: '59776-5', title: 'Findings', text: 'No bleed.  \n' }];

describe('a final over a preliminary', () => {
  it('of another reader is an overread; over her own, over nothing and over a final it is none', () => {
    expect(overreadOf('final', 'tandewright', preliminary)).toEqual({
      version: 1,
      signer: { id: 'okonjo', name: 'Dr A. Okonjo' },
    });
    expect(overreadOf('final', 'okonjo', preliminary)).toBeNull();
    expect(overreadOf('final', 'tandewright', null)).toBeNull();
    expect(overreadOf('correction', 'tandewright', { ...preliminary, kind: 'final' })).toBeNull();
    expect(overreadOf('preliminary', 'tandewright', preliminary)).toBeNull();
  });

  it('is changed by a word, and by a section, not by white space at a line’s end', () => {
    expect(isChanged(sections, [{ code: '59776-5', title: 'Findings', text: 'No bleed.' }])).toBe(false);
    expect(isChanged(sections, [{ code: '59776-5', title: 'Findings', text: 'A bleed.' }])).toBe(true);
    expect(isChanged(sections, [...sections, { code: '19005-8', title: 'Impression', text: 'Normal.' }])).toBe(true);
    expect(isChanged(sections, [...sections, { code: '19005-8', title: 'Impression', text: ' ' }])).toBe(false);
  });

  it.each([
    [null, false, 'follows the preliminary, version 1, by Dr A. Okonjo; words unchanged'],
    [
      'major',
      true,
      'follows the preliminary, version 1, by Dr A. Okonjo; overread by Dr M. Tandewright: disagrees, major; words changed',
    ],
    [
      'agree',
      false,
      'follows the preliminary, version 1, by Dr A. Okonjo; overread by Dr M. Tandewright: agrees; words unchanged',
    ],
  ] as const)('says so in words: %s, changed %s', (agreement, changed, words) => {
    const content = {
      signer: { id: 'tandewright', name: 'Dr M. Tandewright', npi: null },
      preliminary: { version: 1, signer: { id: 'okonjo', name: 'Dr A. Okonjo' }, changed, agreement },
    } as ReportContent;
    expect(afterPreliminaryText(content)).toBe(words);
  });
});
