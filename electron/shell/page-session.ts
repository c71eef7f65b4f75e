import type { Session } from 'electron';
import { isOwn, isOwnDownload } from './own-origin.ts';
import { guardPermissions } from './permissions.ts';

/** Kept between starts for the page's sealed store; without an HTTP cache, which would keep images in clear. */
export const partition = 'persist:overread';

/** What a page of ours may load: its own origin, and what it made itself. Developer tools load theirs. */
function mayLoad(address: string): boolean {
  const inner = address.startsWith('blob:') ? address.slice('blob:'.length) : address;
  return isOwn(inner) || address.startsWith('data:') || address.startsWith('devtools:');
}

/** The page's session: its scheme answered by the host, nothing else loaded, saved or granted. */
export function guardSession(session: Session, fetch: (request: Request) => Promise<Response>): void {
  guardPermissions(session);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url) }));
  session.on('will-download', (event, item) => {
    if (!isOwnDownload(item.getURL())) event.preventDefault();
  });
  session.protocol.handle('overread', (request) =>
    isOwn(request.url) ? fetch(request) : new Response('Not found', { status: 404 }),
  );
}
