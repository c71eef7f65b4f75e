import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant } from '../../lib/instant.ts';
import {
  type Credentials,
  type Entitlement,
  entitlementOfStates,
  expectedSigningTime,
  type MayRead,
  mayIssue,
  mayRead,
  parseReadingFrom,
  readingFromWords,
} from './index.ts';

const reno = { id: 'site-reno', name: 'Reno Imaging', state: 'NV', zone: 'America/Los_Angeles' };
const night = instant(Date.parse('2026-11-29T06:00:00Z'));

const none: Credentials = {
  licences: [],
  privileges: null,
  modalities: null,
  mammography: null,
  malpractice: null,
  subspecialties: [],
  boards: [],
  payers: [],
  shifts: [],
};
const nevada: Credentials = { ...none, licences: [{ state: 'NV', number: 'MD-7', expires: null }] };
const codes = (found: MayRead): readonly string[] => (found.allowed ? [] : found.reasons.map((one) => one.code));
const ct = { site: reno, modality: 'CT' };

describe('which exams a reader may read', () => {
  it.each<[string, Entitlement, Partial<typeof ct> | { site: null }, readonly string[]]>([
    ['any, who is unrestricted', 'unrestricted', {}, []],
    ['any, where no site is named', none, { site: null }, []],
    ['one made in a state of her licence', nevada, {}, []],
    ['none in another state', none, {}, ['no-licence']],
    ['none where nobody knows the state', nevada, { site: { ...reno, state: '' } }, ['state-unknown']],
    [
      'none after the licence ends',
      { ...none, licences: [{ state: 'NV', number: '', expires: '2026-11-27' }] },
      {},
      ['licence-ends'],
    ],
    [
      'one for which a second licence still holds',
      {
        ...none,
        licences: [
          { state: 'NV', number: '1', expires: '2020-01-01' },
          { state: 'NV', number: '2', expires: '2027-01-01' },
        ],
      },
      {},
      [],
    ],
    ['none at a site where privileges are kept and she has none', { ...nevada, privileges: [] }, {}, ['no-privilege']],
    [
      'none with a privilege to look',
      { ...nevada, privileges: [{ site: 'site-reno', level: 'look', expires: null }] },
      {},
      ['privilege-too-low'],
    ],
    [
      'one that she may draft',
      { ...nevada, privileges: [{ site: 'site-reno', level: 'draft', expires: null }] },
      {},
      [],
    ],
    [
      'none with a privilege that is over',
      { ...nevada, privileges: [{ site: 'site-reno', level: 'final', expires: '2026-11-01' }] },
      {},
      ['privilege-ends'],
    ],
    ['none of a modality that she is not qualified for', { ...nevada, modalities: [] }, {}, ['modality-not-qualified']],
    [
      'none of unknown modality, where modalities are kept',
      { ...nevada, modalities: [] },
      { modality: '' },
      ['modality-unknown'],
    ],
    ['no mammogram without MQSA', nevada, { modality: 'MG' }, ['no-mammography']],
    [
      'no mammogram with MQSA that is over',
      { ...nevada, mammography: { expires: '2026-01-31' } },
      { modality: 'MG' },
      ['mammography-ends'],
    ],
    [
      'a mammogram with MQSA, whatever other modalities say',
      { ...nevada, modalities: [], mammography: { expires: null } },
      { modality: 'MG' },
      [],
    ],
    [
      'none without malpractice cover in the state',
      { ...nevada, malpractice: [{ carrier: 'Harbor', states: ['UT'], expires: null }] },
      {},
      ['no-malpractice-cover'],
    ],
    [
      'none with cover that is over',
      { ...nevada, malpractice: [{ carrier: 'Harbor', states: 'all', expires: '2026-11-01' }] },
      {},
      ['malpractice-cover-ends'],
    ],
    ['one at which only payer and board lapse', { ...nevada, payers: [{ name: 'P', expires: '2020-01-01' }] }, {}, []],
    [
      'none, with every reason at once',
      { ...none, privileges: [], modalities: [], malpractice: [] },
      {},
      ['no-licence', 'no-malpractice-cover', 'no-privilege', 'modality-not-qualified'],
    ],
  ])('%s', (_words, entitlement, exam, expected) => {
    expect(codes(mayRead(entitlement, { ...ct, ...exam }, night))).toEqual(expected);
  });

  it('says why in one line with the day and the place', () => {
    const ended = mayRead(
      { ...none, privileges: [], licences: [{ state: 'NV', number: '', expires: '2026-10-31' }] },
      ct,
      night,
    );
    expect(ended).toMatchObject({ reason: 'The licence for NV ends 2026-10-31 · No privilege at Reno Imaging' });
  });

  it('a licence holds through its last day on the site’s own calendar', () => {
    const held = { ...none, licences: [{ state: 'NV', number: '', expires: '2026-11-28' }] };
    const at = (text: string): boolean => mayRead(held, ct, instant(Date.parse(text))).allowed;
    // 22:00 in Reno on the 28th, while it is the 29th in UTC.
    expect(at('2026-11-29T06:00:00Z')).toBe(true);
    expect(at('2026-11-29T07:59:59Z')).toBe(true);
    expect(at('2026-11-29T08:00:00Z')).toBe(false);
  });

  it('counts at the expected signing time: a licence that ends while she reads does not help', () => {
    const held = { ...none, licences: [{ state: 'NV', number: '', expires: '2026-11-28' }] };
    const now = instant(Date.parse('2026-11-29T07:50:00Z'));
    expect(mayRead(held, ct, now).allowed).toBe(true);
    expect(mayRead(held, ct, expectedSigningTime(now, 'CT')).allowed).toBe(false);
    expect(mayRead(held, { ...ct, modality: 'DX' }, expectedSigningTime(now, 'DX')).allowed).toBe(true);
  });

  it('an account with states alone is held to these', () => {
    expect(mayRead(entitlementOfStates([' nv']), ct, night).allowed).toBe(true);
    expect(codes(mayRead(entitlementOfStates(['CA']), ct, night))).toEqual(['no-licence']);
    expect(mayRead(entitlementOfStates('all'), ct, night).allowed).toBe(true);
  });
});

