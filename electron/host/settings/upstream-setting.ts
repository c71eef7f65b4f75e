import { ok, type Result } from '../../../shared/lib/result.ts';
import type { Source } from './options.ts';
import { refuse } from './sources.ts';
import type { Credentials, SettingsFailure, Upstream } from './types.ts';

/** An address as it stands in a URL (RFC 3986 3.2.2). */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** RFC 6761 6.3, RFC 6890: what never leaves this computer. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

type Which = 'archive' | 'record';

/** The address, checked; what is wrong with it is said without repeating it, for it may hold a password. */
function checkUrl(text: string, name: string, which: Which, allowInsecure: boolean): Result<string, SettingsFailure> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse('bad-value', `${name} is no address. It looks like https://server.example/path.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return refuse('bad-value', `${name} must start with https:// or http://.`);
  }
  if (url.username !== '' || url.password !== '') {
    return refuse(
      'bad-value',
      `${name} holds a user name or a password. Leave it out of the address and give --${which}-user and --${which}-password.`,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    return refuse('bad-value', `${name} must end with the path, without "?" or "#".`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowInsecure) {
    return refuse(
      'bad-value',
      `${name} sends patient data over the network in clear text (http). Use https, or say --allow-insecure where the network itself is encrypted.`,
    );
  }
  return ok(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
}

/** Archive or record as the sources set it, the strongest first. */
export function readUpstream(
  sources: readonly Source[],
  which: Which,
  allowInsecure: boolean,
): Result<Upstream, SettingsFailure> {
  const names = [`${which}-user`, `${which}-password`, `${which}-bearer`] as const;
  const at = sources.findIndex((one) => typeof one.given[which] === 'string');
  const holder = sources[at];
  const address = holder?.given[which];
  if (holder === undefined || typeof address !== 'string') {
    for (const source of sources) {
      const stray = names.find((name) => source.given[name] !== undefined);
      if (stray !== undefined) {
        return refuse(
          'bad-value',
          `${source.nameOf(stray)} is set, but no address of the ${which} is (--${which} URL).`,
        );
      }
    }
    return ok({ kind: 'embedded' });
  }
  const url = checkUrl(address, holder.nameOf(which), which, allowInsecure);
  if (!url.ok) return url;
  // Credentials of a weaker source belong to the server that it named: they must not be sent to another one.
  const trusted = sources.slice(0, at + 1);
  const taken = (name: (typeof names)[number]): { value: string; label: string } | null => {
    const source = trusted.find((one) => one.given[name] !== undefined);
    const value = source?.given[name];
    return source === undefined || typeof value !== 'string' ? null : { value, label: source.nameOf(name) };
  };
  const credentials = readCredentials(taken(names[0]), taken(names[1]), taken(names[2]), which);
  return credentials.ok ? ok({ kind: 'remote', url: url.value, credentials: credentials.value }) : credentials;
}

type Taken = { readonly value: string; readonly label: string } | null;

function readCredentials(
  user: Taken,
  password: Taken,
  bearer: Taken,
  which: Which,
): Result<Credentials, SettingsFailure> {
  if (bearer !== null) {
    if (user !== null || password !== null) {
      return refuse('bad-value', `For the ${which}, give either --${which}-bearer or a user and a password, not both.`);
    }
    // RFC 6750 2.1: b64token
    if (!/^[A-Za-z0-9._~+/-]+=*$/.test(bearer.value)) return refuse('bad-value', `${bearer.label} is no bearer token.`);
    return ok({ kind: 'bearer', token: bearer.value });
  }
  if (user === null && password === null) return ok({ kind: 'none' });
  if (user === null || password === null) {
    return refuse(
      'bad-value',
      `For the ${which}, --${which}-user and --${which}-password go together; one is missing.`,
    );
  }
  // RFC 7617 2: the first colon ends the user name.
  if (user.value.includes(':') || /\p{Cc}/u.test(user.value + password.value)) {
    return refuse('bad-value', `${user.label} must not hold a colon, nor it or the password control characters.`);
  }
  return ok({ kind: 'basic', user: user.value, password: password.value });
}
