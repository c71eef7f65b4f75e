import { useState } from 'react';
import {
  Button,
  Dialog,
  type KeyMap,
  KeyPlate,
  keyConflicts,
  Mark,
  pressName,
  useCommandList,
} from '../../ui/index.ts';

/** The one key map of the page: press the new key beside a command. Conflicts are named, not forbidden: screens differ. */
export function KeySettings(props: {
  readonly map: KeyMap;
  readonly onChange: (map: KeyMap) => void;
  readonly onClose: () => void;
}) {
  const commands = useCommandList();
  const [asking, setAsking] = useState<string | null>(null);
  const conflicts = keyConflicts(commands, props.map);
  return (
    <Dialog title="Keys" onClose={props.onClose} className="help">
      <div className="dialog-body">
        <p className="dim">
          Commands of the screen behind this. Choose one, then press its new key; Backspace takes it away.
        </p>
        <dl className="facts keys">
          {commands.map((command) => {
            const rivals = command.keys === null ? undefined : conflicts.get(command.keys);
            return (
              <div key={command.id} className="fact">
                <dt>
                  <button
                    type="button"
                    className="chip"
                    aria-pressed={asking === command.id}
                    onClick={() => setAsking(command.id)}
                    onBlur={() => setAsking(null)}
                    onKeyDown={(event) => {
                      if (asking !== command.id || ['Control', 'Alt', 'Shift', 'Meta', 'Tab'].includes(event.key))
                        return;
                      event.preventDefault();
                      event.stopPropagation();
                      setAsking(null);
                      if (event.key === 'Escape') return;
                      const keys =
                        event.key === 'Backspace'
                          ? ''
                          : pressName({
                              key: event.key,
                              ctrl: event.ctrlKey,
                              alt: event.altKey,
                              shift: event.shiftKey,
                              meta: event.metaKey,
                              inText: false,
                            });
                      props.onChange({ ...props.map, [command.id]: keys });
                    }}
                  >
                    {asking === command.id ? (
                      'press a key'
                    ) : command.keys === null ? (
                      'none'
                    ) : (
                      <KeyPlate keys={command.keys} />
                    )}
                    <span className="visually-hidden"> is the key of {command.title}</span>
                  </button>
                </dt>
                <dd>
                  {command.group}: {command.title}
                  {rivals === undefined ? null : (
                    <span className="signal small">
                      {' '}
                      <Mark shape="diamond" /> same key as{' '}
                      {rivals.filter((title) => title !== command.title).join(', ')}
                    </span>
                  )}
                </dd>
              </div>
            );
          })}
        </dl>
        <div className="dialog-actions">
          <Button onClick={() => props.onChange({})}>All keys as delivered</Button>
          <Button keys="Esc" kind="quiet" onClick={props.onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
