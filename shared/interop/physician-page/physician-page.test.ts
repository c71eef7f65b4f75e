import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDigest, aSignedReport } from '../../../test/builders/signed-report.ts';
import type { ReportContent } from '../../domain/report/index.ts';
import { instant } from '../../lib/instant.ts';
import { codePageHtml, type PhysicianReport, reportPageHtml } from './index.ts';

const at = instant(Date.UTC(2026, 2, 8, 10, 30));
const page = { path: '/r/AAAAAAAAAAAAAAAAAAAAAA', press: 'BBBBBBBBBBBBBBBBBBBBBB' };

function shown(changes: Partial<PhysicianReport> = {}, content: Partial<ReportContent> = {}): string {
  const signed = aSignedReport(content);
  return reportPageHtml(
    {
      content: signed,
      state: 'final',
      digest: aDigest,
      releasedAt: at,
      zone: 'America/Los_Angeles',
      orderedBy: 'Dr O. Farrow',
      versions: [
        { version: 1, kind: signed.kind, signer: signed.signer.name, signedAt: signed.signedAt, digest: aDigest },
      ],
      linkedVersion: 1,
      asOf: at,
      until: instant(at + 1_800_000),
      criticals: [],
      notice: null,
      hasPdf: true,
      ...changes,
    },
    page,
  );
}

describe('the ordering physician’s page', () => {
  it('says what it is, whose it is, who signed, every word and the whole digest', () => {
    const html = shown();
    for (const words of [
      'Final report',
      'NOT FOR CLINICAL USE',
      'MÜLLER, Dr Žofie',
      '1952-03-09',
      'LK-4471',
      'Dr O. Farrow',
      '1. Acute appendicitis.',
      aDigest,
      'Download PDF',
    ])
      expect(html).toContain(words);
    expect(html).not.toMatch(/PRELIMINARY|WITHDRAWN/);
  });

  it('says PRELIMINARY before anything else, and that it may change', () => {
    const html = shown({ state: 'preliminary' }, { kind: 'preliminary' });
    const due = instant(Date.UTC(2026, 2, 8, 12));
    expect(
      shown({ state: 'preliminary' }, { kind: 'preliminary', finalisation: { by: 'the day reader', due } }),
    ).toContain('Final report: by the day reader, due <span class="date">2026-03-08</span> 05:00:00 -0700');
    expect(html.indexOf('PRELIMINARY')).toBeLessThan(html.indexOf('Acute appendicitis'));
    expect(html).toContain('It may change. A final report follows');
  });

  it('shows a withdrawn report as withdrawn: no word that anybody could act on, and no document', () => {
    const html = shown({ state: 'entered-in-error' });
    expect(html).toContain('WITHDRAWN: entered in error');
    expect(html).toContain('Do not use this report');
    for (const { text } of aSignedReport().sections)
      for (const line of text.split('\n').filter((one) => one.trim() !== ''))
        expect(html).not.toContain(line.slice(0, 20));
    expect(html).not.toContain('Download PDF');
  });

  it('says that a newer version stands than when the link was made, and lists those that it replaced', () => {
    const versions = [
      { version: 1, kind: 'final', signer: 'Dr M. Tandewright', signedAt: at, digest: 'a'.repeat(64) },
      { version: 2, kind: 'correction', signer: 'Dr M. Tandewright', signedAt: at, digest: aDigest },
    ] as const;
    const html = shown({ state: 'corrected', versions }, { version: 2, kind: 'correction', reason: 'Side' });
    expect(html).toContain('Version 2 is shown. When this link was made, version 1 was the newest.');
    expect(html).toContain('<b>Version 1</b>, final, replaced.');
    expect(html).toContain('<b>Version 2</b>, corrected, the one shown.');
    expect(html).toContain('Corrected report. Reason: Side');
    expect(shown({}, {})).not.toContain('When this link was made');
  });

  it('asks for a read-back of levels 2 and 3, one at a time, and of level 1 for a call alone', () => {
    const critical = { finding: 'Free air <under> the diaphragm', due: at, closed: null } as const;
    const level1 = shown({ criticals: [{ ...critical, id: 'c1', level: 1 }] });
    expect(level1).toContain('This has to be told by voice.');
    expect(level1).not.toContain('/read-back');
    const both = shown({
      criticals: [
        { ...critical, id: 'c2', level: 2 },
        { ...critical, id: 'c3', level: 3 },
        { ...critical, id: 'c4', level: 3, closed: { who: 'Dr O. Farrow', way: 'page', at } },
      ],
    });
    expect(both.match(/\/read-back"/g)).toHaveLength(1);
    expect(both).toContain('name="result" value="c2"');
    expect(both).toContain('Free air &lt;under&gt; the diaphragm');
    expect(both).toContain('Read back by Dr O. Farrow, on the physician’s page');
  });

  it('offers no PDF that could not be proved', () => {
    expect(shown({ hasPdf: false })).not.toContain('Download PDF');
  });

  it('holds no script, no handler and no address of anybody else, whatever the texts say', () => {
    const evil = fc.constantFrom(
      '<img src=x onerror=alert(1)>',
      '"><script src=http://evil></script>',
      "</style><svg/onload='x'>",
      '<form action=//evil>',
      '<!--',
    );
    fc.assert(
      fc.property(evil, evil, (first, second) => {
        const base = aSignedReport();
        const html = shown(
          { orderedBy: second },
          {
            accession: first,
            patient: { ...base.patient, name: second, id: first },
            exam: { ...base.exam, procedure: second },
            signer: { ...base.signer, name: first },
            sections: [{ code: 'x', title: first, text: second }],
          },
        );
        const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1]));
        for (const tag of ['script', 'img', 'svg', 'iframe', 'link', 'a', 'object']) expect(tags).not.toContain(tag);
        expect(html.match(/<style>/g)).toHaveLength(1);
        expect(html).not.toMatch(/<[^>]+\s(on\w+|src|href)=/i);
        for (const [, action] of html.matchAll(/<form[^>]* action="([^"]*)"/g)) expect(action).toMatch(/^\/r\//);
      }),
    );
  });
});

describe('the page where a code is entered', () => {
  it('is the same for every link but for where it sends the code, and says nothing of a report', () => {
    const one = codePageHtml({ path: '/r/one', press: 'p', trouble: null });
    const other = codePageHtml({ path: '/r/other', press: 'q', trouble: null });
    expect(one.replace('/r/one', '').replace('value="p"', '')).toBe(
      other.replace('/r/other', '').replace('value="q"', ''),
    );
    expect(one).not.toMatch(/\bCT\b|patient/i);
  });

  it.each([
    ['refused', true],
    ['not-now', true],
    ['slow-down', true],
    ['expired', false],
    ['used', false],
    ['ended', false],
    ['over', false],
  ] as const)('says what came of it (%s), and asks again only where another try can help', (trouble, asks) => {
    const html = codePageHtml({ path: '/r/one', press: 'p', trouble });
    expect(html).toContain('role="alert"');
    expect(html.includes('name="code"')).toBe(asks);
  });
});
