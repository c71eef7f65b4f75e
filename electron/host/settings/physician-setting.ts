import { ok, type Result } from '../../../shared/lib/result.ts';
import { readOrigins, readPlace, taken } from './listen-setting.ts';
import type { Source } from './options.ts';
import { refuse } from './sources.ts';
import type { PhysicianListen, SettingsFailure } from './types.ts';

/** `--physician-listen ADDRESS:PORT --physician-tls CERT,KEY --physician-origin https://…`; null where the page is not served. */
export function readPhysicianListen(
  sources: readonly Source[],
  isGroupHost: boolean,
): Result<PhysicianListen | null, SettingsFailure> {
  const where = taken(sources, 'physician-listen');
  if (where === null) {
    for (const option of ['physician-tls', 'physician-origin'] as const) {
      const stray = taken(sources, option);
      if (stray !== null)
        return refuse(
          'bad-value',
          `${stray.label} is for the ordering physician’s page; it needs --physician-listen ADDRESS:PORT.`,
        );
    }
    return ok(null);
  }
  if (!isGroupHost)
    return refuse(
      'bad-value',
      `${where.label}: the ordering physician’s page is served by a group host alone, which is always on. Give --listen ADDRESS:PORT too.`,
    );
  const place = readPlace(where, taken(sources, 'physician-tls'), 'physician-tls');
  if (!place.ok) return place;
  const { address, port, tls } = place.value;
  const named = taken(sources, 'physician-origin');
  // Behind a proxy with TLS the page itself listens on this computer alone, and people reach it by https all the same.
  const origins = readOrigins(named, tls !== null);
  if (!origins.ok) return origins;
  const [origin, ...more] = origins.value;
  if (more.length > 0)
    return refuse(
      'bad-value',
      `${named?.label ?? ''} is one address: links are made with it, such as https://reports.example.`,
    );
  if (origin === undefined && /^(?:0\.0\.0\.0|[:0]+)$/.test(address))
    return refuse(
      'bad-value',
      `${where.label} is every address of this computer. Say by which people reach it: --physician-origin https://NAME.`,
    );
  return ok({ address, port, tls, origin: origin ?? null });
}
