import { cleanLine } from '../../lib/clean-text.ts';
import { npiIsValid } from '../reader/index.ts';
import { isDiagnosisShape, isProcedureShape, plainCode } from './code-shapes.ts';
import { type DiagnosisEntry, lookUpDiagnosis, type TableEdition } from './code-table.ts';

export const billCheckCodes = [
  'authorization',
  'coverage',
  'diagnosis',
  'procedure',
  'orderer-npi',
  'reader-npi',
  'signature',
] as const;
export type BillCheckCode = (typeof billCheckCodes)[number];

/** ready: there, and as it must be · defect: missing or wrong · note: so too, where it does not count at that site, or not yet · unknown: nothing here can say. */
export type BillCheckState = 'ready' | 'defect' | 'note' | 'unknown';

export type BillCheck = {
  readonly code: BillCheckCode;
  readonly state: BillCheckState;
  readonly words: string;
  /** What was found, for people; empty for nothing. */
  readonly found: string;
  readonly clause: string;
};

/** An authorization as the site's or the payer's system recorded it. Days are "YYYYMMDD"; null where none was given. */
export type Authorization = {
  readonly number: string | null;
  readonly from: string | null;
  readonly until: string | null;
};
export type Coverage = {
  readonly payer: string;
  readonly active: boolean;
  readonly from: string | null;
  readonly until: string | null;
};

/** All that billing asks of a study. Nothing of it is the reader's to mend, so nothing of it reaches the reader. */
export type BillFacts = {
  /** Day of service in the site's zone, "YYYYMMDD"; null while no images say it. */
  readonly dateOfService: string | null;
  readonly procedureCodes: readonly string[];
  readonly diagnosisCodes: readonly string[];
  readonly authorizations: readonly Authorization[];
  readonly coverages: readonly Coverage[];
  readonly ordererNpi: string | null;
  /** Who signed the final report, and how it stands; null before. */
  readonly signed: { readonly npi: string | null; readonly state: 'preliminary' | 'final' } | null;
};

/** Which findings count at a site. */
export type FitToBillRules = { readonly [Code in BillCheckCode]?: 'defect' | 'note' | 'off' };
export type FitToBill = { readonly verdict: 'fit' | 'not-fit' | 'unknown'; readonly checks: readonly BillCheck[] };

/**
 * Whether a study can be billed as it stands, for the site's and the lead's pages. It warns no reader and holds, pauses or lowers no study:
 * a patient's result never waits for a form.
 */
export function fitToBill(
  facts: BillFacts,
  tables: { readonly diagnoses: readonly TableEdition<DiagnosisEntry>[] },
  rules: FitToBillRules = {},
): FitToBill {
  const checks = [
    authorizationCheck(facts),
    coverageCheck(facts),
    ...diagnosisChecks(facts, tables.diagnoses),
    ...procedureChecks(facts),
    npiCheck('orderer-npi', 'ordering physician', facts.ordererNpi),
    ...(facts.signed === null ? [] : [npiCheck('reader-npi', 'signing reader', facts.signed.npi)]),
    signatureCheck(facts),
  ].flatMap((check): BillCheck[] => {
    const rule = rules[check.code];
    if (rule === 'off') return [];
    return rule === 'note' && check.state === 'defect' ? [{ ...check, state: 'note' }] : [check];
  });
  const has = (state: BillCheckState): boolean => checks.some((check) => check.state === state);
  return { verdict: has('defect') ? 'not-fit' : has('unknown') ? 'unknown' : 'fit', checks };
}

const shownDay = (day: string): string => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;

/** Whether a span holds a day; an open end is open. */
function holds(span: { readonly from: string | null; readonly until: string | null }, day: string): boolean {
  return (span.from === null || span.from <= day) && (span.until === null || day <= span.until);
}

function authorizationCheck({ authorizations, dateOfService }: BillFacts): BillCheck {
  const clause = 'FHIR ClaimResponse.preAuthRef and preAuthPeriod, by ServiceRequest.insurance; HL7 v2 IN1-14';
  const check = (state: BillCheckState, words: string, found: string): BillCheck => ({
    code: 'authorization',
    state,
    words,
    found,
    clause,
  });
  const numbered = authorizations.filter((one) => (one.number ?? '').trim() !== '');
  const [first] = numbered;
  if (first === undefined) return check('defect', 'No authorization is recorded.', '');
  const shown = cleanLine(first.number ?? '', 60);
  if (dateOfService === null) return check('unknown', 'The day of service is not known yet.', shown);
  const good = numbered.find((one) => holds(one, dateOfService));
  if (good !== undefined) return check('ready', 'Authorized on the day of service.', cleanLine(good.number ?? '', 60));
  const expired = first.until !== null && first.until < dateOfService;
  const when = expired ? `ended ${shownDay(first.until ?? '')}` : `begins ${shownDay(first.from ?? '')}`;
  return check('defect', `The authorization ${when}; the exam was on ${shownDay(dateOfService)}.`, shown);
}

