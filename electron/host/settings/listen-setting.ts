import { resolve } from 'node:path';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { OptionName, Source } from './options.ts';
import { refuse } from './sources.ts';
import type { Listen, SettingsFailure } from './types.ts';
import { bracketed, isLoopback } from './upstream-setting.ts';

/** Shorter ones could be guessed by who has the record. */
const shortestKey = 32;

export type Taken = { readonly value: string; readonly label: string } | null;

export function taken(sources: readonly Source[], option: OptionName): Taken {
  const source = sources.find((one) => one.given[option] !== undefined);
  const value = source?.given[option];
  return source === undefined || typeof value !== 'string' ? null : { value, label: source.nameOf(option) };
}

/** The secret in a file of its own: the command line and the environment can be read by others on the computer. */
function readGroupKey(named: Taken, readFile: (path: string) => string | null): Result<string | null, SettingsFailure> {
  if (named === null) return ok(null);
  let text: string | null;
  try {
    text = readFile(resolve(named.value));
  } catch {
    text = null;
  }
  if (text === null) return refuse('bad-value', `${named.label} names a file that cannot be read.`);
  const key = text.trim();
  return key.length < shortestKey
    ? refuse(
        'bad-value',
        `The group's key in the file of ${named.label} is shorter than ${shortestKey} characters. Make one: openssl rand -base64 32`,
      )
    : ok(key);
}

/** An origin as a browser sends it: scheme, host and port, in lower case (RFC 6454 6.2). */
export function readOrigins(named: Taken, tls: boolean): Result<readonly string[], SettingsFailure> {
  if (named === null) return ok([]);
  const origins: string[] = [];
  for (const text of named.value.split(',').map((one) => one.trim())) {
    const url = URL.canParse(text) ? new URL(text) : null;
    const plain = url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
    if (
      url === null ||
      !plain ||
      (url.protocol !== 'https:' && (url.protocol !== 'http:' || tls || !isLoopback(url.hostname)))
    )
      return refuse(
        'bad-value',
        `${named.label} is a list of addresses such as https://reading.example, with commas between.`,
      );
    origins.push(url.origin);
  }
  return ok(origins);
}

/** An address to listen on, with TLS wherever that is not this computer alone. */
export function readPlace(
  where: NonNullable<Taken>,
  files: Taken,
  tlsOption: 'tls' | 'physician-tls' = 'tls',
): Result<Pick<Listen, 'address' | 'port' | 'tls'>, SettingsFailure> {
  const parts = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]{1,253})):(\d{1,5})$/.exec(where.value);
  const port = Number(parts?.[3]);
  const address = parts?.[1] ?? parts?.[2];
  if (address === undefined || port > 65_535)
    return refuse('bad-value', `${where.label} is an address and a port, such as 10.0.0.5:8443 or [::]:8443.`);
  const loopback = isLoopback(bracketed(address));
  const [certificate, key, ...more] = files === null ? [] : files.value.split(',').map((one) => one.trim());
  if (files !== null && (!certificate || !key || more.length > 0))
    return refuse(
      'bad-value',
      `${files.label} names two PEM files with a comma between: certificate chain, private key.`,
    );
  if (files === null && !loopback)
    return refuse(
      'bad-value',
      `${where.label} would send patient data over the network in clear text. Give --${tlsOption} CERT,KEY; without it only 127.0.0.1 is served.`,
    );
  const tls = certificate && key ? { certificate: resolve(certificate), key: resolve(key) } : null;
  return ok({ address, port, tls });
}

/** `--listen ADDRESS:PORT --tls CERT,KEY --origin https://… --group-key FILE`; null for a host of one person. */
export function readListen(
  sources: readonly Source[],
  readFile: (path: string) => string | null,
  recordIsRemote: boolean,
): Result<Listen | null, SettingsFailure> {
  const where = taken(sources, 'listen');
  if (where === null) {
    for (const option of ['tls', 'origin', 'group-key'] as const) {
      const stray = taken(sources, option);
      if (stray !== null)
        return refuse('bad-value', `${stray.label} is for a group host; it needs --listen ADDRESS:PORT.`);
    }
    return ok(null);
  }
  const read = readPlace(where, taken(sources, 'tls'));
  if (!read.ok) return read;
  const { address, port, tls } = read.value;
  const origins = readOrigins(taken(sources, 'origin'), tls !== null);
  if (!origins.ok) return origins;
  if (origins.value.length === 0 && /^(?:0\.0\.0\.0|[:0]+)$/.test(address))
    return refuse(
      'bad-value',
      `${where.label} is every address of this computer. Say by which people reach it: --origin https://NAME:PORT.`,
    );
  const groupKey = readGroupKey(taken(sources, 'group-key'), readFile);
  if (!groupKey.ok) return groupKey;
  if (groupKey.value === null && recordIsRemote)
    return refuse(
      'bad-value',
      'What group hosts share in the record is sealed with a key that they all have. Make one (openssl rand -base64 32 > FILE) and give it to each: --group-key FILE.',
    );
  return ok({ address, port, tls, origins: origins.value, groupKey: groupKey.value });
}
