import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { number, tags, text } from '../../../shared/interop/dicom-json/index.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { Ports } from '../ports.ts';

/** One series of a study, as its archive lists it. */
export type ListedSeries = {
  readonly seriesUid: string;
  readonly modality: string;
  readonly instances: number;
  /** A rejection note names something of it, or it is not known of what: it is not fetched as a whole. */
  readonly set: boolean;
};

/** Of which series studies consist. */
export type SeriesLists = {
  /** Asked anew after a minute; as last known where nobody answers. */
  of(studyUid: string): Promise<readonly ListedSeries[]>;
  /** Null before it was asked for. */
  known(studyUid: string): readonly ListedSeries[] | null;
};

/** How long a list of series is believed, in milliseconds. */
const listedFor = 60_000;
const mostKnown = 2_000;

export function createSeriesLists(parts: {
  readonly archive: Pick<ArchiveClient, 'describeSeries' | 'instances'>;
  readonly rejected: (study: StudyUid) => Promise<ReadonlyMap<string, unknown>>;
  readonly ports: Pick<Ports, 'now'>;
}): SeriesLists {
  const { archive, ports } = parts;
  const known = new Map<string, { readonly at: number; readonly series: readonly ListedSeries[] }>();

  /** Series of which rejection notes name something; null where it is not known which. */
  const setAside = async (studyUid: string): Promise<ReadonlySet<string> | null> => {
    const all = await archive.instances(studyUid as StudyUid);
    if (!all.ok) return null;
    const rejected = await parts.rejected(studyUid as StudyUid);
    return new Set(all.value.filter((one) => rejected.has(one.instanceUid)).map((one) => one.seriesUid));
  };

  return {
    of: async (studyUid) => {
      const before = known.get(studyUid);
      if (before !== undefined && ports.now() - before.at < listedFor) return before.series;
      const rows = await archive.describeSeries(studyUid as StudyUid);
      if (!rows.ok) return before?.series ?? [];
      const hasNotes = rows.value.some((row) => text(row, tags.Modality) === 'KO');
      const set = hasNotes ? await setAside(studyUid) : new Set<string>();
      // Not known which: then none of it is fetched before she asks for it herself.
      const series = rows.value.flatMap((row): ListedSeries[] => {
        const seriesUid = text(row, tags.SeriesInstanceUID);
        if (seriesUid === null || !/^[0-9.]{1,64}$/.test(seriesUid)) return [];
        const instances = Math.max(0, Math.trunc(number(row, tags.NumberOfSeriesRelatedInstances) ?? 0));
        return [
          { seriesUid, modality: text(row, tags.Modality) ?? '', instances, set: set === null || set.has(seriesUid) },
        ];
      });
      if (known.size >= mostKnown) known.clear();
      known.set(studyUid, { at: ports.now(), series });
      return series;
    },
    known: (studyUid) => known.get(studyUid)?.series ?? null,
  };
}
