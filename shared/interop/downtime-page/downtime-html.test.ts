import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downtimeSheet, mostSheetStudies, type SheetStudy } from '../../domain/upkeep/index.ts';
import { instant } from '../../lib/instant.ts';
import { downtimeHtml } from './index.ts';

const now = instant(Date.UTC(2026, 10, 1, 6, 30));
const aStudy: SheetStudy = {
  accession: 'LK-4471',
  name: 'MÜLLER^Žofie',
  patientId: 'MRN-88',
  birthDate: '19520309',
  exam: 'CT head without contrast',
  priority: 'stat',
  state: 'waiting',
  dueAt: instant(now + 41 * 60_000),
};
const sheetOf = (studies: readonly SheetStudy[], more: Partial<Parameters<typeof downtimeSheet>[0]> = {}) =>
  downtimeSheet({
    site: { name: 'Larkspur', zone: 'America/Chicago' },
    contacts: [
      { role: 'desk', name: 'Front desk', phone: '555-0101' },
      { role: 'lead', name: 'Dr Lead', phone: '555-0100' },
    ],
    onShift: ['Dr Okafor, until 07:00 CST'],
    studies,
    more: 0,
    notForClinicalUse: false,
    now,
    ...more,
  });

describe('the downtime page of a site', () => {
  it('says whom to call, what is open with its due time in the site’s zone, and when it was made', () => {
    const sheet = sheetOf([aStudy]);
    // The night of the change: 01:30 comes twice, and the zone tells which.
    expect(sheet.madeAt).toBe('2026-11-01 01:30:00 CDT');
    expect(sheet.contacts.map((one) => one.phone)).toEqual(['555-0100', '555-0101']);
    expect(sheet.studies[0]).toMatchObject({
      born: '1952-03-09',
      priority: 'STAT',
      due: '2026-11-01 01:11 CST (in 0:41)',
    });
    const html = downtimeHtml(sheet);
    for (const words of ['LK-4471', '1952-03-09', '555-0100', 'Dr Okafor', 'CDT', 'time, ZONE', 'not a cleared'])
      expect(html).toContain(words);
    expect(html).not.toContain('NOT FOR CLINICAL USE');
    expect(downtimeHtml(sheetOf([], { notForClinicalUse: true }))).toContain('NOT FOR CLINICAL USE');
  });

  it('has the pressing first, what waits for a final last, and says how many did not fit', () => {
    const routine: SheetStudy = { ...aStudy, priority: 'routine', accession: 'R', dueAt: null };
    const done: SheetStudy = { ...aStudy, state: 'preliminary', accession: 'P', dueAt: instant(now - 420_000) };
    const sheet = sheetOf([done, routine, { ...aStudy, priority: 'unknown', accession: 'U' }, aStudy]);
    expect(sheet.studies.map((one) => one.accession)).toEqual(['LK-4471', 'U', 'R', 'P']);
    expect(sheet.studies.at(-1)?.due).toContain('late by 0:07');
    const many = sheetOf(
      Array.from({ length: mostSheetStudies + 5 }, () => aStudy),
      { more: 7 },
    );
    expect([many.studies.length, many.more]).toEqual([mostSheetStudies, 12]);
    expect(downtimeHtml(many)).toContain('12 more are not on this page');
  });

  it('nothing that an order or a profile says becomes markup, and the file asks nobody for anything', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (word, other) => {
        const evil = `<img src=x onerror=alert(1)>${word}`;
        const html = downtimeHtml(
          sheetOf([{ ...aStudy, name: `${evil}^${other}`, exam: evil, accession: evil }], {
            site: { name: evil, zone: 'UTC' },
            contacts: [{ role: 'it', name: evil, phone: `"${other}` }],
            onShift: [evil],
          }),
        );
        expect(html).not.toContain('<img');
        expect(
          html.match(/<(?!\/?(?:html|head|meta|title|style|body|p|b|h1|h2|table|thead|tbody|tr|th|td|div|!DOCTYPE)\b)/),
        ).toBeNull();
        expect(html).toContain("default-src 'none'");
      }),
    );
  });
});
