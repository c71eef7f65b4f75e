import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { type HangingRuleSet, readHangingFile, writeHangingFile } from '../../../../shared/api/index.ts';
import { type HangingProtocol, withRule } from '../../../../shared/domain/hanging/index.ts';
import { Button, Dialog, Message } from '../../../ui/index.ts';
import type { RuleKeeper } from './rule-keeper.ts';

/** The rules of reader, site and group: what there is, taken away, undone, in from a file and out to one. */
export function RulesDialog({ keeper, onClose }: { readonly keeper: RuleKeeper; readonly onClose: () => void }) {
  const { sets, words } = useStore(keeper.state);
  const [told, setTold] = useState<{
    readonly tone: 'tell' | 'ask';
    readonly title: string;
    readonly words: readonly string[];
  } | null>(null);

  async function change(set: HangingRuleSet, protocols: readonly HangingProtocol[], done: string): Promise<void> {
    const kept = await keeper.keep(set, protocols);
    setTold(
      kept.ok ? { tone: 'tell', title: done, words: [] } : { tone: 'ask', title: 'Not changed.', words: [kept.error] },
    );
  }

  async function takeIn(set: HangingRuleSet, file: File): Promise<void> {
    const read = readHangingFile(await file.text());
    if (!read.ok) {
      setTold({ tone: 'ask', title: `${file.name} was not taken in: nothing is changed.`, words: read.error.faults });
      return;
    }
    const next = read.value.reduce<readonly HangingProtocol[]>(withRule, set.protocols);
    await change(
      set,
      next,
      `${read.value.length} ${read.value.length === 1 ? 'rule' : 'rules'} taken in from ${file.name}.`,
    );
  }

  async function undo(set: HangingRuleSet): Promise<void> {
    const undone = await keeper.undo(set);
    setTold(
      undone.ok
        ? { tone: 'tell', title: `${set.name}: as before the last change.`, words: [] }
        : { tone: 'ask', title: 'Not undone.', words: [undone.error] },
    );
  }

  const shown = sets.filter((set) => set.mayChange || set.protocols.length > 0);
  return (
    <Dialog title="Hanging rules" onClose={onClose} className="hanging-dialog">
      <div className="dialog-body">
        <p className="dim">
          Yours go before those of the site, these before the group’s, and all before those that came with Overread.
          “Save what I see” makes one.
        </p>
        {words === null ? null : (
          <Message
            tone="ask"
            title="The rules are not here."
            action={<Button onClick={() => void keeper.load()}>Try again</Button>}
          >
            {words} Studies hang by the rules that came with Overread.
          </Message>
        )}
        {told === null ? null : (
          <Message tone={told.tone} title={told.title}>
            {told.words.length === 0 ? undefined : told.words.join(' ')}
          </Message>
        )}
        {shown.map((set) => (
          <RuleSetPart
            key={JSON.stringify(set.owner)}
            set={set}
            onChange={(protocols, done) => void change(set, protocols, done)}
            onFile={(file) => void takeIn(set, file)}
            onUndo={() => void undo(set)}
          />
        ))}
        <div className="dialog-actions">
          <Button keys="Esc" kind="quiet" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function RuleSetPart(props: {
  readonly set: HangingRuleSet;
  readonly onChange: (protocols: readonly HangingProtocol[], done: string) => void;
  readonly onFile: (file: File) => void;
  readonly onUndo: () => void;
}) {
  const { set } = props;
  const file = useRef<HTMLInputElement>(null);
  return (
    <section className="hanging-set" aria-label={`Rules: ${set.name}`}>
      <h3>{set.name}</h3>
      {set.protocols.length === 0 ? (
        <p className="dim">No rule yet.</p>
      ) : (
        <ul>
          {set.protocols.map((one) => (
            <li key={one.id}>
              <span>{one.hangingProtocolName}</span>
              {set.mayChange ? (
                <Button
                  kind="quiet"
                  label={`Take away ${one.hangingProtocolName}`}
                  onClick={() =>
                    props.onChange(
                      set.protocols.filter((other) => other.id !== one.id),
                      `“${one.hangingProtocolName}” is taken away; Undo brings it back.`,
                    )
                  }
                >
                  Take away
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <p className="row">
        {set.protocols.length === 0 ? null : (
          <Button onClick={() => saveFile(set)} label={`Export ${set.name}`}>
            Export
          </Button>
        )}
        {set.mayChange ? (
          <>
            <Button onClick={() => file.current?.click()} label={`Import into ${set.name}`}>
              Import
            </Button>
            <input
              ref={file}
              type="file"
              autoComplete="off"
              hidden
              accept="application/json,.json"
              aria-label={`File for ${set.name}`}
              onChange={(event) => {
                const [chosen] = event.target.files ?? [];
                if (chosen !== undefined) props.onFile(chosen);
                event.target.value = '';
              }}
            />
            <Button disabled={set.undo === 0} onClick={props.onUndo} label={`Undo ${set.name}`}>
              Undo
            </Button>
          </>
        ) : null}
        {set.changed === null ? null : <span className="dim small">last changed by {set.changed.by}</span>}
      </p>
    </section>
  );
}

function saveFile(set: HangingRuleSet): void {
  const url = URL.createObjectURL(new Blob([writeHangingFile(set.protocols)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `hanging-protocols-${set.owner.kind}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
