import { describe, expect, test } from 'vitest';
import { rejectedInstances } from './rejection-notes.ts';
import { describeSeries } from './study-metadata.ts';

const ds = (vr: string, ...Value: unknown[]) => ({ vr, Value });

function note(code: string, names: readonly string[], change: Readonly<Record<string, unknown>> = {}) {
  return {
    '00080016': ds('UI', '1.2.840.10008.5.1.4.1.1.88.59'),
    '0020000D': ds('UI', '1.2'),
    '0040A043': ds('SQ', { '00080100': ds('SH', code), '00080102': ds('SH', 'DCM') }),
    '0040A375': ds('SQ', {
      '0020000D': ds('UI', '1.2'),
      '00081115': ds('SQ', {
        '0020000E': ds('UI', '1.2.3'),
        '00081199': ds('SQ', ...names.map((name) => ({ '00081155': ds('UI', name) }))),
      }),
    }),
    ...change,
  };
}

describe('rejection notes (IHE IOCM)', () => {
  test.each([
    ['113001', 'quality'],
    ['113037', 'patient-safety'],
    ['113038', 'worklist-entry'],
    ['113039', 'retention'],
  ])('%s rejects for %s', (code, why) => {
    expect([...rejectedInstances('1.2', [note(code, ['1.2.3.1', '1.2.3.2'])])]).toEqual([
      ['1.2.3.1', why],
      ['1.2.3.2', why],
    ]);
  });
  test('a graver reason outweighs quality, whichever note comes first', () => {
    const both = [note('113001', ['1.2.3.1']), note('113037', ['1.2.3.1'])];
    expect(rejectedInstances('1.2', both).get('1.2.3.1')).toBe('patient-safety');
    expect(rejectedInstances('1.2', both.toReversed()).get('1.2.3.1')).toBe('patient-safety');
  });
  test('other key images, other coding schemes, other classes and other studies reject nothing', () => {
    const others = [
      note('113000', ['1.2.3.1']),
      note('113037', ['1.2.3.1'], {
        '0040A043': ds('SQ', { '00080100': ds('SH', '113037'), '00080102': ds('SH', '99X') }),
      }),
      note('113037', ['1.2.3.1'], { '00080016': ds('UI', '1.2.840.10008.5.1.4.1.1.88.11') }),
      note('113037', ['1.2.3.1'], { '0020000D': ds('UI', '1.9') }),
    ];
    expect(rejectedInstances('1.2', others).size).toBe(0);
  });
});

describe('a series with rejected images', () => {
  const images = [1, 2, 3].map((at) => ({
    '0020000D': ds('UI', '1.2'),
    '0020000E': ds('UI', '1.2.3'),
    '00080018': ds('UI', `1.2.3.${at}`),
    '00080060': ds('CS', 'CR'),
    '00200013': ds('IS', at),
    '00280010': ds('US', 4),
    '00280011': ds('US', 4),
  }));
  const of = (code: string, names: readonly string[], withQuality: boolean) =>
    describeSeries(
      { archive: 'a', epoch: 1, studyUid: '1.2' },
      '1.2.3',
      images,
      {},
      {
        byInstance: rejectedInstances('1.2', [note(code, names)]),
        withQuality,
      },
    );

  test('shows and counts the others only', () => {
    const series = of('113037', ['1.2.3.2'], true);
    expect(series.frames.map((one) => one.instanceUid)).toEqual(['1.2.3.1', '1.2.3.3']);
    expect(series.setAside).toEqual(['1.2.3.2']);
  });
  test('shows what was rejected for quality on request, with its mark', () => {
    expect(of('113001', ['1.2.3.2'], false).frames).toHaveLength(2);
    const [first, second] = of('113001', ['1.2.3.2'], true).frames;
    expect(first?.marks).toEqual([]);
    expect(second?.marks).toEqual(['REJECTED FOR QUALITY']);
  });
  test('of which all are rejected is no series of images', () => {
    const series = of('113038', ['1.2.3.1', '1.2.3.2', '1.2.3.3'], true);
    expect(series.frames).toEqual([]);
    expect(series.notShown).toBe('Rejected images');
  });
});
