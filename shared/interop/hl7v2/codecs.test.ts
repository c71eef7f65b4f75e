import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aSignedReport } from '../../../test/builders/signed-report.ts';
import { withdrawnSections } from '../../domain/report/index.ts';
import { instant } from '../../lib/instant.ts';
import { linesOf } from '../text/xhtml.ts';
import {
  buildOru,
  createMllpReader,
  escapeText,
  frameMllp,
  type OruFacts,
  parseAck,
  parseMessage,
  sectionsFromOru,
  segmentsNamed,
  unescapeText,
  valueAt,
} from './index.ts';

const facts: OruFacts = {
  controlId: 'OVR7F3A1',
  sender: { application: 'OVERREAD', facility: 'NIGHT' },
  receiver: { application: 'RIS', facility: 'LARKSPUR' },
  processing: 'T',
  state: 'final',
  releasedAt: instant(Date.UTC(2026, 2, 8, 10, 30)),
  zone: 'America/Los_Angeles',
  order: {
    placerNumber: 'P1',
    fillerNumber: 'F1',
    procedure: { system: 'http://loinc.org', code: '24627-2', display: 'CT chest' },
    reason: 'pain | fever',
    orderedBy: { name: 'Dr O. Orderer', npi: '1' },
    patientClass: 'E',
  },
  exam: { studyDate: '20260308', studyTime: '011500.123' },
};
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '|',
      '^',
      '&',
      '~',
      '\\',
      '\r',
      '\n',
      '\u000b',
      '\u001c',
      '"',
      'X',
      '0',
      'é',
      '漢',
      '😀',
      '\ud800',
      ' ',
    ),
  }),
);
const parsed = (text: string) => {
  const message = parseMessage(text);
  if (!message.ok) throw new Error(message.error.words);
  return message.value;
};

