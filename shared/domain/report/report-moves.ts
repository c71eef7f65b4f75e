import { err, ok, type Result } from '../../lib/result.ts';
import type { ReleaseKind, ReportState } from './report.ts';

export type ReportMove =
  /** The reader signs; nobody but her sees it yet. */
  | 'sign'
  /** The host gives a signed one back with a reason; the words are kept. */
  | 'give-back'
  | 'release-preliminary'
  | 'release-final'
  | 'release-addendum'
  | 'release-correction'
  /** Wrong patient, withdrawn: it stays visible as such (FHIR R4 DiagnosticReport.status). */
  | 'enter-in-error';

/** From which state each move leads where (DESIGN 4); what is not listed is not legal. `entered-in-error` is the end. */
export const reportMoves: Readonly<Record<ReportMove, Partial<Readonly<Record<ReportState, ReportState>>>>> = {
  sign: { draft: 'signed-not-released' },
  'give-back': { 'signed-not-released': 'draft' },
  'release-preliminary': { 'signed-not-released': 'preliminary' },
  'release-final': { 'signed-not-released': 'final', preliminary: 'final' },
  'release-addendum': { final: 'appended', appended: 'appended', corrected: 'appended' },
  'release-correction': { final: 'corrected', appended: 'corrected', corrected: 'corrected' },
  'enter-in-error': {
    preliminary: 'entered-in-error',
    final: 'entered-in-error',
    appended: 'entered-in-error',
    corrected: 'entered-in-error',
  },
};

export function stepReport(state: ReportState, move: ReportMove): Result<ReportState, 'not-a-legal-move'> {
  const next = reportMoves[move][state];
  return next === undefined ? err('not-a-legal-move') : ok(next);
}

/** The state of a report whose latest released version is of this kind. */
export function stateAfter(kind: ReleaseKind): ReportState {
  const states: Readonly<Record<ReleaseKind, ReportState>> = {
    preliminary: 'preliminary',
    final: 'final',
    addendum: 'appended',
    correction: 'corrected',
    withdrawal: 'entered-in-error',
  };
  return states[kind];
}

export type ReleaseRefusal = {
  readonly code: 'preliminary-exists' | 'final-exists' | 'no-final-yet' | 'nothing-released' | 'entered-in-error';
  readonly words: string;
};

/**
 * Whether a version of this kind may be released beside what is released already. A report that is a draft, or signed and not
 * released, has nothing released.
 */
export function mayRelease(state: ReportState, kind: ReleaseKind): Result<void, ReleaseRefusal> {
  if (state === 'entered-in-error') {
    return err({
      code: 'entered-in-error',
      words: 'This report was withdrawn as entered in error; nothing can follow it.',
    });
  }
  if (kind === 'withdrawal') {
    if (stepReport(state, 'enter-in-error').ok) return ok(undefined);
    return err({
      code: 'nothing-released',
      words: 'Nothing of this report is released: there is nothing to withdraw.',
    });
  }
  const finalExists = state === 'final' || state === 'appended' || state === 'corrected';
  if (kind === 'addendum' || kind === 'correction') {
    if (finalExists) return ok(undefined);
    return err({
      code: 'no-final-yet',
      words: `There is no final report yet; ${kind === 'addendum' ? 'an addendum' : 'a correction'} needs one.`,
    });
  }
  if (finalExists) {
    return err({
      code: 'final-exists',
      words: 'A final report is released already; only an addendum or a correction can follow it.',
    });
  }
  if (kind === 'preliminary' && state === 'preliminary') {
    return err({
      code: 'preliminary-exists',
      words: 'A preliminary report is released already; the final one follows it.',
    });
  }
  return ok(undefined);
}
