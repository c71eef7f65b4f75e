import type { SeriesSeen, Study, StudyUid } from '../../../shared/domain/study/index.ts';
import { seriesSeenFromQido } from '../../../shared/interop/dicom-json/index.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { Ports } from '../ports.ts';

/** The series of studies whose completeness hangs on them: where a site agreed on a protocol, and where documents lie among the images. */
export type SeriesBook = {
  /** The series of exactly these instances; null while they are not known, and then they are asked for behind the answer. */
  of(study: Study): readonly SeriesSeen[] | null;
  close(): Promise<void>;
};

/** How many images of a study rejection notes name. */
type RejectedImages = (studyUid: StudyUid) => Promise<number>;

/** Milliseconds after which an archive that did not answer is asked again. */
const askAgain = 30_000;
const mostKept = 5_000;
const longestQueue = 1_000;

export function createSeriesBook(
  archive: Pick<ArchiveClient, 'describeSeries'>,
  aside: RejectedImages,
  ports: Pick<Ports, 'now' | 'log'>,
  onSeries: (studyUid: string) => void,
): SeriesBook {
  const known = new Map<string, { readonly count: number; readonly series: readonly SeriesSeen[] }>();
  const refusedAt = new Map<string, number>();
  const queue = new Map<string, Study>();
  let asking: Promise<void> | null = null;
  let stopped = false;

  const ask = async (): Promise<void> => {
    for (;;) {
      const [study] = queue.values();
      if (study === undefined || stopped) return;
      const rows = await archive.describeSeries(study.studyUid);
      // What came meanwhile is asked for anew: these series may be without it.
      if (queue.get(study.studyUid)?.instanceCount === study.instanceCount) queue.delete(study.studyUid);
      if (!rows.ok) {
        refusedAt.set(study.studyUid, ports.now());
        continue;
      }
      refusedAt.delete(study.studyUid);
      known.delete(study.studyUid);
      const series = rows.value.map(seriesSeenFromQido);
      const seen = await withoutSetAside(study.studyUid, series);
      known.set(study.studyUid, { count: study.instanceCount, series: seen });
      const [oldest] = known.keys();
      if (known.size > mostKept && oldest !== undefined) known.delete(oldest);
      onSeries(study.studyUid);
    }
  };

  /** Notes lie among key objects: where there is none, nobody is asked. */
  const withoutSetAside = async (studyUid: StudyUid, series: readonly SeriesSeen[]): Promise<readonly SeriesSeen[]> => {
    const at = series.findIndex((one) => one.modality === 'KO');
    if (at < 0) return series;
    const rejected = await aside(studyUid);
    return rejected === 0 ? series : series.map((one, place) => (place === at ? { ...one, rejected } : one));
  };

  return {
    of: (study) => {
      const found = known.get(study.studyUid);
      if (found?.count === study.instanceCount) return found.series;
      const waiting = ports.now() - (refusedAt.get(study.studyUid) ?? Number.NEGATIVE_INFINITY) < askAgain;
      if (!stopped && !waiting && (queue.has(study.studyUid) || queue.size < longestQueue)) {
        queue.set(study.studyUid, study);
        asking ??= ask()
          .catch((reason: unknown) => {
            const why = reason instanceof Error ? reason.name : 'unknown';
            ports.log.error('the series of a study could not be looked at', { reason: why });
          })
          .finally(() => {
            asking = null;
          });
      }
      return null;
    },
    close: async () => {
      stopped = true;
      queue.clear();
      await asking;
    },
  };
}
