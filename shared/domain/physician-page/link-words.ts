import type { Instant } from '../../lib/instant.ts';
import { type LinkStanding, linkStanding, mostWrongCodes, type PhysicianLink } from './physician-link.ts';

/** Opened is said of a person alone: a page that was fetched, a preview or a scanner opens nothing. */
export function linkWords(link: PhysicianLink, now: Instant): string {
  const standing: LinkStanding = linkStanding(link, now);
  switch (standing) {
    case 'waiting':
      return link.wrongCodes === 0
        ? 'waits for its code'
        : `waits for its code; ${link.wrongCodes} wrong ${link.wrongCodes === 1 ? 'code' : 'codes'} so far`;
    case 'opened':
      return 'opened (a person)';
    case 'expired':
      return 'not opened; it has expired';
    case 'locked':
      return `locked after ${mostWrongCodes} wrong codes`;
    case 'ended':
      return link.opening === null ? 'ended before it was opened' : 'opened (a person), then ended';
  }
}
