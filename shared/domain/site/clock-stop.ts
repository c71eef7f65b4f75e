import type { Instant } from '../../lib/instant.ts';
import { formatInZone } from '../../lib/zoned-time.ts';
import { type Channel, channelForms } from '../delivery/index.ts';
import { type Contract, receiverWords, stopWords } from '../turnaround/index.ts';
import type { DatedContract, SiteProfile } from './site-profile.ts';

/** How a channel stands for a site on the host that sends. `no-receiver`: a gateway without anybody to send to. */
export type ChannelStanding = 'set' | 'no-receiver' | 'not-set';

/** The channels that are set for each site; record and archive have every report. */
type SetForSite = 'hl7' | 'imr' | 'fax' | 'direct';
export type StandingOf = (channel: SetForSite) => ChannelStanding;

/** A contract that waits for a word which nobody will ever say, and what to do. */
export type ClockFault = { readonly contract: string; readonly words: string; readonly next: string };

type Agreed = Pick<SiteProfile, 'site' | 'contracts' | 'delivery'>;

/** What rules studies now, and what will: an earlier contract is over. */
function counting({ contracts }: Pick<SiteProfile, 'contracts'>, now: Instant): readonly DatedContract[] {
  const inForce = contracts.findLast((one) => one.validFrom <= now);
  return contracts.filter((one) => one === inForce || one.validFrom > now);
}

/** The contracts, now and to come, whose clock runs until that channel’s receiver speaks. */
export function clocksStoppedBy(
  profile: Pick<SiteProfile, 'contracts'>,
  channel: Channel,
  now: Instant,
): readonly string[] {
  return counting(profile, now).flatMap((one) => (one.by === channel ? [one.name] : []));
}

/**
 * The contracts of a site, now and to come, whose clocks can never stop as its channels are set. Reading goes on all the same: who keeps
 * the contract and the channels is told.
 */
export function neverStopping(profile: Agreed, standingOf: StandingOf, now: Instant): readonly ClockFault[] {
  return counting(profile, now).flatMap((contract) => {
    const missing = whatIsMissing(contract, profile, standingOf);
    if (missing === null) return [];
    const isToCome = contract.validFrom > now;
    const from = isToCome ? ` (from ${formatInZone(contract.validFrom, profile.site.zone).slice(0, 10)})` : '';
    const stops = `stops the clock when ${stopWords(contract.stop, contract.by ?? null).split(':')[0]}`;
    return [
      {
        contract: contract.name,
        words: `“${contract.name}”${from} ${stops}, but ${missing.words}: its clock ${isToCome ? 'will never stop' : 'never stops'}.`,
        next: `${missing.next} Or agree on another stop: a contract that begins later, with npm run sites.`,
      },
    ];
  });
}

function whatIsMissing(
  { stop, by }: Contract,
  { delivery }: Agreed,
  standingOf: StandingOf,
): { readonly words: string; readonly next: string } | null {
  if (by === undefined) return null;
  if (stop === 'opened')
    return {
      words: 'no channel tells that; only the physician’s page does',
      next: 'Leave “by” out of the next contract: then the page’s word counts.',
    };
  switch (by) {
    case 'record':
    case 'archive':
      return null;
    case 'pdf':
      return delivery.encapsulatedPdf
        ? null
        : {
            words: 'the signed PDF is not stored in the archive for this site',
            next: 'Have it stored: Delivery by site, “Agreed with the site”.',
          };
    case 'hl7':
    case 'imr':
    case 'fax':
    case 'direct': {
      const { title } = channelForms[by];
      const standing = standingOf(by);
      if (standing === 'not-set')
        return {
          words: `no channel to ${receiverWords[by]} is set`,
          next: `Set up “${title}” under Delivery by site.`,
        };
      if (standing === 'no-receiver')
        return {
          words: `${receiverWords[by]} has no receiver to send to`,
          next: `Add a receiver to “${title}” under Delivery by site.`,
        };
      // AA of the hop that answered is accepted and no more (HL7 v2.5.1 2.9.2).
      return by === 'hl7' && stop === 'filed' && delivery.hl7Receipt === 'accepted'
        ? {
            words: 'its HL7 answers count as accepted and no more',
            next: 'Agree on what they mean: Delivery by site, “Agreed with the site”, HL7 acknowledgement.',
          }
        : null;
    }
  }
}
