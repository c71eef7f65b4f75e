import type { Hono } from 'hono';
import type { SiteChannels } from '../../../shared/api/index.ts';
import {
  channelFaults,
  channelForms,
  type Delivery,
  type SetChannel,
  trialFaults,
} from '../../../shared/domain/delivery/index.ts';
import { clocksStoppedBy } from '../../../shared/domain/site/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import { keepAgreed, shownAgreed } from '../delivery/agreed-delivery.ts';
import { entryFrom, type ShownChannel, shownChannel } from '../delivery/channel-values.ts';
import { clockFaultsOf } from '../delivery/clock-faults.ts';
import { privateKeyFault } from '../delivery/gateway/sftp-line.ts';
import type { Outbox } from '../delivery/outbox.ts';
import { testChannel } from '../delivery/test-channel.ts';
import { sha256 } from '../digest.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { WorklistChanges } from '../reading/worklist-changes.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';
import type { ChannelBook } from '../settings/channel-book.ts';
import {
  type ChannelChange,
  type ChannelSetting,
  type HostChannel,
  hostChannels,
} from '../settings/channel-entries.ts';
import { secretFault } from '../settings/channel-secret.ts';
import { placeName } from '../settings/gateway-place.ts';
import type { Settings, Upstream } from '../settings/types.ts';
import { failure, mount } from './mount.ts';

type Named = { readonly siteId: string; readonly channel: SetChannel };
type OfHost = Named & { readonly channel: HostChannel };
const isOfHost = (named: Named): named is OfHost => named.channel !== 'agreed';

const where = (upstream: Upstream): string => (upstream.kind === 'embedded' ? 'in this host' : upstream.url);
/** What an accepted report still waits for: a gateway tells later what the destination said, an HL7 receiver says no more. */
const isOnTheWay = ({ channel, state }: Delivery): boolean =>
  state === 'queued' || state === 'sent' || (state === 'accepted' && channel !== 'hl7');

/** The places other than the gateway's own at which jobs are followed. */
function putElsewhere(going: readonly Delivery[], place: string) {
  const others = Map.groupBy(
    going.flatMap(({ job }) => (job === undefined || job.place === place ? [] : [job.place])),
    (one) => one,
  );
  return [...others].map(([there, jobs]) => ({ place: there, reports: jobs.length }));
}

/** Its job may still come to something: on its way, or waiting for a person who may ask for it again. */
const isUnderWay = (delivery: Delivery): boolean =>
  delivery.job?.over !== true && (isOnTheWay(delivery) || delivery.state === 'refused');

