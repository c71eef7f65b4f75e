import { type Node, Schema } from 'prosemirror-model';
import { EditorState, Plugin, PluginKey, type Selection, TextSelection, type Transaction } from 'prosemirror-state';
import {
  type CaretField,
  cleanPasted,
  type DraftField,
  editBetween,
  noField,
  type PlaceWords,
  type SourcedWords,
  shiftFields,
  shiftSourced,
} from '../../../../shared/domain/report/index.ts';

/**
 * The document is the text and nothing else: its positions are the UTF-16 offsets of the text that is signed. What lies beside the
 * text lies beside the document too.
 */
const schema = new Schema({ nodes: { doc: { content: 'text*', whitespace: 'pre', code: true }, text: {} } });

export function documentOf(text: string): Node {
  return schema.node('doc', null, text === '' ? [] : [schema.text(text)]);
}

export function textOf(document: Node): string {
  return document.textBetween(0, document.content.size);
}

/** What lies beside the text of one section, and which field the caret is in. */
export type SectionSpans = {
  readonly fields: readonly DraftField[];
  readonly sourced: readonly SourcedWords[];
  readonly caret: CaretField;
};

type SpansMeta = {
  readonly spans?: Pick<SectionSpans, 'fields' | 'sourced'>;
  readonly caret?: CaretField;
};

const spansKey = new PluginKey<SectionSpans>('spans');

export function spansOf(state: EditorState): SectionSpans {
  return spansKey.getState(state) ?? { fields: [], sourced: [], caret: noField };
}

export function wordsOf(state: EditorState): PlaceWords {
  const { fields, sourced } = spansOf(state);
  return { text: textOf(state.doc), fields, sourced };
}

/** Which field the caret is in after a step. Typing on never enters a field that stands behind it; moving there does. */
function caretAfter(
  fields: readonly DraftField[],
  { from, to }: Pick<Selection, 'from' | 'to'>,
  before: CaretField,
  typed: boolean,
): CaretField {
  const holds = (key: string | null): boolean =>
    fields.some((one) => one.key === key && one.from <= from && to <= one.to);
  if (holds(before.inside)) return { inside: before.inside, past: null };
  if (from === to && holds(before.past)) return { inside: null, past: before.past };
  const around = fields.find((one) => one.from < one.to && one.from <= from && to <= one.to);
  const strictly = around !== undefined && (from < to || (around.from < from && to < around.to));
  if (strictly) return { inside: around.key, past: null };
  const empty = typed || from !== to ? undefined : fields.find((one) => one.from === from && one.to === from);
  return { inside: empty?.key ?? null, past: null };
}

function step(transaction: Transaction, before: SectionSpans): SectionSpans {
  const meta = transaction.getMeta(spansKey) as SpansMeta | undefined;
  let { fields, sourced } = meta?.spans ?? before;
  let { caret } = before;
  if (meta?.spans === undefined && transaction.docChanged) {
    transaction.steps.forEach((one, at) => {
      const old = textOf(transaction.docs[at] ?? transaction.before);
      const now = transaction.docs[at + 1] ?? transaction.doc;
      one.getMap().forEach((from, to, newFrom, newTo) => {
        const edit = { from, to, text: now.textBetween(newFrom, newTo) };
        fields = shiftFields(fields, edit, caret);
        sourced = shiftSourced(sourced, edit, old);
      });
    });
  }
  caret = meta?.caret ?? caretAfter(fields, transaction.selection, caret, transaction.docChanged);
  return { fields, sourced, caret };
}

function spansPlugin(words: PlaceWords): Plugin<SectionSpans> {
  return new Plugin<SectionSpans>({
    key: spansKey,
    state: {
      init: () => ({ fields: words.fields, sourced: words.sourced, caret: noField }),
      apply: step,
    },
  });
}

export function sectionState(words: PlaceWords): EditorState {
  return EditorState.create({ doc: documentOf(words.text), plugins: [spansPlugin(words)] });
}

const outside = 'outside';

/** Whether a step brought what the draft says already, so that the draft is not told of it. */
export function isFromOutside(transaction: Transaction): boolean {
  return transaction.getMeta(outside) === true;
}

/** Whether the draft has other words or spans after it. */
export function changesWords(transaction: Transaction): boolean {
  const meta = transaction.getMeta(spansKey) as SpansMeta | undefined;
  return transaction.docChanged || meta?.spans !== undefined;
}

