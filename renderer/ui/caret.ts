/** Where the caret stands in an element of words: offsets into the words, without what only stands between them. */
export type CaretIn = { readonly start: number; readonly end: number };

/** Asks an editor to put its caret at `detail`, a `CaretIn`; one that does so prevents the default. */
export const placeCaretEvent = 'place-caret';

type Field = HTMLTextAreaElement | HTMLInputElement;

const isField = (element: Element): element is Field =>
  element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement;

/** Whether it is an element of words that are written in place. */
const isWords = (element: Element): element is HTMLElement =>
  element instanceof HTMLElement && element.contentEditable !== 'inherit';

/** The texts that are words; names of empty fields between them, which nobody can write in, are none. */
function textsOf(element: HTMLElement): readonly Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
    node instanceof HTMLElement
      ? node.contentEditable === 'false'
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_SKIP
      : NodeFilter.FILTER_ACCEPT,
  );
  const texts: Text[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
    if (node instanceof Text) texts.push(node);
  return texts;
}

/** Null where it holds no caret. */
export function caretIn(element: Element): CaretIn | null {
  if (isField(element)) {
    const { selectionStart, selectionEnd } = element;
    return selectionStart === null || selectionEnd === null ? null : { start: selectionStart, end: selectionEnd };
  }
  const selection = document.getSelection();
  if (!isWords(element) || selection === null || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return null;
  const texts = textsOf(element);
  const offset = (container: Node, at: number): number => {
    let words = 0;
    for (const text of texts) {
      if (text === container) return words + at;
      const place = document.createRange();
      place.setStart(container, at);
      if (place.comparePoint(text, 0) >= 0) break;
      words += text.length;
    }
    return words;
  };
  return {
    start: offset(range.startContainer, range.startOffset),
    end: offset(range.endContainer, range.endOffset),
  };
}

/** How many UTF-16 units of words it holds. */
export function wordsLength(element: Element): number {
  if (isField(element)) return element.value.length;
  return element instanceof HTMLElement ? textsOf(element).reduce((sum, text) => sum + text.length, 0) : 0;
}

/** Puts the caret there; the element has the focus already. */
export function putCaret(element: Element, { start, end }: CaretIn): void {
  if (isField(element)) {
    element.setSelectionRange(start, end);
    return;
  }
  if (!isWords(element)) return;
  // An editor that keeps a caret of its own takes it itself.
  const asked = new CustomEvent<CaretIn>(placeCaretEvent, { detail: { start, end }, cancelable: true });
  if (!element.dispatchEvent(asked)) return;
  const texts = textsOf(element);
  const place = (at: number): readonly [Node, number] => {
    let left = at;
    for (const text of texts) {
      if (left <= text.length) return [text, left];
      left -= text.length;
    }
    return [element, element.childNodes.length];
  };
  const [anchor, anchorAt] = place(start);
  const [focus, focusAt] = place(end);
  document.getSelection()?.setBaseAndExtent(anchor, anchorAt, focus, focusAt);
}
