import { describe, expect, test } from 'vitest';
import { noCoverage, notePainted } from './series-coverage.ts';
import { seriesNotShown } from './series-not-shown.ts';

const listed = (...names: string[]) => names.map((name, at) => ({ studyUid: '1', seriesUid: `1.${at}`, name }));
const shown = { '1.0': notePainted(noCoverage('1', '1.0', ['a#1']), { place: 0, scale: 1, window: null }) };
const left = (...names: string[]): readonly string[] => seriesNotShown(shown, listed(...names)).map(({ name }) => name);

describe('series that were not shown', () => {
  test.each(['Scout', 'Topogram 0.6 T20f', '3-plane localizer', 'Dose Report', 'PATIENT PROTOCOL', 'Bolus tracking'])(
    '%s is no series that anything is missed on',
    (name) => {
      expect(left('Chest 5 mm', name)).toEqual([]);
    },
  );

  test('another reconstruction of a scan that was shown is not counted', () => {
    expect(left('Chest 5.0 mm Br40', 'Chest 1.0 mm Br64')).toEqual([]);
    expect(left('Chest thin', 'Chest')).toEqual([]);
  });

  test('another direction, phase, weighting or part is counted', () => {
    expect(left('Portal 5 mm', 'Arterial 5 mm', 'Portal coronal 3 mm')).toEqual([
      'Arterial 5 mm',
      'Portal coronal 3 mm',
    ]);
    expect(left('Ax T2', 'Sag T2', 'Ax T1')).toEqual(['Sag T2', 'Ax T1']);
  });

  test('a name that says thickness alone tells too little to leave it out', () => {
    expect(left('5 mm', '3 mm')).toEqual(['3 mm']);
  });
});
