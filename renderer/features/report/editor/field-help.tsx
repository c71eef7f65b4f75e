import { useId } from 'react';
import { choiceIn, choicesOf, type DraftField, fieldHint, fieldIssue } from '../../../../shared/domain/report/index.ts';
import type { ChoiceState } from './section-keys.ts';

/** What the field at the caret is, what is wrong with its words, and the list that it offers. Never takes the focus. */
export function FieldHelp(props: {
  readonly one: DraftField;
  readonly text: string;
  /** Pixels below the top of the section. */
  readonly top: number;
  readonly note: string | null;
  /** Whether its list is shown. */
  readonly open: boolean;
  readonly choice: ChoiceState | null;
  readonly onTake: (index: number) => void;
}) {
  const { one, text, choice } = props;
  const id = useId();
  const choices = choicesOf(one.field);
  const chosen = choice?.index ?? choiceIn(one.field, text);
  const issue = props.note ?? fieldIssue(one.field, text);
  const taken = one.field.many === true ? text.split(', ') : [text];
  return (
    <div className="field-help" style={{ top: props.top }}>
      <p id={id} role="status" className={issue === null ? 'field-hint' : 'field-hint field-issue'}>
        {issue ?? (
          <>
            <b>{one.field.name}</b> {fieldHint(one.field)}
            {one.field.required ? ', required' : ''}
          </>
        )}
      </p>
      {props.open ? (
        <div role="listbox" aria-labelledby={id} className="field-choices">
          {choices.map((words, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the section's own: arrows, first letter, number, Enter.
            <div
              key={words}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className={taken.includes(words) ? 'field-taken' : undefined}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => props.onTake(index)}
            >
              <kbd>{index < 9 ? index + 1 : ''}</kbd> {words}
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}
