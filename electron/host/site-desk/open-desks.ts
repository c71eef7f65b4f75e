import type { CriticalBook } from '../critical/critical-book.ts';
import type { CredentialBook } from '../identity/credential-book.ts';
import { createDeskRoom } from './desk-room.ts';
import { createOnCall } from './on-call.ts';
import { createSiteRoom } from './site-room.ts';

/** The readers' side and the site's side of what is asked between them. */
export function openDesks(
  parts: Parameters<typeof createDeskRoom>[0] & {
    readonly credentials: CredentialBook;
    readonly criticals: Pick<CriticalBook, 'open'>;
  },
) {
  const siteDesk = createDeskRoom(parts);
  const { record, book, ports, sites } = parts;
  const onCall = createOnCall({ ...parts, profiles: sites.all, recordNow: record.recordNow });
  const contacts = (siteId: string) => [...(sites.all().find((one) => one.site.id === siteId)?.contacts ?? [])];
  return {
    siteDesk,
    siteRoom: createSiteRoom({ record, book, desk: siteDesk, ports, onCall, contacts, criticals: parts.criticals }),
  };
}