/** Where each site's reports go beside record and archive, for a lead to see, try and set. */
export function mountChannelRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly channelBook: ChannelBook;
  readonly outbox: Pick<Outbox, 'all'>;
  readonly book: Pick<CaseBook, 'facts'>;
  readonly sites: Pick<SiteBook, 'all'>;
  readonly changes: Pick<WorklistChanges, 'since'>;
  readonly record: Pick<RecordClient, 'read' | 'put'>;
  readonly sync: Pick<RecordSync, 'learn'>;
  readonly settings: Pick<Settings, 'archive' | 'record' | 'gatewayFolders'>;
}): void {
  const { app, sessions, ports, audit, channelBook, outbox, book, sites, changes, settings } = routes;
  const profileOf = (siteId: string) => sites.all().find(({ site }) => site.id === siteId) ?? null;

  const settingOf = ({ siteId, channel }: OfHost) => channelBook.of(siteId, channel);

  /** Every site that is known here, by whatever names it. */
  const names = (): ReadonlyMap<string, string> => {
    const found = new Map<string, string>();
    for (const { siteId } of [...channelBook.hl7(), ...channelBook.imr(), ...channelBook.gateways()])
      found.set(siteId, siteId);
    for (const { site } of changes.since(null).rows) if (site !== null) found.set(site.id, site.name);
    for (const { site } of sites.all()) found.set(site.id, site.name);
    return found;
  };

  const agreedOf = (siteId: string) => {
    const profile = profileOf(siteId);
    return profile === null
      ? []
      : [
          {
            ...{ channel: 'agreed' as const, values: shownAgreed(profile), recipients: [], onTheWay: 0, elsewhere: [] },
            ...{ changed: null, hindrance: null, stopsClockOf: [] },
          },
        ];
  };
  /** Why this host does not send by what is set, in words. */
  const hindranceOf = (named: OfHost, set: ChannelSetting): string | null => {
    const here = channelBook.hindrance(named.siteId, named.channel);
    if (here !== null)
      return `This host cannot send by it: ${here}${channelBook.isOfGroup ? ' What goes that way waits for a host of the group that can.' : ''}`;
    return 'to' in set || 'patientSystem' in set ? secretFault(set) : null;
  };
  const stampOf = (named: OfHost) => {
    // What this host takes from elsewhere nobody has set here.
    const stamp = channelBook.fixed(named.channel) === null ? channelBook.stampOf(named.siteId, named.channel) : null;
    return stamp === null ? null : { by: stamp.by, at: stamp.at };
  };
  /** Of everything that can be changed here. */
  const version = (): string =>
    sha256(
      canonicalJson([
        channelBook.version(),
        ...sites.all().map(({ site, delivery }): JsonValue => [site.id, delivery as JsonValue]),
      ]),
    ).slice(0, 32);

  const answer = (): SiteChannels => {
    const onTheWay = Map.groupBy(outbox.all().filter(isOnTheWay), (delivery) => {
      const site = book.facts(delivery.taskId)?.order?.site;
      return `${site?.id ?? ''}|${delivery.channel}`;
    });
    const now = ports.now();
    const clockFaults = (id: string) => {
      const profile = profileOf(id);
      return profile === null ? [] : [...clockFaultsOf(profile, channelBook, now)];
    };
    const stopsClockOf = (id: string, channel: HostChannel) => {
      const profile = profileOf(id);
      return profile === null ? [] : [...clocksStoppedBy(profile, channel, now)];
    };
    return {
      sites: [...names()]
        .map(([id, name]) => ({
          id,
          name,
          clockFaults: clockFaults(id),
          channels: [
            ...agreedOf(id),
            ...hostChannels.flatMap((channel) => {
              const set = settingOf({ siteId: id, channel });
              if (set === null) return [];
              const shown: ShownChannel = shownChannel(set);
              const going = onTheWay.get(`${id}|${channel}`) ?? [];
              const elsewhere = 'to' in set ? putElsewhere(going, placeName(set.to)) : [];
              const named = { siteId: id, channel };
              const facts = { changed: stampOf(named), hindrance: hindranceOf(named, set) };
              const stopsClock = stopsClockOf(id, channel);
              return [{ channel, ...shown, onTheWay: going.length, elsewhere, ...facts, stopsClockOf: stopsClock }];
            }),
          ],
          removed: hostChannels.flatMap((channel) => {
            const named = { siteId: id, channel };
            const stamp = settingOf(named) === null ? stampOf(named) : null;
            return stamp === null ? [] : [{ channel, ...stamp }];
          }),
        }))
        .sort((left, right) => left.name.localeCompare(right.name)),
      always: [
        `Patient record (FHIR), ${where(settings.record)}`,
        `Archive (DICOM structured report), ${where(settings.archive)}`,
      ],
      fixed: hostChannels.flatMap((channel) => {
        const why = channelBook.fixed(channel);
        return why === null ? [] : [{ channel, why }];
      }),
      gatewayFolders: [...(settings.gatewayFolders ?? [])],
      group: channelBook.isOfGroup,
      overruled: channelBook
        .overruled()
        .map(({ siteId, channel }) => `${channelForms[channel].title} of ${names().get(siteId) ?? siteId}`),
      version: version(),
    };
  };

  /** What was typed, checked by the form's own table. */
  const faultIn = (asked: Named & ShownChannel, faults = channelFaults): string | null => {
    const [fault] = faults(asked.channel, asked.values, asked.recipients);
    if (fault === undefined) return null;
    const label = channelForms[asked.channel].fields.find(({ key }) => key === fault.at)?.label;
    return `${label ?? `Receiver ${(fault.row ?? 0) + 1}`}: ${fault.words}`;
  };

  /** A report that went elsewhere must be traceable to who sent it there. */
  const noted = async (user: string, what: string, { siteId, channel }: Named) => {
    const written = await audit.record([
      {
        user,
        purpose: 'settings',
        patient: null,
        studyUid: null,
        detail: `${channelForms[channel].title} of ${siteId} ${what}`,
      },
    ]);
    return written.ok ? null : failure('audit-unavailable', written.error.message);
  };

  /** In the access log before and, where it came to nothing, after. */
  const keep = async (
    user: string,
    named: Named,
    what: 'set' | 'changed' | 'removed',
    write: () => Promise<Result<void, { readonly code: string; readonly message: string }>>,
  ) => {
    const refused = await noted(user, what, named);
    if (refused !== null) return refused;
    const kept = await write();
    if (kept.ok) return ok(answer());
    await noted(user, `not ${what}: ${kept.error.code}`, named);
    const { code, message } = kept.error;
    return failure(
      code === 'not-saved' ? 'not-saved' : code === 'bad-value' ? 'bad-request' : 'not-a-legal-move',
      message,
    );
  };
  const changeBy = (by: string): ChannelChange => ({
    by,
    now: ports.now(),
    isUsed: (place) => outbox.all().some((one) => one.job?.place === place && isUnderWay(one)),
  });
  const stale = failure(
    'not-a-legal-move',
    'Somebody changed the channels since you saw them. Look at them again; yours was not kept.',
  );

  /** Of a group: as the record has them now, whichever host they were set at. */
  const unread = async () => {
    const why = await channelBook.ready();
    return why === null ? null : failure('upstream-unreachable', why);
  };

  mount(app, sessions, ports, 'siteChannels', async () => (await unread()) ?? ok(answer()));
  mount(app, sessions, ports, 'keepChannel', async ({ input, session: { reader } }) => {
    const { siteId, values } = input;
    const silent = await unread();
    if (silent !== null) return silent;
    if (!names().has(siteId)) return failure('not-found', 'No site of this name is known here.');
    const fault = faultIn(input);
    if (fault !== null) return failure('bad-request', fault);
    if (input.version !== version()) return stale;
    const named = { siteId, channel: input.channel };
    if (!isOfHost(named)) {
      const profile = profileOf(siteId);
      if (profile === null) return failure('not-found', 'Nothing is agreed with this site yet. See npm run sites.');
      return keep(reader.name, named, 'changed', () => keepAgreed(routes, siteId, profile.delivery, values));
    }
    const seen = channelBook.version();
    const before = settingOf(named);
    const entry = entryFrom(named.channel, input, before);
    if (!entry.ok) return failure('bad-request', entry.error);
    const keyFault = input.values.login === 'key' ? await privateKeyFault(input.values.newKey ?? '') : null;
    if (keyFault !== null) return failure('bad-request', keyFault);
    return keep(reader.name, named, before === null ? 'set' : 'changed', () =>
      channelBook.keep(seen, siteId, named.channel, entry.value, changeBy(reader.name)),
    );
  });
  mount(app, sessions, ports, 'removeChannel', async ({ input, session: { reader } }) => {
    const named = { siteId: input.siteId, channel: input.channel };
    const silent = await unread();
    if (silent !== null) return silent;
    if (!isOfHost(named) || settingOf(named) === null) return failure('not-found', 'This channel is not set any more.');
    if (input.version !== version()) return stale;
    const seen = channelBook.version();
    return keep(reader.name, named, 'removed', () =>
      channelBook.keep(seen, named.siteId, named.channel, null, changeBy(reader.name)),
    );
  });
  mount(app, sessions, ports, 'testChannel', async ({ input }) => {
    const named = { siteId: input.siteId, channel: input.channel };
    if (!isOfHost(named)) return failure('bad-request', 'There is nothing to connect to.');
    const fault = faultIn(input, trialFaults);
    if (fault !== null) return failure('bad-request', fault);
    const entry = entryFrom(named.channel, input, settingOf(named));
    if (!entry.ok) return failure('bad-request', entry.error);
    const checked = channelBook.check(named.siteId, named.channel, entry.value);
    return checked.ok ? ok(await testChannel(checked.value)) : failure('bad-request', checked.error.message);
  });
}
