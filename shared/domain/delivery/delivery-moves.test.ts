import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, millis, after as timeAfter } from '../../lib/instant.ts';
import { type Delivery, isArrived, isCommitted } from './delivery.ts';
import { commitWait, type DeliveryHappening, nextAttempt, stepDelivery } from './delivery-moves.ts';
import { deliveryTroubles } from './delivery-troubles.ts';
import { standing } from './standing.ts';

const now = instant(Date.UTC(2026, 10, 22, 9));
const queued: Delivery = {
  id: 'delivery-1',
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
};

function through(...happenings: DeliveryHappening[]): Delivery {
  let delivery = queued;
  for (const happening of happenings) {
    const stepped = stepDelivery(delivery, happening, now);
    if (!stepped.ok) throw new Error(`${happening.kind} from ${delivery.state}`);
    delivery = stepped.value;
  }
  return delivery;
}

describe('a delivery', () => {
  it('is queued, sent, accepted and filed, each with its proof', () => {
    const accepted = through({ kind: 'sent' }, { kind: 'accepted', proof: 'AA for message OVR1' });
    expect(accepted).toMatchObject({ state: 'accepted', attempts: 1, proof: 'AA for message OVR1' });
    expect(stepDelivery(accepted, { kind: 'filed', proof: 'read back' }, now)).toMatchObject({
      value: { state: 'filed', nextAttemptAt: null, proof: 'read back' },
    });
  });

  it('that is committed is neither accepted nor filed, and goes again only when its answer must be taken for lost', () => {
    const committed = through({ kind: 'sent' }, { kind: 'committed', proof: 'CA for message OVR1' });
    expect(committed).toMatchObject({ state: 'sent', nextAttemptAt: timeAfter(now, commitWait) });
    expect([isCommitted(committed), isCommitted(through({ kind: 'sent' })), isArrived(committed)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(standing([committed]).words).toBe('0 of 1 filed; waiting: HL7 results, Larkspur');
    expect(deliveryTroubles([committed])).toEqual([]);
    const silent = { ...committed, attempts: 2 };
    expect(deliveryTroubles([silent])).toEqual([{ kind: 'late', delivery: silent }]);
    const filed = stepDelivery(committed, { kind: 'filed', proof: 'AA' }, now);
    expect(filed).toMatchObject({ value: { state: 'filed', nextAttemptAt: null } });
    if (filed.ok) expect(stepDelivery(filed.value, { kind: 'committed', proof: 'CA again' }, now).ok).toBe(false);
  });

  it('whose answer comes after the wait for it was given up is accepted all the same', () => {
    const gaveUp = through({ kind: 'sent' }, { kind: 'failed', proof: 'no answer', jitter: 0 });
    expect(stepDelivery(gaveUp, { kind: 'accepted', proof: 'AA' }, now)).toMatchObject({
      value: { state: 'accepted' },
    });
  });

  it('to a dead receiver waits and goes again', () => {
    const failed = through({ kind: 'sent' }, { kind: 'failed', proof: 'no answer', jitter: 0 });
    expect(failed).toMatchObject({ state: 'queued', attempts: 1, nextAttemptAt: timeAfter(now, millis(1_000)) });
  });

  it('that cannot even be opened counts its attempts all the same', () => {
    const failure: DeliveryHappening = { kind: 'failed', proof: 'refused connection', jitter: 0 };
    expect(through(failure, failure, failure)).toMatchObject({
      attempts: 3,
      nextAttemptAt: timeAfter(now, millis(4_000)),
    });
  });

  it('accepted but not yet to be read back stays accepted and looks again', () => {
    const waiting = through(
      { kind: 'sent' },
      { kind: 'accepted', proof: '' },
      { kind: 'failed', proof: 'not there yet', jitter: 0 },
    );
    expect(waiting.state).toBe('accepted');
    expect(waiting.nextAttemptAt).not.toBeNull();
  });

  it('that is refused waits for a person, who puts it back with the same ids', () => {
    const refused = through({ kind: 'sent' }, { kind: 'refused', proof: 'AE: unknown accession' });
    expect(refused).toMatchObject({ state: 'refused', nextAttemptAt: null });
    expect(stepDelivery(refused, { kind: 'sent' }, now).ok).toBe(false);
    expect(stepDelivery(refused, { kind: 'failed', proof: '', jitter: 0 }, now).ok).toBe(false);
    const again = stepDelivery(refused, { kind: 'retry', by: 'Dr M. Tandewright' }, now);
    expect(again).toMatchObject({
      value: { ...queued, attempts: 1, proof: 'put back in the queue by Dr M. Tandewright' },
    });
  });

  it('keeps where its job was put until that is over, also when a person puts it back meanwhile', () => {
    const job = { id: 'OVR1', place: '/srv/fax' };
    const put = { kind: 'put', job } as const;
    expect(stepDelivery(queued, put, now).ok).toBe(false);
    const login = through({ kind: 'sent' }, put, { kind: 'refused', proof: '401' }, { kind: 'retry', by: 'lead' });
    expect(login.job).toEqual(job);
    const failed = through({ kind: 'sent' }, put, { kind: 'refused', proof: 'busy', jobIsOver: true });
    expect(failed.job).toEqual({ ...job, over: true });
    const again = stepDelivery(failed, { kind: 'retry', by: 'lead' }, now);
    expect(again.ok && again.value).not.toHaveProperty('job');
    expect(again).toMatchObject({ value: { state: 'queued', again: 1 } });
  });

  it('in any history keeps its ids, never leaves filed, and is due only while queued, committed or accepted', () => {
    const happenings: fc.Arbitrary<DeliveryHappening> = fc.oneof(
      fc.constantFrom<DeliveryHappening>(
        { kind: 'sent' },
        { kind: 'retry', by: 'reader' },
        { kind: 'put', job: { id: 'OVR1', place: '/srv/fax' } },
        { kind: 'refused', proof: 'failed', jobIsOver: true },
      ),
      fc
        .constantFrom('committed', 'accepted', 'filed', 'refused', 'withdrawn', 'superseded')
        .map((kind): DeliveryHappening => ({ kind, proof: kind })),
      fc
        .double({ min: 0, max: 1, noNaN: true })
        .map((jitter): DeliveryHappening => ({ kind: 'failed', proof: 'x', jitter })),
    );
    fc.assert(
      fc.property(fc.array(happenings, { maxLength: 40 }), (history) => {
        let delivery = queued;
        for (const happening of history) {
          const stepped = stepDelivery(delivery, happening, now);
          if (delivery.state === 'filed') expect(stepped.ok).toBe(false);
          if (delivery.state === 'withdrawn') expect(stepped.ok).toBe(false);
          if (delivery.state === 'superseded') expect(stepped.ok).toBe(false);
          if (delivery.state === 'refused')
            expect(stepped.ok).toBe(happening.kind === 'retry' || happening.kind === 'withdrawn');
          if (!stepped.ok) continue;
          const { id, reportId, version, taskId, channel } = stepped.value;
          expect({ id, reportId, version, taskId, channel }).toEqual({
            id: 'delivery-1',
            reportId: 'report-1',
            version: 1,
            taskId: 'task-1',
            channel: 'hl7',
          });
          if (happening.kind === 'committed') expect(stepped.value.state).toBe('sent');
          if (stepped.value.nextAttemptAt !== null)
            expect(stepped.value.state).toBeOneOf(['queued', 'accepted', 'sent']);
          if (stepped.value.state === 'queued') expect(stepped.value.nextAttemptAt).not.toBeNull();
          delivery = stepped.value;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a delivery of a report that was withdrawn', () => {
  it('never goes out again, and nobody waits for it', () => {
    const refused = through({ kind: 'sent' }, { kind: 'refused', proof: 'AE' });
    const stopped = stepDelivery(refused, { kind: 'withdrawn', proof: 'never sent' }, now);
    expect(stopped).toMatchObject({ value: { state: 'withdrawn', nextAttemptAt: null, proof: 'never sent' } });
    if (stopped.ok) {
      expect(stepDelivery(stopped.value, { kind: 'retry', by: 'reader' }, now).ok).toBe(false);
      expect(standing([stopped.value])).toEqual({ state: 'none', words: 'Nothing to deliver' });
    }
  });
});

describe('the wait before the next attempt', () => {
  it('is 1 s and doubles to 5 min', () => {
    const waits = [1, 2, 3, 4, 9, 10, 50, 1e9].map((attempts) => nextAttempt(attempts, now, 0) - now);
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000, 300_000]);
  });

  it('is spread by up to a quarter, never above 5 min nor below 1 s', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, jitter) => {
          const wait = nextAttempt(attempts, now, jitter) - now;
          const base = nextAttempt(attempts, now, 0) - now;
          expect(wait).toBeGreaterThanOrEqual(Math.max(base, 1_000));
          expect(wait).toBeLessThanOrEqual(Math.min(base * 1.25 + 1, 300_000));
        },
      ),
    );
  });
});

describe('how deliveries stand together', () => {
  const filed: Delivery = { ...queued, name: 'Patient record, FHIR', state: 'filed' };
  const refused: Delivery = { ...queued, state: 'refused', proof: 'AE: unknown accession' };

  it.each([
    [[], 'none', 'Nothing to deliver'],
    [[filed], 'filed', '1 of 1 filed'],
    [[filed, { ...queued, state: 'accepted' as const }], 'accepted', '1 of 2 filed; accepted: HL7 results, Larkspur'],
    [[filed, queued], 'waiting', '1 of 2 filed; waiting: HL7 results, Larkspur'],
    [[filed, refused], 'refused', '1 of 2 filed; refused: HL7 results, Larkspur (AE: unknown accession)'],
  ])('is told by the worst of them', (deliveries, state, words) => {
    expect(standing(deliveries)).toEqual({ state, words });
  });
});
