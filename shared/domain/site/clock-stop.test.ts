import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { type Channel, channels } from '../delivery/index.ts';
import { defaultContract, type StopType, stopTypes } from '../turnaround/index.ts';
import {
  type ChannelStanding,
  clocksStoppedBy,
  type DatedContract,
  defaultProfile,
  neverStopping,
  type SiteProfile,
} from './index.ts';

const now = instant(Date.UTC(2026, 10, 30, 13));
const day = 86_400_000;
const site = { id: 'cedar', name: 'Cedar Hollow', state: 'OH', zone: 'America/New_York', phone: null };

const contract = (stop: StopType, by?: Channel, validFrom = instant(now - day)): DatedContract => ({
  ...defaultContract,
  name: 'Nights',
  validFrom,
  stop,
  ...(by === undefined ? {} : { by }),
});
const agreed = (contracts: readonly DatedContract[], delivery: Partial<SiteProfile['delivery']> = {}): SiteProfile => {
  const usual = defaultProfile(site);
  return { ...usual, contracts, delivery: { ...usual.delivery, ...delivery } };
};
const every = (standing: ChannelStanding) => () => standing;
const words = (profile: SiteProfile, standing: ChannelStanding) =>
  neverStopping(profile, every(standing), now).map((one) => one.words);

describe('a contract whose clock waits for one receiver’s word', () => {
  it('never stops where that channel is not set for the site, and says what to do', () => {
    expect(neverStopping(agreed([contract('filed', 'fax')]), every('not-set'), now)).toEqual([
      {
        contract: 'Nights',
        words:
          '“Nights” stops the clock when the first report is filed at the fax gateway, but no channel to the fax gateway is set: its clock never stops.',
        next: 'Set up “Fax” under Delivery by site. Or agree on another stop: a contract that begins later, with npm run sites.',
      },
    ]);
    expect(words(agreed([contract('filed', 'fax')]), 'set')).toEqual([]);
  });

  it('never stops by a gateway that has nobody to send to', () => {
    expect(words(agreed([contract('accepted', 'direct')]), 'no-receiver')).toEqual([
      '“Nights” stops the clock when the Direct mail gateway has accepted the first report, but the Direct mail gateway has no receiver to send to: its clock never stops.',
    ]);
  });

  it('never stops by a PDF that is not stored, or by HL7 answers that are worth less', () => {
    const byPdf = [contract('filed', 'pdf')];
    expect(words(agreed(byPdf), 'set')).toHaveLength(1);
    expect(words(agreed(byPdf, { encapsulatedPdf: true }), 'not-set')).toEqual([]);
    const byHl7 = [contract('filed', 'hl7')];
    expect(words(agreed(byHl7), 'set')).toEqual([expect.stringContaining('count as accepted and no more')]);
    for (const hl7Receipt of ['filed', 'enhanced'] as const)
      expect(words(agreed(byHl7, { hl7Receipt }), 'set')).toEqual([]);
    expect(words(agreed([contract('accepted', 'hl7')]), 'set')).toEqual([]);
  });

  it('never stops by a channel’s word that a person opened it: only the physician’s page says so', () => {
    for (const by of channels)
      expect(words(agreed([contract('opened', by)], { encapsulatedPdf: true }), 'set')).toHaveLength(1);
    expect(words(agreed([contract('opened')]), 'not-set')).toEqual([]);
  });

  it('always stops by record, archive or any receiver, and by the reader’s own report', () => {
    for (const stop of stopTypes) expect(words(agreed([contract(stop)]), 'not-set')).toEqual([]);
    for (const by of ['record', 'archive'] as const)
      expect(words(agreed([contract('filed', by)]), 'not-set')).toEqual([]);
    expect(words(agreed([]), 'not-set')).toEqual([]);
  });

  it('is told before it begins, and no more once it is over', () => {
    const old = contract('filed', 'fax', instant(now - 2 * day));
    const present = contract('final', undefined, instant(now - day));
    const coming = { ...contract('filed', 'imr', instant(now + day)), name: 'December' };
    expect(words(agreed([old, present, coming]), 'not-set')).toEqual([
      '“December” (from 2026-12-01) stops the clock when the first report is filed at the site’s own system (FHIR), but no channel to the site’s own system (FHIR) is set: its clock will never stop.',
    ]);
    expect(clocksStoppedBy(agreed([old, present, coming]), 'fax', now)).toEqual([]);
    expect(clocksStoppedBy(agreed([old, present, coming]), 'imr', now)).toEqual(['December']);
    expect(clocksStoppedBy(agreed([old]), 'fax', now)).toEqual(['Nights']);
  });
});
