import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CriticalResult,
  caregiverRoles,
  contactWays,
  criticalLevels,
  criticalOrigins,
  rungRoles,
} from '../../domain/critical/index.ts';
import { instant, millis } from '../../lib/instant.ts';
import { criticalFromFhir, criticalToFhir } from './critical-result.ts';
import { messageFromFhir } from './message.ts';

const id = fc.stringMatching(/^[A-Za-z0-9.-]{1,64}$/);
const moment = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) }).map(instant);
const words = fc.string({ maxLength: 60 });
const some = fc.string({ minLength: 1, maxLength: 40 });
const person = fc.record({ id, name: some });
const stamp = { id: some, by: person, at: moment, recordedAt: moment };
const way = fc.constantFrom(...contactWays);
const role = fc.constantFrom(...rungRoles);
const ending = fc.oneof(
  fc.record({
    ...stamp,
    kind: fc.constant('closed' as const),
    readBack: fc.record({
      ...{ who: words, callBack: words, way, words, canAct: fc.boolean() },
      role: fc.constantFrom(...caregiverRoles),
    }),
  }),
  fc.record({
    ...{ ...stamp, words },
    kind: fc.constant('delegated' as const),
    to: fc.record({ name: words, role: words, phone: words }),
  }),
  fc.record({ ...stamp, words, kind: fc.constant('mistaken' as const) }),
);
const result: fc.Arbitrary<CriticalResult> = fc.record({
  id,
  taskId: id,
  orderId: fc.option(id),
  siteId: fc.option(id),
  patientReference: fc.option(id),
  level: fc.constantFrom(...criticalLevels),
  finding: some,
  origin: fc.constantFrom(...criticalOrigins),
  identifiedBy: person,
  identifiedAt: moment,
  limit: fc.integer({ min: 1, max: 60 * 86_400 }).map((seconds) => millis(seconds * 1_000)),
  agreedBy: words,
  ladder: fc.array(fc.record({ role, name: words, phone: fc.option(some) }), { maxLength: 5 }),
  attempts: fc.array(fc.record({ ...stamp, rung: fc.option(role), whom: words, way, words }), { maxLength: 5 }),
  handOvers: fc.array(fc.record({ id: some, to: person, by: person, at: moment }), { maxLength: 3 }),
  ending: fc.option(ending),
});

describe('a critical result in the record', () => {
  it('comes back as it was written, and is completed by a read-back alone', () => {
    fc.assert(
      fc.property(result, (one) => {
        const resource = criticalToFhir(one);
        expect(criticalFromFhir(JSON.parse(JSON.stringify(resource)))).toEqual(one);
        expect(resource.status === 'completed').toBe(one.ending?.kind === 'closed');
        expect(resource.received === undefined).toBe(one.ending?.kind !== 'closed');
        expect(JSON.stringify(resource)).not.toMatch(/"value\w+":""/);
      }),
    );
  });

  it('is no message, and is not made of what others communicate, nor of half of one', () => {
    fc.assert(
      fc.property(
        result,
        fc.constantFrom('category', 'about', 'sender', 'sent', 'payload', 'id', 'extension'),
        (one, left) => {
          const whole = criticalToFhir(one);
          expect(messageFromFhir(whole)).toBe(null);
          expect(criticalFromFhir(Object.fromEntries(Object.entries(whole).filter(([key]) => key !== left)))).toBe(
            null,
          );
        },
      ),
    );
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        expect(criticalFromFhir(anything)).toBe(null);
      }),
    );
  });

  it('that is over, but does not say how, is none rather than an open one', () => {
    fc.assert(
      fc.property(result, (one) => {
        const closed = { ...criticalToFhir({ ...one, ending: null }), status: 'completed' as const };
        expect(criticalFromFhir(closed)).toBe(null);
      }),
    );
  });
});
