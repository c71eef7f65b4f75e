import type { JsonValue } from '../../../shared/lib/canonical-json.ts';
import type { Sealer } from '../keys/index.ts';
import type { Gateway, SftpPlace, SftpSecret } from './types.ts';

/** A secret is for whom it was given: under another server, port or user, written into the file by hand, it does not open. */
const about = (siteId: string, kind: Gateway['kind'], { host, port, user }: SftpPlace): string =>
  `sftp|${siteId}|${kind}|${host}|${port}|${user}`;

/** With its secret as it is used; what cannot be opened stays sealed, and nothing goes there until it is given again. */
export function openedGateway(gateway: Gateway, sealer: Sealer): Gateway {
  const { siteId, kind, to } = gateway;
  if (to.kind !== 'sftp' || to.secret.kind !== 'sealed') return gateway;
  const opened = sealer.openText(new Uint8Array(Buffer.from(to.secret.sealed, 'base64')), about(siteId, kind, to));
  return opened.ok ? { ...gateway, to: { ...to, secret: JSON.parse(opened.value) as SftpSecret } } : gateway;
}

/** With its secret as it lies on disk. */
export function sealedGateway(gateway: Gateway, sealer: Sealer): Gateway {
  const { siteId, kind, to } = gateway;
  if (to.kind !== 'sftp' || to.secret.kind === 'sealed') return gateway;
  const sealed = sealer.sealText(JSON.stringify(to.secret), about(siteId, kind, to));
  return { ...gateway, to: { ...to, secret: { kind: 'sealed', sealed: Buffer.from(sealed).toString('base64') } } };
}

/** As it stands in settings.json under `sftp`. */
export function sftpEntry({ host, port, user, folder, hostKey, secret }: SftpPlace): {
  readonly [key: string]: JsonValue;
} {
  return {
    ...{ host, port, user, folder },
    ...(hostKey === null ? {} : { hostKey }),
    ...(secret.kind === 'password'
      ? { password: secret.password }
      : secret.kind === 'key'
        ? { privateKey: secret.privateKey }
        : { sealed: secret.sealed }),
  };
}
