import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltElement, buildPart10 } from '../builders/part10.ts';
import { type GoldenPage, openGoldenPage } from '../imaging-golden/golden-page.ts';
import { staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { phantomInstanceUid, phantomStudyUid, writePhantoms } from './phantom.ts';

const code = (value: string, words: string): readonly (readonly BuiltElement[])[] => [
  [
    ['00080100', 'SH', value],
    ['00080102', 'SH', '99TEST'],
    ['00080104', 'LO', words],
  ],
];
const text = (name: string, words: string): readonly BuiltElement[] => [
  ['0040A010', 'CS', 'CONTAINS'],
  ['0040A040', 'CS', 'TEXT'],
  ['0040A043', 'SQ', code('t', name)],
  ['0040A160', 'UT', words],
];
const imageItem = (instanceUid: string): readonly BuiltElement[] => [
  ['0040A010', 'CS', 'CONTAINS'],
  ['0040A040', 'CS', 'IMAGE'],
  [
    '00081199',
    'SQ',
    [
      [
        ['00081150', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
        ['00081155', 'UI', instanceUid],
      ],
    ],
  ],
];

function document(
  sopClass: string,
  at: number,
  title: string,
  content: readonly (readonly BuiltElement[])[],
): Uint8Array {
  return buildPart10([
    ['00080016', 'UI', sopClass],
    ['00080018', 'UI', `${phantomStudyUid(1)}.${at}.1`],
    ['00080060', 'CS', at === 900 ? 'SR' : 'KO'],
    ['00100010', 'PN', 'PHANTOM^NUMBER 1'],
    ['00100020', 'LO', 'P1'],
    ['0020000D', 'UI', phantomStudyUid(1)],
    ['0020000E', 'UI', `${phantomStudyUid(1)}.${at}`],
    ['00200011', 'IS', String(at)],
    ['0040A040', 'CS', 'CONTAINER'],
    ['0040A043', 'SQ', code('x', title)],
    ['0040A491', 'CS', 'PARTIAL'],
    ['0040A493', 'CS', 'UNVERIFIED'],
    ['0040A730', 'SQ', content],
  ]);
}

describe.skipIf(!existsSync('/usr/bin/chromium'))('documents among the images', () => {
  let folder = '';
  let golden: GoldenPage;
  const hostile = '<img src=x onerror="window.probe.errors.push(1)"><script>window.probe.errors.push(2)</script>';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-documents-'));
    await writePhantoms(folder, 1, 1, 6);
    const third = phantomInstanceUid({ study: 1, series: 1, slice: 3 });
    await writeFile(
      join(folder, 'report.dcm'),
      document('1.2.840.10008.5.1.4.1.1.88.11', 900, 'Findings of elsewhere', [text('Conclusion', hostile)]),
    );
    await writeFile(
      join(folder, 'keys.dcm'),
      document('1.2.840.10008.5.1.4.1.1.88.59', 901, 'For the surgeon', [imageItem(third), imageItem('1.2.3.4')]),
    );
    golden = await openGoldenPage({ static: await staticDicomweb([folder]) }, 'cpu');
    await golden.page.evaluate((uid) => window.probe.open(uid), phantomStudyUid(1));
    await golden.page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"]');
  }, 120_000);
  afterAll(async () => {
    await golden?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('a structured report is read beside the images, its words as words', async () => {
    const { page } = golden;
    await page
      .locator('.series.not-shown', { hasText: 'Structured report' })
      .getByRole('button', { name: 'Read' })
      .click();
    const panel = page.getByRole('region', { name: 'Document' });
    await panel.waitFor();
    await expect.poll(() => panel.textContent()).toContain(hostile);
    expect(await panel.textContent()).toContain('partial · unverified');
    expect(await panel.locator('img, script').count()).toBe(0);
    await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"]');
    await page.keyboard.press('Escape');
    await expect.poll(() => panel.count()).toBe(0);
    expect(await golden.errors()).toEqual([]);
  });

  test('a key image hangs by its button; one that is not here is counted and said', async () => {
    const { page } = golden;
    await page.locator('.series.not-shown', { hasText: 'Key object' }).getByRole('button', { name: 'Read' }).click();
    const panel = page.getByRole('region', { name: 'Document' });
    await expect.poll(() => panel.textContent()).toContain('1 of 2 key images are in this study');
    expect(await panel.textContent()).toContain('image not in this study');
    await panel.getByRole('button', { name: 'Show image' }).click();
    await page.waitForSelector(
      `[aria-label="Viewport 1"][data-painted="true"][data-instance-uid="${phantomInstanceUid({ study: 1, series: 1, slice: 3 })}"]`,
    );
    expect(await golden.errors()).toEqual([]);
  });
});
