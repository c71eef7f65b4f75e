import type { Site } from '../../../shared/domain/order/index.ts';
import { type Reader, type ShiftStanding, shiftWords } from '../../../shared/domain/reader/index.ts';
import type { SiteProfile } from '../../../shared/domain/site/index.ts';
import { type DowntimeSheet, downtimeSheet, type SheetStudy } from '../../../shared/domain/upkeep/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { SiteRoom } from '../site-desk/site-room.ts';

/** The downtime pages of the sites, as of now. */
export type DowntimePages = {
  /** Sites of which something is known, by id. */
  sites(): readonly Site[];
  /** Null for a site of which nothing is known. */
  sheet(siteId: string): Promise<DowntimeSheet | null>;
};

export function createDowntimePages(parts: {
  readonly siteRoom: Pick<SiteRoom, 'desk' | 'sites'>;
  readonly sites: { all(): readonly SiteProfile[] };
  readonly accounts: { list(): Promise<readonly Reader[]> };
  readonly rights: { shift(reader: Reader): ShiftStanding };
  readonly recordNow: () => Instant;
  readonly demo: boolean;
}): DowntimePages {
  const { siteRoom, accounts, rights } = parts;
  const sites = (): readonly Site[] => {
    const known = new Map<string, Site>(siteRoom.sites().map((site) => [site.id, site]));
    // What was agreed counts before what an order says of its site.
    for (const { site } of parts.sites.all()) known.set(site.id, site);
    return [...known.values()].toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
  };
  const onShift = async (): Promise<readonly string[]> =>
    (await accounts.list())
      .filter(({ role }) => role === 'radiologist' || role === 'lead')
      .flatMap((reader) => {
        const standing = rights.shift(reader);
        return standing.kind === 'on' ? [`${reader.name}, ${shiftWords(standing)}`] : [];
      });
  return {
    sites,
    sheet: async (siteId) => {
      const site = sites().find((one) => one.id === siteId);
      if (site === undefined) return null;
      const profile = parts.sites.all().find((one) => one.site.id === siteId);
      const desk = siteRoom.desk(siteId);
      const studies = (desk?.studies ?? []).flatMap((study): readonly SheetStudy[] => {
        const { state } = study;
        if (state === 'reported' || state === 'cancelled') return [];
        const { accession, patient, exam, priority, dueAt } = study;
        const { name, id: patientId, birthDate } = patient;
        return [{ accession, name, patientId, birthDate, exam, priority, state, dueAt }];
      });
      const own = site.phone === null ? [] : [{ role: 'desk' as const, name: site.name, phone: site.phone }];
      return downtimeSheet({
        site,
        contacts: profile === undefined || profile.contacts.length === 0 ? own : profile.contacts,
        onShift: await onShift(),
        studies,
        more: desk?.more ?? 0,
        notForClinicalUse: parts.demo,
        now: parts.recordNow(),
      });
    },
  };
}
