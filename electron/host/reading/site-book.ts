import type { Order } from '../../../shared/domain/order/index.ts';
import { type SiteNames, siteNamesOf } from '../../../shared/domain/prior/index.ts';
import { contractAt, defaultProfile, type SiteProfile } from '../../../shared/domain/site/index.ts';
import {
  type Calendar,
  type Contract,
  calendarOf,
  contractMoment,
  type ReadingEvent,
  type Terms,
  termsOf,
} from '../../../shared/domain/turnaround/index.ts';
import { siteProfileFromFhir } from '../../../shared/interop/fhir/index.ts';
import type { Ports } from '../ports.ts';
import type { RecordSync } from '../record/index.ts';

/** The part of a case that says whose contract it is under. */
export type CaseAtSite = {
  readonly order: Pick<Order, 'site' | 'priority' | 'modality'> | null;
  readonly seen: { readonly study: { readonly modalities: readonly string[] } } | null;
};

/** What was agreed with the sites, as the record tells it. */
export type SiteBook = {
  all(): readonly SiteProfile[];
  /** Of the site where the exam was made; what holds where nothing was agreed, for a site that is only known by name; null without a site. */
  siteOf(facts: CaseAtSite): SiteProfile | null;
  /** What the record says was agreed; null where it says nothing. The same value as long as nothing changes. */
  agreedWith(facts: CaseAtSite): SiteProfile | null;
  /** The names that all sites agreed on. The same value as long as nothing changes. */
  names(): SiteNames;
  /** The contract that rules this case: that which was in force when its images came. */
  contractOf(facts: CaseAtSite, history: readonly ReadingEvent[]): Contract;
  /** What this case's clock runs by. */
  termsOf(facts: CaseAtSite, history: readonly ReadingEvent[]): Terms;
  /** Ids of the sites of which something else holds now. */
  onChange(listener: (siteIds: readonly string[]) => void): () => void;
};

export function createSiteBook(sync: RecordSync, ports: Ports): SiteBook {
  const profiles = new Map<string, SiteProfile>();
  const calendars = new WeakMap<SiteProfile, Calendar>();
  let names: SiteNames | null = null;
  const listeners = new Set<(siteIds: readonly string[]) => void>();
  const read = (id: string): string | null => {
    const found = sync.get('Basic', id);
    const profile = found === null ? null : siteProfileFromFhir(found.resource);
    if (profile?.ok === false) {
      if (profile.error.code === 'bad-profile')
        ports.log.warn('a site profile in the record could not be read; the one known before stays', { id });
      return null;
    }
    if (profile === null) return null;
    profiles.set(profile.value.site.id, profile.value);
    names = null;
    return profile.value.site.id;
  };
  sync.onChange(({ type, items }) => {
    if (type !== 'Basic') return;
    const changed = items.flatMap((item) => read(item.resource.id ?? '') ?? []);
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  });

  const siteOf = ({ order }: CaseAtSite): SiteProfile | null => {
    const site = order?.site ?? null;
    return site === null ? null : (profiles.get(site.id) ?? defaultProfile(site));
  };
  const calendarFor = (profile: SiteProfile | null): Calendar | null => {
    if (profile === null || profile.hours === null) return null;
    const known = calendars.get(profile) ?? calendarOf(profile.hours, profile.site.zone);
    calendars.set(profile, known);
    return known;
  };
  const contractOf: SiteBook['contractOf'] = (facts, history) =>
    contractAt(siteOf(facts), contractMoment(history, ports.now()));
  return {
    all: () => [...profiles.values()],
    siteOf,
    agreedWith: ({ order }) => profiles.get(order?.site?.id ?? '') ?? null,
    names: () => {
      names ??= siteNamesOf([...profiles.values()].map((one) => one.siteAliases));
      return names;
    },
    contractOf,
    termsOf: (facts, history) =>
      termsOf(
        contractOf(facts, history),
        {
          priority: facts.order?.priority ?? 'unknown',
          modality: facts.seen?.study.modalities[0] ?? facts.order?.modality ?? '',
        },
        calendarFor(siteOf(facts)),
      ),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
