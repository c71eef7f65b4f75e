import { cleanLine } from '../../lib/clean-text.ts';
import { compareIdentity, type IdentityVerdict } from './compare-identity.ts';
import type { PatientIdentity, Study } from './study.ts';

/** What matching reads of an order; `Order` has it all. The issuer of an accession number is compared only where both give it. */
export type MatchableOrder = {
  readonly patient: PatientIdentity;
  readonly accession: string | null;
  readonly accessionIssuer?: string | null;
  readonly modality: string | null;
  readonly status: string;
};

/** What matching reads of a study; `Study` has it all. */
export type MatchableStudy = Pick<Study, 'patient' | 'modalities'> & {
  readonly accession: string | null;
  readonly accessionIssuer?: string | null;
};

export type OrderMatch<Order> =
  | { readonly order: Order; readonly evidence: string[]; readonly verdict: IdentityVerdict }
  /** More than one order could be meant, or too little says which: a person links them. */
  | { readonly candidates: Order[]; readonly why: string }
  | null;

/**
 * Finds the order that a study answers: by accession number (with its issuer when both give one) and patient. PatientID alone never
 * links. A single order with that accession is the match even when its patient clashes: the verdict then stops the signature,
 * where a silent "no order" would let it pass. Without accession numbers on either side, id, name and modality must all agree and
 * only one order may fit. What is ambiguous is said, not guessed.
 */
export function matchOrder<Order extends MatchableOrder>(
  study: MatchableStudy,
  orders: readonly Order[],
): OrderMatch<Order> {
  const usable = orders.filter((order) => order.status !== 'entered-in-error');
  return plain(study.accession) === '' ? matchWithoutAccession(study, usable) : matchByAccession(study, usable);
}

/**
 * What `matchOrder` compares before anything else. A study and an order that share neither an accession number nor a patient id can
 * never match, so an index by these two keys gives every candidate. Empty where there is none.
 */
export function matchKeys(of: { readonly accession: string | null; readonly patient: PatientIdentity }): {
  readonly accession: string;
  readonly patientId: string;
} {
  return { accession: plain(of.accession), patientId: plain(of.patient.id) };
}

function matchByAccession<Order extends MatchableOrder>(
  study: MatchableStudy,
  orders: readonly Order[],
): OrderMatch<Order> {
  const number = plain(study.accession);
  const named = orders.filter((order) => plain(order.accession) === number && issuersAgree(study, order));
  if (named.length === 0) return unnumbered(study, orders);
  const shown = cleanLine(study.accession ?? '', 64);
  const samePatient = named.filter((order) => compareIdentity(order.patient, study.patient).grade !== 'stop');
  const alive = samePatient.filter((order) => order.status !== 'revoked');
  const [only, ...more] = named.length === 1 ? named : alive.length > 0 ? alive : samePatient;
  if (only === undefined) {
    return { candidates: named, why: `${named.length} orders carry accession ${shown}, all for other patients` };
  }
  if (more.length > 0) {
    return { candidates: [only, ...more], why: `${more.length + 1} orders for this patient carry accession ${shown}` };
  }
  const evidence = [`accession ${shown}`];
  if (plain(study.accessionIssuer) !== '' && plain(only.accessionIssuer) !== '')
    evidence.push('issuer of the accession');
  const others = named.length - 1;
  if (others > 0) evidence.push(`${others} more with this accession, revoked or for another patient, left aside`);
  return matched(study, only, evidence);
}

/** An order that came without an accession number may still be the one; a person says so. */
function unnumbered<Order extends MatchableOrder>(study: MatchableStudy, orders: readonly Order[]): OrderMatch<Order> {
  const candidates = orders.filter((order) => plain(order.accession) === '' && fits(study, order));
  if (candidates.length === 0) return null;
  return {
    candidates,
    why: `No order carries accession ${cleanLine(study.accession ?? '', 64)}; ${counted(candidates.length)} for this patient without a number`,
  };
}

function matchWithoutAccession<Order extends MatchableOrder>(
  study: MatchableStudy,
  orders: readonly Order[],
): OrderMatch<Order> {
  const candidates = orders.filter((order) => order.status !== 'revoked' && fits(study, order));
  const [only, ...more] = candidates;
  if (only === undefined) return null;
  const sameModality = only.modality !== null && study.modalities.includes(only.modality);
  if (more.length === 0 && plain(only.accession) === '' && sameModality) {
    return matched(study, only, [
      'no accession number on either side',
      `modality ${cleanLine(only.modality ?? '', 16)}`,
    ]);
  }
  return {
    candidates,
    why: `The images carry no accession number; ${counted(candidates.length)} for this patient could be meant`,
  };
}

function counted(count: number): string {
  return count === 1 ? '1 order' : `${count} orders`;
}

/** Id and name agree, nothing clashes, and the modality is not another. */
function fits(study: MatchableStudy, order: MatchableOrder): boolean {
  if (plain(order.patient.id) === '' || plain(order.patient.id) !== plain(study.patient.id)) return false;
  if (plain(order.patient.name) === '' || plain(study.patient.name) === '') return false;
  if (order.modality !== null && study.modalities.length > 0 && !study.modalities.includes(order.modality))
    return false;
  const { grade, differences } = compareIdentity(order.patient, study.patient);
  // Ids of two issuers that happen to be spelt alike are no evidence.
  return (grade === 'same' || grade === 'tell') && !differences.some(({ field }) => field === 'id');
}

function matched<Order extends MatchableOrder>(
  study: MatchableStudy,
  order: Order,
  evidence: string[],
): OrderMatch<Order> {
  const verdict = compareIdentity(order.patient, study.patient);
  const clashing = new Set(verdict.differences.map(({ field }) => field));
  const words = [...evidence];
  if (bothGiven(order.patient.name, study.patient.name) && !clashing.has('name')) words.push('patient name');
  if (bothGiven(order.patient.id, study.patient.id) && !clashing.has('id')) words.push('patient id');
  if (bothGiven(order.patient.birthDate, study.patient.birthDate) && !clashing.has('birthDate'))
    words.push('birth date');
  if (order.status === 'revoked') words.push('the order was revoked');
  return { order, evidence: words, verdict };
}

function bothGiven(left: string | null, right: string | null): boolean {
  return plain(left) !== '' && plain(right) !== '';
}

function issuersAgree(study: MatchableStudy, order: MatchableOrder): boolean {
  const left = plain(study.accessionIssuer);
  const right = plain(order.accessionIssuer);
  return left === '' || right === '' || left === right;
}

function plain(text: string | null | undefined): string {
  return (text ?? '').trim().toUpperCase();
}