describe('who may issue what, and from where', () => {
  const terms = { preliminary: true, final: true, fromAbroad: 'preliminary' } as const;
  const issue = (
    kind: 'preliminary' | 'final',
    from: string | null,
    rule: Partial<Record<keyof typeof terms, unknown>> = {},
  ) =>
    codes(
      mayIssue(nevada, ct, kind, night, {
        from: from === null ? null : parseReadingFrom(from),
        terms: { ...terms, ...rule } as never,
      }),
    );

  it.each<[string, readonly string[], readonly string[]]>([
    ['a final from a US state', issue('final', 'US-NV'), []],
    ['no final from abroad where the contract says preliminary', issue('final', 'AU'), ['abroad-preliminary-only']],
    ['a preliminary from abroad', issue('preliminary', 'AU'), []],
    [
      'nothing from abroad where it says none',
      issue('preliminary', 'AU', { fromAbroad: 'none' }),
      ['abroad-not-allowed'],
    ],
    ['a final from abroad where it says final', issue('final', 'AU', { fromAbroad: 'final' }), []],
    ['nothing from an unknown place where the place counts', issue('final', null), ['reading-place-unknown']],
    ['a final from an unknown place where it does not', issue('final', null, { fromAbroad: 'final' }), []],
    ['no final where the site takes none', issue('final', 'US-NV', { final: false }), ['site-takes-no-final']],
    [
      'no preliminary where it takes none',
      issue('preliminary', 'US-NV', { preliminary: false }),
      ['site-takes-no-preliminary'],
    ],
  ])('%s', (_words, found, expected) => expect(found).toEqual(expected));

  it.each([
    ['draft', ['privilege-too-low'], ['privilege-too-low']],
    ['preliminary', [], ['privilege-too-low']],
    ['final', [], []],
  ] as const)('a privilege for %s', (level, preliminary, final) => {
    const held = { ...nevada, privileges: [{ site: 'site-reno', level, expires: null }] };
    const place = { from: null, terms: null };
    expect(codes(mayIssue(held, ct, 'preliminary', night, place))).toEqual(preliminary);
    expect(codes(mayIssue(held, ct, 'final', night, place))).toEqual(final);
  });

  it('a place is a US state or another country', () => {
    expect([' us-nv', 'AU', 'US', 'US-XX', 'A', ''].map(parseReadingFrom)).toEqual([
      'US-NV',
      'AU',
      null,
      null,
      null,
      null,
    ]);
    expect(['US-NV', 'AU', 'XK'].map((text) => readingFromWords(parseReadingFrom(text) as never))).toEqual([
      'Nevada',
      'Australia',
      'abroad (XK)',
    ]);
  });
});

