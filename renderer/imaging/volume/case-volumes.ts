import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { CaseImages } from '../case-images.ts';
import type { FrameStore } from '../frame-store.ts';
import type { SeriesImages } from '../types.ts';
import { type ComputedVolume, openComputedVolume } from './computed-volume.ts';
import { bytesOf, gridOfSeries, type VolumeFailure } from './volume-source.ts';

export type CaseVolumes = {
  /** The volume of a series, made when it is first asked for. `inUse` are the series whose volumes have to stay. */
  open(images: CaseImages, series: SeriesImages, inUse: readonly SeriesImages[]): Result<ComputedVolume, VolumeFailure>;
  /** Whether planes can be computed, without computing any: null when they can, else why not. */
  refusal(series: SeriesImages): VolumeFailure | null;
  bytes(): number;
  close(): void;
};

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** The volumes of one opening of a case, within a budget in bytes. All of them end with the case. */
export function caseVolumes(store: FrameStore, maximumBytes: number): CaseVolumes {
  const volumes = new Map<SeriesImages, ComputedVolume>();
  let closed = false;
  const bytes = (): number => [...volumes.values()].reduce((sum, volume) => sum + bytesOf(volume.grid), 0);

  function drop(series: SeriesImages): void {
    volumes.get(series)?.close();
    volumes.delete(series);
  }

  return {
    open(images, series, inUse) {
      if (closed) return err({ code: 'cancelled', words: 'The case was closed.' });
      const known = volumes.get(series);
      if (known !== undefined) return ok(known);
      const grid = gridOfSeries(series);
      if (!grid.ok) return grid;
      const needed = bytesOf(grid.value);
      for (const other of [...volumes.keys()]) {
        // A series that came anew (a rejected image) replaces its older self; what is not looked at makes room.
        const older = other.seriesUid === series.seriesUid && other.studyUid === series.studyUid;
        if (older || (bytes() + needed > maximumBytes && !inUse.includes(other))) drop(other);
      }
      if (bytes() + needed > maximumBytes) {
        return err({
          code: 'over-budget',
          words: `The volume of this series would take ${gigabytes(needed)} of memory; ${gigabytes(maximumBytes - bytes())} are left for volumes.`,
        });
      }
      const volume = openComputedVolume({ images, source: series, grid: grid.value, store });
      volumes.set(series, volume);
      return ok(volume);
    },
    refusal(series) {
      const grid = gridOfSeries(series);
      return grid.ok ? null : grid.error;
    },
    bytes,
    close() {
      closed = true;
      for (const series of [...volumes.keys()]) drop(series);
    },
  };
}
