import type { EditorState } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { type DraftField, fieldIssue, type SourcedWords } from '../../../../shared/domain/report/index.ts';
import { spansOf, textOf } from './section-state.ts';

export const fieldAttribute = 'data-field';

/** The name of an empty field where its words will stand. No part of the text: what is signed does not hold it. */
function emptyField(one: DraftField, inside: boolean, past: boolean): Decoration {
  const classes = [
    'field-empty',
    ...(inside ? ['field-inside'] : []),
    ...(one.field.required ? ['field-required'] : []),
  ];
  const draw = (): HTMLElement => {
    const chip = document.createElement('span');
    chip.className = classes.join(' ');
    chip.contentEditable = 'false';
    chip.setAttribute(fieldAttribute, one.key);
    chip.textContent = one.field.name;
    if (one.field.required) chip.title = 'Required: it is filled before the report is signed.';
    return chip;
  };
  return Decoration.widget(one.from, draw, {
    key: `${one.key} ${one.field.name} ${classes.join(' ')} ${past}`,
    // The caret stands before a field that it has not passed.
    side: past ? -1 : 1,
    ignoreSelection: true,
    stopEvent: () => false,
  });
}

function filledField(one: DraftField, text: string, inside: boolean): Decoration {
  const issue = fieldIssue(one.field, text);
  const classes = [
    one.state === 'default' ? 'field-default' : 'field-filled',
    ...(inside ? ['field-inside'] : []),
    ...(issue === null ? [] : ['field-wrong']),
  ];
  return Decoration.inline(one.from, one.to, { class: classes.join(' '), title: issue ?? one.field.name });
}

function sourcedWords(one: SourcedWords, stale: boolean): Decoration {
  return Decoration.inline(one.from, one.to, {
    class: stale ? 'words-stale' : `words-sourced from-${one.source}`,
    title: one.words,
  });
}

/** How fields and sourced words stand in the text. */
export function sectionMarks(state: EditorState, isStale: (one: SourcedWords) => boolean): DecorationSet {
  const { fields, sourced, caret } = spansOf(state);
  if (fields.length + sourced.length === 0) return DecorationSet.empty;
  const text = textOf(state.doc);
  const pastAt = fields.findIndex(({ key }) => key === caret.past);
  const insideAt = fields.findIndex(({ key }) => key === caret.inside);
  return DecorationSet.create(state.doc, [
    ...fields.map((one, at) =>
      one.from === one.to
        ? emptyField(one, at === insideAt, insideAt >= 0 ? at < insideAt : at <= pastAt)
        : filledField(one, text.slice(one.from, one.to), at === insideAt),
    ),
    ...sourced.map((one) => sourcedWords(one, isStale(one))),
  ]);
}
