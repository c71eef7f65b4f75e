import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MatchableOrder, type MatchableStudy, matchOrder } from './match-order.ts';
import type { PatientIdentity } from './study.ts';

const ottoline: PatientIdentity = {
  id: '884213',
  issuer: 'LARKSPUR',
  name: 'QUILLFEATHER^OTTOLINE',
  birthDate: '19520309',
  sex: 'F',
};
const penelope: PatientIdentity = { ...ottoline, id: '771100', name: 'MARSH^PENELOPE', birthDate: '19800101' };

const order: MatchableOrder = { patient: ottoline, accession: 'LK-1001', modality: 'CT', status: 'active' };
const study: MatchableStudy = { patient: ottoline, accession: 'LK-1001', modalities: ['CT'] };

describe('which order a study answers', () => {
  it('is the one with its accession and its patient, with the evidence', () => {
    const found = matchOrder(study, [{ ...order, accession: 'LK-1002' }, order]);
    expect(found).toEqual({
      order,
      evidence: ['accession LK-1001', 'patient name', 'patient id', 'birth date'],
      verdict: { grade: 'same', differences: [] },
    });
  });

  it('is the only one with its accession even when the patient clashes, so that the clash stops the signature', () => {
    const found = matchOrder({ ...study, patient: penelope }, [order]);
    expect(found).toMatchObject({ order, verdict: { grade: 'stop' } });
    expect(found !== null && 'evidence' in found && found.evidence).toEqual(['accession LK-1001']);
  });

  it('is that of its own patient where two sites use one accession number', () => {
    const theirs = { ...order, patient: penelope };
    expect(matchOrder(study, [theirs, order])).toMatchObject({ order });
    expect(matchOrder({ ...study, patient: penelope }, [theirs, order])).toMatchObject({ order: theirs });
  });

  it('is said to be unclear where two orders of the patient carry the accession', () => {
    const second = { ...order, modality: 'CR' };
    expect(matchOrder(study, [order, second])).toEqual({
      candidates: [order, second],
      why: '2 orders for this patient carry accession LK-1001',
    });
  });

  it('is said to be unclear where several carry the accession and none the patient', () => {
    const others = [
      { ...order, patient: penelope },
      { ...order, patient: { ...penelope, id: '5' } },
    ];
    expect(matchOrder(study, others)).toMatchObject({ candidates: others });
  });

  it('is not one whose accession another issuer gave', () => {
    const foreign = { ...order, accessionIssuer: 'SALTFLAT' };
    expect(matchOrder({ ...study, accessionIssuer: 'LARKSPUR' }, [foreign])).toBeNull();
    expect(matchOrder({ ...study, accessionIssuer: 'saltflat' }, [foreign])).toMatchObject({
      order: foreign,
      evidence: expect.arrayContaining(['issuer of the accession']),
    });
  });

  it('is the live one where an earlier one was revoked, and a revoked one alone says so', () => {
    const revoked = { ...order, status: 'revoked' };
    expect(matchOrder(study, [revoked, order])).toMatchObject({ order });
    expect(matchOrder(study, [revoked])).toMatchObject({ evidence: expect.arrayContaining(['the order was revoked']) });
    expect(matchOrder(study, [{ ...order, status: 'entered-in-error' }])).toBeNull();
  });

  it('is never found by the patient id alone', () => {
    const nameless = { ...study, accession: null, patient: { ...ottoline, name: '' } };
    expect(matchOrder(nameless, [{ ...order, accession: null }])).toBeNull();
    expect(matchOrder({ ...study, accession: 'OTHER' }, [order])).toBeNull();
  });

  it('without accession numbers is the only one with that id, name and modality', () => {
    const unnumbered = { ...order, accession: null };
    const bare = { ...study, accession: null };
    expect(matchOrder(bare, [unnumbered])).toMatchObject({ order: unnumbered });
    expect(matchOrder(bare, [unnumbered, { ...unnumbered }])).toMatchObject({ candidates: [unnumbered, unnumbered] });
    expect(matchOrder(bare, [{ ...unnumbered, modality: null }])).toMatchObject({ candidates: [{ modality: null }] });
    expect(matchOrder(bare, [{ ...unnumbered, modality: 'MR' }])).toBeNull();
  });

  it('is proposed to a person where only one side has a number', () => {
    expect(matchOrder({ ...study, accession: null }, [order])).toEqual({
      candidates: [order],
      why: 'The images carry no accession number; 1 order for this patient could be meant',
    });
    expect(matchOrder(study, [{ ...order, accession: null }])).toMatchObject({ candidates: [{ accession: null }] });
  });

  it('is nobody’s where no order fits', () => {
    expect(matchOrder(study, [])).toBeNull();
    expect(matchOrder({ ...study, accession: null }, [{ ...order, patient: penelope }])).toBeNull();
  });

  it('does not depend on the order in which orders are held', () => {
    const orders = fc.array(
      fc.record({
        patient: fc.constantFrom(ottoline, penelope, { ...ottoline, name: '' }),
        accession: fc.constantFrom('LK-1001', 'LK-1002', null),
        modality: fc.constantFrom('CT', 'MR', null),
        status: fc.constantFrom('active', 'revoked', 'entered-in-error'),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(orders, fc.constantFrom('LK-1001', null), (held, accession) => {
        const forward = matchOrder({ ...study, accession }, held);
        const backward = matchOrder({ ...study, accession }, held.toReversed());
        const shape = (found: typeof forward) =>
          found === null ? null : 'order' in found ? found.order : new Set(found.candidates);
        expect(shape(backward)).toEqual(shape(forward));
        if (forward !== null && 'order' in forward) expect(forward.order.accession).toBe(accession);
      }),
    );
  });
});
