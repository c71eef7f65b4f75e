import type { Hono } from 'hono';
import { ok } from '../../../shared/lib/result.ts';
import { formatInZone } from '../../../shared/lib/zoned-time.ts';
import type { Sessions } from '../identity/types.ts';
import type { Upkeep } from '../open-upkeep.ts';
import type { Ports } from '../ports.ts';
import { mount } from './mount.ts';

/** The host's own affairs, to the lead. */
export function mountUpkeepRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly upkeep: Upkeep;
  /** A host that serves a group. */
  readonly group: boolean;
}): void {
  const { app, sessions, ports, upkeep } = routes;
  mount(app, sessions, ports, 'upkeep', async () => {
    const standing = upkeep.backup?.standing() ?? null;
    if (standing === null) return ok({ backup: { kind: 'off', asked: routes.group } });
    const { lastGood, failure, hour, old, running, zone } = standing;
    return ok({
      backup: {
        kind: 'on',
        lastGood: lastGood === null ? null : formatInZone(lastGood, zone),
        old,
        running,
        failure: failure === null ? null : `${formatInZone(failure.at, zone)}: ${failure.words}`,
        nightly: `at ${String(hour).padStart(2, '0')}:00 in ${zone}`,
      },
    });
  });
}
