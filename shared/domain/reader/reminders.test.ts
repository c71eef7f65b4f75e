import { describe, expect, it } from 'vitest';
import { type Credentials, entitlementOfStates, expiryReminders } from './index.ts';

const today = '2026-11-29';
const nevada = entitlementOfStates(['NV']) as Credentials;
const until = (expires: string): Credentials => ({ ...nevada, licences: [{ state: 'NV', number: '', expires }] });

describe('what ends soon is brought to mind', () => {
  it.each([
    ['2027-02-28', undefined],
    ['2027-02-27', 90],
    ['2026-12-30', 90],
    ['2026-12-29', 30],
    ['2026-12-07', 30],
    ['2026-12-06', 7],
    ['2026-11-29', 7],
    ['2026-11-28', 'ended'],
  ] as const)('a licence that ends %s: %s', (expires, due) => {
    expect(expiryReminders(until(expires), today)[0]?.due).toBe(due);
  });

  it('the soonest first, privileges by the site’s name, payer enrolment as billing’s matter', () => {
    const held: Credentials = {
      ...until('2026-12-20'),
      privileges: [{ site: 's1', level: 'final', expires: '2026-12-01' }],
      payers: [{ name: 'Harbor Health', expires: '2027-01-15' }],
      mammography: { expires: null },
    };
    expect(
      expiryReminders(held, today, () => 'Reno Imaging').map((one) => [one.what, one.daysLeft, one.billingOnly]),
    ).toEqual([
      ['Privilege at Reno Imaging (final)', 2, false],
      ['Licence for NV', 21, false],
      ['Enrolment with Harbor Health (billing only)', 47, true],
    ]);
  });

  it('nothing for who is unrestricted', () => expect(expiryReminders('unrestricted', today)).toEqual([]));
});
