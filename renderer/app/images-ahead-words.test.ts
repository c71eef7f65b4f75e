import { describe, expect, it } from 'vitest';
import type { PrefetchView } from '../../shared/api/index.ts';
import { aheadWords, bandwidthWords, rowsAhead, studyAheadWords } from './images-ahead-words.ts';

const cameIn = { here: 10, coming: 2, waiting: 0, left: 0 };
const study = (...states: PrefetchView['studies'][number]['series'][number]['state'][]) => ({
  taskId: 't',
  studyUid: '1.2',
  role: 'current' as const,
  place: 0,
  series: states.map((state, at) => ({
    seriesUid: `1.2.${at}`,
    modality: 'CT',
    instances: 10,
    state,
    came: cameIn[state],
  })),
});

describe('what is said of images fetched ahead', () => {
  it('counts studies that are here as far as they can be', () => {
    const studies = [study('here', 'left'), study('here', 'waiting'), study()];
    expect(aheadWords({ state: 'running', studies })).toBe('1 of 3 next studies here');
    expect(aheadWords({ state: 'paused', studies })).toBe('1 of 3 next studies here, paused');
    expect(studyAheadWords(study('here', 'coming', 'left'))).toBe('1 of 3 series here');
    expect(studyAheadWords(study())).toBe('not looked at yet');
  });
  it('tells of each row how many images came, and calls it ready only when every series is here whole', () => {
    const rows = (...studies: PrefetchView['studies']) => [...rowsAhead({ state: 'running', studies }).values()];
    expect(rows(study('here', 'coming'))).toEqual([
      { words: '12 of 20', title: '12 of 20 images fetched ahead', isWhole: false },
    ]);
    expect(rows(study('here', 'here'))[0]).toMatchObject({ words: 'ready', isWhole: true });
    // A series that is set aside or could not come is not here.
    expect(rows(study('here', 'left'))[0]).toMatchObject({ words: '10 of 20', isWhole: false });
    expect(rows(study())).toEqual([]);
    const prior = { ...study('here', 'waiting'), role: 'prior' as const };
    expect(rows(study('here'), prior)[0]).toMatchObject({
      words: 'ready',
      title: '10 of 10 images fetched ahead; of its priors 0 of 1',
    });
    expect(rowsAhead({ state: 'paused', studies: [study('coming')] }).get('t')?.title).toBe(
      '2 of 10 images fetched ahead, paused',
    );
    expect(rowsAhead({ state: 'local', studies: [study('here')] }).size).toBe(0);
  });
  it('says that a line is slow and what follows', () => {
    const words = bandwidthWords({ bandwidth: 524_288, slow: true, held: 0, budget: 4 * 1024 ** 3 });
    expect(words).toContain('0.5 MB a second. That is slow: a first image of every study');
    expect(words).toContain('at most 4.0 GB');
  });
});
