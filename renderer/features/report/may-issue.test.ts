import { describe, expect, it } from 'vitest';
import type { MayRead } from '../../../shared/domain/reader/index.ts';
import { type Issue, issueLine, issueRefusal, rivalLine } from './may-issue.ts';

const yes: MayRead = { allowed: true };
const no = (reason: string): MayRead => ({
  allowed: false,
  reason,
  reasons: [{ code: 'abroad-preliminary-only', words: reason }],
});
const of = { requested: 'final', state: 'draft' } as const;

describe('what she may sign is said before she does', () => {
  const abroad: Issue = { preliminary: yes, final: no('By its contract only a preliminary is issued from Australia') };

  it('names the reason against a final and offers the preliminary that is allowed', () => {
    expect(issueRefusal('final', abroad, of)).toEqual({
      words: 'by its contract only a preliminary is issued from Australia.',
      offer: 'preliminary',
    });
    expect(issueRefusal('preliminary', abroad, of)).toBeNull();
    expect(issueLine(abroad)).toBe(
      'You may sign a preliminary only: by its contract only a preliminary is issued from Australia.',
    );
  });

  it('offers the final where the site takes no preliminary, and says nothing of it beforehand', () => {
    const cedar: Issue = { preliminary: no('By its contract this site takes no preliminary report'), final: yes };
    expect(issueRefusal('preliminary', cedar, of)?.offer).toBe('final');
    expect(issueLine(cedar)).toBeNull();
  });

  it('offers nothing that the report or the rights do not allow', () => {
    // After a preliminary no second one follows.
    expect(issueRefusal('final', abroad, { ...of, state: 'preliminary' })?.offer).toBeNull();
    const none: Issue = { preliminary: no('No licence for OH'), final: no('No licence for OH') };
    expect(issueRefusal('final', none, of)?.offer).toBeNull();
    expect(issueLine(none)).toBe('You may sign nothing here: no licence for OH.');
  });

  it('says what a signature would come to beside a final that is there, until ours is out', () => {
    const rival = { words: 'A final report by Dr S. Site is there.' };
    expect(rivalLine(rival, { finalExists: false })).toBe(
      'A final report by Dr S. Site is there. Compare the two before you sign.',
    );
    expect(rivalLine(rival, { finalExists: true })).toBeNull();
    expect(rivalLine(null, { finalExists: false })).toBeNull();
  });

  it('judges an addendum as what it changes, and says nothing while nobody has told', () => {
    expect(issueRefusal('addendum', abroad, { ...of, state: 'final' })).toMatchObject({ offer: null });
    expect(issueRefusal('addendum', abroad, { requested: 'preliminary', state: 'final' })).toBeNull();
    expect(issueRefusal('final', null, of)).toBeNull();
    expect(issueLine(null)).toBeNull();
  });
});
