import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { GatewayPlace } from './types.ts';

/** Which place it is, without what logs in there: a gateway whose token or login changes has not moved. */
export function placeName(to: GatewayPlace): string {
  switch (to.kind) {
    case 'folder':
      return to.folder;
    case 'http':
      return to.url;
    case 'sftp':
      return `sftp://${to.host}:${to.port}${to.folder.startsWith('/') ? '' : '/~/'}${to.folder}`;
    default:
      return assertNever(to);
  }
}
