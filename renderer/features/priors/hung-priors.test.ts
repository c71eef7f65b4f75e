import { describe, expect, it } from 'vitest';
import type { CaseDetail, CasePriors } from '../../../shared/api/index.ts';
import { addHung, dropHung } from './hung-priors.ts';

type Hung = CaseDetail['priors'];
const hung = (...uids: string[]): Hung =>
  uids.map((studyUid) => ({ study: { studyUid }, reason: '', report: null })) as unknown as Hung;
const found = (...priors: readonly (readonly [string, 'shown' | 'closed' | 'confirmed'])[]): CasePriors =>
  ({
    priors: priors.map(([key, standing]) => ({
      key,
      standing,
      study: standing === 'closed' ? null : { studyUid: key },
      report: null,
      reason: '',
    })),
    more: 0,
    whole: true,
    told: [],
  }) as unknown as CasePriors;
const uids = (priors: Hung): string[] => priors.map((one) => one.study.studyUid);

describe('which priors hang beside a case', () => {
  it('those that hang stay where they are and what was found is added behind', () => {
    expect(uids(addHung(hung('1.2'), found(['1.3', 'shown'], ['1.2', 'shown'])))).toEqual(['1.2', '1.3']);
  });

  it('a closed one never hangs, and one that was closed again goes', () => {
    expect(uids(addHung(hung('1.2'), found(['1.2', 'closed'], ['1.3', 'closed'])))).toEqual([]);
    expect(uids(addHung(hung(), found(['1.2', 'confirmed'])))).toEqual(['1.2']);
    expect(uids(dropHung(hung('1.2', '1.3'), '1.2'))).toEqual(['1.3']);
  });

  it('one that a whole search does not find any more goes, and stays where an archive did not answer', () => {
    expect(uids(addHung(hung('1.2'), found(['1.3', 'shown'])))).toEqual(['1.3']);
    expect(uids(addHung(hung('1.2'), { ...found(['1.3', 'shown']), whole: false }))).toEqual(['1.2', '1.3']);
  });

  it('no more than eight at once, and nothing changes where nothing is new', () => {
    const many = found(...Array.from({ length: 12 }, (_, index) => [`1.${index + 2}`, 'shown'] as const));
    const full = addHung(hung(), many);
    expect(full).toHaveLength(8);
    expect(addHung(full, many)).toBe(full);
  });

  it('an exam that is read together stays, whatever the search says of it', () => {
    const [one] = hung('1.2');
    if (one === undefined) throw new Error('none');
    const linked = [{ ...one, linked: 'A-2' }];
    expect(addHung(linked, found(['1.2', 'closed']))).toEqual(linked);
    expect(dropHung(linked, '1.2')).toEqual(linked);
  });
});
