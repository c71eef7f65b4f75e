import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDigest, aSignedReport } from '../../../test/builders/signed-report.ts';
import { instant } from '../../lib/instant.ts';
import { reportHtml } from './index.ts';

const facts = {
  state: 'final' as const,
  digest: aDigest,
  releasedAt: instant(Date.UTC(2026, 2, 8, 10, 30)),
  zone: 'America/Los_Angeles',
};

describe('the report as HTML', () => {
  it('says whose it is, who signed and what was written', () => {
    const html = reportHtml(aSignedReport(), facts);
    for (const words of [
      'NOT FOR CLINICAL USE',
      'MÜLLER, Dr Žofie',
      'MRN-88 (LARKSPUR)',
      '1952-03-09',
      'LK-4471',
      'Dr M. Tandewright (NPI 1234567893)',
      '2026-03-08 01:59:30 -0800',
      'Łódź, naïve, Ελληνικά, Кириллица.',
      '2. No abscess &lt;script&gt;',
    ])
      expect(html).toContain(words);
    expect(reportHtml(aSignedReport({ notForClinicalUse: false }), facts)).not.toContain('NOT FOR CLINICAL USE');
  });

  it('holds no script, no handler and no address, whatever the texts say', () => {
    const evil = fc.constantFrom(
      '<img src=x onerror=alert(1)>',
      '"><script src=http://evil></script>',
      "</style><svg/onload='x'>",
      '<!--',
      ']]>',
    );
    fc.assert(
      fc.property(evil, evil, (first, second) => {
        const base = aSignedReport();
        const html = reportHtml(
          {
            ...base,
            accession: first,
            patient: { ...base.patient, name: second, id: first },
            exam: { ...base.exam, procedure: second },
            signer: { ...base.signer, name: first },
            sections: [{ code: 'x', title: first, text: second }],
          },
          facts,
        );
        const tags = [...html.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1]);
        expect(
          tags.filter(
            (tag) =>
              ![
                'html',
                'head',
                'meta',
                'title',
                'style',
                'body',
                'div',
                'h1',
                'h2',
                'p',
                'table',
                'tr',
                'th',
                'td',
              ].includes(tag ?? ''),
          ),
        ).toEqual([]);
        expect(html.match(/<style>/g)).toHaveLength(1);
        expect(html).not.toMatch(/<[^>]+\s(on\w+|src|href)=/i);
      }),
    );
  });
});
