import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Message, parties, plainWords } from '../../domain/message/index.ts';
import { instant } from '../../lib/instant.ts';
import { messageFromFhir, messageToFhir } from './message.ts';

const id = fc.stringMatching(/^[A-Za-z0-9.-]{1,64}$/);
const moment = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) }).map(instant);
const name = fc.string({ minLength: 1, maxLength: 40 });
const person = fc.record({ id, name });
const words = fc
  .string({ unit: 'binary', maxLength: 300 })
  .map(plainWords)
  .filter((text) => text !== '');
const message: fc.Arbitrary<Message> = fc.record({
  id,
  taskId: id,
  orderId: fc.option(id),
  siteId: fc.option(id),
  patientReference: fc.option(id),
  from: fc.constantFrom(...parties),
  to: fc.constantFrom(...parties),
  sender: person,
  sentAt: moment,
  words,
  seen: fc.option(fc.record({ by: person, at: moment })),
});

describe('a message in the record', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(message, (one) => {
        expect(messageFromFhir(JSON.parse(JSON.stringify(messageToFhir(one))))).toEqual(one);
      }),
    );
  });

  it('is not made of what others communicate, nor of a wrong shape', () => {
    expect(messageFromFhir({ resourceType: 'Communication', id: 'other', status: 'completed' })).toBe(null);
    fc.assert(
      fc.property(message, fc.constantFrom('category', 'about', 'sender', 'sent', 'payload', 'id'), (one, left) => {
        const half = Object.fromEntries(Object.entries(messageToFhir(one)).filter(([key]) => key !== left));
        expect(messageFromFhir(half)).toBe(null);
      }),
    );
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        expect(messageFromFhir(anything)).toBe(null);
      }),
    );
  });
});
