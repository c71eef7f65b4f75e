import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentDocument } from './content-tree.ts';

const ds = (vr: string, ...Value: unknown[]) => ({ vr, Value });
const code = (words: string) => ds('SQ', { '00080100': ds('SH', 'x'), '00080104': ds('LO', words) });
const item = (type: string, name: string, more: Readonly<Record<string, unknown>> = {}, children: unknown[] = []) => ({
  '0040A010': ds('CS', 'CONTAINS'),
  '0040A040': ds('CS', type),
  '0040A043': code(name),
  ...(children.length === 0 ? {} : { '0040A730': ds('SQ', ...children) }),
  ...more,
});
const report = (children: unknown[], more: Readonly<Record<string, unknown>> = {}) => ({
  '00080016': ds('UI', '1.2.840.10008.5.1.4.1.1.88.33'),
  '00080018': ds('UI', '1.2.3'),
  '0040A043': code('Measurement Report'),
  '0040A730': ds('SQ', ...children),
  ...more,
});

describe('a structured report', () => {
  test('is a tree of names and values, numbers with their units', () => {
    const read = contentDocument(
      report([
        item('CONTAINER', 'Group', {}, [
          item('NUM', 'Length', {
            '0040A300': ds('SQ', { '0040A30A': ds('DS', 12.5), '004008EA': ds('SQ', { '00080100': ds('SH', 'mm') }) }),
          }),
          item('CODE', 'Finding', { '0040A168': code('Nodule') }),
          item('NUM', 'Area', { '0040A301': code('Not a number') }),
        ]),
        item('TEXT', 'Conclusion', { '0040A160': ds('UT', '<b>no</b> change') }),
        item('PNAME', 'Observer', { '0040A123': ds('PN', { Alphabetic: 'Doe^Jane' }) }),
        item('IMAGE', 'Source', { '00081199': ds('SQ', { '00081155': ds('UI', '1.2.9'), '00081160': ds('IS', 3) }) }),
      ]),
    );
    expect(read?.title).toBe('Measurement Report');
    expect(read?.nodes.map((node) => [node.name, node.value])).toEqual([
      ['Group', ''],
      ['Conclusion', '<b>no</b> change'],
      ['Observer', 'Doe Jane'],
      ['Source', 'image'],
    ]);
    expect(read?.nodes[0]?.children.map((node) => node.value)).toEqual(['12.5 mm', 'Nodule', 'Not a number']);
    expect(read?.nodes[3]?.image).toEqual({ instanceUid: '1.2.9', frame: 3 });
    expect(read?.keyImages).toEqual([]);
  });

  test('says whether it is complete, and verified by whom', () => {
    const read = contentDocument(
      report([], {
        '0040A491': ds('CS', 'PARTIAL'),
        '0040A493': ds('CS', 'VERIFIED'),
        '0040A496': ds('CS', 'PRELIMINARY'),
        '0040A073': ds('SQ', {
          '0040A075': ds('PN', { Alphabetic: 'Doe^Jane' }),
          '0040A030': ds('DT', '20260102030405'),
        }),
      }),
    );
    expect(read?.standing).toBe('PRELIMINARY · partial · verified by Doe Jane 2026-01-02 03:04 site’s zone');
  });

  test('deeper or longer than any report is cut, and says so', () => {
    let deep: object = item('TEXT', 'end');
    for (let at = 0; at < 200; at += 1) deep = item('CONTAINER', `level ${at}`, {}, [deep]);
    expect(contentDocument(report([deep]))?.cut).toBe(true);
    const long = Array.from({ length: 6_000 }, (_, at) => item('TEXT', `line ${at}`));
    const read = contentDocument(report(long));
    expect(read?.cut).toBe(true);
    expect(read?.nodes).toHaveLength(5_000);
    expect(contentDocument(report(long.slice(0, 10)))?.cut).toBe(false);
  });

  test('of nonsense is read without harm', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), (nonsense) => {
        const read = contentDocument(report(nonsense));
        expect(read?.title).toBe('Measurement Report');
      }),
    );
  });
});

test('a key object selection names its images in order; other objects are no documents', () => {
  const image = (uid: string) => item('IMAGE', '', { '00081199': ds('SQ', { '00081155': ds('UI', uid) }) });
  const read = contentDocument(
    report([item('TEXT', 'Key Object Description', { '0040A160': ds('UT', 'see both') }), image('1.9'), image('1.8')], {
      '00080016': ds('UI', '1.2.840.10008.5.1.4.1.1.88.59'),
    }),
  );
  expect(read?.keyImages).toEqual([
    { instanceUid: '1.9', frame: null },
    { instanceUid: '1.8', frame: null },
  ]);
  expect(
    contentDocument({ '00080016': ds('UI', '1.2.840.10008.5.1.4.1.1.2'), '00080018': ds('UI', '1.2') }),
  ).toBeNull();
});
