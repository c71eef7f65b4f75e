import type { CheckPlace } from '../../../shared/domain/checks/index.ts';
import { type Draft, reportSections } from '../../../shared/domain/report/index.ts';
import { putCaret } from '../../ui/index.ts';

/** The name of the field in which the words at a place stand. */
export function fieldNameOf({ section, exam }: CheckPlace, draft: Pick<Draft, 'studyUid' | 'together'>): string {
  if (section === 'addendum') return 'Addendum';
  const title = reportSections.find(({ code }) => code === section)?.title ?? '';
  const other =
    exam === null || exam === draft.studyUid ? undefined : draft.together?.find((one) => one.studyUid === exam);
  return other === undefined ? title : `${title}, ${other.accession ?? other.exam}`;
}

const every = 50;
const tries = 60;

/**
 * Puts the caret over words of the report, as soon as their field can be written in: a dialog over it may still be closing. Gives up after
 * three seconds.
 */
export function showWords(panel: () => HTMLElement | null, name: string, from: number, to: number): () => void {
  let tried = 0;
  const timer = setInterval(() => {
    tried += 1;
    const fields = panel()?.querySelectorAll<HTMLElement>('[role="textbox"][aria-labelledby]') ?? [];
    const field = [...fields].find(
      (one) => document.getElementById(one.getAttribute('aria-labelledby') ?? '')?.textContent === name,
    );
    const ready =
      field !== undefined && field.getAttribute('aria-readonly') !== 'true' && field.closest('[inert]') === null;
    if (ready) {
      field.focus();
      putCaret(field, { start: from, end: Math.max(from, to) });
      field.scrollIntoView({ block: 'nearest' });
    }
    if (ready || tried >= tries) clearInterval(timer);
  }, every);
  return () => clearInterval(timer);
}