describe('HL7 v2', () => {
  it('escapes any text so that it comes back whole', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unescapeText(escapeText(text))).toBe(text.toWellFormed());
      }),
    );
  });

  it('carries any text of a section line by line, and no text adds a segment', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (findings, name, procedure) => {
        const base = aSignedReport({
          notForClinicalUse: false,
          sections: [{ code: '59776-5', title: 'Findings', text: `x${findings}` }],
        });
        const content = { ...base, patient: { ...base.patient, name }, exam: { ...base.exam, procedure } };
        const message = parsed(buildOru(content, { ...facts, controlId: `C${name}` }));
        const lines = linesOf(`x${findings}`.toWellFormed());
        expect(sectionsFromOru(message)).toEqual([{ code: '59776-5', text: lines.join('\n') }]);
        expect(message.segments.map((segment) => segment.name)).toEqual([
          'MSH',
          'PID',
          'PV1',
          'ORC',
          'OBR',
          'OBX',
          ...lines.map(() => 'OBX'),
        ]);
      }),
    );
  });

  it('puts identity, order, study and status where ORU^R01 wants them', () => {
    const message = parsed(buildOru(aSignedReport(), facts));
    const at = (name: string, field: number, component = 1) =>
      valueAt(message, segmentsNamed(message, name)[0], { field, component });
    expect([
      at('MSH', 9),
      at('MSH', 9, 2),
      at('MSH', 9, 3),
      at('MSH', 10),
      at('MSH', 11),
      at('MSH', 12),
      at('MSH', 18),
    ]).toEqual(['ORU', 'R01', 'ORU_R01', 'OVR7F3A1', 'T', '2.5.1', 'UNICODE UTF-8']);
    expect([
      at('PID', 3),
      at('PID', 3, 4),
      at('PID', 5),
      at('PID', 5, 2),
      at('PID', 5, 5),
      at('PID', 7),
      at('PID', 8),
    ]).toEqual(['MRN-88', 'LARKSPUR', 'MÜLLER', 'Žofie', 'Dr', '19520309', 'F']);
    expect([
      at('OBR', 18),
      at('OBR', 22),
      at('OBR', 24),
      at('OBR', 25),
      at('OBR', 7),
      at('OBR', 4),
      at('OBR', 31, 2),
    ]).toEqual(['LK-4471', '20260308033000-0700', 'CT', 'F', '20260308011500', '24627-2', 'pain | fever']);
    expect(valueAt(message, segmentsNamed(message, 'OBR')[0], { field: 32, component: 1, subcomponent: 2 })).toBe(
      'Dr M. Tandewright',
    );
    expect([at('ORC', 1), at('ORC', 5), at('OBX', 2), at('OBX', 5, 2)]).toEqual([
      'RE',
      'CM',
      'HD',
      aSignedReport().studyUid,
    ]);
    expect(sectionsFromOru(message)[0]).toEqual({ code: '55112-7', text: 'NOT FOR CLINICAL USE' });
  });

  it.each([
    ['preliminary', 'preliminary', 'P', 'P', 'IP'],
    ['final', 'final', 'F', 'F', 'CM'],
    ['appended', 'addendum', 'C', 'C', 'CM'],
    ['corrected', 'correction', 'C', 'C', 'CM'],
    ['entered-in-error', 'final', 'C', 'W', 'CM'],
  ] as const)('%s is OBR-25, OBX-11, ORC-5 by the table', (state, kind, result, value, order) => {
    const message = parsed(buildOru(aSignedReport({ kind, reason: 'side was wrong' }), { ...facts, state }));
    const first = (name: string, field: number) => valueAt(message, segmentsNamed(message, name)[0], { field });
    expect([first('OBR', 25), first('OBX', 11), first('ORC', 5)]).toEqual([result, value, order]);
    const changed = sectionsFromOru(message).find((section) => section.code === '55107-7');
    expect(changed?.text.includes('side was wrong') ?? false).toBe(kind === 'addendum' || kind === 'correction');
  });

  it('posts every result of a withdrawn version as wrong, and sends none of its words again', () => {
    const withdrawn = aSignedReport();
    const content = aSignedReport({
      kind: 'withdrawal',
      version: 2,
      sections: withdrawnSections('wrong-patient', 1, 'Dictated into the wrong exam.'),
    });
    const before = parsed(buildOru(withdrawn, { ...facts, state: 'final' }));
    const message = parsed(buildOru(content, { ...facts, state: 'entered-in-error', withdrawn }));
    const keysOf = (of: typeof message) =>
      segmentsNamed(of, 'OBX').map((obx) => `${valueAt(of, obx, { field: 3 })}|${valueAt(of, obx, { field: 4 })}`);
    expect(keysOf(message)).toEqual(expect.arrayContaining(keysOf(before)));
    expect(new Set(keysOf(message)).size).toBe(keysOf(message).length);
    for (const obx of segmentsNamed(message, 'OBX')) expect(valueAt(message, obx, { field: 11 })).toBe('W');
    const texts = sectionsFromOru(message);
    expect(texts.find((section) => section.code === '55112-7')?.text).toBe('NOT FOR CLINICAL USE\nWITHDRAWN');
    expect(texts.find((section) => section.code === '55107-7')?.text).toContain('THIS REPORT IS WITHDRAWN.');
    const others = texts.filter((section) => section.code !== '55112-7' && section.code !== '55107-7');
    expect(others.length).toBeGreaterThan(1);
    for (const { text } of others) expect(text.replace(/\n/g, '')).toMatch(/^(?:WITHDRAWN)+$/);
  });

  it('reads acknowledgements, good and bad', () => {
    expect(parseAck('MSH|^~\\&|RIS|L|O|N|2026||ACK|ACK|P|2.5.1\rMSA|AA|OVR7F3A1\r')).toEqual({
      ok: true,
      value: { code: 'AA', controlId: 'OVR7F3A1', words: '' },
    });
    expect(
      parseAck('MSH|^~\\&|RIS\rMSA|AE|X1|unknown accession\rERR|||207^Application error|E|||no such\\T\\such'),
    ).toMatchObject({
      value: { code: 'AE', controlId: 'X1', words: 'unknown accession; no such&such; Application error' },
    });
    expect(parseAck('HTTP/1.1 400 Bad Request')).toMatchObject({ ok: false });
    expect(parseAck('MSH|^~\\&|RIS\rMSA|OK|X1')).toMatchObject({ ok: false });
  });

  it('finds every message in a stream, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\u000b', '').replaceAll('\u001c', '')),
          { maxLength: 4 },
        ),
        fc.integer({ min: 1, max: 7 }),
        (messages, step) => {
          const reader = createMllpReader();
          const stream = messages.flatMap((message) => [...frameMllp(message)]);
          const found: string[] = [];
          for (let at = 0; at < stream.length; at += step) {
            const pushed = reader.push(Uint8Array.from(stream.slice(at, at + step)));
            if (pushed.ok) found.push(...pushed.value);
          }
          expect(found).toEqual(messages);
        },
      ),
    );
  });

  it('stops at a peer that never ends its message, and at one that speaks something else', () => {
    expect(createMllpReader(10).push(frameMllp('x'.repeat(11)))).toEqual({ ok: false, error: 'too-large' });
    expect(createMllpReader().push(Uint8Array.of(0x47, 0x45, 0x54))).toEqual({ ok: false, error: 'not-mllp' });
  });
});

const folder = fileURLToPath(new URL('../../../../shared/data/hl7v2', import.meta.url));
describe.skipIf(!existsSync(folder))('HL7 v2, messages of others', () => {
  it.each(['dcm4che', 'microsoft', 'scout-oru'])('parses %s, and finds each OBX text', (name) => {
    const files = readdirSync(`${folder}/${name}`).filter((file) => file.endsWith('.hl7'));
    expect(files.length).toBeGreaterThan(5);
    let read = 0;
    for (const file of files) {
      const message = parseMessage(readFileSync(`${folder}/${name}/${file}`, 'utf8'));
      if (message.ok) read += 1;
      else expect(file).toBe('postgres_2023_20230113-1.hl7');
      if (message.ok && name === 'scout-oru' && segmentsNamed(message.value, 'OBX').length > 0)
        expect(
          sectionsFromOru(message.value)
            .map((section) => section.text)
            .join('').length,
        ).toBeGreaterThan(0);
    }
    expect(read).toBeGreaterThanOrEqual(files.length - 1);
  });
});
