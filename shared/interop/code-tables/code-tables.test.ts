import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDiagnosisTable, parseProcedureTable } from './index.ts';

// The columns of CMS's order file: number 1-5, code 7-13, flag 15, short words 17-76, long words from 78.
const orderFile = [
  `00001 A00     0 ${'Cholera'.padEnd(60)} Cholera`,
  `00002 A000    1 ${'Cholera due to Vibrio cholerae 01, biovar cholerae'.padEnd(60)} Cholera due to`,
  `94000 S83511A 1 ${'Sprain of anterior cruciate ligament of right knee, init'.padEnd(60)} Sprain of`,
  '',
].join('\r\n');

describe('tables that a user loads', () => {
  it('reads the order file of CMS: which codes are headings and which can be billed', () => {
    expect(parseDiagnosisTable(orderFile)).toEqual({
      ok: true,
      value: [
        { code: 'A00', billable: false },
        { code: 'A000', billable: true },
        { code: 'S83511A', billable: true },
      ],
    });
  });

  it('reads the code file of CMS and a CSV', () => {
    expect(parseDiagnosisTable('A000    Cholera due to\nA001    Cholera due to\n')).toMatchObject({
      value: [
        { code: 'A000', billable: true },
        { code: 'A001', billable: true },
      ],
    });
    expect(parseDiagnosisTable('code,billable,words\nA00,FALSE,"Cholera, any"\nA00.0,TRUE,x\n')).toMatchObject({
      value: [
        { code: 'A00', billable: false },
        { code: 'A000', billable: true },
      ],
    });
  });

  it.each<[string, string, RegExp]>([
    ['the XML tabular list', '<?xml version="1.0"?><ICD10CM.tabular/>', /order file/],
    ['a letter', 'Dear Sir,\nplease find enclosed\n', /no table/],
    ['nothing', '', /no table/],
    ['a web page', '<!doctype html><html></html>', /order file/],
  ])('refuses %s with a sentence', (_, text, words) => {
    const read = parseDiagnosisTable(text);
    expect(read.ok ? '' : read.error.words).toMatch(words);
  });

  it('reads the group’s procedure codes and keeps no description', () => {
    const read = parseProcedureTable(
      'Code,Description,Modality,Body part,Laterality,Contrast\n71250,"Words, not kept",CT,CHEST,,without\n',
    );
    expect(read).toEqual({
      ok: true,
      value: [['71250', { modality: 'CT', bodyPart: 'CHEST', laterality: null, contrast: 'without' }]],
    });
    expect(JSON.stringify(read)).not.toContain('not kept');
  });

  it.each<[string, string, RegExp]>([
    ['no column of codes', 'a,b\n1,2\n', /code/],
    ['a side that is none', 'code,laterality\n71250,left\n', /line 2.*left/],
    ['a modality that is none', 'code,modality\n71250,QQ\n', /QQ/],
    ['a part nobody knows', 'code,body_part\n71250,ELSEWHERE\n', /ELSEWHERE/],
    ['contrast in other words', 'code,contrast\n71250,maybe\n', /maybe/],
    ['no rows', 'code\n', /no codes/],
  ])('refuses a procedure table with %s, and says where', (_, text, words) => {
    const read = parseProcedureTable(text);
    expect(read.ok ? '' : read.error.words).toMatch(words);
  });

  it('takes any text without a throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        parseDiagnosisTable(text);
        parseProcedureTable(`code,contrast\n${text}`);
      }),
    );
  });
});
