import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import type { Delivery } from './delivery.ts';
import { attemptsBeforeLate, deliveryTroubles } from './delivery-troubles.ts';

const now = instant(Date.UTC(2026, 10, 22, 9));
const of = (changes: Partial<Delivery>): Delivery => ({
  id: `${changes.version ?? 1}-${changes.channel ?? 'hl7'}`,
  reportId: 'report-1',
  version: 1,
  taskId: 'task-1',
  channel: 'hl7',
  name: 'HL7 results, Larkspur',
  state: 'queued',
  attempts: 0,
  nextAttemptAt: now,
  since: now,
  proof: '',
  ...changes,
});
const kinds = (...deliveries: Delivery[]) =>
  deliveryTroubles(deliveries).map(({ kind, delivery }) => [kind, delivery.id]);

describe('deliveries that need a person', () => {
  it('are those that were refused, at once', () => {
    expect(kinds(of({ state: 'refused', attempts: 1 }))).toEqual([['refused', '1-hl7']]);
  });

  it('are those that do not get through, after some tries, refusals first', () => {
    const late = of({ attempts: attemptsBeforeLate });
    expect(kinds(of({ attempts: attemptsBeforeLate - 1 }))).toEqual([]);
    expect(kinds(late, of({ id: 'r', channel: 'archive', state: 'refused' }))).toEqual([
      ['refused', 'r'],
      ['late', '1-hl7'],
    ]);
  });

  it('are none that a receiver has: for HL7 accepted is all that can be known, for the others it must be read back', () => {
    expect(
      kinds(of({ state: 'accepted', attempts: 20 }), of({ state: 'filed', channel: 'record', attempts: 20 })),
    ).toEqual([]);
    expect(kinds(of({ state: 'accepted', channel: 'archive', attempts: attemptsBeforeLate }))).toEqual([
      ['late', '1-archive'],
    ]);
  });

  it('are not a refused preliminary whose final is there, but still one whose final is only queued', () => {
    const refused = of({ state: 'refused' });
    expect(kinds(refused, of({ version: 2, state: 'accepted' }))).toEqual([]);
    expect(kinds(refused, of({ version: 2, state: 'queued' }))).toEqual([['refused', '1-hl7']]);
    expect(kinds(refused, of({ version: 2, state: 'accepted', channel: 'archive', id: 'a' }))).toEqual([
      ['refused', '1-hl7'],
    ]);
  });
});