function coverageCheck({ coverages, dateOfService }: BillFacts): BillCheck {
  const clause = 'FHIR Coverage.status and period, by ServiceRequest.insurance; HL7 v2 IN1-12, IN1-13';
  const [first] = coverages;
  if (first === undefined)
    return { code: 'coverage', state: 'defect', words: 'No coverage is recorded.', found: '', clause };
  const found = cleanLine(coverages.map((one) => one.payer).join(', '), 120);
  const active = coverages.filter((one) => one.active);
  if (active.length === 0) return { code: 'coverage', state: 'defect', words: 'No coverage is active.', found, clause };
  if (dateOfService === null)
    return { code: 'coverage', state: 'unknown', words: 'The day of service is not known yet.', found, clause };
  return active.some((one) => holds(one, dateOfService))
    ? { code: 'coverage', state: 'ready', words: 'Covered on the day of service.', found, clause }
    : { code: 'coverage', state: 'defect', words: `No coverage holds on ${shownDay(dateOfService)}.`, found, clause };
}

function diagnosisChecks(
  { diagnosisCodes, dateOfService }: BillFacts,
  editions: readonly TableEdition<DiagnosisEntry>[],
): BillCheck[] {
  const clause = 'ICD-10-CM in force on the day of service (45 CFR 162.1002); FHIR ServiceRequest.reasonCode';
  if (diagnosisCodes.length === 0)
    return [{ code: 'diagnosis', state: 'defect', words: 'No diagnosis code.', found: '', clause }];
  return diagnosisCodes.map((code): BillCheck => {
    const found = cleanLine(code, 20);
    const check = (state: BillCheckState, words: string): BillCheck => ({
      code: 'diagnosis',
      state,
      words,
      found,
      clause,
    });
    if (!isDiagnosisShape(code)) return check('defect', 'That is no ICD-10-CM code by its shape.');
    if (dateOfService === null) return check('unknown', 'The day of service is not known yet.');
    const looked = lookUpDiagnosis(editions, plainCode(code), dateOfService);
    if (looked.kind === 'unknown') return check('unknown', looked.words);
    if (looked.kind === 'absent')
      return check('defect', `Not in the ICD-10-CM in force on ${shownDay(dateOfService)}.`);
    return looked.entry === 'billable'
      ? check('ready', 'In force on the day of service.')
      : check('defect', 'A heading of ICD-10-CM: it needs more characters to be billed.');
  });
}

function procedureChecks({ procedureCodes }: BillFacts): BillCheck[] {
  const clause = 'FHIR ServiceRequest.code; shape of CPT and HCPCS level II codes (45 CFR 162.1002)';
  const [first] = procedureCodes;
  if (first === undefined)
    return [{ code: 'procedure', state: 'defect', words: 'No procedure code.', found: '', clause }];
  const good = procedureCodes.find(isProcedureShape);
  return good === undefined
    ? [
        {
          code: 'procedure',
          state: 'defect',
          words: 'No code of the order has the shape of a procedure code that payers take.',
          found: cleanLine(first, 40),
          clause,
        },
      ]
    : [{ code: 'procedure', state: 'ready', words: 'The code has the right shape.', found: plainCode(good), clause }];
}

function npiCheck(code: 'orderer-npi' | 'reader-npi', who: string, npi: string | null): BillCheck {
  const clause = 'National Provider Identifier, 45 CFR 162.406';
  if ((npi ?? '').trim() === '') return { code, state: 'defect', words: `No NPI of the ${who}.`, found: '', clause };
  const valid = npiIsValid((npi ?? '').trim());
  return {
    code,
    state: valid ? 'ready' : 'defect',
    words: valid
      ? `The NPI of the ${who} has the right check digit.`
      : `The NPI of the ${who} cannot be one: ten digits that begin with 1 or 2, and the check digit.`,
    found: cleanLine(npi ?? '', 20),
    clause,
  };
}

function signatureCheck({ signed }: BillFacts): BillCheck {
  const clause = '42 CFR 415.120 (written report of the interpreting physician); FHIR DiagnosticReport.status';
  if (signed === null) return { code: 'signature', state: 'note', words: 'Not signed yet.', found: '', clause };
  return signed.state === 'final'
    ? { code: 'signature', state: 'ready', words: 'Signed final.', found: 'final', clause }
    : {
        code: 'signature',
        state: 'defect',
        words: 'Only a preliminary report is signed.',
        found: 'preliminary',
        clause,
      };
}
