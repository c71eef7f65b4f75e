import { type Command, Dialog, FindList, hasWords, KeyPlate, useCommandList, useFind } from '../ui/index.ts';

/** Commands whose title or group holds every word, those that begin with the text first. */
function findCommands(commands: readonly Command[], text: string): readonly Command[] {
  const found = commands.filter((command) => hasWords(`${command.group} ${command.title}`, text));
  const starts = (command: Command): number => (command.title.toLowerCase().startsWith(text.toLowerCase()) ? 0 : 1);
  return text.trim() === '' ? found : [...found].sort((left, right) => starts(left) - starts(right));
}

/** All that can be done now, with its keys: the one place where nothing has to be remembered. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const commands = useCommandList();
  const find = useFind((text) => findCommands(commands, text));

  const run = (command: Command | undefined): void => {
    if (command === undefined || command.enabled?.() === false) return;
    onClose();
    // After the dialog has given focus back, so that a command may move it again.
    setTimeout(command.run, 0);
  };
  return (
    <Dialog title="Find or do" bare className="palette" onClose={onClose}>
      <FindList
        find={find}
        label="Find or do"
        placeholder="What do you want to do?"
        listName="Commands"
        id="commands"
        press="takes"
        onTake={run}
        line={(command) => {
          const off = command.enabled?.() === false;
          const keys = command.keys ?? command.hint;
          return {
            key: command.id,
            grey: off,
            disabled: off,
            shown: (
              <>
                <span className="group">{command.group}</span>
                <span className="grow">{command.title}</span>
                {off ? <span className="mute small">not now</span> : null}
                {keys === undefined ? null : <KeyPlate keys={keys} />}
              </>
            ),
          };
        }}
        told={find.rows.length === 0 ? 'Nothing has these words.' : null}
      />
    </Dialog>
  );
}
