import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { Source } from './options.ts';
import { refuse } from './sources.ts';
import type { SettingsFailure } from './types.ts';

/** `--gateway-folders DIR[,DIR]`: who runs the host says in which of its folders a lead may let a gateway lie. */
export function readGatewayFolders(
  sources: readonly Source[],
  dataDirectory: string,
): Result<readonly string[], SettingsFailure> {
  const source = sources.find((one) => typeof one.given['gateway-folders'] === 'string');
  const named = source?.given['gateway-folders'];
  if (source === undefined || typeof named !== 'string') return ok([]);
  const roots = named
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const name = source.nameOf('gateway-folders');
  for (const root of roots) {
    if (!isAbsolute(root)) return refuse('bad-value', `${name} takes whole paths, with commas between them.`);
    if (resolve(root) === parse(resolve(root)).root)
      return refuse('bad-value', `${name} names folders for gateways, not a whole disk.`);
    if (isWithin(dataDirectory, resolve(root)))
      return refuse('bad-value', `${name} lies in the data folder. Name a folder outside.`);
  }
  return ok(roots.map((root) => resolve(root)));
}

/** Whether `place` is `root` or lies in it; both whole paths without links. */
function isWithin(root: string, place: string): boolean {
  const way = relative(root, place);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** A path as the system walks it: ".." and links followed, as far as it is there. */
function walked(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const above = dirname(whole);
    return above === whole ? whole : join(walked(above), relative(above, whole));
  }
}

/** What a gateway's folder holds that this host writes and reads. */
const inside = ['.', 'jobs', 'status', 'handed'];

/**
 * Why a gateway may not lie in a folder of this machine, in words; null where it may. Without `roots` any may but the data folder: then it
 * is settings.json alone that names one. Links are followed each time, since they can be laid elsewhere later.
 */
export function gatewayFolderFault(
  folder: string,
  {
    gatewayFolders: roots,
    dataDirectory,
  }: { readonly gatewayFolders?: readonly string[]; readonly dataDirectory: string },
): string | null {
  for (const part of inside) {
    const place = walked(join(folder, part));
    const data = walked(dataDirectory);
    const way = place === resolve(folder, part) ? '' : `, which leads to ${place},`;
    const what = `${part === '.' ? folder : join(folder, part)}${way}`;
    if (isWithin(data, place) || (part === '.' && isWithin(place, data)))
      return `${what} holds this host’s own data or lies in it. Nothing is put there for a gateway.`;
    if (roots !== undefined && !roots.some((root) => isWithin(walked(root), place)))
      return `${what} is outside the folders in which this host lets gateways lie: ${roots.join(', ')} (--gateway-folders).`;
  }
  return null;
}
