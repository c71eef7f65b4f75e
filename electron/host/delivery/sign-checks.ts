import {
  type CheckFacts,
  type CheckOutcome,
  checkedExams,
  checkedSections,
  checkReport,
  openFieldsOf,
  outcomeWords,
} from '../../../shared/domain/checks/index.ts';
import type { Order } from '../../../shared/domain/order/index.ts';
import type { Study } from '../../../shared/domain/study/index.ts';
import type { SigningCommand } from './signing-command.ts';

type Known = { readonly order: Order | null; readonly study: Study | null };

/** What is known here of a report that is to be signed. What only a screen knows is not known, and its rules say nothing. */
function factsOf({ kind, draft, context }: SigningCommand, known: Known): CheckFacts {
  const words = draft as Parameters<typeof checkedSections>[1];
  return {
    kind,
    sections: checkedSections(kind, words),
    exams: checkedExams(words, known),
    patient: known.order?.patient ?? known.study?.patient ?? null,
    imagesSex: known.study?.patient.sex ?? null,
    accession: context.accession,
    others: [],
    priors: null,
    measurements: draft.measurements.map(({ text }) => text),
    openFields: openFieldsOf(kind, words),
    seriesNotShown: null,
    seriesNotFull: null,
    // Both are decided by the host on their own, and earlier.
    identity: null,
    claim: null,
    criticalBegun: null,
  };
}

/** The first thing that stops this signature by the rules of its words; null where none does. What one of several exams lacks is told by its name, later. */
export function stopOfWords(command: SigningCommand, known: Known): string | null {
  const stop = checkReport(factsOf(command, known)).find(
    ({ rule, severity, at }) => severity === 'stop' && (rule === 'field-open' || at?.exam == null),
  );
  return stop?.words ?? null;
}

/**
 * What is kept of the checks of a signature, for people and to be counted; null where no rule had anything against it. What is asked by the
 * rules as they are run here, and was answered by nobody, is named too.
 */
export function checksOfSignature(command: SigningCommand, known: Known): string | null {
  if (command.kind === 'withdrawal') return null;
  const told: readonly CheckOutcome[] = command.checks ?? [];
  const asked = checkReport(factsOf(command, known)).filter(({ severity }) => severity === 'ask');
  const unanswered = [...new Set(asked.map(({ rule }) => rule))].filter(
    (rule) => !told.some((one) => one.rule === rule),
  );
  const all = [...told, ...unanswered.map((rule): CheckOutcome => ({ rule, outcome: 'unanswered', reason: null }))];
  return all.length === 0 ? null : outcomeWords(all);
}
