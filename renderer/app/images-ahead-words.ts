import type { PrefetchView } from '../../shared/api/index.ts';

type StudyAhead = PrefetchView['studies'][number];

export const seriesStateWords: Readonly<Record<StudyAhead['series'][number]['state'], string>> = {
  here: 'here',
  coming: 'coming now',
  waiting: 'waits its turn',
  left: 'comes when you open it',
};

const isWhole = (study: StudyAhead): boolean =>
  study.series.length > 0 && study.series.every((one) => one.state === 'here' || one.state === 'left');

/** "3 of 7 next studies here", "2 of 7 next studies here, paused". */
export function aheadWords({ state, studies }: Pick<PrefetchView, 'state' | 'studies'>): string {
  const here = studies.filter(isWhole).length;
  const count = studies.length === 0 ? 'Next studies: none' : `${here} of ${studies.length} next studies here`;
  return state === 'paused' ? `${count}, paused` : count;
}

/** "5 of 6 series here". */
export function studyAheadWords({ series }: Pick<StudyAhead, 'series'>): string {
  if (series.length === 0) return 'not looked at yet';
  return `${series.filter((one) => one.state === 'here').length} of ${series.length} series here`;
}

/** How far one study of the list is fetched ahead, in a word for its row and in a sentence. */
export type RowAhead = { readonly words: string; readonly title: string; readonly isWhole: boolean };

/** By task: "ready" once every series of the study is here whole, "12 of 40" images before. A study that was not looked at yet has none. */
export function rowsAhead({ state, studies }: Pick<PrefetchView, 'state' | 'studies'>): ReadonlyMap<string, RowAhead> {
  const rows = new Map<string, RowAhead>();
  if (state === 'local' || state === 'off') return rows;
  for (const { taskId, role, series } of studies) {
    const images = series.reduce((sum, one) => sum + one.instances, 0);
    if (role !== 'current' || images === 0) continue;
    const came = series.reduce((sum, one) => sum + one.came, 0);
    const isWhole = series.every((one) => one.state === 'here');
    const priors = studies.filter((one) => one.taskId === taskId && one.role === 'prior');
    const priorsHere = priors.filter(
      (one) => one.series.length > 0 && one.series.every(({ state: at }) => at === 'here'),
    );
    const ofPriors = priors.length === 0 ? '' : `; of its priors ${priorsHere.length} of ${priors.length}`;
    const stands = state === 'paused' && !isWhole ? ', paused' : '';
    rows.set(taskId, {
      words: isWhole ? 'ready' : `${came} of ${images}`,
      title: `${came} of ${images} images fetched ahead${stands}${ofPriors}`,
      isWhole,
    });
  }
  return rows;
}

const size = (bytes: number): string =>
  bytes >= 1024 ** 3
    ? `${(bytes / 1024 ** 3).toFixed(1)} GB`
    : `${(bytes / 1024 ** 2).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** How fast the line was, what that changes, and how much of the sealed cache is used. */
export function bandwidthWords(view: Pick<PrefetchView, 'bandwidth' | 'slow' | 'held' | 'budget'>): string {
  const speed =
    view.bandwidth === null ? 'The line has not been measured yet.' : `The line gave ${size(view.bandwidth)} a second.`;
  const slow = view.slow ? ' That is slow: a first image of every study comes before the rest.' : '';
  return `${speed}${slow} ${size(view.held)} of at most ${size(view.budget)} are used, sealed; they go when a study is final, another’s, or some time after your shift.`;
}
