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

const every = 16;
const tries = 180;

/**
 * Puts the caret over words of the report, as soon as their field can be written in: a dialog over it may still be closing. Gives up after
 * three seconds, and at once where something is written first: a selection that came then would be written over.
 */
export function showWords(panel: () => HTMLElement | null, name: string, from: number, to: number): () => void {
  let tried = 0;
  const end = (): void => {
    clearInterval(timer);
    document.removeEventListener('beforeinput', end, true);
  };
  const look = (): void => {
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
    if (ready || tried >= tries) end();
  };
  const timer = setInterval(look, every);
  document.addEventListener('beforeinput', end, true);
  return end;
}
