import { createDeskRoom } from './desk-room.ts';
import { createSiteRoom } from './site-room.ts';

/** The readers' side and the site's side of what is asked between them. */
export function openDesks(parts: Parameters<typeof createDeskRoom>[0]) {
  const siteDesk = createDeskRoom(parts);
  const { record, book, ports } = parts;
  return { siteDesk, siteRoom: createSiteRoom({ record, book, desk: siteDesk, ports, onCall: () => null }) };
}
