import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { instant } from '../../../../shared/lib/instant.ts';
import { aKeyPicture } from '../../../../test/builders/key-picture.ts';
import { aDigest, aSignedReport } from '../../../../test/builders/signed-report.ts';
import { readablePdf } from '../../../../test/golden/readable.ts';
import { reportPdf } from './index.ts';

const facts = {
  state: 'final' as const,
  digest: aDigest,
  releasedAt: instant(Date.UTC(2026, 2, 8, 10, 30)),
  zone: 'America/Los_Angeles',
};
const long = aSignedReport({
  sections: [
    {
      code: '59776-5',
      title: 'Findings',
      text: Array.from(
        { length: 130 },
        (_unused, index) =>
          `Line ${index + 1}: the liver is normal in size and contour, without focal lesion, and the portal vein is patent.`,
      ).join('\n'),
    },
    ...aSignedReport().sections,
  ],
});

describe('the report as PDF', () => {
  it('has the same bytes each time', async () => {
    expect(Buffer.compare(await reportPdf(aSignedReport(), facts), await reportPdf(aSignedReport(), facts))).toBe(0);
  });

  it('takes as many pages as it needs, dated by the release', async () => {
    const read = await PDFDocument.load(await reportPdf(long, facts), { updateMetadata: false });
    expect(read.getPageCount()).toBeGreaterThan(2);
    expect(read.getCreationDate()?.getTime()).toBe(facts.releasedAt);
    expect(read.getTitle()).toBe('Final report, LK-4471');
  });

  const odd = { ...aSignedReport(), patient: { ...aSignedReport().patient, name: '山田^太郎' } };
  const oddText = {
    ...odd,
    sections: [{ code: '59776-5', title: 'Findings', text: `😀 \u0007 ${'W'.repeat(400)}\ttab` }],
  };

  it('takes text that no face draws, control characters and endless words', async () => {
    const read = await PDFDocument.load(await reportPdf(oddText, facts), { updateMetadata: false });
    expect(read.getPageCount()).toBe(1);
  });

  it('prints what no face draws as its code point', async () => {
    const words = await readablePdf(await reportPdf(oddText, facts));
    expect(words).toContain('[U+5C71][U+7530]');
    expect(words).toContain('[U+1F600]');
    expect(words.match(/W/g)?.length).toBeGreaterThanOrEqual(400);
  });

  it('says every word, and on each page whose it is', async () => {
    const words = await readablePdf(await reportPdf(long, facts));
    const pages = words.split('--- page').filter((page) => page.trim() !== '');
    for (const page of pages)
      for (const head of [
        'MÜLLER, Dr Žofie',
        'MRN-88',
        'born 1952-03-09',
        'accession LK-4471',
        'NOT FOR CLINICAL USE',
        `of ${pages.length}`,
      ])
        expect(page).toContain(head);
    for (let line = 1; line <= 130; line += 1) expect(words).toContain(`Line ${line}:`);
    for (const text of [
      'Larkspur Imaging',
      'Łódź, naïve, Ελληνικά, Кириллица.',
      '2. No abscess <script>alert(1)</script>.',
      'Electronically signed by Dr M. Tandewright (NPI 1234567893)',
      `SHA-256 of what was signed: ${aDigest}`,
    ])
      expect(words).toContain(text);
  });

  it('leaves no heading alone at the foot of a sheet, and says which version it supersedes', async () => {
    for (let lines = 20; lines < 40; lines += 1) {
      const text = Array.from({ length: lines }, (_unused, index) => `Line ${index + 1}`).join('\n');
      const sections = [{ code: '59776-5', title: 'Findings', text }, ...aSignedReport().sections.slice(3)];
      const later = aSignedReport({ sections, version: 2, kind: 'correction', reason: 'Side', parentDigest: aDigest });
      const words = await readablePdf(await reportPdf(later, { ...facts, state: 'corrected' }));
      expect(words).toContain(`In place of version 1, SHA-256 ${aDigest.slice(0, 16)}…, which is superseded.`);
      for (const page of words.split('--- page').slice(1)) {
        const last = page.trim().split('\n').at(-2) ?? '';
        expect(['FINDINGS', 'IMPRESSION', 'ADDENDUM']).not.toContain(last);
      }
    }
  }, 30_000);

  const keyImage = (number: number, picture: string | null) => ({
    ...{ studyUid: '1.2', seriesUid: '1.2.3', instanceUid: `1.2.3.${number}`, frame: 1 },
    caption: `Series 3, Axial · image ${number} · window C 40 W 400`,
    picture,
    why: picture === null ? 'The archive did not give it.' : null,
  });

  it('shows key images on sheets of their own, each with its caption, and says in its place that one is missing', async () => {
    const keyImages = [...[1, 2, 3, 4].map((number) => keyImage(number, 'hash')), keyImage(5, null)];
    const bytes = await reportPdf(aSignedReport({ keyImages }), facts, { pictures: { hash: aKeyPicture }, before: 0 });
    const [, words, first, second] = (await readablePdf(bytes)).split('--- page');
    expect(words).toContain(
      '5 key images on the sheets at the end. Of 1 there is no picture; the reason stands in its place.',
    );
    for (const number of [1, 2, 3, 4]) expect(first).toContain(`${number}. Series 3, Axial · image ${number}`);
    expect(second).toContain('This image is not shown.');
    expect(second).toContain('The archive did not give it.');
    for (const sheet of [first, second])
      for (const head of ['MÜLLER, Dr Žofie', 'born 1952-03-09', 'accession LK-4471', 'NOT FOR CLINICAL USE', 'of 3'])
        expect(sheet).toContain(head);
    expect(first).toContain('Key images · CT abdomen & pelvis <contrast>, 2026-03-08');
    expect(second).toContain('Key images, continued · CT abdomen & pelvis <contrast>, 2026-03-08');
    expect(Buffer.from(bytes).includes('/DCTDecode')).toBe(true);
    const again = await reportPdf(aSignedReport({ keyImages }), facts, { pictures: { hash: aKeyPicture }, before: 0 });
    expect(Buffer.compare(bytes, again)).toBe(0);
  });

  it('says beneath each key image of a report over several exams of which exam it is', async () => {
    const exam = (studyUid: string, name: string, accession: string) =>
      ({ studyUid, taskId: `rt-${studyUid}`, orderId: null, accession, exam: name, studyDate: '20261122' }) as never;
    const together = { exams: [exam('1.2', 'CT head', 'LK-1'), exam('1.9', 'CT neck', 'LK-2')] } as never;
    const keyImages = [keyImage(1, 'hash'), { ...keyImage(2, 'hash'), studyUid: '1.9' }];
    const bytes = await reportPdf(aSignedReport({ together, keyImages }), facts, {
      pictures: { hash: aKeyPicture },
      before: 0,
    });
    const sheet = (await readablePdf(bytes)).split('--- page').at(-1);
    for (const words of ['image 1 · window C 40 W 400 · CT head,', 'image 2 · window C 40 W 400 · CT neck,'])
      expect(sheet).toContain(words);
    for (const words of ['accession LK-1, 2026-11-22', 'accession LK-2, 2026-11-22']) expect(sheet).toContain(words);
  });

  it('says of an addendum that the key images of the version before are there and not here', async () => {
    const later = aSignedReport({ version: 2, kind: 'addendum', reason: 'Prior came', parentDigest: aDigest });
    const words = await readablePdf(
      await reportPdf(later, { ...facts, state: 'appended' }, { pictures: {}, before: 2 }),
    );
    expect(words).toContain('Version 1 shows 2 key images, which are not repeated here.');
  });

  it.each([
    ['PRELIMINARY', 'preliminary'],
    ['WITHDRAWN', 'entered-in-error'],
  ] as const)('carries %s on every page', async (mark, state) => {
    const pages = (await readablePdf(await reportPdf(long, { ...facts, state }))).split('--- page').slice(1);
    expect(pages.length).toBeGreaterThan(2);
    for (const page of pages) expect(page).toContain(mark);
  });

  it('has other bytes as a preliminary and as a withdrawn report', async () => {
    const bytes = await Promise.all(
      (['final', 'preliminary', 'entered-in-error'] as const).map((state) => reportPdf(long, { ...facts, state })),
    );
    expect(new Set(bytes.map((one) => Buffer.from(one).toString('base64'))).size).toBe(3);
  });
});
