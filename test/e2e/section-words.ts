import type { Locator } from 'playwright-core';

/** The words of a section of the report as they would be signed: names of empty fields are none of them. */
export function wordsIn(field: Pick<Locator, 'evaluate'>): Promise<string> {
  return field.evaluate((element) => {
    const words = element.cloneNode(true) as HTMLElement;
    for (const name of words.querySelectorAll('[contenteditable="false"]')) name.remove();
    return words.textContent ?? '';
  });
}

/** Where the caret stands among the words of a section, in UTF-16 units; null where it stands elsewhere. */
export function caretOf(field: Pick<Locator, 'evaluate'>): Promise<number | null> {
  return field.evaluate((element) => {
    const selection = document.getSelection();
    if (document.activeElement !== element || selection === null || selection.rangeCount === 0) return null;
    const before = document.createRange();
    before.selectNodeContents(element);
    before.setEnd(selection.getRangeAt(0).startContainer, selection.getRangeAt(0).startOffset);
    const words = before.cloneContents();
    for (const name of words.querySelectorAll('[contenteditable="false"]')) name.remove();
    return (words.textContent ?? '').length;
  });
}

/** Puts the caret among the words of a section, as the page does when it brings one back. */
export async function putCaretAt(field: Pick<Locator, 'evaluate' | 'focus'>, at: number): Promise<void> {
  await field.focus();
  await field.evaluate((element, place) => {
    const detail = { start: place, end: place };
    element.dispatchEvent(new CustomEvent('place-caret', { detail, cancelable: true }));
  }, at);
}
