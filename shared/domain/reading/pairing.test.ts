import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Order, OrderId } from '../order/index.ts';
import { type AccessionNumber, matchOrder, type Study, type StudyUid } from '../study/index.ts';
import { createPairing } from './pairing.ts';

type Seen = { readonly study: Study };
type Words = { readonly accession: string | null; readonly patientId: string | null; readonly name: string };

function orderOf(id: string, words: Words, status: Order['status'] = 'active'): Order {
  return {
    id: id as OrderId,
    status,
    patient: { id: words.patientId, issuer: null, name: words.name, birthDate: '19700101', sex: 'F' },
    patientReference: null,
    accession: words.accession as AccessionNumber | null,
    placerNumber: null,
    procedure: { system: '', code: 'CT', display: 'CT chest' },
    modality: 'CT',
    bodyPart: null,
    laterality: null,
    reason: '',
    reasonCodes: [],
    priority: 'routine',
    site: null,
    orderedBy: null,
    authoredOn: null,
    expectedInstances: null,
    requestedReport: 'final',
  };
}

function studyOf(uid: string, words: Words): Seen {
  const study: Study = {
    archive: 'archive',
    studyUid: uid as StudyUid,
    patient: { id: words.patientId, issuer: null, name: words.name, birthDate: '19700101', sex: 'F' },
    accession: words.accession as AccessionNumber | null,
    modalities: ['CT'],
    description: '',
    bodyPart: null,
    laterality: null,
    studyDate: '20261127',
    studyTime: null,
    institution: null,
    seriesCount: 1,
    instanceCount: 1,
  };
  return { study };
}

/** The rule in full: every study against every open order, and an order that two studies could mean is nobody's. */
function inFull(
  orders: ReadonlyMap<string, Order>,
  studies: ReadonlyMap<string, Seen>,
  joined: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const open = [...orders.values()].filter((order) => order.status === 'active');
  const claims = new Map<string, string[]>();
  for (const [uid, seen] of studies) {
    const free = open.filter((order) => (joined.get(order.id) ?? uid) === uid);
    const found = matchOrder(seen.study, free);
    if (found !== null && 'order' in found) claims.set(found.order.id, [...(claims.get(found.order.id) ?? []), uid]);
  }
  const pairs = new Map<string, string>();
  for (const [orderId, uids] of claims) {
    const mine = joined.has(orderId) ? uids.filter((uid) => uid === joined.get(orderId)) : uids;
    if (mine.length === 1) pairs.set(orderId, mine[0] ?? '');
  }
  return pairs;
}

// Few values, so that they collide.
const words: fc.Arbitrary<Words> = fc.record({
  accession: fc.constantFrom(null, '', 'A1', ' a1 ', 'A2', 'A3'),
  patientId: fc.constantFrom(null, 'P1', 'p1', 'P2'),
  name: fc.constantFrom('ABARA^IDA', 'BELL^OTTO', ''),
});
const ids = fc.integer({ min: 0, max: 5 });
const step = fc.oneof(
  fc.record({
    do: fc.constant('order' as const),
    id: ids,
    words,
    status: fc.constantFrom('active' as const, 'revoked' as const),
  }),
  fc.record({ do: fc.constant('study' as const), id: ids, words }),
  fc.record({ do: fc.constant('withdraw' as const), id: ids }),
  fc.record({ do: fc.constant('join' as const), id: ids }),
  fc.record({ do: fc.constant('look' as const) }),
);

describe('pairing by what changes', () => {
  it('says the same as comparing everything with everything, and touches all whose answer may differ', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const orders = new Map<string, Order>();
        const studies = new Map<string, Seen>();
        const joined = new Map<string, string>();
        const pairing = createPairing<Seen>((orderId) => joined.get(orderId) ?? null);
        // What somebody knows who only ever asks about what was touched.
        const known = new Map<string, string | null>();
        const knownOrders = new Map<string, string | null>();
        for (const one of [...steps, { do: 'look' as const }]) {
          if (one.do === 'order') {
            const order = orderOf(`o${one.id}`, one.words, one.status);
            orders.set(order.id, order);
            pairing.setOrder(order.id, order);
          } else if (one.do === 'study') {
            const seen = studyOf(`1.${one.id}`, one.words);
            studies.set(seen.study.studyUid, seen);
            pairing.setStudy(seen.study.studyUid, seen);
          } else if (one.do === 'withdraw') {
            orders.delete(`o${one.id}`);
            pairing.setOrder(`o${one.id}`, null);
          } else if (one.do === 'join') {
            const pair = inFull(orders, studies, joined).get(`o${one.id}`);
            if (pair === undefined) continue;
            joined.set(`o${one.id}`, pair);
            pairing.touch(`o${one.id}`, pair);
          } else {
            const touched = pairing.takeTouched();
            for (const id of touched.orders) known.set(id, pairing.studyOf(id)?.study.studyUid ?? null);
            for (const uid of touched.studies) knownOrders.set(uid, pairing.orderOf(uid)?.id ?? null);
            const full = inFull(orders, studies, joined);
            for (const id of orders.keys()) expect([id, known.get(id)]).toEqual([id, full.get(id) ?? null]);
            const meant = new Map([...full].map(([orderId, uid]) => [uid, orderId]));
            for (const uid of studies.keys())
              expect([uid, knownOrders.get(uid)]).toEqual([uid, meant.get(uid) ?? null]);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves an order alone that two studies could mean, until one of them is another’s', () => {
    const pairing = createPairing<Seen>(() => null);
    const both = { accession: 'A1', patientId: 'P1', name: 'ABARA^IDA' };
    pairing.setOrder('o1', orderOf('o1', both));
    pairing.setStudy('1.1', studyOf('1.1', both));
    pairing.takeTouched();
    expect(pairing.studyOf('o1')?.study.studyUid).toBe('1.1');
    pairing.setStudy('1.2', studyOf('1.2', both));
    pairing.takeTouched();
    expect([pairing.studyOf('o1'), pairing.orderOf('1.1'), pairing.orderOf('1.2')]).toEqual([null, null, null]);
    pairing.setStudy('1.2', studyOf('1.2', { ...both, accession: 'A9' }));
    const touched = pairing.takeTouched();
    expect([...touched.orders]).toEqual(['o1']);
    expect(pairing.studyOf('o1')?.study.studyUid).toBe('1.1');
  });

  it('of one order among thousands looks at its own patient alone', () => {
    const pairing = createPairing<Seen>(() => null);
    for (let number = 0; number < 3_000; number += 1) {
      const one = { accession: `A${number}`, patientId: `P${number}`, name: 'ABARA^IDA' };
      pairing.setOrder(`o${number}`, orderOf(`o${number}`, one));
      pairing.setStudy(`1.${number}`, studyOf(`1.${number}`, one));
    }
    pairing.takeTouched();
    pairing.setStudy('1.7', studyOf('1.7', { accession: 'A7', patientId: 'P7', name: 'ABARA^IDA' }));
    expect(pairing.takeTouched()).toEqual({ orders: new Set(['o7']), studies: new Set(['1.7']) });
  });
});
