import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { reportSections, type SectionCode } from '../../../../shared/domain/report/index.ts';
import {
  addLine,
  askedOf,
  changeLine,
  moveLine,
  removeLine,
  tokensIn,
  type Written,
  type WrittenLine,
} from '../../../../shared/domain/template/index.ts';
import type { Writing } from './use-writing.ts';

/** Where the caret is: a line, and how far in it. */
export type Here = { readonly code: SectionCode; readonly key: string; readonly caret: number };

/** "Liver · limited and complete · female": what is said of a line beside its words. */
function aboutLine(written: Written, line: WrittenLine): string {
  const asked = { none: '', complete: 'asked of a complete exam', both: 'asked of every exam' } as const;
  const { sex, minimumAge, maximumAge, modality } = line.when;
  const sexes = { M: 'male', F: 'female', O: 'other' } as const;
  return [
    line.element,
    line.element === '' ? '' : asked[askedOf(written, line.element)],
    sex.length === 0 ? '' : `only ${sex.map((one) => sexes[one]).join(' or ')}`,
    minimumAge === '' ? '' : `from ${minimumAge} years`,
    maximumAge === '' ? '' : `up to ${maximumAge} years`,
    modality,
    line.joined ? 'on the line before' : '',
  ]
    .filter((one) => one !== '')
    .join(' · ');
}

/** The lines of each section: Enter makes the next one, fields stand in braces, Backspace takes a field as a whole. */
export function LineList(props: {
  readonly writing: Writing;
  readonly here: Here | null;
  readonly onHere: (here: Here) => void;
  /** A caret that is to be put once its line is on screen. */
  readonly wanted: { current: Here | null };
}) {
  const { writing, here, onHere, wanted } = props;
  const { written, change } = writing;
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const to = wanted.current;
    const field = to === null ? null : root.current?.querySelector<HTMLTextAreaElement>(`[data-line="${to.key}"]`);
    if (to === null || field == null) return;
    wanted.current = null;
    field.focus();
    field.setSelectionRange(to.caret, to.caret);
    onHere(to);
  });
  const shown = written.kind === 'macro' ? reportSections.filter(({ code }) => code === '59776-5') : reportSections;

  /** A line behind another, whose words may have been cut there: one step for undo. */
  function add(code: SectionCode, after: string | null, text = '', cut?: string): void {
    let key = '';
    change((one) => {
      const added = addLine(one, code, after, text);
      key = added.key;
      return after === null || cut === undefined
        ? added.written
        : changeLine(added.written, code, after, { text: cut });
    }, 'add-line');
    wanted.current = { code, key, caret: 0 };
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>, code: SectionCode, line: WrittenLine): void {
    const { selectionStart: from, selectionEnd: to } = event.currentTarget;
    const lines = written.sections[code];
    const at = lines.indexOf(line);
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      event.stopPropagation();
      change((one) => moveLine(one, code, line.key, event.key === 'ArrowUp' ? -1 : 1), 'move');
      wanted.current = { code, key: line.key, caret: from };
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      const [head, tail] = [line.text.slice(0, from), line.text.slice(to)];
      add(code, line.key, tail.trimStart(), tail === '' ? line.text : head.trimEnd());
    } else if (event.key === 'Backspace' && from === to) {
      const token = tokensIn(line.text).find(
        (one) => one.to === from && written.fields.some(({ id }) => id === one.id),
      );
      if (token !== undefined) {
        event.preventDefault();
        const text = line.text.slice(0, token.from) + line.text.slice(token.to);
        change((one) => changeLine(one, code, line.key, { text }), 'take-field');
        wanted.current = { code, key: line.key, caret: token.from };
      } else if (line.text === '' && (at > 0 || lines.length > 1)) {
        event.preventDefault();
        const before = lines[at - 1] ?? lines[at + 1];
        change((one) => removeLine(one, code, line.key), 'remove-line');
        if (before !== undefined) wanted.current = { code, key: before.key, caret: before.text.length };
      }
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const all = shown.flatMap(({ code: each }) => written.sections[each].map((one) => ({ each, one })));
      const up = event.key === 'ArrowUp';
      const edge = up ? from === 0 : to === line.text.length;
      const next = all[all.findIndex(({ one }) => one.key === line.key) + (up ? -1 : 1)];
      if (!edge || next === undefined || from !== to || event.shiftKey || event.ctrlKey) return;
      event.preventDefault();
      wanted.current = { code: next.each, key: next.one.key, caret: up ? next.one.text.length : 0 };
      onHere(wanted.current);
    }
  }

  return (
    <div className="tpe-lines" ref={root}>
      {shown.map(({ code, title }) => (
        <section key={code} className="tpe-section" aria-label={`${title}, lines`}>
          {written.kind === 'macro' ? null : <h3>{title}</h3>}
          {written.sections[code].map((line, at) => {
            const about = aboutLine(written, line);
            return (
              <div key={line.key} className={`tpe-line ${here?.key === line.key ? 'tpe-here' : ''}`}>
                <textarea
                  data-line={line.key}
                  data-place={line.key}
                  rows={1}
                  autoComplete="off"
                  spellCheck={false}
                  maxLength={5_000}
                  aria-label={written.kind === 'macro' ? `Line ${at + 1}` : `${title}, line ${at + 1}`}
                  value={line.text}
                  onChange={(event) => {
                    const { value, selectionStart } = event.target;
                    change((one) => changeLine(one, code, line.key, { text: value }), line.key);
                    onHere({ code, key: line.key, caret: selectionStart });
                  }}
                  onFocus={(event) => onHere({ code, key: line.key, caret: event.currentTarget.selectionStart })}
                  onSelect={(event) => {
                    // Words that are put in from elsewhere move its caret too, while the hand is at the field's name.
                    if (event.currentTarget === document.activeElement)
                      onHere({ code, key: line.key, caret: event.currentTarget.selectionStart });
                  }}
                  onKeyDown={(event) => onKeyDown(event, code, line)}
                />
                {about === '' ? null : <span className="tpe-about">{about}</span>}
              </div>
            );
          })}
          <button type="button" className="tpe-add" onClick={() => add(code, null)}>
            Add a line
            {written.kind === 'macro' ? null : <span className="visually-hidden"> to {title}</span>}
          </button>
        </section>
      ))}
    </div>
  );
}
