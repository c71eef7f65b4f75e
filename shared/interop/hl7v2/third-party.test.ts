import { Hl7Message } from '@medplum/core';
import fc from 'fast-check';
import { Message } from 'node-hl7-client';
import { describe, expect, it } from 'vitest';
import { aSignedReport } from '../../../test/builders/signed-report.ts';
import { instant } from '../../lib/instant.ts';
import { linesOf } from '../text/xhtml.ts';
import { buildOru, type OruFacts, parseMessage, sectionsFromOru, type TextForm, textForms } from './index.ts';

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
    procedure: null,
    reason: '',
    orderedBy: null,
    patientClass: null,
  },
  exam: { studyDate: '20260308', studyTime: null },
};

const awkward = fc.string({
  unit: fc.oneof(
    fc.constantFrom('|', '^', '&', '~', '\\', '\\.br\\', '.', 'br', '\\E\\', '"', '""', '\r', '\n', '\r\n', '\t', ' '),
    fc.constantFrom(
      '\u000b',
      '\u001c',
      '\u0000',
      '\u007f',
      '\u2028',
      '\u0085',
      '\ufeff',
      '\ud800',
      'X',
      '0D',
      'é',
      '漢',
      '😀',
    ),
  ),
  maxLength: 30,
});
const anyText = fc.oneof(awkward, fc.string({ unit: 'binary', maxLength: 40 }));

/** The text of each OBX with that code as the parser of `node-hl7-client` reads it. */
function fieldsOfNodeHl7(message: string, code: string): readonly (readonly string[])[] {
  return new Message({ text: message })
    .get('OBX')
    .toArray()
    .filter((one) => one.get('3.1').toString() === code)
    .map((one) =>
      one
        .get(5)
        .toArray()
        .map((repetition) => repetition.toString()),
    );
}

/**
 * The lines as a receiver of somebody else's making has them. Formatted text is broken at `\.br\` as it came, by Medplum's parser, before
 * `node-hl7-client` unescapes the pieces.
 */
function linesRead(message: string, code: string, form: TextForm): readonly string[] {
  switch (form) {
    case 'line-each':
      return fieldsOfNodeHl7(message, code).map(([only]) => only ?? '');
    case 'repetitions':
      return fieldsOfNodeHl7(message, code).flatMap((repetitions) => (repetitions.length === 0 ? [''] : repetitions));
    case 'formatted':
      return Hl7Message.parse(message)
        .getAllSegments('OBX')
        .filter((one) => one.getField(3)?.getComponent(1) === code)
        .flatMap((one) => (one.getField(5)?.toString() ?? '').split('\\.br\\'))
        .map((piece) => unescapedByNodeHl7(piece));
  }
}

function unescapedByNodeHl7(piece: string): string {
  const head = 'MSH|^~\\&|A|B|C|D|20260101||ORU^R01^ORU_R01|X1|P|2.5.1';
  return fieldsOfNodeHl7(`${head}\rOBX|1|TX|1^F|1|${piece}||||||F`, '1')[0]?.[0] ?? '';
}

describe.each(textForms)('the text of an ORU as others read it, %s', (textForm) => {
  it('equals the signed text line by line, for any Unicode text', () => {
    fc.assert(
      fc.property(anyText, anyText, (findings, impression) => {
        const content = aSignedReport({
          notForClinicalUse: false,
          sections: [
            { code: '59776-5', title: 'Findings', text: `x${findings}` },
            { code: '19005-8', title: 'Impression', text: `${impression}x` },
          ],
        });
        const message = buildOru(content, { ...facts, textForm, pdf: 'JVBERi0=' });
        const signed = (text: string): readonly string[] => linesOf(text.toWellFormed());
        expect(linesRead(message, '59776-5', textForm)).toEqual(signed(`x${findings}`));
        expect(linesRead(message, '19005-8', textForm)).toEqual(signed(`${impression}x`));
        const own = parseMessage(message);
        expect(own.ok && sectionsFromOru(own.value)).toEqual([
          { code: '59776-5', text: signed(`x${findings}`).join('\n') },
          { code: '19005-8', text: signed(`${impression}x`).join('\n') },
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the document in an ORU', () => {
  it('is one ED observation with the same status as the words, which others give back byte by byte', () => {
    const pdf = Buffer.from('%PDF-1.7 éà').toString('base64');
    const message = buildOru(aSignedReport(), { ...facts, pdf });
    const observation = Hl7Message.parse(message)
      .getAllSegments('OBX')
      .find((one) => one.getField(2)?.toString() === 'ED');
    const value = observation?.getField(5);
    expect([2, 3, 4].map((place) => value?.getComponent(place))).toEqual(['Application', 'PDF', 'Base64']);
    expect(Buffer.from(value?.getComponent(5) ?? '', 'base64').toString()).toBe('%PDF-1.7 éà');
    expect(observation?.getField(11)?.toString()).toBe('F');
  });

  it('is left out where the site wants none', () => {
    expect(buildOru(aSignedReport(), { ...facts, pdf: null })).not.toContain('|ED|');
  });
});
