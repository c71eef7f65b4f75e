import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachmentTypes, type CallRequest, type Question, questionKinds } from '../../domain/question/index.ts';
import { instant } from '../../lib/instant.ts';
import {
  callRequestFromFhir,
  callRequestToFhir,
  correctedServiceRequest,
  orderFromServiceRequest,
  questionFromFhir,
  questionToFhir,
  taskFromFhir,
} from './index.ts';

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,20}$/);
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const when = fc.integer({ min: 0, max: 4_000_000_000_000 }).map(instant);
const or = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const person = fc.record({ id, name: words });
const subject = { id, taskId: id, orderId: or(id), siteId: id, patientReference: or(id) };
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const aQuestion: fc.Arbitrary<Question> = fc.record({
  ...subject,
  kind: fc.constantFrom(...questionKinds),
  words: fc.oneof(fc.constant(''), words),
  asker: person,
  askedAt: when,
  state: fc.oneof(
    fc.constant({ kind: 'asked' as const }),
    fc.record({ kind: fc.constant('withdrawn' as const), by: person, at: when, reason: words }),
    fc.record({
      kind: fc.constant('answered' as const),
      answer: fc.record({
        by: person,
        at: when,
        choice: or(fc.constantFrom('left', 'right', 'given')),
        words: fc.oneof(fc.constant(''), words),
        attachment: or(
          fc.record({ name: words, mediaType: fc.constantFrom(...attachmentTypes), data: fc.constant('bm90ZQ==') }),
        ),
        correction: or(fc.record({ laterality: or(fc.constantFrom('L', 'R', 'B')), reason: or(words) })),
      }),
    }),
  ),
});
const aCall: fc.Arbitrary<CallRequest> = fc.record({
  ...subject,
  from: person,
  phone: fc.constantFrom('+1 555 0100', '555-0199'),
  words: fc.oneof(fc.constant(''), words),
  at: when,
  done: or(fc.record({ by: person, at: when, words })),
});

describe('questions and calls in the record', () => {
  it('come back as they were written, whatever their state', () => {
    fc.assert(
      fc.property(aQuestion, aCall, (question, call) => {
        expect(questionFromFhir(overTheWire(questionToFhir(question)))).toEqual(question);
        expect(callRequestFromFhir(overTheWire(callRequestToFhir(call)))).toEqual(call);
      }),
    );
  });

  it('are never taken for a reading task, nor for one another', () => {
    fc.assert(
      fc.property(aQuestion, aCall, (question, call) => {
        expect(taskFromFhir(questionToFhir(question)).ok).toBe(false);
        expect(taskFromFhir(callRequestToFhir(call)).ok).toBe(false);
        expect(questionFromFhir(callRequestToFhir(call))).toBe(null);
        expect(callRequestFromFhir(questionToFhir(question))).toBe(null);
      }),
    );
  });

  it('are refused when half of them is missing, and never throw', () => {
    fc.assert(
      fc.property(aQuestion, fc.constantFrom('partOf', 'input', 'code', 'id', 'status'), (question, member) => {
        const { [member]: _gone, ...half } = overTheWire(questionToFhir(question)) as { [name: string]: unknown };
        expect(questionFromFhir(half)).toBe(null);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (anything) => {
        expect(questionFromFhir(anything)).toBe(null);
        expect(callRequestFromFhir(anything)).toBe(null);
      }),
    );
  });
});

describe('an order that the site corrects', () => {
  const request = {
    resourceType: 'ServiceRequest',
    id: 'order-1',
    status: 'active',
    code: { text: 'MR Knee' },
    subject: { reference: 'Patient/p' },
    extension: [
      { url: 'urn:overread:laterality', valueCode: 'L' },
      { url: 'urn:somebody', valueCode: 'kept' },
    ],
    bodySite: [{ text: 'Knee', coding: [{ system: 'http://snomed.info/sct', code: '7771000' }] }],
    reasonCode: [{ text: 'Pain' }, { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M25.561' }] }],
    note: [{ text: 'from the placer' }],
  };

  it('says the new side and reason everywhere, keeps the rest, and names who and why', () => {
    const by = { id: 'desk-1', name: 'Larkspur desk' };
    const corrected = correctedServiceRequest(
      request,
      { laterality: 'R', reason: 'Fall' },
      by,
      instant(0),
      'side and reason',
    );
    const order = orderFromServiceRequest(corrected, {});
    expect(order).toMatchObject({ ok: true, value: { laterality: 'R', reason: 'Fall', bodyPart: 'Knee' } });
    expect(order.ok && order.value.reasonCodes.map((one) => one.code)).toEqual(['M25.561']);
    expect(JSON.stringify(corrected)).not.toContain('7771000');
    expect(corrected).toMatchObject({
      extension: [{ url: 'urn:somebody' }, { valueCode: 'R' }, { valueCode: 'laterality' }, { valueCode: 'reason' }],
      note: [
        { text: 'from the placer' },
        { text: 'side and reason', time: '1970-01-01T00:00:00.000Z', authorReference: { display: 'Larkspur desk' } },
      ],
    });
  });

  it('is left as it is where nothing is corrected but a note is added', () => {
    const { note: _note, ...before } = request;
    const { note, ...after } = correctedServiceRequest(
      request,
      { laterality: null, reason: null },
      { id: 'd', name: 'd' },
      instant(0),
      'seen',
    );
    expect(after).toEqual(before);
    expect(note).toHaveLength(2);
  });
});
