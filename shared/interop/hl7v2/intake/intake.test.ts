import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anOrder, message, pid } from '../../../../test/builders/hl7-messages.ts';
import { buildAck, decodeIntake, instantOf, parseAck, parseMessage, unescapeText } from '../index.ts';

const from = { zone: 'America/Denver', accession: 'auto' } as const;

function decoded(text: string) {
  const parsed = parseMessage(text);
  return parsed.ok ? decodeIntake(parsed.value, from) : parsed;
}

describe('any delimiters that MSH-1 and MSH-2 name', () => {
  it.each([
    ['|', '^', '~', '\\', '&'],
    ['#', '*', '!', '/', '%'],
    ['$', ':', ';', '`', '+'],
  ])('reads the same order with %s %s %s %s %s', (field, component, repetition, escaper, subcomponent) => {
    const swapped = anOrder().replace(/[|^~\\&]/g, (mark) => {
      const at = '|^~\\&'.indexOf(mark);
      return [field, component, repetition, escaper, subcomponent][at] ?? mark;
    });
    const read = decoded(swapped);
    expect(read.ok && read.value.content).toMatchObject({
      kind: 'orders',
      patient: { numbers: [{ value: 'LK55012', issuer: 'LARK', type: 'MR' }], name: 'TANDEWRIGHT^MARY^ANN' },
      // An escaped delimiter is the message's own: `\T\` of a message with `%` means `%`.
      orders: [{ reason: `Fall from a ladder ${subcomponent} pain`, laterality: 'R', priority: 'stat' }],
    });
  });

  it('refuses letters as delimiters, and one mark for two', () => {
    expect(parseMessage('MSHA^~\\&A').ok).toBe(false);
    expect(parseMessage('MSH|^^\\&|').ok).toBe(false);
  });
});

describe('escape sequences of HL7 v2.5.1 2.7', () => {
  it.each([
    ['a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f', 'a|b^c&d~e\\f'],
    ['one\\.br\\two\\.sp2\\three', 'one\ntwo\n\nthree'],
    ['\\H\\loud\\N\\ quiet', 'loud quiet'],
    ['\\X4D\\\\XC3BC\\ller', 'M\u00fcller'],
    ['\\XFC\\', '\u00fc'],
    ['\\.in+4\\indented\\.ce\\middle', 'indented\nmiddle'],
    ['\\C2842\\\\M1B2442\\kept\\Zlocal\\', 'kept'],
    ['an \\unknown\\ one', 'an \\unknown\\ one'],
    ['C:\\no end', 'C:\\no end'],
  ])('%j reads as %j', (written, text) => {
    expect(unescapeText(written)).toBe(text);
  });
});

describe('what a placer ordered together', () => {
  it.each([
    ['G-77^RIS', 'G-77'],
    ['', null],
  ])('ORC-4 %j is %j', (field, placerGroup) => {
    const read = decoded(anOrder().replace('|LK100234^RIS||SC|', `|LK100234^RIS|${field}|SC|`));
    expect(read.ok && read.value.content).toMatchObject({ kind: 'orders', orders: [{ placerGroup }] });
  });
});

describe('times', () => {
  it.each([
    ['20260308021400-0700', '2026-03-08T09:14:00.000Z'],
    ['202603080114', '2026-03-08T08:14:00.000Z'],
    ['20260308031400', '2026-03-08T09:14:00.000Z'],
    ['20261101013000', '2026-11-01T07:30:00.000Z'],
    ['20260308021400.1234+0545', '2026-03-07T20:29:00.123Z'],
  ])('%s in Denver is %s', (text, expected) => {
    expect(new Date(instantOf(text, 'America/Denver') ?? 0).toISOString()).toBe(expected);
  });

  it.each(['20260308', '20261308021400', '20260230021400', 'yesterday', '', '2026030825'])(
    '%j names no instant',
    (text) => {
      expect(instantOf(text, 'America/Denver')).toBeNull();
    },
  );
});

