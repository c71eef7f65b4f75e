import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channels, hl7Receipts } from '../../domain/delivery/index.ts';
import type { Priority } from '../../domain/order/index.ts';
import {
  abroadRules,
  contactRoles,
  type DatedContract,
  defaultProfile,
  defectWeights,
  type SiteProfile,
} from '../../domain/site/index.ts';
import { calendars, pauseRules, startTypes, stopTypes, weekdays } from '../../domain/turnaround/index.ts';
import { instant, minutes } from '../../lib/instant.ts';
import { siteProfileFromFhir, siteProfileToFhir } from './index.ts';

const words = fc.stringMatching(/^[A-Za-z0-9"\\{}<>éß日][A-Za-z0-9 "\\{}<>éß日]{0,15}[a-z]$/);
const key = fc.stringMatching(/^[A-Za-z_-]{1,12}$/);
const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,30}$/);
const or = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const byPriority = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Record<Priority, Value>> =>
  fc.record({ stat: value, asap: value, urgent: value, unknown: value, routine: value });
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const due = byPriority(fc.integer({ min: 1, max: 50_000 }).map(minutes));
const day = fc.integer({ min: 0, max: 40_000 }).map((at) => new Date(at * 86_400_000).toISOString().slice(0, 10));

const contract: fc.Arbitrary<DatedContract> = fc
  .record({
    validFrom: fc.integer({ min: 0, max: 4_000_000_000_000 }).map(instant),
    name: words,
    start: fc.uniqueArray(fc.constantFrom(...startTypes), { minLength: 1 }),
    stop: fc.constantFrom(...stopTypes),
    by: fc.option(fc.constantFrom(...channels), { nil: undefined }),
    pauses: fc.uniqueArray(fc.constantFrom(...pauseRules)),
    due,
    dueByModality: fc.dictionary(fc.constantFrom('CT', 'MR', 'MG'), due),
    calendar: byPriority(fc.constantFrom(...calendars)),
  })
  .map(({ by, ...one }) =>
    by === undefined || one.stop === 'final' || one.stop === 'preliminary' ? one : { ...one, by },
  );

const aProfile: fc.Arbitrary<SiteProfile> = fc
  .record({
    site: fc.record({
      id,
      name: words,
      state: fc.constantFrom('AZ', 'IN', 'HI'),
      zone: fc.constantFrom('America/Phoenix', 'America/Indiana/Indianapolis', 'Pacific/Honolulu'),
      phone: or(words),
    }),
    hours: fc.record({
      spans: fc.array(
        fc.record({
          days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
          from: time,
          to: fc.oneof(time, fc.constant('24:00')),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      holidays: fc.array(day, { maxLength: 3 }),
    }),
    contracts: fc
      .uniqueArray(contract, { selector: (one) => one.validFrom, maxLength: 3 })
      .map((all) => all.sort((left, right) => left.validFrom - right.validFrom)),
    delivery: fc.record({
      encapsulatedPdf: fc.boolean(),
      hl7Receipt: fc.constantFrom(...hl7Receipts),
      hl7Withdrawal: fc.constantFrom('W', 'D'),
      hl7Critical: fc.boolean(),
    }),
    issue: fc.record({ preliminary: fc.boolean(), final: fc.boolean(), fromAbroad: fc.constantFrom(...abroadRules) }),
    contacts: fc.array(fc.record({ role: fc.constantFrom(...contactRoles), name: words, phone: words }), {
      maxLength: 3,
    }),
    defects: fc.dictionary(
      key,
      fc.record({ read: fc.constantFrom(...defectWeights), bill: fc.constantFrom(...defectWeights) }),
    ),
    codes: fc.array(fc.record({ name: words, words: fc.array(words, { maxLength: 3 }) }), { maxLength: 2 }),
    arrival: fc.record({
      quietMinutes: fc.integer({ min: 1, max: 120 }),
      finalWaits: fc.boolean(),
      protocols: fc.array(
        fc.record({
          name: words,
          codes: fc.array(words, { minLength: 1, maxLength: 2 }),
          modality: or(fc.constantFrom('CT', 'MR', 'DX')),
          series: fc.array(
            fc.record({
              name: words,
              modality: or(fc.constantFrom('CT', 'MR')),
              words: fc.array(words, { maxLength: 2 }),
              images: or(fc.integer({ min: 1, max: 900 })),
            }),
            { minLength: 1, maxLength: 3 },
          ),
        }),
        { maxLength: 2 },
      ),
    }),
    displayCheckDays: fc.dictionary(fc.constantFrom('*', 'MG', 'CT'), fc.integer({ min: 1, max: 366 })),
    siteAliases: fc.record({
      issuers: fc.constantFrom([], ['LARKSPUR', 'LRK'], ['LARKSPUR', 'LRK', 'LARKSPUR HOSP']),
      unidentified: fc.array(words, { maxLength: 2 }),
    }),
    retentionDays: or(fc.integer({ min: 1, max: 10_000 })),
    keptOnHostDays: or(fc.integer({ min: 30, max: 4_000 })),
  })
  .map((profile) => {
    const last = profile.contracts.at(-1);
    // A contract that waits for the word of the site's own system goes with a profile by which that word is said.
    return last?.stop === 'filed' && last.by === 'hl7'
      ? { ...profile, delivery: { ...profile.delivery, hl7Receipt: 'filed' } }
      : profile;
  });

describe('a site profile in the record', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(aProfile, (profile) => {
        const wire: unknown = JSON.parse(JSON.stringify(siteProfileToFhir(profile)));
        expect(siteProfileFromFhir(wire)).toEqual({ ok: true, value: profile });
      }),
      { numRuns: 200 },
    );
  });

  it('is read where it still has the list of channels that nothing obeyed', () => {
    const { extension, ...rest } = siteProfileToFhir(
      defaultProfile({ id: 'a', name: 'A', state: 'AZ', zone: 'UTC', phone: null }),
    );
    const words = JSON.parse(extension?.[0]?.valueString ?? '{}') as object;
    const old = {
      ...rest,
      extension: [{ ...extension?.[0], valueString: JSON.stringify({ ...words, channels: ['hl7'] }) }],
    };
    expect(siteProfileFromFhir(old)).toMatchObject({ ok: true, value: { site: { id: 'a' } } });
  });

  it('of another site, of another program or cut short is not taken', () => {
    fc.assert(
      fc.property(aProfile, fc.nat(), (profile, at) => {
        const basic = siteProfileToFhir(profile);
        const text = basic.extension?.[0]?.valueString ?? '';
        const cut = {
          ...basic,
          extension: [{ ...basic.extension?.[0], valueString: text.slice(0, at % text.length) }],
        };
        expect(siteProfileFromFhir({ ...basic, id: 'site-profile-of-nobody' }).ok).toBe(false);
        expect(siteProfileFromFhir(cut).ok).toBe(false);
        expect(siteProfileFromFhir({ ...basic, code: { coding: [{ code: 'site-profile' }] } }).ok).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
