import { useMemo, useState } from 'react';
import { ComboField, type Command, Dialog, KeyPlate, useCommandList } from '../ui/index.ts';

/** Commands whose title or group holds every word, those that begin with the text first. */
export function findCommands(commands: readonly Command[], text: string): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter((command) => {
    const hay = `${command.group} ${command.title}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
  const starts = (command: Command): number => (command.title.toLowerCase().startsWith(text.toLowerCase()) ? 0 : 1);
  return words.length === 0 ? found : [...found].sort((left, right) => starts(left) - starts(right));
}

/** All that can be done now, with its keys: the one place where nothing has to be remembered. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const commands = useCommandList();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useMemo(() => findCommands(commands, text), [commands, text]);
  const at = Math.min(chosen, Math.max(0, found.length - 1));

  const run = (command: Command | undefined): void => {
    if (command === undefined || command.enabled?.() === false) return;
    onClose();
    // After the dialog has given focus back, so that a command may move it again.
    setTimeout(command.run, 0);
  };
  return (
    <Dialog title="Find or do" bare className="palette" onClose={onClose}>
      <ComboField
        label="Find or do"
        placeholder="What do you want to do?"
        text={text}
        onText={(next) => {
          setText(next);
          setChosen(0);
        }}
        list="commands"
        option="command"
        count={found.length}
        at={at}
        onMove={setChosen}
        onTake={() => run(found[at])}
      />
      <div className="commands" id="commands" role="listbox" aria-label="Commands">
        {found.map((command, index) => {
          const off = command.enabled?.() === false;
          const shown = command.keys ?? command.hint;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys (combobox pattern).
            <div
              key={command.id}
              id={`command-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              aria-disabled={off}
              className={`command ${index === at ? 'chosen' : ''} ${off ? 'off' : ''}`}
              onPointerMove={() => setChosen(index)}
              onClick={() => run(command)}
            >
              <span className="group">{command.group}</span>
              <span className="grow">{command.title}</span>
              {off ? <span className="mute small">not now</span> : null}
              {shown === undefined ? null : <KeyPlate keys={shown} />}
            </div>
          );
        })}
        {found.length === 0 ? <p className="none mute">Nothing has these words.</p> : null}
      </div>
    </Dialog>
  );
}
