import { isAbsolute, resolve, sep } from 'node:path';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { Source } from './options.ts';
import { refuse } from './sources.ts';
import type { SettingsFailure, Upkeep } from './types.ts';

/** Where the nightly backup goes and where downtime pages are written. A folder in the data folder itself would guard against nothing. */
export function readUpkeep(
  sources: readonly Source[],
  dataDirectory: string,
  hour: number,
): Result<Upkeep, SettingsFailure> {
  const folder = (option: 'backup-target' | 'downtime-folder'): Result<string | null, SettingsFailure> => {
    const source = sources.find((one) => typeof one.given[option] === 'string' && one.given[option] !== '');
    const named = source?.given[option];
    if (source === undefined || typeof named !== 'string') return ok(null);
    // A service's working folder is an accident.
    if (!isAbsolute(named)) return refuse('bad-value', `${source.nameOf(option)} takes a whole path.`);
    const place = resolve(named);
    return place === dataDirectory || place.startsWith(dataDirectory + sep)
      ? refuse('bad-value', `${source.nameOf(option)} lies in the data folder. Name a folder outside, on another disk.`)
      : ok(place);
  };
  const target = folder('backup-target');
  if (!target.ok) return target;
  const downtime = folder('downtime-folder');
  if (!downtime.ok) return downtime;
  return ok({ backup: target.value === null ? null : { target: target.value, hour }, downtimeFolder: downtime.value });
}
