import { describe, expect, it } from 'vitest';
import type { PrefetchView } from '../../shared/api/index.ts';
import { aheadWords, bandwidthWords, studyAheadWords } from './images-ahead-words.ts';

const study = (...states: PrefetchView['studies'][number]['series'][number]['state'][]) => ({
  taskId: 't',
  studyUid: '1.2',
  role: 'current' as const,
  place: 0,
  series: states.map((state, at) => ({ seriesUid: `1.2.${at}`, modality: 'CT', instances: 10, state })),
});

describe('what is said of images fetched ahead', () => {
  it('counts studies that are here as far as they can be', () => {
    const studies = [study('here', 'left'), study('here', 'waiting'), study()];
    expect(aheadWords({ state: 'running', studies })).toBe('1 of 3 next studies here');
    expect(aheadWords({ state: 'paused', studies })).toBe('1 of 3 next studies here, paused');
    expect(studyAheadWords(study('here', 'coming', 'left'))).toBe('1 of 3 series here');
    expect(studyAheadWords(study())).toBe('not looked at yet');
  });
  it('says that a line is slow and what follows', () => {
    const words = bandwidthWords({ bandwidth: 524_288, slow: true, held: 0, budget: 4 * 1024 ** 3 });
    expect(words).toContain('0.5 MB a second. That is slow: a first image of every study');
    expect(words).toContain('at most 4.0 GB');
  });
});
