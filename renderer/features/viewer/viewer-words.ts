import type { SeriesProgress } from '../../imaging/index.ts';
import type { Hung } from './hung.ts';
import type { StudiesState, StudySource } from './use-studies.ts';

export function progressOf(hung: Hung | null, progress: ReadonlyMap<string, SeriesProgress>): SeriesProgress | null {
  return hung === null ? null : (progress.get(hung.series.seriesUid) ?? hung.images.progress(hung.series));
}

export function emptyWords(study: StudySource | null, studies: StudiesState, slot: number): string {
  if (study === null) return 'No images have come for this order.';
  if (studies.loading) return 'Asking the archive for the series';
  const isEmpty = studies.current?.images.series.every((series) => series.frames.length === 0) ?? true;
  if (!isEmpty) return slot === 0 ? 'Asking the archive for the images' : 'Choose a series to hang here.';
  const holdsMore = studies.current?.images.series.some(
    (series) => series.documents.length + series.objects.length > 0,
  );
  return (
    studies.problems[0] ??
    `This study holds no images that can be shown.${holdsMore === true ? ' Read what it holds by Alt+Shift+R.' : ''}`
  );
}
