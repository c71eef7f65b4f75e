import { type CaretIn, caretIn, putCaret, wordsLength } from '../ui/index.ts';

/** Where the caret stands in the report: by the field's own name, since the field itself is made anew with the case. */
export type CaretPlace = { readonly field: string; readonly start: number; readonly end: number };

const report = '[aria-label="Report"]';

function nameOf(field: Element): string | null {
  const label = document.getElementById(field.getAttribute('aria-labelledby') ?? '');
  return label?.textContent ?? null;
}

/** Null when the caret stands in no section of the report. */
export function caretNow(): CaretPlace | null {
  const { activeElement } = document;
  if (activeElement?.getAttribute('role') !== 'textbox' || activeElement.closest(report) === null) return null;
  const field = nameOf(activeElement);
  const caret: CaretIn | null = caretIn(activeElement);
  return field === null || caret === null ? null : { field, ...caret };
}

/** Puts the caret back once the field is there with words enough; gives up after a while, and when the hand is elsewhere already. */
export function restoreCaret(place: CaretPlace): () => void {
  let tries = 0;
  const timer = setInterval(() => {
    tries += 1;
    const fields = [...document.querySelectorAll<HTMLElement>(`${report} [role="textbox"]`)];
    const field = fields.find((one) => nameOf(one) === place.field);
    const ready =
      field !== undefined && field.getAttribute('aria-readonly') !== 'true' && wordsLength(field) >= place.end;
    if (ready) {
      field.focus({ preventScroll: false });
      putCaret(field, place);
    }
    if (ready || tries >= 100) clearInterval(timer);
  }, 50);
  return () => clearInterval(timer);
}
