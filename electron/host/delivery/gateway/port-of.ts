import { assertNever } from '../../../../shared/lib/assert-never.ts';
import type { GatewayPlace } from '../../settings/types.ts';
import { createFolderPort } from './folder-port.ts';
import type { GatewayPort } from './gateway-port.ts';
import { createHttpPort } from './http-port.ts';
import { createSftpPort } from './sftp-port.ts';

/** The way to a gateway as it is set. */
export function portOf(to: GatewayPlace, folderFault: (folder: string) => string | null): GatewayPort {
  switch (to.kind) {
    case 'folder':
      return createFolderPort(to.folder, folderFault);
    case 'http':
      return createHttpPort(to);
    case 'sftp':
      return createSftpPort(to);
    default:
      return assertNever(to);
  }
}
