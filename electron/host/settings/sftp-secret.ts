import type { JsonValue } from '../../../shared/lib/canonical-json.ts';
import type { Sealer } from '../keys/index.ts';
import type { Gateway, GatewayPlace, SftpPlace, SftpSecret } from './types.ts';

/** A secret is for whom it was given: under another server, port or user, written into the file by hand, it does not open. */
const about = (siteId: string, kind: Gateway['kind'], { host, port, user }: SftpPlace): string =>
  `sftp|${siteId}|${kind}|${host}|${port}|${user}`;

type Turn = (place: SftpPlace, name: string) => SftpSecret;
const turned = (gateway: Gateway, turn: Turn): Gateway => {
  const { siteId, kind, before } = gateway;
  const of = (to: GatewayPlace): GatewayPlace =>
    to.kind === 'sftp' ? { ...to, secret: turn(to, about(siteId, kind, to)) } : to;
  return {
    ...gateway,
    to: of(gateway.to),
    ...(before === undefined ? {} : { before: before.map((one) => ({ ...one, to: of(one.to) })) }),
  };
};

/** With its secrets as they are used; what cannot be opened stays sealed, and nothing goes there until it is given again. */
export function openedGateway(gateway: Gateway, sealer: Sealer): Gateway {
  return turned(gateway, ({ secret }, name) => {
    if (secret.kind !== 'sealed') return secret;
    const opened = sealer.openText(new Uint8Array(Buffer.from(secret.sealed, 'base64')), name);
    return opened.ok ? (JSON.parse(opened.value) as SftpSecret) : secret;
  });
}

/** With its secrets as they lie on disk. */
export function sealedGateway(gateway: Gateway, sealer: Sealer): Gateway {
  return turned(gateway, ({ secret }, name) =>
    secret.kind === 'sealed'
      ? secret
      : { kind: 'sealed', sealed: Buffer.from(sealer.sealText(JSON.stringify(secret), name)).toString('base64') },
  );
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