/** Other words of the same place, with the caret where it was among them; null where they are those that stand here. */
export function takeWords(state: EditorState, words: PlaceWords): Transaction | null {
  const edit = editBetween(textOf(state.doc), words.text);
  const { fields, sourced } = spansOf(state);
  if (edit === null && sameSpans(fields, words.fields) && sameSpans(sourced, words.sourced)) return null;
  const transaction = edit === null ? state.tr : replace(state.tr, edit.from, edit.to, edit.text);
  return transaction
    .setMeta(spansKey, { spans: { fields: words.fields, sourced: words.sourced } } satisfies SpansMeta)
    .setMeta(outside, true);
}

function sameSpans(left: readonly { key: string }[], right: readonly { key: string }[]): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

function replace(transaction: Transaction, from: number, to: number, text: string): Transaction {
  return text === '' ? transaction.delete(from, to) : transaction.replaceWith(from, to, schema.text(text));
}

/** Words in the place of what is selected, or between two offsets; the caret stands behind them. */
export function putWords(
  state: EditorState,
  text: string,
  { from, to }: { readonly from: number; readonly to: number } = state.selection,
): Transaction {
  const clean = cleanPasted(text);
  const transaction = replace(state.tr, from, to, clean);
  return transaction.setSelection(TextSelection.create(transaction.doc, from + clean.length)).scrollIntoView();
}

export function selectWords(state: EditorState, from: number, to: number): Transaction {
  const { size } = state.doc.content;
  const at = (offset: number): number => Math.min(Math.max(offset, 0), size);
  return state.tr.setSelection(TextSelection.create(state.doc, at(from), at(to)));
}

/** The field that the caret is in, and its words. */
export function fieldAtCaret(state: EditorState): { readonly one: DraftField; readonly text: string } | null {
  const { fields, caret } = spansOf(state);
  const one = fields.find(({ key }) => key === caret.inside);
  return one === undefined ? null : { one, text: state.doc.textBetween(one.from, one.to) };
}

/** Selects a field with its words, so that what is typed takes their place. */
export function enterField(state: EditorState, key: string): Transaction | null {
  const one = spansOf(state).fields.find((other) => other.key === key);
  if (one === undefined) return null;
  return selectWords(state, one.from, one.to)
    .setMeta(spansKey, { caret: { inside: key, past: null } } satisfies SpansMeta)
    .scrollIntoView();
}

/** Other words in a field; the caret stands behind them, in it. */
export function fillField(state: EditorState, key: string, text: string): Transaction | null {
  const one = spansOf(state).fields.find((other) => other.key === key);
  if (one === undefined) return null;
  const transaction = replace(state.tr, one.from, one.to, text);
  const { fields, sourced } = spansOf(state);
  const edit = { from: one.from, to: one.to, text };
  const caret = { inside: key, past: null };
  return transaction.setSelection(TextSelection.create(transaction.doc, one.from + text.length)).setMeta(spansKey, {
    spans: {
      fields: shiftFields(fields, edit, caret),
      sourced: shiftSourced(sourced, edit, textOf(state.doc)),
    },
    caret,
  } satisfies SpansMeta);
}

/** Takes a field away; its words stay as words. */
export function removeField(state: EditorState, key: string): Transaction {
  const { fields, sourced } = spansOf(state);
  const spans = { fields: fields.filter((one) => one.key !== key), sourced };
  return state.tr.setMeta(spansKey, { spans, caret: noField } satisfies SpansMeta);
}

/**
 * What an arrow does at an empty field: it steps into it, or out of it, before it moves on. Null where the arrow is the browser's.
 */
export function arrowAtField(state: EditorState, by: 1 | -1): Transaction | null {
  const { selection } = state;
  if (!selection.empty) return null;
  const { fields, caret } = spansOf(state);
  const here = fields.filter((one) => one.from === selection.head && one.to === selection.head);
  if (here.length === 0) return null;
  // Places that the caret can have here, from left to right: before them all, in the first, behind the first, …
  const places: CaretField[] = [
    noField,
    ...here.flatMap(({ key }) => [
      { inside: key, past: null },
      { inside: null, past: key },
    ]),
  ];
  const now = places.findIndex((one) => one.inside === caret.inside && one.past === caret.past);
  const next = now < 0 ? undefined : places[now + by];
  return next === undefined ? null : state.tr.setMeta(spansKey, { caret: next } satisfies SpansMeta);
}
