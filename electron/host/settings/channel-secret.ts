import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Sealer } from '../keys/index.ts';
import type { ChannelToken, Gateway, GatewayPlace, ImrReceiver, SftpPlace, SftpSecret } from './types.ts';

/** Said where a report would go, and under Delivery by site. */
export const tokenUnopened =
  'The token that is set cannot be opened on this host. Give it again under Delivery by site, or choose none.';
export const loginUnopened = 'The password or key cannot be opened on this host. Give it again.';

// A secret is for whom it was given: under another server, address, port or user, written into the file by hand, it does not open.
const aboutLogin = (siteId: string, kind: Gateway['kind'], { host, port, user }: SftpPlace): string =>
  `sftp|${siteId}|${kind}|${host}|${port}|${user}`;
const aboutToken = (siteId: string, kind: Gateway['kind'] | 'imr', url: string): string =>
  `token|${siteId}|${kind}|${url}`;

type Turn = {
  login(secret: SftpSecret, about: string): SftpSecret;
  token(token: ChannelToken, about: string): ChannelToken;
};

const sealed = (sealer: Sealer, text: string, about: string): string =>
  Buffer.from(sealer.sealText(text, about)).toString('base64');
const opened = (sealer: Sealer, text: string, about: string): string | null => {
  const found = sealer.openText(new Uint8Array(Buffer.from(text, 'base64')), about);
  return found.ok ? found.value : null;
};

/** As they are used; what cannot be opened stays sealed, and nothing goes there until it is given again. */
const opening = (sealer: Sealer): Turn => ({
  login: (secret, about) => {
    const text = secret.kind === 'sealed' ? opened(sealer, secret.sealed, about) : null;
    return text === null ? secret : (JSON.parse(text) as SftpSecret);
  },
  token: (token, about) =>
    typeof token === 'object' && token !== null ? (opened(sealer, token.sealed, about) ?? token) : token,
});
/** As they lie on disk. */
const sealing = (sealer: Sealer): Turn => ({
  login: (secret, about) =>
    secret.kind === 'sealed' ? secret : { kind: 'sealed', sealed: sealed(sealer, JSON.stringify(secret), about) },
  token: (token, about) => (typeof token === 'string' ? { sealed: sealed(sealer, token, about) } : token),
});

function turnedGateway(gateway: Gateway, turn: Turn): Gateway {
  const { siteId, kind, before } = gateway;
  const of = (to: GatewayPlace): GatewayPlace => {
    switch (to.kind) {
      case 'folder':
        return to;
      case 'http':
        return { ...to, token: turn.token(to.token, aboutToken(siteId, kind, to.url)) };
      case 'sftp':
        return { ...to, secret: turn.login(to.secret, aboutLogin(siteId, kind, to)) };
      default:
        return assertNever(to);
    }
  };
  return {
    ...gateway,
    to: of(gateway.to),
    ...(before === undefined ? {} : { before: before.map((one) => ({ ...one, to: of(one.to) })) }),
  };
}

const turnedReceiver = (one: ImrReceiver, turn: Turn): ImrReceiver => ({
  ...one,
  token: turn.token(one.token, aboutToken(one.siteId, 'imr', one.url)),
});

export const openedGateway = (gateway: Gateway, sealer: Sealer): Gateway => turnedGateway(gateway, opening(sealer));
export const sealedGateway = (gateway: Gateway, sealer: Sealer): Gateway => turnedGateway(gateway, sealing(sealer));
export const openedReceiver = (one: ImrReceiver, sealer: Sealer): ImrReceiver => turnedReceiver(one, opening(sealer));
export const sealedReceiver = (one: ImrReceiver, sealer: Sealer): ImrReceiver => turnedReceiver(one, sealing(sealer));

/** What is set and cannot be opened here, in words; null where nothing is. */
export function secretFault(set: { readonly to: GatewayPlace } | Pick<ImrReceiver, 'token'>): string | null {
  if (!('to' in set)) return typeof set.token === 'object' && set.token !== null ? tokenUnopened : null;
  const { to } = set;
  switch (to.kind) {
    case 'folder':
      return null;
    case 'http':
      return secretFault({ token: to.token });
    case 'sftp':
      return to.secret.kind === 'sealed' ? loginUnopened : null;
    default:
      return assertNever(to);
  }
}

const plainKeys: ReadonlySet<string> = new Set(['token', 'password', 'privateKey']);

/** Whether what stands in the file holds a secret that everybody with the file can read. */
export function holdsPlainSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsPlainSecret);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, one]) =>
    typeof one === 'string' ? plainKeys.has(key) : holdsPlainSecret(one),
  );
}
