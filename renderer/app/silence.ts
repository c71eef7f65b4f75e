import type { HostStatus } from '../../shared/api/index.ts';
import type { Silent } from '../../shared/domain/reading/index.ts';
import type { FeedStanding } from '../features/worklist/index.ts';
import type { LinkState } from './signed-in.ts';

/**
 * Who does not answer now, from what the page has heard: its own host, the group behind it, or the record behind a host that answers out
 * of what it knew. A list that was refused is not confirmed either, whatever the reason.
 */
export function silentOf(heard: {
  readonly link: LinkState['link'];
  readonly standing: FeedStanding;
  readonly status: Pick<HostStatus, 'record'> | null;
  readonly singleUser: boolean;
}): Silent {
  if (heard.link === 'lost' || heard.standing.kind === 'offline') return 'host';
  if (heard.standing.kind === 'failed') return heard.singleUser ? 'host' : 'group';
  return heard.status?.record.state === 'down' ? 'record' : null;
}
