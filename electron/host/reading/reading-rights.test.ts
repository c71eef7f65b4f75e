import { expect, test } from 'vitest';
import type { Site } from '../../../shared/domain/order/index.ts';
import type { Reader, ReaderId } from '../../../shared/domain/reader/index.ts';
import { defaultProfile, type SiteProfile } from '../../../shared/domain/site/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import type { CaseFacts } from './case-book.ts';
import { createReadingRights } from './reading-rights.ts';

const reno = { id: 'reno', name: 'Reno Imaging', state: 'NV', zone: 'America/Los_Angeles' } as Site;
const reader: Reader = {
  id: 'reader-1' as ReaderId,
  userName: 'ann',
  name: 'Dr A. Tandewright',
  role: 'radiologist',
  npi: null,
  states: 'all',
};
const facts = { task: { requestedReport: 'final' }, order: { site: reno, modality: 'CT' }, seen: null } as CaseFacts;

function rightsUnder(issue: SiteProfile['issue']) {
  type Parts = Parameters<typeof createReadingRights>[0];
  return createReadingRights({
    credentials: { of: () => 'unrestricted', version: () => 1 } as unknown as Parts['credentials'],
    book: {} as Parts['book'],
    sites: { siteOf: () => ({ ...defaultProfile(reno), issue }), agreedWith: () => null },
    recordNow: () => instant(1_800_000_000_000),
  });
}

test.each([
  ['anything from anywhere', { preliminary: true, final: true, fromAbroad: 'final' }, [true, true, true, true]],
  [
    'a preliminary alone from abroad',
    { preliminary: true, final: true, fromAbroad: 'preliminary' },
    [true, true, true, false],
  ],
  ['nothing from abroad', { preliminary: true, final: true, fromAbroad: 'none' }, [true, true, false, false]],
  ['no final by the group', { preliminary: true, final: false, fromAbroad: 'final' }, [true, false, true, false]],
] as const)('a contract that takes %s is asked at each signature', (_words, issue, verdicts) => {
  const rights = rightsUnder(issue);
  const home = { reader, readingFrom: 'US-NV' } as const;
  const abroad = { reader, readingFrom: 'PT' } as const;
  const asked = [home, abroad].flatMap((asker) =>
    (['preliminary', 'final'] as const).map((kind) => rights.mayIssue(asker as never, facts, kind).allowed),
  );
  expect(asked).toEqual(verdicts);
});

test.each([
  ['a final waits at a site that says so', true, 'final', 'routine', 'arriving', false],
  ['a preliminary never waits', true, 'preliminary', 'routine', 'arriving', true],
  ['an addendum never waits', true, 'addendum', 'routine', 'arriving', true],
  ['STAT never waits', true, 'final', 'stat', 'arriving', true],
  ['nothing waits where the site says nothing', false, 'final', 'routine', 'arriving', true],
  ['nothing waits once all are here', true, 'final', 'routine', 'complete', true],
] as const)('while images are arriving: %s', (_words, finalWaits, kind, priority, arrival, allowed) => {
  type Parts = Parameters<typeof createReadingRights>[0];
  const now = 1_800_000_000_000;
  const profile = defaultProfile(reno);
  const agreed: SiteProfile = { ...profile, arrival: { ...profile.arrival, finalWaits } };
  const row = {
    priority,
    images: { present: 6, expected: 24 },
    arrival: { kind: arrival, quietAt: instant(now + 60_000), protocol: null },
  };
  const rights = createReadingRights({
    credentials: { of: () => 'unrestricted', version: () => 1 } as unknown as Parts['credentials'],
    book: { row: () => row } as unknown as Parts['book'],
    sites: { siteOf: () => agreed, agreedWith: () => agreed },
    recordNow: () => instant(now),
  });
  const asker = { reader, readingFrom: 'US-NV' } as const;
  const verdict = rights.maySign(asker as never, facts, kind);
  expect(verdict.allowed).toBe(allowed);
  if (!verdict.allowed) expect(verdict.reason).toContain('no final while images are still arriving: 6 of 24');
  // What was signed before is released all the same.
  expect(rights.mayIssue(asker as never, facts, 'final').allowed).toBe(true);
});
