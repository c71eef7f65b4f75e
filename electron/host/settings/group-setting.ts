import { resolve } from 'node:path';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { OptionName, Source } from './options.ts';
import { refuse } from './sources.ts';
import type { GroupLinkSetting, SettingsFailure } from './types.ts';
import { isLoopback } from './upstream-setting.ts';

const mostHosts = 4;

function taken(sources: readonly Source[], option: OptionName): { value: string; label: string } | null {
  const source = sources.find((one) => one.given[option] !== undefined);
  const value = source?.given[option];
  return source === undefined || typeof value !== 'string' ? null : { value, label: source.nameOf(option) };
}

/** `--group URL[,URL] --group-ca FILE`: the desktop of a reader in a group; null for a host that stands alone or serves one. */
export function readGroup(
  sources: readonly Source[],
  readFile: (path: string) => string | null,
): Result<GroupLinkSetting | null, SettingsFailure> {
  const named = taken(sources, 'group');
  const authorityFile = taken(sources, 'group-ca');
  if (named === null)
    return authorityFile === null
      ? ok(null)
      : refuse('bad-value', `${authorityFile.label} is for the desktop of a group; it needs --group URL.`);
  // Said aloud: a credential of the record on a desktop would be the very thing that a group host keeps from it.
  const strays = [
    'listen',
    'record',
    'archive',
    'record-user',
    'record-password',
    'record-bearer',
    'archive-user',
    'archive-password',
    'archive-bearer',
  ] as const;
  for (const option of strays) {
    const stray = taken(sources, option);
    if (stray !== null)
      return refuse(
        'bad-value',
        `${stray.label} and ${named.label} do not go together: a desktop of a group asks its group host for everything.`,
      );
  }
  const origins: string[] = [];
  for (const text of named.value.split(',').map((one) => one.trim())) {
    const url = URL.canParse(text) ? new URL(text) : null;
    const plain =
      url !== null &&
      url.pathname === '/' &&
      url.search === '' &&
      url.hash === '' &&
      url.username === '' &&
      url.password === '';
    if (
      url === null ||
      !plain ||
      (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    )
      return refuse(
        'bad-value',
        `${named.label} is the address of the group host, such as https://reading.example:8443; two may be given with a comma between.`,
      );
    if (!origins.includes(url.origin)) origins.push(url.origin);
  }
  if (origins.length > mostHosts) return refuse('bad-value', `${named.label} names more than ${mostHosts} hosts.`);
  if (authorityFile === null) return ok({ origins, authority: null });
  let authority: string | null;
  try {
    authority = readFile(resolve(authorityFile.value));
  } catch {
    authority = null;
  }
  return authority?.includes('-----BEGIN CERTIFICATE-----') === true
    ? ok({ origins, authority })
    : refuse('bad-value', `${authorityFile.label} names no file with a certificate in PEM.`);
}
