import { reportSections } from '../../../shared/domain/report/index.ts';
import { expandMacro, type ReportMacro, type TemplateFacts } from '../../../shared/domain/template/index.ts';
import { Button, Dialog, FindList, hasWords, KeyPlate, twoLines, useFind } from '../../ui/index.ts';
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
  const find = useFind(
    (text) => props.macros.filter((one) => hasWords([one.name, ...one.also].join(' '), text)),
    props.text,
  );
  return (
    <Dialog title="Insert a macro" bare className="palette tpl-macros" onClose={props.onClose}>
      <FindList
        find={find}
        label="Find a macro"
        placeholder="Name of a macro"
        listName="Macros"
        id="tpl-macro"
        press="takes"
        maxLength={100}
        onTake={(macro) => {
          if (macro !== undefined) props.onInsert(macro);
        }}
        line={(one) => ({
          key: one.id,
          shown: twoLines(
            one.name,
            <FilledWords filled={expandMacro(one, props.facts)} />,
            reportSections.find(({ code }) => code === (one.section ?? '59776-5'))?.title,
          ),
        })}
        told={
          find.rows.length === 0
            ? 'No macro for this patient and exam has these words.'
            : `${find.rows.length} for this patient and exam`
        }
      />
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
