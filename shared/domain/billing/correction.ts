import { cleanLine } from '../../lib/clean-text.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { npiIsValid } from '../reader/index.ts';
import { parsePartialDate } from '../study/index.ts';
import { isDiagnosisShape, isProcedureShape, plainCode } from './code-shapes.ts';
import { type DiagnosisEntry, lookUpDiagnosis, type TableEdition } from './code-table.ts';

/** What a site may supply itself: all that fit to bill asks, but what the reading group signs. Days are "YYYYMMDD". */
export type BillCorrection =
  | {
      readonly kind: 'authorization';
      readonly number: string;
      readonly from: string | null;
      readonly until: string | null;
    }
  | { readonly kind: 'coverage'; readonly payer: string; readonly from: string | null; readonly until: string | null }
  /** `instead` is the code of the order that it takes the place of for billing; null where one was missing. */
  | { readonly kind: 'diagnosis'; readonly code: string; readonly instead: string | null }
  | { readonly kind: 'procedure'; readonly code: string }
  | { readonly kind: 'orderer-npi'; readonly npi: string };

export type CorrectionKind = BillCorrection['kind'];
export type CorrectionRefusal = { readonly code: 'not-valid'; readonly words: string };

const shownDay = (day: string): string => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;

function refused(words: string): Result<never, CorrectionRefusal> {
  return err({ code: 'not-valid', words });
}

/** A whole day as "YYYYMMDD"; null for none. */
function wholeDay(text: string | null): string | null | 'unreadable' {
  const date = parsePartialDate(text);
  if (date === null || date === 'unreadable') return date;
  return date.digits.length === 8 ? date.digits : 'unreadable';
}

function spanOf(
  what: string,
  given: { readonly from: string | null; readonly until: string | null },
  dateOfService: string | null,
): Result<{ readonly from: string | null; readonly until: string | null }, CorrectionRefusal> {
  const [from, until] = [wholeDay(given.from), wholeDay(given.until)];
  if (from === 'unreadable' || until === 'unreadable')
    return refused('Give the days whole, as 2026-03-09, or leave them empty.');
  if (from !== null && until !== null && until < from)
    return refused(`The ${what} ends on ${shownDay(until)}, before it begins on ${shownDay(from)}.`);
  if (dateOfService !== null && ((from !== null && dateOfService < from) || (until !== null && until < dateOfService)))
    return refused(`The exam was on ${shownDay(dateOfService)}; on that day this ${what} does not hold.`);
  return ok({ from, until });
}

/**
 * A correction as it may stand in the order: codes without point and in capitals, numbers without spaces around them. Refused where it
 * would leave the study as unfit as it was; a code that no loaded table can judge is taken.
 */
export function checkCorrection(
  given: BillCorrection,
  facts: {
    readonly dateOfService: string | null;
    readonly diagnoses: readonly TableEdition<DiagnosisEntry>[];
  },
): Result<BillCorrection, CorrectionRefusal> {
  switch (given.kind) {
    case 'authorization': {
      const number = cleanLine(given.number, 60);
      if (number === '') return refused('Give the number of the authorization.');
      const span = spanOf('authorization', given, facts.dateOfService);
      return span.ok ? ok({ kind: 'authorization', number, ...span.value }) : span;
    }
    case 'coverage': {
      const payer = cleanLine(given.payer, 120);
      if (payer === '') return refused('Give the payer’s name.');
      const span = spanOf('coverage', given, facts.dateOfService);
      return span.ok ? ok({ kind: 'coverage', payer, ...span.value }) : span;
    }
    case 'diagnosis': {
      const code = plainCode(given.code);
      if (!isDiagnosisShape(code))
        return refused(
          'That is no ICD-10-CM code: a letter, a digit, and one to five more characters, such as R10.31.',
        );
      if (facts.dateOfService !== null) {
        const looked = lookUpDiagnosis(facts.diagnoses, code, facts.dateOfService);
        if (looked.kind === 'absent')
          return refused(`${code} is not in the ICD-10-CM in force on ${shownDay(facts.dateOfService)}.`);
        if (looked.kind === 'found' && looked.entry === 'heading')
          return refused(`${code} is a heading of ICD-10-CM: it needs more characters to be billed.`);
      }
      return ok({ kind: 'diagnosis', code, instead: given.instead === null ? null : cleanLine(given.instead, 20) });
    }
    case 'procedure': {
      const code = plainCode(given.code);
      return isProcedureShape(code)
        ? ok({ kind: 'procedure', code })
        : refused('A procedure code is five digits, four and T, F or U, or a letter and four digits.');
    }
    case 'orderer-npi': {
      const npi = given.npi.trim();
      return npiIsValid(npi)
        ? ok({ kind: 'orderer-npi', npi })
        : refused('That is no NPI: ten digits that begin with 1 or 2, and the last is a check digit.');
    }
  }
}

/** What the timeline says of it. A number or payer may say more than a timeline's reader needs and stays out. */
export function correctionWords(correction: BillCorrection): string {
  switch (correction.kind) {
    case 'authorization':
      return 'authorization supplied';
    case 'coverage':
      return 'coverage supplied';
    case 'diagnosis':
      return correction.instead === null
        ? `diagnosis code ${correction.code} supplied`
        : `diagnosis code ${correction.code} in place of ${correction.instead}`;
    case 'procedure':
      return `procedure code ${correction.code} supplied`;
    case 'orderer-npi':
      return 'NPI of the ordering physician supplied';
  }
}
