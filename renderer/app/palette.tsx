import { type KeyboardEvent, useMemo, useState } from 'react';
import { type Command, Dialog, KeyPlate, useCommandList } from '../ui/index.ts';

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
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const to = (at + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % Math.max(1, found.length);
      setChosen(to);
      document.getElementById(`command-${to}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[at]);
    }
  };
  return (
    <Dialog title="Find or do" bare className="palette" onClose={onClose}>
      <input
        className="find-input"
        type="text"
        role="combobox"
        aria-label="Find or do"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={found.length === 0 ? undefined : `command-${at}`}
        placeholder="What do you want to do?"
        value={text}
        spellCheck={false}
        autoComplete="off"
        autoFocus
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
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
