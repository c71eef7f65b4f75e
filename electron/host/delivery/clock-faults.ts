import {
  type ClockFault,
  neverStopping,
  type SiteProfile,
  type StandingOf,
} from '../../../shared/domain/site/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { ChannelBook } from '../settings/channel-book.ts';

/** What is wrong with when a site’s clocks stop, as this host is set to send; nothing while it does not know what the group has set. */
export function clockFaultsOf(
  profile: SiteProfile,
  channelBook: Pick<ChannelBook, 'of' | 'unread'>,
  now: Instant,
): readonly ClockFault[] {
  if (channelBook.unread() !== null) return [];
  const standingOf: StandingOf = (channel) => {
    const set = channelBook.of(profile.site.id, channel);
    if (set === null) return 'not-set';
    return 'recipients' in set && set.recipients.length === 0 ? 'no-receiver' : 'set';
  };
  return neverStopping(profile, standingOf, now);
}
