import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, millis, minutes, after as timeAfter } from '../../lib/instant.ts';
import { roles } from '../reader/index.ts';
import {
  longestMessage,
  type Message,
  maySeeMessage,
  mayWriteTo,
  parties,
  partyOf,
  plainWords,
  seeMessage,
  waitsFor,
  writeMessage,
} from './message.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const tandewright = { id: 'reader-1', name: 'Dr M. Tandewright' };
const desk = { id: 'desk-1', name: 'Larkspur desk' };
const draft: Omit<Message, 'from' | 'seen'> = {
  id: 'message-1',
  taskId: 'task-1',
  orderId: 'order-1',
  siteId: 'site-larkspur',
  patientReference: 'patient-1',
  to: 'site',
  sender: tandewright,
  sentAt: nine,
  words: 'Which room did she wait in?',
};
const sent = (more: Partial<typeof draft> = {}, role: 'radiologist' | 'lead' | 'site' = 'radiologist'): Message => {
  const written = writeMessage({ ...draft, ...more }, role);
  if (!written.ok) throw new Error(written.error.words);
  return written.value;
};

describe('a message about a case', () => {
  it.each([
    ['radiologist', true, ['lead', 'site']],
    ['radiologist', false, ['lead']],
    ['lead', true, ['reader', 'site']],
    ['site', true, ['reader', 'lead']],
    ['qa', true, []],
  ] as const)('by a %s (site known: %s) goes to %j and to nobody else', (role, known, expected) => {
    expect(mayWriteTo(role, known)).toEqual(expected);
    for (const to of parties) {
      const written = writeMessage({ ...draft, to, siteId: known ? 'site-larkspur' : null }, role);
      expect([to, written.ok]).toEqual([to, (expected as readonly string[]).includes(to)]);
    }
  });

  it('is shown to the group whole, to the site where it takes part, and to no peer reviewer', () => {
    const between = { from: 'reader', to: 'lead' } as const;
    expect(roles.filter((role) => maySeeMessage(between, role))).toEqual(['radiologist', 'lead']);
    expect(roles.filter((role) => maySeeMessage(sent(), role))).toEqual(['radiologist', 'lead', 'site']);
  });

  it('to the reader waits for her who has the case, and for any radiologist while nobody has it', () => {
    const message = sent({ to: 'reader', sender: desk }, 'site');
    const ann = { id: 'ann', role: 'radiologist' } as const;
    const bob = { id: 'bob', role: 'radiologist' } as const;
    const lead = { id: 'lead', role: 'lead' } as const;
    expect([ann, bob, lead].map((one) => waitsFor(message, one, null))).toEqual([true, true, false]);
    expect([ann, bob, lead].map((one) => waitsFor(message, one, 'ann'))).toEqual([true, false, false]);
    // A lead who reads it herself is its reader.
    expect(waitsFor(message, lead, 'lead')).toBe(true);
    expect(waitsFor(seeMessage(message, tandewright, nine), ann, 'ann')).toBe(false);
  });

  it('is refused empty and too long, and kept as it was typed otherwise', () => {
    expect(writeMessage({ ...draft, words: ' \n ' }, 'radiologist')).toMatchObject({ error: { code: 'nothing-said' } });
    expect(writeMessage({ ...draft, words: 'x'.repeat(longestMessage + 1) }, 'radiologist')).toMatchObject({
      error: { code: 'too-long' },
    });
    expect(sent({ words: '<script>alert(1)</script>\nmünchen' }).words).toBe('<script>alert(1)</script>\nmünchen');
  });

  it('shows what it holds: nothing in it turns text around or hides it', () => {
    expect(plainWords('left\u202e thgir\u0007\r\nnext')).toBe('left thgir\nnext');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (typed) => {
        const plain = plainWords(typed);
        expect(plainWords(plain)).toBe(plain);
        expect(['\u202e', '\u2066', '\u0007', '\r'].some((mark) => plain.includes(mark))).toBe(false);
      }),
    );
  });

  it('is first seen once, never before it was sent, and by nobody who wrote it, whatever the clocks say', () => {
    const look = fc.record({
      who: fc.constantFrom('ann', 'bob', 'desk-1', 'reader-1'),
      at: fc.integer({ min: -7_200_000, max: 86_400_000 }),
    });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 8 }), fc.constantFrom(...parties), (looks, to) => {
        let message: Message = { ...sent(), to };
        for (const { who, at } of looks) {
          const before = message;
          if (waitsFor(message, { id: who, role: 'radiologist' }, null)) expect(who).not.toBe(message.sender.id);
          message = seeMessage(message, { id: who, name: who }, timeAfter(nine, millis(at)));
          if (before.seen !== null) expect(message).toEqual(before);
          expect((message.seen?.at ?? nine) >= message.sentAt).toBe(true);
        }
      }),
    );
    expect(seeMessage(sent(), desk, timeAfter(nine, minutes(2))).seen).toEqual({
      by: desk,
      at: timeAfter(nine, minutes(2)),
    });
  });

  it('has a party for every role but the reviewer’s', () => {
    expect(roles.map(partyOf)).toEqual(['reader', 'lead', null, 'site']);
  });
});
