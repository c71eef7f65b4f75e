/** Where the caret stands in the report: by the field's own name, since the field itself is made anew with the case. */
export type CaretPlace = { readonly field: string; readonly start: number; readonly end: number };

function nameOf(area: HTMLTextAreaElement): string | null {
  return area.labels[0]?.textContent ?? null;
}

/** Null when the caret stands in no field of the report. */
export function caretNow(): CaretPlace | null {
  const area = document.activeElement;
  if (!(area instanceof HTMLTextAreaElement) || area.closest('[aria-label="Report"]') === null) return null;
  const field = nameOf(area);
  return field === null ? null : { field, start: area.selectionStart, end: area.selectionEnd };
}

/** Puts the caret back once the field is there with words enough; gives up after a while, and when the hand is elsewhere already. */
export function restoreCaret(place: CaretPlace): () => void {
  let tries = 0;
  const timer = setInterval(() => {
    tries += 1;
    const areas = [...document.querySelectorAll<HTMLTextAreaElement>('[aria-label="Report"] textarea')];
    const area = areas.find((one) => nameOf(one) === place.field);
    const ready = area !== undefined && !area.readOnly && area.value.length >= place.end;
    if (ready) {
      area.focus({ preventScroll: false });
      area.setSelectionRange(place.start, place.end);
    }
    if (ready || tries >= 100) clearInterval(timer);
  }, 50);
  return () => clearInterval(timer);
}
