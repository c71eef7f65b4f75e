import { describe, expect, it } from 'vitest';
import {
  type Action,
  type CaseAction,
  type CaseState,
  can,
  caseActions,
  caseStates,
  may,
  otherActions,
  type Role,
  roles,
} from './index.ts';

/**
 * The whole table once more, by hand: q queued, c claimed, r reading, h held, d completed (done), x cancelled. A change of the rule has
 * to be a decision here too.
 */
const letters: Readonly<Record<CaseState, string>> = {
  queued: 'q',
  claimed: 'c',
  reading: 'r',
  held: 'h',
  completed: 'd',
  cancelled: 'x',
};
const written: Readonly<Record<CaseAction, Readonly<Record<Role, string>>>> = {
  look: { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: 'qcrhdx', site: '' },
  read: { radiologist: 'qcrhd', lead: 'qcrhd', qa: '', site: '' },
  'renew-claim': { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  'release-claim': { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  pass: { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  hold: { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  resume: { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  reassign: { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  'see-colleagues': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'ask-look': { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  suspend: { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  'see-pace': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'answer-look': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'resolve-identity': { radiologist: 'qcrhd', lead: 'qcrhd', qa: '', site: '' },
  draft: { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  sign: { radiologist: 'qcrhd', lead: 'qcrhd', qa: '', site: '' },
  'give-to-sign': { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  'take-back': { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  'send-back': { radiologist: 'qcrh', lead: 'qcrh', qa: '', site: '' },
  'withdraw-report': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'see-withdrawal': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: 'qcrhdx', site: '' },
  'see-report': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: 'qcrhdx', site: '' },
  'see-timeline': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: 'qcrhdx', site: '' },
  'see-order-checks': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: 'qcrhdx', site: '' },
  'enter-downtime-read': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'see-delivery': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: 'qcrhdx', site: '' },
  'close-case': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: 'qcrhdx', site: '' },
  'see-messages': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'write-message': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'see-images-after-report': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'end-images-after-report': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'see-criticals': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'communicate-critical': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'see-follow-ups': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'track-follow-up': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
  'make-physician-link': { radiologist: 'qcrhdx', lead: 'qcrhdx', qa: '', site: '' },
};

describe('who may do what, in which state of a case', () => {
  for (const action of caseActions)
    for (const role of roles)
      it(`${role}, ${action}: ${written[action][role] || 'never'}`, () => {
        const found = caseStates.filter((state) => may(role, action, state).allowed).map((state) => letters[state]);
        expect(found.join('')).toBe(written[action][role]);
        expect(can(role, action)).toBe(written[action][role] !== '');
      });

  it.each<[Action, readonly Role[]]>([
    ['list', ['radiologist', 'lead', 'qa']],
    ['search', ['radiologist', 'lead', 'qa']],
    ['next-study', ['radiologist', 'lead']],
    ['see-open-criticals', ['radiologist', 'lead']],
    ['see-billing', ['lead']],
    ['see-upkeep', ['lead']],
    ['retry-delivery', ['radiologist', 'lead']],
    ['see-delivery-troubles', ['radiologist', 'lead']],
    ['manage-accounts', ['lead']],
    ['manage-devices', ['lead']],
    ['see-withdrawals', ['radiologist', 'lead', 'qa']],
    ['see-overreads', ['radiologist', 'lead']],
    ['see-templates', ['radiologist', 'lead', 'qa']],
    ['keep-own-templates', ['radiologist', 'lead']],
    ['keep-group-templates', ['lead']],
    ['see-display-checks', ['lead', 'qa']],
    ['see-check-figures', ['lead', 'qa']],
    ['keep-checks', ['lead']],
    ['set-channels', ['lead']],
  ])('%s, about no case: %s', (action, allowed) => {
    expect(roles.filter((role) => can(role, action))).toEqual(allowed);
  });

  it('nothing is left out of the table', () => {
    expect(Object.keys(written).sort()).toEqual([...caseActions].sort());
    expect(otherActions).toHaveLength(21);
  });

  it('says whether the role or the state stands against it', () => {
    expect(may('qa', 'read', 'queued')).toEqual({
      allowed: false,
      because: 'role',
      words: 'Not for a QA reviewer. Look opens it without a claim.',
    });
    expect(may('lead', 'read', 'cancelled')).toMatchObject({
      because: 'state',
      words: expect.stringMatching(/was cancelled/),
    });
  });
});
