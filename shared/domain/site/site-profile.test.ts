import { describe, expect, it } from 'vitest';
import { type Instant, instant, minutes } from '../../lib/instant.ts';
import { defaultContract } from '../turnaround/index.ts';
import { brokenContracts, contractAt, profileFromJson, profileToJson, type SiteProfile } from './index.ts';

const phoenix = {
  site: { id: 'org-desert', name: 'Desert Imaging', state: 'AZ', zone: 'America/Phoenix', phone: '602-555-0100' },
  hours: { spans: [{ days: ['mon', 'tue'], from: '07:00', to: '19:00' }], holidays: ['2026-12-25'] },
  contracts: [
    {
      validFrom: '2026-01-01T00:00:00-07:00',
      name: 'Nights 2026',
      start: ['images.complete', 'task.queued'],
      stop: 'final',
      pauses: ['question'],
      due: { stat: 20, asap: 45, urgent: 90, unknown: 90, routine: 720 },
      dueByModality: { CT: { stat: 15, asap: 30, urgent: 60, unknown: 60, routine: 480 } },
      calendar: { stat: 'always', asap: 'always', urgent: 'always', unknown: 'always', routine: 'hours' },
      critical: { '1': 30, '2': 240, '3': 2_880 },
    },
  ],
  issue: { preliminary: true, final: true, fromAbroad: 'preliminary' },
  contacts: [{ role: 'desk', name: 'Front desk', phone: '602-555-0101' }],
  defects: { 'no-reason': { read: 'counts', bill: 'note' } },
  codes: [{ name: 'Stroke', words: ['stroke', 'CVA'] }],
  arrival: {
    quietMinutes: 8,
    finalWaits: true,
    protocols: [
      {
        name: 'CT head',
        codes: ['70450'],
        modality: 'CT',
        series: [{ name: 'Axial', modality: 'CT', words: ['axial', 'ax'], images: 30 }],
      },
    ],
  },
  siteAliases: { issuers: ['DESERT', 'DSRT'], unidentified: ['FOXTROT'] },
  retentionDays: 3_650,
};

function read(value: unknown): SiteProfile {
  const found = profileFromJson(value);
  if (!found.ok) throw new Error(found.error.faults.join('\n'));
  return found.value;
}

function faultsOf(change: object): readonly string[] {
  const found = profileFromJson({ ...phoenix, ...change });
  return found.ok ? [] : found.error.faults;
}

const [contract] = phoenix.contracts;
const protocol = (change: object) => ({ protocols: [{ ...phoenix.arrival.protocols[0], ...change }] });

