import { type Ref, useId, useImperativeHandle, useLayoutEffect, useRef } from 'react';

export type SectionFieldHandle = {
  focus(): void;
  /** UTF-16 index of the caret as it last stood; null while nobody has been here. */
  caret(): number | null;
  /** Puts the caret there once the new text is on screen. */
  moveCaret(index: number): void;
};

export type SectionFieldProps = {
  readonly name: string;
  readonly value: string;
  /** Where the words came from, while nobody has touched them. */
  readonly source: string | null;
  readonly readOnly: boolean;
  readonly onChange: (value: string) => void;
  readonly onLeave: () => void;
  readonly placeholder?: string;
  readonly ref?: Ref<SectionFieldHandle>;
};

/** One section of the report: plain text that grows with its words. */
export function SectionField(props: SectionFieldProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  const wanted = useRef<number | null>(null);
  useImperativeHandle(props.ref, () => ({
    focus: () => area.current?.focus(),
    caret: () => caret.current,
    moveCaret: (index) => {
      wanted.current = index;
      caret.current = index;
    },
  }));
  useLayoutEffect(() => {
    const index = wanted.current;
    if (index === null || area.current === null || area.current.value !== props.value) return;
    wanted.current = null;
    area.current.setSelectionRange(index, index);
  });
  const note = (): void => {
    if (area.current !== null) caret.current = area.current.selectionEnd;
  };
  const quiet = props.source !== null;
  return (
    <div className={`report-section${quiet ? ' quiet' : ''}`}>
      <div className="report-section-head">
        <label htmlFor={id}>{props.name}</label>
        {props.source === null ? null : <span className="source">{props.source}</span>}
      </div>
      <textarea
        id={id}
        ref={area}
        rows={1}
        value={props.value}
        readOnly={props.readOnly}
        placeholder={props.placeholder ?? 'empty'}
        spellCheck={false}
        // Chromium writes what stands in a field into its session files, unless the field says no: the report never may be there.
        autoComplete="off"
        autoCapitalize="sentences"
        onChange={(event) => {
          caret.current = event.target.selectionEnd;
          props.onChange(event.target.value);
        }}
        onSelect={note}
        onBlur={() => {
          note();
          props.onLeave();
        }}
      />
    </div>
  );
}
