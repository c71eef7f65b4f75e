import { useMemo, useState } from 'react';
import { reportSections } from '../../../shared/domain/report/index.ts';
import { expandMacro, type ReportMacro, type TemplateFacts } from '../../../shared/domain/template/index.ts';
import { Button, ComboField, Dialog, KeyPlate } from '../../ui/index.ts';
import { FilledWords } from './template-preview.tsx';

/** "Macros": found by any of their names, seen before they are put in. */
export function MacrosDialog(props: {
  readonly macros: readonly ReportMacro[];
  readonly facts: TemplateFacts;
  /** What was asked for and is none; it stands in the field to be mended. */
  readonly text: string;
  readonly onInsert: (macro: ReportMacro) => void;
  /** Opens the place where macros are written. */
  readonly onWrite: () => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(props.text);
  const [chosen, setChosen] = useState(0);
  const found = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return props.macros.filter((one) => {
      const names = [one.name, ...one.also].join(' ').toLowerCase();
      return words.every((word) => names.includes(word));
    });
  }, [props.macros, text]);
  const at = Math.min(chosen, Math.max(0, found.length - 1));
  return (
    <Dialog title="Insert a macro" bare className="palette tpl-macros" onClose={props.onClose}>
      <ComboField
        label="Find a macro"
        placeholder="Name of a macro"
        text={text}
        onText={(next) => {
          setText(next);
          setChosen(0);
        }}
        list="tpl-macro-list"
        option="tpl-macro"
        count={found.length}
        at={at}
        onMove={setChosen}
        onTake={() => {
          const macro = found[at];
          if (macro !== undefined) props.onInsert(macro);
        }}
        maxLength={100}
      />
      <div className="commands" id="tpl-macro-list" role="listbox" aria-label="Macros">
        {found.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys (combobox pattern).
          <div
            key={one.id}
            id={`tpl-macro-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={`command tpl-option ${index === at ? 'chosen' : ''}`}
            onPointerMove={() => setChosen(index)}
            onClick={() => props.onInsert(one)}
          >
            <span className="grow">
              <b>{one.name}</b>
              <FilledWords filled={expandMacro(one, props.facts)} />
            </span>
            <span className="mute small">
              {reportSections.find(({ code }) => code === (one.section ?? '59776-5'))?.title}
            </span>
          </div>
        ))}
      </div>
      <p className="none mute small" role="status">
        {found.length === 0
          ? 'No macro for this patient and exam has these words.'
          : `${found.length} for this patient and exam`}
      </p>
      <div className="tpl-foot mute small">
        <span>
          <KeyPlate keys="Enter" /> put it in <KeyPlate keys="Esc" /> close
        </span>
        <span className="grow" />
        <Button kind="quiet" onClick={props.onWrite}>
          Write macros
        </Button>
      </div>
    </Dialog>
  );
}
