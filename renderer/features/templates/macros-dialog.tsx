import { useState } from 'react';
import { reportSections } from '../../../shared/domain/report/index.ts';
import { expandMacro, type ReportMacro, type TemplateFacts } from '../../../shared/domain/template/index.ts';
import { Button, Dialog, FindList, hasWords, KeyPlate, Message, twoLines, useFind } from '../../ui/index.ts';
import { FilledWords } from './template-preview.tsx';

/** "Macros": found by any of their names, seen before they are put in. */
export function MacrosDialog(props: {
  readonly macros: readonly ReportMacro[];
  /** Those that were turned off, each with the words for it in the list, and those that say why it is not put in. */
  readonly off: readonly { readonly macro: ReportMacro; readonly why: string; readonly told: string }[];
  readonly facts: TemplateFacts;
  /** What was asked for and is none; it stands in the field to be mended. */
  readonly text: string;
  readonly onInsert: (macro: ReportMacro) => void;
  /** Opens the place where macros are written. */
  readonly onWrite: () => void;
  readonly onClose: () => void;
}) {
  const all = [...props.macros.map((macro) => ({ macro, why: null, told: null })), ...props.off];
  const [refused, setRefused] = useState<string | null>(null);
  const find = useFind(
    (text) => all.filter(({ macro }) => hasWords([macro.name, ...macro.also].join(' '), text)),
    props.text,
  );
  const off = find.rows.filter(({ why }) => why !== null).length;
  const ready = find.rows.length - off;
  return (
    <Dialog title="Insert a macro" bare className="palette tpl-macros" onClose={props.onClose}>
      <FindList
        find={{
          ...find,
          onText: (text) => {
            setRefused(null);
            find.onText(text);
          },
        }}
        label="Find a macro"
        placeholder="Name of a macro"
        listName="Macros"
        id="tpl-macro"
        press="takes"
        maxLength={100}
        onTake={(row) => {
          if (row === undefined) return;
          if (row.told === null) props.onInsert(row.macro);
          else setRefused(row.told);
        }}
        line={({ macro, why }) => ({
          key: `${why === null ? '' : 'off '}${macro.id}`,
          grey: why !== null,
          disabled: why !== null,
          shown: twoLines(
            macro.name,
            why ?? <FilledWords filled={expandMacro(macro, props.facts)} />,
            why === null ? reportSections.find(({ code }) => code === (macro.section ?? '59776-5'))?.title : 'off',
          ),
        })}
        told={
          find.rows.length === 0
            ? 'No macro for this patient and exam has these words.'
            : `${ready} for this patient and exam${off === 0 ? '' : `, ${off} turned off`}`
        }
      />
      {refused === null ? null : <Message tone="ask" title={refused} />}
      <div className="palette-foot mute small">
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
