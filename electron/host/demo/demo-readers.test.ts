import type { PractitionerRole } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { mayRead, npiIsValid } from '../../../shared/domain/reader/index.ts';
import { credentialsFromFhir, readerFromFhir } from '../../../shared/interop/fhir/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { demoSites } from './cast.ts';
import { demoColleagues } from './demo-readers.ts';

describe('the invented colleagues of the demo day', () => {
  const now = instant(Date.parse('2026-11-29T06:00:00Z'));
  const all = demoColleagues(now);
  const people = all.flatMap((one) => (one.resourceType === 'Practitioner' ? [one] : []));
  const roles = all.filter((one): one is PractitionerRole & { id: string } => one.resourceType === 'PractitionerRole');

  it('are a dozen, each with an NPI of the right shape and credentials that can be read back', () => {
    expect(people).toHaveLength(12);
    expect(new Set(all.map((one) => one.id)).size).toBe(all.length);
    for (const person of people) {
      const reader = readerFromFhir(person);
      expect(reader.ok && npiIsValid(reader.value.npi ?? '')).toBe(true);
    }
  });

  it('differ in what they may read: at each site some may and some may not', () => {
    for (const site of Object.values(demoSites)) {
      const verdicts = people.map((person) => {
        const own = roles.filter((role) => role.practitioner?.reference === `Practitioner/${person.id}`);
        const entitlement = credentialsFromFhir(person, own)?.entitlement ?? 'unrestricted';
        return (
          mayRead(entitlement, { site, modality: 'MG' }, now).allowed ||
          mayRead(entitlement, { site, modality: 'CR' }, now).allowed
        );
      });
      expect([...new Set(verdicts)].sort(), site.name).toEqual([false, true]);
    }
  });
});