describe('for any credentials', () => {
  const day = fc.option(fc.constantFrom('2026-11-01', '2026-11-28', '2027-06-30'), { nil: null });
  const credentials: fc.Arbitrary<Credentials> = fc.record({
    licences: fc.array(fc.record({ state: fc.constantFrom('NV', 'UT', 'ME'), number: fc.constant(''), expires: day })),
    privileges: fc.option(
      fc.array(
        fc.record({
          site: fc.constantFrom('site-reno', 'site-other'),
          level: fc.constantFrom('look', 'draft', 'preliminary', 'final'),
          expires: day,
        }),
      ),
      { nil: null },
    ),
    modalities: fc.option(fc.array(fc.record({ name: fc.constantFrom('CT', 'MR'), expires: day })), { nil: null }),
    mammography: fc.option(fc.record({ expires: day }), { nil: null }),
    malpractice: fc.option(
      fc.array(fc.record({ carrier: fc.constant('C'), states: fc.constantFrom('all' as const, ['NV']), expires: day })),
      { nil: null },
    ),
    subspecialties: fc.constant([]),
    boards: fc.constant([]),
    payers: fc.constant([]),
    shifts: fc.constant([]),
  });
  const exam = fc.record({
    site: fc.constant(reno),
    modality: fc.constantFrom('CT', 'MR', 'MG', 'DX', ''),
  });
  const time = fc
    .date({ min: new Date('2026-10-01'), max: new Date('2027-12-31'), noInvalidDate: true })
    .map((one) => instant(one.getTime()));
  const place = { from: null, terms: null };

  it('who may issue a final may issue a preliminary, and who may issue may read', () => {
    fc.assert(
      fc.property(credentials, exam, time, (held, what, at) => {
        if (mayIssue(held, what, 'final', at, place).allowed)
          expect(mayIssue(held, what, 'preliminary', at, place).allowed).toBe(true);
        if (mayIssue(held, what, 'preliminary', at, place).allowed) expect(mayRead(held, what, at).allowed).toBe(true);
      }),
    );
  });

  it('a refusal has reasons, none twice, and a longer credential never takes a right away', () => {
    const forever = (held: Credentials): Credentials => ({
      ...held,
      licences: held.licences.map((one) => ({ ...one, expires: null })),
      privileges: held.privileges?.map((one) => ({ ...one, expires: null })) ?? null,
      modalities: held.modalities?.map((one) => ({ ...one, expires: null })) ?? null,
      mammography: held.mammography === null ? null : { expires: null },
      malpractice: held.malpractice?.map((one) => ({ ...one, expires: null })) ?? null,
    });
    fc.assert(
      fc.property(credentials, exam, time, (held, what, at) => {
        const found = mayRead(held, what, at);
        const all = codes(found);
        expect(new Set(all).size).toBe(all.length);
        expect(found.allowed).toBe(all.length === 0);
        if (found.allowed) expect(mayRead(forever(held), what, at).allowed).toBe(true);
      }),
    );
  });

  it('once ended stays ended: what is refused for an end now is refused later', () => {
    fc.assert(
      fc.property(credentials, exam, time, fc.nat(400), (held, what, at, days) => {
        const later = (at + days * 86_400_000) as Instant;
        if (!mayRead(held, what, at).allowed) expect(mayRead(held, what, later).allowed).toBe(false);
      }),
    );
  });
});
