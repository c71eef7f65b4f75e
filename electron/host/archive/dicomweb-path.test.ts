import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDicomwebPath } from './dicomweb-path.ts';

describe('what the page may ask of an archive', () => {
  test.each([
    ['/studies?StudyDate=20260101-20260102&limit=10', 'search'],
    ['/studies/1.2', 'study'],
    ['/studies/1.2/metadata', 'metadata'],
    ['/studies/1.2/series', 'search'],
    ['/studies/1.2/instances?includefield=00080018', 'search'],
    ['/studies/1.2/series/1.3', 'series'],
    ['/studies/1.2/series/1.3/metadata', 'metadata'],
    ['/studies/1.2/series/1.3/instances', 'search'],
    ['/studies/1.2/series/1.3/instances/1.4', 'instance'],
    ['/studies/1.2/series/1.3/instances/1.4/metadata', 'metadata'],
    ['/studies/1.2/series/1.3/instances/1.4/frames/1,2,3', 'frames'],
    ['/studies/1.2/series/1.3/instances/1.4/frames/1/rendered', 'rendered'],
    ['/studies/1.2/series/1.3/instances/1.4/bulkdata/7FE00010', 'bulk'],
    ['/studies/1.2/series/1.3/instances/1.4/bulk/54000100/1/54001010', 'bulk'],
  ])('%s is a %s', (path, kind) => {
    expect(parseDicomwebPath(path)).toMatchObject({ ok: true, value: { kind, path } });
  });

  test.each([
    '/',
    '/system',
    '/studies/',
    '/studies//',
    '/studies/abc',
    '/studies/1..2',
    '/studies/../system',
    '/studies/1.2/../../system',
    '/studies/%2e%2e',
    '/studies/1.2\\..',
    '//evil.example/studies',
    'http://evil.example/studies',
    '/studies/1.2#x',
    '/studies/1.2?x=1',
    `/studies/${'1'.repeat(65)}`,
    '/studies?__proto__=1',
    '/studies?a b=1',
    '/studies?PatientID=%00',
    '/studies?PatientID=a%0D%0AHost:evil',
    '/studies/1.2/series/1.3/instances/1.4/frames/0',
    '/studies/1.2/series/1.3/instances/1.4/frames/1;2',
    '/studies/1.2/series/1.3/instances/1.4/frames/',
    '/studies/1.2/series/1.3/instances/1.4/bulkdata/00100010',
    '/studies/1.2/series/1.3/instances/1.4/bulkdata/7FE00010/../x',
    '/studies/1.2/series/1.3/instances/1.4/file',
    '/Studies/1.2',
  ])('%j is nothing that is asked', (path) => {
    expect(parseDicomwebPath(path)).toEqual({ ok: false, error: 'bad-path' });
  });

  test('whatever is asked, what goes out is made of our own words, UIDs, numbers and tags', () => {
    const words = fc.constantFrom(
      '/studies',
      '/1.2.3',
      '/series',
      '/instances',
      '/frames',
      '/1',
      '/..',
      '/.',
      '//',
      '/%2e',
      '?',
      '&',
      '=',
      'PatientID',
      '\r\n',
      '@evil',
      ':80',
      '/metadata',
      '/bulkdata',
      '/7FE00010',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 5 })), { maxLength: 14 }), (pieces) => {
        const parsed = parseDicomwebPath(pieces.join(''));
        if (!parsed.ok) return;
        const url = new URL(`http://archive.example/dicom-web${parsed.value.path}`);
        expect(url.origin).toBe('http://archive.example');
        expect(url.pathname).toMatch(/^\/dicom-web\/studies(\/[A-Za-z0-9.,]+)*$/);
        expect(url.pathname).not.toContain('..');
      }),
      { numRuns: 5_000 },
    );
  });
});