describe('who the patient is', () => {
  const numbersOf = (segment: string) => {
    const read = decoded(message({ controlId: '1', type: 'ADT^A08', segments: [segment] }));
    return read.ok && read.value.content.kind === 'patient' ? read.value.content.patient : read;
  };

  it('takes the medical record number first and never a social security number', () => {
    expect(numbersOf('PID|1||123-45-6789^^^USSSA^SS~E7^^^EPIC^PI~LK1^^^LARK^MR||A^B')).toMatchObject({
      numbers: [{ value: 'LK1' }, { value: 'E7' }],
    });
    expect(decoded(message({ controlId: '1', type: 'ADT^A08', segments: ['PID|1||1^^^USSSA^SS||A^B'] })).ok).toBe(
      false,
    );
  });

  it.each([
    ['DOE^JOHN^Q^JR^DR', 'DOE^JOHN^Q^DR^JR'],
    ['BIRTH^ANN^^^^^M~NOW^ANN^^^^^L', 'NOW^ANN'],
    [
      'YAMADA^TARO^^^^^L^A~\u5c71\u7530^\u592a\u90ce^^^^^L^I~\u3084\u307e\u3060^\u305f\u308d\u3046^^^^^L^P',
      'YAMADA^TARO=\u5c71\u7530^\u592a\u90ce=\u3084\u307e\u3060^\u305f\u308d\u3046',
    ],
    ['A=B\\S\\C^X', 'A B C^X'],
  ])('reads the name %s as %s', (written, name) => {
    expect(numbersOf(`PID|1||LK1||${written}`)).toMatchObject({ name });
  });

  it('keeps apart what is not said and what is to be deleted', () => {
    expect(numbersOf('PID|1||LK1||""||""|""')).toMatchObject({ name: null, birthDate: null, sex: null });
    expect(numbersOf('PID|1||LK1||A^B||19520231|U')).toMatchObject({ birthDate: undefined, sex: undefined });
  });
});

describe('what is taken in, and what is refused', () => {
  it.each<[string, string, readonly string[], RegExp]>([
    ['a charge', 'DFT^P03', [pid('1', 'A^B')], /DFT\^P03 is not taken in here/],
    ['an order without a number', 'ORM^O01', [pid('1', 'A^B'), 'ORC|NW', 'OBR|1|||X^X'], /has no number/],
    ['an order without a patient', 'ORM^O01', ['ORC|NW|1', 'OBR|1|1||X^X'], /names no patient/],
    ['an order without an exam', 'ORM^O01', [pid('1', 'A^B'), 'ORC|NW|1', 'OBR|1|1'], /which exam/],
    ['a control that nobody does', 'ORM^O01', [pid('1', 'A^B'), 'ORC|UX|1', 'OBR|1|1||X^X'], /Order control UX/],
    ['a merge without who goes', 'ADT^A40', [pid('1', 'A^B')], /no MRG/],
    [
      'a report without words',
      'ORU^R01',
      [pid('1', 'A^B'), 'OBR|1|1|1|X^X||||||||||||||||||||F', 'OBX|1|ED|X||^a^pdf^Base64^AA||||||F'],
      /no words of a report/,
    ],
    [
      'a report of unknown standing',
      'ORU^R01',
      [pid('1', 'A^B'), 'OBR|1|1|1|X^X', 'OBX|1|TX|X||words'],
      /preliminary or final/,
    ],
  ])('refuses %s in words', (_what, type, segments, words) => {
    const read = decoded(message({ controlId: '1', type, segments }));
    expect(read.ok ? '' : read.error.words).toMatch(words);
  });

  it('takes half of a message never: one order of two that lacks its exam refuses both', () => {
    const two = [pid('1', 'A^B'), 'ORC|NW|1', 'OBR|1|1||X^X', 'ORC|NW|2', 'OBR|2|2'];
    expect(decoded(message({ controlId: '1', segments: two })).ok).toBe(false);
  });

  it.each([
    ['MR BRAIN', null],
    ['XR KNEE LEFT', 'L'],
    ['XR KNEE RT', 'R'],
    ['BILATERAL MAMMOGRAM', 'B'],
    ['CT LEFT AND RIGHT LEG', 'B'],
    ['RTN CHEST', null],
  ])('reads the side of %s as %s', (exam, side) => {
    const read = decoded(anOrder({ exam: `X^${exam}` }));
    const order = read.ok && read.value.content.kind === 'orders' ? read.value.content.orders[0] : null;
    expect(order?.laterality ?? null).toBe(side);
  });
});

describe('an acknowledgement', () => {
  it('is read back with the control ID and the words that were put in, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.constantFrom('AA', 'AE', 'AR' as const), (id, words, code) => {
        const controlId = id.replace(/\s+/g, ' ').trim();
        const text = buildAck({
          code: code as 'AA',
          controlId,
          ownControlId: 'OVR1',
          at: '20260308021400+0000',
          toApplication: 'RIS|^~\\&',
          toFacility: words,
          fromApplication: 'OVERREAD',
          fromFacility: '',
          trigger: 'O01',
          processing: 'P',
          version: '2.5.1',
          words,
          condition: '101',
        });
        const ack = parseAck(text);
        expect(ack.ok && ack.value).toMatchObject({ code, controlId: controlId === '""' ? '""' : controlId });
        expect(text.split('\r')).toHaveLength(code === 'AA' ? 3 : 4);
      }),
    );
  });

  it('or a sentence is all that hostile text ever makes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (noise) => {
        const parsed = parseMessage(
          `MSH|^~\\&|A|B|||${noise}||ORM^O01|1|P|2.5\rPID|||${noise}\rORC|NW|${noise}\rOBR|1|${noise}||${noise}`,
        );
        const read = parsed.ok ? decodeIntake(parsed.value, from) : parsed;
        return read.ok || read.error.words !== '';
      }),
    );
  });
});
