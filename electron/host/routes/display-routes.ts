import type { Hono } from 'hono';
import { deviceOfWindow } from '../../../shared/domain/devices/index.ts';
import { type DisplayPlace, strictestRule } from '../../../shared/domain/display/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { DeviceBook } from '../devices/device-book.ts';
import type { DisplayShelf } from '../devices/display-shelf.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { SiteBook } from '../reading/site-book.ts';
import { failure, mount } from './mount.ts';

const notNow = failure(
  'not-known',
  'The record does not answer, so checks of displays are neither kept nor told now. They stay at the computer and are told again.',
);

/** Checks of displays: told by each computer of its own screens, seen by the lead and the reviewer of all. */
export function mountDisplayRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly displays: DisplayShelf;
  readonly devices: Pick<DeviceBook, 'all'>;
  readonly sites: Pick<SiteBook, 'all'>;
  /** False: a host that stands alone is asked by its own computer only. */
  readonly group: boolean;
}): void {
  const { app, sessions, ports, displays } = routes;
  const placeOf = (session: LiveSession, browser: string): DisplayPlace => {
    const device = deviceOfWindow(session.window);
    if (device !== null) return { kind: 'desktop', id: device };
    return routes.group ? { kind: 'browser', id: browser } : { kind: 'host' };
  };
  mount(app, sessions, ports, 'keepDisplayChecks', async ({ input, session }) => {
    // Each speaks for herself: what another reader looked at here is told when she signs in.
    if (input.checks.some((one) => one.by !== session.reader.name))
      return failure('bad-request', 'A check is told by the reader who made it.');
    const kept = await displays.keep(placeOf(session, input.browser), input.checks);
    return kept.ok ? ok({ checks: kept.value }) : notNow;
  });
  mount(app, sessions, ports, 'displayChecks', async () => {
    const found = await displays.list();
    if (!found.ok) return notNow;
    const told = new Set(found.value.flatMap(({ place }) => (place.kind === 'desktop' ? [place.id] : [])));
    const names = new Map(routes.devices.all().map((one) => [one.id, one.name]));
    return ok({
      every: strictestRule(routes.sites.all().map((one) => one.displayCheckDays)),
      places: [
        ...found.value.map(({ place, checks }) => ({
          id: place.kind === 'host' ? 'host' : place.id,
          kind: place.kind,
          name: place.kind === 'desktop' ? (names.get(place.id) ?? null) : null,
          checks,
        })),
        // At which nobody has checked a screen: that too is for the lead to know.
        ...routes.devices
          .all()
          .filter((one) => one.state.kind === 'active' && !told.has(one.id))
          .map(({ id, name }) => ({ id, kind: 'desktop' as const, name, checks: [] })),
      ],
    });
  });
}