describe('a site profile in a file', () => {
  it('may stop a clock by one receiver’s word, and only where that word is ever said', () => {
    const byHl7 = { contracts: [{ ...contract, stop: 'filed', by: 'hl7' }] };
    expect(faultsOf(byHl7)).toEqual([
      'delivery says nothing of "hl7Receipt" ("filed" or "enhanced"), but the last contract stops the clock when the report is filed by HL7.',
    ]);
    expect(read({ ...phoenix, ...byHl7, delivery: { hl7Receipt: 'enhanced' } }).contracts[0]).toMatchObject({
      stop: 'filed',
      by: 'hl7',
    });
    expect(faultsOf({ contracts: [{ ...contract, by: 'hl7' }] })).toEqual([
      'contracts[0].by names a channel, but the clock stops with no receiver’s word (accepted, filed or opened).',
    ]);
  });

  it('is read, and written again as the same', () => {
    const profile = read(phoenix);
    expect(profile.contracts[0]?.dueByModality.CT?.stat).toBe(minutes(15));
    expect(read(profileToJson(profile))).toEqual(profile);
  });

  it('needs no more than the site: the rest is what holds where nothing was agreed', () => {
    const profile = read({ site: { ...phoenix.site, phone: null } });
    expect(profile).toMatchObject({ hours: null, contracts: [], contacts: [], retentionDays: null });
    expect(profile.arrival).toEqual({ quietMinutes: 5, protocols: [], finalWaits: false });
    expect(profile.siteAliases).toEqual({ issuers: [], unidentified: [] });
    expect(profile.issue).toEqual({ preliminary: true, final: true, fromAbroad: 'final' });
  });

  it.each([
    [{ site: { ...phoenix.site, zone: 'America/Phenix' } }, 'site.zone "America/Phenix" is no time zone'],
    [{ site: { ...phoenix.site, state: 'Arizona' } }, 'site.state must be a text of 1 to 2'],
    [{ site: { ...phoenix.site, id: 'a b' } }, 'site.id may hold only letters'],
    [{ site: undefined }, 'site must be an object'],
    [{ hours: { spans: [{ days: ['mon'], from: '7:00', to: '19:00' }] } }, 'hours.spans[0].from must be a time'],
    [{ hours: { spans: [] } }, 'hours.spans must name at least one day'],
    [{ hours: { ...phoenix.hours, holidays: ['2026-02-30'] } }, 'hours.holidays[0] must be a day'],
    [{ contracts: [{ ...contract, validFrom: '2026-01-01' }] }, 'contracts[0].validFrom must be an instant'],
    [{ contracts: [{ ...contract, start: [] }] }, 'contracts[0].start must name what starts the clock'],
    [{ contracts: [{ ...contract, stop: 'done' }] }, 'contracts[0].stop must be one of: final'],
    [{ contracts: [{ ...contract, due: { ...contract?.due, stat: 0 } }] }, 'contracts[0].due.stat must be a whole'],
    [
      { contracts: [{ ...contract, critical: { '1': 30, '2': 20, '3': 40 } }] },
      'critical must give level 1 the shortest',
    ],
    [{ contracts: [{ ...contract, critical: { '1': 30, '2': 240 } }] }, 'contracts[0].critical.3 must be a whole'],
    [{ contracts: [contract, contract] }, 'contracts has two contracts that begin at the same instant'],
    [{ hours: null }, 'contracts[0].calendar counts in open hours, but the site has no hours'],
    [{ issue: { preliminary: true, final: 1, fromAbroad: 'none' } }, 'issue.final must be true or false'],
    [{ retention: 10 }, 'retention is none of: site'],
    [{ channels: ['hl7'] }, 'channels is none of: site, hours'],
    [{ codes: 'Stroke' }, 'codes must be a list'],
    [{ arrival: { finalWaits: 'yes' } }, 'arrival.finalWaits must be'],
    [{ siteAliases: { issuers: ['LARKSPUR'] } }, 'siteAliases.issuers must name two or more'],
    [{ siteAliases: { issuers: ['LKS', 'lks'] } }, 'siteAliases.issuers names an issuer twice'],
    [{ siteAliases: { issuer: [] } }, 'siteAliases.issuer is none of: issuers, unidentified'],
    [{ arrival: { quietMinutes: 0 } }, 'arrival.quietMinutes must be a whole number from 1 to 120'],
    [{ arrival: { quiet: 5 } }, 'arrival.quiet is none of: quietMinutes, protocols, finalWaits'],
    [
      { arrival: protocol({ codes: [], modality: null }) },
      'arrival.protocols[0] must name procedure codes, or a modality',
    ],
    [{ arrival: protocol({ modality: 'ct' }) }, 'arrival.protocols[0].modality must be a DICOM modality'],
    [{ arrival: protocol({ series: [] }) }, 'arrival.protocols[0].series must name 1 to 100 series'],
    [
      { arrival: protocol({ series: [{ name: 'Axial', images: 0 }] }) },
      'protocols[0].series[0].images must be a whole',
    ],
    [{ displayCheckDays: { mammography: 1 } }, 'must be named by a modality'],
    [{ displayCheckDays: { MG: 0 } }, 'displayCheckDays.MG must be a whole'],
  ])('%j is refused with its place', (change, words) => {
    expect(faultsOf(change).join('\n')).toContain(words);
  });

  it('names every fault at once, and no fault twice', () => {
    const found = faultsOf({ issue: null, channels: ['telex'], retentionDays: -1, codes: [{ name: '', words: [] }] });
    expect(found).toHaveLength(3);
    expect(new Set(found).size).toBe(3);
  });

  it.each([null, 5, 'text', [], { __proto__: null }])('%j is no profile', (value) => {
    expect(profileFromJson(value).ok).toBe(false);
  });
});

describe('the contract of a night', () => {
  const later = { ...contract, name: 'Nights 2027', validFrom: '2027-01-01T00:00:00-07:00' };
  const both = read({ ...phoenix, contracts: [later, contract] });
  const on = (text: string): Instant => instant(Date.parse(text));

  it('is the one that was in force, to the second, on the site’s clock', () => {
    expect(contractAt(both, on('2026-12-31T23:59:59-07:00')).name).toBe('Nights 2026');
    expect(contractAt(both, on('2027-01-01T00:00:00-07:00')).name).toBe('Nights 2027');
    expect(contractAt(both, on('2025-12-31T23:59:59-07:00'))).toBe(defaultContract);
    expect(contractAt(null, on('2026-06-01T00:00:00Z'))).toBe(defaultContract);
  });

  it('may be followed by another, and is not changed or slipped in once its time has come', () => {
    const now = on('2026-06-01T00:00:00Z');
    const before = read(phoenix);
    expect(brokenContracts(before, both, now)).toEqual([]);
    const softer = read({ ...phoenix, contracts: [{ ...contract, pauses: [] }] });
    expect(brokenContracts(before, softer, now).join()).toContain('has begun and must stay as it is');
    expect(brokenContracts(before, read({ ...phoenix, contracts: [] }), now)).toHaveLength(1);
    const slipped = read({ ...phoenix, contracts: [contract, { ...later, validFrom: '2026-05-01T00:00:00-07:00' }] });
    expect(brokenContracts(before, slipped, now).join()).toContain('would begin in the past');
    expect(brokenContracts(both, before, now)).toEqual([]);
  });
});
